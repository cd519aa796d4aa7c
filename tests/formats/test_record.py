"""Record: cells from lines."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.formats.record import Malformed, Record


def read(text: str, delimiter: str = ",") -> list[str]:
    record = Record(delimiter, '"')
    for line in text.split("\n"):
        record.add(line, "\n")
    assert not record.is_open
    return record.cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b,c", ["a", "b", "c"]),
        ('"a, x",b', ["a, x", "b"]),
        ('"a ""x""",', ['a "x"', ""]),
        ('a, "b" ,c', ["a", "b", "c"]),
        ('"two\nlines",b', ["two\nlines", "b"]),
        ('5" pipe,b', ['5" pipe', "b"]),
        ('"",""', ["", ""]),
        ("", [""]),
    ],
)
def test_cells(text: str, cells: list[str]) -> None:
    assert read(text) == cells


@pytest.mark.parametrize("text", ['"a"b,c', '"a\nx"y"', '""x'])
def test_quote_that_does_not_end_the_cell(text: str) -> None:
    with pytest.raises(Malformed):
        read(text)


def test_open_quote_is_told() -> None:
    record = Record(",", '"')
    record.add('a,"b', "\n")
    assert record.is_open


@given(st.lists(st.text(alphabet='ab",; \n', max_size=6), min_size=2, max_size=5))
@settings(derandomize=True, max_examples=300)
def test_reads_what_the_standard_library_writes(cells: list[str]) -> None:
    target = io.StringIO()
    csv.writer(target, lineterminator="", quoting=csv.QUOTE_ALL).writerow(cells)
    assert read(target.getvalue()) == cells
