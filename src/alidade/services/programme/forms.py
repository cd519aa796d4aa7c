"""Offline forms: a round as a workbook or a document, filled in where there is no node, and read back strictly."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import msgspec
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl import load_workbook

from alidade.formats.workbook_package import open_package
from alidade.model.errors import Invalid, Unreadable
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.lists import codes
from alidade.programme.register import said_in
from alidade.programme.reply_fields import FIELDS, last_said, part_of, said, shown
from alidade.programme.rounds import Answer, Part, Question, Round, check_part
from alidade.services.programme.form_document import form_document, is_document, read_document

__all__ = ["FilledForm", "form_document", "form_workbook", "merged", "read_form"]

_SHEET: Final = "answers"
_MOST_ROWS: Final = 2_000
_COLUMNS: Final = (
    "kind", "text", "competent", "see", "obstacle", "obstacle_text", "evidence", "joint_with", "figures",
    "good_practice", "training_need",
)  # fmt: skip
_FIRST: Final = 3  # rows above the first question


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """What a form told: the answer with what was good in it, the questions that were taken, and what was not."""

    answer: Answer
    taken: tuple[str, ...]
    problems: tuple[Invalid, ...]


def form_workbook(round_: Round, answer: Answer, language: str, last: Mapping[str, Part] | None = None) -> bytes:
    """The round as a workbook, what was answered so far filled in; kinds and obstacles are chosen from lists.

    `last`: what the State answered in the round before, by question, shown beside.
    """
    out = io.BytesIO()
    # Texts stay texts: nothing that somebody typed becomes a formula or a link.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, lists = book.add_worksheet(_SHEET), book.add_worksheet("codes")
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format(_WRAPPED)
    grey = book.add_format({**_WRAPPED, "font_color": "#666666"})
    sheet.write_row(0, 0, ("round", answer.round, "state", answer.state))
    sheet.write_row(1, 0, ("contact", answer.contact, "publish", "yes" if answer.publish else "no"))
    heads = (said("question", language), said_in(round_.title, language)[0])
    sheet.write_row(2, 0, (*heads, *(said(name, language) for name in _COLUMNS), said("last", language)), bold)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, len(_COLUMNS) + 2, 32, wrapped)
    sheet.freeze_panes(_FIRST, 1)
    for place, question in enumerate(round_.questions):
        fields = shown(answer.part(question.key), language)
        cells = (question.key, said_in(question.text, language)[0], *(fields[name] for name in _COLUMNS))
        sheet.write_row(_FIRST + place, 0, cells)
        sheet.write(_FIRST + place, len(cells), last_said((last or {}).get(question.key), language), grey)
    end = _FIRST - 1 + max(1, len(round_.questions))
    kinds = [(code, each.label.in_(language)) for code, each in answer_kinds().items()]
    obstacles = [(code, each.label.in_(language)) for code, each in codes("obstacle_kinds").items()]
    for column, listed in ((0, kinds), (3, obstacles)):
        for row, pair in enumerate(listed):
            lists.write_row(row, column, pair)
    for name, letter, listed in (("kind", "A", kinds), ("obstacle", "D", obstacles)):
        where, source = 2 + _COLUMNS.index(name), f"=codes!${letter}$1:${letter}${len(listed)}"
        sheet.data_validation(_FIRST, where, end, where, {"validate": "list", "source": source})
    sheet.data_validation(1, 3, 1, 3, {"validate": "list", "source": ["yes", "no"]})
    book.close()
    return out.getvalue()


_WRAPPED: Final[Mapping[str, object]] = {"text_wrap": True, "valign": "top"}


def read_form(round_: Round, before: Answer, content: bytes, language: str) -> FilledForm:
    """What a form that was filled in tells, workbook or document: the good answers, as a draft, and what is wrong.

    What the form leaves empty or tells wrongly stays as it was. Raises Unreadable for what is no form, and Invalid for
    the form of another round.
    """
    found = read_document(content) if is_document(content) else _read_rows(content)
    if found.get(("", "round"), "") != before.round:
        raise Invalid("This is the form of another round.", remedy="Take the form from the page of this round.")
    given: dict[str, dict[str, str]] = {}
    for (key, name), text in found.items():
        if key:
            given.setdefault(key, {})[name] = text
    filled = merged(round_, before, given, language)
    changes: dict[str, object] = {}
    if found.get(("", "contact")):
        changes["contact"] = found["", "contact"][:200]
    if found.get(("", "publish")):
        changes["publish"] = _is_yes(found["", "publish"])
    return FilledForm(
        answer=msgspec.structs.replace(filled.answer, **changes), taken=filled.taken, problems=filled.problems
    )


def merged(round_: Round, before: Answer, given: Mapping[str, Mapping[str, str]], language: str) -> FilledForm:
    """The answer with the texts given for each question; what cannot be taken leaves the question as it was."""
    parts: dict[str, Part] = {part.question: part for part in before.parts}
    taken, problems = [], []
    for key, texts in given.items():
        question = round_.question(key)
        if not any(text.strip() for text in texts.values()):
            continue
        try:
            if question is None:
                raise Invalid("The form answers a question that the round does not ask.", remedy="Take the form anew.")
            part = _part(question, texts, parts.get(key), language)
            check_part(part, round_, before.state)
        except Invalid as wrong:
            problems.append(wrong)
            continue
        parts[key] = part
        taken.append(key)
    order = [question.key for question in round_.questions]
    kept = sorted(parts.values(), key=lambda part: order.index(part.question) if part.question in order else len(order))
    answer = msgspec.structs.replace(before, parts=tuple(kept))
    return FilledForm(answer=answer, taken=tuple(taken), problems=tuple(problems))


def _part(question: Question, texts: Mapping[str, str], earlier: Part | None, language: str) -> Part:
    part = part_of(question, texts, earlier, language)
    if not part.kind:
        raise Invalid(
            f"Question {question.key}, {said('kind', language)}: nothing is chosen, so the rest was not taken.",
            remedy="Choose what was done; there is a choice for no information, too.",
        )
    return part


def _is_yes(text: str) -> bool:
    wanted = text.strip().casefold()
    return wanted in {said("yes", tag).casefold() for tag in ("en", "fr", "es", "pt")}


def _read_rows(content: bytes) -> dict[tuple[str, str], str]:
    """The cells of the workbook by question and field; of no question, what is said of the whole."""
    try:
        _check(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = list(book[_SHEET].iter_rows(values_only=True, max_row=_MOST_ROWS, max_col=2 + len(_COLUMNS)))
        book.close()
    except Exception as error:  # whatever a broken package makes the library raise
        raise Unreadable(
            "The form cannot be read.", remedy="Give the file that was made here, saved as XLSX or DOCX."
        ) from error
    found: dict[tuple[str, str], str] = {}
    for row in rows[: _FIRST - 1]:
        for name, value in zip(row[::2], row[1::2], strict=False):
            if isinstance(name, str):
                found["", name] = _text(value)
    for row in rows[_FIRST:]:
        cells: Sequence[str] = [_text(cell) for cell in row]
        if cells and cells[0]:
            for name, text in zip(_COLUMNS, cells[2:], strict=False):
                if name in FIELDS:
                    found[cells[0], name] = text
    return found


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _check(content: bytes) -> None:
    """Measure the package before anything of it is opened. Raises Unreadable."""
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        open_package(Path(file.name))
