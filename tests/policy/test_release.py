"""Releases: the owner widens one action for one authority; nobody else widens anything."""

# mypy: disable-error-code="arg-type"

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.policy import ACTIONS, may, permitted
from alidade.policy.terms import Terms, parts_of

HARD = {
    "unknown_version",
    "unverified_signature",
    "expired",
    "excluded",
    "classification_above_clearance",
    "case_not_held",
    "agreement_missing",
    "strategic_only",
    "subject_category_missing",
    "not_owner",
    "recipient_unknown",
}
MANY = settings(max_examples=1_000, derandomize=True, deadline=None)


def lifts(scene: Any, release: Any, **viewer: Any) -> bool:
    closed = scene.terms(communities=(), purposes=("18.2.b",))
    assert not permitted("read", scene.viewer(**viewer), closed, scene.now, scene.world)
    return permitted("read", scene.viewer(**viewer), closed, scene.now, scene.world, releases=[release])


def test_release_lifts_audience_and_purpose(scene: Any) -> None:
    assert lifts(scene, scene.release())
    assert lifts(scene, scene.release(until="2026-06-16"))


@pytest.mark.parametrize(
    "fault",
    [
        {"owner": "de-bka"},
        {"grantee": "ie-garda"},
        {"handling": "h2"},
        {"action": "export"},
        {"purposes": ()},
        {"purposes": ("18.2.c",)},
        {"until": "2026-06-15"},
        {"until": "whenever"},
        {"verified": False},
        {"version": 2},
    ],
)
def test_release_with_a_fault_lifts_nothing(scene: Any, fault: dict[str, Any]) -> None:
    assert not lifts(scene, scene.release(**fault))


@MANY
@given(data=st.data())
def test_release_by_a_non_owner_has_no_effect(scene: Any, data: st.DataObject) -> None:
    terms, viewer, now = data.draw(scene.joined), data.draw(scene.viewers), data.draw(scene.moments)
    action, recipient = data.draw(scene.actions), data.draw(scene.recipients)
    forged = [dataclasses.replace(each, owner="nobody") for each in data.draw(scene.releases)]
    plain = may(action, viewer, terms, now, scene.world, recipient=recipient)
    assert may(action, viewer, terms, now, scene.world, recipient=recipient, releases=forged) == plain


@MANY
@given(data=st.data())
def test_release_never_lifts_the_hard_rules(scene: Any, data: st.DataObject) -> None:
    terms, viewer, now = data.draw(scene.joined), data.draw(scene.viewers), data.draw(scene.moments)
    action, recipient = data.draw(scene.actions), data.draw(scene.recipients)
    perfect = [
        scene.release(
            each,
            handling=part.id,
            owner=part.handling.owner,
            grantee=viewer.authority,
            purposes=(viewer.purpose,),
        )
        for part in parts_of(terms)
        if part.handling is not None
        for each in ACTIONS
    ]
    plain = may(action, viewer, terms, now, scene.world, recipient=recipient)
    lifted = may(action, viewer, terms, now, scene.world, recipient=recipient, releases=perfect)
    hard = [reason for reason in plain.reasons if reason.rule in HARD]
    assert list(lifted.reasons) == hard


@MANY
@given(data=st.data())
def test_release_widens_the_listed_action_only(scene: Any, data: st.DataObject) -> None:
    handling, viewer, now = (
        data.draw(scene.handlings),
        data.draw(scene.viewers),
        data.draw(scene.moments),
    )
    terms = Terms(id="h1", handling=handling, verified=True)
    recipient = data.draw(scene.recipients)
    release = scene.release(
        data.draw(scene.actions),
        owner=handling.owner,
        grantee=viewer.authority,
        purposes=(viewer.purpose,),
    )
    # Passing on is judged by where the recipient is, so these two are one where a recipient is named.
    passing = {"forward", "third_country"}
    for action in ACTIONS:
        if action == release.action or {action, release.action} == passing:
            continue
        plain = may(action, viewer, terms, now, scene.world, recipient=recipient)
        assert may(action, viewer, terms, now, scene.world, recipient=recipient, releases=[release]) == plain
