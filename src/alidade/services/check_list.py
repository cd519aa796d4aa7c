"""Check a list: a file of questions in, a file of answers out, one ledger entry for each question."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alidade.formats.atomic import AtomicText
from alidade.formats.formula import neutralise
from alidade.formats.table import Row, open_table
from alidade.matching.thresholds import Use
from alidade.model.errors import Conflict, Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import require_right
from alidade.services.check import Answer, ask
from alidade.services.finding import Question
from alidade.services.node import Node

PORTION = 50  # questions in one transaction
ANSWER_COLUMNS = ("row", "question", "answer", "reference", "record", "score", "matched", "owner", "contact", "remark")
QUESTION_COLUMNS = {
    "text": "text",
    "question": "text",
    "name": "text",
    "value": "text",
    "kind": "kind",
    "birth_date": "birth_date",
    "born": "birth_date",
    "nationality": "nationality",
    "country": "country",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAnswer:
    """How many questions there were, and how they were answered."""

    questions: int
    hits: int
    hits_without_content: int
    no_hits: int
    wrong: int


def check_list(
    node: Node,
    actor: Actor,
    questions: Path,
    answers: Path,
    *,
    language: str = "en",
    use: Use = "usual",
    again: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> ListAnswer:
    """Ask every row of a table (column text or name; optional kind, birth_date, nationality, country).

    The answers appear as one file at the end, in the order of the questions, a row for each hit. A row that cannot be
    read is answered "not asked" with the reason. `use` says from which score on a name counts as met; with `again`,
    what meets nothing is asked again by itself. Raises Unreadable or Invalid for a file that is no such table, Conflict
    where the answers would overwrite a file.
    """
    table = open_table(questions)
    columns = _columns(table.header)
    if answers.exists():
        raise Conflict(f"{answers.name} exists already.", remedy="Name another file for the answers.")
    counts = {"hit": 0, "hit_without_content": 0, "no_hit": 0, "wrong": 0}
    file = AtomicText(answers, bom=True)
    stream = file.open()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(ANSWER_COLUMNS)
    try:
        done = 0
        for portion in _portions(table.rows()):
            with node.store.transaction() as tx:
                require_right(node, tx, actor, "check_batch")
                lines: list[list[str]] = []
                for item in portion:
                    lines.extend(
                        _answer(
                            item,
                            columns,
                            counts,
                            use,
                            lambda q: ask(node, tx, actor, q, language=language, again=again),
                        )
                    )
            for line in lines:
                writer.writerow([neutralise(cell) for cell in line])
            done += len(portion)
            progress(done)
    except BaseException:
        file.discard()
        raise
    file.finish()
    return ListAnswer(
        questions=sum(counts.values()),
        hits=counts["hit"],
        hits_without_content=counts["hit_without_content"],
        no_hits=counts["no_hit"],
        wrong=counts["wrong"],
    )


def fold_head(head: str) -> str:
    """The head of a column as it is looked up in `QUESTION_COLUMNS`."""
    return head.strip().casefold().replace(" ", "_")


def _columns(header: Sequence[str]) -> dict[int, str]:
    """What each column of a table of questions holds. Raises Invalid where none holds the question."""
    columns = {
        index: QUESTION_COLUMNS[name]
        for index, head in enumerate(header)
        if (name := fold_head(head)) in QUESTION_COLUMNS
    }
    if "text" not in columns.values():
        if len(header) != 1:
            raise Invalid(
                "The list has no column for the question.", remedy="Call the column text, or give a single column."
            )
        return {0: "text"}
    return columns


def _portions(rows: Iterator[object]) -> Iterator[list[object]]:
    portion: list[object] = []
    for row in rows:
        if not isinstance(row, Row) and not getattr(row, "fatal", False):
            continue
        portion.append(row)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _answer(
    item: object, columns: dict[int, str], counts: dict[str, int], use: Use, asked: Callable[[Question], Answer]
) -> Iterator[list[str]]:
    if not isinstance(item, Row):
        counts["wrong"] += 1
        place, reason = getattr(item, "place", None), getattr(item, "reason", "")
        yield [str(place.row if place else ""), "", "not asked", "", "", "", "", "", "", str(reason)]
        return
    cells = {name: item.cells[index].strip() for index, name in columns.items()}
    question = Question(
        text=cells.get("text", ""),
        kind=cells.get("kind") or None,
        birth_date=cells.get("birth_date") or None,
        nationality=cells.get("nationality") or None,
        country=cells.get("country") or None,
        use=use,
    )
    try:
        answer = asked(question)
    except Invalid as error:
        if error.code == "grounds_missing":
            raise
        counts["wrong"] += 1
        yield [str(item.number), question.text, "not asked", "", "", "", "", "", "", str(error)]
        return
    counts[answer.kind] += 1
    first = [str(item.number), question.text]
    if answer.kind == "no_hit":
        yield [*first, "no hit", "", "", "", "", "", "", "nothing that you may learn of"]
    for hit in answer.hits:
        matched = "; ".join(f"{part.evidence} {part.rule}" for part in hit.parts if part.contribution)
        owner = hit.owner_name
        yield [*first, "hit", hit.reference, hit.record, f"{hit.score:.2f}", matched, owner, "", hit.verdict or ""]
    for closed in answer.without_content:
        yield [*first, "hit without content", closed.reference, "", "", "", closed.owner_name, closed.contact, ""]
