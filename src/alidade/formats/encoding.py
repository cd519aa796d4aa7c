"""The letters of a text file: which encoding it is in, and its physical lines in bounded memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from alidade.model.errors import Unreadable

_CHUNK = 256 * 1024
_INVALID = re.compile("[\udc80-\udcff]")
_MULTIBYTE = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class TooLong:
    """Stands for a line that is longer than may be read; its content was passed over."""

    __slots__ = ()


TOO_LONG = TooLong()


def sniff_encoding(path: Path, head: bytes) -> str:
    """utf-8-sig, utf-16 (by their mark), utf-8, or cp1252 where most letters beyond ASCII are no UTF-8.

    Reads the whole file once, in pieces: one broken byte in a UTF-8 file spoils its row, not the others.
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    valid = invalid = 0
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        if not text.isascii():
            invalid += len(_INVALID.findall(text))
            valid += len(_MULTIBYTE.findall(text))
    invalid += len(decoder.decode(b"", final=True))
    return "cp1252" if invalid > valid else "utf-8"


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise Unreadable(
            f"{path.name} cannot be read to its end: {type(error).__name__}.",
            remedy="Check the medium it lies on.",
            code="no_access",
        ) from error


def _utf8_chunks(path: Path, encoding: str) -> Iterator[bytes]:
    if encoding != "utf-16":
        first = True
        for chunk in _chunks(path):
            yield chunk.removeprefix(codecs.BOM_UTF8) if first and encoding == "utf-8-sig" else chunk
            first = False
        return
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    for chunk in _chunks(path):
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")


def raw_lines(path: Path, encoding: str, longest: int, ending: bytes = b"\n") -> Iterator[bytes | TooLong]:
    """The lines with their endings, as bytes in UTF-8 (or cp1252); holds at most `longest` and a piece.

    A line longer than `longest` bytes gives TOO_LONG once. Raises Unreadable where the disk fails.
    """
    pending: list[bytes] = []
    size = 0
    passing = False
    for chunk in _utf8_chunks(path, encoding):
        start = 0
        while (end := chunk.find(ending, start)) >= 0:
            piece = chunk[start : end + 1]
            start = end + 1
            if passing or size + len(piece) > longest:
                yield TOO_LONG
            else:
                pending.append(piece)
                yield piece if size == 0 else b"".join(pending)
            pending.clear()
            size, passing = 0, False
        rest = chunk[start:]
        size += len(rest)
        if passing or size > longest:
            passing = True
            pending.clear()
        elif rest:
            pending.append(rest)
    if passing:
        yield TOO_LONG
    elif pending:
        yield b"".join(pending)


def decode_line(line: bytes, encoding: str) -> str | None:
    """The text of a line, or None where its bytes are not in the encoding of the file."""
    try:
        return line.decode("cp1252" if encoding == "cp1252" else "utf-8")
    except UnicodeDecodeError:
        return None
