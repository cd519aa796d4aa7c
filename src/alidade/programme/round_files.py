"""Files in which a round travels: the questions on their way out, the answer on its way back, each read strictly.

Two formats, JSON: `alidade-round` and `alidade-answer`, version 1. Neither says who asks or who answers: that is told
by the signature under the step that brings the file. A file that is not as its format asks is refused whole, and the
refusal names its place in the file, never what stands there.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from alidade.model.errors import Invalid, Unreadable
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.lists import codes
from alidade.programme.register import Record, Texts
from alidade.programme.rounds import Answer, Part, Question, Round, check_answer, check_round

__all__ = ["LARGEST_FILE", "AskedRound", "GivenAnswer", "answer_file", "read_answer_file", "read_round_file"]
__all__ += ["round_file"]

LARGEST_FILE: Final = 2 * 1024 * 1024
"""Bytes that a file of either format may have."""

_MOST: Final = 500  # questions of a round
_LIST: Final = 60  # entries of a list inside a reply
_KEY: Final = re.compile(r"^[0-9A-Za-z.()_-]{1,20}$")
_PLACE: Final = re.compile(r"`\$([^`]*)`")
_STEERING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_Reference = Annotated[str, Meta(min_length=32, max_length=32, pattern=r"^[0-9a-f]{32}$")]
_Language = Annotated[str, Meta(pattern=r"^[a-z]{2}(_[A-Z]{2})?$")]


class AskedRound(Record, frozen=True, kw_only=True):
    """`alidade-round`: the questions as they were asked.

    `reference` is that of the round where it is held; `paper` the number of the paper that the questions are on. Who
    else is asked is not told.
    """

    format: Literal["alidade-round"]
    version: Literal[1]
    reference: _Reference
    title: Texts
    paper: Annotated[str, Meta(max_length=80)] = ""
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=_MOST)]
    opens: dt.date
    cut_off: dt.date
    languages: Annotated[tuple[_Language, ...], Meta(min_length=1, max_length=10)] = ("en",)


class GivenAnswer(Record, frozen=True, kw_only=True):
    """`alidade-answer`: the replies to a round. `reference` is that of the round as it was asked.

    Whether it may be published and why it changes stand in the step that brings it, where people read them.
    """

    format: Literal["alidade-answer"]
    version: Literal[1]
    reference: _Reference
    parts: Annotated[tuple[Part, ...], Meta(max_length=_MOST)]
    contact: Annotated[str, Meta(max_length=200)] = ""
    translated: Annotated[tuple[_Language, ...], Meta(max_length=10)] = ()


class _Head(Struct, frozen=True, kw_only=True):
    format: str
    version: int


_File = TypeVar("_File", AskedRound, GivenAnswer)


def round_file(reference: str, round_: Round, paper: str = "") -> bytes:
    """The questions of a round as a file. Raises Invalid where this node itself would not take it."""
    content = msgspec.json.encode(
        AskedRound(
            format="alidade-round", version=1, reference=reference, title=round_.title, paper=paper[:80],
            questions=round_.questions, opens=round_.opens, cut_off=round_.cut_off, languages=round_.languages,
        )
    )  # fmt: skip
    read_round_file(content)
    return content


def answer_file(asked: AskedRound, answer: Answer) -> bytes:
    """The replies of an answer as a file for the round that was asked. Raises Invalid as `read_answer_file`."""
    content = msgspec.json.encode(
        GivenAnswer(
            format="alidade-answer", version=1, reference=asked.reference, parts=answer.parts,
            contact=answer.contact, translated=answer.translated,
        )
    )  # fmt: skip
    read_answer_file(content, asked.reference, _as_round(asked), state=answer.state)
    return content


def read_round_file(content: bytes) -> AskedRound:
    """The questions that a file holds. Raises Unreadable naming the place that is wrong, never what stands there."""
    found = _read(content, AskedRound)
    for place, question in enumerate(found.questions, 1):
        if not _KEY.match(question.key):
            raise _row(place, "questions", "key")
        if len(question.measure) > 20 or len(question.figures) > _LIST:
            raise _row(place, "questions")
        if any(not 0 < len(text) <= 200 for pair in question.figures for text in pair):
            raise _row(place, "questions", "figures")
    try:
        check_round(_as_round(found))
    except Invalid as error:
        raise Unreadable(error.message, remedy="Ask the authority that sent it for another file.") from error
    return found


def read_answer_file(content: bytes, reference: str, round_: Round, *, state: str) -> GivenAnswer:
    """The replies that a file holds to this round, by this State.

    Raises Unreadable naming the place that is wrong, never what stands there; so for another round as well.
    """
    found = _read(content, GivenAnswer)
    if found.reference != reference:
        raise Unreadable(
            "This is the answer to another round.",
            remedy="Ask the authority that sent it for another file.",
            code="other_round",
        )
    for place, part in enumerate(found.parts, 1):
        if round_.question(part.question) is None:
            raise _row(place, "parts", "question")
        if part.kind not in answer_kinds():
            raise _row(place, "parts", "kind")
        if part.obstacle and part.obstacle not in codes("obstacle_kinds"):
            raise _row(place, "parts", "obstacle")
        if max(len(part.evidence), len(part.figures), len(part.joint_with)) > _LIST:
            raise _row(place, "parts")
        if any(not math.isfinite(n) for figure in part.figures for n in (figure.value, *figure.parts)):
            raise _row(place, "parts", "figures")
    answer = Answer(round=reference, state=state, parts=found.parts)
    try:
        check_answer(answer, round_)
    except Invalid as error:
        raise Unreadable(error.message, remedy="Ask the authority that sent it for another file.") from error
    return found


def _as_round(asked: AskedRound) -> Round:
    return Round(title=asked.title, questions=asked.questions, opens=asked.opens, cut_off=asked.cut_off)


def _row(number: int, part: str, field: str = "") -> Unreadable:
    """Which row of which list is wrong, and where known in which field."""
    if not field:
        return Unreadable(
            f"Row {number} of the list {part} is not as the format of the file asks.",
            remedy="Ask the authority that sent it for another file.",
            code="file_wrong",
        )
    return Unreadable(
        f"Row {number} of the list {part}, field {field}, is not as the format of the file asks.",
        remedy="Ask the authority that sent it for another file.",
        code="file_wrong",
    )


def _field(name: str) -> Unreadable:
    """Which field outside the lists is wrong; without a name, that the fields are not those of the format."""
    if not name:
        return Unreadable(
            "The file lacks fields that its format asks for, or has others.",
            remedy="Ask the authority that sent it for another file.",
            code="file_wrong",
        )
    return Unreadable(
        f"The field {name} is not as the format of the file asks.",
        remedy="Ask the authority that sent it for another file.",
        code="file_wrong",
    )


def _read(content: bytes, kind: type[_File]) -> _File:
    wanted = "alidade-round" if kind is AskedRound else "alidade-answer"
    if len(content) > LARGEST_FILE:
        raise Unreadable(
            "The file of the round is too large.",
            remedy="Ask the authority that sent it for another file.",
            code="too_large",
        )
    try:
        head = msgspec.json.decode(content, type=_Head)
        if head.format != wanted:
            raise _field("format")
        if head.version != 1:
            raise Unreadable(
                "The file of the round has a version that this node does not know.",
                remedy="Ask your administrator for the newer program.",
                code="version",
            )
        found = msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        met = _PLACE.search(str(error))
        raise _at(met.group(1) if met else "") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable(
            "The file of the round cannot be read.", remedy="Ask the authority that sent it for another file."
        ) from None
    for place, text in _texts(msgspec.to_builtins(found), ""):
        if any((unicodedata.category(char) == "Cc" and char not in "\n\r\t") or char in _STEERING for char in text):
            raise _at(place)
    return found


def _at(path: str) -> Unreadable:
    """What is wrong at a path of the decoder, of which only the names of fields and the row are told."""
    row = re.match(r"^\.(parts|questions)\[(\d+)\](.*)$", path)
    if row:
        return _row(int(row.group(2)) + 1, row.group(1), _name(row.group(3)))
    return _field(_name(path))


def _name(path: str) -> str:
    known = re.match(r"^\.([a-z_]{1,20})", path)
    return known.group(1) if known else ""


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, f"{place}.{name}")
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _texts(each, f"{place}[{number}]")
