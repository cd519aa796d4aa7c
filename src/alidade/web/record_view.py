"""Record view: the statements of a record as its page draws them: by property, conflicts side by side, gaps named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alidade.services.picture.facts import EXPECTED, ONE_VALUE
from alidade.services.records import SeenStatement
from alidade.vocabulary import Vocabulary
from alidade.web.hits import Line, lines, record_address


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """One value with who says it; `address` is the page of the record that it points to."""

    line: Line
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProperty:
    """All that is said of one property; in conflict where there can be one value and several are said."""

    name: str
    label: str
    values: tuple[ShownValue, ...]
    conflict: bool


def shown_properties(statements: Sequence[SeenStatement], language: str, vocabulary: Vocabulary) -> list[ShownProperty]:
    """The statements of a record by property, in the order of the vocabulary."""
    by_name: dict[str, list[Line]] = {}
    for line in lines(statements, language, vocabulary):
        by_name.setdefault(line.statement.property, []).append(line)
    order = list(vocabulary.properties_of(statements[0].thing)) if statements else []
    found = []
    for name in sorted(by_name, key=lambda name: (name != "name", order.index(name) if name in order else 999, name)):
        said = by_name[name]
        found.append(
            ShownProperty(
                name=name,
                label=said[0].label,
                values=tuple(ShownValue(line=line, address=_address(line, vocabulary)) for line in said),
                conflict=name in ONE_VALUE and len({line.statement.value for line in said}) > 1,
            )
        )
    return found


def _address(line: Line, vocabulary: Vocabulary) -> str:
    statement = line.statement
    known = vocabulary.properties_of(statement.thing).get(statement.property)
    return record_address(statement.value) if known is not None and known.kind == "entity" else ""


def missing(statements: Iterable[SeenStatement], thing: str, language: str, vocabulary: Vocabulary) -> list[str]:
    """The labels of facts that one would expect of such a thing and that nobody says to this viewer."""
    said = {statement.property for statement in statements}
    properties = vocabulary.properties_of(thing)
    expected = EXPECTED.get(thing, ())
    return [properties[name].label.in_(language) for name in expected if name in properties and name not in said]


def called(properties: Sequence[ShownProperty]) -> str:
    """What a record is called: its first name, or else its first number or text."""
    named = next((each for each in properties if each.name in ("name", "number", "registrationNumber")), None)
    chosen = named or next((each for each in properties if not each.values[0].address), None)
    return chosen.values[0].line.value if chosen is not None else ""
