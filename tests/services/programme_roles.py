"""What the use cases of the follow-up need: for each the act that a role must list, and a call of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from personas import DE, NL, Office

from alidade.model.viewer import Actor
from alidade.programme.agenda import Meeting
from alidade.programme.carrying import Step
from alidade.programme.register import Entry, Instrument, Measure, Verification
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.programme.accepting import accept, proposal, propose
from alidade.services.programme.register import (
    add_entry,
    carry_over,
    change_paper,
    keep_paper,
    papers,
    read_paper,
    take_back,
    verify,
)
from alidade.services.programme.reports import (
    ReportOrder,
    agenda,
    calendar_feed,
    change_meeting,
    drafted,
    freeze,
    keep_meeting,
    reports,
    take_back_meeting,
    written,
)
from alidade.services.programme.rounds import (
    answer_round,
    answer_to_fill,
    change_round,
    close_round,
    hold_round,
    read_round,
    rounds,
)

NONE = "0" * 32
LETTER = b"1. Members should seal containers by 2027.\n"
MEETING = Meeting(title={"en": "Working group"}, starts=dt.date(2026, 7, 1))
ASKED = Round(
    title={"en": "Follow-up"},
    questions=(Question(key="1", text={"en": "What was done?"}),),
    asked=(NL, DE),
    opens=dt.date(2026, 6, 1),
    cut_off=dt.date(2026, 7, 1),
)


def paper(number: str = "10270/24", keys: str = "12") -> Instrument:
    """A paper with a measure for each letter."""
    measures = tuple(Measure(key=key, title={"en": f"Measure {key}"}) for key in keys)
    return Instrument(number=number, kind="progress_report", title={"en": "Progress"}, measures=measures)


def said(instrument: str) -> Entry:
    """What an authority says of the first measure of a paper."""
    return Entry(instrument=instrument, measure="1", kind="status", status="done")


class ProgrammeScene:
    """Papers, what was said of them, a round, a meeting and a report, made by policy officers."""

    def __init__(self, office: Office) -> None:
        node = office.node
        own, other = (office.officer(who, "policy_officer") for who in (NL, DE))
        self.paper = keep_paper(node, own, paper())
        self.earlier = keep_paper(node, other, paper("16293/24", "A"))
        self.said = add_entry(node, own, said(self.paper))
        self.said_by_other = add_entry(node, other, said(self.paper))
        self.round = hold_round(node, own, ASKED)
        self.meeting = keep_meeting(node, own, MEETING)
        self.order = ReportOrder(template="progress_report", instrument=self.paper, language="en")
        self.report = freeze(node, own, self.order)


def _answer(s: Any, a: Actor) -> object:
    parts = (Part(question="1", kind="done"),)
    return answer_round(s.office.node, a, Answer(round=s.programme.round, state="NLD", parts=parts, submitted=True))


def _carry(s: Any, a: Actor) -> object:
    steps = [Step(measure="A", how="continued", into="1")]
    return carry_over(s.office.node, a, s.programme.earlier, s.programme.paper, steps, 1)


def _verify(s: Any, a: Actor) -> object:
    return verify(s.office.node, a, Verification(entry=s.programme.said_by_other, ruling="confirmed"))


PROGRAMME_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    papers: ("programme_read", lambda s, a: papers(s.office.node, a)),
    read_paper: ("programme_read", lambda s, a: read_paper(s.office.node, a, s.programme.paper)),
    keep_paper: ("programme_write", lambda s, a: keep_paper(s.office.node, a, paper("5/26"))),
    carry_over: ("programme_write", _carry),
    change_paper: (
        "programme_write",
        lambda s, a: change_paper(s.office.node, a, s.programme.paper, paper(keys="123"), 2),
    ),
    add_entry: ("programme_write", lambda s, a: add_entry(s.office.node, a, said(s.programme.paper))),
    take_back: ("programme_write", lambda s, a: take_back(s.office.node, a, s.programme.said)),
    verify: ("programme_verify", _verify),
    propose: ("programme_write", lambda s, a: propose(s.office.node, a, LETTER, "letter.txt", "en")),
    proposal: ("programme_write", lambda s, a: proposal(s.office.node, a, NONE)),
    accept: ("programme_write", lambda s, a: accept(s.office.node, a, NONE, ())),
    rounds: ("programme_read", lambda s, a: rounds(s.office.node, a)),
    read_round: ("programme_read", lambda s, a: read_round(s.office.node, a, s.programme.round)),
    answer_to_fill: ("programme_read", lambda s, a: answer_to_fill(s.office.node, a, s.programme.round)),
    answer_round: ("round_answer", _answer),
    hold_round: ("round_manage", lambda s, a: hold_round(s.office.node, a, ASKED)),
    change_round: ("round_manage", lambda s, a: change_round(s.office.node, a, s.programme.round, ASKED, 1)),
    close_round: ("round_manage", lambda s, a: close_round(s.office.node, a, s.programme.round, 2)),
    drafted: ("report_write", lambda s, a: drafted(s.office.node, a, s.programme.order)),
    freeze: ("report_write", lambda s, a: freeze(s.office.node, a, s.programme.order)),
    reports: ("programme_read", lambda s, a: reports(s.office.node, a)),
    written: ("programme_read", lambda s, a: written(s.office.node, a, s.programme.report, "html")),
    agenda: ("programme_read", lambda s, a: agenda(s.office.node, a, "en")),
    calendar_feed: ("programme_read", lambda s, a: calendar_feed(s.office.node, a, "en", {})),
    keep_meeting: ("programme_write", lambda s, a: keep_meeting(s.office.node, a, MEETING)),
    change_meeting: ("programme_write", lambda s, a: change_meeting(s.office.node, a, s.programme.meeting, MEETING, 1)),
    take_back_meeting: ("programme_write", lambda s, a: take_back_meeting(s.office.node, a, s.programme.meeting)),
}
