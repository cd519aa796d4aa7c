"""A bundle of the ledger: entries with their proofs, for somebody who has no access to the installation.

A file of lines. The first says which signed head the proofs lead to, and the public keys; each of the others is one
entry with its salt and its inclusion proof (RFC 6962 section 2.1.1). `verify_bundle` needs nothing but the file and,
to be worth anything, a key or a head that came another way: a file vouches for itself at most that it is whole.
It does not show that no entry was left out of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from alidade.ledger.entry import EntryError, decode
from alidade.ledger.head import Head, HeadError, from_json, is_vouched, to_json, verify_head
from alidade.ledger.verify import StoredEntry
from alidade.model.merkle import SALT_BYTES, leaf_hash, verify_consistency, verify_inclusion

FORMAT: Final = "alidade-ledger-bundle/1"
_MOST_PROBLEMS = 1_000


class BundleError(ValueError):
    """A file is no bundle of a ledger."""


class _Top(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["alidade-ledger-bundle/1"] = FORMAT
    authority: str
    head: str
    public_keys: dict[str, str]
    since: str | None
    growth: tuple[str, ...]


class _Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sequence: int
    leaf: str
    salt: str | None
    entry: str | None
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReport:
    """What a bundle holds, and in sentences without names what does not fit.

    vouched    the head is signed by a key that came another way
    continues  it leads on from a head that came another way; None where none was given
    """

    authority: str
    head: Head
    entries: int
    erased: int
    vouched: bool
    continues: bool | None
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def top_line(
    authority: str, head: Head, public_keys: Mapping[str, bytes], since: Head | None, growth: Iterable[bytes]
) -> bytes:
    """The first line; with `since`, a head carried away earlier, the proof that this one leads on from it."""
    return _line(
        _Top(
            authority=authority,
            head=to_json(head).decode(),
            public_keys={name: key.hex() for name, key in public_keys.items()},
            since=None if since is None else to_json(since).decode(),
            growth=tuple(node.hex() for node in growth),
        )
    )


def entry_line(stored: StoredEntry, proof: Iterable[bytes]) -> bytes:
    """One entry with its proof; an erased one has its leaf alone."""
    return _line(
        _Line(
            sequence=stored.sequence,
            leaf=stored.leaf.hex(),
            salt=None if stored.salt is None else stored.salt.hex(),
            entry=None if stored.body is None else stored.body.decode(),
            proof=tuple(node.hex() for node in proof),
        )
    )


def verify_bundle(
    lines: Iterable[bytes], *, known_key: bytes | None = None, remembered: Head | None = None
) -> BundleReport:
    """Verify every entry of a bundle against its head, without the installation.

    `known_key` (32 bytes) and `remembered` came another way: from the authority's publication, or on
    paper. BundleError where the first line is none of a bundle; a wrong line after it is a problem of the report.
    """
    rest = iter(lines)
    top, head, keys, since = _top(next(rest, b""))
    problems: list[str] = []
    if not is_vouched(head, keys):
        problems.append("no key of the file signed its head")
    vouched = known_key is not None and verify_head(head, known_key)
    if known_key is not None and not vouched:
        problems.append("the key given did not sign the head")
    continues = None if remembered is None else _continues(remembered, head, since, top.growth)
    if continues is False:
        problems.append("the file does not show that its head leads on from the head given")
    counted = erased = 0
    last = -1
    for number, text in enumerate(rest, start=2):
        problem, line = _checked(text, head, top.authority)
        if line is not None:
            counted += 1
            erased += line.entry is None
            if problem is None and line.sequence <= last:
                problem = "it comes twice or out of order"
            last = line.sequence if problem is None else last
        if problem is not None and len(problems) < _MOST_PROBLEMS:
            problems.append(f"line {number}: {problem}")
    return BundleReport(
        authority=top.authority,
        head=head,
        entries=counted,
        erased=erased,
        vouched=vouched,
        continues=continues,
        problems=tuple(problems),
    )


def _checked(text: bytes, head: Head, authority: str) -> tuple[str | None, _Line | None]:
    """What is wrong with a line, if anything, and the line, if it is one."""
    try:
        line = msgspec.json.decode(text, type=_Line)
        leaf, proof = bytes.fromhex(line.leaf), [bytes.fromhex(node) for node in line.proof]
        salt = None if line.salt is None else bytes.fromhex(line.salt)
    except (msgspec.DecodeError, ValueError):
        return "it is no line of a bundle", None
    if not verify_inclusion(head.root, head.size, line.sequence, leaf, proof):
        return "it is not in the ledger at this place", line
    if line.entry is None:
        return ("it was erased but its salt was kept" if salt is not None else None), line
    body = line.entry.encode(errors="surrogatepass")
    if salt is None or len(salt) != SALT_BYTES or leaf_hash(salt, body) != leaf:
        return "its text is not the one that was sealed", line
    try:
        entry = decode(body)
    except EntryError:
        return "its text is no entry of a known version", line
    return ("it is of another authority" if entry.authority != authority else None), line


def _top(text: bytes) -> tuple[_Top, Head, dict[str, bytes], Head | None]:
    try:
        top = msgspec.json.decode(text, type=_Top)
        since = None if top.since is None else from_json(top.since.encode())
        keys = {name: bytes.fromhex(key) for name, key in top.public_keys.items()}
        return top, from_json(top.head.encode()), keys, since
    except (msgspec.DecodeError, HeadError, ValueError):
        raise BundleError("the first line is not that of a bundle of a known version") from None


def _continues(remembered: Head, head: Head, since: Head | None, growth: tuple[str, ...]) -> bool:
    if remembered.origin != head.origin:
        return False
    if remembered.size == head.size:
        return remembered.root == head.root
    try:
        proof = [bytes.fromhex(node) for node in growth]
    except ValueError:
        return False
    return since == remembered and verify_consistency(remembered.size, remembered.root, head.size, head.root, proof)


def _line(content: msgspec.Struct) -> bytes:
    return msgspec.json.encode(content, order="sorted") + b"\n"
