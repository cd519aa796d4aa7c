"""Delegation inside a State: the authority that is asked has others answer parts, and answers with one voice.

What each does lies in a piece of its own, which only it changes: the delegation in one of the authority that was asked,
the share in one of the authority that fills it. How far it has come is read from both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from alidade.model.errors import Conflict, Invalid
from alidade.programme.register import Record
from alidade.programme.rounds import Answer, Part, Round, check_part

__all__ = ["Delegation", "Moved", "Share", "Stage", "check_delegation", "check_share", "history", "stage", "with_share"]

Stage = Literal["asked", "begun", "handed_in", "returned", "taken", "ended"]
_Reference = Annotated[str, Meta(min_length=32, max_length=32)]
_OVER: Final = ("taken", "ended")


class Moved(Record, frozen=True, kw_only=True):
    """One step of the history: when, what, why. `version` is that of the share that was returned or taken."""

    at: dt.datetime
    what: Literal["asked", "handed_in", "returned", "taken", "ended"]
    reason: Annotated[str, Meta(max_length=500)] = ""
    version: int = 0


class Delegation(Record, frozen=True, kw_only=True):
    """Which questions of a round another authority of the State is to answer, until when, and what became of it."""

    round: _Reference
    to: Annotated[str, Meta(min_length=1, max_length=64)]
    questions: tuple[Annotated[str, Meta(min_length=1, max_length=20)], ...]
    note: Annotated[str, Meta(max_length=500)] = ""
    due: dt.date | None = None
    history: tuple[Moved, ...] = ()

    @property
    def over(self) -> bool:
        """Whether it was taken or ended, so that nothing is handed in any more."""
        return bool(self.history) and self.history[-1].what in _OVER


class Share(Record, frozen=True, kw_only=True):
    """What the other authority says of its questions; seen by it and by the authority that was asked."""

    delegation: _Reference
    round: _Reference
    parts: tuple[Part, ...] = ()
    handed_in: bool = False
    history: tuple[Moved, ...] = ()


def stage(delegation: Delegation, share: Share | None, version: int = 0) -> Stage:
    """How far it has come. `version` is that of the share as it is now."""
    last = delegation.history[-1] if delegation.history else None
    if last is not None and last.what in ("taken", "ended"):
        return "taken" if last.what == "taken" else "ended"
    if share is None:
        return "asked"
    if last is not None and last.what == "returned" and last.version == version:
        return "returned"
    return "handed_in" if share.handed_in else "begun"


def history(delegation: Delegation, share: Share | None) -> list[Moved]:
    """Every step that either took, in the order of time."""
    order = ("asked", "handed_in", "returned", "taken", "ended")
    steps = [*delegation.history, *(share.history if share is not None else ())]
    return sorted(steps, key=lambda step: (step.at, step.version, order.index(step.what)))


def check_delegation(delegation: Delegation, round_: Round, others: Iterable[Delegation]) -> None:
    """Raises Invalid for no question or one that is not asked; Conflict for one that lies with an authority already."""
    if not delegation.questions:
        raise Invalid("No question is chosen.", remedy="Mark the questions that the other authority is to answer.")
    taken = {key: other.to for other in others if not other.over for key in other.questions}
    for key in delegation.questions:
        if round_.question(key) is None:
            raise Invalid(f"The round has no question {key}.", remedy="Choose among its questions.")
        if key in taken:
            raise Conflict(
                f"Question {key} lies with {taken[key]} already.", remedy="End that first.", code="delegated_already"
            )
    if round_.closed_on is not None:
        raise Conflict("This round is closed already.", code="round_closed")


def check_share(share: Share, delegation: Delegation, round_: Round, state: str) -> None:
    """Raises Invalid where a reply cannot be as it is or was not asked for; Conflict where it is over.

    What is handed in has an answer to each question.
    """
    if delegation.over:
        raise Conflict("This was taken or ended; nothing is handed in any more.", code="delegation_over")
    for part in share.parts:
        if part.question not in delegation.questions:
            raise Invalid(f"Question {part.question} was not given to your authority.")
        check_part(part, round_, state)
    missing = [key for key in delegation.questions if key not in {part.question for part in share.parts}]
    if share.handed_in and missing:
        raise Invalid(
            f"Question {missing[0]} is not answered yet.",
            remedy="Answer it, or choose “No information”; a draft may have gaps.",
        )


def with_share(answer: Answer, parts: Sequence[Part], to: str, round_: Round) -> Answer:
    """The answer of the State with what another authority handed in, which is named as one that took part."""
    given = {part.question: part for part in parts}
    known = {part.question: part for part in answer.parts} | given
    ordered = tuple(known[question.key] for question in round_.questions if question.key in known)
    return msgspec.structs.replace(answer, parts=ordered, delegated_to=tuple(sorted({*answer.delegated_to, to})))
