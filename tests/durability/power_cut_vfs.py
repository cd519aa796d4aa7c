"""A file layer that records what SQLite asks of the disk, fails when told to, and shows power cuts.

Model of the disk: what was synced is certain. Of what was written to a file since its last sync, each write
may be there, not there, or torn: any of its 512-byte sectors new, the others old. Writes of one file may
arrive in any order (any subset survives). A changed length behaves as a write does. A file removed may be
back until its folder is synced, which SQLite does at the first sync of each journal that it makes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw

SECTOR = 512
SYSTEM = apsw.vfs_names()[0]  # by its name: "" would mean whatever is the default then
Kind = Literal["write", "truncate", "sync", "delete"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing asked of the disk. `size`: length after a cut; `sure`: a removal with its folder synced."""

    kind: Kind
    file: str
    offset: int = 0
    data: bytes = b""
    size: int = 0
    sure: bool = False


class DiskError(apsw.IOError):
    """The disk says no."""

    result = apsw.SQLITE_IOERR
    extendedresult = apsw.SQLITE_IOERR_WRITE


class DiskFull(apsw.FullError):
    """The disk is full."""

    result = extendedresult = apsw.SQLITE_FULL


@dataclass(slots=True)
class Disk:
    """What was asked of the files of one folder, in order; and at which coming call the disk fails."""

    operations: list[Operation] = field(default_factory=list)
    fail_in: int | None = None
    failure: type[apsw.Error] = DiskError
    failed_at: Operation | None = None

    def take(self, operation: Operation) -> None:
        """Note an operation, or fail it."""
        if self.fail_in is not None:
            self.fail_in -= 1
            if self.fail_in == 0:
                self.fail_in = None
                self.failed_at = operation
                raise self.failure("simulated")
        self.operations.append(operation)


class RecordingFile(apsw.VFSFile):
    """One open file."""

    def __init__(self, disk: Disk, filename: Any, flags: list[int]) -> None:
        self._disk = disk
        self._name = Path(filename.filename() if isinstance(filename, apsw.URIFilename) else filename).name
        super().__init__(SYSTEM, filename, flags)

    def xWrite(self, data: Any, offset: int) -> None:
        """Write, and note it."""
        self._disk.take(Operation("write", self._name, offset=offset, data=bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        """Cut, and note it."""
        self._disk.take(Operation("truncate", self._name, size=newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        """Note what is certain from here on; the true disk may take its time, for it is not tested."""
        self._disk.take(Operation("sync", self._name))


class RecordingVFS(apsw.VFS):
    """Passes everything on to the system's own file layer; shared memory of the journal's index included."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        self.name = name
        super().__init__(name, SYSTEM)

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        """Open a file; those without a name are SQLite's own scratch and hold nothing that must last."""
        if name is None:
            return super().xOpen(name, flags)
        return RecordingFile(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Remove, and note it."""
        self._disk.take(Operation("delete", Path(filename).name, sure=syncdir))
        super().xDelete(filename, syncdir)


@dataclass(slots=True)
class _File:
    certain: bytearray
    pending: list[Operation] = field(default_factory=list)
    new: bool = False


class Replay:
    """The files of a recorded history as they stood at any point of it, moving forward only."""

    def __init__(self, base: dict[str, bytes], operations: list[Operation]) -> None:
        self._files = {name: _File(bytearray(content)) for name, content in base.items()}
        self._removed: dict[str, _File] = {}
        self._operations = operations
        self.at = 0

    def advance(self, to: int) -> None:
        """Let everything before operation number `to` have happened."""
        if to < self.at:
            raise ValueError("a history is replayed forwards")
        for operation in self._operations[self.at : to]:
            if operation.kind == "delete":
                gone = self._files.pop(operation.file, None)
                if gone is not None and not operation.sure:
                    self._removed[operation.file] = gone
                continue
            self._removed.pop(operation.file, None)
            file = self._files.setdefault(operation.file, _File(bytearray(), new=True))
            if operation.kind == "sync":
                if file.new:
                    file.new = False
                    self._removed.clear()
                for pending in file.pending:
                    _apply(file.certain, pending)
                file.pending.clear()
            else:
                file.pending.append(operation)
        self.at = to

    def image(self, dice: random.Random) -> dict[str, bytes]:
        """The files after a power cut at this point."""
        back = {name: file for name, file in self._removed.items() if dice.random() < 0.5}
        return {name: self._after_cut(file, dice) for name, file in sorted({**back, **self._files}.items())}

    def pending(self) -> int:
        """How many writes are in doubt at this point."""
        return sum(len(file.pending) for file in self._files.values())

    @staticmethod
    def _after_cut(file: _File, dice: random.Random) -> bytes:
        content = bytearray(file.certain)
        # From "nothing arrived" to "all arrived": one chance for the whole file, to meet both ends often.
        luck = dice.choice((0.0, 0.2, 0.5, 0.8, 1.0))
        torn = dice.choice((0.0, 0.1, 0.5))
        for operation in file.pending:
            if operation.kind == "write" and dice.random() < torn:
                for part in _sectors(operation):
                    if dice.random() < 0.5:
                        _apply(content, part)
            elif dice.random() < luck:
                _apply(content, operation)
        return bytes(content)


def _sectors(operation: Operation) -> Iterator[Operation]:
    start, end = operation.offset, operation.offset + len(operation.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        data = operation.data[start - operation.offset : stop - operation.offset]
        yield Operation("write", operation.file, offset=start, data=data)
        start = stop


def _apply(content: bytearray, operation: Operation) -> None:
    if operation.kind == "truncate":
        if operation.size < len(content):
            del content[operation.size :]
        else:
            content.extend(bytes(operation.size - len(content)))
        return
    end = operation.offset + len(operation.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[operation.offset : end] = operation.data
