"""Finding: what a question means, which records it leads to, and why each of them answers it.

The candidates of a question come from the rows of one layer of one viewer and nothing is cut off before his rights
are applied. A score depends on the question and on the candidate alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from alidade.matching.comparison_evidence import ComparisonPart
from alidade.matching.folding import fold
from alidade.matching.generic_words import canonical_words, telling
from alidade.matching.identifiers import IDENTIFIER_KINDS, IdentifierError, guess_kinds, normalise
from alidade.matching.partial_dates import parse_date
from alidade.matching.thresholds import Use, threshold_for
from alidade.model.errors import Invalid
from alidade.services.preparing import fit_key
from alidade.store.name_index.rows import name_kind
from alidade.store.reading import Candidate, Compared, ReaderView
from alidade.store.rights import Layer
from alidade.vocabulary import Vocabulary

if TYPE_CHECKING:
    from alidade.matching.name_comparison import Part

_LONGEST_QUESTION = 512
MOST_COMPARED = 100  # records compared in full for one question and layer
ONLY_GENERIC: Final = (
    "these words stand in very many names and identify nobody: only names made of them alone are shown"
)


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked: one text, of a kind ("name", or a kind of identifier) or of any, and what else is known.

    `country` is the State in which a national phone number or document was noted (ISO 3166-1 alpha-2). `use` says from
    which score on a name counts as met (`matching/data/thresholds.json`); a number meets where it is equal.
    """

    text: str
    kind: str | None = None
    birth_date: str | None = None
    nationality: str | None = None
    country: str | None = None
    use: Use = "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One reading of a question: its kind, how it is written in normal form, and the keys to look under.

    A name has no keys: it is searched for in the index of names.
    """

    kind: str
    shown: str
    keys: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record that answers, with the reading that led to it, the score 0..1 and the parts that it is the sum of.

    `words` says which word of the question met which word of the name, by which rule, and what it weighed.
    """

    candidate: Candidate
    thing: str
    record: str
    understood: Understood
    score: float
    parts: tuple[ComparisonPart, ...]
    words: tuple[Part, ...] = ()


def understand(question: Question) -> tuple[Understood, ...]:
    """The readings of a question, likeliest first.

    Raises Invalid, without repeating the text, where it can be nothing that is searched for.
    """
    text = question.text.strip()
    if not text or len(text) > _LONGEST_QUESTION:
        raise Invalid(f"A question has between 1 and {_LONGEST_QUESTION} characters.", code="question_wrong")
    if any(ord(letter) < 32 or "\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid("The question holds characters that are no text.", code="question_wrong")
    if question.birth_date is not None and parse_date(question.birth_date) is None:
        raise Invalid("The birth date cannot be read.", remedy="Write it as 1964-07-31, 1964-07 or 1964.")
    if question.kind is not None and question.kind != "name" and question.kind not in IDENTIFIER_KINDS:
        raise Invalid("This kind of question is not known.", remedy=f"Kinds: name, {', '.join(IDENTIFIER_KINDS)}.")
    readings = [_identifier(text, kind, question.country) for kind in _kinds(text, question.kind)]
    found = [reading for reading in readings if isinstance(reading, Understood)]
    if question.kind in (None, "name") and fold(text):
        remark = ONLY_GENERIC if says_nothing_alone(text) else ""
        # A text that is certainly a number is no name as well.
        found = [*found, Understood(kind="name", shown=text, remark=remark)]
    if not found:
        reasons = [reading for reading in readings if isinstance(reading, str)]
        raise Invalid(
            reasons[0] if reasons else "The question has neither letters nor digits to search for.",
            remedy="Correct it, or choose another kind.",
            code="question_wrong",
        )
    return tuple(found)


def _kinds(text: str, kind: str | None) -> Sequence[str]:
    if kind is not None:
        return [] if kind == "name" else [kind]
    return guess_kinds(text)


def _identifier(text: str, kind: str, country: str | None) -> Understood | str:
    try:
        identifier = normalise(kind, text, country=country)  # type: ignore[arg-type]  # checked against the list
    except IdentifierError as error:
        return f"{str(error)[:1].upper()}{str(error)[1:]}."
    remark = "the check digit does not fit" if identifier.valid is False else identifier.note or ""
    return Understood(kind=kind, shown=identifier.shown, keys=(fit_key(identifier.key),), remark=remark)


def says_nothing_alone(text: str) -> bool:
    """Whether every word of a name is a legal form or a word of very many names, such as SHIPPING COMPANY LTD."""
    words = canonical_words(fold(text), "organisation")
    return bool(words) and not telling(words, "organisation")


def find(
    view: ReaderView,
    layer: Layer,
    question: Question,
    readings: Sequence[Understood],
    vocabulary: Vocabulary,
    *,
    owner: str | None = None,
) -> list[Found]:
    """The records of a layer that answer the question, best first; equal scores in the order of their random ids.

    With an `owner`, only his records are looked at, so that the work tells nothing of others'.
    """
    best: dict[int, Found] = {}
    for reading in readings:
        for found in _find_one(view, layer, question, reading, vocabulary, owner):
            earlier = best.get(found.candidate.record_number)
            if earlier is None or found.score > earlier.score:
                best[found.candidate.record_number] = found
    return sorted(best.values(), key=lambda found: (-found.score, found.record))


def _find_one(
    view: ReaderView,
    layer: Layer,
    question: Question,
    reading: Understood,
    vocabulary: Vocabulary,
    owner: str | None,
) -> list[Found]:
    if reading.kind != "name":
        met = dict.fromkeys(candidate for _, candidate in view.candidates(reading.kind, reading.keys, layer, owner))
        return [_identical(compared, reading) for compared in view.to_compare(list(met), layer)]
    from alidade.matching.comparison import compare_hit  # here: what it needs takes long to load, and few commands ask

    least = threshold_for(question.use).threshold
    if reading.remark == ONLY_GENERIC:
        least = max(least, threshold_for("must_be_sure").threshold)
    asked = _asked(question)
    found: list[Found] = []
    # All of them are the viewer's own: the cut comes after his rights, never before.
    for compared in view.to_compare(view.named(question.text.strip(), layer, MOST_COMPARED, owner), layer):
        comparison = compare_hit(asked, compared.values, name_kind(compared.thing, vocabulary))
        if comparison.score >= least:
            name = comparison.name
            found.append(
                Found(
                    candidate=compared.candidate,
                    thing=compared.thing,
                    record=compared.record,
                    understood=reading,
                    score=comparison.score,
                    parts=comparison.parts,
                    words=() if name is None else name.parts,
                )
            )
    return found


def _identical(compared: Compared, reading: Understood) -> Found:
    part = ComparisonPart(
        evidence=reading.kind, rule="equal", left=reading.shown, right=reading.shown, contribution=1.0
    )
    return Found(
        candidate=compared.candidate,
        thing=compared.thing,
        record=compared.record,
        understood=reading,
        score=1.0,
        parts=(part,),
    )


def _asked(question: Question) -> dict[str, list[str]]:
    asked = {"name": [question.text]}
    if question.birth_date:
        asked["birthDate"] = [question.birth_date]
    if question.nationality:
        asked["nationality"] = [question.nationality]
    return asked
