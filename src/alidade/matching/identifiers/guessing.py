"""Which kinds of identifier a text typed into the one box may be, most likely first."""

from __future__ import annotations

import re
from typing import Final

from alidade.matching.identifiers.kinds import LONGEST, Identifier, IdentifierError, IdentifierKind
from alidade.matching.identifiers.reading import normalise
from alidade.matching.partial_dates import parse_date

_WEB: Final = re.compile(r"^(?:h[tx]{2}ps?|ftp)\b|^www\.|^[^\s@/]+(?:\.|\[\.\])[^\W\d_]{2,}(?:[:/?#]|$)", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d")
_WORDS: Final = re.compile(r"[^\W\d_]{3,}")
#: Kinds with a check that rarely fits by chance, strongest first.
_CHECKED: Final[tuple[IdentifierKind, ...]] = ("iban", "crypto", "container", "vin", "imo")


def guess_kinds(text: str) -> tuple[IdentifierKind, ...]:
    """Kinds that the text can be, most likely first; empty when it looks like a name or like nothing known.

    Never raises. A kind is listed only if `normalise` accepts the text under it.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return ()
    if "@" in text or "[at]" in text.lower():
        return tuple(kind for kind in ("email", "web") if _read(kind, text))
    if _WEB.match(text) and _read("web", text):
        return ("web",)
    if not _DIGITS.search(text) or (not text.isalnum() and parse_date(text) is not None):
        return ()
    sure: list[IdentifierKind] = []
    possible: list[IdentifierKind] = []
    for kind in _CHECKED:
        read = _read(kind, text)
        if read is None or (kind == "vin" and len(read.key) < 17):
            continue
        strong = read.valid is True or (kind == "crypto" and read.valid is None)
        (sure if strong else possible).append(kind)
    return tuple(dict.fromkeys(sure + _by_form(text) + possible))


def _by_form(text: str) -> list[IdentifierKind]:
    compacted = "".join(character for character in text if character.isalnum())
    kinds: list[IdentifierKind] = []
    phone = _read("phone", text)
    if phone and (phone.valid or text.startswith(("+", "00"))):
        kinds.append("phone")
    if len(_WORDS.findall(text)) >= 2 and not text.isupper():
        return kinds
    mmsi = _read("mmsi", text)
    if mmsi and mmsi.valid is None:
        kinds.append("mmsi")
    letters = not compacted.isdigit()
    if letters and len(compacted) <= 9:
        kinds += ["plate", "document"]
    elif len(compacted) <= 24 and _read("document", text):
        kinds.append("document")
    if 6 <= len(compacted) <= 24:
        kinds += ["tax", "registration", "account"]
    if phone:
        kinds.append("phone")
    if letters and len(compacted) <= 8 and _read("callsign", text):
        kinds.append("callsign")
    return [kind for kind in kinds if _read(kind, text)]


def _read(kind: IdentifierKind, text: str) -> Identifier | None:
    try:
        return normalise(kind, text)
    except IdentifierError:
        return None
