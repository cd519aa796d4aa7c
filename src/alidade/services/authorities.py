"""Authorities, officers and agreements: who takes part, and on what terms. Administration shows no content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from alidade.ledger.entry import Entry
from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, Invalid, NotAllowed
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor, Party
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.rights import epoch
from alidade.store.trail import LEDGER
from alidade.vocabulary import Agreement

_CODE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The authorities with their officers."""

    authorities: tuple[Authority, ...]
    officers: tuple[Officer, ...]


def found_node(node: Node, authority: Authority, administrator: Officer, officers: Sequence[Officer] = ()) -> None:
    """Begin: the first authority, its administrator and officers, or nothing. Raises Conflict where it has begun."""
    with node.store.transaction() as tx:
        if directory.authorities(tx):
            raise Conflict(
                "This node has begun already.",
                remedy="Add authorities with: alidade authority add.",
                code="begun",
            )
        _enter(node, tx, authority)
        for officer in (administrator, *officers):
            _enter_officer(node, tx, officer)
        tx.log(_founding(tx, authority, administrator, officers))


def add_authority(node: Node, actor: Actor, authority: Authority) -> None:
    """Enter an authority that this node hosts, with a signing key and an administrator (CODE/admin) of its own."""
    administrator = Officer(id=OfficerId(f"{authority.id}/admin"), authority=authority.id, role="administrator")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        _enter(node, tx, authority)
        _enter_officer(node, tx, administrator)
        log(tx, actor, "authority_manage", objects=[authority.id, administrator.id], details={"change": "added"})


def add_officer(node: Node, actor: Actor, officer: Officer) -> None:
    """Enter an officer of one's own authority. Raises NotAllowed for another authority's."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "officer_manage")
        _own(actor, officer.authority)
        _enter_officer(node, tx, officer)
        log(
            tx,
            actor,
            "officer_manage",
            objects=[officer.id],
            details={"change": "added", "role": officer.role},
        )


def change_officer(
    node: Node,
    actor: Actor,
    officer: OfficerId,
    *,
    cases: tuple[str, ...] | None = None,
    active: bool | None = None,
) -> None:
    """Open or close cases to an officer of one's own authority, or end the access; in force with the next request."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "officer_manage")
        _own(actor, directory.officer(tx, officer).authority)
        directory.set_officer(tx, officer, cases=cases, active=active)
        log(tx, actor, "officer_manage", objects=[officer], details={"change": "rights"})


def change_communities(node: Node, actor: Actor, authority: AuthorityId, communities: tuple[str, ...]) -> None:
    """Change the communities of an authority; in force with the next request."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "authority_manage")
        directory.set_communities(tx, authority, tuple(sorted({*communities, "all"})))
        log(tx, actor, "authority_manage", objects=[authority], details={"change": "communities"})


def add_agreement(node: Node, actor: Actor, agreement: Agreement) -> None:
    """Enter an agreement between States that the vocabulary does not have, with its source and date.

    Raises Invalid where a word is empty or a party or crime area is not in the vocabulary.
    """
    _check_agreement(node, agreement)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "agreement_manage")
        directory.add_agreement(tx, agreement)
        log(tx, actor, "agreement_manage", objects=[agreement.code])


def list_directory(node: Node) -> Directory:
    """Every authority and officer of this node."""
    with node.store.transaction() as tx:
        return Directory(authorities=tuple(directory.authorities(tx).values()), officers=directory.officers(tx))


def party(node: Node, code: str, function: str, state: str) -> Party:
    """An authority as the rules see it, its areas taken from the vocabulary. Raises Invalid for unknown codes."""
    if function not in node.vocabulary.codes("authority_functions"):
        raise Invalid("The function is not in the list.", remedy="See: alidade words authority_functions.")
    country = node.vocabulary.countries.get(state)
    if country is None and state not in node.vocabulary.codes("bodies") and state not in node.vocabulary.codes("areas"):
        raise Invalid(
            "The State is neither a country (ISO 3166 alpha-2) nor a body of the vocabulary.",
            remedy="See: alidade words countries, alidade words bodies.",
        )
    return Party(id=AuthorityId(code), function=function, state=state, areas=country.areas if country else (state,))


def _enter(node: Node, tx: Transaction, authority: Authority) -> None:
    if not authority.id or set(authority.id) - _CODE_LETTERS or len(authority.id) > 64 or authority.id == LEDGER:
        raise Invalid(
            "The code of an authority has small letters, digits and hyphens.",
            remedy="For example: nl-politie.",
        )
    if not authority.name.strip() or not authority.contact.strip():
        raise Invalid("An authority needs a name and a contact.", remedy="A hit tells others whom to ask.")
    directory.add_authority(tx, authority)


def _enter_officer(node: Node, tx: Transaction, officer: Officer) -> None:
    if officer.role not in node.vocabulary.roles:
        raise Invalid("There is no such role.", remedy="See: alidade words roles.")
    if officer.clearance not in node.vocabulary.classifications:
        raise Invalid("There is no such classification.", remedy="See: alidade words classifications.")
    if not officer.id.startswith(officer.authority + "/") or len(officer.id) > 128:
        raise Invalid("An officer is named authority/name.", remedy="For example: nl-politie/j.devries.")
    directory.add_officer(tx, officer)


def _check_agreement(node: Node, agreement: Agreement) -> None:
    try:
        msgspec.convert(msgspec.to_builtins(agreement), type=Agreement)  # as it will be read again
    except msgspec.ValidationError as error:
        raise Invalid("An agreement has a code, parties, an instrument and a source; none may be empty.") from error
    words = node.vocabulary
    parties = {*words.countries, *words.codes("bodies"), *words.codes("areas")}
    if not {agreement.party_a, agreement.party_b} <= parties:
        raise Invalid(
            "A party of the agreement is no country, area or body of the vocabulary.",
            remedy="See: alidade words countries, alidade words areas, alidade words bodies.",
        )
    if set(agreement.crime_areas) - set(words.codes("crime_areas")):
        raise Invalid("There is no such crime area.", remedy="See: alidade words crime_areas.")


def _own(actor: Actor, authority: AuthorityId) -> None:
    if actor.viewer.authority != authority:
        raise NotAllowed("Officers are entered by their own authority.", code="not_own_authority")


def _founding(tx: Transaction, authority: Authority, administrator: Officer, officers: Sequence[Officer]) -> Entry:
    return Entry(
        act="authority_manage",
        at=tx.now,
        authority=authority.id,
        officer=administrator.id,
        objects=(authority.id, administrator.id, *(officer.id for officer in officers)),
        details=(("change", "node begun"),),
        epoch=epoch(tx),
        decision="allowed",
    )
