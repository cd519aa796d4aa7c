"""Contradictions: what does not agree between two sayings about one measure and one State."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alidade.programme.analysis import CLAIMED, Board, HeldRound, stage_of_status
from alidade.programme.counted import counted_figures
from alidade.programme.register import Figure
from alidade.programme.standing import KeptEntry, KeptVerification, Standing, entry_day

__all__ = ["Contradiction", "Side", "contradictions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the sayings. `code` is of measure_statuses ("entry"), answer_kinds ("answer") or verification_rulings
    ("verification"); `source` is the reference of the entry, of the round or of the verification."""

    where: str
    source: str
    authority: str
    day: dt.date
    code: str = ""
    figure: Figure | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two or more sayings that cannot all be right. An empty State: of the measure as a whole.

    `code`: `status_differs` (an entry and a reply are at different stages), `figures_differ` (two figures of one
    thing for one period), `contested` (said to be done, and another authority contests it).
    """

    code: str
    key: str
    state: str
    sides: tuple[Side, ...]


def contradictions(
    seen: Board,
    entries: Sequence[KeptEntry],
    held: Sequence[HeldRound],
    standings: Mapping[str, Standing],
) -> list[Contradiction]:
    """Everything that does not agree, by measure and State in the order of the table."""
    found = [*_stages(seen), *_figures(entries, held), *_contested(standings)]
    order = {subject.key: place for place, subject in enumerate(seen.subjects)}
    return sorted(found, key=lambda each: (order.get(each.key, len(order)), each.state, each.code))


def _stages(seen: Board) -> Iterator[Contradiction]:
    for cell in seen.cells.values():
        if cell.differs:
            sides = tuple(
                Side(where=each.where, source=each.source, authority=each.authority, day=each.day, code=each.code)
                for each in cell.said
            )
            yield Contradiction(code="status_differs", key=cell.key, state=cell.state, sides=sides)


def _figures(entries: Iterable[KeptEntry], held: Iterable[HeldRound]) -> Iterator[Contradiction]:
    alike: dict[tuple[str, tuple[str, str, str]], list[Side]] = {}
    for each in counted_figures(entries, held):
        side = Side(where=each.where, source=each.source, authority=each.authority, day=each.day, figure=each.figure)
        alike.setdefault((each.state, each.thing), []).append(side)
    for (state, (key, _unit, _of)), sides in alike.items():
        for group in _periods(sides):
            if len({side.figure.value for side in group if side.figure is not None}) > 1:
                yield Contradiction(code="figures_differ", key=key, state=state, sides=tuple(group))


def _periods(sides: Sequence[Side]) -> Iterable[list[Side]]:
    """Sayings of one period: replies and entries of one year with each other, entries alone of one day.

    A row of entries in one year may count month by month; a reply to a round speaks of its year.
    """
    of_year: dict[int, list[Side]] = {}
    for side in sides:
        of_year.setdefault(side.day.year, []).append(side)
    for group in of_year.values():
        if any(side.where == "answer" for side in group):
            yield group
            continue
        of_day: dict[dt.date, list[Side]] = {}
        for side in group:
            of_day.setdefault(side.day, []).append(side)
        yield from of_day.values()


def _contested(standings: Mapping[str, Standing]) -> Iterator[Contradiction]:
    for key, standing in standings.items():
        about = {ref for finding in standing.findings if finding.code == "contested" for ref in finding.about}
        for kept in standing.history:
            if kept.reference not in about or not kept.entry.status:
                continue
            if stage_of_status(kept.entry.status) not in CLAIMED:
                continue
            against = [
                ruled
                for ruled in standing.verifications.get(kept.reference, ())
                if ruled.verification.ruling == "contested"
            ]
            yield Contradiction(
                code="contested",
                key=key,
                state=kept.entry.state,
                sides=(_said(kept), *(_ruled(each) for each in against)),
            )


def _said(kept: KeptEntry) -> Side:
    return Side(
        where="entry",
        source=kept.reference,
        authority=kept.authority,
        day=entry_day(kept),
        code=kept.entry.status,
        reason="",
    )


def _ruled(ruled: KeptVerification) -> Side:
    return Side(
        where="verification",
        source=ruled.reference,
        authority=ruled.authority,
        day=ruled.said_at.date(),
        code=ruled.verification.ruling,
        reason=ruled.verification.reason,
    )
