"""Check lines: many questions pasted or dropped at once; each is a check of its own, with its own ledger entry."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from alidade.formats.formula import neutralise
from alidade.matching.thresholds import Use
from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import require_right
from alidade.services.answers import AnswerNow, HitNow, answer_again
from alidade.services.check import Answer, ask
from alidade.services.check_list import PORTION, QUESTION_COLUMNS, fold_head
from alidade.services.finding import Question
from alidade.services.node import Node

MOST_LINES = 500  # more go by: alidade check --file
ANSWERS_HEAD = (
    "question", "answer", "check", "hit", "record", "score", "matched", "owner", "contact", "ruled", "handling",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """One line with its answer; `answer` is None where it was not asked, and `remark` says why."""

    line: int
    text: str
    answer: Answer | None
    remark: str = ""


def check_lines(
    node: Node, actor: Actor, text: str, *, language: str = "en", use: Use = "usual", again: bool = False
) -> list[LineAnswer]:
    """Ask every line: one question in each, or a table whose first line names its columns (as for a file).

    `use` says for all of them from which score on a name counts as met; with `again`, those that meet nothing are
    asked again by themselves.
    Raises Invalid where there is no line, or more than `MOST_LINES`, or the grounds are missing.
    """
    lines = read_lines(text)
    if not lines or len(lines) > MOST_LINES:
        raise Invalid(
            f"A list has between 1 and {MOST_LINES} questions here.",
            remedy="For longer lists: alidade check --file.",
            code="lines_wrong",
        )
    found: list[LineAnswer] = []
    for start in range(0, len(lines), PORTION):
        with node.store.transaction() as tx:
            require_right(node, tx, actor, "check_batch")
            for number, question in lines[start : start + PORTION]:
                question = msgspec.structs.replace(question, use=use)
                try:
                    answer = ask(node, tx, actor, question, language=language, again=again)
                except Invalid as error:
                    if error.code == "grounds_missing":
                        raise
                    found.append(LineAnswer(line=number, text=question.text, answer=None, remark=error.message))
                    continue
                found.append(LineAnswer(line=number, text=question.text, answer=answer))
    return found


def read_lines(text: str) -> list[tuple[int, Question]]:
    """The questions of a text with their line numbers; empty lines are passed over."""
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = next((mark for mark in ("\t", ";", ",") if mark in head), None)
    columns = {} if separator is None else _columns(head.strip("\r").split(separator))
    if separator is None or "text" not in columns.values():
        single = fold_head(head) in QUESTION_COLUMNS
        lines = enumerate(text.lstrip("\ufeff").splitlines(), start=1)
        return [(n, Question(text=line.strip())) for n, line in lines if line.strip() and not (single and n == 1)]
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator)
    return [(n, _question(row, columns)) for n, row in enumerate(rows, start=1) if n > 1 and any(map(str.strip, row))]


def answers_csv(node: Node, actor: Actor, checks: Iterable[str], *, language: str = "en") -> str:
    """The answers of one's own checks as CSV, read again with one's rights of this moment.

    Each hit carries what its handlings come to: every code and condition, and the highest classification.
    A reference that leads to no check of one's own is passed over.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(ANSWERS_HEAD)
    for check in list(dict.fromkeys(checks))[:MOST_LINES]:
        try:
            answer = answer_again(node, actor, check, language=language)
        except NotFound:
            continue
        for row in _rows(node, answer):
            writer.writerow([neutralise(cell) for cell in row])
    return text.getvalue()


def _rows(node: Node, answer: AnswerNow) -> list[list[str]]:
    question = "" if answer.question is None else answer.question.text
    if not answer.hits:
        return [[question, "no hit", answer.check, "", "", "", "", "", "", "", ""]]
    return [[question, *_row(node, answer, each)] for each in answer.hits]


def _row(node: Node, answer: AnswerNow, each: HitNow) -> list[str]:
    ruled = each.rulings[-1].ruling if each.rulings else ""
    if each.hit is not None:
        matched = "; ".join(f"{part.evidence} {part.rule}" for part in each.hit.parts if part.contribution)
        handling = joined_handling(node, [statement.handling for statement in each.hit.statements])
        return [
            "hit", answer.check, each.reference, each.hit.record, f"{each.hit.score:.2f}", matched,
            each.hit.owner_name, "", ruled, handling,
        ]  # fmt: skip
    if each.closed is not None:
        owner = (each.closed.owner_name, each.closed.contact)
        return ["hit without content", answer.check, each.reference, "", "", "", *owner, ruled, ""]
    return ["no longer shown", answer.check, each.reference, "", "", "", "", "", ruled, ""]


def joined_handling(node: Node, handlings: Sequence[Handling]) -> str:
    """What several handlings come to, in one cell: the strictest of each."""
    ranks = node.vocabulary.classifications
    levels = [each.classification for each in handlings if each.classification in ranks]
    codes = sorted({code for each in handlings for code in each.codes})
    conditions = sorted({condition for each in handlings for condition in each.conditions})
    return " ".join([*codes, *conditions, *([max(levels, key=lambda level: ranks[level].rank)] if levels else [])])


def _columns(heads: Sequence[str]) -> dict[int, str]:
    folded = [fold_head(head.strip('"')) for head in heads]
    return {index: QUESTION_COLUMNS[name] for index, name in enumerate(folded) if name in QUESTION_COLUMNS}


def _question(row: Sequence[str], columns: dict[int, str]) -> Question:
    cells = {name: row[index].strip() for index, name in columns.items() if index < len(row)}
    return Question(
        text=cells.get("text", ""),
        kind=cells.get("kind") or None,
        birth_date=cells.get("birth_date") or None,
        nationality=cells.get("nationality") or None,
        country=cells.get("country") or None,
    )
