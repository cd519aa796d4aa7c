"""The course of a mutual evaluation: one stage after the other, nothing before its time, overdue computed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from alidade.model.errors import Invalid
from alidade.programme.agenda import happenings, icalendar_feed
from alidade.programme.evaluation_pieces import (
    Comments,
    Course,
    DraftReport,
    Expert,
    FollowUp,
    check_adoption,
    check_comments,
    check_course,
    check_draft,
)
from alidade.programme.evaluation_stages import due_label, need_label, stage_label, stages
from alidade.programme.evaluations import (
    OTHER_STATES,
    Facts,
    as_evaluation,
    earlier_round,
    follow_up_clock,
    follow_up_day,
    follow_up_questions,
    instrument_of,
    lacking,
    move,
    next_due,
    passages,
    told_to,
)
from alidade.programme.register import DocumentRef, check_instrument
from alidade.programme.rounds import Question, Recommendation

TODAY = dt.date(2026, 6, 16)
DAY = dt.timedelta(days=1)
EN = {"en": "Words"}
TOLD = (
    Recommendation(number="1", addressee="DNK", text=EN),
    Recommendation(number="2", addressee=OTHER_STATES, text=EN),
    Recommendation(number="3", addressee="SWE", text=EN),
    Recommendation(number="4", addressee="Europol", text=EN),
)


def course(**more: Any) -> Course:
    fields: dict[str, Any] = {
        "title": {"en": "11th round"},
        "state": "DNK",
        "round": "0" * 32,
        "asked": ("dk-police",),
        "answers_by": TODAY + 10 * DAY,
    }
    return Course(**(fields | more))


def visited(**more: Any) -> Course:
    fields: dict[str, Any] = {
        "visit_from": TODAY - 9 * DAY,
        "visit_to": TODAY - 5 * DAY,
        "experts": (Expert(state="SWE", field="police"),),
    }
    return course(**(fields | more))


def draft(*recommendations: Recommendation) -> DraftReport:
    return DraftReport(evaluation="0" * 32, findings=(EN,), recommendations=recommendations or TOLD)


def adopted(**more: Any) -> Course:
    report = DocumentRef(number="9428/25")
    return visited(stage="adopted", adopted_on=TODAY, report=report, recommendations=TOLD, **more)


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "pt_BR"])
def test_every_stage_need_and_due_has_words(language: str) -> None:
    for code, stage in stages().items():
        assert stage_label(code, language)
        assert all(need_label(need, language) for need in stage.needs)
    assert next(iter(stages())) == "questionnaire"
    assert stages()["closed"].needs == ()
    assert due_label("follow_up", language) != due_label("draft", language)


def test_it_goes_through_its_stages_and_each_has_its_day_and_reason() -> None:
    found = visited(visit_to=TODAY - DAY)
    full = Facts(answered=True, commented=True, draft=draft(), replied=frozenset({"1"}))
    for to in ("answered", "visit", "draft", "adopted"):
        found = move(found, to, full, TODAY, f"to {to}")
    found = msgspec.structs.replace(found, follow_ups=(FollowUp(round="1" * 32),), recommendations=TOLD)
    found = move(move(found, "follow_up", full, TODAY, "asked"), "closed", full, TODAY + DAY, "all answered")
    assert [(each.stage, each.reason) for each in found.moves][-2:] == [
        ("follow_up", "asked"),
        ("closed", "all answered"),
    ]
    assert next_due(found, full, TODAY) is None
    assert [each.state for each in passages(found)] == ["gone"] * 6 + ["here"]


@pytest.mark.parametrize(
    ("stage", "facts", "more", "missing"),
    [
        ("questionnaire", Facts(), {}, ["questionnaire_answered"]),
        ("answered", Facts(), {"visit_from": None, "visit_to": None, "experts": ()}, ["visit_days", "experts"]),
        ("visit", Facts(), {"visit_to": TODAY}, ["visit_over", "findings", "recommendations"]),
        ("visit", Facts(draft=draft(TOLD[1])), {}, ["recommendations"]),
        ("draft", Facts(draft=draft()), {}, ["state_heard"]),
        ("draft", Facts(draft=draft()), {"comments_by": TODAY}, ["state_heard"]),
        ("draft", Facts(draft=draft()), {"comments_by": TODAY - DAY}, []),
        ("adopted", Facts(), {"follow_ups": (FollowUp(round="1" * 32, to="others"),)}, ["follow_up_opened"]),
        ("follow_up", Facts(replied=frozenset({"2"})), {"recommendations": TOLD}, ["follow_up_answered"]),
        ("follow_up", Facts(replied=frozenset({"1"})), {"recommendations": TOLD}, []),
    ],
)
def test_nothing_goes_on_before_what_must_be_there(stage: Any, facts: Facts, more: dict, missing: list[str]) -> None:
    found = visited(stage=stage, **more)
    assert lacking(found, facts, TODAY) == missing
    after = list(stages())[list(stages()).index(stage) + 1]
    if missing:
        with pytest.raises(Invalid) as refused:
            move(found, after, facts, TODAY, "because")
        assert refused.value.code == "evaluation_not_ready"
    else:
        assert move(found, after, facts, TODAY, "because").stage == after


def test_one_goes_back_with_a_reason_but_never_behind_the_adoption() -> None:
    assert move(visited(stage="draft"), "visit", Facts(), TODAY, "a second visit").stage == "visit"
    for found, to, reason in (
        (visited(stage="draft"), "visit", "  "),
        (visited(stage="draft"), "answered", "two at once"),
        (adopted(), "draft", "regret"),
        (visited(stage="questionnaire"), "visit", "skipped"),
        (visited(stage="visit"), "visit", "stays"),
    ):
        with pytest.raises(Invalid):
            move(found, to, Facts(answered=True), TODAY, reason)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"experts": (Expert(state="DNK"),)}, "State that is visited"),
        ({"experts": (Expert(state="SWE"), Expert(state="SWE"))}, "twice"),
        ({"experts": (Expert(state="Sweden"),)}, "cannot be kept"),
        ({"visit_from": TODAY, "visit_to": TODAY - DAY}, "ends before"),
        ({"visit_from": TODAY}, "first and a last"),
        ({"comments_by": TODAY, "adoption_by": TODAY - DAY}, "follow each other"),
        ({"title": {}}, "no title"),
    ],
)
def test_a_course_that_cannot_be_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        check_course(course(**more))
    check_course(visited())


@pytest.mark.parametrize(
    ("recommendation", "said"),
    [
        ({"number": "a b"}, "no number"),
        ({"number": ""}, "no number"),
        ({"text": {}}, "no words"),
        ({"addressee": " "}, "addressed to nobody"),
        ({"number": "2"}, "twice"),
        ({"text": {"xx": "?"}}, "cannot be kept"),
    ],
)
def test_a_recommendation_that_cannot_be_is_named(recommendation: dict[str, Any], said: str) -> None:
    fields: dict[str, Any] = {"number": "1", "addressee": "DNK", "text": EN}
    with pytest.raises(Invalid, match=said):
        check_draft(draft(Recommendation(**(fields | recommendation)), TOLD[1]), course())


def test_comments_are_of_the_state_visited_on_the_draft_or_none_at_all() -> None:
    def said(**more: Any) -> Comments:
        return Comments(**({"evaluation": "0" * 32, "state": "DNK"} | more))

    check_comments(said(on={"1": EN}), course(), draft())
    check_comments(said(none=True), course(), draft())
    for wrong in (said(), said(none=True, text=EN), said(on={"9": EN}), said(state="SWE", text=EN)):
        with pytest.raises(Invalid):
            check_comments(wrong, course(), draft())


def test_the_adoption_lies_between_the_visit_and_today() -> None:
    number = DocumentRef(number="9428/25")
    check_adoption(visited(), TODAY, number, TODAY)
    for day, document in ((TODAY + DAY, number), (TODAY - 5 * DAY, number), (TODAY, DocumentRef(number=" "))):
        with pytest.raises(Invalid):
            check_adoption(visited(), day, document, TODAY)


def test_the_follow_up_is_due_eighteen_months_after_adoption_on_a_working_day() -> None:
    assert follow_up_clock().length.count == 18
    assert not follow_up_clock().verified
    assert follow_up_day(dt.date(2025, 5, 20)) == dt.date(2026, 11, 20)
    assert follow_up_day(dt.date(2025, 5, 22)) == dt.date(2026, 11, 23)  # the 22nd is a Sunday
    assert follow_up_day(dt.date(2024, 8, 31)) == dt.date(2026, 3, 2)  # February lacks the 31st and ends on Saturday
    assert follow_up_day(dt.date(2024, 6, 25)) > dt.date(2025, 12, 27)  # Christmas at the institutions


@pytest.mark.parametrize(
    ("found", "facts", "what", "by", "day"),
    [
        (course(), Facts(), "answers", "state", TODAY + 10 * DAY),
        (course(answers_by=TODAY - DAY), Facts(), "answers", "state", TODAY - DAY),
        (course(), Facts(answered=True), "visit_set", "holder", None),
        (visited(stage="visit", visit_from=TODAY, visit_to=TODAY), Facts(), "visit", "holder", TODAY),
        (visited(stage="visit"), Facts(), "draft", "holder", None),
        (visited(stage="draft", comments_by=TODAY), Facts(), "comments", "state", TODAY),
        (visited(stage="draft"), Facts(commented=True), "adoption", "holder", None),
        (adopted(), Facts(), "follow_up", "holder", dt.date(2027, 12, 16)),
    ],
)
def test_what_is_due_next_and_by_whom(found: Course, facts: Facts, what: str, by: str, day: dt.date | None) -> None:
    due = next_due(found, facts, TODAY)
    assert due is not None
    assert (due.what, due.by, due.day) == (what, by, day)
    assert due.late == (day is not None and day < TODAY)
    later = next_due(found, facts, TODAY + 4000 * DAY)
    assert later is not None
    assert later.late == (later.day is not None)


def test_recommendations_become_measures_and_questions_of_those_they_went_to() -> None:
    assert [told_to(each, "DNK") for each in TOLD] == ["visited", "others", "others", "union"]
    paper = instrument_of(adopted(), {"en": "Denmark"})
    check_instrument(paper)
    assert [(each.key, each.addressees) for each in paper.measures][1:3] == [("2", ("MS",)), ("3", ("SWE",))]
    assert [each.key for each in follow_up_questions(adopted(), "visited")] == ["1"]
    assert [each.key for each in follow_up_questions(adopted(), "others")] == ["2", "3"]
    told = as_evaluation(adopted())
    assert (told.state, told.experts, told.visit_from) == ("DNK", ("SWE",), None)
    with pytest.raises(Invalid):
        instrument_of(visited(), {"en": "Denmark"})


def test_an_answer_to_something_else_is_not_shown_as_what_was_said_last_time() -> None:
    apart, same = Question(key="Q1", text=EN), Question(key="1", text=EN)
    assert earlier_round(adopted(), [apart]) == "0" * 32
    assert earlier_round(adopted(), [apart, same]) == ""


def test_visit_and_follow_up_stand_in_the_calendar() -> None:
    found = happenings({}, {}, {}, [], "en", {"e": adopted(), "c": visited(stage="closed", adopted_on=TODAY - DAY)})
    assert [(each.kind, each.over, each.evaluation) for each in found] == [
        ("visit", False, True),
        ("visit", False, True),
        ("follow_up", True, True),
        ("follow_up", False, True),
    ]
    feed = icalendar_feed(found, "x", dt.datetime(2026, 6, 16, tzinfo=dt.UTC), {"follow_up": "Follow-up due"})
    assert feed.count(b"BEGIN:VALARM") == 1
    assert b"DNK: 11th round" in feed
