"""The generator of registers and questions: the same for the same seed, and true to what it says."""

from __future__ import annotations

import random as chance
from collections.abc import Iterator

import numpy as np
import pytest
from benchmarks.matching import composing, corruption, material
from benchmarks.matching.composing import Rows, compose
from benchmarks.matching.groups import Group, plain, script_of
from benchmarks.matching.material import Material, make_material
from benchmarks.matching.queries import CLASSES, Source, corrupted, joined, make_source, slots
from benchmarks.places import shared_data

SEED, ROWS = 4_711, 1_500
SYLLABLES = ("ba", "den", "kor", "li", "mas", "nov", "ra", "sten", "tol", "vik", "wer", "zan")


@pytest.fixture(scope="module")
def made() -> Iterator[Material]:
    if shared_data() is None:
        pytest.skip("the public lists were not found (ALIDADE_SHARED_DATA)")
    names = [a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES]
    groups = tuple(
        Group(latin=(name, name.replace("k", "c") + "e"), native={"Cyrl": ("влад" + "аеи"[place % 3] * 2,)})
        for place, name in enumerate(names)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(material, "read_groups", lambda: groups)
        patch.setattr("benchmarks.matching.queries.read_groups", lambda: groups)
        patch.setattr(composing, "BLOCK", ROWS)
        words = ("Antwerp", "Kaspex", "NTV", "Bergen", "Lumarix")
        patch.setattr(composing, "_roots", lambda seed: ([make_material(seed).piece(word) for word in words],) * 3)
        yield make_material(SEED)


@pytest.fixture(scope="module")
def rows(made: Material) -> Rows:
    return compose(made, 0, ROWS)


@pytest.fixture(scope="module")
def source(made: Material, rows: Rows) -> Source:
    return make_source("tuning", made, rows)


def test_a_block_is_the_same_each_time_and_no_other_block(made: Material, rows: Rows) -> None:
    names = rows.texts(made)
    assert names.to_list() == compose(made, 0, ROWS).texts(made).to_list()
    assert set(names) & set(compose(made, 1, ROWS).texts(made)) != set(names)


def test_folded_text_is_the_fold_of_the_name_as_written(made: Material, rows: Rows) -> None:
    for name, folded in zip(rows.texts(made), rows.texts(made, folded=True), strict=True):
        assert folded == plain(name)


def test_kinds_come_in_the_shares_that_are_said(rows: Rows) -> None:
    shares = np.bincount(rows.kinds, minlength=3) / ROWS
    assert shares == pytest.approx([0.80, 0.16, 0.04], abs=0.03)


def test_a_held_out_name_stands_in_no_row(made: Material, rows: Rows) -> None:
    held = {plain(form) for group in made.held_out for form in group.latin}
    words = {word for name in rows.texts(made, folded=True) for word in name.split()}
    assert held
    assert not held & words


def test_some_names_stand_in_their_native_script(made: Material, rows: Rows) -> None:
    names = rows.texts(made).filter(rows.native)
    assert "Cyrl" in {script_of(name) for name in names}
    assert "Latn" not in {script_of(name) for name in names}


def test_the_parts_of_a_row_make_its_name(source: Source) -> None:
    for row in range(200):
        assert joined(slots(source, row)) == source.names[row]


@pytest.mark.parametrize("sort", [each for each in CLASSES if each not in ("nickname", "otherscript")])
def test_each_class_makes_questions_that_differ_from_the_name(source: Source, sort: str) -> None:
    random = chance.Random(sort)
    made = [(corrupted(random, source, row, sort), source.names[row]) for row in range(ROWS)]
    told = [(text, name) for text, name in made if text is not None]
    assert len(told) > 20
    if sort not in ("exact_fold", "legalform"):
        assert sum(text != name for text, name in told) > 0.95 * len(told)
    if sort == "exact_fold":
        assert all(plain(text) == plain(name) or "." in name for text, name in told)


def test_reordered_words_are_the_same_words() -> None:
    for seed in range(50):
        told = corruption.reordered(chance.Random(seed), ["Ivan", "Ivanovich", "Petrov"])
        assert told is not None
        assert sorted(plain(told).split()) == ["ivan", "ivanovich", "petrov"]
        assert plain(told) != "ivan ivanovich petrov"


def test_a_slip_changes_one_letter_at_most_and_short_words_stay() -> None:
    for seed in range(100):
        told = corruption.typo(chance.Random(seed), "Al Petrov")
        assert told is not None
        assert told.startswith("Al ")
        assert abs(len(told) - len("Al Petrov")) <= 1
    assert corruption.typo(chance.Random(1), "Al Bo") is None


def test_transposed_letters_are_the_same_letters() -> None:
    for seed in range(50):
        told = corruption.transpose(chance.Random(seed), "Petrov")
        assert told is not None
        assert sorted(told.lower()) == sorted("petrov")
        assert told != "Petrov"
