"""How well two things agree: the best main evidence, then what speaks for and against, each with its share.

Names are those of FollowTheMoney: `schema`, `name`, `alias`, `birthDate`, `nationality`, `imoNumber` ... The main
evidence is the best pair of names or the best number. The shares add up to the score exactly, so that they can be drawn
as a waterfall. What is unknown on either side has no part. Weights come from `data/comparison_weights.json`.

`compare` is for two things that somebody put side by side: from 0.7 on they are taken for one. `compare_hit` is for a
question and one of the very many records it is asked of: from which score on that answers is for `thresholds` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from alidade.matching.comparison_evidence import ComparisonPart, Properties, part, values
from alidade.matching.comparison_identifiers import IdentifierEvidence, identifier_evidence
from alidade.matching.comparison_names import OF_HIT, OF_PAIR, BestName, NameJudge, best_name
from alidade.matching.comparison_qualifiers import qualifiers
from alidade.matching.generic_words import Thing
from alidade.matching.name_comparison import NameScore
from alidade.matching.weights import WEIGHTS

__all__ = ["Comparison", "ComparisonPart", "Properties", "compare", "compare_hit"]

#: What a schema stands for; one that is not here (Thing, Asset ...) may be anything.
_FAMILIES: Final[dict[str, tuple[str, Thing]]] = {
    "person": ("person", "person"),
    "organization": ("organisation", "organisation"),
    "organisation": ("organisation", "organisation"),
    "company": ("organisation", "organisation"),
    "publicbody": ("organisation", "organisation"),
    "legalentity": ("legal entity", "organisation"),
    "vessel": ("vessel", "vessel"),
    "airplane": ("airplane", "other"),
    "vehicle": ("vehicle", "other"),
    "address": ("address", "other"),
    "bankaccount": ("account", "other"),
    "cryptowallet": ("wallet", "other"),
}
_LEGAL: Final = frozenset({"person", "organisation", "legal entity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Agreement of two things: score 0..1, the shares it is the sum of, the best pair of names in detail."""

    score: float
    parts: tuple[ComparisonPart, ...]
    weights_version: str
    best: BestName | None = None

    @property
    def name(self) -> NameScore | None:
        """The best pair of names word by word; None where one side has no name."""
        return None if self.best is None else self.best.explained()


def compare(query: Properties, candidate: Properties, thing: Thing | None = None) -> Comparison:
    """Compare two things by their properties; symmetric in the score, and one thing from 0.7 on.

    A property is a text or several; properties that are not known here are passed over. `thing` says how names are
    read; without it the schema of either side does. Things of incompatible schemata (a person and a vessel) have 0.
    """
    return _compared(query, candidate, thing, OF_PAIR)


def compare_hit(question: Properties, record: Properties, thing: Thing | None = None) -> Comparison:
    """Compare a question with one of the many records it is asked of; an answer from the threshold of its use on.

    Arguments as in `compare`. Names are judged on the scale of a search, which tells chance agreement among a million
    names better from a misspelling; the thresholds with their measurement are those of `threshold_for`.
    """
    return _compared(question, record, thing, OF_HIT)


def _compared(query: Properties, candidate: Properties, thing: Thing | None, judge: NameJudge) -> Comparison:
    left, right = _family(query), _family(candidate)
    if not _compatible(left, right):
        against = part("schema", "different", values(query, "schema")[0], values(candidate, "schema")[0], 0.0)
        return Comparison(score=0.0, parts=(against,), weights_version=WEIGHTS.version)
    kind = thing or _kind(left, right, query, candidate)
    name = best_name(query, candidate, kind, judge)
    parts = list(_main(name, identifier_evidence(query, candidate)))
    lasting = bool(parts) and parts[0].evidence in WEIGHTS.beside_identifier.lasting and parts[0].rule == "equal"
    parts += qualifiers(query, candidate, kind, WEIGHTS.beside_identifier.lasting_share if lasting else 1.0)
    total = sum(each.contribution for each in parts)
    score = min(1.0, max(0.0, total))
    if score != total:
        parts.append(ComparisonPart(evidence="limit", rule="limit", left="", right="", contribution=score - total))
    return Comparison(score=score, parts=tuple(parts), weights_version=WEIGHTS.version, best=name)


def _family(properties: Properties) -> tuple[str, Thing] | None:
    for schema in values(properties, "schema"):
        return _FAMILIES.get(schema.strip().casefold())
    return None


def _compatible(left: tuple[str, Thing] | None, right: tuple[str, Thing] | None) -> bool:
    if left is None or right is None or left[0] == right[0]:
        return True
    return "legal entity" in (left[0], right[0]) and left[0] in _LEGAL and right[0] in _LEGAL


def _kind(left: tuple[str, Thing] | None, right: tuple[str, Thing] | None, *sides: Properties) -> Thing:
    """The surer of both schemata; without any, what only a person or a vessel has."""
    known = [each for each in (left, right) if each is not None]
    for family, thing in known:
        if family != "legal entity":
            return thing
    if known:
        return known[0][1]
    if any(values(side, name) for side in sides for name in ("imoNumber", "mmsi", "callSign", "flag")):
        return "vessel"
    if any(values(side, name) for side in sides for name in ("jurisdiction", "incorporationDate", "leiCode")):
        return "organisation"
    return "person"


def _main(name: BestName | None, numbers: list[IdentifierEvidence]) -> Iterator[ComparisonPart]:
    """The main evidence first, and the other beside it with what it adds."""
    found = max(
        (number for number in numbers if number.worth > 0),
        key=lambda number: (number.worth, number.kind),
        default=None,
    )
    name_share = 0.0 if name is None else name.share
    if found is not None and found.worth >= name_share:
        yield part(found.kind, found.rule, found.left, found.right, found.worth)
        if name is not None:
            yield _name_part(name, _beside(name.agreement, found))
    else:
        if name is not None:
            yield _name_part(name, name_share)
        if found is not None:
            worth = found.worth * WEIGHTS.identifiers.beside_name
            yield part(found.kind, found.rule, found.left, found.right, worth)
    yield from _others(number for number in numbers if number is not found)


def _others(numbers: Iterable[IdentifierEvidence]) -> Iterator[ComparisonPart]:
    for number in numbers:
        worth = number.worth if number.worth < 0 else number.worth * WEIGHTS.identifiers.beside_name / 2
        yield part(number.kind, number.rule, number.left, number.right, worth)


def _beside(agreement: float, number: IdentifierEvidence) -> float:
    """What the agreement of names adds to a number that already decides."""
    weights = WEIGHTS.beside_identifier
    if agreement >= weights.turn:
        return weights.speaks_for * (agreement - weights.turn) / (1.0 - weights.turn)
    lasting = weights.lasting_share if number.kind in weights.lasting else 1.0
    return weights.against * (1.0 - agreement / weights.turn) * lasting


def _name_part(name: BestName, contribution: float) -> ComparisonPart:
    rule = "equal" if name.agreement >= 1.0 else "similar" if name.agreement > 0.0 else "different"
    return part("name", rule, name.left, name.right, contribution)
