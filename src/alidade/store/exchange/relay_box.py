"""Relay box: what a relay keeps, in a small file of its own: manifests of whom it serves, and sealed envelopes.

It has nothing to do with a node's tables. Everything that `put` took is on the disk when it returns.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from alidade.model.errors import Damaged
from alidade.model.ids import AuthorityId

_TABLES: Final = """
create table if not exists manifest (authority text primary key, content blob not null) without rowid;
create table if not exists envelope (
    id integer primary key autoincrement,
    recipient text not null, sender text not null, message_id text not null, digest text not null,
    size integer not null, came_at text not null, content blob not null,
    unique (recipient, sender, message_id)
);
create index if not exists envelope_digest on envelope (recipient, digest);
"""
_PART: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One sealed envelope on its way, with what its header says."""

    recipient: AuthorityId
    sender: AuthorityId
    message_id: str
    digest: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """How much waits for one authority from another one; numbers only."""

    recipient: AuthorityId
    sender: AuthorityId
    count: int
    size: int
    oldest: datetime


class RelayBox:
    """The file of a relay. Belongs to one thread."""

    def __init__(self, folder: Path) -> None:
        """Open it, making it on first use. Raises Damaged where it would not write durably."""
        path = folder / "relay.db"
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        for pragma in ("pragma journal_mode=WAL", "pragma synchronous=FULL", "pragma secure_delete=ON"):
            self._connection.execute(pragma)
        if self._connection.execute("pragma synchronous").fetchone()[0] != 2:
            raise Damaged("The store of the relay does not write durably.", remedy="Check the file system.")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("begin immediate")
        try:
            yield
            self._connection.execute("commit")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
            raise

    @property
    def mark(self) -> int:
        """Another number than before once another process has written."""
        return int(self._connection.execute("pragma data_version").fetchone()[0])

    def manifests(self) -> dict[AuthorityId, bytes]:
        """The newest manifest of everybody who is served."""
        rows = self._connection.execute("select authority, content from manifest order by authority")
        return {AuthorityId(authority): bytes(content) for authority, content in rows}

    def put_manifest(self, authority: AuthorityId, content: bytes) -> None:
        """Keep the newest manifest of an authority."""
        with self._writing():
            self._connection.execute("insert or replace into manifest values (?, ?)", (authority, content))

    def drop(self, authority: AuthorityId) -> bool:
        """Serve an authority no longer, and forget what waits for it; False where it was not served."""
        with self._writing():
            self._connection.execute("delete from envelope where recipient = ?", (authority,))
            gone = self._connection.execute("delete from manifest where authority = ?", (authority,))
        return gone.rowcount > 0

    def put(self, mails: Sequence[Mail], now: datetime) -> None:
        """Keep envelopes; one that comes again takes the place of the one before, and its place in the row."""
        with self._writing():
            self._connection.executemany(
                "insert into envelope (recipient, sender, message_id, digest, size, came_at, content)"
                " values (?, ?, ?, ?, ?, ?, ?) on conflict (recipient, sender, message_id)"
                " do update set digest = excluded.digest, size = excluded.size, content = excluded.content"
                " where digest <> excluded.digest",
                [
                    (each.recipient, each.sender, each.message_id, each.digest, len(each.content), now.isoformat(),
                     each.content)
                    for each in mails
                ],
            )  # fmt: skip

    def waiting(self, recipients: Sequence[AuthorityId], most: int, largest: int) -> list[bytes]:
        """What waits for these authorities, oldest first: at most so many envelopes and bytes, but one at least."""
        marks = ", ".join("?" * len(recipients))
        # sql: constant parts only
        rows = self._connection.execute(
            f"select size, content from envelope where recipient in ({marks}) order by id limit ?",  # noqa: S608
            (*recipients, most),
        )
        found, left = list[bytes](), largest
        for size, content in rows:
            left -= size
            if left < 0 and found:
                break
            found.append(bytes(content))
        return found

    def forget(self, recipients: Sequence[AuthorityId], digests: Sequence[str]) -> None:
        """Drop what these authorities have committed. Another envelope of the same message stays."""
        with self._writing():
            for recipient in recipients:
                self._connection.executemany(
                    "delete from envelope where recipient = ? and digest = ?", [(recipient, each) for each in digests]
                )

    def heaps(self, recipient: AuthorityId | None = None) -> list[Heap]:
        """How much waits for whom from whom."""
        rows = self._connection.execute(
            "select recipient, sender, count(*), sum(size), min(came_at) from envelope"
            " where ? is null or recipient = ? group by recipient, sender order by recipient, sender",
            (recipient, recipient),
        )
        return [
            Heap(
                recipient=AuthorityId(to),
                sender=AuthorityId(sender),
                count=count,
                size=size,
                oldest=datetime.fromisoformat(oldest),
            )
            for to, sender, count, size, oldest in rows
        ]

    def expire(self, before: datetime) -> int:
        """Drop what nobody fetched in time; its sender has it still."""
        with self._writing():
            gone = self._connection.execute("delete from envelope where came_at < ?", (before.isoformat(),))
        return gone.rowcount
