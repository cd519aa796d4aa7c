"""Limits: how large files may be, how many, how long they wait, and which kinds are taken; data, with its source."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec


class Bytes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of bytes and who says so."""

    bytes: int
    source: str
    verified: bool


class Count(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number and who says so."""

    count: int
    source: str
    verified: bool


class Media(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of file that is taken: by its first bytes (hex), or as text, structured text, or a workbook."""

    label: str
    begins: tuple[str, ...] = ()
    text: bool = False
    structured: bool = False
    workbook: bool = False


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `data/attachment_limits.json`."""

    name: str
    version: str
    date: str
    licence: str
    largest: Bytes
    piece: Bytes
    unsent: Bytes
    in_one_step: Count
    unsent_days: Count
    media: dict[str, Media]


@cache
def limits() -> Limits:
    """The limits that come with Alidade, read once."""
    path = Path(__file__).parents[1] / "data" / "attachment_limits.json"
    return msgspec.json.decode(path.read_bytes(), type=Limits)
