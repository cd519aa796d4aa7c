"""Foreign claims: what a reader of another system's objects gathers about one thing, nothing of it lost.

What the vocabulary has no property for, and what is no value of its property, is kept as a note that begins with the
name that the field has there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

from alidade.formats.json_source import json_raw, json_text
from alidade.formats.values import LONGEST_TEXT, BadValue, ValueReader
from alidade.model.draft import Claim, Draft, Place, Problem
from alidade.vocabulary import Property, Vocabulary

LONGEST_KEY = 200  # letters
_NUL = "\x00"
_PLAIN_KEY = re.compile(r"[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?")


def is_key(text: object) -> bool:
    """Whether a text can be the key of a draft: something, no longer than 200 letters, without control characters."""
    return isinstance(text, str) and len(text) <= LONGEST_KEY and _PLAIN_KEY.fullmatch(text) is not None


def scalar_text(value: object) -> str | None:
    """A text, number or truth value of JSON as text; None for nothing, a list or an object."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, dict | list):
        return None
    return json_text(value)


class ForeignClaims:
    """Gathers the claims of one draft; the same claim twice stands once.

    `handling` and `evaluation` are those of the claims added from now on and may be set anew between them.
    """

    def __init__(self, *, thing: str, vocabulary: Vocabulary, values: ValueReader, place: Place, text: str) -> None:
        self.thing = thing
        self.place = place
        self.handling: str | None = None
        self.evaluation: str | None = None
        self.language: str | None = None
        self.problems: list[Problem] = []
        self._properties: Mapping[str, Property] = vocabulary.properties_of(thing)
        self._values = values
        self._raw = json_raw(text)
        self._claims: dict[Claim, None] = {}
        self._note = "notes" if "notes" in self._properties else "description"

    def has(self, name: str) -> bool:
        """Whether the type of thing has this property."""
        return name in self._properties

    def first_of(self, names: Sequence[str]) -> Property | None:
        """The first of these properties that the type of thing has."""
        return next((self._properties[name] for name in names if name in self._properties), None)

    def values_of(self, name: str) -> list[str]:
        """The values claimed so far for a property."""
        return [claim.value for claim in self._claims if claim.property == name]

    def handlings_of(self, names: Sequence[str]) -> list[str | None]:
        """The handlings under which these properties were claimed so far."""
        return [claim.handling for claim in self._claims if claim.property in names]

    def note(self, label: str, value: object) -> None:
        """Keep a value in the notes, under the name that it has in the source; objects and lists as JSON."""
        text = scalar_text(value)
        if text is None:
            if value is None or value in ([], {}):
                return
            text = json_text(value)
        if not text.strip():
            return
        whole = f"{label}: {text}" if label else text
        if len(whole) > LONGEST_TEXT:
            self.problem(label, "value_too_long", f"The text is longer than {LONGEST_TEXT} letters.", lost=True)
            return
        self._put(Claim(property=self._note, value=self._clean(label, whole)))

    def add(
        self,
        names: Sequence[str],
        text: str,
        *,
        label: str,
        original: str | None = None,
        country: str | None = None,
        silent: bool = False,
    ) -> bool:
        """Claim a text under the first property that fits; whether it became that claim.

        `label` is the name of the field in the source. `original` replaces the text of the source where the reader
        itself changed it. `silent`: no remark for a value that cannot be read, only the note.
        """
        if not text.strip():
            return False
        prop = self.first_of(names)
        if prop is None or prop.kind == "entity":
            self.note(label, original or text)
            return False
        text = self._clean(label, text)
        try:
            value = self._values.read(prop, text, country=country)
        except BadValue as error:
            if not silent and error.code != "value_too_long":
                self.problem(prop.name, error.code, f"{error.reason} It is kept in the notes.")
            self.note(label, original or text)
            return False
        if not value.text.strip():
            self.note(label, original or text)
            return False
        if value.doubt is not None:
            self.problem(prop.name, "doubtful", value.doubt)
        source = value.original if original is None else original
        self._put(Claim(property=prop.name, value=value.text, original=None if source == value.text else source))
        return True

    def refer(self, names: Sequence[str], key: object, *, label: str) -> bool:
        """Refer to another draft by its key; whether there is a property for it and the key can be one."""
        prop = self.first_of(names)
        if prop is None or prop.kind != "entity" or not isinstance(key, str) or not is_key(key):
            self.note(label, key)
            return False
        self._put(Claim(property=prop.name, value=key, refers=True))
        return True

    def problem(self, field: str, code: str, reason: str, *, lost: bool = False, fatal: bool = False) -> None:
        """Remember a remark, or with `lost` or `fatal` what must be mended; then it carries the source."""
        raw = self._raw if lost or fatal else {}
        self.problems.append(Problem(place=self.place, field=field, code=code, reason=reason, fatal=fatal, raw=raw))

    def results(self, key: str, handling: str | None = None) -> Iterator[Draft | Problem]:
        """The remarks, then the draft under that handling; claims name their own only where it differs."""
        yield from self.problems
        claims = (
            dataclasses.replace(claim, handling=None) if claim.handling == handling else claim for claim in self._claims
        )
        yield Draft(
            key=key,
            thing=self.thing,
            claims=tuple(dict.fromkeys(claims)),
            place=self.place,
            raw=(("json", self._raw),),
            handling=handling,
        )

    def _clean(self, label: str, text: str) -> str:
        if _NUL not in text:
            return text
        self.problem(label, "control", "A NUL character was taken out of the text.")
        return text.replace(_NUL, " ")

    def _put(self, claim: Claim) -> None:
        marked = dataclasses.replace(claim, handling=self.handling, evaluation=self.evaluation, language=self.language)
        self._claims[marked] = None
