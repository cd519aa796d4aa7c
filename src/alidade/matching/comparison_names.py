"""The best pair of names of two things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alidade.matching.comparison_evidence import Properties, values
from alidade.matching.generic_words import Thing
from alidade.matching.name_comparison import (
    NameScore,
    PreparedName,
    compare_prepared,
    prepare_name,
    score_prepared,
)
from alidade.matching.name_weights import PAIR_SCALES, SEARCH_SCALES, Scales
from alidade.matching.weights import WEIGHTS, NameShare

#: Names of one thing that are compared; lists that carry more repeat themselves.
_MOST_NAMES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NameJudge:
    """How names are judged: the scale on which their words agree, and what the agreement is of the score."""

    scales: Scales
    share: NameShare


#: Two names that somebody put side by side.
OF_PAIR: Final = NameJudge(scales=PAIR_SCALES, share=WEIGHTS.name_of_pair)
#: A question and one of very many names: chance agreement is frequent there, and is told apart better.
OF_HIT: Final = NameJudge(scales=SEARCH_SCALES, share=WEIGHTS.name_of_hit)


@dataclass(frozen=True, slots=True, kw_only=True)
class BestName:
    """The pair of names that agrees best.

    agreement  0..1, as names
    share      what it would be of the score, were it the main evidence
    """

    left: str
    right: str
    agreement: float
    share: float
    prepared: tuple[PreparedName, PreparedName]
    scales: Scales

    def explained(self) -> NameScore:
        """The pair word by word."""
        return compare_prepared(*self.prepared, self.scales)


def best_name(left: Properties, right: Properties, thing: Thing, judge: NameJudge = OF_PAIR) -> BestName | None:
    """The pair of names with the greatest share; None where one side has no name at all."""
    lefts = [(text, trust, prepare_name(text, thing)) for text, trust in _names(left)]
    rights = [(text, trust, prepare_name(text, thing)) for text, trust in _names(right)]
    best: tuple[float, tuple[str, str], BestName] | None = None
    for one, one_trust, one_name in lefts:
        for other, other_trust, other_name in rights:
            agreement = score_prepared(one_name, other_name, judge.scales)
            share = _share(agreement, judge.share) * min(one_trust, other_trust)
            if thing == "person" and min(len(one_name.words), len(other_name.words)) == 1:
                both = len(one_name.words) == len(other_name.words)
                share *= judge.share.one_word if both else judge.share.one_word_of_several
            order = (-share, (one, other) if one <= other else (other, one))
            if best is None or order < best[:2]:
                found = BestName(
                    left=one,
                    right=other,
                    agreement=agreement,
                    share=share,
                    prepared=(one_name, other_name),
                    scales=judge.scales,
                )
                best = (*order, found)
    return None if best is None else best[2]


def _share(agreement: float, name: NameShare) -> float:
    """Two straight lines that meet where names begin to match by themselves."""
    if agreement < name.match_from:
        return name.at_match * agreement / name.match_from
    return name.at_match + (name.equal - name.at_match) * (agreement - name.match_from) / (1.0 - name.match_from)


def _names(properties: Properties) -> Iterator[tuple[str, float]]:
    count = 0
    for property_name, trust in WEIGHTS.name_properties.items():
        for text in values(properties, property_name):
            if count < _MOST_NAMES:
                count += 1
                yield text, trust
    if not count:
        pieces = [
            " ".join(values(properties, piece)) for piece in ("firstName", "middleName", "fatherName", "lastName")
        ]
        whole = " ".join(piece for piece in pieces if piece)
        if whole:
            yield whole, 1.0
