"""The procedures of the catalogue, each gone through by two authorities, with what becomes of its deadlines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procedure_play import ANNA, BERT, CLEO, MONDAY, Play, play

from alidade.procedures import (
    Value,
    covering_walks,
    dry_run,
    load_catalogue,
    moment_text,
    sample_values,
    validate_values,
    values_problems,
)
from alidade.vocabulary import Vocabulary

ID, ID2 = "1" * 32, "2" * 32
ALL = load_catalogue().codes()


def filled(thread: Play, step: str, vocabulary: Vocabulary, **given: Value) -> dict[str, Value]:
    """A form filled in as it could be sent."""
    form = thread.definition.form_of_step(step)
    assert form is not None
    values = sample_values(form, vocabulary, given, facts=thread.course.facts)
    return validate_values(form, values, vocabulary, facts=thread.course.facts)


def request(vocabulary: Vocabulary, *, urgent: bool) -> Play:
    thread = play("information_request", "requester", "requested")
    return thread.open(filled(thread, "open", vocabulary, urgent=urgent))


@pytest.mark.parametrize("code", ALL)
def test_every_step_of_every_procedure_can_be_reached_and_taken(code: str, vocabulary: Vocabulary) -> None:
    definition = load_catalogue().newest(code)
    taken: set[tuple[str, str]] = set()
    for script in covering_walks(definition, vocabulary):
        rehearsal = dry_run(definition, script, vocabulary)
        assert rehearsal.clean, [(each.move.code, each.why, each.problems) for each in rehearsal.moves]
        taken |= {(each.move.role, each.move.code) for each in rehearsal.moves}
    assert taken >= {(role, each.code) for each in definition.transitions for role in each.by}


@pytest.mark.parametrize("code", ALL)
def test_no_deadline_runs_on_when_a_thread_has_ended(code: str, vocabulary: Vocabulary) -> None:
    definition = load_catalogue().newest(code)
    ended = 0
    for script in covering_walks(definition, vocabulary):
        course = dry_run(definition, script, vocabulary).course
        assert len(course.clocks) == 1
        if course.final:
            ended += 1
            assert course.clocks[0].events[-1].kind in ("stop", "resume")
            assert "stop" in {event.kind for event in course.clocks[0].events}
    assert ended


def test_an_urgent_request_is_answered_within_eight_hours(vocabulary: Vocabulary) -> None:
    thread = request(vocabulary, urgent=True)
    clock = thread.clock()
    assert clock.code == "police_request_urgent_direct"
    assert clock.phase == "running"
    assert clock.due_at == MONDAY + timedelta(hours=8, minutes=1)
    thread.after(hours=7).take(BERT, "answer", filled(thread, "answer", vocabulary))
    assert (thread.clock().phase, thread.clock().met) == ("met", True)
    assert not thread.course.clocks[0].void
    assert [effect.code for effect in thread.course.effects] == ["attach_contribution"]
    thread.after(days=1).take(BERT, "supplement", filled(thread, "supplement", vocabulary))
    thread.take(ANNA, "close", filled(thread, "close", vocabulary))
    assert thread.course.final


def test_the_time_of_an_urgent_request_grows_when_the_information_lies_elsewhere(vocabulary: Vocabulary) -> None:
    thread = request(vocabulary, urgent=True)
    thread.after(hours=1).take(BERT, "assess", {"access": "indirect"})
    assert thread.clock().code == "police_request_urgent_indirect"
    thread.after(days=2).take(BERT, "answer", filled(thread, "answer", vocabulary))
    assert thread.clock().phase == "met"
    thread = request(vocabulary, urgent=True)
    thread.after(hours=9)
    assert thread.clock().phase == "missed"
    thread.take(BERT, "answer", filled(thread, "answer", vocabulary))
    assert (thread.clock().phase, thread.clock().met) == ("late", False)


def test_a_request_for_clarification_stops_the_clock(vocabulary: Vocabulary) -> None:
    thread = request(vocabulary, urgent=False)
    assert thread.clock().code == "police_request_other"
    due = thread.clock().due_at
    assert due is not None
    thread.after(days=1).take(BERT, "ask_clarification", filled(thread, "ask_clarification", vocabulary))
    assert thread.course.turn is not None
    assert thread.course.turn.authorities == (ANNA,)
    thread.after(days=10)
    assert thread.clock().phase == "suspended"
    thread.take(ANNA, "clarify", filled(thread, "clarify", vocabulary))
    assert thread.clock().phase == "running"
    assert thread.clock().due_at == due + timedelta(days=10)
    thread.after(days=1).take(
        BERT, "refuse", filled(thread, "refuse", vocabulary), reason="not_available"
    )  # fmt: skip
    assert thread.clock().phase == "met"
    thread.take(ANNA, "close", filled(thread, "close", vocabulary))


def test_only_a_judicial_authorisation_lets_the_time_be_overrun_with_notice(vocabulary: Vocabulary) -> None:
    thread = request(vocabulary, urgent=False)
    new_end = moment_text(MONDAY + timedelta(days=20))
    values = filled(thread, "announce_delay", vocabulary, expected_at=new_end)
    thread.after(hours=2).take(BERT, "announce_delay", values, why="reason")
    thread.take(BERT, "announce_delay", values, reason="holidays", why="reason")
    thread.take(BERT, "announce_delay", values, reason="judicial_authorisation")
    assert thread.course.state == "authorisation"
    thread.take(BERT, "reassure", note="The judge has the file")
    thread.after(days=14)
    assert thread.clock().phase == "overrun_announced"
    thread.take(BERT, "answer_in_part", filled(thread, "answer_in_part", vocabulary))
    assert thread.course.state == "answered_in_part"
    assert thread.clock().ended_at is None
    thread.take(BERT, "refuse_rest", filled(thread, "refuse_rest", vocabulary), reason="authorisation_refused")
    assert thread.course.state == "answered"
    assert thread.clock().met


def test_a_request_may_be_cancelled_and_reminded(vocabulary: Vocabulary) -> None:
    thread = request(vocabulary, urgent=False)
    thread.after(days=8).take(ANNA, "remind")
    assert thread.clock().phase == "missed"
    thread.take(ANNA, "cancel", why="reason")
    thread.take(ANNA, "cancel", reason="obtained_otherwise")
    assert thread.course.final
    assert thread.course.clocks[0].void  # a cancelled request counts in no statistic of deadlines


def test_copies_of_a_request_and_the_three_exceptions(vocabulary: Vocabulary) -> None:
    thread = play("information_request", "requester", "requested")
    form = thread.definition.form_of_step("open")
    assert form is not None
    direct = {"sent_by_spoc": False, "europol_copy": False}

    def problems(**given: Value) -> list[str]:
        values = {**sample_values(form, vocabulary, direct), **given}
        values = {code: value for code, value in values.items() if value != ""}
        return [each.field for each in values_problems(form, values, vocabulary)]

    assert problems() == []
    assert problems(spoc_copy="") == ["spoc_copy"]
    assert problems(spoc_copy="", spoc_exception="terrorism") == []
    assert problems(spoc_copy="", spoc_exception="too_much_work") == ["spoc_exception"]
    assert problems(spoc_copy="xx-spoc", spoc_exception="safety") == ["spoc_copy"]
    assert problems(europol_declined_because="") == ["europol_declined_because"]
    assert problems(urgent=False) == ["urgency_grounds", "urgency_reasons"]
    values = filled(thread, "open", vocabulary, sent_by_spoc=False, spoc_copy=CLEO, europol_copy=True,
                    europol_authority="eu-europol")  # fmt: skip
    thread.open(values)
    assert thread.course.holders("copy") == (CLEO, "eu-europol")
    grounds = next(each for each in form.fields if each.code == "urgency_grounds")
    assert len(grounds.choices) == 4
    assert {each.section for each in form.fields} >= {"asked", "purpose", "belief", "link", "urgency", "restrictions"}


def test_information_given_unasked_gets_feedback(vocabulary: Vocabulary) -> None:
    thread = play("spontaneous_information", "giver", "receiver")
    thread.open(filled(thread, "open", vocabulary, records=(ID,)))
    assert [effect.code for effect in thread.course.effects] == ["attach_contribution"]
    thread.take(BERT, "take_note")
    thread.after(days=29).take(BERT, "give_feedback", filled(thread, "give_feedback", vocabulary))
    assert thread.clock().phase == "met"
    withdrawn = play("spontaneous_information", "giver", "receiver")
    withdrawn.open(filled(withdrawn, "open", vocabulary, records=(ID,)))
    withdrawn.take(ANNA, "withdraw", reason="wrong")
    assert withdrawn.course.effects[-1].arguments == {"records": (ID,), "action": "erase"}
    silent = play("spontaneous_information", "giver", "receiver")
    silent.open(filled(silent, "open", vocabulary)).after(days=31)
    assert silent.clock().phase == "missed"
    silent.take(BERT, "decline", filled(silent, "decline", vocabulary), reason="not_competent")
    assert silent.clock().phase == "late"


def test_the_owner_of_a_hit_decides_what_is_released_for_what_and_until_when(vocabulary: Vocabulary) -> None:
    thread = play("hit_follow_up", "asker", "owner")
    thread.open(filled(thread, "open", vocabulary, hit=ID, urgent=True))
    assert thread.clock().code == "house_release_urgent"
    values = filled(thread, "grant", vocabulary, release_records=(ID2,), release_purpose="18.2.a",
                    release_until="2026-12-31")  # fmt: skip
    thread.after(hours=3).take(BERT, "grant", values)
    (effect,) = thread.course.effects
    assert effect.code == "release_records"
    assert effect.arguments == {"records": (ID2,), "purpose": "18.2.a", "until": "2026-12-31"}
    assert thread.clock().phase == "met"
    thread.take(BERT, "end_release", reason="restriction_changed")
    assert thread.course.effects[-1].arguments == {"records": (ID2,)}
    assert thread.course.final


def test_a_hit_may_be_released_in_part_refused_or_referred(vocabulary: Vocabulary) -> None:
    part = play("hit_follow_up", "asker", "owner")
    part.open(filled(part, "open", vocabulary, urgent=False))
    assert part.clock().code == "house_release"
    part.take(BERT, "grant_in_part", filled(part, "grant_in_part", vocabulary), reason="source_protection")
    part.take(ANNA, "close", filled(part, "close", vocabulary, hit_was="same"))
    assert part.course.facts["hit_was"] == "same"
    refused = play("hit_follow_up", "asker", "owner")
    refused.open(filled(refused, "open", vocabulary, hit=ID))
    refused.take(BERT, "refuse", {}, why="reason")
    refused.take(BERT, "refuse", {}, reason="ongoing_case")
    assert [(each.code, each.arguments) for each in refused.course.effects] == [("refuse_release", {"hit": ID})]
    referred = play("hit_follow_up", "asker", "owner")
    referred.open(filled(referred, "open", vocabulary))
    referred.take(BERT, "refer", filled(referred, "refer", vocabulary))
    assert referred.clock().phase == "met"
    referred.take(BERT, "grant", filled(referred, "grant", vocabulary))


def test_consent_needs_two_officers_and_says_what_is_lifted(vocabulary: Vocabulary) -> None:
    thread = play("consent_request", "asker", "owner")
    thread.open(filled(thread, "open", vocabulary, records=(ID, ID2), lift="pass_on", recipient="xx-third"))
    values = filled(thread, "grant", vocabulary, granted_records=(ID,), granted_until="2026-06-30")
    thread.take(BERT, "grant", values, why="approval")
    thread.take(BERT, "grant", values, approved_by="two")
    (effect,) = thread.course.effects
    assert effect.code == "lift_condition"
    assert effect.arguments == {
        "records": (ID,), "lift": "pass_on", "until": "2026-06-30", "recipient": "xx-third",
    }  # fmt: skip
    assert thread.clock().phase == "met"
    thread.take(BERT, "end_consent", reason="restriction_changed")
    assert thread.course.effects[-1].code == "refuse_release"


@pytest.mark.parametrize(
    ("lift", "needed"),
    [
        ("court_use", ["court"]),
        ("pass_on", ["recipient"]),
        ("pass_on_freely", []),
        ("change_purpose", ["new_purpose"]),
        ("third_country", ["third_country", "third_authority", "transfer_ground"]),
    ],
)
def test_each_consent_asks_for_what_the_owner_must_know(lift: str, needed: list[str], vocabulary: Vocabulary) -> None:
    form = load_catalogue().newest("consent_request").form_of_step("open")
    assert form is not None
    bare: dict[str, Value] = {"records": (ID,), "lift": lift, "justification": "Trial", "urgent": False}
    assert [each.field for each in values_problems(form, bare, vocabulary)] == needed
    assert set(sample_values(form, vocabulary, bare)) == {*bare, *needed}


def test_an_erasure_is_done_or_kept_for_a_listed_reason_and_silence_is_overdue(vocabulary: Vocabulary) -> None:
    thread = play("correction_and_erasure", "owner", "holder")
    given: dict[str, Value] = {"records": (ID,), "action": "erase", "erasure_reason": "unlawful", "tell_onward": True}
    thread.open(filled(thread, "open", vocabulary, **given))
    thread.after(days=2).take(BERT, "done", filled(thread, "done", vocabulary, told_onward=2))
    assert [each.code for each in thread.course.effects] == ["erase_or_correct", "acknowledge"]
    assert thread.course.effects[0].arguments == {"records": (ID,), "action": "erase"}
    assert thread.clock().phase == "met"
    kept = play("correction_and_erasure", "owner", "holder")
    kept.open(filled(kept, "open", vocabulary, **given))
    values = filled(kept, "keep", vocabulary)
    kept.take(BERT, "keep", values, reason="evidence", why="approval")
    kept.take(BERT, "keep", values, reason="we_like_it", approved_by="two", why="reason")
    kept.take(BERT, "keep", values, reason="evidence", approved_by="two")
    assert kept.clock().phase == "met"
    kept.after(days=3).take(ANNA, "insist", filled(kept, "insist", vocabulary))
    assert (kept.clock().phase, kept.clock().round) == ("running", 2)
    kept.take(BERT, "keep", values, reason="evidence", approved_by="two")
    kept.take(ANNA, "accept")
    assert kept.course.final
    silent = Play(definition=thread.definition, parties={ANNA: "owner", BERT: "holder"})
    silent.open(filled(silent, "open", vocabulary, **given))
    silent.steps = silent.steps[:1]  # not even a receipt
    assert silent.after(days=8).clock().phase == "missed"
    roles = {role.code: role for role in thread.definition.roles}
    assert roles["holder"].apart


def test_two_teams_are_told_to_call_each_other_and_nothing_more(vocabulary: Vocabulary) -> None:
    thread = play("deconfliction_notice", "first", "second")
    for form in thread.definition.forms:
        assert {field.type for field in form.fields} <= {"text", "code"}  # no record, no date, no place
    thread.open(filled(thread, "open", vocabulary))
    thread.after(hours=5).take(BERT, "reply", filled(thread, "reply", vocabulary))
    assert thread.clock().phase == "met"
    thread.take(ANNA, "propose", {"who_goes_on": "first"})
    thread.take(ANNA, "agree", why="role")
    thread.take(BERT, "take_back")
    thread.take(BERT, "propose_other", {"who_goes_on": "together"})
    thread.take(ANNA, "agree_other")
    assert thread.course.state == "agreed"
    assert thread.course.facts["who_goes_on"] == "together"
    silent = play("deconfliction_notice", "first", "second")
    silent.open(filled(silent, "open", vocabulary)).after(hours=25)
    assert silent.clock().phase == "missed"
    silent.take(ANNA, "withdraw", reason="no_longer_needed")


def test_a_round_of_questions_runs_until_the_day_that_it_names_or_a_later_one(vocabulary: Vocabulary) -> None:
    thread = play("questionnaire_round", "holder", "asked")
    end, later = (MONDAY + timedelta(days=days) for days in (14, 20))
    thread.open(filled(thread, "open", vocabulary, answer_until=moment_text(end)))
    assert (thread.clock().code, thread.clock().due_at) == ("honlea_answer", end)
    thread.after(days=2).take(BERT, "acknowledge")
    thread.take(BERT, "ask_extension", filled(thread, "ask_extension", vocabulary))
    assert thread.course.turn is not None
    assert thread.course.turn.authorities == (ANNA,)
    given = filled(thread, "grant_extension", vocabulary, granted_until=moment_text(later))
    thread.take(ANNA, "grant_extension", given)
    assert thread.clock().due_at == later
    thread.after(days=16).take(BERT, "answer", filled(thread, "answer", vocabulary))
    assert (thread.clock().phase, thread.clock().met) == ("met", True)
    thread.after(days=30).take(BERT, "amend", filled(thread, "amend", vocabulary))
    assert (thread.course.state, thread.clock().met) == ("amended", True)
    thread.take(ANNA, "close")
    assert thread.course.final


def test_silence_to_a_round_of_questions_is_late_and_never_an_answer(vocabulary: Vocabulary) -> None:
    def asked() -> Play:
        thread = play("questionnaire_round", "holder", "asked")
        until = moment_text(MONDAY + timedelta(days=14))
        return thread.open(filled(thread, "open", vocabulary, answer_until=until))

    silent = asked().after(days=15)
    assert silent.clock().phase in ("missed", "silence")
    silent.take(BERT, "answer", filled(silent, "answer", vocabulary))
    assert (silent.clock().phase, silent.clock().met) == ("late", False)
    declined = asked()
    declined.take(BERT, "decline", filled(declined, "decline", vocabulary), why="reason")
    declined.take(BERT, "decline", filled(declined, "decline", vocabulary), reason="not_competent")
    assert declined.course.state == "declined"
    withdrawn = asked()
    withdrawn.take(ANNA, "withdraw", reason="round_closed")
    assert withdrawn.course.clocks[0].void
    assert next(role for role in withdrawn.definition.roles if role.code == "asked").apart
