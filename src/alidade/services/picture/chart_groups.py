"""Chart groups: a set too large to be drawn thing by thing, brought together on the server into groups to be opened.

The groups are worked out from what this viewer sees, and named by what he sees of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from alidade.formats.chart_svg import strength
from alidade.model.evaluation import Evaluation
from alidade.network.graph import Graph
from alidade.network.groups import groups as found_groups
from alidade.services.picture.seeing import SeenThing, SeenTie

PREFIX: Final = "group-"
_MOST_GROUPS: Final = 300
_ORDER: Final = ("strong", "good", "weak", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGroup:
    """One group: `key` is its first thing by reference, `label` what its most tied thing is called, `kinds` how many
    things of each type it holds. Its node in the chart is called `node`. Of an open one the things are drawn."""

    key: str
    label: str
    members: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    open: bool

    @property
    def node(self) -> str:
        return PREFIX + self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The ties between two groups, or a group and a thing, drawn as one line; as firm as the firmest of them."""

    source: str
    target: str
    count: int
    evaluation: Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """How a chart is grouped; without groups every thing stands for itself."""

    groups: tuple[DrawnGroup, ...] = ()
    member_of: Mapping[str, str] = field(default_factory=dict)
    bundles: tuple[Bundle, ...] = ()

    def nodes(self, things: Iterable[str]) -> list[str]:
        """What is drawn: the things that stand for themselves, and the closed groups."""
        stands = self.standing()
        return sorted({stands.get(each, each) for each in things})

    def pairs(self, ties: Iterable[SeenTie]) -> list[tuple[str, str]]:
        """The ends of the ties as they are drawn, those within a closed group left out."""
        stands = self.standing()
        ends = ((stands.get(tie.source, tie.source), stands.get(tie.target, tie.target)) for tie in ties)
        return [(one, other) for one, other in ends if one != other]

    def standing(self) -> dict[str, str]:
        """The node that stands for each thing in a closed group."""
        opened = {each.key for each in self.groups if each.open}
        return {thing: PREFIX + group for thing, group in self.member_of.items() if group not in opened}


def grouped(things: Mapping[str, SeenThing], ties: Sequence[SeenTie], opened: Iterable[str], most: int) -> Grouping:
    """The things in at most some hundred groups by how they are tied; the opened ones open, as long as `most` things
    at a time are drawn. Things that are in no group stand together by their type; one alone stands for itself."""
    degree: Counter[str] = Counter(end for tie in ties for end in (tie.source, tie.target))
    members = _members(things, ties)
    wanted, drawn = list(dict.fromkeys(opened)), len(members)
    made: list[DrawnGroup] = []
    member_of: dict[str, str] = {}
    shown: set[str] = set()
    for key in wanted:
        if key in members and drawn + len(members[key]) <= most:
            shown.add(key)
            drawn += len(members[key])
    for key, inside in members.items():
        if len(inside) == 1:
            continue
        first = max(inside, key=lambda each: (degree[each], bool(things[each].caption), each))
        kinds = Counter(things[each].thing for each in inside)
        made.append(
            DrawnGroup(
                key=key, label=things[first].caption, members=tuple(inside), kinds=tuple(kinds.most_common()),
                open=key in shown,
            )
        )  # fmt: skip
        member_of |= dict.fromkeys(inside, key)
    plain = Grouping(groups=tuple(made), member_of=member_of)
    return Grouping(groups=plain.groups, member_of=member_of, bundles=_bundles(plain, ties))


def _members(things: Mapping[str, SeenThing], ties: Sequence[SeenTie]) -> dict[str, list[str]]:
    """The members of each group, by its first member, the largest group first."""
    pairs = sorted({(tie.source, tie.target) for tie in ties if tie.source != tie.target})
    together: dict[int, list[str]] = {}
    if pairs:
        graph = Graph.from_edges([one for one, _ in pairs], [other for _, other in pairs])
        labels = found_groups(graph, "modularity", 1.0).labels.tolist()
        for thing, label in zip(graph.ids, labels, strict=True):
            together.setdefault(label, []).append(str(thing))
    found = sorted((sorted(each) for each in together.values()), key=lambda each: (-len(each), each[0]))
    several = [group for group in found if len(group) > 1]
    kept, rest = several[:_MOST_GROUPS], several[_MOST_GROUPS:]
    placed = {thing for group in kept for thing in group}
    alone: dict[str, list[str]] = {}
    for thing in sorted({thing for group in rest for thing in group} | (set(things) - placed)):
        alone.setdefault(things[thing].thing, []).append(thing)
    return {group[0]: group for group in [*kept, *(alone[kind] for kind in sorted(alone))]}


def _bundles(grouping: Grouping, ties: Iterable[SeenTie]) -> tuple[Bundle, ...]:
    stands = grouping.standing()
    counts: Counter[tuple[str, str]] = Counter()
    firmest: dict[tuple[str, str], Evaluation] = {}
    for tie in ties:
        one, other = sorted((stands.get(tie.source, tie.source), stands.get(tie.target, tie.target)))
        if one == other or not (one.startswith(PREFIX) or other.startswith(PREFIX)):
            continue
        counts[one, other] += 1
        held = firmest.get((one, other))
        if held is None or _rank(tie.evaluation) < _rank(held):
            firmest[one, other] = tie.evaluation
    return tuple(
        Bundle(source=one, target=other, count=counts[one, other], evaluation=firmest[one, other])
        for one, other in sorted(counts)
    )


def _rank(evaluation: Evaluation) -> int:
    return _ORDER.index(strength(evaluation.source, evaluation.information, evaluation.given))
