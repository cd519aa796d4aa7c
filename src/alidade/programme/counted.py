"""Counted: every figure that was given of a measure, in entries and replies alike, with who gave it and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alidade.programme.analysis import HeldRound
from alidade.programme.register import Figure
from alidade.programme.standing import KeptEntry, entry_day

__all__ = ["Counted", "counted_figures"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A figure. `where` is "entry" or "answer"; `source` the reference of the entry or of the round."""

    key: str
    state: str
    where: str
    source: str
    authority: str
    day: dt.date
    said_at: dt.datetime
    figure: Figure

    @property
    def thing(self) -> tuple[str, str, str]:
        """What is counted: of which measure, in which unit, and what."""
        return self.key, self.figure.unit.casefold().strip(), self.figure.of.casefold().strip()


def counted_figures(entries: Iterable[KeptEntry], held: Iterable[HeldRound]) -> Iterator[Counted]:
    """The figures of entries, then those of replies that were submitted; a joint reply counts once."""
    for kept in entries:
        if kept.entry.figure is not None:
            yield Counted(
                key=kept.entry.measure,
                state=kept.entry.state,
                where="entry",
                source=kept.reference,
                authority=kept.authority,
                day=entry_day(kept),
                said_at=kept.said_at,
                figure=kept.entry.figure,
            )
    for each in held:
        yield from _of_round(each)


def _of_round(held: HeldRound) -> Iterator[Counted]:
    keys = {question.key: question.measure or question.key for question in held.round.questions}
    for said in held.answers:
        for part in said.answer.parts if said.answer.submitted else ():
            for figure in part.figures:
                yield Counted(
                    key=keys.get(part.question, part.question),
                    state=said.answer.state,
                    where="answer",
                    source=held.reference,
                    authority=said.authority,
                    day=said.said_at.date(),
                    said_at=said.said_at,
                    figure=figure,
                )
