"""What a file really is, told from its first bytes, so that the refusal can say what to do instead."""

from __future__ import annotations

import stat
from pathlib import Path

from alidade.model.errors import Unreadable

HEAD = 64 * 1024  # bytes looked at

_TEXT_REMEDY = "Open it in its own program and save the list as CSV (UTF-8)."
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", "A PDF cannot be read as a table; ask for the list behind it as CSV."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file (.xls, .doc)", _TEXT_REMEDY),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first and give the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first and give the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it first and give the file inside."),
    (b"BZh", "a bzip2 archive", "Unpack it first and give the file inside."),
    (b"\xfd7zXZ", "an XZ archive", "Unpack it first and give the file inside."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table that you mean as CSV."),
    (b"PAR1", "a Parquet file", "Export it as CSV."),
    (b"\x89PNG", "a picture (PNG)", "A picture cannot be read as a table."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "A picture cannot be read as a table."),
    (b"{\\rtf", "an RTF document", _TEXT_REMEDY),
    (b"\xff\xfe\x00\x00", "a text in UTF-32", "Save it as UTF-8."),
    (b"\x00\x00\xfe\xff", "a text in UTF-32", "Save it as UTF-8."),
)


def read_head(path: Path) -> bytes:
    """The first bytes (at most 64 KiB) of an ordinary file.

    Raises Unreadable for a missing or empty file, a folder, and a device or pipe (which could wait for ever).
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable(f"{path.name} is a folder, not a file.", remedy="Name the file.", code="folder")
        if not stat.S_ISREG(mode):
            raise Unreadable(f"{path.name} is no ordinary file.", remedy="Copy it first.", code="not_a_file")
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except FileNotFoundError as error:
        raise Unreadable(f"There is no file {path.name}.", remedy="Check the path.", code="no_file") from error
    except (OSError, ValueError) as error:
        raise Unreadable(
            f"{path.name} cannot be opened: {type(error).__name__}.",
            remedy="Check its rights.",
            code="no_access",
        ) from error
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n\x1a") and len(head) < HEAD:
        raise Unreadable(f"{path.name} is empty.", remedy="Check that the export worked.", code="empty")
    return head


def foreign_type(head: bytes) -> tuple[str, str] | None:
    """What the bytes are if no delimited text, as (what it is, what to do); None where they may be text."""
    for signature, name, remedy in _SIGNATURES:
        if head.startswith(signature):
            return name, remedy
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(head)
    return _markup_type(head) or _binary_type(head)


def _zip_type(head: bytes) -> tuple[str, str]:
    if b"xl/" in head:
        return "an Excel workbook (XLSX)", _TEXT_REMEDY
    if b"opendocument.spreadsheet" in head:
        return "an OpenDocument sheet (ODS)", _TEXT_REMEDY
    if b"word/" in head:
        return "a Word document (DOCX)", _TEXT_REMEDY
    return "a ZIP archive", "Unpack it first and give the file inside."


def _markup_type(head: bytes) -> tuple[str, str] | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:512].lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page (HTML)", "Download the list itself, not the page that shows it."
    if text.startswith((b"<?xml", b"<!doctype", b"<!--")):
        return "an XML document", "It is no table; choose the reader for this XML list."
    if text[:1] in (b"{", b"[") and text[1:].lstrip()[:1] in (b'"', b"{", b"[", b"}", b"]", b""):
        return "a JSON document", "It is no table; choose the reader for this JSON format."
    return None


def _binary_type(head: bytes) -> tuple[str, str] | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    zeros = head.count(0)
    if zeros * 3 > len(head) and (head[1::2].count(0) > zeros * 0.9 or head[::2].count(0) > zeros * 0.9):
        return "a text in UTF-16 without byte order mark", "Save it as UTF-8."
    controls = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 11, 12, 13, 26, 27))
    if controls * 20 > len(head):
        return "a binary file", "Give a delimited text (CSV)."
    return None
