"""FollowTheMoney schemata: which type of ours each is, and the notes by which reader and writer keep the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Literal

import msgspec

from alidade.vocabulary import Vocabulary

KEPT_FIELDS: Final = ("id", "schema", "properties")
_SIMPLE: Final = re.compile(r"[\w.-]{1,100}")
_NOTE: Final = re.compile(
    r'FollowTheMoney (schema|property|value|field) ?([\w.-]{1,100}|"(?:[^"\\]|\\.)*")?: (.*)', re.DOTALL
)

NoteKind = Literal["schema", "property", "value", "field"]


class Schema(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The type that a schema becomes, and its properties that are called otherwise there."""

    thing: str
    renamed: dict[str, str] = {}


class Schemata(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `data/ftm_schemata.json` says."""

    title: str
    version: str
    source: str
    verified: bool
    note: str
    schemata: dict[str, Schema]
    languages: dict[str, str]

    def schema(self, name: str, vocabulary: Vocabulary) -> Schema | None:
        """What a schema becomes; None where it is not known or only passes on properties."""
        thing = vocabulary.things.get(name)
        if thing is not None:
            return None if thing.abstract else Schema(thing=name)
        return self.schemata.get(name)


def load_schemata() -> Schemata:
    """The schemata that come with Alidade."""
    raw = files("alidade.formats").joinpath("data", "ftm_schemata.json").read_bytes()
    return msgspec.json.decode(raw, type=Schemata)


@dataclass(frozen=True, slots=True)
class KeptNote:
    """What a note keeps: the schema (text), a property's text, or as JSON an odd value of a property or a field."""

    kind: NoteKind
    name: str
    text: str


def note_label(kind: NoteKind, name: str = "") -> str:
    """The beginning of the note that keeps something for which there is no property."""
    if name and not _SIMPLE.fullmatch(name):
        name = msgspec.json.encode(name).decode()
    return f"FollowTheMoney {kind} {name}".rstrip()


def kept_note(text: str) -> KeptNote | None:
    """What such a note keeps; None for any other text."""
    found = _NOTE.fullmatch(text)
    if found is None or (found[1] != "schema") != (found[2] is not None):
        return None
    name = found[2] or ""
    if name.startswith('"'):
        try:
            name = msgspec.json.decode(name, type=str)
        except msgspec.MsgspecError:
            return None
    kinds: Mapping[str, NoteKind] = {"schema": "schema", "property": "property", "value": "value", "field": "field"}
    return KeptNote(kinds[found[1]], name, found[3])
