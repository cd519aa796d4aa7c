"""Analysed: a paper, or a round on none, with everything that can be computed of it for one viewer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alidade.programme.analysis import SILENT, Board, Cell, HeldRound, Tally, board, subjects_of, tally
from alidade.programme.approved import approved
from alidade.programme.contradictions import Contradiction, contradictions
from alidade.programme.figure_tables import FigureTable, figure_tables
from alidade.programme.register import Instrument
from alidade.programme.remarks import ObstacleGroup, Remark, obstacle_groups, remarks
from alidade.programme.standing import KeptEntry, KeptVerification, Standing, stand

__all__ = ["Analysis", "analysed", "newest_rounds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a viewer may know of a paper and its round. `standings` are of the measures as a whole, empty without one.

    `held` are the rounds whose replies are in it.
    """

    board: Board
    standings: Mapping[str, Standing]
    contradictions: Sequence[Contradiction]
    remarks: Sequence[Remark]
    obstacles: Sequence[ObstacleGroup]
    figures: Sequence[FigureTable]
    held: Sequence[HeldRound]

    @property
    def whole(self) -> Tally:
        """All States and measures together."""
        return tally(self.board.cells.values())

    def cells(self, finding: str) -> list[Cell]:
        """The cells with a finding (late, silent, unevidenced), by measure in the order of the paper, then by State."""
        order = {subject.key: place for place, subject in enumerate(self.board.subjects)}
        found = [cell for cell in self.board.cells.values() if _has(cell, finding)]
        return sorted(found, key=lambda cell: (order[cell.key], cell.state))

    def named(self, kind: str) -> list[Remark]:
        """The good practices or training needs."""
        return [each for each in self.remarks if each.kind == kind]


def _has(cell: Cell, finding: str) -> bool:
    if finding == "silent":
        return cell.stage == SILENT
    return cell.late if finding == "late" else cell.unevidenced


def analysed(
    paper: Instrument | None,
    entries: Sequence[KeptEntry],
    rulings: Sequence[KeptVerification],
    held: Sequence[HeldRound],
    today: dt.date,
    *,
    known: frozenset[str],
) -> Analysis:
    """Everything, from what a viewer may see; translations that nobody has approved are left out."""
    quoted = [
        HeldRound(reference=each.reference, round=each.round, answers=[approved(kept) for kept in each.answers])
        for each in held
    ]
    standings = {} if paper is None else stand(paper, entries, rulings, today)
    seen = board(subjects_of(paper, quoted), entries, quoted, today, known=known)
    found = remarks(entries, quoted)
    return Analysis(
        board=seen,
        standings=standings,
        contradictions=contradictions(seen, entries, quoted, standings),
        remarks=found,
        obstacles=obstacle_groups(found),
        figures=figure_tables(entries, quoted),
        held=quoted,
    )


def newest_rounds(held: Sequence[HeldRound]) -> list[HeldRound]:
    """The round that opened last (of several the first given): in it silence is silence, whatever was said before."""
    return [max(held, key=lambda each: each.round.opens)] if held else []
