"""Workbooks: rows as a table gives them, checked against workbooks that another program wrote, and no harm done."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import openpyxl  # type: ignore[import-untyped, unused-ignore]
import pytest

from alidade.formats.csv_drafts import _read, _RowReader
from alidade.formats.mapping import Column, Mapping, check_mapping
from alidade.formats.table import TEXT_COLUMN, Row, Table
from alidade.formats.workbook import Sheet, open_list, open_workbook, sheet_names
from alidade.formats.workbook_cells import styles_of
from alidade.formats.workbook_package import PackageLimits, open_package
from alidade.model.draft import Draft, Problem
from alidade.model.errors import AlidadeError, Unreadable
from alidade.vocabulary import load_vocabulary


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.xlsx"


def save(path: Path, *rows: list[object], more: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if more is not None:
        more(book)
    book.save(path)
    return path


def rows(sheet: Sheet) -> list[tuple[int, tuple[str, ...]]]:
    return [(item.number, item.cells) for item in sheet.rows() if isinstance(item, Row)]


def problems(sheet: Sheet) -> list[tuple[str, int, str, bool]]:
    items = [*sheet.remarks, *(item for item in sheet.rows() if isinstance(item, Problem))]
    return [(item.code, item.place.row, item.field, item.fatal) for item in items]


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The package with its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def replace(member: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[member]
        parts[member] = parts[member].replace(old, new)

    return change


SHEET = "xl/worksheets/sheet1.xml"


def test_values_are_texts_as_a_person_sees_them(path: Path) -> None:
    moment = dt.datetime(2001, 2, 3, 4, 5, 6, tzinfo=dt.UTC).replace(tzinfo=None)
    save(
        path,
        ["text", "whole", "part", "day", "moment", "time", "span", "flag", "empty", "blank kept"],
        [
            "Ünï <&> code", 1234567, 0.1, dt.date(1964, 7, 31), moment, dt.time(13, 30),
            dt.timedelta(hours=30, minutes=5), True, None, " a  b ",
        ],
    )  # fmt: skip
    sheet = open_workbook(path)
    assert sheet.header[:3] == ("text", "whole", "part")
    cells = ("Ünï <&> code", "1234567", "0.1", "1964-07-31", "2001-02-03T04:05:06", "13:30:00", "30:05:00", "true", "")
    assert rows(sheet) == [(2, (*cells, " a  b "))]
    assert problems(sheet) == []
    assert (sheet.sheet, sheet.has_header, sheet.is_reject) == ("Sheet", True, False)


def test_the_same_as_another_program_reads(path: Path) -> None:
    chance = random.Random(7)
    made: list[list[object]] = [["a", "b", "c", "d"]]
    start = dt.date(1900, 3, 1)
    for _ in range(500):
        day = start + dt.timedelta(days=chance.randrange(80_000))
        made.append(
            [chance.random() * 10 ** chance.randrange(-5, 9), chance.randrange(10**14), day, str(chance.random())]
        )
    save(path, *made)
    found = [cells for _, cells in rows(open_workbook(path))]
    oracle = openpyxl.load_workbook(path, read_only=True)
    theirs = list(oracle.active.iter_rows(min_row=2, values_only=True))
    oracle.close()
    assert len(found) == len(theirs) == 500
    for cells, row in zip(found, theirs, strict=True):
        assert float(cells[0]) == row[0]
        assert cells[1:] == (str(row[1]), row[2].date().isoformat(), row[3])


def test_rows_keep_their_numbers_and_gaps(path: Path) -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.active["A3"], book.active["B3"] = "name", "born"
        book.active["B7"] = "only this"
        book.active["A9"] = "last"

    sheet = open_workbook(save(path, more=more))
    assert sheet.header == ("name", "born")
    assert rows(sheet) == [(7, ("", "only this")), (9, ("last", ""))]
    row = next(item for item in sheet.rows() if isinstance(item, Row))
    assert sheet.raw(row) == {"name": "", "born": "only this"}


def test_a_sheet_is_taken_by_name_or_the_first_not_hidden(path: Path) -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.active.title = "Hidden one"
        book.active.sheet_state = "hidden"
        for title in ("People", "Ships"):
            book.create_sheet(title).append([title])
            book[title].append(["x"])

    save(path, ["secret"], more=more)
    first = open_workbook(path)
    assert (first.sheet, first.header) == ("People", ("People",))
    assert problems(first) == [("other_sheets", 1, "", False)]
    assert open_workbook(path, "Ships").header == ("Ships",)
    assert open_workbook(path, "Hidden one", header=True).header == ("secret",)
    assert sheet_names(path) == ("People", "Ships")
    with pytest.raises(Unreadable, match="no sheet of that name"):
        open_workbook(path, "Aircraft")


def test_formulas_are_never_worked_out_and_always_told_of(path: Path) -> None:
    save(path, ["sum", "text"], ["=1+1", "'=cmd|x"], ["x", "=HYPERLINK(1)"])
    change = replace(SHEET, b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>") if b"<v/>" in _part(path, SHEET) else None
    change = change or replace(SHEET, b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    repacked(path, change)
    sheet = open_workbook(path)
    assert rows(sheet) == [(2, ("2", "'=cmd|x")), (3, ("x", ""))]
    assert problems(sheet) == [("formula_value", 2, "sum", False), ("formula_value", 3, "text", False)]


def _part(path: Path, member: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(member)


def test_a_text_that_begins_like_a_formula_is_told_of(path: Path) -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.active["A2"].value, book.active["A2"].data_type = "=1+1", "s"

    sheet = open_workbook(save(path, ["name"], more=more))
    assert rows(sheet) == [(2, ("=1+1",))]
    assert problems(sheet) == [("formula_cell", 2, "name", False)]


def test_doubtful_cells_are_told_of(path: Path) -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.active["A2"].value, book.active["A2"].data_type = "#N/A", "e"
        book.active["B2"] = "kept"
        book.active["A3"], book.active["A3"].number_format = 99_999_999, "yyyy-mm-dd"
        book.active["B3"] = 4711

    save(path, ["a", "b"], more=more)
    repacked(path, replace(SHEET, b"<v>4711</v>", b"<v>12345678901234567</v>"))
    sheet = open_workbook(path)
    assert rows(sheet) == [(2, ("", "kept")), (3, ("99999999", "12345678901234567"))]
    assert problems(sheet) == [
        ("error_cell", 2, "a", False),
        ("no_date", 3, "a", False),
        ("digits_lost", 3, "b", False),
    ]


def test_dates_of_both_calendars(path: Path) -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active["A2"], book.active["A2"].number_format = 1, "dd/mm/yyyy"

    assert rows(open_workbook(save(path, ["day"], more=more))) == [(2, ("1904-01-02",))]

    def plain(book: openpyxl.Workbook) -> None:
        for row, number in enumerate((1, 59, 60, 61, 43_831.5), start=2):
            book.active.cell(row, 1, number).number_format = "dd/mm/yyyy"

    found = [cells[0] for _, cells in rows(open_workbook(save(path, ["day"], more=plain)))]
    assert found == ["1900-01-01", "1900-02-28", "60", "1900-03-01", "2020-01-01T12:00:00"]


def test_formats_of_dates_are_told_from_others() -> None:
    codes = {
        164: 'yyyy"x"',
        165: '0.00 "days"',
        166: "[Red]0",
        167: "[h]:mm",
        168: "General",
        169: "[$-409]d-mmm",
        170: "\\d0",
    }
    dates, durations = styles_of(codes, [*codes, 14, 46, 0])
    assert (sorted(dates), sorted(durations)) == ([0, 5, 7], [3, 8])


SHARED = "xl/sharedStrings.xml"
RICH = b'<si><r><t xml:space="preserve">John </t></r><r><t>Smith_x0041_</t></r><rPh><t>reading</t></rPh></si>'


def with_shared(parts: dict[str, bytes]) -> None:
    """Texts of the sheet moved to the shared ones, as most programs write them."""
    parts[SHARED] = b'<?xml version="1.0"?><sst><si><t>name</t></si>' + RICH + b"<si><t/></si></sst>"
    relation = b'<Relationship Id="rId99" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation + b"</Relationships>")
    cells = b"".join(b'<row><c t="s"><v>%d</v></c></row>' % number for number in (0, 1, 2, 7))
    sheet = parts[SHEET]
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    parts[SHEET] = sheet[:start] + cells + sheet[end:]


def test_shared_and_rich_texts_are_put_together(path: Path) -> None:
    save(path, ["name"], ["x"])
    repacked(path, with_shared)
    sheet = open_workbook(path)
    assert sheet.header == ("name",)
    assert rows(sheet) == [(2, ("John SmithA",))]
    repacked(
        path, lambda parts: parts.update({SHEET: parts[SHEET].replace(b"<v>2</v></c>", b"<v>7</v></c><c><v>1</v></c>")})
    )
    assert ("columns", 3, "", True) in problems(open_workbook(path))


def test_a_cell_beyond_the_header_rejects_its_row_only(path: Path) -> None:
    sheet = open_workbook(save(path, ["a", "b"], ["1", "2", "3"], ["4", "5"]))
    assert rows(sheet) == [(3, ("4", "5"))]
    (problem,) = [item for item in sheet.rows() if isinstance(item, Problem)]
    assert (problem.code, problem.fatal, problem.raw[TEXT_COLUMN]) == ("columns", True, "1,2,3")
    wide = open_workbook(save(path, ["a"], [1], [*[None] * 5_000, "far"], [2]))
    assert [number for number, _ in rows(wide)] == [2, 4]
    assert ("columns", 3, "", True) in problems(wide)


def test_names_of_columns(path: Path) -> None:
    sheet = open_workbook(save(path, ["name", "name", None, "born"], ["a", "b", "c", "d"]))
    assert sheet.header == ("name", "name (2)", "col3", "born")
    assert problems(sheet) == [("column_twice", 1, "name", False)]
    without = open_workbook(save(path, ["Ann", "1999-01-01"], ["Bo", "1998-01-01"]))
    assert (without.header, without.has_header, len(rows(without))) == (("col1", "col2"), False, 2)


def test_macros_are_passed_over_and_told_of(path: Path) -> None:
    save(path, ["name"], ["x"])
    repacked(path, lambda parts: parts.update({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 not run"}))
    assert problems(open_workbook(path)) == [("macros", 1, "", False)]


def test_an_empty_sheet_is_refused(path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        open_workbook(save(path))
    assert caught.value.code == "empty"


def test_a_mapping_reads_a_sheet_as_it_reads_a_table(path: Path) -> None:
    given: list[list[object]] = [["ref", "name", "born"], ["7", "Ann Example", dt.date(1964, 7, 31)], ["8", "Bo", "x"]]
    save(path, *given)
    text = path.with_suffix(".csv")
    text.write_text("ref,name,born\n7,Ann Example,1964-07-31\n8,Bo,x\n", encoding="utf-8")
    mapping = Mapping(
        thing="Person",
        keys=("ref",),
        columns=(Column(column="name", property="name"), Column(column="born", property="birthDate")),
    )
    found = []
    for opened in (open_list(path), open_list(text)):
        # What read_drafts does after opening; it asks no more of a table than a sheet has.
        table = cast("Table", opened)
        check_mapping(mapping, table.header, load_vocabulary())
        items = list(_read(table, _RowReader(table, mapping, load_vocabulary())))
        found.append(
            [(item.key, item.claims) if isinstance(item, Draft) else (item.code, item.field) for item in items]
        )
    assert found[0] == found[1]
    assert ("date", "born") in found[0]


# What could do harm


def code_of(path: Path, limits: PackageLimits | None = None) -> str:
    with pytest.raises(Unreadable) as caught:
        open_package(path, limits=limits or PackageLimits())
    assert caught.value.remedy
    return caught.value.code


def zipped(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_bombs_are_refused_by_their_directory(path: Path) -> None:
    parts = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    assert code_of(zipped(path, {**parts, SHEET: b"\0" * 5_000_000})) == "zip_bomb"
    small = PackageLimits(inflated=1_000)
    assert code_of(zipped(path, {**parts, SHEET: random.Random(1).randbytes(2_000)}), small) == "zip_bomb"
    many = {f"xl/media/{number}.png": b"x" for number in range(50)}
    assert code_of(zipped(path, {**parts, **many}), PackageLimits(members=40)) == "zip_bomb"
    assert code_of(path, PackageLimits(file=100)) == "too_large"


def test_a_directory_that_lies_about_sizes_is_found_out(path: Path) -> None:
    """The part grows to far more than its directory says."""
    zipped(path, {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", SHEET: b"\0" * 3_000_000})
    content = bytearray(path.read_bytes())
    true_size = (3_000_000).to_bytes(4, "little")
    assert content.count(true_size) == 2
    path.write_bytes(bytes(content).replace(true_size, (900).to_bytes(4, "little")))
    assert code_of(path) == "broken_package"


def test_parts_that_lie_over_one_another_are_refused(path: Path) -> None:
    """As in the bomb of overlapping files: two entries of the directory share one part."""
    zipped(path, {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"A" * 300, "xl/workbook.xmm": b"A" * 300})
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        second, third = (archive.getinfo(name).header_offset for name in ("xl/workbook.xml", "xl/workbook.xmm"))
    place = content.rindex(b"xl/workbook.xmm") - 4
    path.write_bytes(content[:place] + second.to_bytes(4, "little") + content[place + 4 :])
    assert third != second
    assert code_of(path) in ("polyglot", "broken_package")


def test_other_files_cannot_hide_in_it(path: Path) -> None:
    save(path, ["name"], ["x"])
    content = path.read_bytes()
    for name, changed in (
        ("before", b"%PDF-1.7\n" + content),
        ("before, like a package", b"PK\x03\x04" + b"x" * 60 + content),
        ("behind", content + b"<script>"),
        ("in a comment", content[:-2] + len(b"hidden").to_bytes(2, "little") + b"hidden"),
    ):
        path.write_bytes(changed)
        assert code_of(path) in ("wrong_type", "polyglot", "broken_package"), name
    end = content.rindex(b"PK\x05\x06")
    directory = int.from_bytes(content[end + 16 : end + 20], "little")
    hidden = b"#!/bin/sh\n" * 10
    moved = (directory + len(hidden)).to_bytes(4, "little")
    shifted = content[:directory] + hidden + content[directory : end + 16] + moved + content[end + 20 :]
    path.write_bytes(shifted)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None  # a good archive for everybody else
    assert code_of(path) == "polyglot"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked with a password"),
        (b"name;born\r\nA;1999\r\n", "no workbook"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"<html><table></table></html>", "web page"),
    ],
)
def test_what_is_no_workbook_is_named(content: bytes, said: str, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=said):
        open_workbook(path)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"mimetype": b"x", "content.xml": b"<x/>"}, "OpenDocument"),
        ({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}, "Word"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}, "binary workbook"),
        ({"a.txt": b"x"}, "ZIP archive"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<workbook/>"}, "damaged workbook"),
        ({"[Content_Types].xml": b"<x/>", "xl/../../etc/passwd": b"x"}, "damaged workbook"),
        ({"[Content_Types].xml": b"<x/>", "xl/a.xml": b"x", "XL/A.xml": b"y"}, "damaged workbook"),
    ],
)
def test_other_packages_are_named(parts: dict[str, bytes], said: str, path: Path) -> None:
    with pytest.raises(Unreadable, match=said):
        open_workbook(zipped(path, parts))


def test_a_locked_part_and_strange_packing_are_refused(path: Path) -> None:
    save(path, ["name"], ["x"])
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    path.write_bytes(content)
    assert code_of(path) == "locked"
    assert code_of(zipped(path, {"[Content_Types].xml": b"<x/>", "xl/a": b"x" * 99}, zipfile.ZIP_BZIP2)) == (
        "broken_package"
    )


@pytest.mark.parametrize("member", [SHEET, "xl/workbook.xml", SHARED, "xl/styles.xml", "_rels/.rels"])
def test_a_document_type_in_any_part_is_refused(member: str, path: Path) -> None:
    save(path, ["name"], ["x"])
    repacked(path, with_shared)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'

    def change(parts: dict[str, bytes]) -> None:
        declaration, mark, rest = parts[member].rpartition(b"?>")
        parts[member] = declaration + mark + bomb + rest

    repacked(path, change)
    with pytest.raises(Unreadable, match="document type"):
        open_workbook(path)


def test_a_sheet_of_hostile_sizes_costs_nothing(path: Path) -> None:
    """A dimension of the whole sheet, a last row at the end of it, and a row with a mountain of cells."""
    save(path, ["a"], ["x"], ["y"])

    def change(parts: dict[str, bytes]) -> None:
        sheet = parts[SHEET]
        start = sheet.index(b"<dimension")
        sheet = sheet[:start] + b'<dimension ref="A1:XFD1048576"/>' + sheet[sheet.index(b">", start) + 1 :]
        far = b'<row r="1048576"><c r="A1048576"><v>7</v></c></row><row r="1048577"><c><v>8</v></c></row>'
        cells = b"".join(b'<c r="A3"><v>%d</v></c>' % number for number in range(60_000))
        sheet = sheet.replace(b"</sheetData>", b'<row r="4">' + cells + b"</row>" + far + b"</sheetData>")
        parts[SHEET] = sheet

    repacked(path, change)
    sheet = open_workbook(path)
    assert rows(sheet) == [(2, ("x",)), (3, ("y",)), (1_048_576, ("7",))]
    assert problems(sheet) == [("entry_too_large", 4, "", True), ("too_many_rows", 1_048_576, "", True)]


def test_a_sheet_that_breaks_off_gives_the_rows_before(path: Path) -> None:
    save(path, ["a"], *[[f"v{number}"] for number in range(50)])

    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET][: parts[SHEET].index(b'<row r="20"')]

    repacked(path, change)
    sheet = open_workbook(path)
    assert len(rows(sheet)) == 18
    assert problems(sheet) == [("xml_cut_off", 19, "", True)]


def test_no_message_says_what_stands_in_a_cell(path: Path) -> None:
    save(path, ["name", "n"], ["Erika Beispiel", "=1", "Erika too"], ["=Erika", 1])
    said = " ".join(item.reason for item in open_workbook(path).rows() if isinstance(item, Problem))
    assert said
    assert "Erika" not in said


def read_all(path: Path) -> None:
    try:
        for item in open_workbook(path).rows():
            assert isinstance(item, Row | Problem)
    except AlidadeError:
        pass


def test_a_package_cut_anywhere_is_refused(path: Path) -> None:
    save(path, ["name", "born"], *[[f"Person {number}", dt.date(1960, 1, 1)] for number in range(20)])
    content = path.read_bytes()
    for cut in range(0, len(content), 97):
        path.write_bytes(content[:cut])
        with pytest.raises(Unreadable):
            open_workbook(path)


@pytest.mark.parametrize("cases", [250, pytest.param(5_000, marks=pytest.mark.full)])
def test_damaged_packages_and_parts_give_our_own_errors_only(cases: int, path: Path) -> None:
    chance = random.Random(cases)
    save(path, ["name", "born", "n"], *[[f"Person {number}", dt.date(1960, 1, 1), number] for number in range(5)])
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    special = [
        b"<",
        b"</",
        b"&",
        b'"',
        b"\x00",
        b"99999999999",
        b"-1",
        b"NaN",
        b"1E400",
        b"<f>",
        b"t='s'",
        b"\xff",
        b"]",
    ]
    for _ in range(cases):
        if chance.random() < 0.4:
            changed = bytearray(content)
            for _ in range(chance.randint(1, 4)):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            path.write_bytes(changed)
        else:
            name = chance.choice([SHEET, *parts])
            part = bytearray(parts[name])
            for _ in range(chance.randint(1, 3)):
                place = chance.randrange(len(part) + 1)
                part[place : place + chance.randint(0, 5)] = chance.choice(special)
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
                for each, original in parts.items():
                    archive.writestr(each, bytes(part) if each == name else original)
            path.write_bytes(target.getvalue())
        read_all(path)
