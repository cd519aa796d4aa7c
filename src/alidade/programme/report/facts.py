"""What a report is made from: a paper, how its measures stand, rounds on it, and what the last report told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alidade.programme.analysed import Analysis
from alidade.programme.register import Carried, Instrument, Measure
from alidade.programme.report.content import Content
from alidade.programme.rounds import Cell, Count, Round
from alidade.programme.standing import Standing

__all__ = ["LEAST_SHOWN", "Facts", "RoundFacts"]

LEAST_SHOWN = 3
"""A count of States below this is not shown where replies are not to be published (small cells)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """A round on the paper, with the replies that the writer may see. `open_cells`: all of them may be published."""

    round: Round
    cells: Mapping[tuple[str, str], Cell]
    counts: Mapping[str, Count]
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a report may tell, as its writer may see it on that day.

    `authorities` are the names of authorities by id; `states` of States by alpha-3, in the language of the report;
    `terms(list, code)` gives the term of a code. `state` is the State of a State report; `meeting` names the meeting of
    a briefing, whose day limits what comes next. `analysis` is of the paper with its newest round.
    """

    paper: Instrument
    standings: Mapping[str, Standing]
    earlier: Mapping[str, Sequence[tuple[str, str, Measure, Carried]]]
    rounds: Sequence[RoundFacts]
    day: dt.date
    authority: str
    classification: str
    conditions: str
    authorities: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    state: str = ""
    meeting: str = ""
    until: dt.date | None = None
    previous: Content | None = None
    analysis: Analysis | None = None
