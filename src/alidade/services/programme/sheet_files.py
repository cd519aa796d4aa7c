"""Sheet files: a table of the analysis as CSV or as a workbook, with the handling of all that went into it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence

import xlsxwriter  # type: ignore[import-untyped]

from alidade.formats.formula import neutralise
from alidade.programme.sheets import Sheet

__all__ = ["sheet_csv", "sheet_workbook"]


def sheet_csv(made: Sheet, title: str, notes: Sequence[str]) -> bytes:
    """The table in UTF-8 with CRLF, then an empty line and what must be known; no cell runs in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutralise(cell) for cell in made.head])
    for row in made.rows:
        writer.writerow([neutralise(row.name), *(_plain(cell.text, cell.number) for cell in row.cells)])
    writer.writerow([])
    writer.writerows([[neutralise(line)] for line in (title, *notes) if line])
    return text.getvalue().encode()


def _plain(text: str, number: float | None) -> str:
    return f"{number:.15g}" if number is not None else neutralise(text)


def sheet_workbook(made: Sheet, title: str, notes: Sequence[str], day: dt.date) -> bytes:
    """The table as a workbook (Office Open XML), numbers as numbers; the same bytes for the same table."""
    out = io.BytesIO()
    # Texts stay texts: nothing that somebody typed becomes a formula or a link.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime.combine(day, dt.time())})
    page = book.add_worksheet(made.code[:31])
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page.write_row(0, 0, made.head, bold)
    page.freeze_panes(1, 1)
    for place, row in enumerate(made.rows, 1):
        form = bold if row.total else wrapped
        page.write_string(place, 0, row.name, form)
        for column, cell in enumerate(row.cells, 1):
            if cell.number is not None:
                page.write_number(place, column, cell.number, form)
            else:
                page.write_string(place, column, cell.text, form)
    for place, line in enumerate((each for each in (title, *notes) if each), len(made.rows) + 2):
        page.write_string(place, 0, line)
    page.set_column(0, 0, 30)
    book.close()
    return out.getvalue()
