"""Rehearsal: load an invented scenario through the real use cases, ask its questions, hold the answers to the truth.

The director of a rehearsal knows the truth and may therefore say why an answer is what it is; the askers may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alidade.ledger.entry import Entry
from alidade.model.errors import Conflict
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor, Viewer
from alidade.policy.actions import Action
from alidade.policy.decision import Decision, may
from alidade.policy.explanation import explain
from alidade.policy.world import World
from alidade.services.acting import act_as
from alidade.services.check import Answer, Kind, check
from alidade.services.contribute import Giving, contribute
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.simulation import Asker, AuthoritySeed, Scenario
from alidade.simulation import Question as ScenarioQuestion
from alidade.store import directory, rights, writing
from alidade.store.database import Transaction
from alidade.vocabulary import Agreement

NO_CASE = "no case: control on the spot"


class RehearsalClock:
    """A clock that the rehearsal sets to the day of each event; within a day it moves by a second at each look."""

    def __init__(self, day: str) -> None:
        self._now = _start_of(day)

    def move_to(self, day: str) -> None:
        """Go to a day, never back."""
        self._now = max(self._now, _start_of(day))

    def set_to(self, moment: datetime) -> None:
        """Go to a moment, never back."""
        self._now = max(self._now, moment)

    def now(self) -> datetime:
        """The present moment of the rehearsal, in UTC."""
        self._now += timedelta(seconds=1)
        return self._now


def _start_of(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=8, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a scenario came to in the store."""

    authorities: int
    contributions: int
    statements: int
    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One question as one asker got it answered, what he should have got, and why, in words."""

    question: str
    kind: str
    asker: Asker
    answer: Answer
    expected: Kind
    why: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the answer is the one that the truth and the rules demand."""
        return self.answer.kind == self.expected


def load(node: Node, clock: RehearsalClock, scenario: Scenario, progress: Callable[[int, int], None]) -> Loaded:
    """Enter authorities, officers and agreements, then every contribution on its day, in the name of its authority.

    Raises Conflict where the node already holds anything: invented and real things never stand side by side.
    """
    enter_everybody(node, scenario.authorities, scenario.agreements)
    givers = {
        seed.authority.id: next(o for o in seed.officers if "contribute" in node.vocabulary.roles[o.role].acts)
        for seed in scenario.authorities
    }
    statements = quarantined = 0
    ordered = sorted(scenario.contributions, key=lambda seed: seed.day)
    for number, seed in enumerate(ordered, start=1):
        clock.move_to(seed.day)
        actor = act_as(node, givers[seed.authority].id, purpose="18.2.a")
        outcome = contribute(
            node,
            actor,
            Giving(
                title=seed.title,
                drafts=seed.drafts,
                handlings=seed.handlings,
                scheme=seed.scheme,
                source_list=seed.title[:80],
            ),
        )
        statements += outcome.statements
        quarantined += outcome.quarantined
        progress(number, len(ordered))
    clock.move_to(scenario.today)
    return Loaded(
        authorities=len(scenario.authorities),
        contributions=len(ordered),
        statements=statements,
        quarantined=quarantined,
    )


def enter_everybody(node: Node, authorities: Sequence[AuthoritySeed], agreements: Sequence[Agreement]) -> None:
    """Enter the invented authorities, their officers and agreements into a node that holds nothing yet.

    Raises Conflict where it holds anything.
    """
    with node.store.transaction() as tx:
        if directory.authorities(tx):
            raise Conflict(
                "This node holds authorities already; a rehearsal needs a node of its own.",
                remedy="Name an empty folder with --home.",
                code="not_empty",
            )
        for agreement in agreements:
            directory.add_agreement(tx, agreement)
        for seed in authorities:
            directory.add_authority(tx, seed.authority)
            for officer in seed.officers:
                directory.add_officer(tx, officer)
        first = authorities[0]
        tx.log(
            Entry(
                act="authority_manage",
                at=tx.now,
                authority=first.authority.id,
                officer=first.officers[0].id,
                objects=tuple(seed.authority.id for seed in authorities),
                details=(("change", "rehearsal begun"),),
                epoch=rights.epoch(tx),
                decision="allowed",
            )
        )


def ask_everything(node: Node, scenario: Scenario, language: str = "en") -> Iterator[Told]:
    """Every question of the scenario by each of its askers, in turn."""
    for question in scenario.questions:
        for asker in scenario.askers:
            actor = act_as(
                node,
                asker.officer,
                purpose=asker.purpose,
                case=asker.case or NO_CASE,
                legal_ground=asker.legal_ground,
                justification=asker.justification,
            )
            answer = check(
                node,
                actor,
                Question(
                    text=question.text,
                    kind=question.kind,
                    birth_date=question.about.get("birthDate"),
                    nationality=question.about.get("nationality"),
                    country=question.about.get("country"),
                ),
                language=language,
            )
            yield Told(
                question=question.text,
                kind=question.kind,
                asker=asker,
                answer=answer,
                expected=question.expected[asker.authority],
                why=_why(node, scenario, question, actor, answer.kind, language),
            )


def _why(
    node: Node, scenario: Scenario, question: ScenarioQuestion, actor: Actor, answer: Kind, language: str
) -> tuple[str, ...]:
    """Why this answer: the reasons for which the rules kept back more, for each authority that knows something."""
    if question.truth is None:
        return ()
    with node.store.transaction() as tx:
        world = directory.world(tx)
        names = {key: authority.name for key, authority in directory.authorities(tx).items()}
        lines: list[str] = []
        for seed in scenario.contributions:
            for draft in seed.drafts:
                if scenario.truth[seed.authority, draft.key] != question.truth:
                    continue
                decision = _held_back(tx, world, seed.authority, seed.title[:80], draft.key, actor.viewer, answer)
                if decision is not None:
                    lines.extend(explain(decision, node.vocabulary, language, names))
    return tuple(dict.fromkeys(lines))


def _held_back(
    tx: Transaction, world: World, owner: AuthorityId, source_list: str, key: str, viewer: Viewer, answer: Kind
) -> Decision | None:
    if answer == "hit":
        return None
    state = writing.records_of_list(tx, owner, source_list, [key]).get(key)
    if state is None:
        return None
    action: Action = "read" if answer == "hit_without_content" else "hit_notify"
    for kept in writing.statements_of(tx, state.number):
        found = rights.handling_by_digest(tx, kept.statement.handling)
        if found is not None:
            decision = may(action, viewer, found[1], tx.now, world)
            if not decision.allowed:
                return decision
    return None
