"""Disclosures: what of ours went to which peer (LED Art. 24, 25), and what came from them with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from django.db import connections

from alidade.model.contribution import Contribution
from alidade.model.ids import AuthorityId, ContributionId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.exchange.base import portions
from alidade.store.writing import record_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A contribution of which we hold statements: its number here, and its head as its owner signed it."""

    number: int
    head: Contribution


def note_disclosed(
    tx: Transaction, own: AuthorityId, peer: AuthorityId, record: str, statements: Iterable[str]
) -> None:
    """Note what is given to a peer; once for each statement."""
    models.Disclosed.objects.using(tx.alias).bulk_create(
        (
            models.Disclosed(own=own, peer=peer, record=record, statement=statement, at=tx.now)
            for statement in statements
        ),
        ignore_conflicts=True,
    )


def disclosed_to(tx: Transaction, own: AuthorityId, record: str) -> list[AuthorityId]:
    """The peers that were given anything of a record."""
    rows = models.Disclosed.objects.using(tx.alias).filter(own=own, record=record).order_by("peer")
    return [AuthorityId(peer) for peer in rows.values_list("peer", flat=True).distinct()]


def disclosed_among(tx: Transaction, own: AuthorityId, records: Sequence[str]) -> list[str]:
    """Those of these records of which anything was given to any peer."""
    if not models.Disclosed.objects.using(tx.alias).filter(own=own).exists():
        return []
    found: set[str] = set()
    for part in portions(list(records)):
        rows = models.Disclosed.objects.using(tx.alias).filter(own=own, record__in=part)
        found.update(rows.values_list("record", flat=True))
    return sorted(found)


def statements_given(tx: Transaction, own: AuthorityId, peer: AuthorityId, record: str) -> set[str]:
    """The statements of a record that a peer was given."""
    rows = models.Disclosed.objects.using(tx.alias).filter(own=own, peer=peer, record=record)
    return set(rows.values_list("statement", flat=True))


def forget_disclosed(tx: Transaction, own: AuthorityId, peer: AuthorityId, record: str, but: Sequence[str]) -> None:
    """Forget what was on its way of a record, so that it is given again; but for statements that were erased."""
    rows = models.Disclosed.objects.using(tx.alias).filter(own=own, peer=peer, record=record)
    rows.exclude(statement__in=list(but)).delete()


def head_of(tx: Transaction, number: int) -> Contribution:
    """The head of a contribution as its owner signed it."""
    return _head(models.Contribution.objects.using(tx.alias).get(id=number))


def _head(row: models.Contribution) -> Contribution:
    return Contribution(
        id=ContributionId(row.public_id),
        owner=AuthorityId(row.owner),
        given_at=row.given_at,
        title=row.title,
        size=row.size,
        root=row.root,
        key_id=row.key_id,
        signature=bytes(row.signature),
    )


def held_contribution(tx: Transaction, public_id: str) -> Held | None:
    """A contribution that is here already, of whomever."""
    key = "held contribution", public_id
    found: Held | None = tx.memo.get(key)
    if found is None:
        row = models.Contribution.objects.using(tx.alias).filter(public_id=public_id).first()
        if row is not None:
            found = tx.memo[key] = Held(number=row.id, head=_head(row))
    return found


def position_of(tx: Transaction, statement: int) -> int:
    """The place of a statement in its contribution."""
    return models.Statement.objects.using(tx.alias).get(id=statement).position


def owner_of_record(tx: Transaction, record: str) -> str | None:
    """Whose a record is, or whose a record is that would have the same number; None where there is none."""
    found = tx.rows("select owner, public_id from record where id = %s", [record_number(record)])
    if not found:
        return None
    owner, public = found[0]
    return str(owner) if public == record else ""


def held_statements(tx: Transaction, record: str) -> dict[str, tuple[int, bool]]:
    """The statements of a record that are here: number and whether in force, by public id."""
    rows = models.Statement.objects.using(tx.alias).filter(record_id=record_number(record))
    return {public: (number, current) for public, number, current in rows.values_list("public_id", "id", "current")}


def erased_here(tx: Transaction, record: str) -> set[str]:
    """Those of a record's statements whose value was erased."""
    rows = models.Statement.objects.using(tx.alias).filter(record_id=record_number(record), value__isnull=True)
    return set(rows.values_list("public_id", flat=True))


def keep_paths(tx: Transaction, paths: Sequence[tuple[int, Sequence[bytes]]]) -> None:
    """Keep by which path each statement is proven to be its owner's."""
    rows = [(number, msgspec.msgpack.encode(list(path))) for number, path in paths]
    waiting: list[tuple[int, bytes]] | None = tx.memo.get("paths to be kept")
    if waiting is None:
        waiting = tx.memo["paths to be kept"] = []
        tx.before_commit.append(lambda: _keep_waiting_paths(tx))
    waiting.extend(rows)


def _keep_waiting_paths(tx: Transaction) -> None:
    """Write what is to be kept of a transaction at once: every statement of every message has a path."""
    waiting: list[tuple[int, bytes]] = tx.memo.get("paths to be kept", [])
    if waiting:
        with connections[tx.alias].cursor() as cursor:
            cursor.executemany("insert into statement_proof (statement_id, path) values (%s, %s)", waiting)
        waiting.clear()


def path_of(tx: Transaction, statement: int) -> tuple[bytes, ...] | None:
    """The path that came with a statement; None where it is our own."""
    _keep_waiting_paths(tx)
    row = models.StatementProof.objects.using(tx.alias).filter(statement_id=statement).first()
    return None if row is None else tuple(msgspec.msgpack.decode(bytes(row.path), type=list[bytes]))
