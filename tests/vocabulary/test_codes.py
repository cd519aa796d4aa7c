"""The code lists: sources, dates, and what the law and the field demand of each."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from alidade.vocabulary import Agreement, LegalGround, VerdictReason, Vocabulary
from alidade.vocabulary.catalogue import LISTS

DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_a_head_and_dated_sourced_entries(name: str, vocabulary: Vocabulary) -> None:
    head = vocabulary.head(name)
    assert re.fullmatch(r"\d+\.\d+\.\d+", head.version)
    assert head.source
    assert head.licence
    assert vocabulary.codes(name)
    for code, entry in vocabulary.codes(name).items():
        assert type(entry) is LISTS[name]
        assert entry.code == code
        assert entry.source.strip()
        assert re.fullmatch(r"[A-Za-z0-9._-]+", code), code
        if entry.valid_from is not None:
            assert dt.date(1900, 1, 1) < entry.valid_from <= head.date, code


@pytest.mark.parametrize("name", [*LISTS, "things"])
def test_one_entry_per_line_for_readable_diffs(name: str, vocabulary: Vocabulary) -> None:
    lines = (vocabulary.folder / f"{name}.json").read_text().splitlines()
    starts = [line for line in lines if line.startswith(('{"code"', '{"name"'))]
    entries = json.loads("\n".join(lines))["entries"]
    assert len(starts) == len(entries)


def test_no_file_is_left_out_of_the_lists(vocabulary: Vocabulary) -> None:
    assert {path.stem for path in vocabulary.folder.glob("*.json")} == {*vocabulary.lists(), "things"}


def test_unverified_entries_are_marked(vocabulary: Vocabulary) -> None:
    """What the field guide gives from general knowledge only must not pass for read."""
    unverified = {
        "purposes": {"18.2.a", "18.2.b"},
        "classifications": {"PUBLIC", "CONFIDENTIAL", "SECRET", "TOP-SECRET"},
        "evaluation_schemes": {"5x5x5", "3x5x2", "admiralty"},
    }
    for name, codes in unverified.items():
        found = {code for code, entry in vocabulary.codes(name).items() if not entry.verified}
        assert found == codes
    modi = vocabulary.codes("port_modi_operandi")
    assert {code for code, entry in modi.items() if entry.verified} == {"pin_code_fraud"}
    for agreement in vocabulary.agreements.values():
        if "confirmed" in (agreement.note or ""):
            assert not agreement.verified, agreement.code


def test_handling_codes(vocabulary: Vocabulary) -> None:
    assert list(vocabulary.handling) == ["H0", "H1", "H2", "H3"]
    assert [each.always for each in vocabulary.handling.values()] == [True, False, False, False]
    assert set(vocabulary.codes("conditions")) == {
        "no_court",
        "no_onward",
        "no_third_country",
        "no_automated_match",
    }


def test_classifications_are_ordered(vocabulary: Vocabulary) -> None:
    found = vocabulary.classifications
    assert list(found) == ["PUBLIC", "BPL", "RESTRICTED", "CONFIDENTIAL", "SECRET", "TOP-SECRET"]
    ranks = [each.rank for each in found.values()]
    assert ranks == sorted(set(ranks))


def test_purposes_open_the_search_of_article_20(vocabulary: Vocabulary) -> None:
    assert {code: each.search for code, each in vocabulary.purposes.items()} == {
        "18.2.a": "direct",
        "18.2.b": "direct",
        "18.2.c": "hit_only",
        "18.2.d": "none",
        "18.2.e": "none",
        "18.2.f": "none",
    }


def test_subject_categories(vocabulary: Vocabulary) -> None:
    found = vocabulary.subject_categories
    assert set(found) == {
        "suspect_or_convicted",
        "potential_future_offender",
        "witness",
        "victim",
        "contact_or_associate",
        "informant",
        "minor",
        "publicly_listed_person",
    }
    for code in ("witness", "victim", "minor", "informant"):
        assert found[code].vulnerable
        assert found[code].justify
    for code in ("suspect_or_convicted", "publicly_listed_person"):
        assert not found[code].justify


@pytest.mark.parametrize("code", ["witness", "victim", "informant", "minor"])
def test_the_vulnerable_are_not_kept_like_suspects(code: str, vocabulary: Vocabulary) -> None:
    allowed = vocabulary.allowed_fields(code)
    assert {"personal_details", "identification_means"} <= allowed
    assert not allowed & {
        "behavioural",
        "criminal_conduct",
        "economic_financial",
        "contacts_associates",
        "communication_means",
        "transport_means",
    }


def test_each_gets_only_its_own_special_group(vocabulary: Vocabulary) -> None:
    for group, code in (("informant_details", "informant"), ("witness_details", "witness")):
        holders = {each for each in vocabulary.subject_categories if group in vocabulary.allowed_fields(each)}
        assert holders == {code}


def test_countries(vocabulary: Vocabulary) -> None:
    found = vocabulary.countries
    assert len(found) == 250
    assert all(re.fullmatch("[A-Z]{2}", code) for code in found)
    assert len({each.alpha3 for each in found.values()}) == len(found)
    members = {area: {c for c, each in found.items() if area in each.areas} for area in vocabulary.codes("areas")}
    assert len(members["EU"]) == 27
    assert len(members["Schengen"]) == 29
    assert members["EU"] - members["Schengen"] == {"IE", "CY"}
    assert members["EEA"] == members["EU"] | {"IS", "LI", "NO"}
    assert {"AR", "BO", "CR", "DO", "EC", "SV", "PA"} <= members["CLASI"]
    assert found["BE"].alpha3 == "BEL"
    assert found["IR"].label.in_("pt") == "Irão"
    assert found["IR"].label.in_("pt_BR") == "Irã"


def test_no_name_of_a_country_leads_to_two_countries(vocabulary: Vocabulary) -> None:
    owner: dict[str, str] = {}
    for code, each in vocabulary.countries.items():
        names = {each.label.in_(language).casefold() for language in ("en", "fr", "es", "pt", "pt_BR")}
        for name in names | {alias.casefold() for alias in each.aliases}:
            assert owner.setdefault(name, code) == code, name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Burma", "MM"),
        ("Korea, North", "KP"),
        ("Korea, South", "KR"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo, Republic of the", "CG"),
        ("Cote d'Ivoire", "CI"),
        ("Swaziland", "SZ"),
        ("Zaire", "CD"),
        ("USSR", "RU"),
        ("Virgin Islands, British", "VG"),
    ],
)
def test_former_and_list_names(name: str, code: str, vocabulary: Vocabulary) -> None:
    assert name in vocabulary.countries[code].aliases


def test_administrators_see_no_content(vocabulary: Vocabulary) -> None:
    content = {code for code, act in vocabulary.codes("acts").items() if getattr(act, "content", True)}
    assert not content & set(vocabulary.roles["administrator"].acts)
    for code, role in vocabulary.roles.items():
        if code != "administrator":
            assert not {"authority_manage", "officer_manage", "agreement_manage"} & set(role.acts)


def test_only_the_reviewer_reads_the_ledger(vocabulary: Vocabulary) -> None:
    assert {code for code, role in vocabulary.roles.items() if "ledger_read" in role.acts} == {
        "data_protection_officer"
    }


def test_agreements_not_in_force_give_nothing(vocabulary: Vocabulary) -> None:
    found = vocabulary.agreements
    for agreement in found.values():
        assert agreement.in_force(DAY) == (agreement.status == "in_force"), agreement.code
    assert found["ec-europol-personal"].status == "signed"
    talks = {(a.party_a, a.party_b) for a in found.values() if a.status == "in_talks"}
    assert {("BO", "EUROPOL"), ("PE", "EUROPOL"), ("MX", "EUROPOL"), ("CO", "EUROJUST")} <= talks
    assert found["br-europol-personal"].valid_from == dt.date(2025, 9, 29)
    assert not found["br-europol-personal"].in_force(dt.date(2025, 9, 28))


def test_nobody_in_talks_is_given_personal_data_by_another_entry(vocabulary: Vocabulary) -> None:
    def pairs(*, open_: bool) -> set[frozenset[str]]:
        return {
            frozenset((a.party_a, a.party_b))
            for a in vocabulary.agreements.values()
            if isinstance(a, Agreement) and a.flow == "personal" and (a.status == "in_force") == open_
        }

    assert not pairs(open_=True) & pairs(open_=False)


def test_a_code_holds_through_its_last_day(vocabulary: Vocabulary) -> None:
    scheme = vocabulary.evaluation_schemes["5x5x5"]
    assert scheme.valid_until is not None
    assert scheme.in_force(scheme.valid_until)
    assert not scheme.in_force(scheme.valid_until + dt.timedelta(days=1))


def test_legal_grounds_name_act(vocabulary: Vocabulary) -> None:
    for ground in vocabulary.codes("legal_grounds").values():
        assert isinstance(ground, LegalGround)
        assert ground.act


def test_there_are_reasons_for_every_verdict(vocabulary: Vocabulary) -> None:
    reasons = [each for each in vocabulary.codes("verdict_reasons").values() if isinstance(each, VerdictReason)]
    assert {each.verdict for each in reasons} == {"same", "not_the_same", "unsure"}


def test_crime_areas_hold_annex_i_and_empact(vocabulary: Vocabulary) -> None:
    found = vocabulary.codes("crime_areas")
    assert sum(each.source.endswith("Annex I") for each in found.values()) == 30
    assert sum(bool(getattr(each, "empact", False)) for each in found.values()) == 11


def test_the_rules_of_the_decision_function(vocabulary: Vocabulary) -> None:
    assert set(vocabulary.policy_rules) == {
        "unknown_action",
        "unknown_version",
        "unverified_signature",
        "expired",
        "excluded",
        "not_in_audience",
        "purpose_not_covered",
        "classification_above_clearance",
        "case_not_held",
        "no_automated_match",
        "hit_silent",
        "agreement_missing",
        "strategic_only",
        "h1_court",
        "h2_onward",
        "h3_ask_owner",
        "no_court",
        "no_onward",
        "no_third_country",
        "not_owner",
        "recipient_unknown",
        "subject_category_missing",
        "allowed",
    }


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "pt_BR"])
def test_every_rule_speaks_with_its_places_filled(language: str, vocabulary: Vocabulary) -> None:
    for rule in vocabulary.policy_rules.values():
        values = {place: f"<{place}>" for place in rule.placeholders}
        said = rule.sentence(language, values) + rule.advice(language, values)
        assert "{" not in said
        for place in rule.placeholders:
            assert f"<{place}>" in said, (rule.code, place)


def test_a_missing_value_is_an_error_and_no_hole_in_the_sentence(vocabulary: Vocabulary) -> None:
    with pytest.raises(KeyError):
        vocabulary.policy_rules["h1_court"].sentence("en", {})
