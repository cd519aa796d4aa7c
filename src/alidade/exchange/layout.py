"""Byte layouts: numbers and lengths read strictly, so that one string of bytes has one meaning."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec

from alidade.exchange.reasons import Refused
from alidade.model.canonical import canonical_bytes

LENGTH: Final = 4
AUTHORITY: Final = r"^[a-z0-9][a-z0-9._-]{0,63}\Z"
KEY_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z"
THREAD: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}\Z"
ITEM_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,191}\Z"
HEX16: Final = r"^[0-9a-f]{32}\Z"
HEX32: Final = r"^[0-9a-f]{64}\Z"
MOMENT: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z"
LARGEST: Final = 2**53 - 1

S = TypeVar("S", bound=msgspec.Struct)


class Reader:
    """Reads a byte string from front to back; Refused on anything short, long or left over."""

    __slots__ = ("_at", "_raw")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        end = self._at + count
        if end > len(self._raw):
            raise Refused("truncated")
        part = self._raw[self._at : end]
        self._at = end
        return part

    def number(self) -> int:
        """The next four bytes as a number, big end first."""
        return int.from_bytes(self.take(LENGTH), "big")

    def block(self, most: int) -> bytes:
        """A length of four bytes and so many bytes; more than `most` is refused before anything is read."""
        length = self.number()
        if length > most:
            raise Refused("oversize")
        return self.take(length)

    def end(self) -> None:
        """Nothing may be left."""
        if self._at != len(self._raw):
            raise Refused("trailing")

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self._raw) - self._at)


def block(part: bytes) -> bytes:
    """A length of four bytes, then the bytes."""
    return len(part).to_bytes(LENGTH, "big") + part


def read_canonical(decoder: msgspec.json.Decoder[S], text: bytes, where: str) -> S:
    """Decode JSON that must be the one canonical form of its value (RFC 8785); Refused otherwise."""
    try:
        read = decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused("bad_field", where) from None
    if canonical_bytes(read) != text:
        raise Refused("not_canonical", where)
    return read


def moment_text(at: datetime) -> str:
    """A moment in the one form that travels: UTC with microseconds, 2026-11-22T09:30:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def read_moment(text: str, where: str) -> datetime:
    """The moment that a text in this form names; Refused "bad_field" when there is none such."""
    if re.match(MOMENT, text) is None or len(text) != 27:
        raise Refused("bad_field", where)
    try:
        return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)
    except ValueError:
        raise Refused("bad_field", where) from None
