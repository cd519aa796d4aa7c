"""The compiled set: the same answers as the decision function, and a date after which it is built anew."""

# mypy: disable-error-code="arg-type, comparison-overlap"

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.policy import Agreements, Terms, compile_set, join, may

MANY = settings(max_examples=400, derandomize=True, deadline=None)


@MANY
@given(data=st.data())
def test_set_is_the_decision_for_each(scene: Any, data: st.DataObject) -> None:
    numbered = list(enumerate(data.draw(st.lists(scene.joined, max_size=8))))
    action, viewer, now = data.draw(scene.actions), data.draw(scene.viewers), data.draw(scene.moments)
    releases = data.draw(scene.releases)
    compiled = compile_set(action, viewer, numbered, now, scene.world, releases)
    assert compiled.ids == {
        number for number, terms in numbered if may(action, viewer, terms, now, scene.world, releases=releases).allowed
    }


@MANY
@given(data=st.data())
def test_set_holds_until_its_date(scene: Any, data: st.DataObject) -> None:
    numbered = list(enumerate(data.draw(st.lists(scene.joined, max_size=8))))
    action, viewer, now = data.draw(scene.actions), data.draw(scene.viewers), data.draw(scene.moments)
    releases = data.draw(scene.releases)
    compiled = compile_set(action, viewer, numbered, now, scene.world, releases)
    end = compiled.valid_until or datetime(2100, 1, 1, tzinfo=UTC)
    assert end > now
    last = end - timedelta(microseconds=1)
    for later in (now, last, now + (last - now) / 2, now + (last - now) * data.draw(st.floats(0, 1))):
        assert compile_set(action, viewer, numbered, later, scene.world, releases).ids == compiled.ids


def only(scene: Any, *agreements: Any) -> Any:
    return dataclasses.replace(scene.world, agreements=Agreements.of(agreements))


def test_end_is_midnight_after_the_last_day(scene: Any) -> None:
    world = only(scene, scene.agreement("eu", "EU", "EU", "personal"))
    terms = [
        (1, scene.terms(expires_on="2026-06-20")),
        (2, scene.terms(expires_on="2026-06-18")),
        (3, scene.terms()),
    ]
    compiled = compile_set("read", scene.viewer(), terms, scene.now, world)
    assert compiled.ids == {1, 2, 3}
    assert compiled.valid_until == datetime(2026, 6, 19, tzinfo=UTC)
    before = compiled.valid_until - timedelta(microseconds=1)
    assert compile_set("read", scene.viewer(), terms, before, world).ids == {1, 2, 3}
    assert compile_set("read", scene.viewer(), terms, compiled.valid_until, world).ids == {1, 3}


def test_what_has_ended_does_not_end_again(scene: Any) -> None:
    world = only(scene, scene.agreement("eu", "EU", "EU", "personal"))
    compiled = compile_set("read", scene.viewer(), [(1, scene.terms(expires_on="2026-06-15"))], scene.now, world)
    assert compiled.ids == frozenset()
    assert compiled.valid_until is None


def test_agreements_start_and_end(scene: Any) -> None:
    terms = [(1, scene.terms(communities=("all",)))]
    starting = scene.agreement("a", "EU", "EU", "personal", valid_from=date(2026, 7, 1), valid_until=date(2026, 7, 31))
    compiled = compile_set("read", scene.viewer(), terms, scene.now, only(scene, starting))
    assert (compiled.ids, compiled.valid_until) == (frozenset(), datetime(2026, 7, 1, tzinfo=UTC))
    compiled = compile_set("read", scene.viewer(), terms, compiled.valid_until, only(scene, starting))
    assert (compiled.ids, compiled.valid_until) == ({1}, datetime(2026, 8, 1, tzinfo=UTC))


def test_releases_end(scene: Any) -> None:
    world = only(scene, scene.agreement("eu", "EU", "EU", "personal"))
    terms = [(1, scene.terms(communities=())), (2, scene.terms("h2", communities=()))]
    releases = [
        scene.release(until="2026-06-17"),
        scene.release(until="soon"),
        scene.release(until="2026-06-01"),
    ]
    compiled = compile_set("read", scene.viewer(), terms, scene.now, world, releases)
    assert (compiled.ids, compiled.valid_until) == ({1}, datetime(2026, 6, 18, tzinfo=UTC))


def test_number_given_twice_needs_both(scene: Any) -> None:
    numbered = [(1, scene.terms()), (1, scene.terms(communities=())), (2, scene.terms())]
    assert compile_set("read", scene.viewer(), numbered, scene.now, scene.world).ids == {2}
    assert compile_set("read", scene.viewer(), numbered[::-1], scene.now, scene.world).ids == {2}


def test_unreadable_terms_are_never_in_it(scene: Any) -> None:
    unreadable = Terms(id="h9", handling=None, verified=True)
    numbered = [(1, unreadable), (2, join(scene.terms(), unreadable))]
    assert compile_set("read", scene.viewer(), numbered, scene.now, scene.world).ids == frozenset()
