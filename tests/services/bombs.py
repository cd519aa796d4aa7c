"""Hostile files: what somebody could upload to harm the node, each with the code of the refusal that it must meet."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

_CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def billion_laughs() -> bytes:
    """Entities that grow to gigabytes when they are resolved."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{levels}]>'
    return f"{head}<CONSOLIDATED_LIST>&l9;</CONSOLIDATED_LIST>".encode()


def outside_entity() -> bytes:
    """An entity that would bring a file of this machine into the text."""
    return (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b"<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>&x;</FIRST_NAME></INDIVIDUAL>"
        b"</INDIVIDUALS></CONSOLIDATED_LIST>"
    )


def workbook(parts: dict[str, bytes]) -> bytes:
    """A package with these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def zip_bomb() -> bytes:
    """A sheet of 48 MiB of blanks in a few dozen kilobytes."""
    return workbook({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * (48 * 1024 * 1024)})


def lying_directory() -> bytes:
    """A package whose directory says less than comes out."""
    whole = bytearray(workbook({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"A" * 100_000}))
    place = whole.rfind(b"PK\x01\x02")
    struct.pack_into("<I", whole, place + 24, 10)
    return bytes(whole)


def polyglot() -> bytes:
    """A web page and a workbook in one."""
    return b"<html><script>alert(1)</script></html>" + workbook({"xl/workbook.xml": b"<workbook/>"})


def polyglot_behind() -> bytes:
    """A workbook with a programme behind its end."""
    return workbook({"xl/workbook.xml": b"<workbook/>"}) + b"MZ" + bytes(4000)


def nested_json() -> bytes:
    """Brackets in brackets, deeper than any reader should follow."""
    return b'{"type": "bundle", "id": "bundle--1", "objects": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


def endless_quote() -> bytes:
    """A quote that is never closed, over many lines."""
    return b'name,born\n"' + b"x\n" * 50_000


REFUSED: dict[str, Callable[[], bytes]] = {
    "zip bomb": zip_bomb,
    "lying directory": lying_directory,
    "polyglot": polyglot,
    "polyglot behind": polyglot_behind,
    "programme": lambda: b"MZ\x90\x00" + bytes(range(256)) * 64,
    "elf": lambda: b"\x7fELF" + bytes(range(256)) * 64,
    "pdf": lambda: b"%PDF-1.7\n1 0 obj",
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "archive": lambda: workbook({"evil/../../etc/cron.d/x": b"* * * * * root sh"}),
    "web page": lambda: b"<!DOCTYPE html><html><body><script>fetch('/')</script></body></html>",
    "svg": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "gzip": lambda: b"\x1f\x8b\x08\x00" + bytes(50),
    "empty": lambda: b"",
    "blanks": lambda: b"  \r\n \r\n",
}
