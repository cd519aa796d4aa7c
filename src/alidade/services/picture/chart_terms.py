"""Chart terms: what must be printed on everything that leaves: the highest classification and the joined handling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alidade.model.handling import Handling
from alidade.store.reading import SeenStatement
from alidade.vocabulary import Vocabulary


def classification_of(statements: Iterable[SeenStatement], vocabulary: Vocabulary, language: str) -> str:
    """The highest level of what goes out, in words; of nothing, nothing."""
    ranks = vocabulary.classifications
    levels = {each.handling.classification for each in statements} & set(ranks)
    highest = max(levels, key=lambda level: ranks[level].rank, default="")
    return vocabulary.label("classifications", highest, language) if highest else ""


def terms_of(statements: Iterable[SeenStatement], vocabulary: Vocabulary, language: str) -> tuple[str, ...]:
    """The joined handling as lines: every code, condition and restriction of any part, and whose they are."""
    handlings = {each.handling for each in statements}
    return tuple(_lines(handlings, vocabulary, language)) if handlings else ()


def _lines(handlings: set[Handling], vocabulary: Vocabulary, language: str) -> Iterator[str]:
    for code in sorted({code for each in handlings for code in each.codes}):
        owners = sorted({each.owner for each in handlings if code in each.codes})
        yield f"{code}: {vocabulary.label('handling', code, language)} ({', '.join(owners)})"
    for condition in sorted({code for each in handlings for code in each.conditions}):
        owners = sorted({each.owner for each in handlings if condition in each.conditions})
        yield f"{vocabulary.label('conditions', condition, language)} ({', '.join(owners)})"
    for owner, text in sorted({(each.owner, each.restriction) for each in handlings if each.restriction}):
        yield f"H3, {owner}: {text}"
    shared = set.intersection(*({*each.purposes} for each in handlings))
    if shared:
        yield "; ".join(vocabulary.label("purposes", code, language) for code in sorted(shared))
