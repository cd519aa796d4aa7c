"""Mapping: kept, shown, corrected."""

from __future__ import annotations

from pathlib import Path

import pytest

from alidade.formats.mapping import (
    Column,
    Constant,
    Mapping,
    MappingRow,
    check_mapping,
    correct,
    read_mapping,
    show,
    write_mapping,
)
from alidade.model.errors import AlidadeError, Invalid
from alidade.vocabulary import load_vocabulary

FULL = Mapping(
    thing="Person",
    keys=("ref", "no"),
    columns=(
        Column(column="né le", property="birthDate", order="month_first"),
        Column(column="tel", property="phone", country_column="pays", separator=";"),
        Column(column="s", property="gender", values={"H": "male"}),
    ),
    constants=(Constant(property="topics", value="wanted"),),
    evaluation_column="cot",
    language="fr",
)


def test_a_mapping_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    write_mapping(path, FULL)
    assert read_mapping(path) == FULL
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"unknown": 1}', '{"keys": 3}', "\xff"])
def test_a_broken_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(AlidadeError):
        read_mapping(path)


def test_the_mapping_is_shown_line_by_line() -> None:
    rows = show(FULL)
    assert MappingRow("(every row)", "@thing", "Person") in rows
    assert MappingRow("né le", "birthDate", "order: month_first") in rows
    assert MappingRow("tel", "phone", "separator: ;; country_column: pays") in rows
    assert MappingRow("cot", "@evaluation", "4x4") in rows
    assert MappingRow("s", "gender", "H is male") in rows


def test_corrections() -> None:
    changes = [
        "tel=",
        "né le=birthDate;order:day_first",
        "surname=lastName",
        "no=notes",
        "a=b=alias",
        "grade=@evaluation",
        "@country=NL",
        "kind=@thing",
    ]
    found = correct(FULL, changes, header=["tel", "né le", "surname", "no", "a=b", "grade", "kind", "ref"])
    assert {each.column: each.property for each in found.columns} == {
        "s": "gender",
        "né le": "birthDate",
        "surname": "lastName",
        "no": "notes",
        "a=b": "alias",
    }
    assert found.keys == ("ref",)
    assert next(each for each in found.columns if each.column == "né le").order == "day_first"
    assert (found.evaluation_column, found.country) == ("grade", "NL")
    assert (found.thing, found.thing_column) == ("", "kind")


@pytest.mark.parametrize("change", ["", "surname", "=name", "a=@nothing", "@nothing=x", "a=name;order:never", "a=b;x"])
def test_corrections_that_cannot_be_used(change: str) -> None:
    with pytest.raises(Invalid, match="Correction 2"):
        correct(FULL, ["tel=", change])


def test_a_correction_of_an_unknown_column_is_refused_where_the_header_is_known() -> None:
    with pytest.raises(Invalid, match="Correction 1"):
        correct(FULL, ["nope=name"], header=["tel"])


def test_a_mapping_is_checked_against_the_list() -> None:
    vocabulary = load_vocabulary()
    check_mapping(FULL, ["ref", "no", "né le", "tel", "pays", "s", "cot"], vocabulary)
    with pytest.raises(Invalid, match="pays"):
        check_mapping(FULL, ["ref", "no", "né le", "tel", "s", "cot"], vocabulary)
