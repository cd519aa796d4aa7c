"""A line of the log has exactly one spelling, and nothing else is read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.ledger.entry import LARGEST, Entry, EntryError, canonical, decode

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)
PLAIN = Entry(act="check", at=NOON, authority="auth-a", officer="off-1", epoch=3, decision="allowed")
FULL = replace(
    PLAIN,
    at=NOON.replace(microsecond=4),
    purpose="prevention",
    case="case-7",
    justification='Zoë asked:\n"why" \\ \x1f\x7f \u2028 / \U0001f50e',
    legal_ground="art-10",
    objects=("id-2", "id-1"),
    query_commitment="0f" * 32,
    results=2,
    details=(("peer", "node-b"), ("channel", "desk")),
    decision="refused",
)

text = st.text(max_size=12)
named = st.text(min_size=1, max_size=12)
counts = st.integers(0, LARGEST)
entries = st.builds(
    Entry,
    act=named,
    at=st.datetimes(timezones=st.just(UTC)),
    authority=named,
    officer=named,
    purpose=st.none() | text,
    case=st.none() | text,
    justification=st.none() | text,
    legal_ground=st.none() | text,
    objects=st.lists(text, max_size=4).map(tuple),
    query_commitment=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
    results=st.none() | counts,
    details=st.lists(st.tuples(text, text), max_size=3).map(tuple),
    epoch=counts,
    decision=st.sampled_from(["allowed", "refused"]),
)


def as_plain_object(entry: Entry) -> dict[str, Any]:
    """The same line written by hand, for an encoder that knows nothing of ours."""
    return {
        "version": 1,
        "act": entry.act,
        "at": entry.at.replace(tzinfo=None).isoformat() + "Z",
        "authority": entry.authority,
        "officer": entry.officer,
        "purpose": entry.purpose,
        "case": entry.case,
        "justification": entry.justification,
        "legal_ground": entry.legal_ground,
        "objects": list(entry.objects),
        "query_commitment": entry.query_commitment,
        "results": entry.results,
        "details": [list(pair) for pair in entry.details],
        "epoch": entry.epoch,
        "decision": entry.decision,
    }


def test_golden_bytes() -> None:
    """These bytes are in logs that must verify for years: a change here needs a new version."""
    assert canonical(PLAIN) == (
        b'{"act":"check","at":"2031-05-06T12:00:00Z","authority":"auth-a","case":null,"decision":"allowed",'
        b'"details":[],"epoch":3,"justification":null,"legal_ground":null,"objects":[],"officer":"off-1",'
        b'"purpose":null,"query_commitment":null,"results":null,"version":1}'
    )


@settings(derandomize=True, max_examples=400, deadline=None)
@given(entries)
def test_equal_to_rfc_8785(entry: Entry) -> None:
    assert canonical(entry) == rfc8785.dumps(as_plain_object(entry))


def test_every_character_class_is_written_as_rfc_8785_does() -> None:
    every = "".join(map(chr, [*range(0x300), 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0x10000, 0x10FFFF]))
    entry = replace(FULL, justification=every)
    assert canonical(entry) == rfc8785.dumps(as_plain_object(entry))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(entries)
def test_read_back_as_written(entry: Entry) -> None:
    assert decode(canonical(entry)) == entry


@settings(derandomize=True, max_examples=200, deadline=None)
@given(entries, entries)
def test_two_lines_never_share_bytes(one: Entry, other: Entry) -> None:
    assert (canonical(one) == canonical(other)) == (one == other)


def edited(**changes: Any) -> bytes:
    return rfc8785.dumps(as_plain_object(FULL) | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"version": 0},
        {"version": "1"},
        {"version": None},
        {"extra": None},
        {"decision": "perhaps"},
        {"epoch": -1},
        {"epoch": 1.5},
        {"epoch": True},
        {"results": -1},
        {"results": "2"},
        {"query_commitment": "0F" * 32},
        {"query_commitment": "0f" * 31},
        {"query_commitment": "0f" * 32 + "\n"},
        {"at": "2031-05-06T12:00:00"},
        {"at": "2031-05-06T12:00:00+02:00"},
        {"at": "2031-05-06T12:00:00.000000Z"},
        {"at": "2031-05-06T12:00:00+00:00"},
        {"at": "2031-05-06T12:00:00.1234567Z"},
        {"at": 1},
        {"act": ""},
        {"authority": ""},
        {"officer": ""},
        {"officer": None},
        {"objects": None},
        {"objects": [1]},
        {"details": [["only one"]]},
        {"details": {"peer": "node-b"}},
    ],
    ids=str,
)
def test_foreign_lines_are_refused(changes: dict[str, Any]) -> None:
    assert decode(edited()) == FULL
    with pytest.raises(EntryError):
        decode(edited(**changes))


@pytest.mark.parametrize("field", sorted(as_plain_object(FULL)))
def test_no_field_may_be_missing(field: str) -> None:
    left = {name: value for name, value in as_plain_object(FULL).items() if name != field}
    with pytest.raises(EntryError):
        decode(rfc8785.dumps(left))


def test_version_may_not_be_left_to_a_default() -> None:
    data = canonical(PLAIN).replace(b',"version":1', b"")
    with pytest.raises(EntryError, match="canonical form"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(as_plain_object(PLAIN), sort_keys=True).encode(),
        json.dumps(as_plain_object(PLAIN), separators=(",", ":")).encode(),
        canonical(PLAIN) + b"\n",
        b" " + canonical(PLAIN),
        canonical(PLAIN).replace(b'"check"', b'"\\u0063heck"'),
        canonical(PLAIN).replace(b'{"act"', b'{"act":"other","act"'),
        canonical(PLAIN)[:-1],
        canonical(PLAIN) + canonical(PLAIN),
        canonical(PLAIN).replace(b"off-1", b"off-\xff"),
        canonical(PLAIN).replace(b"off-1", b"\\ud800"),
        b"",
        b"null",
        b"[]",
    ],
)
def test_other_spellings_are_refused(data: bytes) -> None:
    with pytest.raises(EntryError):
        decode(data)


def test_refusal_does_not_quote_the_line() -> None:
    with pytest.raises(EntryError) as refused:
        decode(edited(decision="Zoë Secret"))
    assert "Secret" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"act": ""}, "must be given"),
        ({"authority": ""}, "must be given"),
        ({"officer": ""}, "must be given"),
        ({"at": NOON.replace(tzinfo=None)}, "UTC"),
        ({"at": NOON.astimezone(timezone(timedelta(hours=1)))}, "UTC"),
        ({"query_commitment": ""}, "hex digits"),
        ({"query_commitment": "a" * 63}, "hex digits"),
        ({"query_commitment": "A" * 64}, "hex digits"),
        ({"epoch": -1}, "whole numbers"),
        ({"epoch": LARGEST + 1}, "whole numbers"),
        ({"epoch": True}, "whole numbers"),
        ({"results": -1}, "whole numbers"),
        ({"results": LARGEST + 1}, "whole numbers"),
        ({"results": False}, "whole numbers"),
    ],
)
def test_a_line_that_could_not_be_read_back_is_not_made(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(EntryError, match=reason):
        replace(PLAIN, **changes)


def test_limits_are_inclusive() -> None:
    assert LARGEST == 9_007_199_254_740_991
    entry = replace(PLAIN, epoch=LARGEST, results=0)
    assert decode(canonical(entry)) == entry


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(EntryError, match="UTF-8"):
        canonical(replace(PLAIN, justification="secret \ud800"))
