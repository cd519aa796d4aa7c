"""The package of a workbook (a ZIP archive), looked through and inflated under limits before anything reads it."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from alidade.formats.filetype import foreign_type, read_head
from alidade.formats.xml_head import HEAD_BYTES, XmlSource
from alidade.model.errors import Unreadable

_LOCAL = struct.Struct("<4s22xHH")  # local file header: mark, ..., length of name, length of extra field
_END = struct.Struct("<4s16xH")  # end of the directory: mark, ..., length of comment
_DESCRIPTOR = 24  # bytes that may stand after an entry whose sizes come behind it
_PIECE = 64 * 1024
_DEFLATE_OVERHEAD = 1024 * 1024  # below this many bytes a high ratio means nothing
_BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, struct.error)
_EXPORT = "Open it in its own program and save the sheet as CSV (UTF-8)."
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKAGE_MARKS: Final = (b"PK\x03\x04", _OLE)  # how workbooks begin, locked ones too


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLimits:
    """The largest that is read: bytes of the file, members, bytes inflated, and inflated to packed size."""

    file: int = 100 * 1024 * 1024
    members: int = 2_000
    inflated: int = 512 * 1024 * 1024
    ratio: int = 250


DEFAULT_PACKAGE_LIMITS: Final = PackageLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that was found harmless: its members by name, each with its size, and whether it has macros."""

    path: Path
    members: Mapping[str, int]
    macros: bool

    def source(self, member: str) -> XmlSource:
        """A member as a source of XML. Raises Unreadable where there is none of that name."""
        if member not in self.members:
            raise _broken(self.path, "a part of it is missing")
        with self._opened(member) as stream:
            head = stream.read(HEAD_BYTES)
        name = f"{self.path.name} ({member.rpartition('/')[2]})"
        return XmlSource(name=name, head=head, size=self.members[member], opened=lambda: self._opened(member))

    @contextmanager
    def _opened(self, member: str) -> Iterator[IO[bytes]]:
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(member) as stream:
                yield stream
        except (*_BROKEN, KeyError) as error:
            raise _broken(self.path, "a part of it cannot be unpacked") from error


def open_package(path: Path, *, limits: PackageLimits = DEFAULT_PACKAGE_LIMITS) -> Package:
    """Look through a workbook: what it is, what its directory says, and what comes out when it is inflated.

    Raises Unreadable, with what to do, for what is no workbook in the form XLSX or XLSM, is locked with a password,
    has bytes before, between or behind its parts (another file could hide there), or grows beyond the limits.
    """
    head = read_head(path)
    _check_type(path, head)
    size = path.stat().st_size
    if size > limits.file:
        raise Unreadable(f"{path.name} is larger than {limits.file} bytes.", remedy=_EXPORT, code="too_large")
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            _check_directory(path, members, limits)
            _check_layout(path, stream, archive.start_dir, size, members)
            _inflate(path, archive, members, limits)
    except _BROKEN as error:
        raise _broken(path, "its parts cannot be unpacked") from error
    names = {member.filename for member in members}
    _check_workbook(path, names)
    macros = any(name.lower().endswith(("vbaproject.bin", ".bas")) for name in names)
    sizes = {member.filename: member.file_size for member in members}
    return Package(path=path, members=sizes, macros=macros)


def _check_type(path: Path, head: bytes) -> None:
    if head.startswith(_OLE):
        reason = "is an old Excel file (.xls) or a workbook locked with a password"
        raise Unreadable(
            f"{path.name} {reason}.",
            remedy="Open it in its own program, take the password off, and save it as .xlsx or as CSV (UTF-8).",
            code="wrong_type",
        )
    if not head.startswith(b"PK\x03\x04"):
        name, remedy = foreign_type(head) or ("no workbook", "Give a workbook (.xlsx) or a CSV file.")
        raise Unreadable(f"{path.name} is {name}.", remedy=remedy, code="wrong_type")


def _check_directory(path: Path, members: list[zipfile.ZipInfo], limits: PackageLimits) -> None:
    if len(members) > limits.members:
        raise _bomb(path, f"has {len(members)} parts, more than {limits.members}")
    if sum(member.file_size for member in members) > limits.inflated:
        raise _bomb(path, f"would be larger than {limits.inflated} bytes when unpacked")
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if member.flag_bits & 0x41:
            raise Unreadable(
                f"{path.name} is locked with a password.",
                remedy="Take the password off and save it again.",
                code="locked",
            )
        if name.casefold() in seen or name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise _broken(path, "the names of its parts are not in order")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _broken(path, "one of its parts points elsewhere")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _broken(path, "its parts are packed in a way that is not taken here")
        large = member.file_size > _DEFLATE_OVERHEAD
        if large and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise _bomb(path, f"has a part that would grow over {limits.ratio}-fold")
        seen.add(name.casefold())


def _check_layout(path: Path, stream: IO[bytes], directory: int, size: int, members: list[zipfile.ZipInfo]) -> None:
    """Every byte belongs to exactly one part: no overlap (a bomb), and no room for a second file."""
    stream.seek(size - _END.size)
    mark, comment = _END.unpack(stream.read(_END.size))
    if mark != b"PK\x05\x06" or comment:
        raise _polyglot(path)
    at = 0
    for member in sorted(members, key=lambda each: each.header_offset):
        gap = member.header_offset - at
        if gap < 0 or gap > (_DESCRIPTOR if at else 0):
            raise _polyglot(path)
        stream.seek(member.header_offset)
        mark, name, extra = _LOCAL.unpack(stream.read(_LOCAL.size))
        if mark != b"PK\x03\x04":
            raise _broken(path, "its directory does not fit its parts")
        at = member.header_offset + _LOCAL.size + name + extra + member.compress_size
    if not 0 <= directory - at <= _DESCRIPTOR:
        raise _polyglot(path)


def _inflate(path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: PackageLimits) -> None:
    """Unpack everything once, keep nothing: sizes and check sums must be those that the directory says."""
    total = 0
    for member in members:
        own = 0
        with archive.open(member) as part:
            while piece := part.read(_PIECE):
                own += len(piece)
                total += len(piece)
                if own > member.file_size or total > limits.inflated:
                    raise _bomb(path, "grows beyond the sizes that its directory says")
        if own != member.file_size:
            raise _broken(path, "a part of it is cut off")


def _check_workbook(path: Path, names: set[str]) -> None:
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        if "xl/workbook.bin" in names:
            reason = "is a binary workbook (.xlsb)"
            raise Unreadable(f"{path.name} {reason}.", remedy="Save it as .xlsx or as CSV (UTF-8).", code="wrong_type")
        return
    what = "a ZIP archive, not a workbook"
    if any(name.startswith("word/") for name in names):
        what = "a Word document (DOCX)"
    elif any(name.startswith("ppt/") for name in names):
        what = "a presentation (PPTX)"
    elif "content.xml" in names:
        what = "an OpenDocument sheet or text (ODS, ODT)"
    raise Unreadable(f"{path.name} is {what}.", remedy=_EXPORT, code="wrong_type")


def _bomb(path: Path, reason: str) -> Unreadable:
    return Unreadable(f"{path.name} {reason}; nothing of it was read.", remedy=_EXPORT, code="zip_bomb")


def _broken(path: Path, reason: str) -> Unreadable:
    return Unreadable(f"{path.name} is a damaged workbook: {reason}.", remedy=_EXPORT, code="broken_package")


def _polyglot(path: Path) -> Unreadable:
    return Unreadable(
        f"{path.name} has bytes that belong to no part of a workbook; another file may hide there.",
        remedy=_EXPORT,
        code="polyglot",
    )
