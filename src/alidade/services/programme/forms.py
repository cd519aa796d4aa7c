"""Offline forms: a round as a workbook, to be filled in where there is no node, and read back strictly."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import msgspec
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl import load_workbook

from alidade.formats.workbook_package import open_package
from alidade.model.errors import Invalid, Unreadable
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.lists import codes
from alidade.programme.register import DocumentRef, said_in
from alidade.programme.rounds import Answer, Part, Round

__all__ = ["form_workbook", "read_workbook"]

_HEAD: Final = (
    "question", "text of the question", "kind", "in words (200 at most)", "competent body", "see question",
    "obstacle", "obstacle in words", "papers (evidence)", "joint with (three letters)",
)  # fmt: skip
_SHEET: Final = "answers"
_MOST_ROWS: Final = 2_000


def form_workbook(round_: Round, answer: Answer, language: str) -> bytes:
    """The round as a workbook, what was answered so far filled in; kinds and obstacles are chosen from lists."""
    out = io.BytesIO()
    # Texts stay texts: nothing that somebody typed becomes a formula or a link.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, lists = book.add_worksheet(_SHEET), book.add_worksheet("codes")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, ("round", answer.round, "state", answer.state))
    sheet.write_row(2, 0, _HEAD, bold)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 9, 32, wrapped)
    sheet.freeze_panes(3, 1)
    for place, question in enumerate(round_.questions):
        part = answer.part(question.key)
        sheet.write_row(3 + place, 0, (question.key, said_in(question.text, language)[0], *_cells(part, language)))
    last = 2 + max(1, len(round_.questions))
    kinds, obstacles = list(answer_kinds()), list(codes("obstacle_kinds"))
    for column, listed, labels in (
        (0, kinds, [each.label.in_(language) for each in answer_kinds().values()]),
        (3, obstacles, [each.label.in_(language) for each in codes("obstacle_kinds").values()]),
    ):
        for row, (code, label) in enumerate(zip(listed, labels, strict=True)):
            lists.write_row(row, column, (code, label))
    sheet.data_validation(3, 2, last, 2, {"validate": "list", "source": f"=codes!$A$1:$A${len(kinds)}"})
    sheet.data_validation(3, 6, last, 6, {"validate": "list", "source": f"=codes!$D$1:$D${len(obstacles)}"})
    book.close()
    return out.getvalue()


def _cells(part: Part | None, language: str) -> tuple[str, ...]:
    if part is None:
        return ("",) * 8
    return (
        part.kind,
        said_in(part.text, language)[0],
        part.competent,
        part.see,
        part.obstacle,
        said_in(part.obstacle_text, language)[0],
        ", ".join(each.number for each in part.evidence),
        ", ".join(part.joint_with),
    )


def read_workbook(round_: Round, before: Answer, content: bytes, language: str) -> Answer:
    """The answer that a filled form tells, as a draft. Raises Unreadable, and Invalid naming the row that is wrong."""
    try:
        _check(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = list(book[_SHEET].iter_rows(values_only=True, max_row=_MOST_ROWS, max_col=len(_HEAD)))
        book.close()
    except Exception as error:  # whatever a broken package makes the library raise
        raise Unreadable(
            "The form cannot be read.", remedy="Give the workbook that was made here, saved as XLSX."
        ) from error
    if not rows or str((rows[0] or ("", ""))[1] or "") != before.round:
        raise Invalid("This is the form of another round.", remedy="Take the form from the page of this round.")
    parts = []
    for number, row in enumerate(rows[3:], 4):
        cells = [str(cell).strip() if cell is not None else "" for cell in (*row, *("",) * len(_HEAD))][: len(_HEAD)]
        if not cells[0] or not cells[2]:
            continue
        parts.append(_part(cells, number, before, language))
    return msgspec.structs.replace(before, parts=tuple(parts))


def _check(content: bytes) -> None:
    """Measure the package before anything of it is opened. Raises Unreadable."""
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        open_package(Path(file.name))


def _part(cells: list[str], number: int, before: Answer, language: str) -> Part:
    key, _, kind, text, competent, see, obstacle, obstacle_text, papers, joint = cells
    earlier = before.part(key)
    fields: dict[str, Any] = {
        "question": key,
        "kind": kind,
        "text": {**(earlier.text if earlier else {}), **({language: text} if text else {})},
        "competent": competent,
        "see": see,
        "obstacle": obstacle,
        "obstacle_text": {language: obstacle_text} if obstacle_text else {},
        "evidence": tuple(DocumentRef(number=each.strip()[:80]) for each in papers.split(",") if each.strip()),
        "joint_with": tuple(each.strip().upper() for each in joint.split(",") if each.strip()),
    }
    try:
        return msgspec.convert(fields, Part, from_attributes=True)
    except msgspec.ValidationError as error:
        wrong = f"Row {number} of the form cannot be read as it is."
        raise Invalid(wrong, remedy="Write States by three letters.") from error
