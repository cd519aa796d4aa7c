"""CSV of a chart: one row for each statement on a thing or a tie, each with its whole handling."""

from __future__ import annotations

import csv
import io
from typing import Final

from alidade.formats.chart import NOT_KNOWN, ChartFile, Said
from alidade.formats.formula import neutralise
from alidade.model.handling import handling_bytes

COLUMNS: Final = (
    "row", "key", "type", "label", "source", "target", "directed", "record", "property", "value", "owner",
    "evaluation", "valid_from", "valid_to", "handling_codes", "classification", "handling",
)  # fmt: skip


def write_chart_csv(chart: ChartFile) -> bytes:
    """The chart as UTF-8 CSV with CRLF; cells that a spreadsheet would run are made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for thing in chart.things:
        head = ("thing", thing.key, thing.thing, thing.label, "", "", "")
        writer.writerows(_row(head, each) for each in thing.said)
    for tie in chart.ties:
        head = ("tie", tie.key, tie.kind, tie.label, tie.source, tie.target, "yes" if tie.directed else "no")
        writer.writerows(_row(head, each) for each in tie.said)
    return text.getvalue().encode()


def _row(head: tuple[str, ...], said: Said) -> list[str]:
    handling = said.handling
    cells = (
        *head, said.record, said.property, said.value, said.owner,
        said.evaluation.code if said.evaluation.given else NOT_KNOWN, said.valid_from or "", said.valid_to or "",
        " ".join(handling.codes), handling.classification, handling_bytes(handling).decode(),
    )  # fmt: skip
    return [neutralise(cell) for cell in cells]
