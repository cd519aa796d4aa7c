"""One line of the log: who did what, when, for which purpose, and what was shown.

Rule 6 of the design: a read that cannot be logged does not happen. The fields are those that Directive
(EU) 2016/680 Art. 25 asks for (consultation, disclosure, alteration, erasure: justification, date, time,
person) and what is needed to review them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

VERSION: Final = 1
LARGEST: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly (RFC 8785 section 3.2.2.3)."""

_COMMITMENT: Final = re.compile(r"[0-9a-f]{64}")
_NO_OFFSET: Final = timedelta(0)


class EntryError(ValueError):
    """A line of the log is not in the one form that is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision, allowed or refused, as the log keeps it.

    `at` in UTC; `objects` are the public ids shown or changed; `query_commitment` is the keyed SHA-256 of
    what was asked, 64 lower-case hex digits (the query itself is kept elsewhere, for the reviewer);
    `epoch` is the version of the rights on which was decided. `details` is a list of pairs and not a
    mapping, since JSON libraries disagree on the order of keys beyond U+FFFF. EntryError on a field that
    could not be written in the canonical form.
    """

    act: str
    at: datetime
    authority: str
    officer: str
    purpose: str | None = None
    case: str | None = None
    justification: str | None = None
    legal_ground: str | None = None
    objects: tuple[str, ...] = ()
    query_commitment: str | None = None
    results: int | None = None
    details: tuple[tuple[str, str], ...] = ()
    epoch: int
    decision: Literal["allowed", "refused"]
    version: Literal[1] = VERSION

    def __post_init__(self) -> None:
        if not (self.act and self.authority and self.officer):
            raise EntryError("act, authority and officer must be given")
        if self.at.utcoffset() != _NO_OFFSET:
            raise EntryError("at must be in UTC")
        if self.query_commitment is not None and not _COMMITMENT.fullmatch(self.query_commitment):
            raise EntryError("query_commitment must be 64 lower-case hex digits")
        if not _is_count(self.epoch) or not (self.results is None or _is_count(self.results)):
            raise EntryError("epoch and results must be whole numbers from 0 to 2**53 - 1")


def canonical(entry: Entry) -> bytes:
    """Write a line of the log in the one form that is hashed.

    JSON in UTF-8 with sorted keys and no spaces, equal to RFC 8785. EntryError when a text holds half of
    a surrogate pair, which UTF-8 cannot carry.
    """
    try:
        return _ENCODER.encode(entry)
    except UnicodeEncodeError:
        raise EntryError("a field holds text that UTF-8 cannot carry") from None


def decode(line: bytes) -> Entry:
    """Read a line of the log back, refusing everything that this version would not have written.

    EntryError on broken JSON, an unknown field or version, a missing field, a value out of range, and on
    any other spelling (spaces, order, repeated keys, escapes) of a correct line.
    """
    try:
        entry = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # The reader's own message would quote what an officer wrote.
        raise EntryError("not a line of the log of a known version") from None
    if canonical(entry) != line:
        raise EntryError("not the canonical form of a line of the log, or a field is unknown")
    return entry


def _is_count(value: int) -> bool:
    # Exact type: True is an int to Python, but would be written as a JSON truth value.
    return type(value) is int and 0 <= value <= LARGEST


_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder(Entry)
