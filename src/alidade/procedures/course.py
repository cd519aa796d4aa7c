"""The course of a thread: what its signed steps come to. Same steps, same course, in any order of arrival."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alidade.clocks import ClockEvent
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.procedures.definition import ClockUse, Definition, Transition
from alidade.procedures.folding import WHY, DueEffect, Fold, PlacedStep, Status, objection_to_built_in
from alidade.procedures.ordering import Key, in_order
from alidade.procedures.steps import Opened, Step, Value

__all__ = ["WHY", "Course", "DueEffect", "PlacedStep", "RunningClock", "Status", "Turn", "course_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who is to act."""

    role: str
    authorities: tuple[AuthorityId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningClock:
    """A deadline of the thread: which clock of the law, who owes it, and what happened to it (`clocks.state_of`).

    `void`: it ended because nobody owed anything any more (the request was cancelled): no statistic counts it.
    """

    use: ClockUse
    clock: str
    owed_by: AuthorityId
    events: tuple[ClockEvent, ...]
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a thread stands and how it came there.

    `parties` are those of the opening and the copies since, by authority; `facts` the latest value of every field
    filled in by an effective step; `missing` the steps (author, number) that others are waiting for.
    """

    definition: Definition
    thread: str
    opener: AuthorityId | None
    opened: Opened | None
    state: str | None
    parties: Mapping[AuthorityId, str]
    facts: Mapping[str, Value]
    steps: tuple[PlacedStep, ...]
    clocks: tuple[RunningClock, ...]
    effects: tuple[DueEffect, ...]
    missing: tuple[Key, ...]

    @property
    def final(self) -> bool:
        """Whether nothing can change the thread any more."""
        return self.state is not None and self.definition.state(self.state).final

    @property
    def turn(self) -> Turn | None:
        """Who is to act; None where nobody is."""
        role = None if self.state is None else self.definition.state(self.state).turn
        return None if role is None else Turn(role=role, authorities=self.holders(role))

    def holders(self, role: str) -> tuple[AuthorityId, ...]:
        """The authorities that play this role."""
        return tuple(sorted(authority for authority, held in self.parties.items() if held == role))

    def allowed(self, role: str) -> tuple[Transition, ...]:
        """What this role may do now, in the order of the file."""
        return tuple(each for each in self.definition.transitions if role in each.by and self.state in each.from_states)

    def allowed_built_in(self, role: str) -> tuple[str, ...]:
        """Which steps that every procedure has this role may take now: `message`, `remind`, `reassure`."""
        if self.state is None:
            return ()
        state = self.definition.state(self.state)
        return tuple(
            code for code in ("message", "remind", "reassure") if objection_to_built_in(code, role, state) == ""
        )

    def next_number(self, author: AuthorityId) -> int:
        """The number that the author's next step has."""
        return max((each.step.number for each in self.steps if each.step.author == author), default=0) + 1

    def seen_by(self, author: AuthorityId) -> Mapping[AuthorityId, int]:
        """What the author's next step says it has seen: the last placed step of every other party.

        Steps of strangers are left out: the other parties may never get them, and would wait for them for ever.
        """
        seen: dict[AuthorityId, int] = {}
        for each in self.steps:
            if each.status != "waiting" and each.why != "not_party" and each.step.author != author:
                seen[each.step.author] = max(seen.get(each.step.author, 0), each.step.number)
        return seen


def course_of(definition: Definition, steps: Iterable[Step], *, opener: AuthorityId | None = None) -> Course:
    """What these steps come to.

    Depends on nothing but the definition and the set of steps: not on their order, not on the time, not on who
    asks. `opener`: the authority known to have opened the thread, where the caller knows; without it the first
    opening in order counts. Steps must have been verified before (`verify_step`). Raises Invalid where they are
    of several threads.
    """
    given = tuple(steps)
    threads = {step.thread for step in given}
    if len(threads) > 1:
        raise Invalid("These steps belong to several threads.", remedy="Give the steps of one thread.")
    ordered = in_order(given)
    fold = Fold(definition, opener, ordered)
    for step in ordered.ready:
        fold.take(step)
    rest = [PlacedStep(step=each, status="crossed", why="forked", state=fold.state) for each in ordered.forked]
    rest += [PlacedStep(step=each, status="waiting", why="waiting", state=fold.state) for each in ordered.waiting]
    return Course(
        definition=definition,
        thread=next(iter(threads), ""),
        opener=fold.opener,
        opened=fold.opened,
        state=fold.state,
        parties=fold.parties,
        facts=fold.facts,
        steps=(*fold.placed, *rest),
        clocks=tuple(
            RunningClock(use=each.use, clock=each.clock, owed_by=each.owed_by, events=each.events, void=each.void)
            for each in fold.clocks.result(fold.parties, fold.facts)
        ),
        effects=tuple(fold.effects),
        missing=ordered.missing,
    )
