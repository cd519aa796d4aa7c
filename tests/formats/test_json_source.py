"""JSON lines and documents: limits, strictness, and bad lines that spoil only themselves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from alidade.formats.json_source import (
    BadJson,
    JsonLimits,
    JsonLine,
    decode_json,
    items,
    json_text,
    members,
    read_json_document,
    read_json_lines,
)
from alidade.formats.rejects import RejectWriter, erase_rows
from alidade.formats.table import TEXT_COLUMN, open_table
from alidade.model.draft import Problem
from alidade.model.errors import Unreadable


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"a":1,"a":2}', "key_twice"),
        (b'{"a":1,"\\u0061":2}', "key_twice"),
        (b'{"x":[{"a":{"b":1,"b":1}}]}', "key_twice"),
        (b'{"a":NaN}', "json"),
        (b'{"a":-Infinity}', "json"),
        (b'"\\ud800"', "surrogate"),
        (b'"\\udc00\\ud800"', "surrogate"),
        (b'"\\ud800 \\udc00"', "surrogate"),
        (b'"\xed\xa0\x80"', "encoding"),
        (b'"\xff"', "encoding"),
        (b"[" * 65 + b"]" * 65, "depth"),
        (b"[" * 100_000, "depth"),
        (b'{"a":1', "truncated"),
        (b"", "truncated"),
        (b"[1,]", "json"),
        (b"[1] x", "json"),
        (b'"a\nb"', "json"),
        (b"9" * 5000, "number"),
    ],
)
def test_refuses(text: bytes, code: str) -> None:
    with pytest.raises(BadJson) as error:
        decode_json(text)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a":{"k":1},"b":{"k":":\\""}}', {"a": {"k": 1}, "b": {"k": ':"'}}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"a\\\\ud800"', "a\\ud800"),
        (b"[" * 64 + b"]" * 64, None),
        (b'["[[[[", "\\"[{"]', ["[[[[", '"[{']),
    ],
)
def test_takes(text: bytes, value: object) -> None:
    found = decode_json(text)
    assert found == value or value is None


def test_digits_stay_as_written() -> None:
    assert decode_json(b'{"a":1.50}') == {"a": Decimal("1.50")}
    assert json_text(decode_json(b'{"a":1.50,"b":[true,null]}')) == '{"a":1.50,"b":[true,null]}'


def test_members_and_items_see_twins_without_decoding() -> None:
    assert [bytes(each) for each in items(b'[1, {"a":[2]}]')] == [b"1", b'{"a":[2]}']
    assert set(members(b'{"a":{"x":1},"b":{"x":2}}')) == {"a", "b"}
    for text in (b'{"a":{"x":1},"a":{"y":2}}', b'{"a":1,"a":2}'):
        with pytest.raises(BadJson, match="twice"):
            members(text)
    with pytest.raises(BadJson) as error:
        members(b"[]")
    assert error.value.code == "no_object"


def test_a_bad_line_spoils_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a":1}\r\n\n[1]\n{"b":"secret","b":1}\n{"c":"\xff"}\n{"d":2}\n{"e":"secr')
    found = list(read_json_lines(path))
    assert [each.number for each in found if isinstance(each, JsonLine)] == [1, 6]
    problems = {each.place.row: each for each in found if isinstance(each, Problem)}
    assert {row: each.code for row, each in problems.items()} == {
        3: "no_object",
        4: "key_twice",
        5: "encoding",
        7: "truncated",
    }
    assert all(each.fatal and "secr" not in each.reason for each in problems.values())
    assert problems[4].raw == {TEXT_COLUMN: '{"b":"secret","b":1}'}
    assert problems[5].raw == {TEXT_COLUMN: '{"c":"\\xff"}'}
    assert problems[7].raw == {TEXT_COLUMN: '{"e":"secr'}


def test_a_whole_last_line_without_end_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_bytes(b'{"a":1}\n{"a":2}')
    assert [type(each) for each in read_json_lines(path)] == [JsonLine, JsonLine]


def test_rejected_lines_go_into_a_reject_file_that_can_be_erased(tmp_path: Path) -> None:
    path, rejects = tmp_path / "list.jsonl", tmp_path / "rejects.csv"
    path.write_bytes(b'{"a":"x, \\"y\\"",}\n{"b":1,"b":2}\n')
    with RejectWriter(rejects, ()) as writer:
        for item in read_json_lines(path):
            assert isinstance(item, Problem)
            writer.write(item)
    assert open_table(rejects, header=True).is_reject
    assert b'{""a"":""x, \\""y\\"""",}' in rejects.read_bytes()
    assert erase_rows(rejects, lambda row: "y" in row[TEXT_COLUMN]) == 1


def test_sizes_are_capped(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_bytes(b'{"a":"' + b"x" * 100 + b'"}\n{"a":1}\n')
    found = list(read_json_lines(path, JsonLimits(line=50)))
    assert isinstance(found[0], Problem)
    assert found[0].code == "line_too_long"
    assert isinstance(found[1], JsonLine)
    with pytest.raises(Unreadable) as error:
        read_json_document(path, JsonLimits(document=50))
    assert error.value.code == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"a": [1, 2', "truncated"),
        (b"{'a': 1}", "json"),
        ('{"a":1}'.encode("utf-16"), "encoding"),
        (b"", "empty"),
        (b'{"a":' + b"[" * 200_000, "depth"),
    ],
)
def test_documents_that_are_none(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "document.json"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as error:
        read_json_document(path)
    assert error.value.code == code


def test_an_unclosed_text_of_escapes_takes_no_time_out_of_proportion() -> None:
    with pytest.raises(BadJson):
        decode_json(b'{"a' + b'\\"' * 500_000)
    with pytest.raises(BadJson):
        decode_json(b'["' + b"\\ud83d" * 100_000)
