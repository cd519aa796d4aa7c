"""What the use cases of the follow-up need: for each the act that a role must list, and a call of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from personas import DE, NL, Office

from alidade.model.viewer import Actor
from alidade.programme.agenda import Meeting
from alidade.programme.carrying import Step
from alidade.programme.evaluation_pieces import Comments, DraftReport
from alidade.programme.register import Counting, DocumentRef, Entry, Instrument, Measure, Verification
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.programme.accepting import accept, proposal, propose
from alidade.services.programme.analysis import analyse, analyse_all, take_table_out
from alidade.services.programme.delegating import (
    delegate,
    delegated,
    end_delegation,
    fill_share,
    return_share,
    share_to_fill,
    take_share,
)
from alidade.services.programme.entries import correct_entry
from alidade.services.programme.evaluation_reports import (
    Adoption,
    FollowUpOrder,
    adopt_report,
    comment_on_draft,
    keep_draft,
    open_follow_up,
)
from alidade.services.programme.evaluations import (
    BeginOrder,
    Plan,
    PlannedVisit,
    begin_evaluations,
    change_plan,
    evaluations,
    move_evaluation,
    read_evaluation,
    take_back_evaluation,
)
from alidade.services.programme.frozen import read_report, report_differences
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
from alidade.services.programme.reminding import remind, reminders, rounds_waiting
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
from alidade.services.programme.taking import recounted, take_figure, what_can_be_counted
from alidade.services.programme.translating import (
    replies,
    rule_on_translation,
    translate,
    translations_waiting,
)
from alidade.services.programme.travel_answers import take_answer
from alidade.services.programme.travel_telling import remind_asked, tell_closed
from alidade.services.programme.travel_view import arrived, thread_of, travel
from alidade.services.programme.travelling import send_answer, send_round, take_round

NONE = "0" * 32
TODAY = dt.date(2026, 6, 16)
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
        self.visits = BeginOrder(
            round=hold_round(node, own, ASKED), title={"en": "Visits"}, visits=[PlannedVisit(state="DEU")]
        )
        parts = (Part(question="1", kind="done"),)
        answer = Answer(round=self.visits.round, state="DEU", parts=parts, submitted=True)
        answer_round(node, other, answer)
        (self.evaluation,) = begin_evaluations(node, own, self.visits)
        self.order = ReportOrder(template="progress_report", instrument=self.paper, language="en")
        self.report = freeze(node, own, self.order)


def _answer(s: Any, a: Actor) -> object:
    parts = (Part(question="1", kind="done"),)
    return answer_round(s.office.node, a, Answer(round=s.programme.round, state="NLD", parts=parts, submitted=True))


def _translate(s: Any, a: Actor) -> object:
    return translate(s.office.node, a, NONE, question="1", field="text", language="fr", text="Fait.", made="person")


def _carry(s: Any, a: Actor) -> object:
    steps = [Step(measure="A", how="continued", into="1")]
    return carry_over(s.office.node, a, s.programme.earlier, s.programme.paper, steps, 1)


def _verify(s: Any, a: Actor) -> object:
    return verify(s.office.node, a, Verification(entry=s.programme.said_by_other, ruling="confirmed"))


def _comment(s: Any, a: Actor) -> object:
    said = Comments(evaluation=s.programme.evaluation, state="DEU", none=True)
    return comment_on_draft(s.office.node, a, said)


def _draft(s: Any, a: Actor) -> object:
    return keep_draft(s.office.node, a, DraftReport(evaluation=s.programme.evaluation), 0)


def _adopt(s: Any, a: Actor) -> object:
    return adopt_report(s.office.node, a, NONE, Adoption(day=TODAY, document=DocumentRef(number="1")), 1, "agreed")


def _follow_up(s: Any, a: Actor) -> object:
    order = FollowUpOrder(title={"en": "Again"}, opens=TODAY, cut_off=TODAY)
    return open_follow_up(s.office.node, a, s.programme.evaluation, order, 1, "due")


def _counting(s: Any) -> Counting:
    return Counting(kind="round", of=s.programme.round, what="answered")


def _take(s: Any, a: Actor) -> object:
    draft = Entry(instrument=s.programme.paper, measure="1", kind="result")
    return take_figure(s.office.node, a, draft, _counting(s))


def _table(s: Any, a: Actor) -> object:
    return take_table_out(s.office.node, a, "measures", "csv", paper=s.programme.paper)


PROGRAMME_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    analyse: ("programme_read", lambda s, a: analyse(s.office.node, a, paper=s.programme.paper)),
    analyse_all: ("programme_read", lambda s, a: analyse_all(s.office.node, a)),
    take_table_out: ("programme_read", _table),
    what_can_be_counted: ("figure_take", lambda s, a: what_can_be_counted(s.office.node, a, "en")),
    take_figure: ("figure_take", _take),
    recounted: ("figure_take", lambda s, a: recounted(s.office.node, a, [(s.programme.said, _counting(s))])),
    papers: ("programme_read", lambda s, a: papers(s.office.node, a)),
    read_paper: ("programme_read", lambda s, a: read_paper(s.office.node, a, s.programme.paper)),
    keep_paper: ("programme_write", lambda s, a: keep_paper(s.office.node, a, paper("5/26"))),
    carry_over: ("programme_write", _carry),
    change_paper: (
        "programme_write",
        lambda s, a: change_paper(s.office.node, a, s.programme.paper, paper(keys="123"), 2),
    ),
    add_entry: ("programme_write", lambda s, a: add_entry(s.office.node, a, said(s.programme.paper))),
    correct_entry: (
        "programme_write",
        lambda s, a: correct_entry(s.office.node, a, s.programme.said, said(s.programme.paper), 1),
    ),
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
    send_round: ("round_manage", lambda s, a: send_round(s.office.node, a, NONE)),
    take_round: ("round_answer", lambda s, a: take_round(s.office.node, a, NONE)),
    send_answer: ("round_answer", lambda s, a: send_answer(s.office.node, a, NONE)),
    take_answer: ("round_manage", lambda s, a: take_answer(s.office.node, a, NONE)),
    remind_asked: ("round_manage", lambda s, a: remind_asked(s.office.node, a, NONE)),
    tell_closed: ("round_manage", lambda s, a: tell_closed(s.office.node, a, NONE)),
    travel: ("programme_read", lambda s, a: travel(s.office.node, a, s.programme.round)),
    arrived: ("programme_read", lambda s, a: arrived(s.office.node, a)),
    thread_of: ("programme_read", lambda s, a: thread_of(s.office.node, a, NONE)),
    delegated: ("round_answer", lambda s, a: delegated(s.office.node, a, s.programme.round)),
    delegate: ("round_answer", lambda s, a: delegate(s.office.node, a, NONE, DE, ("1",), due=None)),
    share_to_fill: ("round_answer", lambda s, a: share_to_fill(s.office.node, a, NONE)),
    fill_share: ("round_answer", lambda s, a: fill_share(s.office.node, a, NONE, (), handed_in=False, version=0)),
    take_share: ("round_answer", lambda s, a: take_share(s.office.node, a, NONE, version=1)),
    return_share: ("round_answer", lambda s, a: return_share(s.office.node, a, NONE, "why", version=1)),
    end_delegation: ("round_answer", lambda s, a: end_delegation(s.office.node, a, NONE)),
    reminders: ("round_manage", lambda s, a: reminders(s.office.node, a, s.programme.round)),
    remind: ("round_manage", lambda s, a: remind(s.office.node, a, s.programme.round)),
    rounds_waiting: ("round_answer", lambda s, a: rounds_waiting(s.office.node, a)),
    replies: ("programme_read", lambda s, a: replies(s.office.node, a, s.programme.round)),
    translate: ("round_answer", _translate),
    rule_on_translation: (
        "round_answer",
        lambda s, a: rule_on_translation(s.office.node, a, NONE, approve=True, of=NONE),
    ),
    translations_waiting: ("round_answer", lambda s, a: translations_waiting(s.office.node, a)),
    drafted: ("report_write", lambda s, a: drafted(s.office.node, a, s.programme.order)),
    freeze: ("report_write", lambda s, a: freeze(s.office.node, a, s.programme.order)),
    reports: ("programme_read", lambda s, a: reports(s.office.node, a)),
    read_report: ("programme_read", lambda s, a: read_report(s.office.node, a, s.programme.report)),
    report_differences: (
        "programme_read",
        lambda s, a: report_differences(s.office.node, a, s.programme.report, s.programme.report),
    ),
    written: ("programme_read", lambda s, a: written(s.office.node, a, s.programme.report, "html")),
    agenda: ("programme_read", lambda s, a: agenda(s.office.node, a, "en")),
    calendar_feed: ("programme_read", lambda s, a: calendar_feed(s.office.node, a, "en", {})),
    keep_meeting: ("programme_write", lambda s, a: keep_meeting(s.office.node, a, MEETING)),
    change_meeting: ("programme_write", lambda s, a: change_meeting(s.office.node, a, s.programme.meeting, MEETING, 1)),
    take_back_meeting: ("programme_write", lambda s, a: take_back_meeting(s.office.node, a, s.programme.meeting)),
    evaluations: ("programme_read", lambda s, a: evaluations(s.office.node, a)),
    read_evaluation: ("programme_read", lambda s, a: read_evaluation(s.office.node, a, s.programme.evaluation)),
    begin_evaluations: ("round_manage", lambda s, a: begin_evaluations(s.office.node, a, s.programme.visits)),
    change_plan: ("round_manage", lambda s, a: change_plan(s.office.node, a, s.programme.evaluation, Plan(), 1)),
    keep_draft: ("round_manage", _draft),
    comment_on_draft: ("round_answer", _comment),
    adopt_report: ("round_manage", _adopt),
    open_follow_up: ("round_manage", _follow_up),
    take_back_evaluation: ("round_manage", lambda s, a: take_back_evaluation(s.office.node, a, NONE)),
    move_evaluation: (
        "round_manage",
        lambda s, a: move_evaluation(s.office.node, a, s.programme.evaluation, "answered", 2, "in"),
    ),
}
