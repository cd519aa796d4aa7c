"""Person search: which of one's own authority's records speak of a person. The machine offers, a person chooses.

Looks through everything that one's own authority has, whatever its state, and through nothing of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alidade.matching.comparison_evidence import ComparisonPart
from alidade.matching.partial_dates import parse_date
from alidade.matching.thresholds import threshold_for
from alidade.model.draft import Claim
from alidade.model.errors import Invalid, NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.finding import Question, understand
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.services.preparing import fit_key, lookup_keys
from alidade.store import person
from alidade.store.database import Transaction
from alidade.store.name_index.rows import name_kind
from alidade.store.writing import KeptStatement, RecordState
from alidade.vocabulary import Vocabulary

Key = tuple[str, str]
_MOST_ASKED = 50
_MOST_NAMED = 500  # of the records whose names are nearest to one name


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks about himself: every name he has used, every number that is his, and when he was born."""

    names: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    birth_date: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMatch:
    """A record of one's own authority that may be this person's: what it says of him, and why it was found."""

    record: str
    thing: str
    state: str
    values: Mapping[str, tuple[str, ...]]
    score: float
    parts: tuple[ComparisonPart, ...]


_SHOWN = ("name", "alias", "previousName", "weakAlias", "birthDate", "nationality", "idNumber", "passportNumber")


def search_person(node: Node, actor: Actor, asked: Asked) -> tuple[OwnMatch, ...]:
    """The records of one's own authority that may be this person's, best first; none of another authority.

    Names are found in any spelling that a check finds, numbers where they are equal; a birth date speaks for or
    against. Raises Invalid without a name or number, and for one that cannot be read.
    """
    keys = keys_of(asked)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "person_export")
        found = []
        for record in sorted(_candidates(tx, actor, asked, keys, node.vocabulary)):
            try:
                state, kept = own_record(tx, actor, record)
            except NotFound:
                continue  # all of it above the officer's clearance
            match = _match(asked, keys, state, kept, node.vocabulary)
            if match is not None:
                found.append(match)
        found.sort(key=lambda one: (-one.score, one.record))
        details = {"view": "search"}
        log(tx, actor, "person_export", objects=[one.record for one in found], results=len(found), details=details)
    return tuple(found)


def keys_of(asked: Asked) -> frozenset[Key]:
    """The keys under which anything about the person stands. Raises Invalid where nothing can be searched by."""
    if not (asked.names or asked.identifiers):
        raise Invalid("Give at least one name or one number of the person.", code="question_wrong")
    if len(asked.names) + len(asked.identifiers) > _MOST_ASKED:
        raise Invalid(f"Give at most {_MOST_ASKED} names and numbers at once.", code="question_wrong")
    if asked.birth_date is not None and parse_date(asked.birth_date) is None:
        raise Invalid("The birth date cannot be read.", remedy="Write it as 1964-07-31, 1964-07 or 1964.")
    keys: set[Key] = set()
    for name in asked.names:
        keys.update(_keys_of_name(name))
    for number in asked.identifiers:
        for reading in understand(Question(text=number, country=asked.country)):
            keys.update((reading.kind, key) for key in reading.keys)
    if not keys:
        raise Invalid("None of the numbers is of a kind that can be searched for.", code="question_wrong")
    return frozenset(keys)


def _keys_of_name(name: str) -> Iterator[Key]:
    understand(Question(text=name, kind="name"))
    from alidade.matching.names import name_keys

    for key in name_keys(name, "person") | name_keys(name, "other"):
        yield "name", fit_key(key)


def agrees(asked: Asked, keys: frozenset[Key], values: Mapping[str, Sequence[str]], of: Iterable[Key]) -> float:
    """How well values (with the keys they stand under) agree with the person, 0..1; an equal number is 1."""
    if any(kind != "name" for kind, _ in keys & set(of)):
        return 1.0
    from alidade.matching.comparison import compare_hit  # here: see services/finding.py

    return compare_hit(_comparable(asked), values, "person").score


def _candidates(tx: Transaction, actor: Actor, asked: Asked, keys: frozenset[Key], vocabulary: Vocabulary) -> set[str]:
    owner = actor.viewer.authority
    found = person.records_named(tx, owner, asked.names, _MOST_NAMED)
    for kind in sorted({kind for kind, _ in keys} - {"name"}):
        found |= person.records_under(tx, owner, kind, sorted(key for each, key in keys if each == kind))
    searched = {
        name
        for thing in vocabulary.things
        for name, definition in vocabulary.properties_of(thing).items()
        if definition.kind == "name" or definition.identifier_kind is not None
    }
    for record, thing, name, value in person.values_out_of_force(tx, owner, sorted(searched)):
        if record not in found and not keys.isdisjoint(_keys_of(thing, name, value, vocabulary)):
            found.add(record)
    return found


def _keys_of(thing: str, name: str, value: str, vocabulary: Vocabulary) -> Iterator[Key]:
    definition = vocabulary.properties_of(thing).get(name) if thing in vocabulary.things else None
    if definition is None or definition.kind == "entity":
        return
    if definition.kind == "name":
        from alidade.matching.names import name_keys

        for key in name_keys(value, name_kind(thing, vocabulary)):
            yield "name", fit_key(key)
    else:
        yield from lookup_keys(definition, thing, Claim(property=name, value=value), vocabulary)


def _match(
    asked: Asked, keys: frozenset[Key], state: RecordState, kept: Sequence[KeptStatement], vocabulary: Vocabulary
) -> OwnMatch | None:
    values: dict[str, list[str]] = {}
    own: set[Key] = set()
    for statement in (one.statement for one in kept if one.statement.value):
        if statement.value not in values.setdefault(statement.property, []):
            values[statement.property].append(statement.value)
            own.update(_keys_of(state.thing, statement.property, statement.value, vocabulary))
    shared = sorted({kind for kind, _ in keys & own if kind != "name"})
    parts: tuple[ComparisonPart, ...]
    if shared:
        part = ComparisonPart(evidence=shared[0], rule="equal", left="", right="", contribution=1.0)
        score, parts = 1.0, (part,)
    else:
        from alidade.matching.comparison import compare_hit

        comparison = compare_hit(_comparable(asked), values, name_kind(state.thing, vocabulary))
        score, parts = comparison.score, comparison.parts
        if score < threshold_for("usual").threshold:
            return None
    shown = {name: tuple(values[name]) for name in _SHOWN if name in values}
    return OwnMatch(record=state.id, thing=state.thing, state=state.state, values=shown, score=score, parts=parts)


def _comparable(asked: Asked) -> dict[str, list[str]]:
    properties = {"name": list(asked.names)}
    if asked.birth_date is not None:
        properties["birthDate"] = [asked.birth_date]
    return properties


def number_keys(text: str) -> frozenset[Key]:
    """The keys of a text that is a number of some kind; none where it is none."""
    try:
        readings = understand(Question(text=text))
    except Invalid:
        return frozenset()
    return frozenset((reading.kind, key) for reading in readings if reading.kind != "name" for key in reading.keys)
