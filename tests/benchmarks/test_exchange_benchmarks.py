"""The stores and letters of the benchmarks of the exchange: what is timed is what it says it is."""

from __future__ import annotations

import random as chance
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks.exchange_ends import MemoryEnd
from benchmarks.timing import Sample
from django.db import connections

from alidade.procedures import load_catalogue
from alidade.services.node import Node
from alidade.services.threads.inbox import awaited, counts
from alidade.services.threads.inbox import inbox as page_of
from alidade.services.threads.reading import read_thread
from benchmarks import courses, exchange, inbox, staging, thread_store

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OFFICER = f"{staging.VIEWER}/case"


def test_two_threads_in_a_hundred_are_open_at_every_authority() -> None:
    rows = list(thread_store.rows_of(20_000, OFFICER, NOW))
    open_at: Counter[str] = Counter(row.other for row in rows if row.folder in ("todo", "awaited"))
    all_at: Counter[str] = Counter(row.other for row in rows)
    assert set(all_at) == set(staging.owners())
    assert {open_at[owner] / all_at[owner] for owner in all_at} == {0.02}


def test_the_rows_are_the_same_for_the_same_size() -> None:
    rows = list(thread_store.rows_of(300, OFFICER, NOW))
    assert rows == list(thread_store.rows_of(300, OFFICER, NOW))
    assert len({row.reference for row in rows}) == 300


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALIDADE_BENCH_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(thread_store, "LONG", 4)
        return thread_store.store(600)


def test_every_list_that_is_timed_holds_what_was_written(filled: Path) -> None:
    node = Node.open(filled)
    try:
        desk = staging.actor(node)
        lists = {folder: page_of(node, desk, folder, size=200) for folder in inbox.FOLDERS}
        held = counts(node, desk)
        owed = awaited(node, desk)
        long = read_thread(node, desk, thread_store.long_thread(filled))
    finally:
        node.close()
    rows = list(thread_store.rows_of(600, OFFICER, NOW))
    # The thread that the program has run itself waits for an answer too.
    assert (held.all, held.awaited, held.closed) == (6, 7, 582)
    closed = [row for row in reversed(rows) if row.closed]  # the newest first
    assert [line.title for line in lists["closed"].lines] == [
        f"Lorry {row.number} seen at the border" for row in closed[:200]
    ]
    assert all(line.sign is not None for line in lists["all"].lines)
    assert len(owed) == 13  # six more run in threads that are there to be read only
    assert len(long.steps) == 4


def test_written_rows_are_like_those_of_the_program(filled: Path) -> None:
    node = Node.open(filled)
    try:
        desk = staging.actor(node)
        lines = page_of(node, desk, "awaited").lines
        own = next(line for line in lines if line.reference == thread_store.long_thread(filled))
        written = next(line for line in lines if line is not own)
        assert own.sign is not None
        assert written.sign is not None
        assert (written.state, written.role, written.sign.label) == (own.state, own.role, own.sign.label)
        assert written.procedure_title == own.procedure_title
    finally:
        node.close()


def test_lists_take_as_many_statements_for_many_threads_as_for_few(filled: Path) -> None:
    node = Node.open(filled)
    given: list[str] = []

    def counted(execute: Callable[..., object], sql: str, *more: object) -> object:
        given.append(sql)
        return execute(sql, *more)

    try:
        desk, taken = staging.actor(node), []
        for size in (1, 1, 12):
            given.clear()
            with connections[node.store.alias].execute_wrapper(counted):
                found = awaited(node, desk, size=size)
                lines = page_of(node, desk, "closed", size=size).lines
            assert (len(found), len(lines)) == (size, size)
            taken.append(sum(sql.startswith("SELECT") for sql in given))
    finally:
        node.close()
    assert taken[1] == taken[2]


def test_the_steps_of_a_course_all_take_effect_in_any_order() -> None:
    made = courses.steps(60)
    shuffled = made[:]
    chance.Random(1).shuffle(shuffled)
    course = courses.folded(made)
    assert courses.folded(shuffled).steps == course.steps
    assert Counter(step.code for step in made)["assess"] == 6
    assert {step.code for step in made} - {"open", "received", "message"} == {"assess"}
    assert load_catalogue().newest("information_request").transition("assess") is not None


def test_every_letter_of_a_batch_is_taken_and_receipted() -> None:
    one, other = MemoryEnd("aa-one"), MemoryEnd("bb-two")
    one.meet([other.raw], other.fingerprint)
    other.meet([one.raw], one.fingerprint)
    figures = {each.name: each for each in exchange._envelopes("x", one, other, batches=1)}
    assert {name for name, each in figures.items() if each.target} == {"x: sent", "x: received"}
    with one.turn() as turn:
        assert turn.exchange.due(other.own, pull=True) == ()


def test_a_letter_taken_twice_stops_the_benchmark() -> None:
    one, other = MemoryEnd("aa-one"), MemoryEnd("bb-two")
    one.meet([other.raw], other.fingerprint)
    other.meet([one.raw], one.fingerprint)
    portion = exchange._send(one, other, 0, Sample(), Sample())
    exchange._receive(other, portion, Sample())
    with pytest.raises(AssertionError, match="duplicate"):
        exchange._receive(other, portion, Sample())
