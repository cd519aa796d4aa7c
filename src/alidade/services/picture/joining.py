"""Joining: which records one viewer sees as one thing, computed from rulings, never kept as truth.

The rule, the same for everybody and explained on the page:

1. Rulings of authorities whose judgements the viewer's authority does not accept are not counted.
2. Of several rulings of one authority on the same two records the newest counts. Where the viewer's own authority has
   ruled on two records, the rulings of others on these two are not counted.
3. "Same" joins: first those of the own authority, then those of others, each in the order in which they were made.
4. A "same" is not followed where it would bring together two records that the own authority has ruled not the same.
   A "same" of another is not followed either where any counted ruling says not the same. So one's own rulings win,
   and among others' doubt wins.
5. Every "not the same" whose two records are led together by any chain of "same" is a contradiction, and is told.

Where the search starts makes no difference to what is found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from alidade.store.reading import ReaderView, SeenJudgement

_MOST_ROUNDS: Final = 64  # a chain of more judgements than this has gone astray


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A "not the same" between two records that a chain of "same" leads together.

    `joined`: the two stand in one group all the same, because one's own authority has ruled so.
    """

    apart: SeenJudgement
    chain: tuple[SeenJudgement, ...]
    joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The groups of records, each sorted, the groups by their first; what joined them; what contradicts itself."""

    groups: tuple[tuple[str, ...], ...]
    followed: tuple[SeenJudgement, ...]
    passed_over: tuple[SeenJudgement, ...]
    contradictions: tuple[Contradiction, ...]
    _place: Mapping[str, int]

    def of(self, record: str) -> tuple[str, ...]:
        """The records that stand for one thing with this one, itself among them."""
        place = self._place.get(record)
        return (record,) if place is None else self.groups[place]


def joined(start: Iterable[str], rulings: Sequence[SeenJudgement], authority: str) -> Joined:
    """The groups in which the records of `start` stand for a viewer of `authority`; the rule is told above.

    `rulings` are those that the viewer may see and of which he may join both records (`ReaderView.judgements`, or
    `rulings_around`). 100,000 records take about a second.
    """
    newest = _newest(rulings)
    same = [each for each in newest if each.ruling == "same"]
    different = [each for each in newest if each.ruling == "not_the_same"]
    ruled = {_pair(each) for each in newest if each.authority == authority}
    counted = [each for each in newest if each.authority == authority or _pair(each) not in ruled]
    reach = _component(start, same)
    forest = _Forest(authority)
    for each in counted:
        if each.ruling == "not_the_same" and each.left in reach and each.right in reach:
            forest.part(each)
    followed: list[SeenJudgement] = []
    passed: list[SeenJudgement] = []
    candidates = [each for each in counted if each.ruling == "same" and each.left in reach]
    for each in sorted(candidates, key=lambda one: (one.authority != authority, one.ruled_at, one.judgement)):
        (followed if forest.join(each) else passed).append(each)
    members: dict[str, list[str]] = {}
    for record in reach:
        members.setdefault(forest.root(record), []).append(record)
    groups = tuple(sorted(tuple(sorted(records)) for records in members.values()))
    place = {record: number for number, group in enumerate(groups) for record in group}
    return Joined(
        groups=groups,
        followed=tuple(followed),
        passed_over=tuple(passed),
        contradictions=_contradictions(different, same, reach, lambda left, right: place[left] == place[right]),
        _place=place,
    )


def rulings_around(view: ReaderView, start: Iterable[str]) -> list[SeenJudgement]:
    """The rulings that bear on the groups of these records: theirs, those of what they are joined with, and so on."""
    found: dict[str, SeenJudgement] = {}
    known = set(start)
    waiting = sorted(known)
    for _ in range(_MOST_ROUNDS):
        if not waiting:
            break
        rulings = view.judgements_about(waiting)
        found.update((each.judgement, each) for each in rulings)
        reached = {end for each in rulings if each.ruling == "same" for end in (each.left, each.right)}
        waiting = sorted(reached - known)
        known |= reached
    return [found[judgement] for judgement in sorted(found)]


def _pair(ruling: SeenJudgement) -> tuple[str, str]:
    return (ruling.left, ruling.right) if ruling.left <= ruling.right else (ruling.right, ruling.left)


def _newest(rulings: Sequence[SeenJudgement]) -> list[SeenJudgement]:
    """Of each accepted authority's rulings on two records the newest."""
    newest: dict[tuple[str, tuple[str, str]], SeenJudgement] = {}
    for each in sorted(rulings, key=lambda one: (one.ruled_at, one.judgement)):
        if each.accepted:
            newest[each.authority, _pair(each)] = each
    return list(newest.values())


def _component(start: Iterable[str], same: Sequence[SeenJudgement]) -> set[str]:
    """Everything that any chain of "same" reaches."""
    beside = _neighbours(same)
    reach = set(start)
    waiting = deque(reach)
    while waiting:
        for there, _ in beside.get(waiting.popleft(), ()):
            if there not in reach:
                reach.add(there)
                waiting.append(there)
    return reach


def _neighbours(same: Sequence[SeenJudgement]) -> dict[str, list[tuple[str, SeenJudgement]]]:
    beside: dict[str, list[tuple[str, SeenJudgement]]] = {}
    for each in same:
        beside.setdefault(each.left, []).append((each.right, each))
        beside.setdefault(each.right, []).append((each.left, each))
    return beside


@dataclass(slots=True)
class _Forest:
    """Union-find that keeps, for each group, from which groups it is held apart: by the own authority, or by others."""

    authority: str
    parent: dict[str, str] = field(default_factory=dict)
    weight: dict[str, int] = field(default_factory=dict)
    apart: dict[str, dict[str, bool]] = field(default_factory=dict)  # root -> other root -> by the own authority

    def root(self, record: str) -> str:
        parent = self.parent
        top = record
        while (up := parent.get(top, top)) != top:
            top = up
        while (up := parent.get(record, top)) != top:
            parent[record] = top
            record = up
        return top

    def part(self, ruling: SeenJudgement) -> None:
        own = ruling.authority == self.authority
        for here, there in ((ruling.left, ruling.right), (ruling.right, ruling.left)):
            held = self.apart.setdefault(here, {})
            held[there] = held.get(there, False) or own

    def join(self, ruling: SeenJudgement) -> bool:
        left, right = self.root(ruling.left), self.root(ruling.right)
        if left == right:
            return True
        held = self.apart.get(left, {}).get(right)
        if held is not None and (held or ruling.authority != self.authority):
            return False
        if self._size(left) < self._size(right):
            left, right = right, left
        self.parent[right] = left
        self.weight[left] = self.weight.get(left, 1) + self.weight.get(right, 1)
        self._inherit(left, right)
        return True

    def _size(self, root: str) -> int:
        return self.weight.get(root, 1) + len(self.apart.get(root, ()))

    def _inherit(self, root: str, gone: str) -> None:
        self.apart.get(root, {}).pop(gone, None)
        for other, own in self.apart.pop(gone, {}).items():
            if other == root:
                continue
            for here, there in ((root, other), (other, root)):
                held = self.apart.setdefault(here, {})
                held[there] = held.get(there, False) or own
            self.apart[other].pop(gone, None)


def _contradictions(
    different: Sequence[SeenJudgement],
    same: Sequence[SeenJudgement],
    reach: set[str],
    together: Callable[[str, str], bool],
) -> tuple[Contradiction, ...]:
    beside = _neighbours([each for each in same if each.left in reach])
    found = []
    for apart in sorted(different, key=lambda one: (one.ruled_at, one.judgement)):
        if apart.left not in reach or apart.right not in reach:
            continue
        chain = _chain(beside, apart.left, apart.right)
        if chain:
            found.append(Contradiction(apart=apart, chain=chain, joined=together(apart.left, apart.right)))
    return tuple(found)


def _chain(
    beside: Mapping[str, Sequence[tuple[str, SeenJudgement]]], start: str, end: str
) -> tuple[SeenJudgement, ...]:
    """The shortest chain of "same" between two records; empty where there is none."""
    came: dict[str, tuple[str, SeenJudgement] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in came:
        here = waiting.popleft()
        for there, ruling in beside.get(here, ()):
            if there not in came:
                came[there] = (here, ruling)
                waiting.append(there)
    chain: list[SeenJudgement] = []
    step = came.get(end)
    while step is not None:
        chain.append(step[1])
        step = came[step[0]]
    return tuple(reversed(chain))
