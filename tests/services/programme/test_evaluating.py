"""Mutual evaluations at work: the holder moves them, the State answers and comments, the draft is for few eyes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from personas import DE, FR, NL, Office

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.programme.evaluation_pieces import Comments, DraftReport, Expert
from alidade.programme.evaluations import OTHER_STATES
from alidade.programme.register import DocumentRef, Entry, Instrument, Verification
from alidade.programme.rounds import Answer, Part, Question, Recommendation, Round
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
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import add_entry, keep_paper, read_paper, verify
from alidade.services.programme.reports import agenda
from alidade.services.programme.rounds import answer_round, hold_round, read_round

TODAY = dt.date(2026, 6, 16)
DAY = dt.timedelta(days=1)
EN = {"en": "Words"}


def policy(office: Office, who: str = NL) -> Actor:
    return office.officer(who, "policy_officer")


def begun(office: Office, *states: str, by: str = NL, hidden: bool = False, **more: Any) -> tuple[str, list[str]]:
    """A questionnaire to France and Germany, and the evaluations of the States named."""
    asked = Round(
        title={"en": "Questionnaire"},
        questions=(Question(key="Q1", text=EN),),
        asked=(DE, FR),
        opens=TODAY - 40 * DAY,
        cut_off=TODAY - 5 * DAY,
    )
    how = default_handling(office.node, AuthorityId(by), communities=()) if hidden else None
    held = hold_round(office.node, policy(office, by), asked, how)
    visits = [PlannedVisit(state=state, **more) for state in states or ("DEU",)]
    order = BeginOrder(round=held, title={"en": "11th round", "fr": "11e cycle"}, visits=visits)
    return held, begin_evaluations(office.node, policy(office, by), order)


def version(office: Office, reference: str) -> int:
    return read_evaluation(office.node, policy(office), reference).kept.version


def answered(office: Office, held: str, who: str = DE, state: str = "DEU") -> None:
    answer = Answer(round=held, state=state, parts=(Part(question="Q1", kind="reported"),), submitted=True)
    answer_round(office.node, policy(office, who), answer)


def go(office: Office, reference: str, to: Any, reason: str = "because") -> None:
    move_evaluation(office.node, policy(office), reference, to, version(office, reference), reason)


def plan(**more: Any) -> Plan:
    fields: dict[str, Any] = {
        "visit_from": TODAY - 3 * DAY,
        "visit_to": TODAY - DAY,
        "experts": (Expert(state="XXX", authority=FR, field="customs"), Expert(state="ITA")),
        "observers": ("Europol",),
    }
    return Plan(**(fields | more))


def drafted(reference: str) -> DraftReport:
    told = (
        Recommendation(number="1", addressee="DEU", text=EN),
        Recommendation(number="2", addressee="DEU", text=EN),
        Recommendation(number="3", addressee=OTHER_STATES, text=EN),
    )
    return DraftReport(evaluation=reference, findings=(EN,), good_practices=(EN,), recommendations=told)


def at_draft(office: Office) -> str:
    held, (reference,) = begun(office)
    answered(office, held)
    go(office, reference, "answered")
    change_plan(office.node, policy(office), reference, plan(), version(office, reference), "agreed")
    go(office, reference, "visit")
    keep_draft(office.node, policy(office), drafted(reference), 0)
    return reference


def at_follow_up(office: Office) -> tuple[str, str, str]:
    reference = at_draft(office)
    go(office, reference, "draft")
    said = Comments(evaluation=reference, state="DEU", on={"2": EN})
    comment_on_draft(office.node, policy(office, DE), said)
    adoption = Adoption(day=TODAY, document=DocumentRef(number="9428/25"), body="COPEN")
    paper = adopt_report(office.node, policy(office), reference, adoption, version(office, reference), "adopted")
    order = FollowUpOrder(title={"en": "Follow-up"}, opens=TODAY, cut_off=TODAY + 500 * DAY)
    held = open_follow_up(office.node, policy(office), reference, order, version(office, reference), "it is time")
    return reference, paper, held


def test_a_round_of_evaluations_begins_from_ones_own_questionnaire(office: Office) -> None:
    held, both = begun(office, "DEU", "FRA", visit_from=TODAY + 20 * DAY, visit_to=TODAY + 23 * DAY)
    assert len(both) == 2
    assert office.newest_entry() == ("round_manage", "allowed")
    assert read_evaluation(office.node, policy(office, FR), both[0]).kept.body.asked == (DE,)
    again = BeginOrder(round=held, title=EN, visits=[PlannedVisit(state="FRA")])
    with pytest.raises(Conflict):
        begin_evaluations(office.node, policy(office), again)
    with pytest.raises(NotFound):
        begin_evaluations(office.node, policy(office, DE), again)
    for state in ("ITA", "NLD"):
        order = BeginOrder(round=held, title=EN, visits=[PlannedVisit(state=state)])
        with pytest.raises(Invalid):
            begin_evaluations(office.node, policy(office), order)
    assert len(evaluations(office.node, policy(office))) == 2
    take_back_evaluation(office.node, policy(office), both[0])
    assert [line.kept.body.state for line in evaluations(office.node, policy(office))] == ["FRA"]


def test_what_is_late_stands_first_and_time_alone_makes_it_so(office: Office) -> None:
    held, (germany, _france) = begun(office, "DEU", "FRA")
    answered(office, held)
    lines = evaluations(office.node, policy(office))
    assert [(line.kept.body.state, line.due and line.due.what, line.due and line.due.late) for line in lines] == [
        ("FRA", "answers", True),
        ("DEU", "visit_set", False),
    ]
    go(office, germany, "answered")
    ahead = plan(visit_from=TODAY + DAY, visit_to=TODAY + DAY, draft_by=TODAY + 2 * DAY)
    change_plan(office.node, policy(office), germany, ahead, version(office, germany))
    go(office, germany, "visit")
    before = read_evaluation(office.node, policy(office), germany).due
    office.clock.move(days=10)
    after = read_evaluation(office.node, policy(office), germany).due
    assert before is not None
    assert after is not None
    assert [(each.what, each.late) for each in (before, after)] == [("visit", False), ("draft", True)]


def test_the_state_visited_never_moves_it_and_neither_does_anybody_else(office: Office) -> None:
    held, (reference,) = begun(office)
    with pytest.raises(Invalid) as early:
        go(office, reference, "answered")
    assert early.value.code == "evaluation_not_ready"
    answered(office, held)
    for who in (DE, FR):
        with pytest.raises(NotFound):
            move_evaluation(office.node, policy(office, who), reference, "answered", 1, "we are ready")
        with pytest.raises(NotFound):
            change_plan(office.node, policy(office, who), reference, plan(), 1)
        with pytest.raises(NotFound):
            keep_draft(office.node, policy(office, who), drafted(reference), 0)
    with pytest.raises(NotAllowed):
        move_evaluation(office.node, office.officer(NL, "liaison_officer"), reference, "answered", 1, "x")
    go(office, reference, "answered")
    with pytest.raises(Conflict):
        change_plan(office.node, policy(office), reference, plan(), 1, "an old version")
    with pytest.raises(Conflict):
        take_back_evaluation(office.node, policy(office), reference)
    mixed, newest = plan(experts=(Expert(state="XXX", authority=DE),)), version(office, reference)
    with pytest.raises(Invalid, match="State that is visited"):
        change_plan(office.node, policy(office), reference, mixed, newest)


def test_the_draft_is_for_the_team_and_then_for_the_state_visited(office: Office) -> None:
    reference = at_draft(office)

    def sees(who: str) -> bool:
        return read_evaluation(office.node, policy(office, who), reference).draft is not None

    assert [sees(who) for who in (NL, FR, DE)] == [True, True, False]
    with pytest.raises(NotFound):
        comment_on_draft(office.node, policy(office, DE), Comments(evaluation=reference, state="DEU", text=EN))
    go(office, reference, "draft")
    assert [sees(who) for who in (NL, FR, DE)] == [True, True, True]
    with pytest.raises(NotFound):
        comment_on_draft(office.node, policy(office, FR), Comments(evaluation=reference, state="DEU", text=EN))
    kept, number = comment_on_draft(
        office.node, policy(office, DE), Comments(evaluation=reference, state="DEU", text=EN)
    )
    again = Comments(evaluation=reference, state="DEU", on={"1": EN})
    assert comment_on_draft(office.node, policy(office, DE), again, number) == (kept, 2)
    seen = read_evaluation(office.node, policy(office, FR), reference)
    assert [each.body.on for each in seen.comments] == [{"1": EN}]
    change = plan(experts=(Expert(state="ITA"),))
    change_plan(office.node, policy(office), reference, change, version(office, reference), "France leaves")
    assert [sees(who) for who in (NL, FR, DE)] == [True, False, True]
    go(office, reference, "visit", "a second visit")
    assert [sees(who) for who in (NL, FR, DE)] == [True, False, False]


def test_on_adoption_the_recommendations_stand_in_the_register(office: Office) -> None:
    reference = at_draft(office)
    go(office, reference, "draft")
    number = DocumentRef(number="9428/25")
    first = Adoption(day=TODAY, document=number)

    def adopt(adoption: Adoption = first, by: str = NL) -> str:
        newest = version(office, reference)
        return adopt_report(office.node, policy(office, by), reference, adoption, newest, "adopted")

    with pytest.raises(Invalid):
        adopt()  # the State has not been heard
    comment_on_draft(office.node, policy(office, DE), Comments(evaluation=reference, state="DEU", none=True))
    with pytest.raises(NotFound):
        adopt(by=DE)
    with pytest.raises(Invalid):
        adopt(Adoption(day=TODAY + DAY, document=number))
    known = Instrument(number="9428/25", kind="other", title=EN)
    keep_paper(office.node, policy(office), known)
    with pytest.raises(Conflict):
        adopt()
    assert read_evaluation(office.node, policy(office), reference).kept.body.stage == "draft"
    paper = adopt(Adoption(day=TODAY, document=DocumentRef(number="9428/25 REV 1")))
    found = read_paper(office.node, policy(office, FR), paper)
    assert found.kept.body.title == {"en": "11th round: Germany", "fr": "11e cycle: Allemagne"}
    assert [(key, standing.measure.addressees) for key, standing in found.standings.items()] == [
        ("1", ("DEU",)), ("2", ("DEU",)), ("3", ("MS",)),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        keep_draft(office.node, policy(office), drafted(reference), 1)
    with pytest.raises(Invalid):
        go(office, reference, "draft", "regret")
    all_may = read_evaluation(office.node, policy(office, FR), reference).kept.body
    assert [len(all_may.findings), len(all_may.recommendations)] == [1, 3]


def test_the_follow_up_asks_on_each_recommendation_and_closes_when_answered(office: Office) -> None:
    reference, paper, held = at_follow_up(office)
    asked = read_round(office.node, policy(office, DE), held).kept.body
    assert (asked.kind, asked.asked, asked.instrument) == ("mutual_evaluation", (DE,), paper)
    assert [question.key for question in asked.questions] == ["1", "2"]
    assert asked.previous == read_evaluation(office.node, policy(office), reference).kept.body.round
    said = add_entry(
        office.node, policy(office, DE), Entry(instrument=paper, measure="1", kind="status", status="done", state="DEU")
    )
    verify(office.node, policy(office, FR), Verification(entry=said, ruling="confirmed"))
    assert read_evaluation(office.node, policy(office), reference).standings["1"].verified
    for parts, number, complete in ((("1",), 0, False), (("1", "2"), 1, True)):
        told = tuple(Part(question=key, kind="planned") for key in parts)
        answer = Answer(round=held, state="DEU", parts=told, submitted=True)
        answer_round(office.node, policy(office, DE), answer, version=number)
        seen = read_evaluation(office.node, policy(office), reference)
        assert (seen.lacking == []) == complete
        if not complete:
            with pytest.raises(Invalid):
                go(office, reference, "closed")
    go(office, reference, "closed", "all answered")
    assert read_evaluation(office.node, policy(office), reference).due is None


def test_other_states_are_asked_about_what_went_to_them(office: Office) -> None:
    reference, _paper, _held = at_follow_up(office)

    def ask(*asked: str, to: Any = "others") -> str:
        order = FollowUpOrder(title=EN, opens=TODAY, cut_off=TODAY + DAY, to=to, asked=asked)
        return open_follow_up(office.node, policy(office), reference, order, version(office, reference), "also")

    with pytest.raises(Conflict):
        ask(to="visited")
    for wrong in ((), (DE,), (FR, DE)):
        with pytest.raises(Invalid):
            ask(*wrong)
    held = ask(FR)
    assert [question.key for question in read_round(office.node, policy(office, FR), held).kept.body.questions] == ["3"]
    assert read_evaluation(office.node, policy(office), reference).kept.body.stage == "follow_up"


def test_the_calendar_has_visit_and_follow_up(office: Office) -> None:
    reference, _paper, _held = at_follow_up(office)
    found, _ = agenda(office.node, policy(office, FR), "en")
    days = {each.kind: each.starts for each in found if each.reference == reference}
    assert days == {"visit": TODAY - 3 * DAY, "follow_up": dt.date(2027, 12, 16)}


def test_who_may_not_see_the_questionnaire_sees_nothing_of_the_evaluation(office: Office) -> None:
    _held, (reference,) = begun(office, hidden=True)
    ahead = plan(visit_from=TODAY + DAY, visit_to=TODAY + DAY)
    with pytest.raises(Conflict):  # not before the questionnaire is answered
        keep_draft(office.node, policy(office), drafted(reference), 0)
    change_plan(office.node, policy(office), reference, ahead, 1)
    assert evaluations(office.node, policy(office, FR)) == []
    assert not [each for each in agenda(office.node, policy(office, FR), "en")[0] if each.evaluation]
    told = []
    for each in (reference, "5f0c2a9be17d4438a6d0f1c27be94a13"):
        with pytest.raises(NotFound) as refused:
            read_evaluation(office.node, policy(office, FR), each)
        told.append(str(refused.value))
    assert told[0] == told[1]
