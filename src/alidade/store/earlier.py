"""Earlier checks without a hit in the store: how far each was compared, the question found again, dropping it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from alidade.model.viewer import Actor, Viewer
from alidade.policy.world import World
from alidade.store import models, standing
from alidade.store.database import Transaction
from alidade.store.rights import Layer, viewer_class
from alidade.store.standing import Compared, KeptStanding

_LAYERS: tuple[Layer, ...] = ("read", "hit_only")
_BATCH = 400
_MARKS = (
    "select coalesce((select max(id) from statement), 0), coalesce((select max(id) from name_change), 0),"
    " coalesce((select max(id) from lookup), 0), coalesce((select max(id) from handling), 0)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A few bits of a question, made under a key."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How far the tables went at a moment: the newest statement, change of a name, look-up key and handling."""

    statement: int
    change: int
    lookup: int
    handling: int

    def __str__(self) -> str:
        return f"{self.statement}/{self.change}/{self.lookup}/{self.handling}"


def marks(tx: Transaction) -> Marks:
    """How far the tables go at this moment of the transaction."""
    ((statement, change, lookup, handling),) = tx.rows(_MARKS, [])
    return Marks(statement=int(statement), change=int(change), lookup=int(lookup), handling=int(handling))


def marks_of(text: str) -> Marks | None:
    """The marks as they were written down; None where there are none."""
    parts = text.split("/")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        return None
    return Marks(statement=int(parts[0]), change=int(parts[1]), lookup=int(parts[2]), handling=int(parts[3]))


def visible_handlings(tx: Transaction, viewer: Viewer, world: World) -> frozenset[int]:
    """The handlings under which this viewer may read or learn of a hit at this moment."""
    names = tx.store.names
    return frozenset().union(
        *(names.visible(tx, viewer_class(tx, viewer, layer, world)).handlings for layer in _LAYERS)
    )


def digest_of_rights(visible: Iterable[int], handling: int) -> str:
    """A digest of those visible among the handlings up to this one: another one means that old content came or went."""
    old = sorted(number for number in visible if number <= handling)
    return hashlib.sha256(",".join(map(str, old)).encode()).hexdigest()


def compared_now(tx: Transaction, viewer: Viewer, world: World) -> Compared:
    """How far a question that is asked now is compared."""
    now = marks(tx)
    rights = digest_of_rights(visible_handlings(tx, viewer, world), now.handling)
    return Compared(to=str(now), rights=rights)


def earlier_in_force(tx: Transaction, *, officer: str | None = None, after: int = 0, most: int) -> list[KeptStanding]:
    """The earlier checks that are to be asked today, of one officer or of all, by portions in the order of their
    numbers.
    """
    rows = models.StandingCheck.objects.using(tx.alias).filter(
        origin="no_hit",
        id__gt=after,
        ended_at__isnull=True,
        question__isnull=False,
        until__gte=tx.now.date().isoformat(),
    )
    if officer is not None:
        rows = rows.filter(officer=officer)
    return standing.kept_of(tx, list(rows.order_by("id")[:most]))


def count_of(tx: Transaction, officer: str, most: int) -> int:
    """How many earlier checks of an officer are kept, counted no further than `most`."""
    rows = models.StandingCheck.objects.using(tx.alias).filter(officer=officer, origin="no_hit", question__isnull=False)
    return rows[:most].count()


def in_bucket(tx: Transaction, actor: Actor, bucket: Bucket) -> list[KeptStanding]:
    """What this officer has kept in force under the same grounds in this bucket."""
    rows = models.StandingCheck.objects.using(tx.alias).filter(
        officer=actor.officer,
        bucket=bucket.number,
        purpose=actor.viewer.purpose,
        case=actor.case or "",
        legal_ground=actor.legal_ground or "",
        ended_at__isnull=True,
        question__isnull=False,
        until__gte=tx.now.date().isoformat(),
    )
    return standing.kept_of(tx, list(rows.order_by("id")))


def note_compared(tx: Transaction, numbers: Sequence[int], compared: Compared) -> None:
    """Note that these were asked again at this moment, how far and by which version of the index."""
    for start in range(0, len(numbers), _BATCH):
        models.StandingCheck.objects.using(tx.alias).filter(id__in=numbers[start : start + _BATCH]).update(
            asked_at=tx.now,
            asked_with=tx.store.names.version,
            compared_to=compared.to,
            compared_rights=compared.rights,
        )


def drop(tx: Transaction, numbers: Sequence[int]) -> None:
    """Forget kept questions wholly: the rows go, and with the commit the keys, so that no backup has them either.

    Of one that has told of something the row stays without its question, so that what it told can be shown.
    """
    keys: list[str] = []
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        rows = models.StandingCheck.objects.using(tx.alias).filter(id__in=part)
        keys.extend(rows.values_list("field_key", flat=True))
        told = set(
            models.StandingTold.objects.using(tx.alias).filter(standing_id__in=part).values_list("standing", flat=True)
        )
        rows.filter(id__in=told, ended_at__isnull=True).update(ended_at=tx.now)
        rows.filter(id__in=told).update(question=None, bucket=None)
        rows.exclude(id__in=told).delete()
    if keys:
        store = tx.store
        transaction.on_commit(lambda: store.keys.destroy_field_keys(keys), using=tx.alias)


def drop_over(tx: Transaction) -> int:
    """Forget the earlier checks whose last day has passed, that were ended or erased; how many."""
    rows = models.StandingCheck.objects.using(tx.alias).filter(origin="no_hit")
    over = rows.filter(Q(ended_at__isnull=False) | Q(until__lt=tx.now.date().isoformat()))
    told = models.StandingTold.objects.using(tx.alias).filter(standing__origin="no_hit").values("standing")
    numbers = list(over.exclude(question__isnull=True, id__in=told).order_by("id").values_list("id", flat=True))
    drop(tx, numbers)
    return len(numbers)
