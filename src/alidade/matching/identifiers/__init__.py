"""Identifiers: numbers, marks and addresses that single out a person, thing or account."""

from __future__ import annotations

from alidade.matching.identifiers.guessing import guess_kinds
from alidade.matching.identifiers.kinds import (
    IDENTIFIER_KINDS,
    LONGEST,
    Identifier,
    IdentifierError,
    IdentifierKind,
)
from alidade.matching.identifiers.reading import normalise

__all__ = [
    "IDENTIFIER_KINDS",
    "LONGEST",
    "Identifier",
    "IdentifierError",
    "IdentifierKind",
    "guess_kinds",
    "normalise",
]
