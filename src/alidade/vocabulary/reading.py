"""Reads one vocabulary file strictly, and says in which file and entry anything is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from alidade.vocabulary.codes import Agreement, Code
from alidade.vocabulary.errors import DamagedVocabulary
from alidade.vocabulary.labels import Word
from alidade.vocabulary.things import Thing

__all__ = ["Head", "ListFile", "read"]

Entry = TypeVar("Entry", bound=Code | Thing)


class Head(Struct, frozen=True, kw_only=True):
    """The head of a vocabulary file: which list, which version, where from, of which day, which licence."""

    name: Word
    version: Word
    source: Word
    date: dt.date
    licence: Word
    note: Word | None = None


class ListFile(Head, Generic[Entry], frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole vocabulary file."""

    entries: tuple[Entry, ...]


class _RawFile(Head, frozen=True, kw_only=True, forbid_unknown_fields=True):
    entries: tuple[msgspec.Raw, ...]


def read(folder: Path, name: str, entry: type[Entry]) -> tuple[Head, dict[str, Entry]]:
    """The head and the entries of `<folder>/<name>.json`, by code.

    Raises DamagedVocabulary naming file and entry where the file is missing or truncated, has an unknown or
    missing field, a wrong value, a code twice, or dates that cannot be.
    """
    file = f"{name}.json"
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        raise DamagedVocabulary(file, None, error.strerror or "cannot be read") from error
    try:
        decoded = msgspec.json.decode(content, type=ListFile[entry])  # type: ignore[valid-type]
    except msgspec.DecodeError as error:
        raise _located(file, content, entry, error) from error
    if decoded.name != name:
        raise DamagedVocabulary(file, None, f"calls itself {decoded.name!r}")
    entries: dict[str, Entry] = {}
    for each in decoded.entries:
        key = _key(each)
        if key in entries:
            raise DamagedVocabulary(file, f"entry {key!r}", "stands twice")
        if isinstance(each, Code):
            _check_dates(file, each)
        entries[key] = each
    return decoded, entries


def _key(entry: Code | Thing) -> str:
    return entry.code if isinstance(entry, Code) else entry.name


def _check_dates(file: str, code: Code) -> None:
    where = f"entry {code.code!r}"
    if code.valid_from is None:
        if not isinstance(code, Agreement) or code.status in ("in_force", "ended"):
            raise DamagedVocabulary(file, where, "valid_from is missing")
    elif isinstance(code, Agreement) and code.status in ("signed", "in_talks"):
        raise DamagedVocabulary(file, where, f"is only {code.status} but has a valid_from")
    elif code.valid_until is not None and code.valid_until < code.valid_from:
        raise DamagedVocabulary(file, where, "ends before it begins")


def _located(file: str, content: bytes, entry: type[Entry], error: Exception) -> DamagedVocabulary:
    try:
        raw = msgspec.json.decode(content, type=_RawFile)
    except msgspec.DecodeError as outer:
        return DamagedVocabulary(file, None, str(outer))
    for number, each in enumerate(raw.entries, start=1):
        try:
            msgspec.json.decode(each, type=entry)
        except msgspec.DecodeError as inner:
            return DamagedVocabulary(file, f"entry {number}{_name_in(each)}", str(inner))
    return DamagedVocabulary(file, None, str(error))


def _name_in(raw: msgspec.Raw) -> str:
    found = msgspec.json.decode(raw)
    if isinstance(found, dict):
        for field in ("code", "name"):
            if isinstance(found.get(field), str):
                return f" ({found[field]!r})"
    return ""
