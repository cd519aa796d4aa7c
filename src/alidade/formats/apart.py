"""Apart: reads a file from outside in a process of its own, confined, without a database, and tells what stands in it.

Run as `python -I -m alidade.formats.apart`. The errand comes in as one message on standard input, the findings go
out as messages on standard output; each is MessagePack behind four bytes that say its length. Whoever asks takes
nothing else from this process, and decodes its messages strictly.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Final, Literal

import msgspec

from alidade.formats.confinement import Limits, confine
from alidade.formats.guess import guess_mapping
from alidade.formats.mapping import Mapping
from alidade.formats.readers import read_items
from alidade.formats.recognise import Format, recognise
from alidade.formats.table import Row
from alidade.formats.workbook import open_list
from alidade.model.draft import Draft, Place, Problem
from alidade.model.errors import Invalid
from alidade.vocabulary import Vocabulary, load_vocabulary

LONGEST_MESSAGE: Final = 64 * 1024 * 1024
TABLES: Final = ("table", "table-rejects", "workbook")
_SAMPLE, _SHOWN, _AT_ONCE, _COUNTED = 200, 20, 100, 200_000
_LENGTH: Final = struct.Struct(">I")
_NOT_TEXT: Final = "A value holds half a letter, which is no text."


class Errand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with which file: say what it is, or read it; `most` items at most, 0 for all."""

    path: str
    act: Literal["look", "read"]
    vocabulary: str
    format: Format = "unknown"
    mapping: Mapping | None = None
    unmarked: bool = False
    most: int = 0
    seconds: int = 20


class Confinement(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What the kernel granted; the first message."""

    network: bool
    files: bool


class Looked(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What a file is; of a table also its header, its first rows, how many rows, and the mapping guessed."""

    format: Format
    sentence: str
    header: tuple[str, ...] = ()
    delimiter: str = ","
    rows: tuple[tuple[str, ...], ...] = ()
    count: int | None = None
    mapping: Mapping | None = None
    confidence: dict[str, float] = {}
    unmapped: tuple[str, ...] = ()


class ReadDraft(msgspec.Struct, frozen=True, tag=True, array_like=True, forbid_unknown_fields=True):
    """A draft that was read."""

    draft: Draft


class ReadProblem(msgspec.Struct, frozen=True, tag=True, array_like=True, forbid_unknown_fields=True):
    """What was wrong with a row."""

    problem: Problem


class Items(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Some drafts and problems, in the order of the file."""

    items: tuple[ReadDraft | ReadProblem, ...]


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """The file cannot be read: why, and what to do. No value of the file stands in it."""

    code: str
    message: str
    remedy: str


class End(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Everything has been said."""


Message = Confinement | Looked | Items | Refused | End


def main() -> None:
    """Do the one errand that stands on standard input."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    errand = msgspec.msgpack.decode(read_frame(source) or b"", type=Errand)
    path = Path(errand.path)
    held = confine([path, Path(errand.vocabulary)], Limits(seconds=errand.seconds))
    _tell(target, Confinement(network=held.network, files=held.files))
    try:
        for message in _findings(path, errand, load_vocabulary(Path(errand.vocabulary))):
            _tell(target, message)
        _tell(target, End())
    except Invalid as error:
        reason = error.message.replace(path.name, "The file")
        _tell(target, Refused(code=error.code, message=reason, remedy=error.remedy))
    except (MemoryError, RecursionError):
        _tell(target, _TOO_HEAVY)


_TOO_HEAVY: Final = Refused(
    code="too_heavy",
    message="The file needs more memory than any list of its kind should; it was not read to the end.",
    remedy="Export the list anew as CSV (UTF-8), in parts if it is very large.",
)


def _findings(path: Path, errand: Errand, vocabulary: Vocabulary) -> Iterator[Message]:
    if errand.act == "look":
        yield _look(path, vocabulary)
        return
    items = iter(read_items(path, errand.format, errand.mapping, vocabulary, unmarked=errand.unmarked))
    if errand.most:
        items = islice(items, errand.most)
    while some := list(islice(items, _AT_ONCE)):
        yield Items(tuple(_sendable(some)))


def _sendable(items: Iterable[Draft | Problem]) -> Iterator[ReadDraft | ReadProblem]:
    for item in items:
        message = ReadDraft(item) if isinstance(item, Draft) else ReadProblem(item)
        try:
            msgspec.msgpack.encode(message)
        except UnicodeEncodeError:
            place = item.place or Place(file="", row=0)
            yield ReadProblem(Problem(place=place, field="", code="value_wrong", reason=_NOT_TEXT))
        else:
            yield message


def _look(path: Path, vocabulary: Vocabulary) -> Looked:
    found = recognise(path)
    sentence = found.sentence.replace(path.name, "The file")
    if found.format not in TABLES:
        return Looked(format=found.format, sentence=sentence)
    table = open_list(path)
    rows = (item.cells for item in table.rows() if isinstance(item, Row))
    sample = list(islice(rows, _SAMPLE))
    guess = guess_mapping(table.header, sample, vocabulary)
    return Looked(
        format=found.format,
        sentence=sentence,
        header=table.header,
        delimiter=table.dialect.delimiter,
        rows=tuple(sample[:_SHOWN]),
        count=_count(len(sample), rows),
        mapping=guess.mapping,
        confidence=guess.confidence,
        unmapped=guess.unmapped,
    )


def _count(seen: int, rest: Iterator[object]) -> int | None:
    """How many rows there are; None where counting them would take longer than a look should."""
    more = sum(1 for _ in islice(rest, _COUNTED))
    return seen + more if more < _COUNTED else None


def _tell(target: IO[bytes], message: Message) -> None:
    target.write(frame(msgspec.msgpack.encode(message)))
    target.flush()


def frame(content: bytes) -> bytes:
    """A message with its length in front."""
    return _LENGTH.pack(len(content)) + content


def read_frame(source: IO[bytes]) -> bytes | None:
    """The next message, None where there is no more; ValueError for one that is cut off or too long."""
    head = source.read(_LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head) if len(head) == _LENGTH.size else (LONGEST_MESSAGE + 1,)
    if length > LONGEST_MESSAGE:
        raise ValueError("a message that is cut off or too long")
    content = source.read(length)
    if len(content) != length:
        raise ValueError("a message that is cut off")
    return content


if __name__ == "__main__":
    main()
