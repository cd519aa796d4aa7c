"""Statistics: the tables that the files ask for, and who is overdue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from procedure_play import ANNA, BERT, CLEO, DORA, MONDAY, Play, play

from alidade.procedures import (
    Course,
    Definition,
    Period,
    Table,
    Value,
    load_catalogue,
    moment_text,
    overdue,
    sample_values,
    statistics,
)
from alidade.vocabulary import Vocabulary

YEAR = Period(begin=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2027, 1, 1, tzinfo=UTC))
STATES = {ANNA: "FR", BERT: "NL", CLEO: "NL"}


def filled(thread: Play, step: str, vocabulary: Vocabulary, **given: Value) -> dict[str, Value]:
    form = thread.definition.form_of_step(step)
    assert form is not None
    return sample_values(form, vocabulary, given, facts=thread.course.facts)


def request(vocabulary: Vocabulary, *, urgent: bool) -> Play:
    thread = play("information_request", "requester", "requested")
    return thread.open(filled(thread, "open", vocabulary, urgent=urgent))


def counted(tables: tuple[Table, ...], code: str) -> dict[tuple[str, ...], int]:
    table = next(each for each in tables if each.statistic.code == code)
    figures = {tuple(value for _, value in figure.split): figure.count for figure in table.figures}
    assert table.total == sum(figures.values())
    return figures


def year(vocabulary: Vocabulary) -> list[Course]:
    answered = request(vocabulary, urgent=True)
    answered.take(BERT, "answer", filled(answered, "answer", vocabulary))
    refused = request(vocabulary, urgent=False)
    refused.take(BERT, "refuse", {}, reason="minor_offence")
    delayed = request(vocabulary, urgent=False)
    delay = {"expected_at": moment_text(MONDAY + timedelta(days=30)), "delay_reasons": "Judge"}
    for _ in range(2):
        delayed.take(BERT, "announce_delay", delay, reason="judicial_authorisation")
    open_still = request(vocabulary, urgent=True)
    earlier = Play(definition=answered.definition, parties={ANNA: "requester", BERT: "requested"},
                   now=datetime(2025, 12, 31, 23, 0, tzinfo=UTC))  # fmt: skip
    earlier.open(filled(earlier, "open", vocabulary, urgent=True))
    earlier.after(days=1).take(BERT, "answer", filled(earlier, "answer", vocabulary))
    elsewhere = play("deconfliction_notice", "first", "second")
    elsewhere.open(filled(elsewhere, "open", vocabulary))
    return [each.course for each in (answered, refused, delayed, open_still, earlier, elsewhere)]


def test_the_table_of_the_directive(vocabulary: Vocabulary) -> None:
    definition = load_catalogue().newest("information_request")
    dutch = statistics(
        definition, year(vocabulary), YEAR, authorities=frozenset({BERT, CLEO}), states=STATES
    )  # fmt: skip
    assert counted(dutch, "sent") == {}
    assert counted(dutch, "received") == {("no", "FR"): 2, ("yes", "FR"): 2}
    assert counted(dutch, "answered") == {("yes", "FR"): 2}  # one of them had come in the year before
    assert counted(dutch, "refusals") == {("minor_offence", "FR"): 1}
    assert counted(dutch, "overruns") == {("FR",): 1}  # announced twice, one case
    french = statistics(definition, year(vocabulary), YEAR, authorities=frozenset({ANNA}), states=STATES)
    assert counted(french, "sent") == {("no", "NL"): 2, ("yes", "NL"): 2}
    assert counted(french, "received") == {}


def test_steps_without_effect_do_not_count_and_repeated_ones_may(vocabulary: Vocabulary, small: Definition) -> None:
    thread = Play(definition=small, parties={ANNA: "asker", BERT: "answerer"})
    thread.open({"what": "Who?", "urgent": False})
    thread.take(BERT, "refuse", reason="busy", why="approval")
    thread.take(BERT, "message")
    thread.take(BERT, "message")
    thread.take(BERT, "refuse", reason="busy", approved_by="two")
    tables = statistics(small, [thread.course], YEAR, authorities=frozenset({BERT}), states=STATES)
    assert counted(tables, "refused") == {("busy", "FR", "2026-03"): 1}
    assert counted(tables, "asked") == {}
    messages = msgspec.structs.replace(
        small.statistics[1], of=("message",), by=("reason", "copy_for", "what"), per_thread=False
    )
    only_urgent = msgspec.structs.replace(small.statistics[0], code="urgent", as_role="answerer", when=(
        msgspec.convert({"field": "urgent", "is": [True]}, type=type(small.clocks[0].choices[0].when))))  # fmt: skip
    changed = msgspec.structs.replace(small, statistics=(messages, only_urgent))
    tables = statistics(changed, [thread.course], YEAR, authorities=frozenset({BERT}), states={})
    assert counted(tables, "refused") == {("", "", "Who?"): 2}
    assert counted(tables, "urgent") == {}


def test_several_answers_are_joined(vocabulary: Vocabulary) -> None:
    definition = load_catalogue().newest("information_request")
    grounds = msgspec.structs.replace(definition.statistics[0], by=("urgency_grounds", "state_of:requested"))
    changed = msgspec.structs.replace(definition, statistics=(grounds,))
    thread = play("information_request", "requester", "requested")
    thread.open(filled(thread, "open", vocabulary, urgent=True, urgency_grounds=("life", "loss")))
    tables = statistics(changed, [thread.course], YEAR, authorities=frozenset({ANNA}), states={DORA: "BE"})
    assert counted(tables, "sent") == {("life, loss", ""): 1}


def test_who_is_overdue_longest_first(vocabulary: Vocabulary) -> None:
    threads = []
    for number, days in enumerate((9, 3, 20)):
        thread = play("correction_and_erasure", "owner", "holder")
        thread.now = MONDAY + timedelta(days=30 - days)
        thread.open(filled(thread, "open", vocabulary))
        thread.steps = [msgspec.structs.replace(step, thread=f"{number:032}") for step in thread.steps]
        thread.now = MONDAY + timedelta(days=30)
        threads.append(thread)
    found = overdue((each.course, each.course.clocks[0], each.clock()) for each in threads)
    assert [each.course.thread[-1] for each in found] == ["2", "0"]
    assert all(each.clock.owed_by == BERT for each in found)
