"""Rulings seen: for each viewer class that joins records, the rulings in force that its viewers may use.

To meet a ruling only to drop it, because one of its records is hidden, would be work that tells of hidden rows. So what
a class may use is worked out where that is known to nobody: once for the class, and again by whoever rules, or changes
what records say, in the same transaction. A reader meets these rows and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connections
from django.db.models import Q

from alidade.store import models
from alidade.store.database import Transaction

_PENDING: Final = "records whose rulings are to be looked at anew"
_BATCH: Final = 400  # SQLite of Python 3.11 on older systems takes 999 parameters in one statement

# Which rulings a class may use: it sees the handling, and something that is in force of each of the two records.
_INSERT: Final = """
insert into seen_ruling (viewer_class_id, judgement_id, left_id, right_id)
select c.viewer_class_id, j.id, j.left_id, j.right_id
from judgement j
{join} joining_class c on {condition}
{join} visible v on v.viewer_class_id = c.viewer_class_id and v.handling_id = j.handling_id
{join} record l on l.id = j.left_id
{join} record r on r.id = j.right_id
where not j.revoked and not j.waiting
and exists (select 1 from statement s {join} visible a on a.viewer_class_id = c.viewer_class_id
            and a.handling_id = s.handling_id and a.owner = l.owner where s.record_id = l.id and s.current)
and exists (select 1 from statement t {join} visible b on b.viewer_class_id = c.viewer_class_id
            and b.handling_id = t.handling_id and b.owner = r.owner where t.record_id = r.id and t.current)
on conflict do nothing
"""

# Whether the class is still the one that was worked out, but for handlings that came since; whether none came.
_STATE: Final = """
select k.epoch = c.epoch
       and coalesce(cast(k.valid_until as text), '') = coalesce(cast(c.valid_until as text), ''),
       k.evaluated_to = c.evaluated_to
from viewer_class c join joining_class k on k.viewer_class_id = c.id where c.id = %s
"""


def bring_up_to_date(tx: Transaction, viewer_class: int) -> None:
    """Work out what a class may use, where its set of handlings has changed since that was done."""
    settle(tx)
    found = tx.rows(_STATE, [viewer_class])
    same, complete = (bool(each) for each in found[0]) if found else (False, False)
    if same and complete:
        return
    if not same:
        _execute(tx, "delete from seen_ruling where viewer_class_id = %s", [viewer_class])
    _execute(tx, "delete from joining_class where viewer_class_id = %s", [viewer_class])
    _execute(
        tx,
        "insert into joining_class (viewer_class_id, epoch, evaluated_to, valid_until)"
        " select id, epoch, evaluated_to, valid_until from viewer_class where id = %s",
        [viewer_class],
    )
    _insert(tx, "c.viewer_class_id = %s", [viewer_class])


def note_rulings(tx: Transaction, judgements: Sequence[str]) -> None:
    """Look anew who may use these rulings: they were made, put into force, or taken back."""
    for start in range(0, len(judgements), _BATCH):
        part = list(judgements[start : start + _BATCH])
        marks = ", ".join(["%s"] * len(part))
        models.SeenRuling.objects.using(tx.alias).filter(judgement_id__in=part).delete()
        _insert(tx, f"j.id in ({marks})", part)  # sql: constant parts only


def note_records(tx: Transaction, numbers: Iterable[int]) -> None:
    """Note that something came into force in these records, or went; who may use rulings on them is looked at anew.

    It is done before the transaction commits, and before anybody reads in it.
    """
    pending: set[int] | None = tx.memo.get(_PENDING)
    if pending is None:
        pending = tx.memo[_PENDING] = set()
        tx.before_commit.append(lambda: settle(tx))
    pending.update(numbers)


def note_statements(tx: Transaction, numbers: Sequence[int]) -> None:
    """The same for the records of at most a few hundred statements."""
    rows = models.Statement.objects.using(tx.alias).filter(id__in=numbers)
    note_records(tx, rows.values_list("record_id", flat=True).distinct())


def settle(tx: Transaction) -> None:
    """Look anew at the rulings on the records that were noted."""
    numbers = sorted(tx.memo.pop(_PENDING, ()))
    rows = models.Judgement.objects.using(tx.alias).filter(revoked=False, waiting=False)
    if not numbers or not rows.exists():
        return
    found: set[str] = set()
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        found.update(rows.filter(Q(left_id__in=part) | Q(right_id__in=part)).values_list("id", flat=True))
    note_rulings(tx, sorted(found))


def _insert(tx: Transaction, condition: str, parameters: list[Any]) -> None:
    join = tx.store.guard.ordered_join  # rulings first: there are the fewest
    _execute(tx, _INSERT.format(join=join, condition=condition), parameters)


def _execute(tx: Transaction, sql: str, parameters: list[Any]) -> None:
    with connections[tx.alias].cursor() as cursor:
        cursor.execute(sql, parameters)
