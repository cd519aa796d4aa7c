"""Answers in tables: States down and recommendations across, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.proposals import Answer, AnswerKind
from alidade.programme.reading.reply_kinds import kind_of, kind_of_cell
from alidade.programme.reading.states import only_state
from alidade.programme.reading.words import fold

_NUMBER: Final = re.compile(
    r"^(?:rec(?:ommendation|ommandation|omendacion|omendacao)?s?\.?\s*)?(?:no?\.?\s*)?(\d{1,2})?\s?[.(]?\s?([a-z])?\)?$"
)


def find_table_answers(blocks: Sequence[Block], texts: Mapping[str, str], language: str) -> tuple[Answer, ...]:
    """Answers from rows whose header names recommendations or States; an empty cell is silence."""
    found: dict[tuple[str, str], Answer] = {}
    header: tuple[str, ...] = ()
    across = ""
    for block in blocks:
        if block.kind != "row":
            if block.kind != "note":
                header = ()
            continue
        kind = _header(block)
        if kind:
            header, across = block.cells, kind
            continue
        if header:
            for answer in _row(block, header, across, texts, language):
                found.setdefault((answer.recommendation, answer.state), answer)
    return tuple(found.values())


def _header(block: Block) -> str:
    """What the cells of a row name, from the second on: "recommendations", "states" or nothing."""
    rest = [cell for cell in block.cells[1:] if cell.strip()]
    if len(rest) >= 2 and all(only_state(cell) for cell in rest):
        return "states"
    first = block.cells[0] if block.cells else ""
    if len(rest) >= 2 and all(_number(cell) for cell in rest) and not only_state(first):
        return "recommendations"
    return ""


def _number(cell: str) -> str:
    match = _NUMBER.match(fold(cell).strip())
    return f"{match[1] or ''}{match[2] or ''}" if match and len(cell.strip()) < 30 else ""


def _row(block: Block, header: Sequence[str], across: str, texts: Mapping[str, str], language: str) -> Iterator[Answer]:
    place = 0
    for cell, name in zip(block.cells, header, strict=False):
        start = block.text.find(cell, place) if cell else place
        place = max(start, place) + len(cell)
        if cell is block.cells[0] and name is header[0]:
            continue
        one, other = (name, block.cells[0]) if across == "recommendations" else (block.cells[0], name)
        number, state = _number(one), only_state(other)
        if not number or state is None:
            continue
        kind = kind_of_cell(cell)
        if kind == "":
            continue
        code, rule, confidence = kind, "cell-word", 0.85
        if kind is None:
            judged = kind_of(cell, texts.get(number, ""), number, language)
            code, rule, confidence = judged.kind, f"cell, {judged.rule}", round(0.9 * judged.confidence, 2)
        yield Answer(
            recommendation=number, state=state, kind=cast(AnswerKind, code), paragraph=block.paragraph,
            block=block.ordinal, start=max(start, 0), end=max(start, 0) + len(cell), text=cell, rule=rule,
            confidence=confidence,
        )  # fmt: skip
