"""Checks that the files of a vocabulary agree with each other, for whoever edits one of them."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from alidade.vocabulary.codes import CrimeArea, PolicyRule
from alidade.vocabulary.labels import LANGUAGES

if TYPE_CHECKING:
    from alidade.vocabulary.catalogue import Vocabulary

__all__ = ["problems"]


def problems(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Everything that does not fit between the files, as sentences; empty when all is well.

    Raises DamagedVocabulary where a file cannot be read at all.
    """
    vocabulary.load_all()
    return (
        *_things(vocabulary),
        *_categories(vocabulary),
        *_evaluation(vocabulary),
        *_agreements(vocabulary),
        *_crime_areas(vocabulary),
        *_members(vocabulary),
        *_rules(vocabulary),
    )


def _unknown(where: str, found: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    holds = frozenset(known)
    for each in found:
        if each not in holds:
            yield f"{where}: unknown {each!r}"


def _things(vocabulary: Vocabulary) -> Iterator[str]:
    groups = vocabulary.codes("field_groups")
    kinds = vocabulary.codes("identifier_kinds")
    for name, thing in vocabulary.things.items():
        for prop in thing.properties:
            where = f"things, {name}.{prop.name}"
            if prop.category is not None:
                yield from _unknown(where, (prop.category,), groups)
            if prop.identifier_kind is not None:
                yield from _unknown(where, (prop.identifier_kind,), kinds)
            if prop.code_list is not None:
                yield from _unknown(where, (prop.code_list,), vocabulary.lists())
        if thing.personal:
            for prop in vocabulary.properties_of(name).values():
                if prop.category is None:
                    yield f"things, {name}.{prop.name}: personal, but in no group of facts"


def _categories(vocabulary: Vocabulary) -> Iterator[str]:
    groups = vocabulary.codes("field_groups")
    allowed: set[str] = set()
    for code, category in vocabulary.subject_categories.items():
        allowed.update(category.fields)
        yield from _unknown(f"subject_categories, {code}", category.fields, groups)
    used = {prop.category for name in vocabulary.things for prop in vocabulary.properties_of(name).values()}
    for group in groups:
        if group not in allowed:
            yield f"field_groups, {group}: no category of persons allows it"
        if group not in used:
            yield f"field_groups, {group}: no property belongs to it"


def _evaluation(vocabulary: Vocabulary) -> Iterator[str]:
    known = {
        "source": vocabulary.codes("evaluation_source"),
        "information": vocabulary.codes("evaluation_information"),
    }
    for code, scheme in vocabulary.evaluation_schemes.items():
        where = f"evaluation_schemes, {code}"
        for each in scheme.grades:
            if each.axis == "handling":
                if each.to is not None:
                    yield f"{where}, handling {each.grade}: becomes an evaluation"
            else:
                yield from _unknown(f"{where}, {each.axis} {each.grade}", (str(each.to),), known[each.axis])
        for axis in ("source", "information"):
            if axis not in scheme.axes or not any(each.axis == axis for each in scheme.grades):
                yield f"{where}: has no {axis}"
        if len({(each.axis, each.grade) for each in scheme.grades}) != len(scheme.grades):
            yield f"{where}: a grade stands twice"


def _agreements(vocabulary: Vocabulary) -> Iterator[str]:
    parties = [*vocabulary.countries, *vocabulary.codes("areas"), *vocabulary.codes("bodies")]
    if len(set(parties)) != len(parties):
        yield "agreements: a code is used by two of countries, areas, bodies"
    for code, agreement in vocabulary.agreements.items():
        where = f"agreements, {code}"
        yield from _unknown(where, (agreement.party_a, agreement.party_b), parties)
        yield from _unknown(where, agreement.crime_areas, vocabulary.codes("crime_areas"))


def _crime_areas(vocabulary: Vocabulary) -> Iterator[str]:
    areas = {code: each for code, each in vocabulary.codes("crime_areas").items() if isinstance(each, CrimeArea)}
    for code, area in areas.items():
        seen = {code}
        parent = area.parent
        while parent is not None:
            if parent not in areas or parent in seen:
                yield f"crime_areas, {code}: unknown or circular parent {parent!r}"
                break
            seen.add(parent)
            parent = areas[parent].parent


def _members(vocabulary: Vocabulary) -> Iterator[str]:
    for code, country in vocabulary.countries.items():
        yield from _unknown(f"countries, {code}", country.areas, vocabulary.codes("areas"))
    for code, role in vocabulary.roles.items():
        yield from _unknown(f"roles, {code}", role.acts, vocabulary.codes("acts"))


def _rules(vocabulary: Vocabulary) -> Iterator[str]:
    for code, rule in vocabulary.policy_rules.items():
        used = {place for language in (*LANGUAGES, "pt_BR") for place in _places(rule, language) if place is not None}
        if used != set(rule.placeholders):
            yield f"policy_rules, {code}: declares {sorted(rule.placeholders)}, uses {sorted(used)}"


def _places(rule: PolicyRule, language: str) -> Iterator[str | None]:
    for text in (rule.text.in_(language), rule.remedy.in_(language)):
        for _, place, _, _ in string.Formatter().parse(text):
            yield place
