"""Authorities: how a node begins, who takes part, and what an authority or agreement must say. Shows no content.

What widens who may read once a node has begun is proposed and consented to: see alidade.services.consent.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from alidade.ledger.entry import Entry
from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, Invalid
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Party
from alidade.services.node import Node
from alidade.services.officers import enter_officer
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.rights import epoch
from alidade.store.trail import LEDGER
from alidade.vocabulary import Agreement

_CODE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_NAME = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The authorities with their officers."""

    authorities: tuple[Authority, ...]
    officers: tuple[Officer, ...]


def found_node(
    node: Node,
    authority: Authority,
    administrator: Officer,
    officers: Sequence[Officer] = (),
    *,
    others: Sequence[Authority] = (),
) -> None:
    """Begin: the first authority, its administrator and officers, or nothing. Raises Conflict where it has begun.

    `others` begin together with it, each with an administrator CODE/admin: before anybody has given anything there
    is nothing to which their consent would be needed.
    """
    with node.store.transaction() as tx:
        if directory.authorities(tx):
            raise Conflict(
                "This node has begun already.",
                remedy="Propose authorities with: alidade authority add.",
                code="begun",
            )
        for each in (authority, *others):
            check_authority(each)
            directory.add_authority(tx, each)
        people = (administrator, *(first_administrator(other) for other in others), *officers)
        for officer in people:
            enter_officer(node, tx, officer)
        objects = (authority.id, *(other.id for other in others), *(officer.id for officer in people))
        tx.log(_founding(tx, authority, administrator, objects))


def first_administrator(authority: Authority) -> Officer:
    """The administrator with whom an authority begins: CODE/admin."""
    return Officer(id=OfficerId(f"{authority.id}/admin"), authority=authority.id, role="administrator")


def enter_authority(node: Node, tx: Transaction, authority: Authority) -> None:
    """Enter an authority with a signing key and CODE/admin, as a step of a use case; of no community but "all"."""
    check_authority(authority)
    newcomer = dataclasses.replace(authority, communities=("all",), last_confirmed="", confirmed_by="")
    directory.add_authority(tx, newcomer)
    enter_officer(node, tx, first_administrator(newcomer))


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


def check_authority(authority: Authority) -> None:
    """Raise Invalid for an authority that cannot be addressed."""
    if not authority.id or set(authority.id) - _CODE_LETTERS or len(authority.id) > 64 or authority.id == LEDGER:
        raise Invalid(
            "The code of an authority has small letters, digits and hyphens.",
            remedy="For example: nl-politie.",
        )
    if not authority.name.strip() or not authority.contact.strip():
        raise Invalid("An authority needs a name and a contact.", remedy="A hit tells others whom to ask.")
    if max(len(authority.name), len(authority.contact)) > _NAME:
        raise Invalid("The name or the contact is too long.", remedy=f"At most {_NAME} characters each.")


def check_agreement(node: Node, agreement: Agreement) -> None:
    """Raise Invalid where a word is empty or a party or crime area is not in the vocabulary."""
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
    if len(agreement.code) > 80:
        raise Invalid("The code of the agreement is too long.", remedy="At most 80 characters.")


def _founding(tx: Transaction, authority: Authority, administrator: Officer, objects: tuple[str, ...]) -> Entry:
    return Entry(
        act="authority_manage",
        at=tx.now,
        authority=authority.id,
        officer=administrator.id,
        objects=objects,
        details=(("change", "node begun"),),
        epoch=epoch(tx),
        decision="allowed",
    )
