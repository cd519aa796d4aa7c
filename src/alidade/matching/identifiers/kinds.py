"""What an identifier is once it has been read: its kind, its comparison key, and whether it can be right.

The order of the words in `IdentifierKind` is part of nothing; kinds are compared by equality only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

IdentifierKind = Literal[
    "document",
    "phone",
    "email",
    "plate",
    "vin",
    "imo",
    "mmsi",
    "container",
    "iban",
    "crypto",
    "web",
    "tax",
    "registration",
    "account",
    "callsign",
]
IDENTIFIER_KINDS: Final[tuple[IdentifierKind, ...]] = get_args(IdentifierKind)

ErrorCode = Literal["empty", "too_long", "control", "alphabet", "length", "form", "kind", "country"]

#: Longest text that is read as an identifier, in characters, before and after normalisation.
LONGEST: Final = 256


class IdentifierError(ValueError):
    """The text cannot be an identifier of that kind at all.

    `code` is stable; the message names the kind and the reason and never the text itself.
    """

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: ErrorCode = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number, address or mark as it is compared and as it is shown.

    key      what two identifiers of one kind are compared by, byte for byte
    shown    a readable form; reading it again gives the same key
    valid    True: the check digit fits or the form is complete; False: it does not fit; None: the scheme has
    no check note     what the reader should know (how an unclear letter was read, which currency), in English
    country  ISO 3166-1 alpha-2 where the number itself or the caller says so
    """

    kind: IdentifierKind
    key: str
    shown: str
    valid: bool | None
    note: str | None = None
    country: str | None = None
