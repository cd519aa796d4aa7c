"""Giving form: what an officer has filled in so far, as text, and what it comes to as a contribution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.formats.countries import CountryNames
from alidade.formats.values import BadValue, Value, ValueReader
from alidade.matching.partial_dates import parse_date
from alidade.model.draft import Claim, Draft, Place
from alidade.model.errors import Invalid
from alidade.model.evaluation import read_evaluation
from alidade.model.handling import Handling
from alidade.services.contribute import Giving
from alidade.vocabulary import Property, Vocabulary

MOST_THINGS, MOST_VALUES = 50, 60
_PARTIAL_DAY: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
DEFAULT: Final = "default"


class FormValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the form. Empty evaluation and handling: those of the whole contribution.

    `value` is text as typed in, or for an entity the key of another thing of the form; `machine` marks what was
    found in a text by a machine and ticked by the officer.
    """

    property: str = ""
    value: str = ""
    evaluation: str = ""
    handling: str = ""
    valid_from: str = ""
    valid_to: str = ""
    machine: bool = False


class FormThing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing of the form with its lines."""

    key: str
    thing: str
    values: tuple[FormValue, ...] = ()


class GivingForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contribution as far as it is filled in. The handling "default" holds unless a line names another."""

    title: str = ""
    evaluation: str = ""
    handlings: dict[str, Handling] = {}
    things: tuple[FormThing, ...] = ()
    text: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFault:
    """What is wrong with a line (or with a thing, or with all of it, where the numbers are None). Never the value."""

    sentence: str
    thing: int | None = None
    line: int | None = None
    fatal: bool = True


def giving_of(form: GivingForm, vocabulary: Vocabulary) -> tuple[Giving | None, tuple[FormFault, ...]]:
    """The contribution that the form comes to, and its faults; None where a fault must be mended first."""
    faults: list[FormFault] = []
    if not form.title.strip():
        faults.append(FormFault(sentence="Give the contribution a title, by which people will speak of it."))
    if not form.things:
        faults.append(FormFault(sentence="Nothing is said yet: add a person, a company, a vessel, a number."))
    if len(form.things) > MOST_THINGS or any(len(thing.values) > MOST_VALUES for thing in form.things):
        faults.append(FormFault(sentence="This is more than a form should hold: bring it as a list."))
        return None, tuple(faults)
    _check_evaluation(form.evaluation, vocabulary, faults, None, None)
    reader = _Lines(form, vocabulary, faults)
    drafts = [reader.draft(number, thing) for number, thing in enumerate(form.things)]
    if any(fault.fatal for fault in faults):
        return None, tuple(faults)
    default = form.handlings.get(DEFAULT)
    handlings = ({DEFAULT: default} if default else {}) | form.handlings
    giving = Giving(title=form.title.strip()[:200], drafts=[d for d in drafts if d is not None], handlings=handlings)
    return giving, tuple(faults)


class _Lines:
    """Reads the lines of things into claims."""

    def __init__(self, form: GivingForm, vocabulary: Vocabulary, faults: list[FormFault]) -> None:
        self._form = form
        self._vocabulary = vocabulary
        self._reader = ValueReader(vocabulary, CountryNames(vocabulary))
        self._faults = faults
        self._keys = {thing.key for thing in form.things}

    def draft(self, number: int, thing: FormThing) -> Draft | None:
        """One thing as a draft; None where it is unknown or says nothing."""
        known = self._vocabulary.things.get(thing.thing)
        if known is None or known.abstract:
            self._fault("There is no such type of thing.", number)
            return None
        properties = self._vocabulary.properties_of(thing.thing)
        claims: list[Claim] = []
        for line, value in enumerate(thing.values):
            if value.property and value.value.strip():
                claim = self._claim(number, line, value, properties)
                claims.extend([claim] if claim is not None else [])
        if not claims:
            self._fault("Nothing is said of this yet: fill in at least one value, or take it out.", number)
            return None
        if known.link is not None and not {known.link.source, known.link.target} <= {c.property for c in claims}:
            self._fault("A link needs both of its ends.", number)
        return Draft(key=thing.key, thing=thing.thing, claims=tuple(claims), place=Place(file="form", row=number + 1))

    def _claim(self, number: int, line: int, value: FormValue, properties: Mapping[str, Property]) -> Claim | None:
        definition = properties.get(value.property)
        if definition is None:
            self._fault("This type of thing has no such property.", number, line)
            return None
        _check_evaluation(value.evaluation, self._vocabulary, self._faults, number, line)
        if value.handling and value.handling not in self._form.handlings:
            self._fault("The handling of this line is not one of the form.", number, line)
        for day in (value.valid_from, value.valid_to):
            if day and not (_PARTIAL_DAY.fullmatch(day) and parse_date(day)):
                self._fault("Write a date as YYYY, YYYY-MM or YYYY-MM-DD.", number, line)
        read = self._value(number, line, definition, value.value)
        if read is None:
            return None
        if read.doubt is not None:
            self._fault(read.doubt, number, line, fatal=False)
        return Claim(
            property=value.property,
            value=read.text,
            original=read.original,
            evaluation=value.evaluation or self._form.evaluation or None,
            handling=value.handling or None,
            valid_from=value.valid_from or None,
            valid_to=value.valid_to or None,
            refers=definition.kind == "entity",
        )

    def _value(self, number: int, line: int, definition: Property, text: str) -> Value | None:
        if definition.kind == "entity":
            if text not in self._keys:
                self._fault("Choose one of the things of this form.", number, line)
                return None
            return Value(text)
        try:
            return self._reader.read(definition, text, country=self._form.country or None)
        except BadValue as error:
            self._fault(error.reason, number, line)
            return None

    def _fault(self, sentence: str, thing: int, line: int | None = None, *, fatal: bool = True) -> None:
        self._faults.append(FormFault(sentence=sentence, thing=thing, line=line, fatal=fatal))


def _check_evaluation(
    text: str, vocabulary: Vocabulary, faults: list[FormFault], thing: int | None, line: int | None
) -> None:
    if text:
        try:
            read_evaluation(text, vocabulary, scheme="4x4")
        except Invalid as error:
            faults.append(FormFault(sentence=error.message, thing=thing, line=line))
