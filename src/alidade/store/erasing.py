"""Erasing: the value is gone from rows and keys at once, from sealed bodies and backups with its field key.

What remains: ids, salted hashes, and the act of erasing (design rule 5). Salts go too, so that no hash can be tried
against a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from alidade.ledger.entry import decode
from alidade.store import models
from alidade.store.database import Store, Transaction
from alidade.store.judgements import forget_judgements
from alidade.store.keystore import KeyStore, record_key_id
from alidade.store.seen_rulings import note_statements
from alidade.store.threads import erasing as threads
from alidade.store.writing import forget_source, has_values, own_record, record_number, retire_records

_BATCH = 400


def erase_statements(tx: Transaction, numbers: Sequence[int]) -> list[str]:
    """Remove value, original and salt of statements and every key that leads to them; their public ids."""
    erased: list[str] = []
    rows = models.Statement.objects.using(tx.alias)
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        models.Lookup.objects.using(tx.alias).filter(statement_id__in=part).delete()
        tx.store.names.reader.note_change(tx, part, erased=True)
        note_statements(tx, part)
        erased.extend(rows.filter(id__in=part).values_list("public_id", flat=True))
        rows.filter(id__in=part).update(value=None, original=None, salt=None, current=False)
    return erased


def erase_check(tx: Transaction, check: models.Check) -> str:
    """Remove the question of a check; the id of the field key that sealed it."""
    models.Check.objects.using(tx.alias).filter(id=check.id).update(question=None)
    models.SecondLook.objects.using(tx.alias).filter(made_id=check.id).update(note="")
    return check.field_key


def erase_entry_body(tx: Transaction, sequence: int) -> str | None:
    """Remove the body and salt of a ledger entry, whose leaf stays; the id of its field key."""
    row = models.LedgerEntry.objects.using(tx.alias).filter(sequence=sequence).first()
    if row is None:
        return None
    models.LedgerEntry.objects.using(tx.alias).filter(sequence=sequence).update(body=None, salt=None)
    return row.field_key


def entries_about_check(tx: Transaction, check: str) -> list[int]:
    """The ledger entries of one check, found by the moment and authority of the check and by what their body says."""
    row = models.Check.objects.using(tx.alias).get(reference=check)
    entries = models.LedgerEntry.objects.using(tx.alias).filter(
        authority=row.authority, act="check", at=row.asked_at.isoformat(), body__isnull=False
    )
    found = []
    for entry in entries:
        body = tx.store.keys.unseal(bytes(entry.body or b""), entry.field_key, f"ledger/{entry.sequence}")
        if body is not None and ("check", check) in decode(body).details:
            found.append(entry.sequence)
    return found


def note_erasure(
    tx: Transaction,
    *,
    authority: str,
    officer: str,
    reason: str,
    statements: Sequence[str] = (),
    records: Sequence[str] = (),
    checks: Sequence[str] = (),
    field_keys: Sequence[str] = (),
) -> str:
    """Keep the act of erasing; the keys are destroyed after the commit, by `finish_pending`."""
    keys = [*field_keys, *(record_key_id(str(record_number(record))) for record in records)]
    row = models.Erasure.objects.using(tx.alias).create(
        id=tx.new_id(),
        authority=authority,
        officer=officer,
        reason=reason,
        erased_at=tx.now,
        statements=list(statements),
        records=list(records),
        checks=list(checks),
        field_keys=keys,
    )
    return row.id


def finish_pending(store: Store) -> None:
    """Destroy the field keys of every erasure whose keys are still there, and keep the act beside the keys.

    The kept index of names is rid of erased names before the act counts as carried through.

    Two files cannot commit as one: the act is committed first and carried through here, at once or at the next start.
    """
    with store.transaction() as tx:
        pending = list(models.Erasure.objects.using(tx.alias).filter(keys_destroyed=False))
    if not pending:
        return
    with store.stopping():
        for row in pending:
            store.keys.note_erasure(row.id, msgspec.json.encode(_kept(row)), row.field_keys)
    store.names.forget_erased()
    with store.transaction() as tx:
        models.Erasure.objects.using(tx.alias).filter(id__in=[row.id for row in pending]).update(keys_destroyed=True)
    with store.stopping():
        store.engine.purge()


class KeptErasure(msgspec.Struct, frozen=True, kw_only=True):
    """An act of erasing as it is kept beside the keys, for backups that are older. Ids only."""

    authority: str
    officer: str
    reason: str
    erased_at: datetime
    statements: list[str]
    records: list[str]
    checks: list[str]
    field_keys: list[str]


def _kept(row: models.Erasure) -> KeptErasure:
    return KeptErasure(
        authority=row.authority,
        officer=row.officer,
        reason=row.reason,
        erased_at=row.erased_at,
        statements=row.statements,
        records=row.records,
        checks=row.checks,
        field_keys=row.field_keys,
    )


def field_keys_of(keys: KeyStore, erasures: Iterable[str]) -> list[str]:
    """The field keys that these acts of erasing destroyed."""
    kept = keys.erasures()
    found = [msgspec.json.decode(kept[erasure], type=KeptErasure).field_keys for erasure in erasures]
    return [key for keys_of_one in found for key in keys_of_one]


def replay_erasures(tx: Transaction) -> list[str]:
    """Carry out again what was erased since the backup that was restored; the ids of the acts, oldest first.

    The keys are gone already, so no value came back. What the backup brought back beside the values goes here: salts,
    keys of sources, the state of records, and the knowledge that something was erased.
    """
    known = set(models.Erasure.objects.using(tx.alias).values_list("id", flat=True))
    missed = {
        erasure: msgspec.json.decode(content, type=KeptErasure)
        for erasure, content in tx.store.keys.erasures().items()
        if erasure not in known
    }
    for erasure, kept in sorted(missed.items(), key=lambda one: (one[1].erased_at, one[0])):
        _erase_again(tx, kept)
        models.Erasure.objects.using(tx.alias).create(
            id=erasure,
            authority=kept.authority,
            officer=kept.officer,
            reason=kept.reason,
            erased_at=kept.erased_at,
            statements=kept.statements,
            records=kept.records,
            checks=kept.checks,
            field_keys=kept.field_keys,
            keys_destroyed=True,
        )
    return [erasure for erasure, _ in sorted(missed.items(), key=lambda one: (one[1].erased_at, one[0]))]


def _erase_again(tx: Transaction, kept: KeptErasure) -> None:
    numbers: list[int] = []
    for start in range(0, len(kept.statements), _BATCH):
        part = kept.statements[start : start + _BATCH]
        records = [record_number(record) for record in kept.records]
        found = models.Statement.objects.using(tx.alias).filter(record_id__in=records, public_id__in=part)
        numbers.extend(found.values_list("id", flat=True))
    erase_statements(tx, numbers)
    for record in kept.records:
        state = own_record(tx, kept.authority, record)
        if state is None:
            continue
        gone = not has_values(tx, state.number)
        if gone:
            retire_records(tx, [state.number], "erased")
        forget_source(tx, state, key=gone)
        if gone:
            forget_judgements(tx, record, kept.authority, ())
    for check in models.Check.objects.using(tx.alias).filter(reference__in=kept.checks):
        erase_check(tx, check)
    models.LedgerEntry.objects.using(tx.alias).filter(field_key__in=kept.field_keys).update(body=None, salt=None)
    threads.erase_again(tx, kept.field_keys)
