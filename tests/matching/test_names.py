"""Names in several scripts, with slips and left-out words: their keys, their agreement, its explanation."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alidade.matching.names import Thing, explain_names, fold, name_keys, tokens

TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
WORD_POOL = [
    *(
        "Sergei",
        "Sergey",
        "Ivanov",
        "Iwanow",
        "Иванов",
        "习近平",
        "al",
        "bin",
        "Mohammed",
        "Muhamad",
        "A",
        "J",
    ),
    *("Ltd", "Trading", "Rami", "Makhlouf", "RamiMakhlouf", "Nuristani", "7", "X1"),
]
WORDS = st.lists(st.sampled_from(WORD_POOL), max_size=6).map(" ".join)
NAMES = st.one_of(WORDS, TEXT)
THINGS: st.SearchStrategy[Thing] = st.sampled_from(["person", "organisation", "vessel", "other"])


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Нурсултан Назарбаев", "nursultan nazarbaev"),
        ("Αλέξης Τσίπρας", "alexis tsipras"),
        ("习近平", "xi jin ping"),
        ("김정은", "gim jeong eun"),
        ("O’Neil-Smith, Seán", "oneil smith sean"),
        ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
        ("Straße", "strasse"),
        ("", ""),
        ("...", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert tokens(text) == tuple(folded.split())


@pytest.mark.parametrize(
    ("left", "right", "thing"),
    [
        ("Sergei Lavrov", "Sergi Lawrow", "person"),
        ("Сергей Лавров", "Sergey LAVROV", "person"),
        ("فرناندو بيريز", "Fernando Pérez", "person"),
        ("أسامة بن لادن", "Usama bin Laden", "person"),
        ("习近平", "Xi Jinping", "person"),
        ("김정은", "Kim Jong Un", "person"),
        ("Ανδρέας Παπανδρέου", "Andreas Papandreou", "person"),
        ("RamiMakhlouf", "Rami Makhlouf", "person"),
        ("Papandreu", "Papandrdeou", "person"),
        ("Makhlouf", "Maklouff", "person"),
        ("Goodwill Company", "Good Will Co", "organisation"),
        ("A.B.C. Company", "ABC Ltd", "organisation"),
        ("Snow Storm 1", "Snow Stom 1", "vessel"),
        ("The Company Ltd", "Company Limited The", "organisation"),
    ],
)
def test_spellings_of_one_name_share_a_key(left: str, right: str, thing: Thing) -> None:
    assert name_keys(left, thing) & name_keys(right, thing)


def test_generic_words_give_no_key_on_their_own() -> None:
    assert not name_keys("Alfa Trading Company Ltd", "organisation") & name_keys(
        "Omega Trading Company Ltd", "organisation"
    )
    assert not name_keys("Sheikh Omar al Bashir", "person") & name_keys("Sheikh Talal al Rifai", "person")
    assert name_keys("Trading Company", "organisation") == {"w:co trading"}
    assert name_keys("", "person") == name_keys("---", "person") == frozenset()


def test_keys_do_not_depend_on_the_order_of_telling_words_alone() -> None:
    assert name_keys("Lavrov, Sergei", "person") & name_keys("Sergei Lavrov", "person") >= {
        "t:lavrov",
        "t:sergei",
    }


@pytest.mark.parametrize(
    ("left", "right", "thing", "lowest"),
    [
        ("Sergei Lavrov", "LAVROV, Sergey", "person", 0.8),
        ("Сергей Викторович Лавров", "Sergei Lavrov", "person", 0.8),
        ("Ali A. Velayati", "Ali Akbar Velayati", "person", 0.7),
        ("Rami Makhlouf", "RamiMakhlouf", "person", 0.9),
        ("Dr. Olaf Scholz", "Olaf Scholz", "person", 0.9),
        ("OAO Gazprom", "Open Joint Stock Company Gazprom", "organisation", 0.95),
        ("Siemens Aktiengesellschaft", "SIEMENS AG", "organisation", 0.95),
        ("ООО «Альфа»", "Alfa LLC", "organisation", 0.7),
    ],
)
def test_same_name_scores_high(left: str, right: str, thing: Thing, lowest: float) -> None:
    assert explain_names(left, right, thing).score >= lowest


@pytest.mark.parametrize(
    ("left", "right", "thing", "highest"),
    [
        ("Boris Abramovich", "Roman Abramovich", "person", 0.5),
        ("Barack Obama", "Michelle Obama", "person", 0.5),
        ("Pol Pot", "Paul Murphy", "person", 0.3),
        ("Snow Storm 1", "Snow Storm 2", "vessel", 0.7),
        ("C.B.A. Company", "A.B.C. Company", "organisation", 0.5),
        ("Alfa Trading Ltd", "Omega Trading Ltd", "organisation", 0.5),
        ("", "Anna", "person", 0.0),
    ],
)
def test_other_name_scores_low(left: str, right: str, thing: Thing, highest: float) -> None:
    assert explain_names(left, right, thing).score <= highest


def test_the_explanation_says_which_word_met_which() -> None:
    result = explain_names("Ali A. Nuristani Khan", "Nooristani, Ali Akbar", "person")
    rules = {(part.left, part.right): part.rule for part in result.parts}
    assert rules["ali", "ali"] == "equal"
    assert rules["a", "akbar"] == "initial"
    assert rules["nuristani", "nooristani"] in ("similar", "sound", "variant")
    assert rules["khan", ""] == "missing"
    assert all(0.0 <= part.credit <= 1.0 and part.weight > 0 for part in result.parts)


def test_a_missing_middle_name_costs_less_than_a_contradicting_one() -> None:
    missing = explain_names("Ivan Petrov", "Ivan Sergeyevich Petrov", "person").score
    contradicting = explain_names("Ivan Borisovich Petrov", "Ivan Sergeyevich Petrov", "person").score
    assert missing > contradicting + 0.2


@settings(max_examples=400, derandomize=True, deadline=None)
@given(left=NAMES, right=NAMES, thing=THINGS)
@example(left="a b c d", right="abcd", thing="person")
@example(left="aa ab", right="ab aa aaab", thing="organisation")
def test_the_score_is_symmetric_and_between_nought_and_one(left: str, right: str, thing: Thing) -> None:
    forward, backward = explain_names(left, right, thing), explain_names(right, left, thing)
    assert 0.0 <= forward.score <= 1.0
    assert forward.score == backward.score
    assert {(p.left, p.right) for p in forward.parts} == {(p.right, p.left) for p in backward.parts}


@settings(max_examples=300, derandomize=True, deadline=None)
@given(name=NAMES, thing=THINGS)
def test_equal_names_score_one_and_share_all_keys(name: str, thing: Thing) -> None:
    assert explain_names(name, name, thing).score == (1.0 if fold(name) else 0.0)
    assert fold(fold(name)) == fold(name)
    assert bool(name_keys(name, thing)) == bool(fold(name))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(left=WORDS, right=WORDS, seed=st.integers(0, 99))
def test_a_persons_score_does_not_depend_on_the_order_of_words(left: str, right: str, seed: int) -> None:
    words = fold(left).split()
    random.Random(seed).shuffle(words)
    assert explain_names(" ".join(words), right, "person").score == pytest.approx(
        explain_names(left, right, "person").score, abs=1e-12
    )


@settings(max_examples=30, derandomize=True, deadline=None)
@given(name=st.text(max_size=10_000), thing=THINGS)
@example(name="ab cd " * 1_600, thing="person")
@example(name="bdfglmnprstvz" * 700, thing="vessel")
def test_long_texts_are_bounded_work(name: str, thing: Thing) -> None:
    keys = name_keys(name, thing)
    assert len(keys) < 2_000
    assert all(len(key) < 200 for key in keys)
    assert explain_names(name, name[::-1], thing).score <= 1.0
