"""A true log never complains; whatever is changed, cut, swapped, replayed or forked is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.ledger.entry import Entry, canonical
from alidade.ledger.head import Ed25519Signer, Head, sign_head
from alidade.ledger.tree import MemoryNodes, Tree
from alidade.ledger.verify import Report, StoredEntry, verify_log
from alidade.model.merkle import EMPTY_ROOT, leaf_hash, root_of

NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)
OWNER = Ed25519Signer(key_id="key-1", private_key=bytes(range(32)))
STRANGER = Ed25519Signer(key_id="key-9", private_key=bytes(range(32, 64)))
KEYS = {"key-1": OWNER.public_key}


def line(sequence: int, word: str = "check") -> StoredEntry:
    at = NOON + timedelta(seconds=sequence)
    entry = Entry(act=word, at=at, authority=f"auth-{sequence % 3}", officer="off-1", epoch=1, decision="allowed")
    salt, body = sha256(b"%d" % sequence).digest()[:16], canonical(entry)
    return StoredEntry(
        sequence=sequence,
        leaf=leaf_hash(salt, body),
        salt=salt,
        body=body,
        at=at,
        act=entry.act,
        authority=entry.authority,
    )


def erase(stored: StoredEntry) -> StoredEntry:
    return replace(stored, salt=None, body=None)


def seal(lines: Sequence[StoredEntry], minute: int = 10, **fields: Any) -> Head:
    given: dict[str, Any] = {
        "origin": "node-a",
        "size": len(lines),
        "root": root_of([each.leaf for each in lines]),
        "at": NOON + timedelta(minutes=minute),
        "signer": OWNER,
    }
    return sign_head(**(given | fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    lines: tuple[StoredEntry, ...]
    heads: tuple[Head, ...]

    def verify(self, remembered: Head | None = None, keys: dict[str, bytes] = KEYS) -> Report:
        return verify_log(self.lines, self.heads, keys, remembered)


def make(size: int, *sealed: int) -> Log:
    """A true log of so many lines, sealed at these sizes and at its end."""
    lines = tuple(map(line, range(size)))
    sizes = [*sealed, size]
    return Log(lines=lines, heads=tuple(seal(lines[:each], 10 + at) for at, each in enumerate(sizes)))


def found(report: Report) -> list[tuple[str, int | None]]:
    return [(each.code, each.sequence) for each in report.problems]


def codes(report: Report) -> set[str]:
    return {each.code for each in report.problems}


def with_line(log: Log, index: int, **changes: Any) -> Log:
    changed = replace(log.lines[index], **changes)
    return replace(log, lines=(*log.lines[:index], changed, *log.lines[index + 1 :]))


def with_head(log: Log, index: int, head: Head) -> Log:
    return replace(log, heads=(*log.heads[:index], head, *log.heads[index + 1 :]))


@st.composite
def logs(draw: st.DrawFn, least: int = 0) -> Log:
    """True logs: any number of lines, some erased, sealed at any growing sizes and at the end."""
    size = draw(st.integers(least, 24))
    sealed = sorted(draw(st.lists(st.integers(0, size), max_size=4)))
    log = make(size, *sealed)
    erased = draw(st.sets(st.integers(0, size - 1), max_size=4)) if size else set()
    return replace(log, lines=tuple(erase(each) if each.sequence in erased else each for each in log.lines))


often = settings(derandomize=True, max_examples=200, deadline=None)


class TestTrueLog:
    @often
    @given(log=logs(), data=st.data())
    def test_never_complains(self, log: Log, data: st.DataObject) -> None:
        remembered = data.draw(st.none() | st.sampled_from(log.heads))
        report = log.verify(remembered)
        assert report.problems == ()
        assert report.sound
        assert report.entries == len(log.lines)
        assert report.heads == len(log.heads)
        assert report.erased == sum(each.body is None for each in log.lines)

    def test_empty_without_seals(self) -> None:
        assert verify_log((), (), {}) == Report(entries=0, erased=0, heads=0, problems=())

    def test_reads_streams_once(self) -> None:
        log = make(9, 3, 3, 5)
        assert verify_log(iter(log.lines), iter(log.heads), KEYS, log.heads[0]).sound

    def test_does_not_run_ahead_of_what_it_checks(self) -> None:
        """The seals are read in step with the lines: neither list is ever held."""
        log = make(6, 2, 4)
        trace: list[str] = []

        def told(name: str, things: Sequence[Any]) -> Iterator[Any]:
            for each in things:
                trace.append(name)
                yield each

        assert verify_log(told("line", log.lines), told("seal", log.heads), KEYS).sound
        assert trace == ["seal", "line", "line", "seal", "line", "line", "seal", "line", "line"]

    def test_agrees_with_the_growing_tree(self) -> None:
        lines = tuple(map(line, range(20)))
        tree = Tree(MemoryNodes())
        heads = []
        for each in lines:
            tree.append(each.leaf)
            heads.append(seal(lines[: tree.size], each.sequence, root=tree.root()))
        assert verify_log(lines, heads, KEYS, heads[7]).sound

    def test_several_keys(self) -> None:
        log = make(4, 2)
        log = with_head(log, 1, seal(log.lines, 11, signer=STRANGER))
        assert log.verify(keys=KEYS | {"key-9": STRANGER.public_key}).sound


class TestLines:
    def test_changed_body(self) -> None:
        other = line(2, "erase")
        report = with_line(make(5, 3), 2, body=other.body).verify()
        assert found(report) == [("leaf-differs", 2), ("column-differs", 2)]

    def test_changed_salt(self) -> None:
        assert found(with_line(make(5), 2, salt=bytes(16)).verify()) == [("leaf-differs", 2)]

    @pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
    def test_salt_of_another_length(self, salt: bytes) -> None:
        assert found(with_line(make(5), 2, salt=salt).verify()) == [("leaf-differs", 2)]

    def test_bytes_moved_between_salt_and_body(self) -> None:
        first = line(2)
        assert first.salt is not None
        assert first.body is not None
        log = with_line(make(5), 2, salt=first.salt + first.body[:1], body=first.body[1:])
        assert found(log.verify()) == [("leaf-differs", 2), ("body-unreadable", 2)]

    def test_body_changed_together_with_its_seal(self) -> None:
        log = make(5, 2)
        lines = (*log.lines[:2], line(2, "erase"), *log.lines[3:])
        report = replace(log, lines=lines).verify()
        assert found(report) == [("head-root", None), ("uncovered", 2)]

    def test_missing_salt(self) -> None:
        assert found(with_line(make(5), 2, salt=None).verify()) == [("salt-missing", 2)]

    def test_salt_kept_after_erasure(self) -> None:
        report = with_line(make(5), 2, body=None).verify()
        assert found(report) == [("salt-kept", 2)]
        assert report.erased == 1

    def test_erased_with_changed_leaf(self) -> None:
        report = with_line(make(5, 2), 2, body=None, salt=None, leaf=bytes(32)).verify()
        assert found(report) == [("head-root", None), ("uncovered", 2)]

    def test_bytes_moved_between_the_leaves_of_erased_lines(self) -> None:
        """31 bytes beside 33 hash like 32 beside 32, so the root would not notice."""
        log = make(2)
        joined = log.lines[0].leaf + log.lines[1].leaf
        log = with_line(log, 0, body=None, salt=None, leaf=joined[:31])
        log = with_line(log, 1, body=None, salt=None, leaf=joined[31:])
        assert found(log.verify())[:2] == [("leaf-length", 0), ("leaf-length", 1)]

    def test_leaf_cut_short_is_found_in_its_line_too(self) -> None:
        report = with_line(make(3), 1, leaf=line(1).leaf[:31]).verify()
        assert found(report)[:2] == [("leaf-length", 1), ("leaf-differs", 1)]

    @pytest.mark.parametrize(
        "changes",
        [
            {"at": line(2).at + timedelta(microseconds=1)},
            {"at": line(2).at.replace(tzinfo=None)},
            {"act": "Check"},
            {"authority": "auth-9"},
        ],
        ids=str,
    )
    def test_clear_column_that_disagrees(self, changes: dict[str, Any]) -> None:
        assert found(with_line(make(5), 2, **changes).verify()) == [("column-differs", 2)]

    def test_sealed_text_of_an_unknown_version(self) -> None:
        stored = line(2)
        assert stored.salt is not None
        assert stored.body is not None
        body = stored.body.replace(b'"version":1', b'"version":2')
        strange = replace(stored, body=body, leaf=leaf_hash(stored.salt, body))
        lines = (*map(line, range(2)), strange, line(3))
        assert found(verify_log(lines, [seal(lines)], KEYS)) == [("body-unreadable", 2)]


class TestOrder:
    def test_missing_line(self) -> None:
        log = make(5, 2)
        report = replace(log, lines=(*log.lines[:2], *log.lines[3:])).verify()
        assert found(report) == [("sequence-gap", 3), ("cut", None), ("uncovered", 2)]

    def test_missing_first_line(self) -> None:
        log = make(3)
        assert found(replace(log, lines=log.lines[1:]).verify())[0] == ("sequence-gap", 1)

    def test_gap_is_reported_once(self) -> None:
        lines = [line(0), line(3), line(4), line(5)]
        assert found(verify_log(lines, [seal(lines)], KEYS)) == [("sequence-gap", 3)]

    def test_repeated_line(self) -> None:
        lines = [line(0), line(1), line(1), line(2)]
        assert found(verify_log(lines, [seal(lines)], KEYS)) == [("sequence-repeated", 1)]

    def test_swapped_lines(self) -> None:
        log = make(4)
        lines = (log.lines[0], log.lines[2], log.lines[1], log.lines[3])
        report = replace(log, lines=lines).verify()
        assert found(report) == [
            ("sequence-gap", 2),
            ("sequence-repeated", 1),
            ("head-root", None),
            ("uncovered", 0),
        ]

    def test_swapped_lines_with_swapped_numbers(self) -> None:
        log = make(4)
        lines = (
            log.lines[0],
            replace(log.lines[2], sequence=1),
            replace(log.lines[1], sequence=2),
            log.lines[3],
        )
        assert found(replace(log, lines=lines).verify()) == [("head-root", None), ("uncovered", 0)]

    def test_replayed_line_with_a_new_number(self) -> None:
        log = make(4)
        lines = (*log.lines, replace(log.lines[1], sequence=4))
        assert found(replace(log, lines=lines).verify()) == [("uncovered", 4)]


class TestSeals:
    def test_lines_without_any_seal(self) -> None:
        log = make(3)
        assert found(replace(log, heads=()).verify()) == [("uncovered", 0)]

    def test_last_seal_taken_away(self) -> None:
        log = make(5, 3)
        report = replace(log, heads=log.heads[:1]).verify()
        assert found(report) == [("uncovered", 3)]
        assert report.heads == 1

    def test_lines_taken_away(self) -> None:
        log = make(5, 3)
        report = replace(log, lines=log.lines[:3]).verify()
        assert found(report) == [("cut", None)]
        assert (report.entries, report.heads) == (3, 2)

    def test_every_seal_beyond_the_end_is_checked(self) -> None:
        log = make(5, 4)
        late = seal(log.lines, 1, signer=STRANGER, origin="node-b")
        report = Log(lines=log.lines[:3], heads=(log.heads[0], late)).verify()
        assert found(report) == [
            ("cut", None),
            ("head-origin", None),
            ("head-signature", None),
            ("head-time", None),
            ("cut", None),
            ("uncovered", 0),
        ]

    def test_wrong_root(self) -> None:
        log = make(4, 2)
        report = with_head(log, 0, seal(log.lines[:2], 10, root=bytes(32))).verify()
        assert found(report) == [("head-root", None)]

    def test_wrong_root_of_the_empty_log(self) -> None:
        assert found(verify_log((), [seal((), root=bytes(32))], KEYS)) == [("head-root", None)]
        assert verify_log((), [seal((), root=EMPTY_ROOT)], KEYS).sound

    def test_unknown_key(self) -> None:
        log = make(4, 2)
        log = with_head(log, 0, seal(log.lines[:2], 10, signer=STRANGER))
        assert found(log.verify()) == [("head-signature", None)]

    def test_wrong_signature(self) -> None:
        log = make(4, 2)
        log = with_head(log, 1, replace(log.heads[1], signature=bytes(64)))
        assert found(log.verify()) == [("head-signature", None), ("uncovered", 2)]

    def test_other_log(self) -> None:
        log = make(4, 2)
        log = with_head(log, 1, seal(log.lines, 11, origin="node-b"))
        assert found(log.verify()) == [("head-origin", None), ("uncovered", 2)]

    def test_size_goes_down(self) -> None:
        report = make(5, 4, 2).verify()
        assert found(report) == [("head-size", None)]

    def test_size_goes_down_at_the_end(self) -> None:
        log = make(5)
        report = replace(log, heads=(*log.heads, seal(log.lines[:2], 30))).verify()
        assert found(report) == [("head-size", None)]

    def test_time_goes_back(self) -> None:
        log = make(5, 3)
        report = with_head(log, 1, seal(log.lines, 9)).verify()
        assert found(report) == [("head-time", None), ("uncovered", 3)]

    def test_time_is_held_against_the_latest_seal(self) -> None:
        log = make(5, 2, 3, 4)
        log = with_head(log, 1, seal(log.lines[:3], 5))
        log = with_head(log, 2, seal(log.lines[:4], 7))
        assert found(log.verify()) == [("head-time", None), ("head-time", None)]

    def test_same_time_and_size_are_no_step_back(self) -> None:
        log = make(3)
        assert replace(log, heads=log.heads * 2).verify().sound


class TestRememberedSeal:
    def test_cut_with_its_seals(self) -> None:
        log = make(8, 3, 5)
        cut = Log(lines=log.lines[:5], heads=log.heads[:2])
        assert cut.verify().sound  # the log alone cannot show it
        assert found(cut.verify(log.heads[2])) == [("rollback", None)]

    def test_emptied(self) -> None:
        log = make(3)
        assert found(verify_log((), (), KEYS, log.heads[0])) == [("rollback", None)]

    def test_rewritten_and_sealed_again(self) -> None:
        log = make(6)
        lines = (*log.lines[:2], line(2, "erase"), *log.lines[3:])
        rewritten = Log(lines=lines, heads=(seal(lines),))
        assert rewritten.verify().sound  # the log alone cannot show it
        assert found(rewritten.verify(seal(log.lines[:3]))) == [("fork", None)]
        assert rewritten.verify(seal(log.lines[:2])).sound

    def test_fork_at_the_last_line(self) -> None:
        log = make(6)
        lines = (*log.lines[:5], line(5, "erase"))
        assert found(Log(lines=lines, heads=(seal(lines),)).verify(log.heads[0])) == [("fork", None)]

    def test_of_the_empty_log(self) -> None:
        assert make(4).verify(seal(())).sound
        assert found(make(4).verify(seal((), root=bytes(32)))) == [("fork", None)]

    def test_of_another_log(self) -> None:
        log = make(4)
        assert found(log.verify(seal(log.lines, origin="node-b"))) == [("remembered-origin", None)]

    def test_without_a_known_signature(self) -> None:
        log = make(4)
        assert found(log.verify(seal(log.lines, signer=STRANGER))) == [("remembered-signature", None)]


def flip(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


def flip_text(value: str, bit: int) -> str:
    place = bit // 7 % len(value)
    return value[:place] + chr(ord(value[place]) ^ 1 << bit % 7) + value[place + 1 :]


Change = Callable[[Any, int], Any]
LINE_CHANGES: dict[str, Change] = {
    "sequence": lambda value, bit: value ^ 1 << bit % 8,
    "leaf": flip,
    "salt": flip,
    "body": flip,
    "at": lambda value, bit: value + timedelta(microseconds=1 << bit % 40),
    "act": flip_text,
    "authority": flip_text,
}
HEAD_CHANGES: dict[str, Change] = {
    "origin": flip_text,
    "size": lambda value, bit: value ^ 1 << bit % 8,
    "root": flip,
    "at": lambda value, bit: value + timedelta(microseconds=1 << bit % 40),
    "signature": flip,
    "key_id": flip_text,
}


class TestAnyChangeIsFound:
    @pytest.mark.parametrize("field", LINE_CHANGES)
    @often
    @given(log=logs(least=1), data=st.data(), bit=st.integers(0, 1 << 12))
    def test_one_bit_of_a_line(self, field: str, log: Log, data: st.DataObject, bit: int) -> None:
        index = data.draw(st.integers(0, len(log.lines) - 1))
        stored = log.lines[index]
        if stored.body is None and field != "leaf":
            stored = line(index)
        changed = replace(stored, **{field: LINE_CHANGES[field](getattr(stored, field), bit)})
        lines = (*log.lines[:index], changed, *log.lines[index + 1 :])
        report = replace(log, lines=lines).verify()
        assert not report.sound
        if stored.body is not None:
            assert report.problems[0].sequence in (index, changed.sequence)

    @pytest.mark.parametrize("field", HEAD_CHANGES)
    @often
    @given(log=logs(), data=st.data(), bit=st.integers(0, 1 << 12))
    def test_one_bit_of_a_seal(self, field: str, log: Log, data: st.DataObject, bit: int) -> None:
        index = data.draw(st.integers(0, len(log.heads) - 1))
        head = log.heads[index]
        changed = replace(head, **{field: HEAD_CHANGES[field](getattr(head, field), bit)})
        assert "head-signature" in codes(with_head(log, index, changed).verify())
        assert "remembered-signature" in codes(log.verify(changed))

    @often
    @given(log=logs(least=1), data=st.data())
    def test_a_cut_tail(self, log: Log, data: st.DataObject) -> None:
        left = data.draw(st.integers(0, len(log.lines) - 1))
        newest = log.heads[-1]
        without_lines = replace(log, lines=log.lines[:left])
        assert "cut" in codes(without_lines.verify())
        assert "rollback" in codes(without_lines.verify(newest))
        heads = tuple(each for each in log.heads if each.size <= left)
        both = Log(lines=log.lines[:left], heads=heads)
        assert codes(both.verify(newest)) >= {"rollback"}
        sealed = max((each.size for each in heads), default=0)
        assert codes(both.verify()) == ({"uncovered"} if sealed < left else set())
        assert "uncovered" in codes(replace(log, heads=heads).verify())

    @often
    @given(log=logs(least=2), data=st.data(), renumbered=st.booleans())
    def test_any_other_order(self, log: Log, data: st.DataObject, renumbered: bool) -> None:
        order = data.draw(st.permutations(range(len(log.lines))))
        lines = tuple(replace(log.lines[old], sequence=new if renumbered else old) for new, old in enumerate(order))
        report = replace(log, lines=lines).verify()
        assert report.sound == (order == list(range(len(log.lines))))

    @often
    @given(log=logs(least=1), data=st.data(), renumbered=st.booleans())
    def test_a_replayed_line(self, log: Log, data: st.DataObject, renumbered: bool) -> None:
        source = data.draw(st.integers(0, len(log.lines) - 1))
        target = data.draw(st.integers(0, len(log.lines)))
        lines = [*log.lines[:target], log.lines[source], *log.lines[target:]]
        if renumbered:
            lines = [replace(each, sequence=place) for place, each in enumerate(lines)]
        assert not replace(log, lines=tuple(lines)).verify().sound

    @often
    @given(log=logs(least=2), data=st.data())
    def test_a_missing_line(self, log: Log, data: st.DataObject) -> None:
        gone = data.draw(st.integers(0, len(log.lines) - 1))
        left = [each for each in log.lines if each.sequence != gone]
        renumbered = [replace(each, sequence=place) for place, each in enumerate(left)]
        for lines in (left, renumbered):
            assert not replace(log, lines=tuple(lines)).verify().sound

    @often
    @given(log=logs(least=1), data=st.data())
    def test_a_fork(self, log: Log, data: st.DataObject) -> None:
        """The owner of the key rewrites one line and seals everything again."""
        index = data.draw(st.integers(0, len(log.lines) - 1))
        lines = (*log.lines[:index], line(index, "erase"), *log.lines[index + 1 :])
        heads = tuple(seal(lines[: each.size], 10 + minute) for minute, each in enumerate(log.heads))
        forked = Log(lines=lines, heads=heads)
        assert forked.verify().sound
        for remembered in log.heads:
            expected = {"fork"} if remembered.size > index else set()
            assert codes(forked.verify(remembered)) == expected

    @often
    @given(log=logs(least=1), data=st.data(), bit=st.integers(0, 255))
    def test_erased_lines_with_a_changed_leaf(self, log: Log, data: st.DataObject, bit: int) -> None:
        index = data.draw(st.integers(0, len(log.lines) - 1))
        changed = replace(erase(log.lines[index]), leaf=flip(log.lines[index].leaf, bit))
        lines = (*log.lines[:index], changed, *log.lines[index + 1 :])
        report = replace(log, lines=lines).verify(log.heads[-1])
        assert {"head-root", "uncovered", "fork"} <= codes(report)


def test_messages_hold_no_names() -> None:
    log = make(5, 3)
    broken = Log(
        lines=(replace(log.lines[0], authority="auth-x"), *log.lines[2:]),
        heads=(*log.heads, seal(log.lines[:1], 1, origin="node-b", signer=STRANGER)),
    )
    report = broken.verify(seal(log.lines, origin="node-c"))
    assert len(report.problems) > 5
    told = " ".join(each.message for each in report.problems)
    assert not any(name in told for name in ("auth-", "off-1", "node-", "key-"))
