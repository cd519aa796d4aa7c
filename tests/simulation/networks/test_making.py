"""Names, numbers and mistakes: well formed, nobody's, and wrong in the ways that clerks are wrong."""

from __future__ import annotations

import pytest

from alidade.matching.identifiers import normalise
from alidade.simulation.networks import mistakes, numbers
from alidade.simulation.networks.chance import Chance
from alidade.simulation.networks.names import pool, ports
from alidade.simulation.networks.writing import findable


def test_numbers_with_check_digits_are_right() -> None:
    for place in range(50):
        chance = Chance("numbers", place)
        assert normalise("imo", numbers.imo(chance)).valid
        assert normalise("container", numbers.container(chance)).valid
        for state in ("NL", "DE", "LT", "RO", "XX"):
            assert normalise("iban", numbers.iban(chance, state)).valid


def test_telephones_are_of_no_country() -> None:
    for place in range(50):
        assert not normalise("phone", numbers.phone(Chance("phone", place))).valid


def test_chance_is_the_same_everywhere() -> None:
    assert [Chance("fixed", 1).below(1_000) for _ in range(2)] == [Chance("fixed", 1).below(1_000)] * 2
    chance = Chance("fixed", 1)
    drawn = [chance.below(10) for _ in range(1_000)]
    assert set(drawn) == set(range(10))
    assert Chance("one").some_of([1, 2, 3], 9) != []
    assert sorted(Chance("one").some_of([1, 2, 3], 9)) == [1, 2, 3]


def test_every_state_has_names_and_the_ports_stand_where_they_are() -> None:
    for state in pool().states:
        given, surname = pool().person(Chance(state), state, "female")
        assert given
        assert surname
        assert pool().company_name(Chance(state), state)
    assert len({port.code for port in ports()}) == len(ports())
    assert all(len(port.code) == 5 and port.code[:2] == port.country for port in ports())


@pytest.mark.parametrize(
    ("name", "script", "written"),
    [
        ("Ivan Chernov", "Cyrl", "Иван Чернов"),
        ("Georgios Lambrakis", "GrekOwn", "Γεοργιοσ Λαμπρακισ"),
        ("Khalid Mansouri", "Arab", "خاليد مانسوري"),
    ],
)
def test_names_in_other_scripts(name: str, script: str, written: str) -> None:
    assert mistakes.in_script(name, script) == written


def test_one_slip_is_one_slip() -> None:
    for place in range(100):
        wrong = mistakes.typing(Chance("slip", place), "Halvers")
        assert abs(len(wrong) - 7) <= 1
        assert wrong[0] == "H"
        number = mistakes.wrong_digit(Chance("digit", place), "123456789")
        assert number != "123456789"
        assert len(number) == 9


def test_dates_go_wrong_by_swapping_or_by_a_digit() -> None:
    wrong = {mistakes.wrong_date(Chance("date", place), "1980-03-07") for place in range(60)}
    assert "1980-07-03" in wrong
    assert "1980-03-07" not in wrong - {"1980-03-07"}
    assert all(len(each) == 10 for each in wrong)


def test_what_holds_too_little_in_common_is_not_findable() -> None:
    name, date = frozenset({"name"}), frozenset({"name", "birthDate"})
    assert findable("Person", date, date)
    assert not findable("Person", name, date)
    assert findable("Person", frozenset({"passportNumber"}), frozenset({"passportNumber", "name"}))
    assert not findable("Vessel", name, name)
    assert findable("Company", name, name)
    assert findable("Address", frozenset({"address"}), frozenset({"address"}))
    assert not findable("Vehicle", frozenset({"vin"}), frozenset({"registrationNumber"}))
