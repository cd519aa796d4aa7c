"""Map routes: which ways the movements on a map take, place by place, computed from what the viewer sees alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from alidade.model.evaluation import Evaluation
from alidade.network.movements import Movement, journeys
from alidade.network.uncertainty import grade_table
from alidade.services.picture.places import Spot

_MOST: Final = 5_000  # movements: beyond that the ways are not searched while somebody waits
_SHOWN: Final = 50
_STAY: Final = 30  # days within which the next leg begins

Moved = tuple[str, Spot, Spot, str, str, Evaluation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A chain of places that the same things went through in order: how often, how many things, how sure.

    `places` are the keys of spots. `expected` counts each passage by the probability of its grade.
    """

    places: tuple[str, ...]
    count: int
    subjects: int
    expected: float


def ways_of(moves: Sequence[Moved]) -> tuple[Way, ...]:
    """The ways that lead over three places and more, the most frequent first; none where nothing moved on."""
    if not moves or len(moves) > _MOST:
        return ()
    table = grade_table()
    records = [
        Movement(
            target=target.key, source=source.key, departed=_day(begin), arrived=_day(end), subject=subject or None,
            probability=table.probability(grade.code), source_country=source.country or None,
            target_country=target.country or None,
        )
        for subject, source, target, begin, end, grade in moves
    ]  # fmt: skip
    if all(len(chain) < 2 for chain in journeys(records, _STAY).chains):
        return ()
    # Here and not above: what measures routes takes seconds to load, and most maps have no way over three places.
    from alidade.network.routes import routes

    found = routes(records, least=1, stay_days=_STAY)
    return tuple(
        Way(places=each.places, count=each.count, subjects=each.subjects, expected=each.expected)
        for each in found.corridors[:_SHOWN]
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
