"""The clauses of a declaration: preamble and operative part, and among these what is committed to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, Literal

from alidade.programme.reading.actors import find_actors
from alidade.programme.reading.blocks import Block
from alidade.programme.reading.dates import find_dates
from alidade.programme.reading.proposals import Clause
from alidade.programme.reading.sentences import sentences
from alidade.programme.reading.words import fold, reading_words

Force = Literal["preamble", "commits", "intends", "wishes", "calls", "states"]
COMMITMENTS: Final = ("commits", "intends", "wishes")
_FORCES: Final = ("commits", "intends", "wishes", "calls", "states")
_OPENING: Final = (
    r"(?:(?:finally|lastly|therefore|in this (?:regard|context|spirit)|to this end|"
    r"to that end|furthermore|moreover|in addition|and|also"
    r"|enfin|a cet egard|a cette fin|dans ce contexte|en outre|par ailleurs|par consequent|de plus|et"
    r"|por ultimo|finalmente|en este (?:contexto|sentido)|a este respecto|a tal fin|"
    r"con este fin|con ese fin|asimismo|ademas|por tanto|por ello|y"
    r"|por fim|neste (?:contexto|sentido)|a este respeito|para (?:tal|o efeito|esse efeito|"
    r"este fim)|alem disso|igualmente|por conseguinte|e)\s*,?\s+)*"
    r"(?:(?:we|they|nous|ils|elles|nosotros|nosotras|ellos|ellas|eles|elas|"
    r"(?:the |les |los |os )(?:(?:undersigned |co-)?ministers?|"
    r"ministres|ministros|(?:eu|ue) (?:and|et|y|e) clasi|parties|participants|parties|"
    r"partes|participantes))(?:,[^,]{0,200},)?\s+)?"
    r"(?:(?:hereby|also|further|therefore|jointly|strongly|particularly|warmly|firmly|"
    r"both|equally|egalement|donc|ainsi|aussi|vivement|tambien|igualmente|conjuntamente|"
    r"tambem|ainda)\s+)*"
)


@cache
def _openings(language: str) -> tuple[re.Pattern[str], dict[str, Force]]:
    words = reading_words()
    rows: list[tuple[str, Force]] = [(fold(word), "preamble") for word in words.preamble[language]]
    rows += [(fold(word), force) for force in _FORCES for word in words.force[force][language]]
    rows.sort(key=lambda row: (-len(row[0]), row[1]))
    found: dict[str, Force] = {}
    for word, force in rows:
        found.setdefault(word, force)
    return re.compile(rf"{_OPENING}({'|'.join(map(re.escape, found))})(?![\w-])"), found


def force_of(sentence: str, language: str) -> Force | None:
    """The force of a clause by its first words; None where they say nothing of it."""
    pattern, forces = _openings(language)
    match = pattern.match(fold(sentence[:500]))
    return forces[match[1]] if match else None


def find_clauses(blocks: Sequence[Block], language: str) -> tuple[Clause, ...]:
    """The clauses in the order of the paper; a list below "We commit to:" gives one for each item."""
    found: list[Clause] = []
    leading: Force | None = None
    for block in blocks:
        if block.kind in ("note", "row") or (block.kind == "heading" and force_of(block.text, language) is None):
            leading = None if block.kind == "heading" else leading
            continue
        own = list(_sentences(block, language))
        if not own and leading is not None and block.kind in ("item", "paragraph") and block.number:
            own = [(leading, 0, len(block.text), "item-below-clause")]
        elif own or not block.number:
            leading = None
        for force, start, end, rule in own:
            if block.text[start:end].rstrip().endswith(":"):
                leading = force
                continue
            found.append(_clause(block, force, start, end, rule, len(found) + 1, language))
    return tuple(found)


def _sentences(block: Block, language: str) -> Iterator[tuple[Force, int, int, str]]:
    """Stretches of a paragraph by force; a sentence that says nothing of its own belongs to the one before."""
    current: tuple[Force, int, int, str] | None = None
    for start, end in sentences(block.text):
        force = force_of(block.text[start:end], language)
        if force is None:
            if current is not None:
                current = (current[0], current[1], end, current[3])
            continue
        if current is not None:
            yield current
        current = (force, start, end, "first-words")
    if current is not None:
        yield current


def _clause(block: Block, force: Force, start: int, end: int, rule: str, number: int, language: str) -> Clause:
    inside = [date for date in find_dates(block) if start <= date.start < end]
    actors = [actor for actor in find_actors(block, language) if start <= actor.start < end]
    return Clause(
        force=force, number=number, text=block.text[start:end], paragraph=block.paragraph, block=block.ordinal,
        start=start, end=end, actors=tuple(actors), dates=tuple(inside), rule=rule,
        confidence=0.9 if rule == "first-words" else 0.8,
    )  # fmt: skip
