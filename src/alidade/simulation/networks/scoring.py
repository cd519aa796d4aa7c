"""Scoring: how much of a rehearsal's truth was found, and whether anybody saw what he may not.

Pure functions over numbers of records and true things; what was proposed, grouped and shown comes from the real path.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: Aims: the share of planted links found, the share of false ones among those proposed first, the networks.
FOUND: Final = 0.95
FALSE: Final = 0.05
RECOVERED: Final = 0.80

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindScore:
    """Links of one kind of thing: planted, findable at all, found among those proposed first, false ones there."""

    kind: str
    planted: int
    findable: int
    found: int
    false: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkScore:
    """What was found of the planted links between authorities that the viewer may join.

    `first` is how many proposals, best first, can be taken while the share of false ones stays below the aim; `found`
    counts planted links among them, `found_of_findable` those that hold enough in common to be found at all; `ever`
    counts planted links anywhere in the list; `joined` those whose two records come together through any chain of the
    first proposals. `score` is the score of the last proposal taken. Right pairs that are no planted links (one
    authority's own duplicates, ports) count neither way.
    """

    planted: int
    findable: int
    first: int
    found: int
    found_of_findable: int
    false: int
    ever: int
    joined: int
    score: float
    kinds: tuple[KindScore, ...]

    @property
    def share(self) -> float:
        """Share of the planted links that was found; 1 where none was planted."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def share_of_findable(self) -> float:
        """The same of those that can be found at all."""
        return self.found_of_findable / self.findable if self.findable else 1.0

    @property
    def share_false(self) -> float:
        """Share of false links among those proposed first."""
        return self.false / (self.false + self.found) if self.false else 0.0

    @property
    def share_joined(self) -> float:
        """Share of the planted links whose records come together."""
        return self.joined / self.planted if self.planted else 1.0


def score_links(
    planted: Mapping[Pair, bool],
    proposals: Sequence[tuple[int, int, float]],
    same: Callable[[int, int], bool],
    kind: Callable[[int], str],
) -> LinkScore:
    """Hold proposals (record, record, score), best first, against the planted links.

    `planted` has each pair, the smaller number first, and whether it is findable; `same` says whether two records
    speak of one thing, `kind` of which kind a record is.
    """
    seen: set[Pair] = set()
    right: list[Pair | None] = []  # for each proposal: the planted pair, or None where it is false
    taken: list[tuple[Pair, float]] = []
    for one, other, score in proposals:
        pair = (one, other) if one < other else (other, one)
        if pair in seen:
            continue
        seen.add(pair)
        if pair in planted or not same(one, other):
            right.append(pair if pair in planted else None)
            taken.append((pair, score))
    first = found = false = 0
    for place, pair_or_none in enumerate(right, start=1):
        found += pair_or_none is not None
        false += pair_or_none is None
        if false < FALSE * (found + false) or not false:
            first = place
    score = taken[first - 1][1] if first else 1.0
    kept = {pair for pair in right[:first] if pair is not None}
    wrong = [pair for (pair, _), hit in zip(taken[:first], right[:first], strict=True) if hit is None]
    union = Union()
    for one, other, value in proposals:
        if value >= score and first:
            union.join(one, other)
    return LinkScore(
        planted=len(planted),
        findable=sum(planted.values()),
        first=first,
        found=len(kept),
        found_of_findable=sum(planted[pair] for pair in kept),
        false=len(wrong),
        ever=sum(pair is not None for pair in right),
        joined=sum(union.root(one) == union.root(other) for one, other in planted),
        score=score,
        kinds=_by_kind(planted, kept, wrong, kind),
    )


def _by_kind(
    planted: Mapping[Pair, bool], found: Collection[Pair], wrong: Iterable[Pair], kind: Callable[[int], str]
) -> tuple[KindScore, ...]:
    there = Counter(kind(one) for one, _ in planted)
    possible = Counter(kind(one) for (one, _), findable in planted.items() if findable)
    hit = Counter(kind(one) for one, _ in found)
    false = Counter(kind(one) for one, _ in wrong)
    kinds = sorted({*there, *false}, key=lambda each: (-there[each], each))
    return tuple(
        KindScore(kind=each, planted=there[each], findable=possible[each], found=hit[each], false=false[each])
        for each in kinds
    )


class Union:
    """Which records come together through chains of pairs (union-find)."""

    def __init__(self) -> None:
        self._up: dict[int, int] = {}

    def root(self, record: int) -> int:
        """The record that stands for all that are together with this one."""
        up = self._up
        top = record
        while (higher := up.get(top, top)) != top:
            top = higher
        while (higher := up.get(record, top)) != top:
            up[record] = top
            record = higher
        return top

    def join(self, one: int, other: int) -> None:
        """Bring two records together; the smaller number stands for both."""
        left, right = sorted((self.root(one), self.root(other)))
        if left != right:
            self._up[right] = left


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScore:
    """How well groups of people meet the true networks.

    `people` are those compared. `likeness` is the normalised mutual information (arithmetic mean; 1: the same
    division); it is high for many small groups whatever they are, so `precision`, `recall` and `f1` stand beside it
    (B-cubed: of the people in my group how many are of my network; of my network how many are in my group).
    """

    people: int
    networks: int
    groups: int
    likeness: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score_groups(truth: Mapping[int, Hashable], groups: Mapping[int, Hashable]) -> GroupScore:
    """Compare the group of each person with his network; who is in no group counts as a group of his own."""
    people = list(truth)
    found = [groups.get(person, ("alone", person)) for person in people]
    true = [truth[person] for person in people]
    pairs = Counter(zip(true, found, strict=True))
    of_true, of_found = Counter(true), Counter(found)
    total = len(people)
    precision = sum(count * count / of_found[group] for (_, group), count in pairs.items())
    recall = sum(count * count / of_true[network] for (network, _), count in pairs.items())
    return GroupScore(
        people=total,
        networks=len(of_true),
        groups=len(of_found),
        likeness=_likeness(pairs, of_true, of_found, total),
        precision=precision / total if total else 1.0,
        recall=recall / total if total else 1.0,
    )


def _likeness(
    pairs: Mapping[tuple[Hashable, Hashable], int],
    of_true: Mapping[Hashable, int],
    of_found: Mapping[Hashable, int],
    total: int,
) -> float:
    """Normalised mutual information; 1 where neither division divides anything."""

    def entropy(counts: Iterable[int]) -> float:
        return -sum(count / total * math.log(count / total) for count in counts)

    both = entropy(of_true.values()) + entropy(of_found.values()) if total else 0.0
    if both == 0:
        return 1.0
    mutual = sum(
        count / total * math.log(count * total / (of_true[network] * of_found[group]))
        for (network, group), count in pairs.items()
    )
    return max(0.0, min(1.0, 2 * mutual / both))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakScore:
    """What one authority was shown, against what it may see: `leaked` and `withheld` must both be 0."""

    authority: str
    shown: int
    allowed: int
    leaked: int
    withheld: int


def score_leaks(authority: str, allowed: Collection[int], shown: Collection[int]) -> LeakScore:
    """Compare the records that were shown with those that may be seen; a number below 0 is of no known record."""
    may, did = set(allowed), set(shown)
    return LeakScore(
        authority=authority, shown=len(did), allowed=len(may), leaked=len(did - may), withheld=len(may - did)
    )
