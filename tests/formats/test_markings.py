"""Markings: suggestions only, the strictest of each scheme, and nothing for what is unknown or contradictory."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.formats.markings import Markings, load_markings
from alidade.model.handling import make_handling
from alidade.model.ids import AuthorityId
from alidade.vocabulary import load_vocabulary

MARKINGS = load_markings()
TLP = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
ALL = (*TLP, "PAP:RED", "PAP:AMBER", "PAP:GREEN", "PAP:CLEAR", "MISP:0", "MISP:1", "MISP:2", "MISP:3", "MISP:4:g")
OWNER = AuthorityId("inv-police")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tlp:white", "TLP:CLEAR"),
        ("TLP:Amber+Strict", "TLP:AMBER+STRICT"),
        ("tlp: red", "TLP:RED"),
        ("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:CLEAR"),
        ("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED"),
        ("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED"),
        ("PAP:white", "PAP:CLEAR"),
        ("tlp:ex:chr", None),
        ("", None),
    ],
)
def test_spellings(text: str, code: str | None) -> None:
    assert MARKINGS.code(text) == code


def test_at_one_place() -> None:
    assert MARKINGS.at_one_place([]) is None
    assert MARKINGS.at_one_place(["tlp:white", "TLP:CLEAR"]) == "TLP:CLEAR"
    assert MARKINGS.at_one_place(["tlp:amber", "MISP:1"]) == "MISP:1 & TLP:AMBER"
    assert MARKINGS.at_one_place(["tlp:red", "tlp:green"]) == "unresolved: TLP:GREEN & TLP:RED"
    assert MARKINGS.at_one_place(["tlp:clear", "house rule & more"]) == "unresolved: TLP:CLEAR & house rule + more"


def test_through_several_places_the_strictest_counts() -> None:
    assert MARKINGS.strictest(None, None) is None
    assert MARKINGS.strictest("TLP:GREEN", "TLP:RED & MISP:1", None, "MISP:3") == "MISP:1 & TLP:RED"
    assert MARKINGS.strictest("TLP:RED", "TLP:GREEN") == "TLP:RED"
    assert MARKINGS.strictest("MISP:4:a", "MISP:4:b") == "MISP:4:a & MISP:4:b"
    assert MARKINGS.strictest("TLP:RED", "unresolved: x") == "unresolved: TLP:RED & x"
    assert MARKINGS.strictest("never heard of") == "unresolved: never heard of"


@pytest.mark.parametrize("name", ["TLP:CLEAR", "TLP:AMBER+STRICT", "TLP:RED", "MISP:0", "MISP:3 & TLP:CLEAR"])
def test_suggestions_are_handlings_that_can_be_computed(name: str) -> None:
    proposal = MARKINGS.propose(name)
    handling = proposal.handling(OWNER)
    assert not proposal.must_state
    assert not proposal.verified  # nobody has checked our reading
    assert handling is not None
    assert make_handling(handling, load_vocabulary()).owner == OWNER


@pytest.mark.parametrize("mark", ALL[:-1])
def test_every_suggestion_holds_for_the_vocabulary(mark: str) -> None:
    handling = MARKINGS.propose(mark).handling(OWNER)
    assert handling is not None
    make_handling(handling, load_vocabulary())


@pytest.mark.parametrize("name", ["unresolved: TLP:GREEN & TLP:RED", "MISP:4:a & TLP:CLEAR", "nonsense", "", "MISP:9"])
def test_no_suggestion_where_a_person_must_state_it(name: str) -> None:
    proposal = MARKINGS.propose(name)
    assert proposal.must_state
    assert proposal.handling(OWNER) is None


def test_a_stricter_mark_of_the_light_never_suggests_less() -> None:
    found = [MARKINGS.propose(mark).suggestion for mark in TLP]
    for open_, closed in pairwise(found):
        assert open_ is not None
        assert closed is not None
        assert set(open_.codes) <= set(closed.codes)
        assert set(open_.conditions) <= set(closed.conditions)
        assert set(closed.communities) <= set(open_.communities)


def test_marks_together_suggest_no_less_than_each() -> None:
    joint = MARKINGS.propose("MISP:0 & PAP:RED & TLP:CLEAR").suggestion
    assert joint is not None
    assert joint.hit == "silent"
    assert joint.communities == ()
    assert joint.classification == "BPL"
    assert "PAP:RED" in joint.restriction
    assert "MISP distribution 0" in joint.restriction


@given(st.lists(st.lists(st.sampled_from([*ALL, "odd", "TLP:X"]), max_size=3), max_size=4))
@settings(derandomize=True, max_examples=300)
def test_adding_a_place_never_opens(places: list[list[str]]) -> None:
    names = [MARKINGS.at_one_place(place) for place in places]
    whole = MARKINGS.strictest(*names)
    assert whole == MARKINGS.strictest(*reversed(names))
    for name in names:
        assert MARKINGS.strictest(whole, name) == whole
        if name is not None and MARKINGS.propose(name).must_state and "MISP:4" not in name:
            assert MARKINGS.propose(whole or "").must_state


def test_meanings_are_told_with_their_source() -> None:
    (meaning,) = MARKINGS.propose("TLP:AMBER").meanings
    assert meaning[0] == "TLP:AMBER"
    assert "need-to-know" in meaning[1]
    assert "FIRST" in meaning[2]
    assert MARKINGS.propose("TLP:GREEN").ask == ("communities",)
    assert Markings(()).propose("TLP:RED").must_state
