"""Suggestions as a pure function: same numbers, names and addresses; slips, decoys, commonplaces; any order of rows."""

from __future__ import annotations

import random

import pytest

from alidade.matching.suggest import EVIDENCE, explanation, suggested_pairs
from alidade.matching.suggest_rows import Joinable


def _row(
    record: str, thing: str = "Person", owner: str = "nl", keys: tuple[tuple[str, str], ...] = (), **said: str
) -> Joinable:
    return Joinable(
        record=record, thing=thing, owner=owner, values={name: [text] for name, text in said.items()}, keys=keys
    )


def _crowd(count: int) -> list[Joinable]:
    """People who have nothing to do with anybody."""
    chance = random.Random(3)
    firsts = ["Jan", "Piet", "Anna", "Maria", "Tom", "Eva", "Lars", "Inge", "Paul", "Rosa"]
    parts = ["berg", "dal", "veld", "holt", "sten", "mark", "lund", "wik", "horst", "brink"]
    return [
        _row(
            f"c{number:05d}",
            name=f"{chance.choice(firsts)} {chance.choice(parts).title()}{chance.choice(parts)}{chance.choice(parts)}",
            birthDate=f"{chance.randint(1950, 2000)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            owner=chance.choice(("nl", "de", "fr")),
        )
        for number in range(count)
    ]


def _found(rows: list[Joinable], least: float = 0.5) -> dict[frozenset[str], float]:
    table = suggested_pairs(rows, least=least)
    return {
        frozenset((rows[left].record, rows[right].record)): score
        for left, right, score in table.select("left", "right", "score").iter_rows()
    }


_HE = {"name": "Wouter Dijkgraaf"}
_BORN = {"birthDate": "1970-02-13"}
_PASS = {"passportNumber": "NXR4821P7"}
_HOME = {"address": "Kade 1, Breda"}
_NOBODY = {"name": "UNKNOWN", "birthDate": "1900-01-01"}
CASES = [
    (_HE | _BORN, {"name": "DIJKGRAAF, Wouter"} | _BORN, True),
    (_HE | _BORN, {"name": "Wouter Dijkgraf"} | _BORN, True),
    (_HE | _BORN, {"name": "Woutar Dijkgraaf", "birthDate": "1970-13-02"}, True),
    (_HE | _PASS, {"name": "W. Dijkgraaf"} | _PASS, True),
    (_HE | _HOME | {"gender": "male"}, {"name": "Fenna Dijkgraaf", "gender": "female"} | _HOME, False),
    (_NOBODY, _NOBODY, False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"), CASES)
def test_two_among_many(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    rows = [*_crowd(2_000), _row("a", **one), _row("b", owner="de", **other)]
    assert (frozenset("ab") in _found(rows)) is same


def test_a_namesake_of_another_age_is_at_best_doubtful() -> None:
    rows = [*_crowd(2_000), _row("a", **_HE, **_BORN), _row("b", owner="de", **_HE, birthDate="1988-07-30")]
    assert _found(rows, 0.0).get(frozenset("ab"), 0.0) < 0.9


def test_things_that_are_their_number() -> None:
    rows = [
        _row("p1", "Phone", keys=(("phone", "+31612345678"),)),
        _row("p2", "Phone", keys=(("phone", "+31612345678"),)),
        _row("p3", "Phone", keys=(("phone", "+31698765432"),)),
        _row("v1", "Vehicle", keys=(("plate", "AB123CD"), ("vin", "W0L000051T2123456")), make="Opel"),
        _row("v2", "Vehicle", keys=(("plate", "AB123CD"), ("vin", "W0L000051T2123456")), make="Opel"),
        _row("v3", "Vehicle", keys=(("plate", "AB123CD"), ("vin", "WVWZZZ1JZ3W386752")), make="Volkswagen"),
        _row("a1", "Address", full="Kade 12, 4811 Breda", country="NL"),
        _row("a2", "Address", full="KADE 12 4811 BREDA", country="NL"),
        _row("a3", "Address", full="Kade 14, 4811 Breda", country="NL"),
    ]
    assert set(_found(rows)) == {frozenset(("p1", "p2")), frozenset(("v1", "v2")), frozenset(("a1", "a2"))}


def test_a_number_that_very_many_share_tells_nobody_apart() -> None:
    rows = [_row(f"p{number:03d}", "Phone", keys=(("phone", "+31600000001"),)) for number in range(200)]
    assert _found(rows) == {}


def test_the_bits_add_up_and_the_best_comes_first() -> None:
    rows = [
        *_crowd(500),
        _row("a", name="Wouter Dijkgraaf", birthDate="1970-02-13", passportNumber="NXR4821P7"),
        _row("b", name="Wouter Dijkgraaf", birthDate="1970-02-13", passportNumber="NXR4821P7", owner="de"),
        _row("c", name="Wouter Dijkgraaf", birthDate="1970-02-13", owner="fr"),
    ]
    table = suggested_pairs(rows)
    weights = table["weight"].to_list()
    assert weights == sorted(weights, reverse=True)
    for row in table.iter_rows(named=True):
        assert sum(row[name] for name in EVIDENCE) == pytest.approx(row["weight"], abs=0.01)
        assert 1 / (1 + 2 ** -row["weight"]) == pytest.approx(row["score"], abs=0.001)
    first = table.row(0, named=True)
    assert {rows[first["left"]].record, rows[first["right"]].record} == {"a", "b"}
    assert dict(explanation(first))["document"] > 10


def test_the_order_of_the_rows_makes_no_difference() -> None:
    rows = [*_crowd(800), _row("a", name="Wouter Dijkgraaf"), _row("b", name="Wouter Dijkgraf", owner="de")]
    shuffled = list(rows)
    random.Random(9).shuffle(shuffled)
    assert _found(rows, 0.05) == pytest.approx(_found(shuffled, 0.05))


def test_nothing_and_one_thing() -> None:
    assert suggested_pairs([]).height == 0
    assert suggested_pairs([_row("a", name="Wouter Dijkgraaf")]).height == 0
