"""Handling: equal conditions are one, and nothing is taken under a condition that cannot be computed."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
import pytest

from alidade.model.errors import Invalid
from alidade.model.handling import Handling, decode_handling, handling_bytes, handling_id, make_handling
from alidade.model.ids import AuthorityId
from alidade.vocabulary import Vocabulary, load_vocabulary

OWNER = AuthorityId("nl-politie")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.mark.parametrize("codes", list(permutations(("H0", "H1", "H2"))))
def test_equal_conditions_have_equal_bytes_whatever_the_order(vocabulary: Vocabulary, codes: tuple[str, ...]) -> None:
    one = make_handling(
        Handling(owner=OWNER, codes=codes, purposes=("18.2.b", "18.2.a", "18.2.b"), communities=(" b", "a", "")),
        vocabulary,
    )
    other = make_handling(
        Handling(owner=OWNER, codes=("H1", "H2"), purposes=("18.2.a", "18.2.b"), communities=("a", "b")), vocabulary
    )
    assert one == other
    assert one.codes == ("H0", "H1", "H2")
    assert handling_bytes(one) == handling_bytes(other)
    assert handling_id(one) == handling_id(other)


def test_every_changed_field_makes_another_handling(vocabulary: Vocabulary) -> None:
    plain = make_handling(Handling(owner=OWNER), vocabulary)
    changes: list[dict[str, Any]] = [
        {"owner": AuthorityId("de-bka")},
        {"codes": ("H0", "H1")},
        {"codes": ("H0", "H3"), "restriction": "ask first"},
        {"conditions": ("no_court",)},
        {"hit": "silent"},
        {"classification": "RESTRICTED"},
        {"purposes": ("18.2.c",)},
        {"released_to": (AuthorityId("de-bka"),)},
        {"excluded": (AuthorityId("de-bka"),)},
        {"communities": ("all",)},
        {"case": "case-1"},
        {"content": "strategic"},
        {"subject_category": "victim"},
        {"crime_areas": (min(vocabulary.codes("crime_areas")),)},
        {"review_on": "2027-01-01"},
        {"expires_on": "2027-01-01"},
    ]
    ids = {handling_id(plain), *(handling_id(msgspec.structs.replace(plain, **change)) for change in changes)}
    assert len(ids) == len(changes) + 1
    assert {name for change in changes for name in change} == set(Handling.__struct_fields__) - {"version"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"codes": ("H7",)}, "codes"),
        ({"conditions": ("no_rain",)}, "conditions"),
        ({"purposes": ("18.2.z",)}, "purposes"),
        ({"purposes": ()}, "purposes"),
        ({"purposes": ("  ",)}, "purposes"),
        ({"crime_areas": ("gossip",)}, "crime_areas"),
        ({"classification": "COSMIC"}, "classification"),
        ({"subject_category": "suspicious"}, "subject_category"),
        ({"owner": AuthorityId("")}, "owner"),
        ({"codes": ("H3",)}, "H3"),
        ({"codes": ("H3",), "restriction": "   "}, "H3"),
        ({"restriction": "ask first"}, "H3"),
        ({"content": "non_personal", "subject_category": "victim"}, "category"),
        ({"review_on": "01.02.2027"}, "review_on"),
        ({"expires_on": "2027-02-30"}, "expires_on"),
        ({"expires_on": "20270201"}, "expires_on"),
        ({"version": 2}, "version"),
    ],
)
def test_what_cannot_be_computed_is_refused_and_named(
    vocabulary: Vocabulary, change: dict[str, Any], named: str
) -> None:
    fields: dict[str, Any] = {"owner": OWNER}
    assert make_handling(Handling(**fields), vocabulary).owner == OWNER
    with pytest.raises(Invalid, match=named) as refused:
        make_handling(Handling(**fields | change), vocabulary)
    assert refused.value.code == "handling_wrong"
    assert refused.value.remedy


def test_bytes_say_the_handling_again_or_are_refused(vocabulary: Vocabulary) -> None:
    handling = make_handling(Handling(owner=OWNER, communities=("all",), expires_on="2027-01-01"), vocabulary)
    content = handling_bytes(handling)
    assert decode_handling(content) == handling
    for wrong in (
        content.replace(b'"hit":', b'"hint":'),
        content.replace(b'"visible"', b'"loud"'),
        content.replace(b'"codes":["H0"]', b'"codes":"H0"'),
        content[:-1],
        b"",
        b"\xff\xfe",
    ):
        assert wrong != content
        with pytest.raises(Invalid) as refused:
            decode_handling(wrong)
        assert refused.value.code == "handling_unreadable"
