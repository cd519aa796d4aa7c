"""What stands before the root of an XML file, looked through before any parser sees a byte of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final

from alidade.formats.filetype import HEAD as HEAD_BYTES
from alidade.formats.filetype import foreign_type, read_head
from alidade.model.errors import Unreadable

LARGEST: Final = 512 * 1024 * 1024  # bytes of a file
_ENCODINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "utf-8",
        "utf-8": "utf-8",
        "utf8": "utf-8",
        "us-ascii": "utf-8",
        "ascii": "utf-8",
        "utf-16": "utf-16",
        "utf-16le": "utf-16",
        "utf-16be": "utf-16",
        "iso-8859-1": "latin-1",
        "latin1": "latin-1",
        "iso-8859-15": "iso-8859-15",
        "windows-1252": "cp1252",
    }
)
_DECLARATION = re.compile(r"<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_TAG = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")
_REFUSED = "Get the list from its publisher again, without a document type."


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlSource:
    """Where XML is read from: the name it is told by, its first bytes (64 KiB), its size, and how it is opened."""

    name: str
    head: bytes
    size: int
    opened: Callable[[], AbstractContextManager[IO[bytes]]]


def file_source(path: Path) -> XmlSource:
    """A file as a source. Raises Unreadable where it is missing, empty or no ordinary file."""
    head = read_head(path)
    return XmlSource(name=path.name, head=head, size=path.stat().st_size, opened=lambda: path.open("rb"))


def root_name(path: Path) -> str:
    """The local name of the outermost element. Raises Unreadable for what is no XML or has a document type."""
    head = XmlHead(file_source(path))
    found = _TAG.match(head.text, head.start)
    if found is None:
        raise no_xml(path.name)
    return found[1]


def no_xml(name: str) -> Unreadable:
    """The refusal of a file that is no XML."""
    return Unreadable(f"{name} is no XML.", remedy="Give the list in its XML form.", code="no_xml")


class XmlHead:
    """The encoding of the file, its first letters (64 KiB), and where among them the root begins.

    Raises Unreadable for what is no XML, too large, in an encoding not taken, or has a document type.
    """

    def __init__(self, source: XmlSource, largest: int = LARGEST) -> None:
        if source.size > largest:
            raise Unreadable(
                f"{source.name} is larger than {largest} bytes.", remedy="Check the file.", code="too_large"
            )
        self.encoding = _encoding(source.name, source.head)
        self.text = source.head.decode(self.encoding, "replace").removeprefix("\ufeff")
        self.start = self._root(source.name)

    def _root(self, name: str) -> int:
        """Where the root begins; only declarations, comments and blanks may stand before it."""
        place, text = 0, self.text
        while place < len(text):
            if text[place].isspace():
                place += 1
                continue
            end = -1
            if text.startswith("<!--", place):
                end = text.find("-->", place + 4)
            elif text.startswith("<?", place):
                end = text.find("?>", place + 2)
            elif text.startswith("<!", place):
                foreign = foreign_type(text[place:].encode())
                if foreign is not None and "HTML" in foreign[0]:
                    raise Unreadable(f"{name} is {foreign[0]}.", remedy=foreign[1], code="wrong_type")
                raise document_type(name)
            elif text[place] == "<" and text[place + 1 : place + 2].strip():
                return place
            if end < 0:
                break
            place = text.index(">", end) + 1
        raise no_xml(name)


def document_type(name: str) -> Unreadable:
    """The refusal of a file with a document type (DTD), through which entity bombs and foreign files come."""
    return Unreadable(
        f"{name} has a document type; such a file can hide harm and nothing of it was read.",
        remedy=_REFUSED,
        code="document_type",
    )


def _encoding(name: str, raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _bad_encoding(name)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARATION.match(raw[:256].removeprefix(codecs.BOM_UTF8).decode("latin-1"))
    found = _ENCODINGS.get(declared[1].lower() if declared else "")
    if found is None or found == "utf-16":
        raise _bad_encoding(name)
    return found


def _bad_encoding(name: str) -> Unreadable:
    return Unreadable(
        f"{name} says it is in an encoding that is not taken here.",
        remedy="Get it in UTF-8.",
        code="encoding",
    )


__all__ = ["HEAD_BYTES", "LARGEST", "XmlHead", "XmlSource", "document_type", "file_source", "no_xml", "root_name"]
