"""Terms and their join: what cannot be read is refused, and nothing derived is wider than its sources."""

# mypy: disable-error-code="arg-type"

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.model.errors import Invalid
from alidade.policy import ACTIONS, Joined, Terms, join, may, permitted
from alidade.policy.terms import day_after, parse_day

LAWS = settings(max_examples=500, derandomize=True, deadline=None)


@settings(max_examples=5_000, derandomize=True, deadline=None)
@given(data=st.data())
def test_join_never_widens(scene: Any, data: st.DataObject) -> None:
    parts = data.draw(st.lists(scene.joined, min_size=1, max_size=4))
    viewer, now = data.draw(scene.viewers), data.draw(scene.moments)
    action, recipient = data.draw(scene.actions), data.draw(scene.recipients)
    releases = data.draw(scene.releases)
    each = [permitted(action, viewer, part, now, scene.world, recipient=recipient, releases=releases) for part in parts]
    whole = permitted(action, viewer, join(*parts), now, scene.world, recipient=recipient, releases=releases)
    assert whole == all(each)


@LAWS
@given(data=st.data())
def test_join_laws(scene: Any, data: st.DataObject) -> None:
    a, b, c = (data.draw(scene.joined) for _ in range(3))
    assert join(a, join(b, c)) == join(join(a, b), c) == join(a, b, c)
    assert join(a, b) == join(b, a)
    assert join(a, a) == join(a)


def test_join_of_two_cases_is_for_those_in_both(scene: Any) -> None:
    both = join(scene.terms("h1", case="case-1"), scene.terms("h2", case="case-2"))
    for cases, allowed in ((("case-1",), False), (("case-2",), False), (("case-1", "case-2"), True)):
        assert permitted("read", scene.viewer(cases=cases), both, scene.now, scene.world) is allowed


def test_join_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid):
        join()
    with pytest.raises(Invalid):
        Joined(parts=frozenset())


def test_same_handling_with_and_without_signature_are_two_parts(scene: Any) -> None:
    both = join(scene.terms(), scene.terms(verified=False))
    assert len(both.parts) == 2
    assert not permitted("read", scene.viewer(), both, scene.now, scene.world)


@pytest.mark.parametrize(
    "unknown",
    [
        {"version": 2},
        {"version": 0},
        {"codes": ("H0", "H4")},
        {"conditions": ("no_rain",)},
        {"content": "gossip"},
        {"hit": "whisper"},
        {"expires_on": "2026-6-30"},
        {"expires_on": "20260630"},
        {"expires_on": "soon"},
    ],
)
@pytest.mark.parametrize("authority", ["nl-politie", "de-bka"])
def test_what_is_not_understood_permits_nothing_to_anybody(scene: Any, unknown: dict[str, Any], authority: str) -> None:
    recipient = scene.parties["nl-douane"]
    for action in ACTIONS:
        decision = may(
            action,
            scene.viewer(authority),
            scene.terms(**unknown),
            scene.now,
            scene.world,
            recipient=recipient,
            releases=[scene.release(action)],
        )
        assert [reason.rule for reason in decision.reasons] == ["unknown_version"]


def test_what_could_not_be_decoded_permits_nothing(scene: Any) -> None:
    unreadable = Terms(id="h1", handling=None, verified=False)
    decision = may("read", scene.viewer("nl-politie"), unreadable, scene.now, scene.world)
    assert [reason.rule for reason in decision.reasons] == ["unknown_version", "unverified_signature"]


def test_restriction_in_words_counts_as_h3(scene: Any) -> None:
    decision = may("court", scene.viewer(), scene.terms(restriction="ask first"), scene.now, scene.world)
    assert [reason.rule for reason in decision.reasons] == ["h3_ask_owner"]


def test_days() -> None:
    assert parse_day("2026-02-29") is None
    last = parse_day("9999-12-31")
    assert last is not None
    assert day_after(last) is None


def test_last_day_of_the_calendar_never_ends(scene: Any) -> None:
    assert permitted("read", scene.viewer(), scene.terms(expires_on="9999-12-31"), scene.now, scene.world)
