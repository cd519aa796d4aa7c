"""Reads one paper from standard input in a process apart, which has neither database, keys, files nor network."""

from __future__ import annotations

import sys
from typing import Final

import msgspec

from alidade.formats.confinement import Limits, confine
from alidade.model.errors import Invalid
from alidade.programme.reading import Reading, read_paper

__all__ = ["SECONDS", "PaperErrand", "PaperRead", "PaperRefused", "main"]

SECONDS: Final = 60  # of processor time


class PaperErrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be read: the kind of file by the ending of its name, the language where it is known."""

    ending: str
    language: str | None
    content: bytes


class PaperRead(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The proposals."""

    reading: Reading


class PaperRefused(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Why the paper cannot be read."""

    message: str
    remedy: str
    code: str


def main() -> None:
    """Do the one errand that stands on standard input; the answer goes to standard output."""
    errand = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=PaperErrand)
    confine([], Limits(seconds=SECONDS))
    answer: PaperRead | PaperRefused
    try:
        answer = PaperRead(reading=read_paper(errand.content, f"paper{errand.ending}", errand.language))
    except Invalid as error:
        message = error.message.replace(f"paper{errand.ending}", "The file")
        answer = PaperRefused(message=message, remedy=error.remedy, code=error.code)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


if __name__ == "__main__":
    main()
