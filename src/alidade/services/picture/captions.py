"""Captions: what a thing is called in a picture, from what the viewer sees of it, in its original script first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from alidade.model.evaluation import Evaluation
from alidade.store.reading import SeenStatement
from alidade.vocabulary import Vocabulary

_LAST_LATIN: Final = 0x24F
_MORE_LATIN: Final = range(0x1E00, 0x1F00)
# What a thing is known by where it has no name: the first of these that it has.
_NEXT_BEST: Final = ("title", "subject", "fileName", "full", "description", "summary")


def firmness(evaluation: Evaluation) -> tuple[bool, str, str]:
    """A key by which the firmest evaluation sorts first: given before not given, then by source and information."""
    return (not evaluation.given, evaluation.information, evaluation.source)


def type_of(statements: Sequence[SeenStatement], vocabulary: Vocabulary) -> str:
    """The type of a thing: the one that most of its records have; of a general and a special one the special."""
    of_record = {each.record: each.thing for each in statements}
    counts = Counter(of_record.values())
    best = min(counts, key=lambda thing: (-counts[thing], thing))
    special = sorted(thing for thing in counts if thing != best and _is_a(vocabulary, thing, best))
    return special[0] if special else best


def _is_a(vocabulary: Vocabulary, thing: str, ancestor: str) -> bool:
    return thing in vocabulary.things and ancestor in vocabulary.things and vocabulary.is_a(thing, ancestor)


def caption_of(thing: str, statements: Sequence[SeenStatement], vocabulary: Vocabulary) -> str:
    """What it is called: its best-evaluated name, else an alias, a number, a title; empty where nothing is known."""
    known = vocabulary.properties_of(thing) if thing in vocabulary.things else {}
    names = [each for each in statements if (p := known.get(each.property)) is not None and p.kind == "name"]
    for wanted in (("name",), tuple(sorted({each.property for each in names}))):
        found = [each for each in names if each.property in wanted and each.value]
        if found:
            return _in_both_scripts(_best(found), found)
    numbers = [each for each in statements if (p := known.get(each.property)) is not None and p.identifier_kind]
    if numbers:
        return _best(numbers).value
    for name in _NEXT_BEST:
        texts = [each for each in statements if each.property == name and each.value]
        if texts:
            return _best(texts).value
    return ""


def _best(statements: Iterable[SeenStatement]) -> SeenStatement:
    return min(statements, key=lambda each: (firmness(each.evaluation), each.number))


def _in_both_scripts(best: SeenStatement, names: Sequence[SeenStatement]) -> str:
    beside = [each for each in names if each.record == best.record]
    texts = [text for each in (best, *beside) for text in (each.original, each.value) if text]
    native = next((text for text in texts if not _is_latin(text)), None)
    latin = next((text for text in (best.value, *texts) if _is_latin(text)), None)
    if native is None:
        return best.value
    return native if latin is None else f"{native} ({latin})"


def _is_latin(text: str) -> bool:
    return all(ord(sign) <= _LAST_LATIN or ord(sign) in _MORE_LATIN for sign in text if sign.isalpha())
