"""Two registers linked, and the doubles of one: accuracy, plan, report, resolution."""

from __future__ import annotations

import random
import re
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching.folding import fold
from alidade.matching.linking import deduplicate, link, linkage
from alidade.matching.linking_fields import fields_of
from alidade.matching.linking_keys import key_table, keys_of, pairs_by_join, pairs_by_merge, pairs_of
from alidade.matching.linking_weights import LINKING
from alidade.matching.linking_words import WORD_LETTERS, distinct_words

ROWS, SAME = 2000, 600
SYLLABLES = re.findall("..", "bakorimasevedrolesoraguchizhutabehanoesivapelumi")
GIVEN = ["Anna", "Maria", "Ivan", "Omar", "Carlos", "Lucia", "Dmitri", "Ahmed", "Sofia", "Pedro", "Elena", "Yusuf"]


def _person(chance: random.Random) -> dict[str, str | None]:
    family = "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(3, 5))).capitalize()
    middle = [chance.choice(GIVEN)] if chance.random() < 0.3 else []
    birth = f"{chance.randint(1945, 2004)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    return {
        "name": " ".join([chance.choice(GIVEN), *middle, family]),
        "birthDate": birth,
        "idNumber": f"{chance.randint(10**8, 10**9 - 1)}",
        "country": chance.choice(["es", "ru", "eg", "br", "fr"]),
    }


def _copy(chance: random.Random, row: dict[str, str | None]) -> dict[str, str | None]:
    words = str(row["name"]).split()
    kind = chance.randrange(6)
    at = len(words) - 1
    if kind == 0:
        place = chance.randrange(1, len(words[at]))
        words[at] = words[at][:place] + chance.choice("aeost") + words[at][place + 1 :]
    elif kind == 1:
        words = words[-1:] + words[:-1]
    elif kind == 2:
        words[0] = words[0][0] + "."
    elif kind == 3:
        words = ["".join(words[:2]), *words[2:]]
    birth, number = row["birthDate"], str(row["idNumber"])
    if chance.random() < 0.1:
        birth = None
    elif chance.random() < 0.1:
        birth = f"{str(birth)[:8]}{chance.randint(1, 28):02d}"
    if chance.random() < 0.1:
        number = number[:4] + str(chance.randrange(10)) + number[5:]
    return {**row, "name": " ".join(words), "birthDate": birth, "idNumber": number}


@cache
def _registers() -> tuple[pl.DataFrame, pl.DataFrame, set[tuple[int, int]]]:
    chance = random.Random(4)
    lefts = [_person(chance) for _ in range(ROWS)]
    rights = [(_copy(chance, lefts[row]), row) for row in range(SAME)]
    rights += [(_person(chance), -1) for _ in range(ROWS - SAME)]
    chance.shuffle(rights)
    for row in [*lefts, *(row for row, _ in rights)]:
        if chance.random() < 0.4:
            row["idNumber"] = None
    truth = {(row, place) for place, (_, row) in enumerate(rights) if row >= 0}
    schema = dict.fromkeys(("name", "birthDate", "idNumber", "country"), pl.String)
    return pl.DataFrame(lefts, schema=schema), pl.DataFrame([row for row, _ in rights], schema=schema), truth


def _pairs(found: pl.DataFrame) -> set[tuple[int, int]]:
    return set(found.select("left", "right").iter_rows())


def test_true_links_are_found_at_the_threshold_of_the_table() -> None:
    left, right, truth = _registers()
    found = _pairs(link(left, right))
    assert 2 * len(found & truth) / (len(found) + len(truth)) >= 0.97


def test_the_parts_add_up_and_the_best_stand_first() -> None:
    left, right, _ = _registers()
    found = link(left, right, threshold=0.1)
    parts = found.select(total=pl.sum_horizontal("prior", "name", "birth_date", "document", "country", "kind"))
    assert np.allclose(parts["total"].to_numpy(), found["weight"].to_numpy(), atol=1e-3)
    assert found["weight"].is_sorted(descending=True)
    assert found["score"].is_between(0.1, 1.0).all()


def test_linking_is_deterministic_and_the_sides_may_change_places() -> None:
    left, right, _ = _registers()
    once = link(left, right)
    assert once.equals(link(left, right))
    assert _pairs(once) == {(row, other) for other, row in _pairs(link(right, left))}


def test_one_to_one_uses_no_row_twice() -> None:
    left, right, truth = _registers()
    doubled = pl.concat([right, right.head(400)])
    best = link(left, doubled)
    single = link(left, doubled, resolution="one_to_one")
    assert single["left"].is_unique().all()
    assert single["right"].is_unique().all()
    assert not best["left"].is_unique().all()
    assert truth & _pairs(best)


def test_doubles_of_one_register_are_found_once() -> None:
    left, right, truth = _registers()
    found = deduplicate(pl.concat([left, right]))
    assert (found["left"] < found["right"]).all()
    expected = {(row, place + ROWS) for row, place in truth}
    assert 2 * len(_pairs(found) & expected) / (len(found) + len(expected)) >= 0.95


def test_an_unknown_value_is_no_difference() -> None:
    left = pl.DataFrame({"name": ["Ivan Kravolenko", "Nadia Besholtar"], "birthDate": ["1964-03-04", "1970-01-01"]})
    right = pl.DataFrame({"name": ["Ivan Kravolenko", "Omar Tintarsal"]})
    found = link(left, right, threshold=0.0)
    assert found.row(0)[:2] == (0, 0)
    assert found.row(0, named=True)["birth_date"] == 0.0
    assert found.row(0, named=True)["document"] == 0.0


def test_things_of_different_kinds_are_not_linked() -> None:
    left = pl.DataFrame({"name": ["Maria Celestina"], "schema": ["Person"]})
    vessel = pl.DataFrame({"name": ["Maria Celestina"], "schema": ["Vessel"]})
    assert link(left, left, threshold=0.0).height == 1
    assert link(left, vessel, threshold=0.0).height == 0


def test_other_identifiers_link_whatever_the_name() -> None:
    left = pl.DataFrame({"name": ["Ocean Meridia"] * 2, "imoNumber": ["9074729", "9187629"]})
    right = pl.DataFrame({"name": ["Lady Fortuna", "Ocean Meridia"], "imoNumber": ["IMO 9074729", "9319466"]})
    found = link(left, right, threshold=0.0, resolution="all")
    weights = {(row, other): weight for row, other, weight in found.select("left", "right", "document").iter_rows()}
    assert weights[(0, 0)] > 0 > weights.get((0, 1), -1.0)


def test_what_is_shared_by_too_many_rows_is_passed_over_and_said() -> None:
    many = pl.DataFrame({"name": ["Global Trading"] * 300})
    found = linkage(many, many)
    assert found.pairs.height == 0
    assert found.capped["keys"].sum() > 0
    assert found.capped["pairs"].max() >= 300 * 300


def test_empty_registers_and_missing_columns() -> None:
    empty = pl.DataFrame({"name": []}, schema={"name": pl.String})
    one = pl.DataFrame({"name": ["Ivan Kravolenko", None, "", "!!"]})
    assert link(empty, one).height == link(one, empty).height == link(empty, empty).height == 0
    assert deduplicate(one).height == 0
    with pytest.raises(ValueError, match="name"):
        link(pl.DataFrame({"title": ["x"]}), one)


@pytest.mark.parametrize("rule", LINKING.rules, ids=lambda rule: rule.name)
def test_the_plan_as_joins_gives_the_same_pairs(rule: object) -> None:
    left, right, _ = _registers()
    fields = fields_of(left, right)
    one, other = keys_of(fields, rule, 0, ROWS), keys_of(fields, rule, ROWS, 2 * ROWS)  # type: ignore[arg-type]
    merged = np.unique(pairs_by_merge(one, other, 40, within=False).pairs)
    joined = pairs_by_join(key_table(one).lazy(), key_table(other).lazy(), 40).collect()
    packed = joined["left"].to_numpy().astype(np.uint64) << np.uint64(32) | joined["right"].to_numpy().astype(np.uint64)
    assert np.array_equal(merged, np.sort(packed))


def test_within_one_register_each_pair_stands_once() -> None:
    left, _, _ = _registers()
    fields = fields_of(left, None)
    for rule in LINKING.rules:
        pairs = np.unique(pairs_of(fields, rule, ROWS, within=True).pairs)
        assert (pairs >> np.uint64(32) < (pairs & np.uint64(0xFFFFFFFF))).all()


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.text("ab-' `éßИ李1.", max_size=12)), min_size=1, max_size=6))
def test_words_are_those_of_folding(names: list[str]) -> None:
    words = distinct_words(pl.Series(names, dtype=pl.String))
    for row, name in enumerate(names):
        found = [
            words.letters[words.start[word] : words.start[word + 1]].tobytes().decode("ascii")
            for word in words.rows[row].tolist()
            if word >= 0
        ]
        assert found == [word[:WORD_LETTERS] for word in fold(name).split()][: len(found)]
        assert len(found) == min(len(fold(name).split()), words.rows.shape[1])
