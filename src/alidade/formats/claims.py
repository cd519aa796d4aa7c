"""Claims of one draft as a reader gathers them, each brought into the normal form of its property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alidade.formats.dates import read_date
from alidade.formats.values import BadValue, ValueReader
from alidade.model.draft import Claim, Place
from alidade.vocabulary import Property


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A value that could not be taken (`lost`) or is doubtful; without a `place` it is in the own row."""

    field: str
    code: str
    reason: str
    lost: bool = True
    place: Place | None = None


class ClaimList:
    """Gathers the claims about one thing; the same claim twice stands once.

    What fits no property of the type, and what is no value of its property, is kept whole in `notes`.
    """

    def __init__(self, properties: Mapping[str, Property], values: ValueReader) -> None:
        self._properties = properties
        self._values = values
        self._claims: dict[Claim, None] = {}
        self.faults: list[Fault] = []

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What was gathered, in order."""
        return tuple(self._claims)

    def first_of(self, properties: tuple[str, ...]) -> Property | None:
        """The first of these properties that the type of thing has."""
        return next((self._properties[name] for name in properties if name in self._properties), None)

    def note(self, text: str) -> None:
        """Keep a text in the notes."""
        if text.strip():
            self._claims[Claim(property="notes", value=" ".join(text.split()))] = None

    def fault(self, field: str, code: str, reason: str, *, lost: bool = True, place: Place | None = None) -> None:
        """Remember what could not be taken."""
        self.faults.append(Fault(field=field, code=code, reason=reason, lost=lost, place=place))

    def add(
        self,
        properties: tuple[str, ...],
        text: str,
        *,
        whole: str | None = None,
        original: str | None = None,
        country: str | None = None,
        valid_from: str | None = None,
        valid_to: str | None = None,
    ) -> bool:
        """Claim the text under the first property that fits; whether it became that claim.

        `whole` is what goes to the notes where it did not; `original` the text of the source where the reader
        itself changed it. An empty text claims nothing. The two dates are as written.
        """
        if not text.strip():
            return False
        prop = self.first_of(properties)
        if prop is None:
            self.note(whole or text)
            return False
        try:
            value = self._values.read(prop, text, country=country)
        except BadValue as error:
            self.note(whole or f"{prop.name}: {original or text}")
            self.fault(prop.name, error.code, error.reason)
            return False
        if value.doubt:
            self.fault(prop.name, "doubtful", value.doubt, lost=False)
        source = value.original if original is None else original
        claim = Claim(
            property=prop.name,
            value=value.text,
            original=None if source == value.text else source,
            valid_from=read_date(valid_from) if valid_from else None,
            valid_to=read_date(valid_to) if valid_to else None,
        )
        self._claims[claim] = None
        return True
