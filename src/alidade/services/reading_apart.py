"""Reading apart: a file from outside is parsed in another process that has neither database, keys nor network.

What comes back is decoded strictly. A process that asks for too much, dies or falls silent is a file that cannot be
read, and nothing else.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import msgspec

from alidade.formats.apart import (
    LONGEST_MESSAGE,
    Confinement,
    End,
    Errand,
    Items,
    Looked,
    Message,
    ReadDraft,
    Refused,
    frame,
    read_frame,
)
from alidade.formats.mapping import Mapping
from alidade.formats.recognise import Format
from alidade.model.draft import Draft, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary

SHORT, LONG = 20, 1_800  # seconds of processor time: to look at a file, and to read it to the end
_PATIENCE: Final = 180.0  # seconds without a word
_DECODER: Final = msgspec.msgpack.Decoder(Message)


def look_apart(path: Path, vocabulary: Vocabulary) -> Looked:
    """What a file is, with the first rows of a table and the mapping guessed.

    Raises Unreadable where nobody here can read it.
    """
    errand = Errand(path=str(path), act="look", vocabulary=str(vocabulary.folder), seconds=SHORT)
    with _messages(errand) as messages:
        for message in messages:
            if isinstance(message, Looked):
                if message.format == "unknown":
                    raise Unreadable(message.sentence, remedy="Give a table (CSV, XLSX) or a list known here.")
                return message
    raise _too_heavy()


def read_apart(
    path: Path,
    form: Format,
    mapping: Mapping | None,
    vocabulary: Vocabulary,
    *,
    unmarked: bool = False,
    most: int = 0,
) -> Generator[Draft | Problem, None, None]:
    """The drafts and problems of a file in its order, `most` at most where given.

    Raises Unreadable or Invalid where file or mapping cannot be used, also in the middle of the file.
    """
    errand = Errand(
        path=str(path),
        act="read",
        vocabulary=str(vocabulary.folder),
        format=form,
        mapping=mapping,
        unmarked=unmarked,
        most=most,
        seconds=SHORT if most else LONG,
    )
    with _messages(errand) as messages:
        for message in messages:
            if isinstance(message, Items):
                for item in message.items:
                    yield item.draft if isinstance(item, ReadDraft) else item.problem


@contextmanager
def _messages(errand: Errand) -> Iterator[Iterator[Message]]:
    # The interpreter runs isolated: no variable of the environment and no folder of ours can bring it other code.
    process = subprocess.Popen(  # our own module, no argument from outside
        [sys.executable, "-I", "-m", "alidade.formats.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        yield _said(process, errand)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def _said(process: subprocess.Popen[bytes], errand: Errand) -> Iterator[Message]:
    source, target = process.stdout, process.stdin
    if source is None or target is None:
        raise AssertionError
    try:
        target.write(frame(msgspec.msgpack.encode(errand)))
        target.close()
        patient = _Patient(source)
        while (content := read_frame(patient)) is not None:  # type: ignore[arg-type]  # it reads, and that is all
            message = _DECODER.decode(content)
            if isinstance(message, Refused):
                raise Unreadable(message.message, remedy=message.remedy, code=message.code)
            if isinstance(message, End):
                return
            if not isinstance(message, Confinement):
                yield message
    except (OSError, ValueError, msgspec.DecodeError) as error:
        raise _too_heavy() from error
    raise _too_heavy()


class _Patient:
    """A pipe that is read to the length asked for, and given up when it falls silent."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source.fileno()

    def read(self, length: int) -> bytes:
        """`length` bytes, fewer at the end."""
        pieces: list[bytes] = []
        while length > 0:
            ready, _, _ = select.select([self._source], [], [], _PATIENCE)
            if not ready:
                raise OSError("silent")
            piece = os.read(self._source, min(length, LONGEST_MESSAGE))
            if not piece:
                break
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)


def _too_heavy() -> Unreadable:
    return Unreadable(
        "The file asks for more time or memory than any list of its kind should; it was not read to the end.",
        remedy="Export the list anew as CSV (UTF-8), in parts if it is very large.",
        code="too_heavy",
    )
