"""Erasing: the value is gone from rows and keys at once, from sealed bodies and backups with its field key.

What remains: ids, salted hashes, and the act of erasing (design rule 5). Salts go too, so that no hash can be tried
against a guess.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections

from alidade.ledger.entry import decode
from alidade.store import models
from alidade.store.database import Store, Transaction
from alidade.store.keystore import record_key_id
from alidade.store.writing import record_number

_BATCH = 400


def erase_statements(tx: Transaction, numbers: Sequence[int]) -> list[str]:
    """Remove value, original and salt of statements and every key that leads to them; their public ids."""
    erased: list[str] = []
    rows = models.Statement.objects.using(tx.alias)
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        models.Lookup.objects.using(tx.alias).filter(statement_id__in=part).delete()
        erased.extend(rows.filter(id__in=part).values_list("public_id", flat=True))
        rows.filter(id__in=part).update(value=None, original=None, salt=None, current=False)
    return erased


def erase_check(tx: Transaction, check: models.Check) -> str:
    """Remove the question of a check; the id of the field key that sealed it."""
    models.Check.objects.using(tx.alias).filter(id=check.id).update(question=None)
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
    """Destroy the field keys of every erasure whose keys are still there.

    Two files cannot commit as one: the act is committed first and carried through here, at once or at the next start.
    """
    with store.transaction() as tx:
        pending = list(models.Erasure.objects.using(tx.alias).filter(keys_destroyed=False))
    if not pending:
        return
    with store.stopping():
        for row in pending:
            store.keys.destroy_field_keys(row.field_keys)
    with store.transaction() as tx:
        models.Erasure.objects.using(tx.alias).filter(id__in=[row.id for row in pending]).update(keys_destroyed=True)
    with store.stopping():
        truncate_journal(store)


def truncate_journal(store: Store) -> None:
    """Empty the write-ahead journal, so that no erased value lingers there."""
    with connections[store.alias].cursor() as cursor:
        cursor.execute("pragma wal_checkpoint(truncate)")
