"""Explanation: why not, whose rule it is, where it stands written, and what would lift it, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from alidade.model.ids import AuthorityId
from alidade.policy.decision import UNKNOWN, Decision, Reason
from alidade.vocabulary import Vocabulary

ALLOWED: Final = "allowed"
_AUTHORITIES: Final = ("viewer", "recipient", "owner", "sender")
_LABELLED: Final = (
    ("purpose", "purposes"),
    ("classification", "classifications"),
    ("clearance", "classifications"),
)


def explain(
    decision: Decision,
    vocabulary: Vocabulary,
    language: str,
    names: Mapping[AuthorityId, str] | None = None,
) -> tuple[str, ...]:
    """One line for each reason, in the order of the rules; one line in all where the decision is yes.

    A line is "owner: what the rule says. What would lift it. (source)". `names` are the names of authorities
    for people; whoever is not among them appears by id. Raises UnknownCode for a language without labels.
    """
    reasons = decision.reasons if not decision.allowed else (Reason(rule=ALLOWED),)
    return tuple(dict.fromkeys(_line(reason, vocabulary, language, names or {}) for reason in reasons))


def _line(reason: Reason, vocabulary: Vocabulary, language: str, names: Mapping[AuthorityId, str]) -> str:
    rule = vocabulary.policy_rules.get(reason.rule)
    if rule is None:
        return reason.rule
    values = {place: UNKNOWN for place in rule.placeholders} | dict(reason.parameters)
    for place in _AUTHORITIES:
        authority = values.get(place, UNKNOWN)
        values[place] = names.get(AuthorityId(authority), authority)
    for place, code_list in _LABELLED:
        code = values.get(place, UNKNOWN)
        if code in vocabulary.codes(code_list):
            values[place] = vocabulary.label(code_list, code, language)
    owner = "" if values["owner"] == UNKNOWN else f"{values['owner']}: "
    return f"{owner}{rule.sentence(language, values)} {rule.advice(language, values)} ({rule.source})"
