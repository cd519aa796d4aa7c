"""The decision function: its short and its long form agree, and reasons say what was decided on, no more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.model.errors import Invalid
from alidade.policy import join, may, permitted


@settings(max_examples=2_000, derandomize=True, deadline=None)
@given(data=st.data())
def test_short_and_long_form_agree(scene: Any, data: st.DataObject) -> None:
    terms, viewer, now = data.draw(scene.joined), data.draw(scene.viewers), data.draw(scene.moments)
    action, recipient = data.draw(scene.actions), data.draw(scene.recipients)
    releases = data.draw(scene.releases)
    decision = may(action, viewer, terms, now, scene.world, recipient=recipient, releases=releases)
    short = permitted(action, viewer, terms, now, scene.world, recipient=recipient, releases=releases)
    assert short is decision.allowed is (not decision.reasons)


def test_reasons_of_a_joined_thing_name_each_part(scene: Any) -> None:
    both = join(scene.terms("h1", codes=("H0", "H1")), scene.terms("h2", owner="ie-garda", conditions=("no_court",)))
    decision = may("court", scene.viewer(), both, scene.now, scene.world)
    told = [(reason.rule, reason.parameters["handling"], reason.parameters["owner"]) for reason in decision.reasons]
    assert told == [("h1_court", "h1", "nl-politie"), ("no_court", "h2", "ie-garda")]


def test_reasons_do_not_tell_the_restriction_nor_the_case(scene: Any) -> None:
    terms = scene.terms(codes=("H0", "H3"), restriction="source lives nearby", case="case-secret")
    decision = may("court", scene.viewer(), terms, scene.now, scene.world)
    assert {reason.rule for reason in decision.reasons} == {"case_not_held", "h3_ask_owner"}
    assert "nearby" not in repr(decision)
    assert "case-secret" not in repr(decision)


def test_time_without_zone_is_refused(scene: Any) -> None:
    naive = scene.now.replace(tzinfo=None)
    with pytest.raises(Invalid):
        may("read", scene.viewer(), scene.terms(), naive, scene.world)
    with pytest.raises(Invalid):
        permitted("read", scene.viewer(), scene.terms(), naive, scene.world)
