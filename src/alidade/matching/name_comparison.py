"""How well two names agree, word by word, with the rule by which each word met its counterpart.

Order of words does not count. A word missing on one side costs little when the other words agree; words that
stand against each other cost much. The score is symmetric, deterministic, in 0..1, and 1 for equal names.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Final, Literal

from rapidfuzz.distance import OSA, JaroWinkler

from alidade.matching.folding import fold
from alidade.matching.generic_words import Thing, WordKind, canonical_words, word_kind
from alidade.matching.sounds import skeleton
from alidade.matching.weights import WEIGHTS

Rule = Literal["equal", "similar", "initial", "sound", "joined", "missing"]

_W: Final = WEIGHTS.names
#: More words than any name has; beyond them a text is no name, and the work must stay bounded.
_MOST_WORDS: Final = 40
_MOST_JOINED: Final = 6
_NEARLY_LETTERS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One word of the first name, its counterpart in the second, and what that is worth.

    left, right  words in plain form; empty where the other side has no counterpart
    credit       0..1, how well they agree
    weight       how much this pair counts among all pairs
    """

    left: str
    right: str
    rule: Rule
    credit: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NameScore:
    """Agreement of two names: score 0..1 and the words it comes from."""

    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Word:
    text: str
    kind: WordKind
    weight: float


@dataclass(frozen=True, slots=True)
class PreparedName:
    """A name folded and weighted once, for comparing it with many others."""

    folded: str
    words: tuple[_Word, ...]
    thing: Thing


def prepare_name(name: str, thing: Thing) -> PreparedName:
    """Fold a name and weigh its words; the result can be compared any number of times."""
    folded = fold(name)
    words = []
    for text in canonical_words(folded, thing)[:_MOST_WORDS]:
        kind = word_kind(text, thing, _W.short_letters)
        words.append(_Word(text, kind, _W.weight[kind]))
    words.sort()
    return PreparedName(folded, tuple(words), thing)


def compare_names(left: str, right: str, thing: Thing) -> NameScore:
    """Compare two names of persons, organisations, vessels or other things."""
    return compare_prepared(prepare_name(left, thing), prepare_name(right, thing))


def compare_prepared(left: PreparedName, right: PreparedName) -> NameScore:
    """Compare two prepared names of the same kind of thing."""
    if not left.words or not right.words:
        return NameScore(score=0.0, parts=_missing(left.words, right.words))
    if left.words <= right.words:
        return _score(left.words, right.words, left.thing)
    mirrored = _score(right.words, left.words, left.thing)
    parts = tuple(
        Part(left=part.right, right=part.left, rule=part.rule, credit=part.credit, weight=part.weight)
        for part in mirrored.parts
    )
    return NameScore(score=mirrored.score, parts=parts)


def _score(left: tuple[_Word, ...], right: tuple[_Word, ...], thing: Thing) -> NameScore:
    parts, left_over, right_over = _equal_words(left, right)
    if left_over and right_over:
        parts += _joined(left_over, right_over) + _joined(right_over, left_over, mirrored=True)
    if left_over and right_over:
        parts += _paired(left_over, right_over)
    gained = sum(part.credit * part.weight for part in parts)
    # What a doubtful pair lacks in credit also speaks against the match.
    against = sum((1.0 - part.credit) * part.weight * _W.doubt for part in parts)
    whole = sum(part.weight for part in parts) + against
    left_missing = sum(word.weight for word in left_over)
    right_missing = sum(word.weight for word in right_over)
    telling = sum(1 for part in parts if part.weight >= 1.0)
    surplus = _W.surplus[thing] if telling > 1 else _W.surplus_single[thing]
    whole += 2 * min(left_missing, right_missing) * _W.contradiction[thing]
    whole += abs(left_missing - right_missing) * surplus
    score = min(1.0, gained / whole) if whole > 0 else 0.0
    ordered = sorted(parts, key=lambda part: (-part.weight * part.credit, part.left, part.right))
    return NameScore(score=score, parts=(*ordered, *_missing(tuple(left_over), tuple(right_over))))


def _missing(left: tuple[_Word, ...], right: tuple[_Word, ...]) -> tuple[Part, ...]:
    parts = [Part(left=w.text, right="", rule="missing", credit=0.0, weight=w.weight) for w in left]
    parts += [Part(left="", right=w.text, rule="missing", credit=0.0, weight=w.weight) for w in right]
    return tuple(parts)


def _equal_words(left: tuple[_Word, ...], right: tuple[_Word, ...]) -> tuple[list[Part], list[_Word], list[_Word]]:
    parts: list[Part] = []
    left_over: list[_Word] = []
    right_over = list(right)
    for word in left:
        if word in right_over:
            right_over.remove(word)
            parts.append(Part(left=word.text, right=word.text, rule="equal", credit=1.0, weight=2 * word.weight))
        else:
            left_over.append(word)
    return parts, left_over, right_over


def _joined(whole: list[_Word], pieces: list[_Word], *, mirrored: bool = False) -> list[Part]:
    parts: list[Part] = []
    for word in list(whole):
        if len(word.text) < 4 or not 2 <= len(pieces) <= _MOST_JOINED:
            continue
        found = _pieces_of(word.text, pieces)
        if not found:
            continue
        whole.remove(word)
        for piece in found:
            pieces.remove(piece)
        text = " ".join(piece.text for piece in found)
        weight = word.weight + sum(piece.weight for piece in found)
        left, right = (text, word.text) if mirrored else (word.text, text)
        parts.append(Part(left=left, right=right, rule="joined", credit=_W.joined_credit, weight=weight))
    return parts


def _pieces_of(text: str, pieces: list[_Word]) -> tuple[_Word, ...]:
    usable = [piece for piece in pieces if piece.text in text]
    for count in (2, 3):
        if sum(len(piece.text) for piece in usable) < len(text):
            break
        for chosen in permutations(usable, count):
            if "".join(piece.text for piece in chosen) == text:
                return chosen
    return _nearly_pieces_of(text, pieces)


def _nearly_pieces_of(text: str, pieces: list[_Word]) -> tuple[_Word, ...]:
    if len(text) < _NEARLY_LETTERS:
        return ()
    best: tuple[int, tuple[_Word, ...]] | None = None
    for chosen in permutations(pieces, 2):
        if abs(len(chosen[0].text) + len(chosen[1].text) - len(text)) > 1:
            continue
        slips = OSA.distance(chosen[0].text + chosen[1].text, text, score_cutoff=1)
        if slips <= 1 and (best is None or (slips, chosen) < best):
            best = (slips, chosen)
    return best[1] if best else ()


def _paired(left: list[_Word], right: list[_Word]) -> list[Part]:
    """Greedy pairing, best pair first; removes the paired words from both lists."""
    found: list[tuple[float, str, str, int, int, Rule]] = []
    for i, first in enumerate(left):
        for j, second in enumerate(right):
            credit, rule = _agreement(first, second)
            if credit > 0.0:
                weight = first.weight + second.weight
                found.append((-credit * weight, first.text, second.text, i, j, rule))
    found.sort()
    parts: list[Part] = []
    left_taken: set[int] = set()
    right_taken: set[int] = set()
    for worth, _, _, i, j, rule in found:
        if i in left_taken or j in right_taken:
            continue
        left_taken.add(i)
        right_taken.add(j)
        weight = left[i].weight + right[j].weight
        parts.append(Part(left=left[i].text, right=right[j].text, rule=rule, credit=-worth / weight, weight=weight))
    left[:] = [word for i, word in enumerate(left) if i not in left_taken]
    right[:] = [word for j, word in enumerate(right) if j not in right_taken]
    return parts


def _agreement(first: _Word, second: _Word) -> tuple[float, Rule]:
    a, b = first.text, second.text
    if len(a) == 1 or len(b) == 1:
        telling = first.kind in ("initial", "word", "short") and second.kind in ("initial", "word", "short")
        return (_W.initial_credit, "initial") if telling and a[0] == b[0] and a != b else (0.0, "missing")
    if first.kind == "number" or second.kind == "number":
        return _digits_agreement(first, second)
    likeness = OSA.normalized_similarity(a, b)
    if likeness < _W.sound_from:
        return 0.0, "missing"
    if len(a) > 3 and len(b) > 3:
        likeness = max(likeness, _mean(likeness, JaroWinkler.similarity(a, b)))
    credit = 1.0 - (1.0 - likeness) * _W.similar_slope
    similar = credit if likeness >= _W.similar_from and min(len(a), len(b)) > 2 else 0.0
    if similar < _W.sound_credit and min(len(a), len(b)) > 2:
        classes = skeleton(a)
        if len(classes) >= _W.sound_classes and classes == skeleton(b):
            return _W.sound_credit, "sound"
    return (similar, "similar") if similar > 0.0 else (0.0, "missing")


def _digits_agreement(first: _Word, second: _Word) -> tuple[float, Rule]:
    # Digits inside a word of letters are typing (I9or); numbers as such (Snow Storm 1 and 2) must be equal.
    if first.text.isdigit() or second.text.isdigit() or first.kind == second.kind:
        return 0.0, "missing"
    likeness = OSA.normalized_similarity(first.text, second.text)
    return (likeness, "similar") if likeness >= _W.similar_from else (0.0, "missing")


def _mean(first: float, second: float) -> float:
    return (first + second) / 2
