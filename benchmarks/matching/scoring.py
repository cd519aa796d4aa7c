"""Scoring: what counts as found, and how many false hits a threshold brings.

A hit is the row meant, or one with the same folded words (a homonym). "False at recall r": of the names that are
absent, how many reach the threshold at which r of all questions are still answered correctly in the first place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil

from benchmarks.matching.groups import plain
from benchmarks.matching.queries import Query

#: Rows and their scores, best first.
Answer = Sequence[tuple[int, float]]
RECALLS = (0.70, 0.80, 0.90)


@dataclass(slots=True, kw_only=True)
class Score:
    """How well an engine answered: shares found first and among ten, by class, and false hits by recall."""

    at_1: float
    at_10: float
    by_class: dict[str, tuple[float, float, int]] = field(default_factory=dict)
    false: dict[float, int | None] = field(default_factory=dict)
    thresholds: dict[float, float | None] = field(default_factory=dict)
    absent: int = 0
    queries: int = 0


@lru_cache(maxsize=200_000)
def words(text: str) -> tuple[str, ...]:
    """The folded words in one order, each as often as it stands there."""
    return tuple(sorted(plain(text).split()))


def place_of_hit(answer: Answer, truth: int, name: str, name_of: Callable[[int], str]) -> int | None:
    """The place (from 0) of the first hit in an answer, None without one."""
    meant = words(name)
    for place, (row, _) in enumerate(answer):
        if row == truth or words(name_of(row)) == meant:
            return place
    return None


def score(
    queries: Sequence[Query],
    answers: Sequence[Answer],
    absent: Sequence[Answer],
    name_of: Callable[[int], str],
) -> Score:
    """The score of an engine's answers to the questions and to the absent names."""
    places = [
        place_of_hit(answer, query.truth, query.name, name_of) for query, answer in zip(queries, answers, strict=True)
    ]
    at_1, at_10 = found(places)
    made = Score(at_1=at_1, at_10=at_10, absent=len(absent), queries=len(queries))
    for sort in dict.fromkeys(query.sort for query in queries):
        of_class = [place for place, query in zip(places, queries, strict=True) if query.sort == sort]
        made.by_class[sort] = (*found(of_class), len(of_class))
    right = [answer[0][1] for answer, place in zip(answers, places, strict=True) if place == 0]
    tops = [answer[0][1] for answer in absent if answer]
    for recall in RECALLS:
        made.thresholds[recall] = threshold = threshold_at(right, len(queries), recall)
        made.false[recall] = None if threshold is None else sum(top >= threshold for top in tops)
    return made


def found(places: Sequence[int | None]) -> tuple[float, float]:
    """Shares found in the first place and in the first ten."""
    count = max(len(places), 1)
    first = sum(place == 0 for place in places) / count
    return first, sum(place is not None and place < 10 for place in places) / count


def threshold_at(right: Iterable[float], asked: int, recall: float) -> float | None:
    """The highest threshold at which this share of all that was asked is still right in the first place."""
    ordered = sorted(right, reverse=True)
    needed = ceil(recall * asked - 1e-9)
    return ordered[needed - 1] if 0 < needed <= len(ordered) else None
