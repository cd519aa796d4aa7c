"""Giving fields: the fields of a contribution, drawn from the vocabulary and read back from what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from django.http import QueryDict

from alidade.model.handling import Handling
from alidade.services.giving_form import MOST_THINGS, MOST_VALUES, FormFault, FormThing, FormValue, GivingForm
from alidade.vocabulary import Property, Thing, Vocabulary
from alidade.web.told import translated

GRADES: Final = tuple(f"{source}{information}" for source in "ABCX" for information in "1234")
# What the lines of a new thing ask for first, where its type has it.
_FIRST: Final = (
    "name", "firstName", "lastName", "birthDate", "nationality", "number", "phone", "registrationNumber", "imoNumber",
    "containerNumber", "iban", "email", "publicKey", "url", "type", "date", "country",
)  # fmt: skip
_MOST_FIRST: Final = 5


def form_of(sent: QueryDict, earlier: GivingForm, handlings: Mapping[str, Handling]) -> GivingForm:
    """The form as it was sent; `handlings` have been read by their own fields."""
    things: list[FormThing] = []
    for number in range(min(_count(sent, "things"), MOST_THINGS)):
        lines = tuple(
            _line(sent, f"v-{number}-{line}") for line in range(min(_count(sent, f"t-{number}-lines"), MOST_VALUES))
        )
        key, thing = sent.get(f"t-{number}-key", ""), sent.get(f"t-{number}-thing", "")
        things.append(FormThing(key=key[:60] or f"thing-{number}", thing=thing[:40], values=lines))
    return GivingForm(
        title=sent.get("title", "")[:200],
        evaluation=sent.get("evaluation", "")[:4],
        handlings=dict(handlings),
        things=tuple(things),
        country=sent.get("country", "")[:2],
        text=earlier.text,
    )


def _count(sent: QueryDict, name: str) -> int:
    text = sent.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _line(sent: QueryDict, place: str) -> FormValue:
    return FormValue(
        property=sent.get(f"{place}-property", "")[:40],
        value=sent.get(f"{place}-value", ""),
        evaluation=sent.get(f"{place}-evaluation", "")[:4],
        handling=sent.get(f"{place}-handling", "")[:40],
        valid_from=sent.get(f"{place}-from", "")[:10],
        valid_to=sent.get(f"{place}-to", "")[:10],
        machine=sent.get(f"{place}-machine") == "1",
    )


def changed(form: GivingForm, sent: QueryDict, vocabulary: Vocabulary) -> GivingForm:
    """The form after the button that was pressed: a thing or line more, or one less."""
    act, _, place = sent.get("do", "").partition(":")
    thing, _, line = place.partition(":")
    number = int(thing) if thing.isascii() and thing.isdigit() else -1
    if act == "add-thing" and sent.get("new-thing", "") in vocabulary.things:
        return _replaced(form, [*form.things, new_thing(form, sent.get("new-thing", ""), vocabulary)])
    if not 0 <= number < len(form.things):
        return form
    here = form.things[number]
    if act == "drop-thing":
        return _replaced(form, [*form.things[:number], *form.things[number + 1 :]])
    values = list(here.values)
    if act == "drop-line" and line.isascii() and line.isdigit() and int(line) < len(values):
        del values[int(line)]
    elif act == "add-line" and sent.get(f"t-{number}-new", "") in vocabulary.properties_of(here.thing):
        values.append(FormValue(property=sent.get(f"t-{number}-new", "")))
    else:
        return form
    things = list(form.things)
    things[number] = msgspec.structs.replace(here, values=tuple(values))
    return _replaced(form, things)


def _replaced(form: GivingForm, things: Sequence[FormThing]) -> GivingForm:
    return msgspec.structs.replace(form, things=tuple(things))


def new_thing(form: GivingForm, thing: str, vocabulary: Vocabulary) -> FormThing:
    """A thing with the lines that are asked for first; of a link, its two ends."""
    properties = vocabulary.properties_of(thing)
    link = vocabulary.things[thing].link
    ends = (link.source, link.target) if link is not None else ()
    first = [name for name in _FIRST if name in properties]
    required = [name for name, each in properties.items() if each.required and name not in ends]
    names = list(dict.fromkeys((*ends, *required, *(() if link else first))))[:_MOST_FIRST]
    taken = {each.key for each in form.things}
    number = next(n for n in range(1, MOST_THINGS + 2) if f"{thing.lower()}-{n}" not in taken)
    lines = tuple(FormValue(property=name) for name in names)
    return FormThing(key=f"{thing.lower()}-{number}", thing=thing, values=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """One line as it is drawn: its label, the kind of field, choices where there are any, and what is wrong."""

    place: str
    number: int
    value: FormValue
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    special: bool
    faults: tuple[FormFault, ...]

    @property
    def words(self) -> str:
        """The value as people read it: a code by its label."""
        return dict(self.choices).get(self.value.value, self.value.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownThing:
    """One thing as it is drawn, with the properties that may be added to it."""

    number: int
    key: str
    thing: str
    label: str
    called: str
    lines: tuple[ShownLine, ...]
    more: tuple[tuple[str, str], ...]
    faults: tuple[FormFault, ...]


class Drawing:
    """Draws the things of a form in one language."""

    def __init__(self, vocabulary: Vocabulary, language: str, faults: Sequence[FormFault]) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self._faults = faults

    def things(self, form: GivingForm) -> list[ShownThing]:
        """All things of the form."""
        known = [(number, each) for number, each in enumerate(form.things) if each.thing in self._vocabulary.things]
        called = {each.key: self._called(each) for _, each in known}
        return [self._thing(number, each, called) for number, each in known]

    def _called(self, thing: FormThing) -> str:
        label = self._vocabulary.things[thing.thing].label.in_(self._language)
        first = next((each.value for each in thing.values if each.value.strip() and each.property != "proof"), "")
        return f"{label}: {first[:60]}" if first else label

    def _thing(self, number: int, thing: FormThing, called: Mapping[str, str]) -> ShownThing:
        properties = self._vocabulary.properties_of(thing.thing)
        lines = tuple(
            self._line(number, line, value, properties, {k: v for k, v in called.items() if k != thing.key})
            for line, value in enumerate(thing.values)
        )
        more = sorted(
            ((name, each.label.in_(self._language)) for name, each in properties.items()), key=lambda pair: pair[1]
        )
        return ShownThing(
            number=number,
            key=thing.key,
            thing=thing.thing,
            label=self._vocabulary.things[thing.thing].label.in_(self._language),
            called=called[thing.key],
            lines=lines,
            more=tuple(more),
            faults=self._at(number, None),
        )

    def _line(
        self,
        number: int,
        line: int,
        value: FormValue,
        properties: Mapping[str, Property],
        others: Mapping[str, str],
    ) -> ShownLine:
        known = properties.get(value.property)
        kind, listed = self._field(known, others)
        return ShownLine(
            place=f"v-{number}-{line}",
            number=line,
            value=value,
            label=known.label.in_(self._language) if known is not None else value.property,
            kind=kind,
            choices=listed,
            special=known is not None and known.special,
            faults=self._at(number, line),
        )

    def _field(self, known: Property | None, others: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
        if known is None:
            return "text", ()
        if known.kind == "entity":
            return "select", tuple(others.items())
        if known.kind == "country":
            return "select", self._codes("countries")
        if known.kind in ("code", "topic", "language") and (known.code_list or known.kind == "language"):
            return "select", self._codes(known.code_list or "languages")
        return ("long" if known.kind == "text" else "text"), ()

    def _codes(self, name: str) -> tuple[tuple[str, str], ...]:
        listed = self._vocabulary.codes(name)
        return tuple(
            sorted(((code, each.label.in_(self._language)) for code, each in listed.items()), key=lambda p: p[1])
        )

    def _at(self, thing: int, line: int | None) -> tuple[FormFault, ...]:
        return tuple(_told(fault) for fault in self._faults if fault.thing == thing and fault.line == line)


def _told(fault: FormFault) -> FormFault:
    """The fault with its sentence in the language in force."""
    return FormFault(sentence=translated(fault.sentence), thing=fault.thing, line=fault.line, fatal=fault.fatal)


def thing_choices(vocabulary: Vocabulary, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The types of things to choose from: what there is, and links between it."""

    def listed(link: bool) -> list[tuple[str, str]]:
        return sorted(
            ((name, _label(thing, language)) for name, thing in vocabulary.things.items()
             if not thing.abstract and (thing.link is not None) == link),
            key=lambda pair: pair[1],
        )  # fmt: skip

    return [("things", listed(False)), ("links", listed(True))]


def _label(thing: Thing, language: str) -> str:
    return thing.label.in_(language)
