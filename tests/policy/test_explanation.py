"""Why not: in words, in four languages, with the owner, the source and what would lift it."""

# mypy: disable-error-code="arg-type"

from __future__ import annotations

from typing import Any

import pytest

from alidade.policy import Decision, Reason, Terms, explain, may, rules
from alidade.vocabulary import LANGUAGES, Vocabulary, load_vocabulary

RULES = sorted({rule.code for rule in vars(rules).values() if isinstance(rule, rules.Rule)} - {"unknown_action"})


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def full(rule: str) -> Decision:
    parameters = {
        "owner": "nl-politie",
        "sender": "nl-politie",
        "viewer": "de-bka",
        "recipient": "br-pf",
        "purpose": "18.2.c",
        "classification": "SECRET",
        "clearance": "BPL",
        "version": "2",
        "date": "2026-06-15",
    }
    return Decision(allowed=False, reasons=(Reason(rule=rule, parameters=parameters),))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_words_in_every_language(vocabulary: Vocabulary, rule: str) -> None:
    lines = {language: explain(full(rule), vocabulary, language) for language in LANGUAGES}
    assert len({line for (line,) in lines.values()}) == len(LANGUAGES)
    for (line,) in lines.values():
        assert line.startswith("nl-politie: ")
        assert vocabulary.policy_rules[rule].source in line
        assert "{" not in line
    # Nothing but codes of authorities, lists and days can fill a place, so no value of a statement can.
    assert set(vocabulary.policy_rules[rule].placeholders) <= set(full(rule).reasons[0].parameters)


def test_names_and_labels_stand_for_codes(vocabulary: Vocabulary) -> None:
    names = {"nl-politie": "Politie", "br-pf": "Polícia Federal"}
    (line,) = explain(full("agreement_missing"), vocabulary, "en", names)
    assert line.startswith("Politie: No agreement in force lets Politie give this to Polícia Federal. ")
    (line,) = explain(full("purpose_not_covered"), vocabulary, "fr")
    assert "Analyse opérationnelle" in line
    (line,) = explain(full("classification_above_clearance"), vocabulary, "en")
    assert vocabulary.label("classifications", "SECRET", "en") in line


def test_all_refusing_rules_are_told_in_order(scene: Any, vocabulary: Vocabulary) -> None:
    terms = scene.terms(expires_on="2026-06-15", communities=(), classification="SECRET")
    decision = may("read", scene.viewer(), terms, scene.now, scene.world)
    assert [reason.rule for reason in decision.reasons] == [
        "expired",
        "not_in_audience",
        "classification_above_clearance",
    ]
    lines = explain(decision, vocabulary, "en")
    assert len(lines) == 3
    assert "2026-06-15" in lines[0]
    assert "de-bka" in lines[1]


def test_rules_about_the_recipient_name_the_recipient(scene: Any, vocabulary: Vocabulary) -> None:
    terms = scene.terms(excluded=("br-pf", "de-bka"))
    decision = may("forward", scene.viewer(), terms, scene.now, scene.world, recipient=scene.parties["br-pf"])
    about = [reason.parameters["viewer"] for reason in decision.reasons if reason.rule == "excluded"]
    assert about == ["de-bka", "br-pf"]


def test_unreadable_terms_have_no_owner_to_name(scene: Any, vocabulary: Vocabulary) -> None:
    decision = may("read", scene.viewer(), Terms(id="h1", handling=None, verified=True), scene.now, scene.world)
    (line,) = explain(decision, vocabulary, "en")
    assert line.startswith("These conditions are written in version ?")


def test_yes_is_explained_too(scene: Any, vocabulary: Vocabulary) -> None:
    decision = may("read", scene.viewer(), scene.terms(), scene.now, scene.world)
    (line,) = explain(decision, vocabulary, "en")
    assert line.startswith("Every condition is met.")


def test_equal_lines_are_said_once(scene: Any, vocabulary: Vocabulary) -> None:
    reason = full("expired").reasons[0]
    assert len(explain(Decision(allowed=False, reasons=(reason, reason)), vocabulary, "en")) == 1


def test_rule_without_words_is_named_by_its_code(vocabulary: Vocabulary) -> None:
    assert explain(full("rule_of_tomorrow"), vocabulary, "en") == ("rule_of_tomorrow",)
    (line,) = explain(full("unknown_action"), vocabulary, "en")
    assert "Nobody has said who may do this." in line
