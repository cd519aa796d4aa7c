"""The directory in the store, and the world that decisions are taken in. Nothing here is personal content."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from alidade.model.directory import Authority, Officer
from alidade.model.errors import Conflict, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Party
from alidade.policy.world import World
from alidade.store import models
from alidade.store.database import Store, Transaction
from alidade.store.rights import epoch, raise_epoch
from alidade.vocabulary import Agreement

_OFFICER: Final = "select id, authority_id, role, clearance, cases, active, unit, left_on from officer where id = %s"


def add_authority(tx: Transaction, authority: Authority) -> None:
    """Enter an authority, with a signing key of its own. Raises Conflict where the code is taken."""
    row = _enter(tx, authority)
    key = tx.store.keys.make_signing_key(str(authority.id))
    models.AuthorityKey.objects.using(tx.alias).create(
        id=key.key_id, authority=row, public_key=key.public, created_at=tx.now
    )
    raise_epoch(tx)


def add_remote_authority(tx: Transaction, authority: Authority) -> None:
    """Enter an authority of another node: without a key of ours. Raises Conflict where the code is taken."""
    _enter(tx, authority)
    raise_epoch(tx)


def add_public_key(tx: Transaction, authority: AuthorityId, key_id: str, public_key: bytes) -> None:
    """Keep a public signing key of an authority, for ever. Raises Conflict where the name stands for another key."""
    row, made = models.AuthorityKey.objects.using(tx.alias).get_or_create(
        id=key_id, defaults={"authority_id": authority, "public_key": public_key, "created_at": tx.now}
    )
    if not made and (row.authority_id != authority or bytes(row.public_key) != public_key):
        raise Conflict("The name of a signing key stands for another key already.", code="key_taken")


def hosted(tx: Transaction) -> frozenset[AuthorityId]:
    """The authorities in whose name this node can act: those whose signing keys it holds."""
    found: frozenset[AuthorityId] | None = tx.memo.get("hosted")
    if found is None or tx.rights_changed:
        found = frozenset(code for code in authorities(tx) if tx.store.keys.public_keys(str(code)))
        tx.memo["hosted"] = found
    return found


def _enter(tx: Transaction, authority: Authority) -> models.Authority:
    rows = models.Authority.objects.using(tx.alias)
    if rows.filter(id=authority.id).exists():
        raise Conflict(f"The authority {authority.id} is in the directory already.", code="authority_exists")
    party = authority.party
    return rows.create(
        id=authority.id,
        name=authority.name,
        function=party.function,
        state=party.state,
        areas=list(party.areas),
        communities=list(authority.communities),
        languages=list(authority.languages),
        contact=authority.contact,
        duty_line=authority.duty_line,
        last_confirmed=authority.last_confirmed,
        confirmed_by=authority.confirmed_by,
        articles=list(authority.articles),
        channel=authority.channel,
        hours=authority.hours,
        invented=authority.invented,
    )


def set_communities(tx: Transaction, authority: AuthorityId, communities: tuple[str, ...]) -> None:
    """Change the communities of an authority; every compiled set built before is void from here on."""
    changed = models.Authority.objects.using(tx.alias).filter(id=authority).update(communities=sorted(communities))
    if not changed:
        raise NotFound(f"There is no authority {authority} in the directory.")
    raise_epoch(tx)


def add_officer(tx: Transaction, officer: Officer) -> None:
    """Enter an officer. Raises Conflict where the name is taken, NotFound for an unknown authority."""
    if not models.Authority.objects.using(tx.alias).filter(id=officer.authority).exists():
        raise NotFound(f"There is no authority {officer.authority} in the directory.")
    rows = models.Officer.objects.using(tx.alias)
    if rows.filter(id=officer.id).exists():
        raise Conflict(f"The officer {officer.id} exists already.", code="officer_exists")
    rows.create(
        id=officer.id,
        authority_id=officer.authority,
        role=officer.role,
        clearance=officer.clearance,
        cases=list(officer.cases),
        active=officer.active,
        unit=officer.unit,
        left_on=officer.left_on,
    )


def set_officer(tx: Transaction, officer: Officer) -> None:
    """Put what is given in place of what the directory has of an officer; in force with the next request."""
    changed = (
        models.Officer.objects.using(tx.alias)
        .filter(id=officer.id)
        .update(
            role=officer.role,
            clearance=officer.clearance,
            cases=sorted(officer.cases),
            active=officer.active,
            unit=officer.unit,
            left_on=officer.left_on,
        )
    )
    if not changed:
        raise NotFound(f"There is no officer {officer.id}.")
    raise_epoch(tx)


def set_entry(tx: Transaction, authority: Authority) -> None:
    """Put how an authority is reached, and when that was confirmed, in place of what the directory has.

    What decides over rights stays: function, State, areas and communities. The epoch is raised because what is kept
    of the directory from one request to the next is told by it.
    """
    changed = (
        models.Authority.objects.using(tx.alias)
        .filter(id=authority.id)
        .update(
            contact=authority.contact,
            languages=list(authority.languages),
            duty_line=authority.duty_line,
            articles=list(authority.articles),
            channel=authority.channel,
            hours=authority.hours,
            last_confirmed=authority.last_confirmed,
            confirmed_by=authority.confirmed_by,
        )
    )
    if not changed:
        raise NotFound(f"There is no authority {authority.id} in the directory.")
    raise_epoch(tx)


def add_agreement(tx: Transaction, agreement: Agreement) -> None:
    """Enter an agreement that the vocabulary does not have, or its end; it counts with the next request."""
    models.Agreement.objects.using(tx.alias).update_or_create(
        code=agreement.code, defaults={"content": msgspec.to_builtins(agreement)}
    )
    raise_epoch(tx)


def agreements(tx: Transaction) -> Mapping[str, Agreement]:
    """The agreements that were entered here, by code; those of the vocabulary are not among them."""
    rows = models.Agreement.objects.using(tx.alias).order_by("code")
    return MappingProxyType({row.code: msgspec.convert(row.content, Agreement, strict=False) for row in rows})


def authorities(tx: Transaction) -> Mapping[AuthorityId, Authority]:
    """Every authority of the directory; kept like the world, since whatever changes one raises the epoch."""
    store, now = tx.store, epoch(tx)
    if not tx.rights_changed and store.known_authorities is not None and store.known_authorities[0] == now:
        return store.known_authorities[1]
    rows = models.Authority.objects.using(tx.alias).order_by("id")
    found = MappingProxyType({AuthorityId(row.id): _authority(row) for row in rows})
    if not tx.rights_changed:
        store.known_authorities = (now, found)
    return found


def officers(tx: Transaction, authority: AuthorityId | None = None) -> tuple[Officer, ...]:
    """The officers, of one authority or of all."""
    rows = models.Officer.objects.using(tx.alias).order_by("id")
    if authority is not None:
        rows = rows.filter(authority_id=authority)
    return tuple(_officer(row) for row in rows)


def officer(tx: Transaction, officer_id: OfficerId) -> Officer:
    """One officer. Raises NotFound."""
    # Asked for every act, so without the ORM.
    rows = tx.rows(_OFFICER, [officer_id])
    if not rows:
        raise NotFound(f"There is no officer {officer_id}.", remedy="See: alidade authority list.")
    name, authority_id, role, clearance, cases, active, unit, left_on = rows[0]
    return Officer(
        id=OfficerId(name),
        authority=AuthorityId(authority_id),
        role=role,
        clearance=clearance,
        cases=tuple(msgspec.json.decode(cases, type=list[str])),
        active=bool(active),
        unit=unit,
        left_on=left_on,
    )


def authority(tx: Transaction, authority_id: AuthorityId) -> Authority:
    """One authority. Raises NotFound."""
    found = authorities(tx).get(authority_id)
    if found is None:
        raise NotFound(f"There is no authority {authority_id} in the directory.")
    return found


def public_keys(tx: Transaction, authority: AuthorityId) -> dict[str, bytes]:
    """Every public signing key that the authority has had."""
    rows = models.AuthorityKey.objects.using(tx.alias).filter(authority_id=authority)
    return {row.id: bytes(row.public_key) for row in rows}


def world(tx: Transaction) -> World:
    """Authorities and agreements as they are at this moment.

    Kept from one request to the next while no right has changed; never from a transaction that changes one, which
    may yet be undone.
    """
    store, now = tx.store, epoch(tx)
    if not tx.rights_changed and store.known_world is not None and store.known_world[0] == now:
        return store.known_world[1]
    parties = {key: authority.party for key, authority in authorities(tx).items()}
    built = World.build(parties, store.vocabulary, agreements(tx).values())
    if not tx.rights_changed:
        store.known_world = (now, built)
    return built


def store_is_empty(store: Store) -> bool:
    """Whether nobody has been entered yet."""
    with store.transaction() as tx:
        return not models.Authority.objects.using(tx.alias).exists()


def _authority(row: models.Authority) -> Authority:
    return Authority(
        party=Party(id=AuthorityId(row.id), function=row.function, state=row.state, areas=tuple(row.areas)),
        name=row.name,
        contact=row.contact,
        communities=tuple(row.communities),
        languages=tuple(row.languages),
        duty_line=row.duty_line,
        last_confirmed=row.last_confirmed,
        confirmed_by=row.confirmed_by,
        articles=tuple(row.articles),
        channel=row.channel,
        hours=row.hours,
        invented=row.invented,
    )


def _officer(row: models.Officer) -> Officer:
    return Officer(
        id=OfficerId(row.id),
        authority=AuthorityId(row.authority_id),
        role=row.role,
        clearance=row.clearance,
        cases=tuple(row.cases),
        active=row.active,
        unit=row.unit,
        left_on=row.left_on,
    )
