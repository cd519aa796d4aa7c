"""Network score: ask a loaded rehearsal as each authority, and hold what comes back against the truth.

What is scored comes through the use cases and the one read path; what is true and allowed comes from the scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.model.ids import AuthorityId
from alidade.network import Graph
from alidade.network.groups import groups
from alidade.services.acting import act_as, log, require_right
from alidade.services.network_rehearsal import PURPOSE
from alidade.services.node import Node
from alidade.services.picture.suggesting import suggest_all
from alidade.simulation.networks import NetworkScenario, Reported
from alidade.simulation.networks.allowing import Allowing
from alidade.simulation.networks.dealings import people_of
from alidade.simulation.networks.scoring import (
    FALSE,
    FOUND,
    RECOVERED,
    GroupScore,
    LeakScore,
    LinkScore,
    Pair,
    Union,
    score_groups,
    score_leaks,
    score_links,
)
from alidade.simulation.networks.writing import findable
from alidade.store import directory
from alidade.store.reading import ReaderView, reading
from alidade.store.rights import Layer
from alidade.vocabulary import Vocabulary

#: Suggestions from this score on are taken as if somebody had ruled "same", to see which networks come together.
JOINED_FROM: Final = 0.9

#: Records (public ids) that may be one, and how sure that is; best first.
Proposal = tuple[str, str, float]
Proposer = Callable[[ReaderView, Vocabulary], Iterable[Proposal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerScore:
    """What one authority finds: links, networks among people with ties in its view, and among all it sees."""

    authority: AuthorityId
    records: int
    links: LinkScore
    tied: GroupScore
    everybody: GroupScore
    leaks: LeakScore


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalScore:
    """The scores of a rehearsal: each viewer's, and in what it was made."""

    authorities: int
    records: int
    seed: int
    networks: int
    members: int
    planted: int
    viewers: tuple[ViewerScore, ...]

    @property
    def found(self) -> float:
        """Share of the planted links found, each link counted once for each viewer who may join it."""
        there = sum(each.links.planted for each in self.viewers)
        return sum(each.links.found for each in self.viewers) / there if there else 1.0

    @property
    def found_of_findable(self) -> float:
        """The same of those links whose records hold enough in common."""
        there = sum(each.links.findable for each in self.viewers)
        return sum(each.links.found_of_findable for each in self.viewers) / there if there else 1.0

    @property
    def false(self) -> float:
        """Share of false links among those proposed first, over all viewers together."""
        wrong = sum(each.links.false for each in self.viewers)
        return wrong / (wrong + sum(each.links.found for each in self.viewers)) if wrong else 0.0

    @property
    def likeness(self) -> float:
        """Likeness of groups and true networks, the mean of the viewers weighted by the people compared."""
        people = sum(each.tied.people for each in self.viewers)
        return sum(each.tied.likeness * each.tied.people for each in self.viewers) / people if people else 1.0

    @property
    def reached(self) -> bool:
        """Whether all aims are reached: links, false ones, networks, and not one leak."""
        clean = self.leaked == 0 and self.withheld == 0
        return clean and self.found >= FOUND and self.false < FALSE and self.likeness >= RECOVERED

    @property
    def leaked(self) -> int:
        """Records shown to somebody who may not see them, over all viewers."""
        return sum(each.leaks.leaked for each in self.viewers)

    @property
    def withheld(self) -> int:
        """Records not shown to somebody who may see them."""
        return sum(each.leaks.withheld for each in self.viewers)


def propose(view: ReaderView, vocabulary: Vocabulary) -> Iterable[Proposal]:
    """The suggestions of the platform in this view, best first."""
    return ((each.left, each.right, each.score) for each in suggest_all(view, vocabulary))


def score_rehearsal(
    node: Node,
    scenario: NetworkScenario,
    *,
    viewers: Sequence[AuthorityId] = (),
    proposer: Proposer = propose,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> RehearsalScore:
    """Score the views of these authorities, or of all; each is asked through its analyst.

    A hundred thousand records take about twenty seconds for each viewer on one core.
    """
    reported = sorted(scenario.reported(), key=lambda each: each.index)
    chosen = viewers or [seed.authority.id for seed in scenario.authorities]
    known = scenario.by_key()
    planted = list(scenario.planted())
    scores: list[ViewerScore] = []
    for done, authority in enumerate(chosen, start=1):
        desk = _Desk(node, scenario, authority, reported)
        desk.look(known, proposer)
        scores.append(desk.score(planted))
        progress(done, len(chosen))
    return RehearsalScore(
        authorities=len(scenario.authorities),
        records=len(scenario.records),
        seed=scenario.seed,
        networks=len(scenario.networks),
        members=sum(len(network.members) for network in scenario.networks),
        planted=len(planted),
        viewers=tuple(scores),
    )


class _Desk:
    """One viewer at his desk: what he sees and may join, by number of record."""

    def __init__(
        self,
        node: Node,
        scenario: NetworkScenario,
        authority: AuthorityId,
        reported: Sequence[Reported],
    ) -> None:
        self._node = node
        self._scenario = scenario
        self._reported = reported
        seed = next(each for each in scenario.authorities if each.authority.id == authority)
        self._actor = act_as(node, seed.officers[0].id, purpose=PURPOSE)
        self._number: dict[str, int] = {}  # public id to number of the record; below 0 what is not of the scenario
        self._ends: dict[int, list[str]] = {}
        self._shown: set[int] = set()
        self._proposals: list[tuple[int, int, float]] = []

    def look(self, known: Mapping[tuple[AuthorityId, str], int], proposer: Proposer) -> None:
        """Read everything that may be read, everything that may be joined, and what is suggested."""
        words = self._node.vocabulary
        entities = {
            thing: {name for name, each in words.properties_of(thing).items() if each.kind == "entity"}
            for thing in words.things
        }
        layers: tuple[Layer, ...] = ("read", "merge")
        with self._node.store.transaction() as tx:
            require_right(self._node, tx, self._actor, "picture_read")
            with reading(tx, self._actor.viewer, directory.world(tx), (*layers, "suggest")) as view:
                for layer in layers:
                    for each in view.everything(layer):
                        number = self._number.get(each.record)
                        if number is None:
                            key = (AuthorityId(each.owner), each.source_key)
                            number = self._number[each.record] = known.get(key, -1 - len(self._number))
                            self._shown.add(number)
                        if layer == "merge" and each.property in entities[each.thing]:
                            self._ends.setdefault(number, []).append(each.value)
                self._proposals = [
                    (self._number.get(left, -1), self._number.get(right, -1), score)
                    for left, right, score in proposer(view, words)
                ]
            log(tx, self._actor, "picture_read", results=len(self._shown), details={"list": "rehearsal"})

    def score(self, planted: Sequence[Pair]) -> ViewerScore:
        """Hold what was seen against what is true and allowed."""
        scenario, viewer = self._scenario, self._actor.viewer
        parties = [seed.authority.party for seed in scenario.authorities]
        allowing = Allowing(viewer, parties, scenario.vocabulary.agreements.values(), scenario.today)
        readable: set[int] = set()
        joinable: set[int] = set()
        for each in self._reported:
            if allowing.reads(each.handling, quarantined=each.quarantined):
                readable.add(each.index)
                if allowing.may_be_suggested(each.handling, quarantined=each.quarantined):
                    joinable.add(each.index)
        # What is suggested without being allowed is shown without being allowed.
        wrongly = {end for left, right, _ in self._proposals for end in (left, right) if end not in joinable}
        leaks = score_leaks(viewer.authority, readable, self._shown | {-1 - abs(end) for end in wrongly})
        mine = {(one, other): self._findable(one, other) for one, other in planted if {one, other} <= joinable}
        safe = [each for each in self._proposals if each[0] in joinable and each[1] in joinable]
        tied, everybody = self._networks(safe, readable)
        return ViewerScore(
            authority=viewer.authority,
            records=len(readable),
            links=score_links(mine, safe, self._same, self._kind),
            tied=tied,
            everybody=everybody,
            leaks=leaks,
        )

    def _findable(self, one: int, other: int) -> bool:
        return findable(self._kind(one), self._reported[one].marks, self._reported[other].marks)

    def _kind(self, record: int) -> str:
        thing = self._scenario.records[record].thing
        return "tie" if thing is None else self._scenario.things[thing].kind

    def _same(self, one: int, other: int) -> bool:
        left, right = self._scenario.records[one], self._scenario.records[other]
        return (left.thing, left.tie) == (right.thing, right.tie)

    def _networks(
        self, proposals: Sequence[tuple[int, int, float]], readable: set[int]
    ) -> tuple[GroupScore, GroupScore]:
        """Join by the sure suggestions, group the people by their ties, and compare with the true networks."""
        union = Union()
        for one, other, score in proposals:
            if score >= JOINED_FROM:
                union.join(one, other)
        kinds: dict[int, str] = {}
        networks: dict[int, int] = {}
        for record in readable:
            number = self._scenario.records[record].thing
            if number is None:
                continue
            thing = self._scenario.things[number]
            root = union.root(record)
            kinds[root] = thing.kind
            if thing.kind == "Person" and thing.network is not None:
                networks[root] = thing.network
        ties = [
            tuple(union.root(number) for end in ends if (number := self._number.get(end)) is not None and number >= 0)
            for ends in self._ends.values()
        ]
        weights = people_of(kinds, ties)
        if not weights:
            return score_groups({}, {}), score_groups(networks, {})
        found = groups(
            Graph.from_edges([one for one, _ in weights], [other for _, other in weights], list(weights.values()))
        )
        labels = {int(each): int(found.labels[place]) for place, each in enumerate(found.graph.ids)}
        tied = {person: network for person, network in networks.items() if person in labels}
        return score_groups(tied, labels), score_groups(networks, labels)
