"""What steps do to deadlines, from what their forms say."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from procedure_play import ANNA, BERT, MONDAY, Play, small, text

from alidade.clocks import Length
from alidade.procedures import Value, read_definition

ASKED: dict[str, Value] = {"what": "Who?", "urgent": False}


def thread(rule: dict[str, object]) -> Play:
    """A thread in which a delay says by how much, under the rule given."""
    whole = small()
    units = [{"code": code, "label": text(code)} for code in ("hours", "weeks", "moons")]
    whole["forms"][2]["fields"] = [
        {"code": "new_end", "type": "moment", "label": text("New end")},
        {"code": "count", "type": "number", "label": text("How many")},
        {"code": "unit", "type": "code", "label": text("Of what"), "choices": units},
    ]
    whole["clocks"][0]["events"][1] = {"on": "delay", "does": "overrun", **rule}
    play = Play(definition=read_definition(json.dumps(whole).encode()), parties={ANNA: "asker", BERT: "answerer"})
    return play.open(ASKED)


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (3, "weeks", Length(unit="weeks", count=3)),
        (3, "moons", None),
        (0, "hours", None),
        (10_001, "hours", None),
        (True, "hours", None),
        ("3", "hours", None),
        (3, "", None),
    ],
)
def test_a_length_is_read_from_two_fields(count: Value, unit: str, expected: Length | None) -> None:
    play = thread({"count": "count", "unit": "unit"})
    course = play.take(BERT, "delay", {"count": count, "unit": unit}, note="A judge")
    event = course.clocks[0].events[-1]
    assert (event.kind, event.length, event.until, event.reason) == ("overrun", expected, None, "A judge")


@pytest.mark.parametrize("value", ["2026-03-20T12:00:00Z", "2026-02-31T12:00:00Z", "tomorrow", 7])
def test_a_new_end_is_a_moment_or_has_no_effect(value: Value) -> None:
    course = thread({"until": "new_end"}).take(BERT, "delay", {"new_end": value}, note="A judge")
    until = course.clocks[0].events[-1].until
    assert until == (MONDAY + timedelta(days=18, hours=3) if value == "2026-03-20T12:00:00Z" else None)


def test_a_rule_may_hang_on_a_condition_and_on_who_took_the_step() -> None:
    play = thread({"until": "new_end", "when": {"field": "count"}})
    play.take(BERT, "delay", {"new_end": "2026-03-20T12:00:00Z"}, note="A judge")
    assert [event.kind for event in play.course.clocks[0].events] == ["start"]
    play.take(BERT, "delay", {"new_end": "2026-03-20T12:00:00Z", "count": 1}, note="A judge")
    assert [event.kind for event in play.course.clocks[0].events] == ["start", "overrun"]
    play = thread({"until": "new_end", "by": "asker"})
    play.take(BERT, "delay", {"new_end": "2026-03-20T12:00:00Z"}, note="A judge")
    assert [event.kind for event in play.course.clocks[0].events] == ["start"]


def test_no_clock_runs_where_no_choice_fits() -> None:
    whole = small()
    whole["clocks"][0]["choices"] = whole["clocks"][0]["choices"][:1]
    play = Play(definition=read_definition(json.dumps(whole).encode()), parties={ANNA: "asker", BERT: "answerer"})
    assert play.open(ASKED).course.clocks == ()


def test_a_deadline_that_ended_because_nothing_is_owed_is_void_until_it_starts_again() -> None:
    whole = small()
    whole["clocks"][0]["events"] = [
        {"on": "received", "does": "start"},
        {"on": "message", "does": "stop", "void": True},
        {"on": "answer", "does": "stop"},
        {"on": "remind", "does": "start"},
    ]
    play = Play(definition=read_definition(json.dumps(whole).encode()), parties={ANNA: "asker", BERT: "answerer"})
    play.open(ASKED)
    assert not play.course.clocks[0].void
    assert play.take(ANNA, "message").clocks[0].void
    assert not play.take(ANNA, "remind").clocks[0].void
    play.take(BERT, "answer", {"reply": "x"})
    assert not play.take(BERT, "message").clocks[0].void  # it had ended before
