"""The files of the vocabulary agree with each other, and the check of that can fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alidade.vocabulary import Vocabulary, load_vocabulary, problems


def test_the_files_agree(vocabulary: Vocabulary) -> None:
    assert problems(vocabulary) == ()


def entry(content: Any, key: str) -> Any:
    return next(each for each in content["entries"] if key in (each.get("code"), each.get("name")))


DAMAGES: list[tuple[str, Callable[[Any], Any], str]] = [
    ("subject_categories", lambda c: entry(c, "victim")["fields"].append("horoscope"), "horoscope"),
    (
        "subject_categories",
        lambda c: entry(c, "informant")["fields"].remove("informant_details"),
        "informant_details",
    ),
    ("things", lambda c: entry(c, "Person")["properties"][0].pop("category"), "in no group"),
    ("things", lambda c: entry(c, "Person")["properties"][0].update(category="horoscope"), "horoscope"),
    ("things", lambda c: entry(c, "Consignment").update(personal=True), "Consignment"),
    ("countries", lambda c: entry(c, "BE").update(areas=["Benelux"]), "Benelux"),
    ("roles", lambda c: entry(c, "analyst")["acts"].append("dance"), "dance"),
    ("agreements", lambda c: entry(c, "br-europol-personal").update(party_a="ZZ"), "ZZ"),
    ("agreements", lambda c: entry(c, "br-europol-personal").update(crime_areas=["piracy"]), "piracy"),
    ("bodies", lambda c: entry(c, "EUROPOL").update(code="EU"), "used by two"),
    ("crime_areas", lambda c: entry(c, "vat_fraud").update(parent="vat_fraud"), "circular"),
    ("crime_areas", lambda c: entry(c, "vat_fraud").update(parent="sin"), "sin"),
    ("policy_rules", lambda c: entry(c, "h1_court").update(placeholders=[]), "h1_court"),
    ("policy_rules", lambda c: entry(c, "h1_court")["text"].update(fr="{proprietaire} refuse."), "h1_court"),
    ("evaluation_schemes", lambda c: entry(c, "5x5x5")["grades"][0].update(to="Q"), "5x5x5"),
    ("evaluation_schemes", lambda c: entry(c, "4x4").update(axes=["source"]), "no information"),
    ("evaluation_schemes", lambda c: entry(c, "4x4")["grades"].append(entry(c, "4x4")["grades"][0]), "twice"),
    ("evaluation_schemes", lambda c: entry(c, "5x5x5")["grades"][-1].update(to="1"), "becomes an evaluation"),
    ("identifier_kinds", lambda c: c["entries"].remove(entry(c, "imo")), "imo"),
]


@pytest.mark.parametrize(("name", "damage", "word"), DAMAGES)
def test_each_disagreement_is_found(name: str, damage: Callable[[Any], Any], word: str, copy: Path) -> None:
    path = copy / f"{name}.json"
    content = json.loads(path.read_text())
    damage(content)
    path.write_text(json.dumps(content))
    found = problems(load_vocabulary(copy))
    assert any(word in each for each in found), found
