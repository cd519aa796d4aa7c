"""Reads the file of a procedure strictly, and says in which line what is wrong and what to do about it."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.errors import Unreadable
from alidade.procedures.definition import Definition
from alidade.procedures.positions import Positions, positions_of

__all__ = ["definition_digest", "definition_schema", "read_definition"]

_ADVICE = (
    ("unknown field", "Remove the field, or correct its spelling."),
    ("missing required field", "Add the field."),
    ("Invalid enum value", "Use one of the words that the schema of the file lists."),
    ("matching regex", "Use small letters, digits and underscores, beginning with a letter."),
    ("Expected", "Write a value of the kind expected."),
)


def read_definition(content: bytes, file: str = "the file") -> Definition:
    """The procedure that these bytes say. Whether it makes sense is for `checking.check_definition` to say.

    Raises Unreadable naming file, line, place and remedy where the text is not UTF-8 or not JSON, a field is unknown,
    missing, written twice or of the wrong kind.
    """
    try:
        text = content.decode()
        positions = positions_of(text)
    except UnicodeDecodeError as error:
        raise _error(file, content.count(b"\n", 0, error.start) + 1, "it is not UTF-8", "Save it as UTF-8.") from error
    except json.JSONDecodeError as error:
        advice = "Look at commas, quotation marks and brackets in and just before this line."
        raise _error(file, error.lineno, f"it is not JSON: {error.msg}", advice) from error
    except RecursionError as error:
        raise _error(file, 1, "it is nested too deep", "Make it flatter.") from error
    for path, line in positions.twice:
        raise _error(file, line, f"{path} stands twice", "Keep one of the two.")
    try:
        return msgspec.json.decode(content, type=Definition)
    except msgspec.DecodeError as error:
        raise _located(file, positions, str(error)) from error


def definition_digest(definition: Definition) -> str:
    """SHA-256 of a definition, 64 hex digits: equal only for files that say the same."""
    return sha256_hex(canonical_bytes(definition))


def definition_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a procedure's file: every field, its kind, and the words that it allows."""
    return msgspec.json.schema(Definition)


def _located(file: str, positions: Positions, message: str) -> Unreadable:
    what, _, path = message.partition(" - at `")
    path = path.removesuffix("`") or "$"
    advice = next((advice for word, advice in _ADVICE if word in what), "Compare it with a file of the catalogue.")
    return _error(file, positions.line(path), f"{path}: {what}", advice)


def _error(file: str, line: int, what: str, advice: str) -> Unreadable:
    return Unreadable(f"{file}, line {line}: {what}.", remedy=advice, code="procedure_unreadable")
