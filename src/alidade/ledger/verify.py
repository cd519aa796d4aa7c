"""Re-read the whole log and report everything that does not fit.

Needs nothing but an export of the log, its seals and the public keys, so that a supervisor can do it
without the installation. What it cannot see alone: a log cut together with its newest seals, or
rewritten and sealed again by the holder of the key; for these, give a seal remembered elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from alidade.ledger.entry import EntryError, decode
from alidade.ledger.head import Head, is_vouched
from alidade.ledger.tree import Frontier
from alidade.model.merkle import EMPTY_ROOT, HASH_BYTES, SALT_BYTES, leaf_hash

Code: TypeAlias = Literal[
    "sequence-gap",  # one or more lines are missing before this one
    "sequence-repeated",  # a line comes twice or out of order
    "leaf-length",  # the seal of a line is no SHA-256
    "leaf-differs",  # text or salt of a line was altered, or its seal
    "salt-missing",  # the text is there, but not what is needed to check it
    "salt-kept",  # the text was erased, the salt not: the line could be guessed back
    "body-unreadable",  # sealed as it stands, but not a line of a known version
    "column-differs",  # a clear column says something else than the sealed text
    "head-origin",  # a seal of another log
    "head-signature",  # unknown key or wrong signature
    "head-size",  # a later seal over fewer lines
    "head-time",  # a later seal with an earlier time
    "head-root",  # the lines are not those that were sealed
    "cut",  # a seal over more lines than there are
    "uncovered",  # lines at the end that no sound seal covers
    "remembered-origin",  # the remembered seal is of another log
    "remembered-signature",  # the remembered seal itself is not signed by a known key
    "rollback",  # the log is shorter than it was
    "fork",  # the log has another past than it had
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One line as the store keeps it.

    `sequence` counts from 0; `leaf` 32 bytes; `salt` 16 bytes and `body` (canonical bytes of an Entry), both
    None once erased; `at` (UTC), `act` and `authority` are the clear columns by which the store searches.
    """

    sequence: int
    leaf: bytes
    salt: bytes | None
    body: bytes | None
    at: datetime
    act: str
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that does not fit: its code, the line it concerns if one, and a sentence without names."""

    code: Code
    sequence: int | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was read (lines, erased ones among them, seals), and every problem in the order found.

    Of an erased line only its seal is checked: its clear columns have nothing left to agree with.
    """

    entries: int
    erased: int
    heads: int
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify_log(
    entries: Iterable[StoredEntry],
    heads: Iterable[Head],
    public_keys: Mapping[str, bytes],
    remembered: Head | None = None,
) -> Report:
    """Re-compute every line and every seal of a log, and report what does not fit.

    `entries` in order of sequence and `heads` in the order they were signed, both read once and never kept;
    `public_keys`: key_id to 32 bytes; `remembered`: a seal kept elsewhere. Never raises on what it reads.
    One altered line is reported once for itself and once for every later seal. RFC 6962, security of the
    log in the threat model: an insider who edits, cuts or replaces.
    """
    reading = _Reading(heads, public_keys, remembered)
    for stored in entries:
        reading.take(stored)
    return reading.finish()


class _Reading:
    """One pass over a log."""

    __slots__ = (
        "_covered",
        "_erased",
        "_expected",
        "_frontier",
        "_heads",
        "_heads_read",
        "_keys",
        "_latest",
        "_next_head",
        "_origin",
        "_problems",
        "_remembered",
        "_root_then",
    )

    def __init__(self, heads: Iterable[Head], keys: Mapping[str, bytes], remembered: Head | None) -> None:
        self._keys = keys
        self._remembered = remembered
        self._root_then: bytes | None = None
        self._frontier = Frontier()
        self._expected = 0
        self._erased = 0
        self._problems: list[Problem] = []
        self._heads: Iterator[Head] = iter(heads)
        self._heads_read = 0
        self._origin: str | None = None
        self._latest: datetime | None = None
        self._covered = 0
        self._next_head = next(self._heads, None)
        self._settle()

    def take(self, stored: StoredEntry) -> None:
        self._check_sequence(stored.sequence)
        leaf = stored.leaf
        if len(leaf) != HASH_BYTES:
            # 31 bytes beside 33 hash like 32 beside 32: the root alone would not notice.
            self._line("leaf-length", stored, "the seal of this line is no SHA-256")
            leaf = EMPTY_ROOT
        self._frontier.append(leaf)
        if stored.body is not None:
            self._check_body(stored, stored.body)
        else:
            self._erased += 1
            if stored.salt is not None:
                self._line("salt-kept", stored, "this line was erased but its salt was kept")
        self._settle()

    def finish(self) -> Report:
        size = self._frontier.size
        while self._next_head is not None:
            head = self._next_head
            self._check_claim(head)
            self._whole("cut", f"a seal covers {head.size} lines, the log has {size}")
            self._advance()
        if self._covered < size:
            message = f"the newest sound seal covers {self._covered} of {size} lines"
            self._problems.append(Problem(code="uncovered", sequence=self._covered, message=message))
        if self._remembered is not None:
            self._check_remembered(self._remembered)
        return Report(entries=size, erased=self._erased, heads=self._heads_read, problems=tuple(self._problems))

    def _line(self, code: Code, stored: StoredEntry, message: str) -> None:
        self._problems.append(Problem(code=code, sequence=stored.sequence, message=message))

    def _whole(self, code: Code, message: str) -> None:
        self._problems.append(Problem(code=code, sequence=None, message=message))

    def _check_sequence(self, found: int) -> None:
        expected = self._expected
        if found > expected:
            message = f"line {expected} should come here"
            self._problems.append(Problem(code="sequence-gap", sequence=found, message=message))
        elif found < expected:
            message = f"this line comes again or late; line {expected} should come here"
            self._problems.append(Problem(code="sequence-repeated", sequence=found, message=message))
        self._expected = max(expected, found + 1)

    def _check_body(self, stored: StoredEntry, body: bytes) -> None:
        salt = stored.salt
        if salt is None:
            self._line("salt-missing", stored, "this line cannot be checked: its salt is missing")
        elif len(salt) != SALT_BYTES or leaf_hash(salt, body) != stored.leaf:
            self._line("leaf-differs", stored, "text, salt or seal of this line was altered")
        try:
            entry = decode(body)
        except EntryError:
            self._line("body-unreadable", stored, "this line is not of a known version")
            return
        if (stored.at, stored.act, stored.authority) != (entry.at, entry.act, entry.authority):
            self._line("column-differs", stored, "a clear column does not agree with the sealed text")

    def _settle(self) -> None:
        """Check every seal that speaks of no more lines than were read."""
        size = self._frontier.size
        if self._remembered is not None and self._remembered.size == size:
            self._root_then = self._frontier.root()
        while self._next_head is not None and self._next_head.size <= size:
            self._check_head(self._next_head)
            self._advance()

    def _advance(self) -> None:
        self._heads_read += 1
        self._next_head = next(self._heads, None)

    def _check_head(self, head: Head) -> None:
        before = len(self._problems)
        self._check_claim(head)
        if head.size < self._frontier.size:
            self._whole("head-size", f"a later seal covers only {head.size} lines")
        elif head.root != self._frontier.root():
            self._whole("head-root", f"the first {head.size} lines are not those that were sealed")
        if len(self._problems) == before:
            self._covered = head.size

    def _check_claim(self, head: Head) -> None:
        """Check what a seal says apart from its root."""
        if self._origin is None:
            self._origin = head.origin
        elif head.origin != self._origin:
            self._whole("head-origin", f"a seal over {head.size} lines is of another log")
        if not is_vouched(head, self._keys):
            self._whole("head-signature", f"no known key signed the seal over {head.size} lines")
        if self._latest is None or head.at >= self._latest:
            self._latest = head.at
        else:
            self._whole("head-time", f"the seal over {head.size} lines is older than the one before it")

    def _check_remembered(self, head: Head) -> None:
        if self._origin is not None and head.origin != self._origin:
            self._whole("remembered-origin", "the remembered seal is of another log")
        if not is_vouched(head, self._keys):
            self._whole("remembered-signature", "no known key signed the remembered seal")
        if self._root_then is None:
            message = f"the log had {head.size} lines and has {self._frontier.size} now"
            self._whole("rollback", message)
        elif self._root_then != head.root:
            self._whole("fork", f"the first {head.size} lines are not those that were remembered")
