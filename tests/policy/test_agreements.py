"""What may flow between two parties, and on which days."""

# mypy: disable-error-code="arg-type"

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from alidade.model.errors import Invalid
from alidade.model.viewer import Party
from alidade.policy import Agreements

DRUGS = ("drug_trafficking",)


@pytest.mark.parametrize(
    ("giver", "receiver", "areas", "flow"),
    [
        ("nl-politie", "nl-douane", (), "personal"),  # one State
        ("nl-politie", "de-bka", (), "personal"),  # two States of one area
        ("nl-politie", "europol", (), "personal"),  # a body by its State code
        ("br-pf", "ie-garda", DRUGS, "personal"),
        ("ie-garda", "br-pf", DRUGS, "personal"),  # both directions
        ("ie-garda", "br-pf", (), None),  # limited to some areas, and none is named
        ("ie-garda", "br-pf", (*DRUGS, "fraud"), None),  # not every area is covered
        ("ie-garda", "br-pf", (*DRUGS, "arms_trafficking"), "personal"),
        ("de-bka", "ec-pn", DRUGS, "strategic"),
        ("nl-politie", "ec-pn", DRUGS, "personal"),  # the widest counts
        ("nl-politie", "ec-pn", (), "strategic"),
        ("nl-douane", "ec-pn", DRUGS, "strategic"),  # a side may be one authority
        ("ch-fedpol", "de-bka", (), "non_personal"),
        ("ch-fedpol", "ie-garda", (), None),
        ("de-bka", "pa-pn", DRUGS, None),  # signed, in talks, ended
        ("co-ponal", "pa-pn", DRUGS, None),  # a common area without agreement of its own
        ("co-ponal", "br-pf", DRUGS, None),
    ],
)
def test_flow(scene: Any, giver: str, receiver: str, areas: tuple[str, ...], flow: str | None) -> None:
    parties = scene.parties
    between = scene.world.agreements.flow_between
    assert between(parties[giver], parties[receiver], scene.now, areas) == flow


def test_flow_needs_an_agreement_in_force(scene: Any) -> None:
    dated = Agreements.of(
        [scene.agreement("x", "NL", "BR", "personal", valid_from=date(2026, 6, 10), valid_until=date(2026, 6, 20))]
    )
    for moment, flow in (
        (datetime(2026, 6, 9, 23, 59, tzinfo=UTC), None),
        (datetime(2026, 6, 10, tzinfo=UTC), "personal"),
        (datetime(2026, 6, 20, 23, 59, tzinfo=UTC), "personal"),
        (datetime(2026, 6, 21, tzinfo=UTC), None),
    ):
        assert dated.flow_between(scene.parties["nl-politie"], scene.parties["br-pf"], moment, ()) == flow


def test_two_members_of_one_side_have_agreed_nothing_with_each_other(scene: Any) -> None:
    outward = Agreements.of([scene.agreement("x", "EU", "BR", "personal")])
    parties = scene.parties
    assert outward.flow_between(parties["nl-politie"], parties["de-bka"], scene.now, ()) is None


def test_parties_without_state_are_no_compatriots(scene: Any) -> None:
    one, two = (Party(id=name, function="mission", state="") for name in ("one", "two"))
    assert scene.world.agreements.flow_between(one, two, scene.now, ()) is None


def test_flow_of_an_unknown_kind_is_nothing(scene: Any) -> None:
    odd = Agreements.of([scene.agreement("x", "NL", "BR", "everything")])
    assert odd.flow_between(scene.parties["nl-politie"], scene.parties["br-pf"], scene.now, ()) is None


def test_onward(scene: Any) -> None:
    parties, onward = scene.parties, scene.world.agreements.onward_allowed
    assert onward(parties["nl-politie"], parties["br-pf"], scene.now, DRUGS, "personal")
    assert not onward(parties["nl-politie"], parties["co-ponal"], scene.now, DRUGS, "personal")
    assert not onward(parties["nl-politie"], parties["ec-pn"], scene.now, DRUGS, "personal")
    assert onward(parties["nl-politie"], parties["ec-pn"], scene.now, DRUGS, "strategic")


def test_time_without_zone_is_refused(scene: Any) -> None:
    naive = scene.now.replace(tzinfo=None)
    with pytest.raises(Invalid):
        scene.world.agreements.flow_between(scene.parties["nl-politie"], scene.parties["br-pf"], naive, ())
