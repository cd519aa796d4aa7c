"""Ties: how statements of records become links between things. A record of a link type is a tie, not a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.model.evaluation import Evaluation
from alidade.services.picture.captions import firmness
from alidade.store.reading import SeenStatement
from alidade.vocabulary import Label, LinkEnds, Vocabulary

_BEGINS: Final = ("startDate", "date")
_ENDS: Final = ("endDate", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTie:
    """A link between two things as one viewer sees it. `evaluation` is the firmest of its statements.

    `id` is the public id of the link record, or "record:property:target" where a property of a thing is the link.
    `kind` is the type of the link record, or the name of the property. Dates as they were given, or None.
    """

    id: str
    kind: str
    label: Label
    source: str
    target: str
    directed: bool
    evaluation: Evaluation
    valid_from: str | None
    valid_to: str | None
    statements: tuple[SeenStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTie:
    """A tie between records, before it is known which of them are one thing."""

    id: str
    kind: str
    label: Label
    source: str
    target: str
    directed: bool
    statements: tuple[SeenStatement, ...]

    def between(self, source: str, target: str) -> SeenTie:
        """The tie between the two things that its records belong to."""
        return SeenTie(
            id=self.id,
            kind=self.kind,
            label=self.label,
            source=source,
            target=target,
            directed=self.directed,
            evaluation=min((each.evaluation for each in self.statements), key=firmness),
            valid_from=_date(self.statements, _BEGINS, "valid_from", min),
            valid_to=_date(self.statements, _ENDS, "valid_to", max),
            statements=self.statements,
        )


def _date(statements: Sequence[SeenStatement], names: Sequence[str], field: str, choose: object) -> str | None:
    for name in names:
        dates = [each.value for each in statements if each.property == name and each.value]
        if dates:
            return min(dates) if choose is min else max(dates)
    dates = [value for each in statements if (value := getattr(each, field))]
    return None if not dates else min(dates) if choose is min else max(dates)


def is_link(thing: str, vocabulary: Vocabulary) -> bool:
    """Whether records of this type are ties."""
    return thing in vocabulary.things and vocabulary.things[thing].link is not None


def referring(thing: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The properties of a type that point to records."""
    if thing not in vocabulary.things:
        return frozenset()
    return frozenset(name for name, known in vocabulary.properties_of(thing).items() if known.kind == "entity")


def ties_of(record: Sequence[SeenStatement], vocabulary: Vocabulary) -> Iterator[RawTie]:
    """The ties that the statements of one record make: of a link those between its ends, of a thing those to others."""
    thing = record[0].thing
    if thing not in vocabulary.things:
        return
    ends = vocabulary.things[thing].link
    if ends is not None:
        yield from _of_link(record, thing, ends, vocabulary)
    else:
        pointing = referring(thing, vocabulary)
        for each in record:
            if each.property in pointing:
                yield _direct(each, each.record, vocabulary)


def _of_link(record: Sequence[SeenStatement], thing: str, ends: LinkEnds, vocabulary: Vocabulary) -> Iterator[RawTie]:
    pointing = referring(thing, vocabulary)
    said: dict[str, list[SeenStatement]] = {}
    for each in record:
        if each.property in pointing:
            said.setdefault(each.property, []).append(each)
    sources, targets = _end(said, ends.source), _end(said, ends.target)
    pairs = [(source, target) for source in sources for target in targets if source != target]
    for source, target in pairs:
        reference = record[0].record
        yield RawTie(
            id=reference if len(pairs) == 1 else f"{reference}:{source}:{target}",
            kind=thing,
            label=ends.label,
            source=source,
            target=target,
            directed=ends.directed,
            statements=tuple(record),
        )
    used = {*sources, *targets}
    for name, statements in said.items():
        if name in (ends.source, ends.target):
            continue
        near = targets if name.startswith(ends.target) else sources
        for each in statements:
            # What a link names beside its ends (an account, a place, a document) hangs on the end that it is of.
            for holder in (near or targets or sources)[:1]:
                if each.value not in used:
                    yield _direct(each, holder, vocabulary)


def _end(said: Mapping[str, Sequence[SeenStatement]], name: str) -> list[str]:
    """The records at one end; where it is not said, what is named after it (the account of a payer)."""
    named = [name, *sorted(other for other in said if other.startswith(name))]
    found = next((said[other] for other in named if said.get(other)), ())
    return list(dict.fromkeys(each.value for each in found))


def _direct(statement: SeenStatement, holder: str, vocabulary: Vocabulary) -> RawTie:
    return RawTie(
        id=f"{statement.record}:{statement.property}:{statement.value}",
        kind=statement.property,
        label=vocabulary.properties_of(statement.thing)[statement.property].label,
        source=holder,
        target=statement.value,
        directed=True,
        statements=(statement,),
    )


def ends_of(ties: Iterable[RawTie]) -> list[str]:
    """The records at the ends of ties, in order, each once."""
    return list(dict.fromkeys(end for tie in ties for end in (tie.source, tie.target)))
