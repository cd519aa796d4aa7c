"""How a network was measured is said in words of the page, for every part and every act, in each language."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from alidade.network.roles import role_table
from alidade.services.picture.measured_network import RolePossible
from alidade.web.measured_words import ACTS, evidence_said, how_said

COMPUTED: dict[str, dict[str, Any]] = {
    "links": {"most": 12, "date": "2026-11-22", "verified": False},
    "components": {},
    "groups": {"method": "cpm", "resolution": 0.125, "seed": 7},
    "key": {"proved": True, "cap_share": 0.1, "seconds": 3.0, "worlds": 20},
    "disruption": {"strategy": "betweenness", "ties": "smallest_id"},
    "hidden": {"method": "resource allocation", "repeats": 10, "seed": 3},
    "recovery": {"mechanism": "distance", "runs": 50, "seed": 0},
    "roles": {"date": "2026-11-22", "verified": True},
}


def test_every_act_of_the_rules_has_its_words() -> None:
    assert {each.act for each in role_table().acts} == set(ACTS)


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt-pt", "pt-br"])
def test_each_part_is_said_with_its_numbers(language: str) -> None:
    with translation.override(language):
        said = how_said(COMPUTED)
    assert said.keys() == COMPUTED.keys()
    assert "12" in said["links"]
    assert "2026" in said["links"]
    assert "0.125" in said["groups"]
    assert "10\u202f%" in said["key"]
    assert "50" in said["recovery"]
    assert "%%" not in said["recovery"]
    assert all("%(" not in each for each in said.values())


def test_unproved_and_unverified_are_said() -> None:
    unproved = how_said(COMPUTED | {"key": {**COMPUTED["key"], "proved": False}})
    assert "within 3 seconds" in unproved["key"]
    assert "not verified" in unproved["links"]
    assert "not verified" not in unproved["roles"]


def test_evidence_is_what_somebody_does_and_how_often() -> None:
    role = RolePossible(member="a", role="financier", support=1.0, evidence=(), acts=(("pays", 3.0), ("sells", 2.5)))
    assert evidence_said(role) == ["makes payments (3)", "sells goods (2.5)"]
