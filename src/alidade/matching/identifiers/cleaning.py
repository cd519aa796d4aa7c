"""The first look at any identifier text: too long, empty or with control characters is refused.

Invisible formatting characters (zero-width marks, text-direction marks, soft hyphens) come along when numbers
are copied from chats and PDFs; they carry nothing and are dropped. Decimal digits of all scripts become 0-9.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from alidade.matching.identifiers.kinds import LONGEST, IdentifierError, IdentifierKind
from alidade.matching.reference import table

_NOT_ALNUM = re.compile(r"[^0-9A-Z]+")


class _Letters(msgspec.Struct, frozen=True):
    letters: dict[str, str]


def _look_alikes() -> dict[int, str]:
    return str.maketrans(table("look_alikes", _Letters).letters)


_LOOK_ALIKES = _look_alikes()


def clean(kind: IdentifierKind, text: str, *, form: str = "NFKC") -> str:
    """Strip, normalise and check a text; raises IdentifierError for one that is no identifier at all."""
    if len(text) > LONGEST:
        raise IdentifierError("too_long", f"{kind}: more than {LONGEST} characters")
    text = text.strip()
    if not text:
        raise IdentifierError("empty", f"{kind}: no text")
    if text.isascii():
        if not text.isprintable():
            raise IdentifierError("control", f"{kind}: a control character in the text")
        return text
    return _clean_foreign(kind, text, form)


def _clean_foreign(kind: IdentifierKind, text: str, form: str) -> str:
    kept = []
    for character in unicodedata.normalize("NFKC" if form == "NFKC" else "NFC", text):
        category = unicodedata.category(character)
        if category == "Cc":
            raise IdentifierError("control", f"{kind}: a control character in the text")
        if category in ("Cs", "Co", "Cn"):
            raise IdentifierError("alphabet", f"{kind}: a code point that is no character")
        if category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif category != "Cf":
            kept.append(" " if category.startswith("Z") else character)
    cleaned = "".join(kept).strip()
    if not cleaned:
        raise IdentifierError("empty", f"{kind}: no text")
    if len(cleaned) > LONGEST:
        raise IdentifierError("too_long", f"{kind}: more than {LONGEST} characters")
    return cleaned


def compact(kind: IdentifierKind, text: str) -> str:
    """Capital letters and digits only; look-alike Cyrillic and Greek letters become Latin, others stay."""
    cleaned = text.upper()
    if cleaned.isascii():
        key = _NOT_ALNUM.sub("", cleaned)
    else:
        # Upper-casing can bring back compatibility characters (e.g. a letter with its apostrophe), hence
        # twice.
        cleaned = unicodedata.normalize("NFKC", cleaned).upper().translate(_LOOK_ALIKES)
        key = "".join(character for character in cleaned if character.isalnum())
    if not key:
        raise IdentifierError("empty", f"{kind}: neither letters nor digits")
    return key


def compact_latin(kind: IdentifierKind, text: str) -> str:
    """Like `compact`, for kinds whose alphabet is A-Z and 0-9 only."""
    key = compact(kind, text)
    if not key.isascii():
        raise IdentifierError("alphabet", f"{kind}: only the letters A to Z and digits are possible")
    return key
