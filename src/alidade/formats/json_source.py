"""JSON from elsewhere: lines or one large document, read within limits, so that a bad line spoils only itself.

RFC 8259 and I-JSON (RFC 7493): UTF-8 only, no key twice in one object, no NaN, no half of a surrogate pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from alidade.formats.encoding import TooLong, raw_lines
from alidade.formats.filetype import read_head
from alidade.formats.table import TEXT_COLUMN
from alidade.model.draft import Place, Problem
from alidade.model.errors import Unreadable

MIB: Final = 1024 * 1024
JsonObject: TypeAlias = "dict[str, object]"

_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_KEY: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?([ \t\r\n]*+:)?', re.DOTALL)
_NOT_BRACKETS: Final = bytes(sorted(set(range(256)) - set(b"[]{}")))
_ESCAPES: Final = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class BadJson(Exception):
    """A piece of text is no JSON that may be taken; `code` is stable, `reason` has no value in it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLimits:
    """How long a line and a document may be, in bytes, and how deep lists and objects may lie in each other."""

    line: int = 4 * MIB
    document: int = 256 * MIB
    depth: int = 64


DEFAULT_JSON_LIMITS: Final = JsonLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLine:
    """One line that holds one JSON object; lines count from 1."""

    number: int
    value: JsonObject
    text: str


def read_json_lines(path: Path, limits: JsonLimits = DEFAULT_JSON_LIMITS) -> Iterator[JsonLine | Problem]:
    """The objects of a file with one JSON object in each line, and a problem for each line that is none.

    Problems are fatal for their line and carry it under `alidade_text`. Empty lines are passed over and counted.
    A last line that ends in the middle has the code `truncated`. Raises Unreadable for a file that is no UTF-8 text
    or cannot be read.
    """
    _utf8_head(path)
    encoding = "utf-8-sig" if read_head(path).startswith(b"\xef\xbb\xbf") else "utf-8"
    for number, line in enumerate(raw_lines(path, encoding, limits.line), start=1):
        place = Place(file=path.name, row=number)
        if isinstance(line, TooLong):
            reason = f"The line is longer than {limits.line} bytes; it was not read."
            yield Problem(place=place, field="", code="line_too_long", reason=reason)
            continue
        body = line.strip(b" \t\r\n")
        if not body:
            continue
        try:
            value = decode_json(body, limits)
            if not isinstance(value, dict):
                raise BadJson("no_object", "The line holds no JSON object.")
        except BadJson as error:
            yield _line_problem(place, body, error, last=not line.endswith(b"\n"))
        else:
            yield JsonLine(number=number, value=value, text=body.decode())


def _line_problem(place: Place, body: bytes, error: BadJson, *, last: bool) -> Problem:
    code, reason = error.code, error.reason
    if last and code in ("json", "truncated", "encoding"):
        code, reason = "truncated", "The last line ends in the middle; the file may have been cut off."
    return Problem(place=place, field="", code=code, reason=reason, raw=json_raw(body))


def json_raw(text: bytes | str) -> dict[str, str]:
    """A piece of JSON as a reject file keeps it: one line under `alidade_text`."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    # Outside of its strings a line end means nothing in JSON, and inside of them it cannot stand.
    return {TEXT_COLUMN: text.replace("\r", " ").replace("\n", " ")}


def json_text(value: object) -> str:
    """A value as JSON in one line."""
    return msgspec.json.Encoder(decimal_format="number").encode(value).decode()


def decode_json(text: bytes | msgspec.Raw, limits: JsonLimits = DEFAULT_JSON_LIMITS) -> object:
    """The value of a JSON text; numbers with a fraction are Decimal, so that their digits stay as written.

    Raises BadJson: json, truncated, encoding, surrogate, number, depth or key_twice.
    """
    text = bytes(text)
    _check_depth(text, limits.depth)
    try:
        value: object = msgspec.json.Decoder(float_hook=_decimal).decode(text)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise _bad(text, error) from error
    if _count_keys(value) != _key_marks(text):
        raise BadJson("key_twice", "A key stands twice in one object; which value counts cannot be told.")
    return value


def members(text: bytes | msgspec.Raw) -> dict[str, msgspec.Raw]:
    """The members of an object as they stand, without decoding them. Raises BadJson."""
    try:
        found = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise BadJson("no_object", "Something else than an object stands here.") from error
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise _bad(bytes(text), error) from error
    if _key_marks(text) != len(found) + sum(_key_marks(value) for value in found.values()):
        # Keys of a value that a second one of the same name has replaced are missing in the sum.
        raise BadJson("key_twice", "A key stands twice in one object; which value counts cannot be told.")
    return found


def items(text: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    """The items of a list as they stand, without decoding them. Raises BadJson."""
    try:
        return msgspec.json.decode(text, type=list[msgspec.Raw])
    except msgspec.ValidationError as error:
        raise BadJson("no_list", "Something else than a list stands here.") from error
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise _bad(bytes(text), error) from error


def read_json_document(path: Path, limits: JsonLimits = DEFAULT_JSON_LIMITS) -> bytes:
    """The bytes of one JSON document within the limit, checked to be JSON as a whole but not yet decoded.

    Raises Unreadable for what is too large, no UTF-8, cut off or no JSON; the sentence names the place in bytes.
    """
    _utf8_head(path)
    try:
        with path.open("rb") as stream:
            text = stream.read(limits.document + 1)
    except OSError as error:
        raise Unreadable(
            f"{path.name} cannot be read to its end: {type(error).__name__}.",
            remedy="Check the medium it lies on.",
            code="no_access",
        ) from error
    if len(text) > limits.document:
        raise Unreadable(
            f"{path.name} is larger than {limits.document // MIB} MiB.",
            remedy="Ask for it in parts, or as one JSON object in each line.",
            code="too_large",
        )
    text = text.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n")
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        bad = _bad(text, error)
        raise Unreadable(
            f"{path.name}: {bad.reason}", remedy="Ask the sender for the whole file again.", code=bad.code
        ) from error
    return text


def _utf8_head(path: Path) -> None:
    if read_head(path).startswith(_UTF16):
        raise Unreadable(
            f"{path.name} is a text in UTF-16.", remedy="JSON is exchanged in UTF-8; save it so.", code="encoding"
        )


def _bad(text: bytes, error: Exception) -> BadJson:
    if isinstance(error, RecursionError):
        return BadJson("depth", "Lists and objects lie too deep in each other.")
    try:
        text.decode()
    except UnicodeDecodeError as wrong:
        return BadJson("encoding", f"Byte {wrong.start} is no UTF-8.")
    if _half_pair(text):
        return BadJson("surrogate", "A text holds half of a pair of surrogates, which is no letter.")
    if isinstance(error, msgspec.ValidationError) or not isinstance(error, msgspec.DecodeError):
        return BadJson("number", "A number is out of range.")
    if "truncated" in str(error):
        return BadJson("truncated", "The text ends in the middle; it may have been cut off.")
    return BadJson("json", f"This is no JSON: {str(error).removeprefix('JSON is malformed: ')}.")


def _half_pair(text: bytes) -> bool:
    high_end = -1
    for found in _ESCAPES.finditer(text):
        unit = int(found[1], 16) if found[1] else 0
        if high_end >= 0 and not (found.start() == high_end and 0xDC00 <= unit < 0xE000):
            return True
        if high_end < 0 and 0xDC00 <= unit < 0xE000:
            return True
        high_end = found.end() if 0xD800 <= unit < 0xDC00 else -1
    return high_end >= 0


def _check_depth(text: bytes, cap: int) -> None:
    if text.count(b"[") + text.count(b"{") <= cap:
        return
    depth = 0
    for bracket in _STRING.sub(b"", text).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > cap:
            raise BadJson("depth", f"Lists and objects lie deeper in each other than {cap}.")


def _key_marks(text: bytes | msgspec.Raw) -> int:
    return sum(1 for found in _KEY.finditer(text) if found[1])


def _count_keys(value: object) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_count_keys(each) for each in value.values() if isinstance(each, dict | list))
    if isinstance(value, list):
        return sum(_count_keys(each) for each in value if isinstance(each, dict | list))
    return 0


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError from error
