"""Every format that is recognised comes in through the one import: recognised, kept, repeatable, found by a check."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from personas import NL, Office

from alidade.services.import_file import ImportReport, Order, Source, import_file, look_at, preview

FIXTURES = Path(__file__).parents[1] / "formats" / "fixtures"
LISTS = {
    "ofac-xml": "ofac_sdn.xml",
    "un-xml": "un_consolidated.xml",
    "eu-xml": "eu_fsf.xml",
    "eu-csv": "eu_fsf.csv",
    "ftm": "ftm/entities.jsonl",
    "stix": "stix/bundle.json",
    "misp": "misp/event.json",
}


def _given(tmp_path: Path, name: str) -> Path:
    return Path(shutil.copy(FIXTURES / name, tmp_path / Path(name).name))


def _import(office: Office, source: Source, **order: Any) -> ImportReport:
    fields: dict[str, Any] = {"handling": office.handling(NL), "source_list": "foreign"} | order
    return import_file(office.node, office.officer(NL), source, Order(**fields))


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_is_recognised_kept_and_the_same_again_changes_nothing(
    office: Office, tmp_path: Path, kind: str
) -> None:
    source = look_at(_given(tmp_path, LISTS[kind]))
    assert source.format == kind
    first = _import(office, source, accept_markings=True, rejects=tmp_path / "first")
    assert first.new > 0
    assert first.statements > first.new
    if kind not in ("stix", "misp"):  # these may speak of what has no place in the vocabulary
        assert not [problem for problem in first.problems if problem.code == "reference_unknown"]
    again = _import(office, source, accept_markings=True, rejects=tmp_path / "again")
    assert (again.new, again.altered, again.delisted, again.statements) == (0, 0, 0, 0)
    assert again.unchanged == first.new


@pytest.mark.parametrize("kind", ["stix", "misp"])
def test_what_bears_a_foreign_marking_waits_for_a_person_to_say_what_it_means(
    office: Office, tmp_path: Path, kind: str
) -> None:
    source = look_at(_given(tmp_path, LISTS[kind]))
    strict = _import(office, source, rejects=tmp_path / "strict")
    assert {problem.code for problem in strict.problems if problem.fatal} >= {"handling_unknown"}
    taken = _import(office, source, accept_markings=True, rejects=tmp_path / "taken")
    assert taken.rejected < strict.rejected
    assert taken.new > 0


def test_a_bundle_is_never_a_whole_list(office: Office, tmp_path: Path) -> None:
    _import(office, look_at(_given(tmp_path, LISTS["ftm"])), accept_markings=True)
    report = _import(office, look_at(_given(tmp_path, LISTS["stix"])), accept_markings=True)
    assert report.delisted == 0


def test_a_list_that_was_cut_off_delists_nobody(office: Office, tmp_path: Path) -> None:
    path = _given(tmp_path, LISTS["un-xml"])
    whole = _import(office, look_at(path))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    cut = _import(office, look_at(path))
    assert whole.new > cut.unchanged > 0
    assert cut.delisted == 0
    assert "delisting_left_out" in {problem.code for problem in cut.problems}


def test_a_workbook_is_read_under_a_mapping(office: Office, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("no", "surname", "given names", "born"), (1, "Vermeulen", "Jan", "1964-07-31")):
        sheet.append(row)
    book.save(tmp_path / "people.xlsx")
    source = look_at(tmp_path / "people.xlsx")
    assert source.format == "workbook"
    report = _import(office, source, mapping=preview(office.node, source).mapping)
    assert (report.new, report.rejected) == (1, 0)
    assert office.ask(NL, "Jan Vermeulen").kind == "hit"
