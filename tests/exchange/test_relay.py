"""What passes between a node and a relay beside envelopes, and what a relay sees of these."""

from __future__ import annotations

import pytest

from alidade.exchange.reasons import Refused
from alidade.exchange.relay import (
    MOST_NAMED,
    NotTaken,
    committed,
    kind_of_frame,
    not_taken,
    read_committed,
    read_not_taken,
)

DIGESTS = tuple(f"{number:064x}" for number in range(3))
WORD = NotTaken(recipient="de-bka", reason="relay_full", count=2)


def test_a_word_comes_back_as_it_was_given() -> None:
    assert read_committed(committed(DIGESTS)) == DIGESTS
    assert read_not_taken(not_taken([WORD])) == (WORD,)


def test_a_frame_is_known_by_its_beginning() -> None:
    frames = [b"ALIDENV\x01...", b"ALIDMAN\x01...", committed(DIGESTS), not_taken([WORD]), b"", b"GET /"]
    kinds = ["envelope", "manifest", "committed", "not_taken", "other", "other"]
    assert [kind_of_frame(frame) for frame in frames] == kinds


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"ALIDGOT", id="cut"),
        pytest.param(b"ALIDGOT\x02" + bytes(32), id="later version"),
        pytest.param(b"ALIDGOT\x01", id="names nothing"),
        pytest.param(b"ALIDGOT\x01" + bytes(33), id="half a name"),
        pytest.param(b"ALIDGOT\x01" + bytes(32 * (MOST_NAMED + 1)), id="too many"),
        pytest.param(b"ALIDREF\x01" + bytes(32), id="another word"),
    ],
)
def test_what_is_no_word_of_what_was_committed_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_committed(raw)


@pytest.mark.parametrize("raw", [b"ALIDREF\x01{}", b"ALIDREF\x01", not_taken([WORD]) + b" ", committed(DIGESTS)])
def test_what_is_no_word_of_what_was_not_taken_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_not_taken(raw)


@pytest.mark.parametrize("count", [0, MOST_NAMED + 1])
def test_a_word_names_so_many(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        committed(["0" * 64] * count)
