"""One entry of a list in XML as a reader takes it apart; what nobody took can be told, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

from alidade.formats.claims import ClaimList
from alidade.formats.table import TEXT_COLUMN
from alidade.formats.xml_source import Element, as_xml
from alidade.model.draft import Draft, Place, Problem

KEY_COLUMN = "key"
_BREAKS = str.maketrans("\r\n\t", "   ")
_MOST_TOLD = 100  # kinds of unknown elements that are told of, each once


class Part:
    """An element of which texts, attributes and children are taken one after the other.

    Each is given once; `left` tells what was never asked for. Line breaks become blanks; without `exact` several
    blanks become one.
    """

    def __init__(self, element: Element, *, exact: bool = False) -> None:
        self.element = element
        self._exact = exact
        self._attributes = dict(element.attributes)
        self._parts = [Part(child, exact=exact) for child in element.children]
        self._text = element.text

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.element.line

    def own_text(self) -> str:
        """The text that stands in the element itself."""
        text, self._text = self._text, ""
        return self._plain(text)

    def _plain(self, text: str) -> str:
        return text.strip().translate(_BREAKS) if self._exact else " ".join(text.split())

    def attribute(self, name: str) -> str:
        """The attribute, empty where there is none."""
        return self._plain(self._attributes.pop(name, ""))

    def parts(self, *names: str) -> list[Part]:
        """The children of these names; their content counts as taken only when it is asked for."""
        return [part for part in self._parts if part.element.name in names]

    def texts(self, name: str) -> list[str]:
        """The texts, empty ones left out, of all children of this name."""
        return [text for part in self.parts(name) if (text := part.own_text())]

    def text(self, name: str) -> str:
        """The text of the first child of this name, empty where there is none; a second one stays left."""
        return next((part.own_text() for part in self.parts(name)), "")

    def texts_of(self, name: str, inner: str) -> list[str]:
        """The texts of the children `inner` of the children `name`, as in NATIONALITY/VALUE."""
        return [text for part in self.parts(name) for text in (*part.texts(inner), part.own_text()) if text]

    def pass_over(self, *names: str) -> None:
        """Take children and attributes that say nothing of the thing (the list's own running numbers)."""
        for name in names:
            self._attributes.pop(name, None)
        self._parts = [part for part in self._parts if part.element.name not in names]

    def left(self, path: str = "") -> Iterator[tuple[str, str, int]]:
        """What was not taken, as (path, text, line)."""
        for name, text in self._attributes.items():
            if text.strip():
                yield f"{path}{name}", " ".join(text.split()), self.line
        for part in self._parts:
            inner = f"{path}{part.element.name}"
            if part._text:
                yield inner, " ".join(part._text.split()), part.line
            yield from part.left(f"{inner}/")


class Unknown:
    """Puts what is left of entries into their notes, and tells of each kind of it once for the whole file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._told: set[str] = set()

    def note(self, part: Part, claims: ClaimList) -> None:
        """Keep what was not taken in the notes; the first of each kind becomes a remark."""
        claims.note(part.own_text())
        for path, text, line in part.left():
            claims.note(f"{path}: {text}")
            if path not in self._told and len(self._told) < _MOST_TOLD:
                self._told.add(path)
                reason = "This element is not known here; it is kept in the notes, here and in later entries."
                place = Place(file=self._file, row=line)
                claims.fault(path[:200], "element_unknown", reason, lost=False, place=place)


def raw_of(key: str, element: Element) -> dict[str, str]:
    """The entry as it goes into a Problem: its key, and its XML where a row without cells keeps its text."""
    return {KEY_COLUMN: key, TEXT_COLUMN: as_xml(element)}


def delivered(key: str, thing: str, claims: ClaimList, element: Element, file: str) -> Iterator[Draft | Problem]:
    """The problems of an entry, then its draft."""
    place = Place(file=file, row=element.line)
    raw = raw_of(key, element)
    for fault in claims.faults:
        kept = raw if fault.lost else {}
        at = fault.place or place
        yield Problem(place=at, field=fault.field, code=fault.code, reason=fault.reason, fatal=False, raw=kept)
    yield Draft(key=key, thing=thing, claims=claims.claims, place=place, raw=(("xml", raw),))


class Keys:
    """The keys of a list as they pass; what has none, or one that was there, is refused."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._seen: set[str] = set()

    def problem(self, key: str, element: Element, *, field: str, name: str, thing: str | None) -> Problem | None:
        """Why an entry cannot be taken at all: no key, a key twice, no known type, no name. None where it can."""
        reason: tuple[str, str, str] | None = None
        if not key or len(key) > 200:
            reason = (field, "key", "The entry has no number.")
        elif key in self._seen:
            reason = (field, "key_twice", "Another entry has this number.")
        elif thing is None:
            reason = ("type", "thing_unknown", "The type of the entry is not known.")
        elif not name.strip(" ,."):
            reason = ("name", "name_missing", "The entry has no name.")
        if reason is None:
            self._seen.add(key)
            return None
        place = Place(file=self._file, row=element.line)
        return Problem(place=place, field=reason[0], code=reason[1], reason=reason[2], raw=raw_of(key, element))
