"""The kept index: a folder beside the store, written as a whole, believed only if it is of this store and this program.

`<home>/index/current` names the folder that counts and says what it was made from; it is replaced in one step. What
cannot be believed (another store's, another version's, cut off, damaged) is passed over: the index is made anew.
The file holds names in the clear, as the database does; it belongs to one account and is never part of a backup.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from alidade.matching import NameIndex

FOLDER: Final = "index"
_CURRENT, _LOCK, _NAMES, _ROWS, _ERASED = "current", "lock", "names", "rows.npy", "erased"
_OWN_FOLDER, _OWN_FILE = 0o700, 0o600
_FORMAT = 1
_BLOCK = 1 << 20


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a kept index was made from, and the size and digest of each of its files."""

    format: int
    version: str
    place: str
    folder: str
    names: int
    statement: int
    change: int
    files: dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptIndex:
    """An index as it was kept: which statement, record and handling each of its rows is of."""

    head: Head
    index: NameIndex
    rows: Any  # whole numbers, three columns: statement, record, handling; in the order of the statements


def read_head(home: Path, place: str, version: str) -> Head | None:
    """What is kept for this store and this version of the program; None where nothing is that could be believed."""
    try:
        head = msgspec.json.decode((home / FOLDER / _CURRENT).read_bytes(), type=Head)
        sizes = {name: (home / FOLDER / head.folder / name).stat().st_size for name in head.files}
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
    known = (head.format, head.version, head.place) == (_FORMAT, version, place)
    # The folder is one of ours, beside the file that names it, and nowhere else.
    inside = head.folder.startswith("names-") and set(head.files) >= {_ROWS} and not set(head.folder) & set("/\\.")
    return head if known and inside and sizes == {name: size for name, (size, _) in head.files.items()} else None


def open_kept(home: Path, place: str, version: str) -> KeptIndex | None:
    """The kept index, mapped into memory; None where there is none that could be believed."""
    import numpy

    from alidade.matching import NameIndex

    head = read_head(home, place, version)
    if head is None:
        return None
    folder = home / FOLDER / head.folder
    try:
        rows = numpy.load(folder / _ROWS, mmap_mode="r", allow_pickle=False)
        if rows.shape != (head.names, 3) or rows.dtype != numpy.dtype("int64"):
            return None
        return KeptIndex(head=head, index=NameIndex.open(folder / _NAMES), rows=rows)
    except Exception:  # whatever is wrong with it: it is made anew
        return None


def is_sound(home: Path, head: Head) -> bool:
    """Whether every byte is as it was written. Reads all of it."""
    folder = home / FOLDER / head.folder
    try:
        return all(_digest(folder / name) == digest for name, (_, digest) in head.files.items())
    except OSError:
        return False


@contextmanager
def writing(home: Path, *, wait: bool = True) -> Iterator[bool]:
    """Inside the block no other process writes a file here; without `wait`, whether that is so."""
    (home / FOLDER).mkdir(mode=_OWN_FOLDER, exist_ok=True)
    handle = os.open(home / FOLDER / _LOCK, os.O_CREAT | os.O_RDWR, _OWN_FILE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def keep(home: Path, index: NameIndex, rows: Any, *, place: str, version: str, statement: int, change: int) -> Head:
    """Write an index so that it counts from here on, durably, and remove every earlier one. Raises OSError."""
    import numpy

    base = home / FOLDER
    base.mkdir(mode=_OWN_FOLDER, exist_ok=True)
    name = f"names-{change}-{statement}-{os.getpid()}"
    folder = base / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=_OWN_FOLDER)
    index.save(folder / _NAMES)
    with open(folder / _ROWS, "xb") as stream:
        numpy.save(stream, rows, allow_pickle=False)
    files = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        path.chmod(_OWN_FILE)
        _sync(path)
        files[path.relative_to(folder).as_posix()] = (path.stat().st_size, _digest(path))
    _sync(folder)
    head = Head(
        format=_FORMAT,
        version=version,
        place=place,
        folder=name,
        names=len(rows),
        statement=statement,
        change=change,
        files=files,
    )
    partial = base / f"{_CURRENT}.partial"
    with open(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _OWN_FILE), "wb") as stream:
        stream.write(msgspec.json.encode(head))
    _sync(partial)
    os.replace(partial, base / _CURRENT)
    _sync(base)
    _remove_all_but(base, name)
    return head


def remove(home: Path) -> None:
    """Remove everything that is kept; other programs that have it open lose nothing until they look again."""
    base = home / FOLDER
    (base / _CURRENT).unlink(missing_ok=True)
    if base.is_dir():
        _remove_all_but(base, "")
        _sync(base)


def erasure_mark(home: Path) -> tuple[int, int]:
    """What is different after each erasure that was carried through here, by whichever process; zeros before."""
    try:
        found = (home / FOLDER / _ERASED).stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def mark_erasure(home: Path) -> tuple[int, int]:
    """Tell the other processes of an erasure: an empty file takes the place of the one before. The new mark.

    Where the disk refuses, they learn of it from the tables at their next search.
    """
    with suppress(OSError):
        (home / FOLDER).mkdir(mode=_OWN_FOLDER, exist_ok=True)
        partial = home / FOLDER / f"{_ERASED}.{os.getpid()}"
        os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _OWN_FILE))
        os.utime(partial)
        os.replace(partial, home / FOLDER / _ERASED)
    return erasure_mark(home)


def _remove_all_but(base: Path, name: str) -> None:
    for each in base.iterdir():
        if each.is_dir() and each.name.startswith("names-") and each.name != name:
            shutil.rmtree(each, ignore_errors=True)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
