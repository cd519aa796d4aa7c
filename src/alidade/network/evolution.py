"""Evolution: what became of the groups of a network from one period to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from alidade.model.errors import Invalid
from alidade.network.graph import Graph
from alidade.network.graph_kernel import Int32s
from alidade.network.group_evidence import likeness
from alidade.network.groups import Method, groups

Happening = Literal["continue", "grow", "shrink", "split", "merge", "succeed", "dissolve", "born"]
#: A share of members from which two groups are taken for one that goes on, and the least number of people in it.
OVERLAP: Final = 0.5
_PART: Final = 0.25
_FEWEST: Final = 2
_CHANGE: Final = 0.2  # of the size: less is neither growth nor shrinking
_ROLES_ALIKE: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cell:
    """One group in one period: `period` from 0, `group` its number there."""

    period: int
    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of groups: `before` and `after` name them, `shared` the people in both, `overlap` their share."""

    kind: Happening
    period: int
    before: tuple[Cell, ...]
    after: tuple[Cell, ...]
    shared: tuple[Any, ...]
    overlap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evolution:
    """The groups of each period, every change between periods, and how much stayed as it was.

    `lines` numbers each group by the line of descent that it stands in; `stayed` is for each step the share of people
    in both periods among those in either, `agreement` how alike the division of those in both was (0 to 1).
    """

    members: tuple[tuple[frozenset[Any], ...], ...]
    changes: tuple[Change, ...]
    lines: Mapping[Cell, int]
    stayed: tuple[float, ...]
    agreement: tuple[float, ...]
    method: str
    resolutions: tuple[float | None, ...]
    parameters: Mapping[str, float]
    seed: int

    def of(self, kind: Happening) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(each for each in self.changes if each.kind == kind)


def evolution(
    snapshots: Sequence[Graph] | Sequence[Sequence[Iterable[Any]]],
    *,
    method: Method = "modularity",
    resolution: float | None = 1.0,
    seed: int = 0,
    memory: int = 3,
    roles: Mapping[Any, str] | None = None,
) -> Evolution:
    """What became of each group: continued, grew, shrank, split, merged, dissolved, was born, or succeeded another.

    Each snapshot is the graph of one period, or its groups where they are known already. A group goes on in the one
    that holds half of it or that it makes half of; two such make a split, two such before make a merger. A group
    without anything before it succeeds one that dissolved at most `memory` periods ago when a quarter of either are
    the same people, or, with `roles` (id -> role), when somebody is the same and the roles are filled alike. Groups of
    one are left out. The usual modularity is the default, since a period shows the cells of one network; see `groups`
    for the other methods. Raises Invalid for fewer than two snapshots.
    """
    if len(snapshots) < 2:
        raise Invalid("One period alone shows no change.", remedy="Give two or more snapshots, the earliest first.")
    if memory < 1:
        raise Invalid("The memory is not at least one period.", remedy="Give a whole number from 1.")
    members: list[tuple[frozenset[Any], ...]] = []
    resolutions: list[float | None] = []
    present: list[frozenset[Any]] = []
    for snapshot in snapshots:
        if isinstance(snapshot, Graph):
            found = groups(snapshot, method, resolution, seed=seed)
            members.append(tuple(frozenset(each) for each in found.groups))
            resolutions.append(found.resolution)
            present.append(frozenset(snapshot.ids))
        else:
            given = tuple(each for each in (frozenset(people) for people in snapshot) if len(each) > 1)
            members.append(given)
            resolutions.append(None)
            present.append(frozenset().union(*given))
    changes: list[Change] = []
    ended: list[Cell] = []
    for period in range(1, len(members)):
        step = _step(members, period, ended, memory, roles or {})
        ended += [each.before[0] for each in step if each.kind == "dissolve"]
        changes += step
    return Evolution(
        members=tuple(members), changes=tuple(changes), lines=_lines(members, changes),
        stayed=tuple(len(one & two) / max(len(one | two), 1) for one, two in pairwise(present)),
        agreement=tuple(_agreement(one, two) for one, two in pairwise(members)),
        method=method if isinstance(snapshots[0], Graph) else "given", resolutions=tuple(resolutions),
        parameters=MappingProxyType({"overlap": OVERLAP, "memory": memory, "change": _CHANGE}), seed=seed,
    )  # fmt: skip


def _step(
    members: Sequence[tuple[frozenset[Any], ...]],
    period: int,
    ended: Sequence[Cell],
    memory: int,
    roles: Mapping[Any, str],
) -> list[Change]:
    """The changes from the period before to this one."""
    old, new = members[period - 1], members[period]
    ties = {
        (i, j)
        for i, before in enumerate(old)
        for j, after in enumerate(new)
        if _goes_on(before, after)
    }  # fmt: skip
    after = {i: sorted(j for one, j in ties if one == i) for i in range(len(old))}
    before = {j: sorted(i for i, other in ties if other == j) for j in range(len(new))}
    changes: list[Change] = []
    for i, group in enumerate(old):
        if not after[i]:
            changes.append(_change("dissolve", period, members, [Cell(period=period - 1, group=i)], []))
        elif len(after[i]) > 1:
            cells = [Cell(period=period, group=j) for j in after[i]]
            changes.append(_change("split", period, members, [Cell(period=period - 1, group=i)], cells))
        elif len(before[after[i][0]]) == 1:
            kind = _size_change(len(group), len(new[after[i][0]]))
            here, there = Cell(period=period - 1, group=i), Cell(period=period, group=after[i][0])
            changes.append(_change(kind, period, members, [here], [there]))
    for j in range(len(new)):
        cell = Cell(period=period, group=j)
        if len(before[j]) > 1:
            cells = [Cell(period=period - 1, group=i) for i in before[j]]
            changes.append(_change("merge", period, members, cells, [cell]))
        elif not before[j]:
            parent = _succeeded(members, cell, [each for each in ended if period - each.period <= memory + 1], roles)
            changes.append(
                _change("succeed" if parent else "born", period, members, [parent] if parent else [], [cell])
            )
    return changes


def _goes_on(before: frozenset[Any], after: frozenset[Any]) -> bool:
    shared = len(before & after)
    return shared >= _FEWEST and (shared >= OVERLAP * len(before) or shared >= OVERLAP * len(after))


def _size_change(before: int, after: int) -> Happening:
    if after >= before * (1 + _CHANGE):
        return "grow"
    return "shrink" if after <= before * (1 - _CHANGE) else "continue"


def _succeeded(
    members: Sequence[tuple[frozenset[Any], ...]], cell: Cell, ended: Sequence[Cell], roles: Mapping[Any, str]
) -> Cell | None:
    """The dissolved group that this one follows, the one with most people in common; None when there is none."""
    group = members[cell.period][cell.group]
    best: tuple[int, Cell] | None = None
    for each in ended:
        gone = members[each.period][each.group]
        shared = len(group & gone)
        enough = shared >= max(_FEWEST, _PART * min(len(group), len(gone)))
        if not enough:
            enough = shared >= 1 and _alike(_profile(group, roles), _profile(gone, roles)) >= _ROLES_ALIKE
        if enough and (best is None or shared > best[0]):
            best = (shared, each)
    return best[1] if best else None


def _profile(group: frozenset[Any], roles: Mapping[Any, str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for person in group:
        if person in roles:
            counted[roles[person]] = counted.get(roles[person], 0) + 1
    return counted


def _alike(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """Cosine of two profiles of roles; 0 where fewer than two roles are known on either side."""
    if len(one) < 2 or len(other) < 2:
        return 0.0
    dot = sum(count * other.get(role, 0) for role, count in one.items())
    lengths = sum(each**2 for each in one.values()) * sum(each**2 for each in other.values())
    return float(dot / lengths**0.5)


def _change(
    kind: Happening,
    period: int,
    members: Sequence[tuple[frozenset[Any], ...]],
    before: Sequence[Cell],
    after: Sequence[Cell],
) -> Change:
    old: frozenset[Any] = frozenset().union(*(members[each.period][each.group] for each in before))
    new: frozenset[Any] = frozenset().union(*(members[each.period][each.group] for each in after))
    shared = old & new
    return Change(
        kind=kind, period=period, before=tuple(before), after=tuple(after), shared=tuple(sorted(shared, key=repr)),
        overlap=len(shared) / max(len(old | new), 1),
    )  # fmt: skip


def _lines(members: Sequence[tuple[frozenset[Any], ...]], changes: Sequence[Change]) -> dict[Cell, int]:
    """A number for each line of descent: the largest share of a split or a merger keeps it, others start their own."""
    heirs: dict[Cell, Cell] = {}
    taken: set[Cell] = set()
    claims = sorted(
        (
            (-len(members[old.period][old.group] & members[new.period][new.group]), old, new)
            for change in changes
            for old in change.before
            for new in change.after
        ),
    )
    for shared, old, new in claims:
        if shared and new not in heirs and old not in taken:
            heirs[new] = old
            taken.add(old)
    lines: dict[Cell, int] = {}
    known = 0
    for period, found in enumerate(members):
        for group in range(len(found)):
            cell = Cell(period=period, group=group)
            parent = heirs.get(cell)
            if parent is None:
                lines[cell] = known
                known += 1
            else:
                lines[cell] = lines[parent]
    return lines


def _agreement(one: Sequence[frozenset[Any]], other: Sequence[frozenset[Any]]) -> float:
    """How alike two divisions are, over the people who are in a group in both."""
    first = {person: at for at, group in enumerate(one) for person in group}
    second = {person: at for at, group in enumerate(other) for person in group}
    both = sorted(first.keys() & second.keys(), key=repr)
    if len(both) < 2:
        return 0.0
    left: Int32s = np.array([first[each] for each in both], dtype=np.int32)
    return likeness(left, np.array([second[each] for each in both], dtype=np.int32))
