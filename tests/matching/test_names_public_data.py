"""Names against public truth: labelled pairs, and the aliases of a sanctions list."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA

from alidade.matching.identifiers import normalise
from alidade.matching.names import Thing, explain_names, name_keys, tokens

THING: dict[str, Thing] = {
    "Person": "person",
    "Company": "organisation",
    "Organization": "organisation",
    "LegalEntity": "other",
    "Vessel": "vessel",
}
#: Measured 0.875 on these pairs, on which weights were chosen: a floor, not a benchmark.
F1_FLOOR, THRESHOLD = 0.86, 0.7
#: Measured 0.9986 of 1,411 spelling variants, and 0.876 of all 6,272 person aliases.
VARIANT_FLOOR, ALIAS_FLOOR = 0.99, 0.86


def test_labelled_pairs(shared_data: Path) -> None:
    path = shared_data / "labelled_pairs" / "name_pairs.csv"
    if not path.is_file():
        pytest.skip("labelled name pairs not in the public test data")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hits = wrong = missed = 0
    for row in rows:
        found = explain_names(row["name1"], row["name2"], THING[row["schema"]]).score >= THRESHOLD
        same = row["is_match"] == "true"
        hits += found and same
        wrong += found and not same
        missed += same and not found
    assert len(rows) == 419
    assert 2 * hits / (2 * hits + wrong + missed) >= F1_FLOOR


def _is_spelling_variant(alias: str, name: str) -> bool:
    """As many words, each within one slip (a third of its letters in longer words) of a word of the other."""
    left, right = list(tokens(alias)), list(tokens(name))
    if len(left) != len(right) or sorted(left) == sorted(right):
        return False
    for word in sorted(left):
        nearest = min(right, key=lambda other: (OSA.distance(word, other), other))
        if OSA.distance(word, nearest) > max(1, len(word) * 0.34):
            return False
        right.remove(nearest)
    return True


def _list(shared_data: Path, name: str) -> list[list[str]]:
    path = shared_data / "ofac" / name
    if not path.is_file():
        pytest.skip("sanctions list not in the public test data")
    with path.open(encoding="latin-1", newline="") as file:
        return [row for row in csv.reader(file) if len(row) > 3]


def test_aliases_of_persons_are_retrieved_by_shared_keys(shared_data: Path) -> None:
    persons = {row[0]: row[1] for row in _list(shared_data, "sdn.csv") if row[2].strip() == "individual"}
    variants = retrieved_variants = aliases = retrieved = 0
    for row in _list(shared_data, "alt.csv"):
        name = persons.get(row[0])
        if name is None:
            continue
        shared = bool(name_keys(row[3], "person") & name_keys(name, "person"))
        aliases += 1
        retrieved += shared
        if _is_spelling_variant(row[3], name):
            variants += 1
            retrieved_variants += shared
    assert aliases > 6_000
    assert variants > 1_400
    assert retrieved_variants / variants >= VARIANT_FLOOR
    assert retrieved / aliases >= ALIAS_FLOOR


def test_imo_numbers_of_listed_vessels_fit_their_check_digit(shared_data: Path) -> None:
    vessels = [row for row in _list(shared_data, "sdn.csv") if row[2].strip() == "vessel"]
    numbers = [number for row in vessels for number in re.findall(r"\bIMO ([0-9]{7})\b", row[11])]
    assert len(numbers) > 300
    assert all(normalise("imo", number).valid for number in numbers)
