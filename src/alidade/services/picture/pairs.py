"""Pairs: two records side by side, what agrees and what contradicts, and who has ruled on them; and what is alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from alidade.matching.comparison_evidence import ComparisonPart
from alidade.matching.folding import fold
from alidade.model.draft import Claim
from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.joining import joined, rulings_around
from alidade.services.picture.sides import Side, side_of
from alidade.services.picture.suggesting import settled
from alidade.services.preparing import lookup_keys
from alidade.store import directory
from alidade.store.name_index.rows import name_kind
from alidade.store.reading import Candidate, Compared, ReaderView, SeenJudgement, SeenStatement, reading
from alidade.store.writing import record_number
from alidade.vocabulary import Vocabulary

Agreement = Literal["same", "alike", "different", "left", "right"]
MOST_ALIKE: Final = 50
_LEAST: Final = 0.5
_ALIKE: Final = 0.76  # of names: from here on comparison takes them for variants of one
_NO_PAIR: Final = "There is no record with this reference that you may join with another."
_ONE_VALUE: Final = frozenset({"birthDate", "deathDate", "incorporationDate", "gender", "imoNumber", "vin", "leiCode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """One property of two records: what each says, and whether it agrees.

    `conflict`: both say something, a thing has but one of it, and it is not the same.
    """

    property: str
    left: tuple[SeenStatement, ...]
    right: tuple[SeenStatement, ...]
    agreement: Agreement
    conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPair:
    """Two records side by side. `parts` add up to `score` (0..1); from 0.7 on two are usually taken for one.

    `parts` is empty, and the score None, where a condition forbids that a machine compares them.
    """

    left: Side
    right: Side
    lines: tuple[PairLine, ...]
    score: float | None
    parts: tuple[ComparisonPart, ...]
    judgements: tuple[SeenJudgement, ...]
    joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A record that may be of the same thing as another, with the parts that its score is the sum of."""

    side: Side
    score: float
    parts: tuple[ComparisonPart, ...]


def compare_records(node: Node, actor: Actor, left: str, right: str) -> ComparedPair:
    """Two records side by side, as far as one may join them. Raises NotFound for any other pair."""
    from alidade.matching.comparison import compare

    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge", "suggest")) as view:
            both = left != right and view.mergeable([left, right]) == {left, right}
            found = None
            if both:
                seen = view.statements_of([(left, None), (right, None)])
                rulings = rulings_around(view, [left, right])
                groups = joined([left, right], rulings, actor.viewer.authority)
                one, other = (_values(view, seen, record) for record in (left, right))
                result = compare(one, other) if one is not None and other is not None else None
                found = ComparedPair(
                    left=side_of(left, seen.get(left, ()), node.vocabulary),
                    right=side_of(right, seen.get(right, ()), node.vocabulary),
                    lines=_lines(seen.get(left, ()), seen.get(right, ()), node.vocabulary),
                    score=None if result is None else result.score,
                    parts=() if result is None else result.parts,
                    judgements=tuple(each for each in rulings if {each.left, each.right} == {left, right}),
                    joined=right in groups.of(left),
                )
        log(tx, actor, "judge", objects=[left, right], results=int(both), details={"view": "pair"})
    if found is None:
        raise NotFound(_NO_PAIR)
    return found


def suggestions_for(node: Node, actor: Actor, record: str) -> tuple[Alike, ...]:
    """What might be the same as one record, best first: met by its numbers and its names among all that one may join.

    What is ruled on or joined already is left out. Raises NotFound for a record that one may not join with another.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        world = directory.world(tx)
        with reading(tx, actor.viewer, world, ("read", "merge", "suggest"), names=True) as view:
            known = view.mergeable([record]) == {record}
            found = _alike(view, node.vocabulary, record) if known else []
            done = settled(tx, actor, view)
            kept = [each for each in found if not done(record, each.side.record)][:MOST_ALIKE]
        shown = [record, *(each.side.record for each in kept)]
        log(tx, actor, "judge", objects=shown, results=len(kept), details={"view": "suggestions for a record"})
    if not known:
        raise NotFound(_NO_PAIR)
    return tuple(kept)


def _alike(view: ReaderView, vocabulary: Vocabulary, record: str) -> list[Alike]:
    from alidade.matching.comparison import compare

    own = view.to_compare(view.by_number("suggest", record_number(record)), "suggest")
    if not own:
        return []
    asked = {**own[0].values, "schema": [own[0].thing]}
    met: dict[int, Candidate] = {}
    for kind, key in _keys(own[0], vocabulary):
        met.update((each.record_number, each) for _, each in view.candidates(kind, [key], "suggest"))
    for name in [*asked.get("name", ()), *asked.get("alias", ()), *asked.get("previousName", ())][:6]:
        met.update((each.record_number, each) for each in view.named(name, "suggest", MOST_ALIKE))
    met.pop(record_number(record), None)
    scored = []
    for each in view.to_compare(list(met.values()), "suggest"):
        result = compare(asked, {**each.values, "schema": [each.thing]}, name_kind(own[0].thing, vocabulary))
        same_number = own[0].thing == each.thing and not asked.get("name")
        if result.score >= _LEAST or same_number:
            scored.append((result, each))
    seen = view.statements_of([(each.record, each.candidate.owner) for _, each in scored])
    found = [
        Alike(side=side_of(each.record, seen.get(each.record, ()), vocabulary), score=result.score, parts=result.parts)
        for result, each in scored
        if each.record in seen
    ]
    return sorted(found, key=lambda each: (-each.score, each.side.record))


def _keys(own: Compared, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The numbers of a record in the form under which they are found."""
    found: dict[tuple[str, str], None] = {}
    for name, definition in vocabulary.properties_of(own.thing).items():
        for text in own.values.get(name, ()) if definition.identifier_kind is not None else ():
            found.update(
                dict.fromkeys(lookup_keys(definition, own.thing, Claim(property=name, value=text), vocabulary))
            )
    return list(found)


def _values(
    view: ReaderView, seen: Mapping[str, Sequence[SeenStatement]], record: str
) -> dict[str, Sequence[str]] | None:
    """What a machine may compare of a record."""
    found = view.to_compare(view.by_number("suggest", record_number(record)), "suggest")
    return {**found[0].values, "schema": [found[0].thing]} if found and record in seen else None


def _lines(
    left: Sequence[SeenStatement], right: Sequence[SeenStatement], vocabulary: Vocabulary
) -> tuple[PairLine, ...]:
    order = list(dict.fromkeys([each.property for each in (*left, *right)]))
    lines = []
    for name in order:
        one = tuple(each for each in left if each.property == name)
        other = tuple(each for each in right if each.property == name)
        agreement: Agreement = "left" if not other else "right" if not one else _agreement(one, other, vocabulary)
        conflict = agreement == "different" and name in _ONE_VALUE
        lines.append(PairLine(property=name, left=one, right=other, agreement=agreement, conflict=conflict))
    return tuple(sorted(lines, key=lambda line: (not line.conflict, _RANK[line.agreement], order.index(line.property))))


_RANK: Final[Mapping[Agreement, int]] = {"different": 0, "same": 1, "alike": 1, "left": 2, "right": 2}


def _agreement(one: Sequence[SeenStatement], other: Sequence[SeenStatement], vocabulary: Vocabulary) -> Agreement:
    """Whether two sides say the same of a property; a day within a year that is known, and a name in another script
    or spelling, are alike."""
    from alidade.matching.name_comparison import compare_names

    pairs = [(fold(left.value), fold(right.value)) for left in one for right in other]
    if any(left == right for left, right in pairs):
        return "same"
    thing = one[0].thing
    known = vocabulary.properties_of(thing).get(one[0].property) if thing in vocabulary.things else None
    if known is not None and known.kind == "date":
        days = [(left.value, right.value) for left in one for right in other]
        if any(left.startswith(right) or right.startswith(left) for left, right in days):
            return "alike"
    if known is not None and known.kind == "name":
        kind = name_kind(thing, vocabulary)
        if any(compare_names(left.value, right.value, kind) >= _ALIKE for left in one for right in other):
            return "alike"
    return "different"
