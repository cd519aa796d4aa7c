"""A bundle verifies without the installation, and whatever is changed in it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from alidade.ledger.bundle import BundleError, entry_line, top_line, verify_bundle
from alidade.ledger.entry import Entry, canonical
from alidade.ledger.head import Ed25519Signer, Head, sign_head
from alidade.ledger.tree import MemoryNodes, Tree
from alidade.ledger.verify import StoredEntry
from alidade.model.merkle import leaf_hash

START = datetime(2026, 6, 16, 9, tzinfo=UTC)
SIGNER = Ed25519Signer(key_id="k", private_key=b"\x01" * 32)


def _log(count: int, erased: frozenset[int] = frozenset()) -> tuple[Tree, list[StoredEntry]]:
    tree = Tree(MemoryNodes())
    stored = []
    for number in range(count):
        authority = "nl" if number % 3 else "de"
        entry = Entry(act="check", at=START, authority=authority, officer="o", epoch=0, decision="allowed")
        salt, body = bytes([number]) * 16, canonical(entry)
        leaf = leaf_hash(salt, body)
        tree.append(leaf)
        gone = number in erased
        stored.append(
            StoredEntry(
                sequence=number,
                leaf=leaf,
                salt=None if gone else salt,
                body=None if gone else body,
                at=START,
                act="check",
                authority=authority,
            )
        )
    return tree, stored


def _head(tree: Tree, size: int | None = None, signer: Ed25519Signer = SIGNER) -> Head:
    count = tree.size if size is None else size
    return sign_head(origin="ledger", size=count, root=tree.root(count), at=START + timedelta(count), signer=signer)


def _bundle(count: int = 20, since: int | None = None) -> tuple[list[bytes], Tree]:
    tree, stored = _log(count, frozenset({4}))
    earlier = None if since is None else _head(tree, since)
    growth = () if since is None else tree.consistency_proof(since)
    lines = [top_line("nl", _head(tree), {"k": SIGNER.public_key}, earlier, growth)]
    lines += [entry_line(one, tree.inclusion_proof(one.sequence)) for one in stored if one.authority == "nl"]
    return lines, tree


def test_a_whole_bundle_is_sound_for_whoever_has_key_and_head_from_elsewhere() -> None:
    lines, tree = _bundle(since=7)
    report = verify_bundle(lines, known_key=SIGNER.public_key, remembered=_head(tree, 7))
    assert (report.problems, report.entries, report.erased) == ((), 13, 1)
    assert (report.vouched, report.continues) == (True, True)
    alone = verify_bundle(lines)
    assert (alone.sound, alone.vouched, alone.continues) == (True, False, None)
    assert verify_bundle(lines, remembered=_head(tree)).continues


def _changed(line: bytes, **changes: object) -> bytes:
    return json.dumps(json.loads(line) | changes).encode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: _changed(line, entry=json.loads(line)["entry"].replace("allowed", "refused")),
        lambda line: _changed(line, salt="00" * 16),
        lambda line: _changed(line, salt="zz"),
        lambda line: _changed(line, leaf="00" * 32),
        lambda line: _changed(line, sequence=3),
        lambda line: _changed(line, sequence=10**6),
        lambda line: _changed(line, proof=json.loads(line)["proof"][1:]),
        lambda line: _changed(line, entry=None),
        lambda line: _changed(line, more=1),
        lambda line: _changed(line, entry="\udfff") if line else line,
        lambda line: line[:-20],
        lambda line: b"\xff",
        lambda line: line + line,
    ],
)
def test_a_changed_line_is_found(spoil: Callable[[bytes], bytes]) -> None:
    lines, _ = _bundle()
    report = verify_bundle([*lines[:2], spoil(lines[2]), *lines[3:]])
    assert [problem.startswith("line 3:") for problem in report.problems] == [True]
    assert "o" not in report.problems[0].split()


def test_repeated_lines_and_lines_of_others_are_found() -> None:
    lines, tree = _bundle()
    assert not verify_bundle([*lines, lines[-1]]).sound
    _, stored = _log(20)
    other = entry_line(stored[18], tree.inclusion_proof(18))
    assert verify_bundle([*lines, other]).problems == ("line 15: it is of another authority",)


def test_another_key_or_another_past_is_found() -> None:
    lines, tree = _bundle(since=7)
    stranger = Ed25519Signer(key_id="k", private_key=b"\x02" * 32)
    assert not verify_bundle(lines, known_key=stranger.public_key).sound
    assert not verify_bundle(lines, known_key=b"short").sound
    assert verify_bundle(lines, remembered=_head(tree, 8)).continues is False
    shorter, longer = _bundle(8)[0], _log(9)[0]
    assert verify_bundle(shorter, remembered=_head(longer)).continues is False
    forged = [top_line("nl", _head(tree, signer=stranger), {"k": SIGNER.public_key}, None, ()), *lines[1:]]
    assert verify_bundle(forged).problems == ("no key of the file signed its head",)


@pytest.mark.parametrize("first", [b"", b"{}", b"[1]", b"\xff", b'{"format": "alidade-ledger-bundle/2"}'])
def test_what_is_no_bundle_is_refused(first: bytes) -> None:
    with pytest.raises(BundleError):
        verify_bundle([first] if first else [])


def test_a_sealed_text_that_is_no_entry_of_a_known_version_is_named() -> None:
    tree = Tree(MemoryNodes())
    salt, body = b"\x01" * 16, b'{"act": "an act of a later version"}'
    leaf = leaf_hash(salt, body)
    tree.append(leaf)
    stored = StoredEntry(sequence=0, leaf=leaf, salt=salt, body=body, at=START, act="check", authority="nl")
    top = top_line("nl", _head(tree), {"k": SIGNER.public_key}, None, ())
    report = verify_bundle([top, entry_line(stored, tree.inclusion_proof(0))])
    assert report.problems == ("line 2: its text is no entry of a known version",)


def test_the_head_of_another_ledger_and_a_proof_that_is_none_do_not_continue() -> None:
    lines, tree = _bundle(since=7)
    other = sign_head(origin="another", size=7, root=tree.root(7), at=START, signer=SIGNER)
    assert verify_bundle(lines, remembered=other).continues is False
    spoilt = _changed(lines[0], growth=["zz"])
    assert verify_bundle([spoilt, *lines[1:]], remembered=_head(tree, 7)).continues is False
