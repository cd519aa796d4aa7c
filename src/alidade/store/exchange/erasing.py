"""Erasing across nodes: which messages of ours spoke of a record, and what an owner elsewhere wants gone here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alidade.model.ids import AuthorityId
from alidade.store import erasing, models
from alidade.store.database import Transaction
from alidade.store.exchange.base import portions
from alidade.store.judgements import forget_judgements
from alidade.store.workpieces import forget_in_pieces
from alidade.store.writing import forget_source, has_values, own_record, record_number, retire_records


def items_of_record(tx: Transaction, own: AuthorityId, record: str) -> set[str]:
    """The items ("owner/id") by which a record was given to anybody, as far as their messages are still kept."""
    rows = models.ExchangeItem.objects.using(tx.alias).filter(own=own, item__startswith=f"{own}/record/{record}/")
    return set(rows.values_list("item", flat=True))


def erase_foreign(
    tx: Transaction, owner: AuthorityId, records: Sequence[str], parts: Mapping[str, Sequence[str]], reason: str
) -> tuple[list[str], list[str]]:
    """Erase records, or statements of them (`parts`), of an owner on another node: what is gone, and the act's id.

    Only what is the owner's: whatever else is named is passed over, as if it were not here.
    """
    gone: list[str] = []
    whole: list[str] = []
    rows = models.Statement.objects.using(tx.alias).filter(record__owner=owner, value__isnull=False)
    for record in records:
        state = own_record(tx, owner, record)
        if state is None:
            continue
        whole.append(record)
        gone += erasing.erase_statements(tx, list(rows.filter(record_id=state.number).values_list("id", flat=True)))
        retire_records(tx, [state.number], "erased")
        forget_source(tx, state, key=True)
    touched = set(whole)
    for record, statements in parts.items():
        state = own_record(tx, owner, record)
        numbers = [] if state is None else _numbers(tx, record, statements)
        if state is None or not numbers:
            continue
        touched.add(record)
        gone += erasing.erase_statements(tx, numbers)
        if not has_values(tx, state.number):
            retire_records(tx, [state.number], "erased")
    if not touched:
        return [], []
    keys = [key for record in whole for key in forget_in_pieces(tx, record, owner, ())]
    keys += [key for record in whole for key in forget_judgements(tx, record, owner, ())]
    act = erasing.note_erasure(
        tx,
        authority=owner,
        officer="node",
        reason=reason,
        statements=gone,
        records=sorted(touched),
        field_keys=keys,
    )
    return gone, [act]


def _numbers(tx: Transaction, record: str, statements: Sequence[str]) -> list[int]:
    found: list[int] = []
    for part in portions(list(statements)):
        rows = models.Statement.objects.using(tx.alias).filter(
            record_id=record_number(record), public_id__in=part, value__isnull=False
        )
        found.extend(rows.values_list("id", flat=True))
    return found


def is_held(tx: Transaction, record: str) -> bool:
    """Whether anything of a record is here."""
    return models.Record.objects.using(tx.alias).filter(id=record_number(record)).exists()
