"""The course of a thread: one answer for the same steps, whatever happened on their way."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from procedure_play import ANNA, BERT, CLEO, DORA, MONDAY, SMALL, THREAD, Play, opened

from alidade.model.errors import Invalid
from alidade.procedures import WHY, Definition, Step, Value, course_of, load_catalogue, moment_text, read_definition

ASKED: dict[str, Value] = {"what": "Who drives it?", "urgent": True}


@pytest.fixture
def thread(small: Definition) -> Play:
    return Play(definition=small, parties={ANNA: "asker", BERT: "answerer", CLEO: "copy"})


def test_a_thread_goes_from_the_question_to_its_end(thread: Play) -> None:
    assert thread.course.state is None
    assert thread.course.turn is None
    assert thread.course.thread == ""
    assert not thread.course.final
    assert thread.course.allowed("asker") == ()
    assert thread.course.allowed_built_in("asker") == ()
    course = thread.open(ASKED).course
    assert course.state == "asked"
    assert course.turn is not None
    assert (course.turn.role, course.turn.authorities) == ("answerer", (BERT,))
    assert [each.code for each in course.allowed("answerer")] == ["answer", "refuse", "delay"]
    assert [each.code for each in course.allowed("asker")] == ["close"]
    assert course.allowed_built_in("asker") == ("message", "remind")
    assert course.allowed_built_in("answerer") == ("message", "reassure")
    assert course.allowed_built_in("copy") == ("message",)
    course = thread.take(BERT, "answer", {"reply": "Nobody"})
    assert course.facts == {**ASKED, "reply": "Nobody"}
    assert [(each.code, each.author, each.number) for each in course.effects] == [("attach_contribution", BERT, 2)]
    course = thread.take(ANNA, "close")
    assert course.final
    assert course.turn is None
    assert course.opener == ANNA
    assert course.opened is not None
    assert course.opened.title == "A matter between two"
    assert course.thread == THREAD


def test_built_in_steps_keep_to_their_rules(thread: Play) -> None:
    thread.open(ASKED)
    thread.take(ANNA, "remind")
    thread.take(ANNA, "reassure", why="role")
    thread.take(BERT, "reassure")
    thread.take(BERT, "remind", why="role")
    thread.take(CLEO, "remind", why="role")
    thread.take(CLEO, "message", note="We are here too")
    thread.take(CLEO, "close", why="role")
    thread.take(BERT, "read")
    thread.take(BERT, "read", why="twice")
    thread.take(BERT, "received", why="twice")
    thread.take(BERT, "dance", why="unknown_step")
    thread.take(ANNA, "open", opened=opened(thread.definition, thread.parties), why="twice")
    thread.take(ANNA, "close")
    thread.take(ANNA, "remind", why="state")
    thread.take(BERT, "message", note="Thank you")
    assert thread.course.final


def test_a_transition_must_be_of_the_role_of_the_state_reasoned_and_approved(thread: Play) -> None:
    thread.open(ASKED)
    thread.take(ANNA, "answer", {"reply": "I know"}, why="role")
    thread.take(BERT, "delay", {"new_end": "2026-03-09T09:00:00Z"}, note="  ", why="note")
    thread.take(BERT, "refuse", reason="busy", why="approval")
    thread.take(BERT, "refuse", reason="busy", approved_by="one", why="approval")
    thread.take(BERT, "refuse", approved_by="two", why="reason")
    thread.take(BERT, "refuse", reason="bored", approved_by="two", why="reason")
    assert thread.course.state == "asked"
    thread.take(BERT, "refuse", reason="busy", approved_by="two")
    thread.take(BERT, "answer", {"reply": "After all"}, why="state")
    assert thread.course.state == "closed"
    assert thread.course.effects == ()
    assert {each.why for each in thread.course.steps} <= set(WHY)


def test_only_the_fields_of_the_form_become_facts(thread: Play) -> None:
    thread.open({**ASKED, "reply": "put in by the asker", "unheard_of": "x"})
    assert thread.course.facts == ASKED


def test_copies_named_in_the_form_become_parties_who_only_read(thread: Play) -> None:
    thread.open({**ASKED, "copy_for": DORA})
    assert thread.course.parties == {ANNA: "asker", BERT: "answerer", CLEO: "copy", DORA: "copy"}
    assert thread.course.holders("copy") == (CLEO, DORA)
    thread.take(DORA, "received")
    thread.take(DORA, "answer", {"reply": "No"}, why="role")


def test_an_effect_takes_its_arguments_from_the_thread_and_only_where_its_condition_holds() -> None:
    changed = SMALL.replace(
        '"code": "attach_contribution"',
        '"code": "copy_to", "arguments": {"authority": "copy_for", "other": "reply"}, "fixed": {"kind": "late"}, '
        '"when": {"field": "copy_for"}',
    ).replace('"copies": [', '"effects": [{"code": "none"}], "nothing": [')
    definition = read_definition(changed.replace('"nothing"', '"copies"').encode())
    silent = Play(definition=definition, parties={ANNA: "asker", BERT: "answerer"}).open(ASKED)
    assert silent.take(BERT, "answer", {"reply": "x"}).effects == ()
    told = Play(definition=definition, parties={ANNA: "asker", BERT: "answerer"}).open({**ASKED, "copy_for": CLEO})
    (effect,) = told.take(BERT, "answer", {}).effects
    assert effect.arguments == {"authority": CLEO, "kind": "late"}
    assert told.course.parties[CLEO] == "copy"


def test_strangers_and_openings_that_do_not_fit_have_no_effect(small: Definition) -> None:
    def begin(**changes: object) -> str:
        parties = {ANNA: "asker", BERT: "answerer"}
        fields: dict[str, object] = {
            "thread": THREAD, "author": ANNA, "number": 1, "seen": {}, "code": "open", "at": moment_text(MONDAY),
            "officer": "one", "opened": opened(small, parties),
        }  # fmt: skip
        (placed,) = course_of(small, [Step(**{**fields, **changes})]).steps  # type: ignore[arg-type]
        return placed.why or placed.status

    assert begin() == "effective"
    assert begin(opened=None) == "bad_opening"
    assert begin(number=2) == "waiting"
    assert begin(seen={BERT: 1}) == "waiting"
    assert begin(code="message") == "no_opening"
    for parties in (
        {ANNA: "asker"},
        {ANNA: "asker", BERT: "answerer", CLEO: "answerer"},
        {ANNA: "asker", BERT: "answerer", CLEO: "king"},
        {ANNA: "answerer", BERT: "asker"},
        {BERT: "answerer", CLEO: "asker"},
    ):
        assert begin(opened=opened(small, parties)) == "bad_opening"
    other = read_definition(SMALL.replace('"version": 1', '"version": 2').encode())
    assert begin(opened=opened(other, {ANNA: "asker", BERT: "answerer"})) == "bad_opening"
    stranger = Play(definition=small, parties={ANNA: "asker", BERT: "answerer"}).open(ASKED)
    stranger.take(DORA, "message", why="not_party")
    assert DORA not in stranger.course.seen_by(ANNA)


def test_an_opening_may_need_a_second_officer() -> None:
    definition = read_definition(SMALL.replace('"copies": [', '"four_eyes": true, "copies": [').encode())
    alone = Play(definition=definition, parties={ANNA: "asker", BERT: "answerer"})
    alone.take(ANNA, "open", ASKED, opened=opened(definition, alone.parties), why="approval")
    both = Play(definition=definition, parties={ANNA: "asker", BERT: "answerer"})
    assert both.open(ASKED, approved_by="two").course.state == "asked"


def test_roles_that_are_optional_or_held_by_many() -> None:
    many = SMALL.replace('"code": "answerer",', '"code": "answerer", "many": true, "optional": true,', 1)
    definition = read_definition(many.encode())
    alone = Play(definition=definition, parties={ANNA: "asker"}).open(ASKED)
    assert alone.course.clocks == ()
    three = Play(definition=definition, parties={ANNA: "asker", BERT: "answerer", CLEO: "answerer"}).open(ASKED)
    assert [(each.owed_by, len(each.events)) for each in three.course.clocks] == [(BERT, 1), (CLEO, 1)]
    three.take(CLEO, "answer", {"reply": "x"})
    assert [[event.kind for event in each.events] for each in three.course.clocks] == [["start"], ["start", "stop"]]
    three.take(ANNA, "close")
    assert [len(each.events) for each in three.course.clocks] == [2, 3]


def test_a_step_that_knew_nothing_of_the_opening_is_crossed(small: Definition) -> None:
    def blind(number: int) -> Step:
        return Step(
            thread=THREAD, author=ANNA, number=number, seen={}, code="message", at=moment_text(MONDAY), officer="one"
        )  # fmt: skip

    thread = Play(definition=small, parties={BERT: "asker", ANNA: "answerer"})
    thread.take(BERT, "open", ASKED, opened=opened(small, thread.parties))
    course = course_of(small, [*thread.steps, blind(1), blind(2)])
    assert [(each.step.code, each.why) for each in course.steps] == [
        ("message", "no_opening"), ("open", ""), ("message", "no_opening"),
    ]  # fmt: skip


def test_of_two_openings_that_of_the_known_opener_counts(small: Definition) -> None:
    def opening(author: str, other: str) -> Step:
        return Step(
            thread=THREAD, author=author, number=1, seen={}, code="open", at=moment_text(MONDAY), officer="one",
            opened=opened(small, {author: "asker", other: "answerer"}),
        )  # fmt: skip

    both = [opening(ANNA, BERT), opening(BERT, ANNA)]
    assert course_of(small, both).opener == ANNA
    known = course_of(small, both, opener=BERT)
    assert known.opener == BERT
    assert [(each.step.author, each.why) for each in known.steps] == [(ANNA, "no_opening"), (BERT, "")]


def test_what_crossed_on_the_way_is_shown_and_has_no_effect(thread: Play) -> None:
    thread.open(ASKED)
    before = thread.course.seen_by(BERT)
    thread.take(ANNA, "close")
    thread.take(BERT, "answer", {"reply": "It was Dora"}, seen=before, why="state")
    course = thread.course
    assert course.state == "closed"
    assert course.effects == ()
    assert [each.status for each in course.steps][-1] == "crossed"


def test_a_step_waits_for_what_its_author_had_seen(thread: Play) -> None:
    thread.open(ASKED)
    thread.take(BERT, "message", note="first")
    thread.take(ANNA, "close")
    held_back = [step for step in thread.steps if step.code != "message"]
    course = course_of(thread.definition, held_back)
    assert course.state == "asked"
    assert course.missing == ((BERT, 2),)
    assert [(each.step.code, each.why) for each in course.steps if each.status == "waiting"] == [("close", "waiting")]
    assert course.next_number(ANNA) == 3
    assert course.seen_by(BERT) == {ANNA: 1, CLEO: 1}
    assert thread.course.state == "closed"


def test_of_two_steps_under_one_number_the_same_counts_for_everybody(thread: Play) -> None:
    thread.open(ASKED)
    seen = thread.course.seen_by(BERT)
    twins = [
        Step(
            thread=THREAD, author=BERT, number=2, seen=seen, code="answer", at=moment_text(MONDAY), officer="one",
            values={"reply": reply},
        )
        for reply in ("yes", "no")
    ]  # fmt: skip
    one = course_of(thread.definition, [*thread.steps, *twins])
    other = course_of(thread.definition, [*thread.steps, *reversed(twins)])
    assert one == other
    assert [each.why for each in one.steps].count("forked") == 1
    assert len(one.effects) == 1


def test_steps_that_wait_for_each_other_wait_for_ever_and_stop_nobody(thread: Play) -> None:
    thread.open(ASKED)
    circle = [
        Step(thread=THREAD, author=BERT, number=2, seen={CLEO: 2}, code="message", at=moment_text(MONDAY), officer="o"),
        Step(thread=THREAD, author=CLEO, number=2, seen={BERT: 2}, code="message", at=moment_text(MONDAY), officer="o"),
    ]
    course = course_of(thread.definition, [*thread.steps, *circle])
    assert [each.status for each in course.steps][-2:] == ["waiting", "waiting"]
    assert course.state == "asked"
    assert course.missing == ()


def test_steps_of_two_threads_are_refused(thread: Play) -> None:
    thread.open(ASKED)
    stray = Step(thread="e" * 32, author=BERT, number=2, seen={}, code="message", at=moment_text(MONDAY), officer="o")
    with pytest.raises(Invalid, match="several threads"):
        course_of(thread.definition, [*thread.steps, stray])


def test_a_receipt_after_the_end_starts_no_clock(thread: Play) -> None:
    thread.take(ANNA, "open", ASKED, opened=opened(thread.definition, thread.parties))
    thread.take(ANNA, "close")
    thread.take(BERT, "received")
    assert thread.course.clocks == ()


CODES = ("answer", "refuse", "delay", "close", "message", "received", "read", "remind", "reassure", "dance", "open")


def disorderly(
    definition: Definition, seed: int, count: int, codes: tuple[str, ...] = CODES, reasons: tuple[str, ...] = ("busy",)
) -> list[Step]:
    """Steps of parties (and a stranger) who each see only some of what the others did."""
    chance = random.Random(seed)
    first_role, second_role = (role.code for role in definition.roles)
    parties = {ANNA: first_role, BERT: second_role, CLEO: "copy"}
    first = Step(
        thread=THREAD, author=ANNA, number=1, seen={}, code="open", at=moment_text(MONDAY), officer="one",
        values=ASKED, opened=opened(definition, parties),
    )  # fmt: skip
    views: dict[str, list[Step]] = {author: [first] for author in (ANNA, BERT, CLEO, DORA)}
    steps = [first]
    for _ in range(count):
        author = chance.choice(list(views))
        for step in steps:
            if step not in views[author] and chance.random() < 0.4:
                views[author].append(step)
        course = course_of(definition, views[author])
        step = Step(
            thread=THREAD, author=author, number=course.next_number(author), seen=course.seen_by(author),
            code=chance.choice(codes), at=moment_text(MONDAY), officer="one",
            approved_by=chance.choice([None, "one", "two"]), reason=chance.choice([None, "bored", *reasons]),
            note=chance.choice(["", "words"]), values={"reply": str(chance.random())},
        )  # fmt: skip
        views[author].append(step)
        steps.append(step)
    return steps


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 14), order=st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_course(seed: int, count: int, order: random.Random) -> None:
    definition = read_definition(SMALL.encode())
    steps = disorderly(definition, seed, count)
    expected = course_of(definition, steps)
    assert not any(each.status == "waiting" for each in expected.steps)
    shuffled = [*steps, order.choice(steps)]  # one of them arrives twice
    order.shuffle(shuffled)
    assert course_of(definition, shuffled) == expected
    for length in range(len(shuffled)):  # whatever has come so far: placed steps never change places
        partial = [each.step for each in course_of(definition, shuffled[:length]).steps if each.status != "waiting"]
        assert partial == [each.step for each in expected.steps if each.step in partial]


def test_small_threads_in_every_order_of_arrival(small: Definition) -> None:
    for seed in range(12):
        steps = disorderly(small, seed, 4)
        expected = course_of(small, steps)
        assert all(course_of(small, order) == expected for order in itertools.permutations(steps))


@pytest.mark.parametrize("code", load_catalogue().codes())
def test_the_procedures_of_the_catalogue_do_not_mind_the_order_of_arrival(code: str) -> None:
    definition = load_catalogue().newest(code)
    codes = (*(each.code for each in definition.transitions), "received", "message", "remind")
    reasons = tuple(choice.code for choices in definition.lists.values() for choice in choices)
    met = {"effective": 0, "crossed": 0}
    for seed in range(30):
        steps = disorderly(definition, seed, 20, codes, reasons)
        expected = course_of(definition, steps)
        for each in expected.steps:
            met[each.status] += definition.transition(each.step.code) is not None
        random.Random(seed).shuffle(steps)
        assert course_of(definition, steps) == expected
        assert course_of(definition, reversed(steps)) == expected
    assert min(met.values()) > 5  # steps of the procedure, not only messages
