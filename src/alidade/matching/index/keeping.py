"""An index as a file: a head that says what follows, then the arrays, to be mapped into memory and shared.

The file holds folded names: it is as sensitive as the names themselves.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from alidade.matching.index.segment import Segment

#: Raised whenever the arrays or their meaning change.
FORMAT: Final = 3
_MAGIC: Final = b"alidade names\n"
_ALIGNED: Final = 64


class IndexFileError(Exception):
    """A file that is no index of names, or one of another version: build it anew."""


class _Part(msgspec.Struct, frozen=True):
    name: str
    kind: str
    shape: tuple[int, ...]
    at: int


class Head(msgspec.Struct, frozen=True):
    """What a file is: its format, the tables its arrays rest on, how many rows, whether it has handlings."""

    format: int
    tables: str
    rows: int
    with_handlings: bool
    size: int
    parts: tuple[_Part, ...]


def write_segment(path: Path, segment: Segment, *, tables: str, rows: int, with_handlings: bool) -> None:
    """Write a segment so that the file is whole or absent; readable by its owner alone."""
    at = 0
    parts = []
    for name, values in segment._asdict().items():
        at = -(-at // _ALIGNED) * _ALIGNED
        parts.append(_Part(name=name, kind=values.dtype.str, shape=values.shape, at=at))
        at += values.nbytes
    head = msgspec.json.encode(
        Head(format=FORMAT, tables=tables, rows=rows, with_handlings=with_handlings, size=at, parts=tuple(parts))
    )
    unfinished = path.with_name(path.name + ".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_MAGIC + len(head).to_bytes(8, "little") + head)
        start = -(-file.tell() // _ALIGNED) * _ALIGNED
        for part, values in zip(parts, segment._asdict().values(), strict=True):
            file.seek(start + part.at)
            file.write(np.ascontiguousarray(values).data.cast("B") if values.size else b"")
        file.truncate(start + at)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)


def read_segment(path: Path) -> tuple[Head, Segment]:
    """Map a file into memory.

    Raises IndexFileError where it is damaged, cut short or of another format; OSError where it cannot be read.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise IndexFileError("the file is no index of names")
        size = int.from_bytes(file.read(8), "little")
        if not 0 < size < 1 << 20:
            raise IndexFileError("the head of the index of names is damaged")
        try:
            head = msgspec.json.decode(file.read(size), type=Head)
        except msgspec.DecodeError:
            raise IndexFileError("the head of the index of names is damaged") from None
        if head.format != FORMAT:
            raise IndexFileError("the index of names is of another version")
        start = -(-file.tell() // _ALIGNED) * _ALIGNED
        if os.fstat(file.fileno()).st_size != start + head.size or [p.name for p in head.parts] != [*Segment._fields]:
            raise IndexFileError("the index of names is cut short")
        # Private pages: the arrays may not be changed, but compiled code is made for arrays that may.
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    arrays = {}
    for part in head.parts:
        kind = np.dtype(part.kind)
        count = int(np.prod(part.shape))
        if part.at < 0 or count < 0 or part.at + count * kind.itemsize > head.size:
            raise IndexFileError("the head of the index of names is damaged")
        arrays[part.name] = np.frombuffer(held, dtype=kind, count=count, offset=start + part.at).reshape(part.shape)
    return head, Segment(**arrays)
