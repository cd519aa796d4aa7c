"""Table: what is read, what is refused, and that a bad row takes no good one along."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from alidade.formats.table import TEXT_COLUMN, Limits, Row, open_table
from alidade.model.draft import Problem
from alidade.model.errors import Unreadable

HEADER = "name,born,phone\n"


def write(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, limits: Limits | None = None) -> tuple[list[Row], list[Problem]]:
    table = open_table(path, limits=limits) if limits else open_table(path)
    items = list(table.rows())
    rows = [item for item in items if isinstance(item, Row)]
    return rows, [item for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_dialect_gives_the_same_rows(tmp_path: Path, delimiter: str, end: str, encoding: str) -> None:
    lines = [["nom", "né le", "ville"], ["Émile Zoé", "1990-01-02", "Liège"], ["Ngô, Anh", "", 'a "b" c']]
    text = end.join(delimiter.join('"' + c.replace('"', '""') + '"' for c in line) for line in lines) + end
    path = write(tmp_path, text.encode(encoding))
    table = open_table(path)
    assert table.header == ("nom", "né le", "ville")
    assert [row.cells for row in table.rows() if isinstance(row, Row)] == [tuple(x) for x in lines[1:]]
    assert [row.number for row in table.rows() if isinstance(row, Row)] == [2, 3]
    assert [remark.code for remark in table.remarks] == (["encoding_guessed"] if encoding == "cp1252" else [])


def test_separator_line_of_spreadsheets_is_passed_over(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, "sep=;\nname;born\nAnna;1990\n"))
    assert [(row.number, row.cells) for row in rows] == [(3, ("Anna", "1990"))]
    assert not problems


def test_row_numbers_count_empty_rows_and_cells_of_several_lines(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, HEADER + '\n"a\nb",1,2\n\n\nc,3,4\n'))
    assert [(row.number, row.cells[0]) for row in rows] == [(3, "a\nb"), (6, "c")]


def test_wrong_number_of_columns_rejects_that_row_only(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, HEADER + "a,1,2\nb,1\nc,1,2,3\nd,1,2,,\ne,1,2\n"))
    assert [row.cells[0] for row in rows] == ["a", "d", "e"]
    assert [(p.place.row, p.code, p.fatal) for p in problems] == [(3, "columns", True), (4, "columns", True)]
    assert problems[0].raw == {TEXT_COLUMN: "b,1"}


def test_truncated_last_row_is_told(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, HEADER + "a,1,2\nb,19"))
    assert len(rows) == 1
    assert "cut off" in problems[0].reason


@pytest.mark.parametrize("bad", ['"b,1,2', 'b,"1"x,2', 'b,1,"2', '"b"",1,2'])
def test_unbalanced_quotes_reject_one_row(tmp_path: Path, bad: str) -> None:
    content = HEADER + f'a,1,2\n{bad}\nc,"x, y",2\n"d ""q""",1,2\ne,1,2\n'
    rows, problems = read(write(tmp_path, content))
    assert [row.cells[0] for row in rows] == ["a", "c", 'd "q"', "e"]
    assert [(p.place.row, p.code) for p in problems] == [(3, "quote")]


def test_bytes_of_another_encoding_reject_one_row(tmp_path: Path) -> None:
    body = "é,1,2\nü,1,2\n".encode() + b"\xe9t\xe9,1,2\n" + "ñandú,1,2\n".encode()
    rows, problems = read(write(tmp_path, HEADER.encode() + body))
    assert [row.cells[0] for row in rows] == ["é", "ü", "ñandú"]
    assert [(p.place.row, p.code) for p in problems] == [(4, "encoding")]


def test_zero_bytes_reject_one_row(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, HEADER.encode() + b"a,1,2\nb\x00,1,2\nc,1,2\n"))
    assert [row.cells[0] for row in rows] == ["a", "c"]
    assert [p.code for p in problems] == ["zero_byte"]


def test_formulas_are_told_and_kept_as_text_but_phones_are_none(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, HEADER + "=cmd(),1,+31 6 12345678\n@x,-,-5\n-,1,2\n"))
    assert rows[0].cells == ("=cmd()", "1", "+31 6 12345678")
    assert [(p.place.row, p.field, p.code, p.fatal) for p in problems] == [
        (2, "name", "formula_cell", False),
        (3, "name", "formula_cell", False),
    ]


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "phone,phone,,phone\n1,2,3,4\n"))
    assert table.header == ("phone", "phone (2)", "col3", "phone (3)")
    assert {remark.code for remark in table.remarks} == {"column_twice"}


def test_list_without_header(tmp_path: Path) -> None:
    path = write(tmp_path, "Anna Fictional,1990-01-01,anna@example.org\nBob,1991-01-01,b@example.org\n")
    table = open_table(path)
    assert table.header == ("col1", "col2", "col3")
    assert [remark.code for remark in table.remarks] == ["no_header"]
    assert len(list(table.rows())) == 2


def test_dos_end_mark_is_no_row(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, HEADER + "a,1,2\n\x1a"))
    assert len(rows) == 1
    assert not problems


def zip_of(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (zip_of("[Content_Types].xml", "xl/workbook.xml"), "Excel"),
        (zip_of("list.csv"), "ZIP"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b'{"a": 1}', "JSON"),
        (b'[\n {"a": 1}]', "JSON"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"SQLite format 3\x00", "SQLite"),
        (bytes(range(256)) * 20, "binary"),
        ("name,x\n".encode("utf-16-le") * 9, "UTF-16"),
        ("name,x\n".encode("utf-32"), "UTF-32"),
        (b"\x00" * 5000 + b"a", "binary"),
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \n", "empty"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, word: str) -> None:
    with pytest.raises(Unreadable, match=word):
        open_table(write(tmp_path, content))


def test_folder_missing_file_and_pipe(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="folder"):
        open_table(tmp_path)
    with pytest.raises(Unreadable, match="no file"):
        open_table(tmp_path / "none.csv")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(Unreadable, match="no ordinary file"):
        open_table(pipe)


def test_long_cells_and_rows_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    limits = Limits(cell=1000, row=4000)
    content = HEADER + f"a,1,2\nb,{'x' * 1001},2\nc,{'y' * 5000},2\nd,1,2\n"
    rows, problems = read(write(tmp_path, content), limits)
    assert [row.cells[0] for row in rows] == ["a", "d"]
    assert [(p.place.row, p.code) for p in problems] == [(3, "cell_too_long"), (4, "row_too_long")]
    assert [p.field for p in problems] == ["born", ""]


def test_open_quote_over_a_long_file_stays_bounded(tmp_path: Path) -> None:
    limits = Limits(cell=1000, row=4000)
    content = HEADER + '"open,1,2\n' + "a,1,2\n" * 3000
    rows, problems = read(write(tmp_path, content), limits)
    assert len(rows) == 3000
    assert [p.code for p in problems] == ["quote"]


def peak_of_reading(path: Path, limits: Limits) -> tuple[int, list[Row], list[Problem]]:
    import tracemalloc

    tracemalloc.start()
    try:
        rows, problems = read(path, limits)
        return tracemalloc.get_traced_memory()[1], rows, problems
    finally:
        tracemalloc.stop()


def write_endless(path: Path, size: int) -> Path:
    with path.open("wb") as stream:
        stream.write(b"name,born\nbefore,1\n")
        piece = b"x" * (1024 * 1024)
        for _ in range(size // len(piece)):
            stream.write(piece)
        stream.write(b"\nafter,2\n")
    return path


def test_endless_line_is_not_read_into_memory(tmp_path: Path) -> None:
    path = write_endless(tmp_path / "endless.csv", 64 * 1024 * 1024)
    peak, rows, problems = peak_of_reading(path, Limits(cell=64 * 1024, row=256 * 1024))
    assert [row.cells[0] for row in rows] == ["before", "after"]
    assert [p.code for p in problems] == ["row_too_long"]
    assert peak < 8 * 1024 * 1024


@pytest.mark.full
def test_endless_line_of_more_than_a_gigabyte(tmp_path: Path) -> None:
    path = write_endless(tmp_path / "endless.csv", 1100 * 1024 * 1024)
    peak, rows, problems = peak_of_reading(path, Limits())
    assert [row.cells[0] for row in rows] == ["before", "after"]
    assert [p.code for p in problems] == ["row_too_long"]
    assert peak < 32 * 1024 * 1024
    path.unlink()


def test_errors_do_not_quote_what_the_row_says(tmp_path: Path) -> None:
    _, problems = read(write(tmp_path, HEADER + 'Secretname,1\n"Secretname,1,2\n=Secretname,1,2\n'))
    assert problems
    assert not any("Secretname" in p.reason for p in problems)
