"""Folding: taking the steps of a thread one after the other, in their order, and saying which of them take effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from alidade.model.ids import AuthorityId
from alidade.procedures.clock_events import ClockMoves
from alidade.procedures.conditions import holds
from alidade.procedures.definition import COPY, Copy, Definition, Effect, State, Transition
from alidade.procedures.ordering import Ordered
from alidade.procedures.steps import Opened, Step, Value

__all__ = ["WHY", "DueEffect", "Fold", "PlacedStep", "Status", "objection_to_built_in"]

Status = Literal["effective", "crossed", "waiting"]

WHY: Final[Mapping[str, str]] = {
    "": "It took effect.",
    "state": "The thread had moved on when this step met it.",
    "role": "The part that this authority plays does not include this step.",
    "reason": "A reason from the closed list is missing.",
    "note": "The words of explanation are missing.",
    "approval": "The approval of a second officer is missing.",
    "not_party": "This authority is not a party to the thread.",
    "no_opening": "It does not follow the first step of the thread.",
    "bad_opening": "The first step does not fit the procedure.",
    "twice": "It had been done already.",
    "forked": "Its author had already used this number for another step.",
    "unknown_step": "The procedure has no such step.",
    "waiting": "Steps that its author had seen are not here yet.",
}
"""Why a step has no effect, as a sentence, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStep:
    """A step in its place: whether it took effect, why not (a code of WHY), and the state of the thread after it."""

    step: Step
    status: Status
    why: str
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEffect:
    """What an effective step does beyond the thread; to be carried out once for each `author`, `number` and `code`.

    A step that is crossed later, because an earlier one arrives late, takes its effect out of the list; what has been
    carried out by then stays done and is shown to both sides.
    """

    code: str
    author: AuthorityId
    number: int
    at: str
    arguments: Mapping[str, Value]


def objection_to_built_in(code: str, role: str, state: State) -> str:
    """Why a party in this role may not take a built-in step in this state; empty where he may."""
    if code in ("message", "received", "read"):
        return ""
    if role == COPY:
        return "role"
    if state.final or state.turn is None:
        return "state"
    if code == "remind":
        return "role" if state.turn == role else ""
    return "" if state.turn == role else "role"  # reassure


class Fold:
    """Takes steps one after the other, in their order."""

    def __init__(self, definition: Definition, opener: AuthorityId | None, ordered: Ordered) -> None:
        self.definition = definition
        self.opener = opener
        self.ordered = ordered
        self.opened: Opened | None = None
        self.state: str | None = None
        self.parties: dict[AuthorityId, str] = {}
        self.facts: dict[str, Value] = {}
        self.done: set[tuple[AuthorityId, str]] = set()
        self.placed: list[PlacedStep] = []
        self.effects: list[DueEffect] = []
        self.clocks = ClockMoves(definition)

    def take(self, step: Step) -> None:
        why = self.objection(step)
        if why == "":
            self.carry_out(step)
        self.placed.append(PlacedStep(step=step, status="crossed" if why else "effective", why=why, state=self.state))

    def objection(self, step: Step) -> str:
        if self.opened is None:
            return self.objection_to_opening(step)
        if step.code == "open":
            return "twice"
        role = self.parties.get(step.author)
        if role is None:
            return "not_party"
        if self.opener not in self.ordered.past[(step.author, step.number)]:
            return "no_opening"
        if step.code in ("received", "read") and (step.author, step.code) in self.done:
            return "twice"
        transition = self.definition.transition(step.code)
        if transition is not None:
            return self.objection_to(transition, step, role)
        if step.code not in ("message", "received", "read", "remind", "reassure") or self.state is None:
            return "unknown_step"
        return objection_to_built_in(step.code, role, self.definition.state(self.state))

    def objection_to_opening(self, step: Step) -> str:
        opened, opening = step.opened, self.definition.opening
        if step.code != "open" or (self.opener is not None and step.author != self.opener):
            return "no_opening"
        if opened is None or step.number != 1 or step.seen:
            return "bad_opening"
        if (opened.procedure, opened.version) != (self.definition.code, self.definition.version):
            return "bad_opening"
        held = list(opened.parties.values())
        for role in self.definition.roles:
            count = held.count(role.code)
            if (count == 0 and not role.optional) or (count > 1 and not role.many):
                return "bad_opening"
        known = {role.code for role in self.definition.roles} | {COPY}
        if not known.issuperset(held) or opened.parties.get(step.author) not in opening.by:
            return "bad_opening"
        return "approval" if opening.four_eyes and not _two_officers(step) else ""

    def objection_to(self, transition: Transition, step: Step, role: str) -> str:
        if role not in transition.by:
            return "role"
        if self.state not in transition.from_states:
            return "state"
        if transition.four_eyes and not _two_officers(step):
            return "approval"
        if transition.reason_required and not step.reason:
            return "reason"
        closed = self.definition.reasons_of(transition.code)
        if step.reason and closed is not None and step.reason not in {choice.code for choice in closed}:
            return "reason"
        if transition.note_required and not step.note.strip():
            return "note"
        return ""

    def carry_out(self, step: Step) -> None:
        ended = self.state is not None and self.definition.state(self.state).final
        self.done.add((step.author, step.code))
        form = self.definition.form_of_step(step.code)
        if form is not None:
            asked = {field.code for field in form.fields}
            self.facts.update({code: value for code, value in step.values.items() if code in asked})
        if step.code == "open" and step.opened is not None:
            opening = self.definition.opening
            self.opener, self.opened, self.state = step.author, step.opened, opening.to_state
            self.parties.update(step.opened.parties)
            self.follow(step, opening.effects, opening.copies)
        elif (transition := self.definition.transition(step.code)) is not None:
            self.state = transition.to_state or self.state
            self.follow(step, transition.effects, transition.copies)
        if not ended:  # a receipt that arrives after the end starts nothing
            self.clocks.move(step, self.parties, self.facts)

    def follow(self, step: Step, effects: tuple[Effect, ...], copies: tuple[Copy, ...]) -> None:
        for copy in copies:
            if holds(copy.when, self.facts):
                self.add_copies(self.facts.get(copy.field))
        for effect in effects:
            if effect.code == "none" or not holds(effect.when, self.facts):
                continue
            arguments: dict[str, Value] = dict(effect.fixed)
            for name, field in effect.arguments.items():
                if field in self.facts:
                    arguments[name] = self.facts[field]
            if effect.code == "copy_to":
                self.add_copies(arguments.get("authority"))
            self.effects.append(
                DueEffect(code=effect.code, author=step.author, number=step.number, at=step.at, arguments=arguments)
            )

    def add_copies(self, named: Value | None) -> None:
        for each in named if isinstance(named, tuple) else (named,):
            if isinstance(each, str) and each.strip():
                self.parties.setdefault(AuthorityId(each), COPY)


def _two_officers(step: Step) -> bool:
    return bool(step.approved_by) and step.approved_by != step.officer
