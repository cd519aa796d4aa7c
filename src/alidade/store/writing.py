"""Writing contributions: the ORM for what is few, hand-written inserts for statements and keys, which are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connections

from alidade.model.contribution import Contribution
from alidade.model.evaluation import Evaluation
from alidade.model.ids import HandlingId, OfficerId, RecordId, StatementId
from alidade.model.statement import Statement
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.seen_rulings import note_records, note_statements

_Row = tuple[str | int | bool | bytes | None, ...]
_BATCH = 400  # SQLite of Python 3.11 on older systems takes 999 parameters in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """A record as its owner's earlier contributions left it."""

    number: int
    id: RecordId
    thing: str
    key: str
    state: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A record to be made. `state` is "active" or "quarantined"."""

    id: RecordId
    owner: str
    thing: str
    source_list: str
    source_key: str
    state: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatement:
    """A statement to be kept: its leaf, the number of its handling, and the keys (kind, key) by which it is found."""

    statement: Statement
    leaf: bytes
    handling: int
    current: bool
    lookups: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStatement:
    """A statement of a record as it stands in the store, for its owner's next version."""

    number: int
    contribution: int
    statement: Statement
    current: bool


def record_number(record: str) -> int:
    """The number of a record: the first 63 bits of its id, so that no table needs to be asked for it."""
    return int(record[:16], 16) >> 1


def records_of_list(
    tx: Transaction, owner: str, source_list: str, keys: Sequence[str] | None = None
) -> dict[str, RecordState]:
    """The owner's records of one list by their key; only those of `keys` where given."""
    rows = models.Record.objects.using(tx.alias).filter(owner=owner, source_list=source_list)
    if keys is None:
        return {row.source_key: _record_state(row) for row in rows.iterator(chunk_size=2000)}
    found: dict[str, RecordState] = {}
    for start in range(0, len(keys), _BATCH):
        for row in rows.filter(source_key__in=keys[start : start + _BATCH]):
            found[row.source_key] = _record_state(row)
    return found


def has_values(tx: Transaction, record: int) -> bool:
    """Whether anything is left of a record that was not erased."""
    return models.Statement.objects.using(tx.alias).filter(record_id=record, value__isnull=False).exists()


def handlings_of(tx: Transaction, record: int, *, current_only: bool = True) -> set[str]:
    """The digests of the handlings under which a record says something, or ever said."""
    rows = models.Statement.objects.using(tx.alias).filter(record_id=record)
    if current_only:
        rows = rows.filter(current=True)
    return set(rows.values_list("handling__digest", flat=True))


def own_record(tx: Transaction, owner: str, record: str) -> RecordState | None:
    """One record of this owner, whatever its state; None where there is none or it is another's."""
    if len(record) != 32:
        return None
    row = models.Record.objects.using(tx.alias).filter(owner=owner, public_id=record).first()
    return None if row is None else _record_state(row)


def quarantined(tx: Transaction, owner: str) -> list[RecordState]:
    """The owner's records that wait for a data-subject category."""
    rows = models.Record.objects.using(tx.alias).filter(owner=owner, state="quarantined")
    return [_record_state(row) for row in rows.order_by("source_list", "source_key")]


def _record_state(row: models.Record) -> RecordState:
    return RecordState(
        number=row.id,
        id=RecordId(row.public_id),
        thing=row.thing,
        key=row.source_key,
        state=row.state,
        fingerprint=row.fingerprint,
    )


def insert_records(tx: Transaction, records: Iterable[NewRecord]) -> None:
    """Make records."""
    _insert_many(
        tx,
        "insert into record (id, public_id, owner, thing, source_list, source_key, state, fingerprint)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (record_number(r.id), r.id, r.owner, r.thing, r.source_list, r.source_key, r.state, r.fingerprint)
            for r in records
        ],
    )


def insert_contribution(tx: Transaction, contribution: Contribution, officer: OfficerId, run: str | None = None) -> int:
    """Keep the signed head; its number."""
    row = models.Contribution.objects.using(tx.alias).create(
        public_id=contribution.id,
        owner=contribution.owner,
        officer=officer,
        given_at=contribution.given_at,
        title=contribution.title,
        size=contribution.size,
        root=contribution.root,
        key_id=contribution.key_id,
        signature=contribution.signature,
        run_id=run,
    )
    return row.id


def insert_statements(
    tx: Transaction, contribution: int, statements: Sequence[NewStatement], positions: Sequence[int] | None = None
) -> list[int]:
    """Keep statements with their look-up keys, in the order of their positions; their numbers.

    `positions` where not the whole of a contribution is kept: a part that came from another node.
    """
    first = (tx.rows("select coalesce(max(id), 0) from statement", [])[0][0]) + 1
    rows: list[_Row] = []
    lookups: list[tuple[str, str, int, int, int]] = []
    for place, new in enumerate(statements):
        number = first + place
        position = place if positions is None else positions[place]
        s, e = new.statement, new.statement.evaluation
        record = record_number(s.record)
        rows.append(
            (
                number,
                s.id,
                record,
                contribution,
                position,
                s.property,
                s.value,
                s.original,
                s.language,
                e.code,
                e.given,
                e.scheme,
                e.original,
                s.valid_from,
                s.valid_to,
                s.supersedes,
                new.handling,
                new.leaf,
                s.salt,
                new.current,
            )
        )
        if new.current:
            lookups.extend((kind, key, new.handling, record, number) for kind, key in new.lookups)
    _insert_many(
        tx,
        "insert into statement (id, public_id, record_id, contribution_id, position, property, value, original,"
        " language, grade, grade_given, grade_scheme, grade_original, valid_from, valid_to, supersedes, handling_id,"
        " leaf, salt, current)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        rows,
    )
    insert_lookups(tx, lookups)
    note_records(tx, {record_number(new.statement.record) for new in statements if new.current})
    return [first + place for place in range(len(statements))]


def _insert_many(tx: Transaction, sql: str, rows: Sequence[Sequence[str | int | bool | bytes | None]]) -> None:
    if rows:
        with connections[tx.alias].cursor() as cursor:
            cursor.executemany(sql, rows)


def statements_of(tx: Transaction, record: int, *, current_only: bool = True) -> list[KeptStatement]:
    """The statements of one record, for its owner's own next version of it."""
    rows = models.Statement.objects.using(tx.alias).filter(record_id=record).select_related("record", "handling")
    if current_only:
        rows = rows.filter(current=True)
    return [_kept(row) for row in rows.order_by("id")]


def statements_of_contribution(tx: Transaction, contribution: int) -> list[KeptStatement]:
    """Every statement of a contribution in order of position; an erased one has an empty value."""
    rows = models.Statement.objects.using(tx.alias).filter(contribution_id=contribution)
    return [_kept(row) for row in rows.select_related("record", "handling").order_by("position")]


def _kept(row: models.Statement) -> KeptStatement:
    return KeptStatement(
        number=row.id,
        contribution=row.contribution_id,
        current=row.current,
        statement=Statement(
            id=StatementId(row.public_id),
            record=RecordId(row.record.public_id),
            thing=row.record.thing,
            property=row.property,
            value=row.value or "",
            evaluation=Evaluation(
                source=row.grade[0],
                information=row.grade[1],
                given=row.grade_given,
                scheme=row.grade_scheme,
                original=row.grade_original,
            ),
            handling=HandlingId(row.handling.digest),
            salt=bytes(row.salt or b""),
            original=row.original,
            language=row.language,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            supersedes=None if row.supersedes is None else StatementId(row.supersedes),
        ),
    )


def retire_statements(tx: Transaction, numbers: Sequence[int]) -> None:
    """Take statements out of every answer: superseded, withdrawn or delisted. They stay as evidence."""
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        models.Lookup.objects.using(tx.alias).filter(statement_id__in=part).delete()
        tx.store.names.reader.note_change(tx, part)
        note_statements(tx, part)
        models.Statement.objects.using(tx.alias).filter(id__in=part).update(current=False)


def retire_records(tx: Transaction, numbers: Sequence[int], state: str) -> None:
    """Take whole records out of every answer and say why (`delisted`, `withdrawn`)."""
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        models.Lookup.objects.using(tx.alias).filter(record_id__in=part).delete()
        tx.store.names.reader.note_change_of_records(tx, part)
        note_records(tx, part)
        models.Statement.objects.using(tx.alias).filter(record_id__in=part, current=True).update(current=False)
        models.Record.objects.using(tx.alias).filter(id__in=part).update(state=state)


def set_record(tx: Transaction, number: int, *, thing: str, state: str, fingerprint: str) -> None:
    """Note type and state of a record and what its newest version looks like."""
    models.Record.objects.using(tx.alias).filter(id=number).update(thing=thing, state=state, fingerprint=fingerprint)


def note_other_type(tx: Transaction, records: Sequence[int]) -> None:
    """Note that these records are of another type now: their names are compared by other habits."""
    tx.store.names.reader.note_change_of_records(tx, records)


def forget_source(tx: Transaction, state: RecordState, *, key: bool) -> None:
    """Forget the fingerprint, which has no salt and would confirm a guess, and the source's key, often a number."""
    rows = models.Record.objects.using(tx.alias).filter(id=state.number)
    rows.update(fingerprint="", source_key=f"erased/{state.id}" if key else state.key)


def contribution_of(tx: Transaction, owner: str, contribution: str) -> models.Contribution | None:
    """The owner's contribution with this public id."""
    return models.Contribution.objects.using(tx.alias).filter(owner=owner, public_id=contribution).first()


def leaves_of(tx: Transaction, contribution: int) -> list[bytes]:
    """The leaves of a contribution in order, erased ones included, for proofs."""
    rows = models.Statement.objects.using(tx.alias).filter(contribution_id=contribution).order_by("position")
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]


def list_of(tx: Transaction, number: int) -> str:
    """The source list of a record."""
    return models.Record.objects.using(tx.alias).get(id=number).source_list


def withdraw_contribution(tx: Transaction, number: int, reason: str) -> None:
    """Take a contribution out of every answer; records of which nothing is left are withdrawn with it."""
    statements = models.Statement.objects.using(tx.alias).filter(contribution_id=number)
    records = list(statements.values_list("record_id", flat=True).distinct())
    retire_statements(tx, list(statements.filter(current=True).values_list("id", flat=True)))
    left: set[int] = set()
    for start in range(0, len(records), _BATCH):
        left.update(
            models.Statement.objects.using(tx.alias)
            .filter(record_id__in=records[start : start + _BATCH], current=True)
            .values_list("record_id", flat=True)
        )
    retire_records(tx, [record for record in records if record not in left], "withdrawn")
    models.Contribution.objects.using(tx.alias).filter(id=number).update(state="withdrawn", state_reason=reason)


def reject_files_of(tx: Transaction, owner: str) -> list[str]:
    """Where the reject files of an owner's imports lie."""
    rows = models.ImportRun.objects.using(tx.alias).filter(owner=owner).exclude(reject_path="")
    return sorted(set(rows.values_list("reject_path", flat=True)))


def start_run(tx: Transaction, *, owner: str, officer: str, source_list: str, file_name: str, reject_path: str) -> str:
    """Note that an import has begun; its id."""
    row = models.ImportRun.objects.using(tx.alias).create(
        id=tx.new_id(),
        owner=owner,
        officer=officer,
        source_list=source_list,
        file_name=file_name,
        started_at=tx.now,
        reject_path=reject_path,
    )
    return row.id


def finish_run(tx: Transaction, run: str, counts: dict[str, int], *, reject_path: str) -> None:
    """Note what came of an import."""
    models.ImportRun.objects.using(tx.alias).filter(id=run).update(
        finished_at=tx.now, counts=counts, reject_path=reject_path
    )


def unlisted(tx: Transaction, owner: str, source_list: str, keys: frozenset[str]) -> list[RecordState]:
    """The owner's records of a list that are still in force and whose key the new version no longer has."""
    states = records_of_list(tx, owner, source_list).values()
    return [state for state in states if state.key not in keys and state.state in ("active", "quarantined")]


def current_statements(tx: Transaction, portion: int) -> Iterator[list[tuple[int, int, int, str, str, str]]]:
    """All current statements by portions: (number, record, handling, thing, property, value), for new look-up keys."""
    rows = models.Statement.objects.using(tx.alias).filter(current=True).order_by("id")
    found: list[tuple[int, int, int, str, str, str]] = []
    for row in rows.values_list("id", "record_id", "handling_id", "record__thing", "property", "value").iterator(
        chunk_size=portion
    ):
        found.append((row[0], row[1], row[2], row[3], row[4], row[5] or ""))
        if len(found) == portion:
            yield found
            found = []
    if found:
        yield found


def clear_lookups(tx: Transaction) -> None:
    """Take every look-up key out, before all are made anew."""
    models.Lookup.objects.using(tx.alias).all().delete()


def insert_lookups(tx: Transaction, rows: Sequence[tuple[str, str, int, int, int]]) -> None:
    """Keep look-up keys: (kind, key, handling, record, statement)."""
    _insert_many(
        tx,
        "insert into lookup (kind, key, handling_id, record_id, statement_id) values (%s, %s, %s, %s, %s)",
        rows,
    )
