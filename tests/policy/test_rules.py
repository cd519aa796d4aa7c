"""The rules one by one: the matrix of handling codes, and every rule allowing and refusing in one test."""

# mypy: disable-error-code="arg-type, no-untyped-call"

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from alidade.model.viewer import Party
from alidade.policy import ACTIONS, Terms, may, rules

# Rows: codes; columns: what a member of the audience may do, with a recipient in the same area for forwarding
# and one abroad (whose agreement lets data travel on) for third_country. Only the owner corrects.
MATRIX = """
          read match hit_notify merge forward court third_country export correct
H0        yes  yes   yes        yes   yes     yes   yes           yes    no
H1        yes  yes   yes        yes   yes     no    yes           yes    no
H2        yes  yes   yes        yes   no      yes   no            yes    no
H3        yes  yes   yes        yes   no      no    no            yes    no
owner-H0  yes  yes   yes        yes   yes     yes   yes           yes    yes
owner-H1  yes  yes   yes        yes   yes     yes   yes           yes    yes
owner-H2  yes  yes   yes        yes   yes     yes   yes           yes    yes
owner-H3  yes  yes   yes        yes   yes     yes   yes           yes    yes
"""
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
CELLS = [(row[0], action, answer == "yes") for row in ROWS for action, answer in zip(HEAD, row[1:], strict=True)]


@pytest.mark.parametrize(("row", "action", "allowed"), CELLS)
def test_matrix_of_codes_and_actions(scene: Any, row: str, action: str, allowed: bool) -> None:
    code = row.removeprefix("owner-")
    viewer = scene.viewer("nl-politie" if row.startswith("owner-") else "de-bka")
    terms = scene.terms(codes=tuple(sorted({"H0", code})))
    recipient = scene.parties["br-pf" if action == "third_country" else "ie-garda"]
    decision = may(action, viewer, terms, scene.now, scene.world, recipient=recipient)
    assert decision.allowed is allowed
    assert bool(decision.reasons) is not allowed


def test_matrix_lists_every_cell() -> None:
    assert tuple(HEAD) == ACTIONS
    assert len(CELLS) == 8 * 9


READING = ("read", "merge", "export", "court", "forward", "third_country")
SEARCHING = ("match", "hit_notify")
PASSING = ("forward", "third_country")
OTHERS = (*READING, *SEARCHING)

# rule, actions it binds, what makes it refuse: changes of the handling, of the viewer, of the rest
ONE_BY_ONE: list[tuple[str, tuple[str, ...], dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("unknown_version", OTHERS, {"version": 2}, {}, {}),
    ("unverified_signature", OTHERS, {"verified": False}, {}, {}),
    ("expired", OTHERS, {"expires_on": "2026-06-15"}, {}, {}),
    ("subject_category_missing", OTHERS, {"subject_category": None}, {}, {}),
    ("excluded", OTHERS, {"excluded": ("de-bka",)}, {}, {}),
    ("excluded", PASSING, {"excluded": ("br-pf", "ie-garda")}, {}, {}),
    ("classification_above_clearance", OTHERS, {"classification": "SECRET"}, {}, {}),
    ("classification_above_clearance", OTHERS, {"classification": "COSMIC"}, {}, {}),
    ("classification_above_clearance", OTHERS, {}, {"clearance": "PUBLIC"}, {}),
    ("classification_above_clearance", OTHERS, {}, {"clearance": "COSMIC"}, {}),
    ("not_in_audience", READING, {}, {"communities": ("all",)}, {}),
    ("not_in_audience", READING, {"communities": ()}, {}, {}),
    ("purpose_not_covered", READING, {"purposes": ("18.2.b",)}, {}, {}),
    ("purpose_not_covered", OTHERS, {"purposes": ("18.2.d",)}, {}, {}),
    ("purpose_not_covered", OTHERS, {}, {"purpose": "18.2.d"}, {}),
    ("purpose_not_covered", OTHERS, {"purposes": ("18.2.z",)}, {"purpose": "18.2.z"}, {}),
    ("case_not_held", READING, {"case": "case-2"}, {}, {}),
    ("agreement_missing", OTHERS, {"owner": "pa-pn", "released_to": ("de-bka",)}, {}, {}),
    ("agreement_missing", OTHERS, {"owner": "nobody-listed"}, {}, {}),
    ("agreement_missing", ("third_country",), {"crime_areas": ("fraud",)}, {}, {}),
    ("no_automated_match", SEARCHING, {"conditions": ("no_automated_match",)}, {}, {}),
    ("hit_silent", ("hit_notify",), {"hit": "silent"}, {}, {}),
    ("h1_court", ("court",), {"codes": ("H0", "H1")}, {}, {}),
    ("h2_onward", PASSING, {"codes": ("H0", "H2")}, {}, {}),
    ("h3_ask_owner", ("court", *PASSING), {"codes": ("H0", "H3"), "restriction": "ask first"}, {}, {}),
    ("no_court", ("court",), {"conditions": ("no_court",)}, {}, {}),
    ("no_onward", PASSING, {"conditions": ("no_onward",)}, {}, {}),
    ("no_third_country", ("third_country",), {"conditions": ("no_third_country",)}, {}, {}),
    ("recipient_unknown", PASSING, {}, {}, {"recipient": None}),
    (
        "recipient_unknown",
        PASSING,
        {},
        {},
        {"recipient": Party(id="xx-new", function="police", state="NL", areas=("EU",))},
    ),
    (
        "recipient_unknown",  # the right name with the State of another
        PASSING,
        {},
        {},
        {"recipient": Party(id="pa-pn", function="police", state="NL", areas=("EU",))},
    ),
]


@pytest.mark.parametrize(("rule", "actions", "handling", "viewer", "rest"), ONE_BY_ONE)
def test_rule_refuses_where_it_binds_and_nowhere_else(
    scene: Any,
    rule: str,
    actions: tuple[str, ...],
    handling: dict[str, Any],
    viewer: dict[str, Any],
    rest: dict[str, Any],
) -> None:
    for action in OTHERS:
        usual = {"recipient": scene.parties["br-pf" if action == "third_country" else "ie-garda"]}
        plain = may(action, scene.viewer(), scene.terms(), scene.now, scene.world, **usual)
        assert plain.allowed
        decision = may(
            action,
            scene.viewer(**viewer),
            scene.terms(**handling),
            scene.now,
            scene.world,
            **(usual | rest),
        )
        assert (rule in {reason.rule for reason in decision.reasons}) is (action in actions), action
        assert decision.allowed is (not decision.reasons)


def refused_by(scene: Any, action: str, viewer: Any, terms: Terms, **more: Any) -> list[str]:
    return [reason.rule for reason in may(action, viewer, terms, scene.now, scene.world, **more).reasons]


def test_last_day_still_counts(scene: Any) -> None:
    assert refused_by(scene, "read", scene.viewer(), scene.terms(expires_on="2026-06-16")) == []
    assert refused_by(scene, "read", scene.viewer(), scene.terms(expires_on="2026-06-15")) == ["expired"]


def test_owner_after_expiry_may_only_correct(scene: Any) -> None:
    expired, owner = scene.terms(expires_on="2026-06-15"), scene.viewer("nl-politie")
    recipient = scene.parties["ie-garda"]
    for action in ACTIONS:
        expected = [] if action == "correct" else ["expired"]
        assert refused_by(scene, action, owner, expired, recipient=recipient) == expected


def test_owner_is_bound_by_clearance_and_by_nothing_set_for_others(scene: Any) -> None:
    strict = {
        "communities": (),
        "purposes": ("18.2.d",),
        "case": "case-9",
        "codes": ("H0", "H1", "H2", "H3"),
        "conditions": ("no_automated_match", "no_court", "no_onward", "no_third_country"),
        "hit": "silent",
        "excluded": ("nl-politie",),
        "subject_category": None,
    }
    for action in ACTIONS:
        recipient = scene.parties["br-pf" if action == "third_country" else "ie-garda"]
        owner = scene.viewer("nl-politie")
        assert refused_by(scene, action, owner, scene.terms(**strict), recipient=recipient) == []
        low = scene.viewer("nl-politie", clearance="PUBLIC")
        rule = ["classification_above_clearance"]
        assert refused_by(scene, action, low, scene.terms(**strict), recipient=recipient) == rule


@pytest.mark.parametrize("action", ["forward", "third_country"])
def test_owner_passes_on_under_agreements_only(scene: Any, action: str) -> None:
    owner, parties = scene.viewer("nl-politie"), scene.parties
    passing = lambda recipient, **terms: refused_by(  # noqa: E731
        scene, action, owner, scene.terms(**terms), recipient=recipient
    )
    assert passing(None) == ["recipient_unknown", "agreement_missing"]
    assert passing(parties["pa-pn"]) == ["agreement_missing"]
    assert passing(parties["ch-fedpol"]) == ["strategic_only"]
    assert passing(parties["co-ponal"]) == []  # no onward transfer, but the owner itself gives
    assert passing(parties["co-ponal"], excluded=("co-ponal",)) == ["excluded"]


def test_only_the_owner_corrects(scene: Any) -> None:
    assert refused_by(scene, "correct", scene.viewer(), scene.terms()) == ["not_owner"]
    assert refused_by(scene, "correct", scene.viewer("nl-politie"), scene.terms()) == []


@pytest.mark.parametrize("action", ["forward", "third_country"])
def test_passing_on_abroad_is_judged_by_where_it_goes(scene: Any, action: str) -> None:
    terms = scene.terms(conditions=("no_third_country",))
    parties = scene.parties
    assert refused_by(scene, action, scene.viewer(), terms, recipient=parties["ie-garda"]) == []
    assert refused_by(scene, action, scene.viewer(), terms, recipient=parties["br-pf"]) == ["no_third_country"]
    # The agreement lets it flow but not travel on, and no release lifts an agreement.
    release = scene.release("third_country")
    onward = refused_by(scene, action, scene.viewer(), scene.terms(), recipient=parties["co-ponal"])
    assert onward == ["agreement_missing"]
    assert onward == refused_by(
        scene, action, scene.viewer(), scene.terms(), recipient=parties["co-ponal"], releases=[release]
    )


def test_release_for_forwarding_does_not_open_third_countries(scene: Any) -> None:
    terms, abroad = scene.terms(codes=("H0", "H2")), scene.parties["br-pf"]
    for action in ("forward", "third_country"):
        for released, expected in (("forward", ["h2_onward"]), ("third_country", [])):
            releases = [scene.release(released)]
            assert refused_by(scene, action, scene.viewer(), terms, recipient=abroad, releases=releases) == expected


def test_reading_from_a_third_country_is_going_there(scene: Any) -> None:
    viewer = scene.viewer("br-pf")
    for action in ("read", "match", "hit_notify", "merge", "export", "court"):
        assert refused_by(scene, action, viewer, scene.terms()) == []
        terms = scene.terms(conditions=("no_third_country",))
        assert refused_by(scene, action, viewer, terms) == ["no_third_country"]
        releases = [scene.release(action, grantee="br-pf")]
        assert refused_by(scene, action, viewer, terms, releases=releases) == []


def test_condition_of_an_owner_outside_the_directory_holds(scene: Any) -> None:
    terms = scene.terms(owner="nobody-listed", conditions=("no_third_country",))
    assert refused_by(scene, "read", scene.viewer(), terms) == ["no_third_country", "agreement_missing"]


@pytest.mark.parametrize(
    ("content", "authority", "expected"),
    [
        ("personal", "ch-fedpol", ["strategic_only"]),
        ("non_personal", "ch-fedpol", []),
        ("strategic", "ch-fedpol", []),
        ("non_personal", "ec-pn", []),  # nl-politie has more with Ecuador than the Union
        ("personal", "de-bka", []),
    ],
)
def test_content_needs_an_agreement_of_its_kind(scene: Any, content: str, authority: str, expected: list[str]) -> None:
    category = "victim" if content == "personal" else None
    terms = scene.terms(content=content, subject_category=category)
    assert refused_by(scene, "read", scene.viewer(authority), terms) == expected
    ours = scene.terms(content=content, subject_category=category, owner="de-bka")
    strategic_partner = refused_by(scene, "read", scene.viewer("ec-pn"), ours)
    assert strategic_partner == ([] if content == "strategic" else ["strategic_only"])


def test_audience_by_name_by_community_or_everybody(scene: Any) -> None:
    outsider = scene.viewer(communities=())
    assert refused_by(scene, "read", outsider, scene.terms()) == ["not_in_audience"]
    assert refused_by(scene, "read", outsider, scene.terms(released_to=("de-bka",))) == []
    assert refused_by(scene, "read", outsider, scene.terms(communities=("all",))) == []
    assert refused_by(scene, "read", scene.viewer(communities=("ap-cola",)), scene.terms()) == []


def test_search_for_cross_checking_finds_operational_data_without_reading_it(scene: Any) -> None:
    terms = scene.terms(purposes=("18.2.c",), communities=(), case="case-9")
    assert refused_by(scene, "match", scene.viewer(), terms) == []
    assert refused_by(scene, "hit_notify", scene.viewer(), terms) == []
    assert refused_by(scene, "read", scene.viewer(), terms) == [
        "not_in_audience",
        "purpose_not_covered",
        "case_not_held",
    ]
    helping = scene.terms(purposes=("18.2.d",))
    assert refused_by(scene, "match", scene.viewer(purpose="18.2.d"), helping) == []


def test_silent_hit_is_matched_and_not_told(scene: Any) -> None:
    silent = scene.terms(hit="silent")
    assert refused_by(scene, "match", scene.viewer(), silent) == []
    assert refused_by(scene, "hit_notify", scene.viewer(), silent) == ["hit_silent"]


def test_unknown_action_is_refused_to_everybody(scene: Any) -> None:
    for authority in ("nl-politie", "de-bka"):
        assert refused_by(scene, "delete", scene.viewer(authority), scene.terms()) == ["unknown_action"]
        assert refused_by(scene, "", scene.viewer(authority), scene.terms()) == ["unknown_action"]


def test_countrymen_outside_every_area_are_not_abroad(scene: Any) -> None:
    other = Party(id="br-receita", function="customs", state="BR", areas=())
    world = dataclasses.replace(scene.world, parties={**scene.parties, other.id: other})
    terms = scene.terms(owner="br-pf", conditions=("no_third_country",))
    decision = may("forward", scene.viewer(), terms, scene.now, world, recipient=other)
    assert {reason.rule for reason in decision.reasons} == {
        "no_third_country"
    }  # the viewer is abroad, not the recipient
    assert [reason.parameters["recipient"] for reason in decision.reasons] == ["de-bka"]


def test_every_rule_of_the_tables_has_one_code_and_a_place() -> None:
    used = {rule for table in (rules.FOR_OTHERS, rules.FOR_OWNER) for listed in table.values() for rule in listed}
    declared = {rule for rule in vars(rules).values() if isinstance(rule, rules.Rule)}
    first = {rules.UNKNOWN_ACTION, rules.UNKNOWN_VERSION, rules.UNVERIFIED_SIGNATURE}
    assert declared - first == used
    assert tuple(rules.FOR_OTHERS) == tuple(rules.FOR_OWNER) == ACTIONS
