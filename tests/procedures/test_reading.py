"""Reading a procedure's file: every error says the line, the place and what to do."""

from __future__ import annotations

import json

import pytest
from procedure_play import SMALL

from alidade.model.errors import Unreadable
from alidade.procedures import definition_digest, definition_schema, in_language, read_definition
from alidade.procedures.definition import Text
from alidade.procedures.positions import positions_of


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "why", "remedy"),
    [
        ('"version": 1,', '"version": 1', '"title"', "not JSON", "commas"),
        ('"version": 1,', '"version": 0,', '"version"', r"\$\.version", "kind expected"),
        ('"version": 1,', '"version": 1, "colour": "red",', '"code"', "unknown field", "Remove the field"),
        ('"to_state": "answered",', '"to_stat": "answered",', '"to_stat"', "unknown field", "Remove"),
        ('"key": "r",', '"key": "R",', '"key": "R"', r"transitions\[1\]\.key", "small letters"),
        ('"does": "stop"', '"does": "halt"', '"does": "halt"', r"events\[2\]\.does", "one of the words"),
        ('"source": "House",', "", '"code"', "missing required field `source`", "Add the field"),
        ('"version": 1,', '"version": 1, "version": 2,', '"version"', "stands twice", "Keep one"),
    ],
)
def test_what_is_wrong_is_found_in_its_line(old: str, new: str, at: str, why: str, remedy: str) -> None:
    broken = SMALL.replace(old, new, 1)
    assert broken != SMALL
    with pytest.raises(Unreadable, match=why) as caught:
        read_definition(broken.encode(), "question.json")
    line = int(str(caught.value).split("line ")[1].split(":")[0])
    expected = line_of(broken, at)
    # An object that lacks or has a field begins in the line of its bracket, one before its first field.
    assert line in (expected, line_of(broken, '"code": "answer",\n   "key"') - 1, 1)
    assert str(caught.value).startswith("question.json, line ")
    assert remedy in caught.value.remedy


def test_other_encodings_and_bottomless_nesting_are_refused() -> None:
    with pytest.raises(Unreadable, match=r"line 2: it is not UTF-8"):
        read_definition(b'{\n"title": "\xe9t\xe9"}')
    with pytest.raises(Unreadable, match="nested too deep"):
        read_definition(b"[" * 200_000 + b"]" * 200_000)


def test_places_of_a_text() -> None:
    text = '{\n"a": [1,\n{"b": "x, \\"y\\": {"}],\n"c": {}, "d": [], "e": true\n}'
    assert json.loads(text)
    positions = positions_of(text)
    assert [positions.line(path) for path in ("$", "$.a", "$.a[0]", "$.a[1]", "$.a[1].b", "$.c", "$.e")] == [
        1, 2, 2, 3, 3, 4, 4,
    ]  # fmt: skip
    assert positions.line("$.a[1].nothing.here") == 3
    assert positions.line("$.lists[...]") == 1
    assert positions.line("elsewhere") == 1


def test_the_digest_tells_files_apart_by_what_they_say_not_by_their_layout() -> None:
    one = read_definition(SMALL.encode())
    assert definition_digest(one) == definition_digest(read_definition(json.dumps(json.loads(SMALL)).encode()))
    assert definition_digest(one) != definition_digest(read_definition(SMALL.replace("House", "Home").encode()))


def test_a_text_is_read_in_the_language_asked_for_or_the_next_best() -> None:
    text = Text(en="file", fr="dossier", pt="processo", pt_BR="caso")
    assert [in_language(text, tag) for tag in ("en", "fr-BE", "es", "pt", "pt_BR", "pt-br", "nl")] == [
        "file", "dossier", "file", "processo", "caso", "caso", "file",
    ]  # fmt: skip
    assert in_language(Text(es="expediente"), "en") == "expediente"
    assert in_language(Text(pt_BR="caso"), "fr") == "caso"


def test_the_schema_names_every_part_and_allows_nothing_else() -> None:
    schema = definition_schema()
    parts = schema["$defs"]
    assert {"Definition", "Role", "Form", "Field", "State", "Transition", "ClockUse", "Statistic"} <= set(parts)
    assert all(part["additionalProperties"] is False for name, part in parts.items() if name in ("Field", "State"))
    assert "moment" in parts["Field"]["properties"]["type"]["enum"]
