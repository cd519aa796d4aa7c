"""A person in what one authority gave: where a value leads to, what links to it, and who was shown it.

Everything is of one owner and everything he has, whatever its state: what waits, was superseded, delisted or withdrawn
is processed too, and whoever asks about himself is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alidade.ledger.entry import Entry, decode
from alidade.store import models
from alidade.store.database import Transaction

_BATCH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A check of any authority that met a record of this owner; `officer` and `check` only of his own checks."""

    record: str
    asker: str
    officer: str
    check: str
    purpose: str
    legal_ground: str
    asked_at: datetime
    content: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HitElsewhere:
    """A hit that a check of one's own authority had on what another authority gave."""

    hit: str
    check: str
    owner: str
    content: bool
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """From where the values of a record came: an imported list, or what an officer gave."""

    source_list: str
    given: dict[int, tuple[str, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A release by which this owner let somebody do something with a handling."""

    grantee: str
    action: str
    purposes: tuple[str, ...]
    given_at: datetime


def records_under(tx: Transaction, owner: str, kind: str, keys: Sequence[str]) -> set[str]:
    """The owner's records in force that stand under one of these keys."""
    rows = models.Lookup.objects.using(tx.alias).filter(kind=kind, handling__owner=owner, record__owner=owner)
    found: set[str] = set()
    for start in range(0, len(keys), _BATCH):
        part = rows.filter(key__in=keys[start : start + _BATCH])
        found.update(part.values_list("record__public_id", flat=True).distinct())
    return found


def records_named(tx: Transaction, owner: str, names: Sequence[str], most: int) -> set[str]:
    """The owner's records in force whose names are nearest to one of these, so many for each."""
    tx.store.names.bring_up_to_date(tx)
    allowed = frozenset(models.Handling.objects.using(tx.alias).filter(owner=owner).values_list("id", flat=True))
    numbers = sorted({each.record for name in names for each in tx.store.names.search(name, most, allowed)})
    found: set[str] = set()
    for start in range(0, len(numbers), _BATCH):
        rows = models.Record.objects.using(tx.alias).filter(owner=owner, id__in=numbers[start : start + _BATCH])
        found.update(rows.values_list("public_id", flat=True))
    return found


def values_out_of_force(tx: Transaction, owner: str, properties: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    """(record, thing, property, value) of everything that no key leads to: it waits, or is no longer in force."""
    rows = models.Statement.objects.using(tx.alias).filter(
        contribution__owner=owner, current=False, value__isnull=False, property__in=properties
    )
    names = ("record__public_id", "record__thing", "property", "value")
    for record, thing, name, value in rows.values_list(*names).iterator(chunk_size=2_000):
        yield record, thing, name, value or ""


def linking(tx: Transaction, owner: str, records: Sequence[str]) -> set[str]:
    """The owner's records that refer to one of these records."""
    found: set[str] = set()
    for start in range(0, len(records), _BATCH):
        part = records[start : start + _BATCH]
        rows = models.Statement.objects.using(tx.alias).filter(contribution__owner=owner, value__in=part)
        found.update(rows.values_list("record__public_id", flat=True).distinct())
    return found - set(records)


def source_of(tx: Transaction, record: int) -> Source:
    """The list of a record; and for each of its contributions, the day it was given and whether a file brought it."""
    row = models.Record.objects.using(tx.alias).get(id=record)
    rows = models.Contribution.objects.using(tx.alias).filter(statement__record_id=record).distinct()
    return Source(source_list=row.source_list, given={one.id: (one.given_at, one.run_id is not None) for one in rows})


def checks_that_met(tx: Transaction, owner: str, records: Sequence[str]) -> list[Met]:
    """Every check, of whomever, that was told of one of the owner's records, oldest first."""
    found: list[Met] = []
    for start in range(0, len(records), _BATCH):
        rows = models.CheckHit.objects.using(tx.alias).filter(
            record__owner=owner, record__public_id__in=records[start : start + _BATCH]
        )
        for row in rows.select_related("made", "record"):
            own = row.made.authority == owner
            found.append(
                Met(
                    record=row.record.public_id,
                    asker=row.made.authority,
                    officer=row.made.officer if own else "",
                    check=row.made.reference if own else "",
                    purpose=row.made.purpose,
                    legal_ground=row.made.legal_ground if own else "",
                    asked_at=row.made.asked_at,
                    content=row.content,
                )
            )
    return sorted(found, key=lambda one: (one.asked_at, one.record))


def hits_elsewhere(tx: Transaction, authority: str, checks: Sequence[str]) -> list[HitElsewhere]:
    """What these checks of the authority met in what others gave, oldest first: whom to ask, and nothing of theirs."""
    found: list[HitElsewhere] = []
    for start in range(0, len(checks), _BATCH):
        rows = models.CheckHit.objects.using(tx.alias).filter(
            made__authority=authority, made__reference__in=checks[start : start + _BATCH]
        )
        found.extend(
            HitElsewhere(
                hit=row.reference,
                check=row.made.reference,
                owner=row.record.owner,
                content=row.content,
                asked_at=row.made.asked_at,
            )
            for row in rows.exclude(record__owner=authority).select_related("made", "record")
        )
    return sorted(found, key=lambda one: (one.owner, one.asked_at, one.hit))


def releases_of(tx: Transaction, owner: str, handlings: Sequence[str]) -> list[Released]:
    """The releases that the owner gave on these handlings, withdrawn ones too, oldest first."""
    rows = models.Release.objects.using(tx.alias).filter(owner=owner, handling__digest__in=sorted(set(handlings)))
    return [
        Released(grantee=row.grantee, action=row.action, purposes=tuple(row.purposes), given_at=row.given_at)
        for row in rows.order_by("given_at", "id")
    ]


def shown_to(tx: Transaction, acts: Sequence[str], records: Sequence[str]) -> Iterator[tuple[Entry, frozenset[str]]]:
    """The ledger entries, of whomever, by which some of these records were shown or taken out, and which ones."""
    wanted = {record: record.encode() for record in records}
    rows = models.LedgerEntry.objects.using(tx.alias).filter(act__in=acts, body__isnull=False).order_by("sequence")
    for row in rows.iterator(chunk_size=1_000):
        body = tx.store.keys.unseal(bytes(row.body or b""), row.field_key, f"ledger/{row.sequence}")
        if body is None:
            continue
        # Looked for in the bytes first: hardly any line of the ledger speaks of these records.
        named = {record for record, text in wanted.items() if text in body}
        if not named:
            continue
        entry = decode(body)
        met = frozenset(named & set(entry.objects))
        if met and entry.decision == "allowed" and entry.results:
            yield entry, met
