"""The log of a simulated node: lines, seals, and the ways in which a dishonest node rewrites it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from alidade.ledger.head import Head, Signer, sign_head
from alidade.model.merkle import consistency_proof, inclusion_proof, root_of


class NodeLog:
    """Grows by `write` inside a transaction; `keep` commits what was written, `drop` forgets it."""

    def __init__(self, origin: str, signer: Signer, now: Callable[[], datetime]) -> None:
        self.origin = origin
        self._signer = signer
        self._now = now
        self.leaves: list[bytes] = []
        self._pending: list[bytes] = []
        self._head: Head | None = None
        self._grew_at = datetime.min.replace(tzinfo=UTC)
        self.branches: list[tuple[bytes, ...]] = []  # histories that were shown before they were rewritten

    def write(self, text: str) -> tuple[int, bytes]:
        """One more line: its place and its leaf."""
        leaf = hashlib.sha256(b"\0" + text.encode()).digest()
        self._pending.append(leaf)
        return len(self.leaves) + len(self._pending) - 1, leaf

    def keep(self) -> None:
        """The transaction was committed."""
        if self._pending:
            self._grew_at = max(self._grew_at, self._now())  # its time never runs back, whatever the clock does
            self.leaves += self._pending
            self._pending.clear()

    def drop(self) -> None:
        """The transaction was rolled back."""
        self._pending.clear()

    def seal(self) -> None:
        """Sign a seal over all lines that are committed, as of the moment when the last of them was."""
        if not self.leaves or (self._head is not None and self._head.size == len(self.leaves)):
            return
        self._sign()

    def _sign(self) -> None:
        root, size = root_of(self.leaves), len(self.leaves)
        self._head = sign_head(origin=self.origin, size=size, root=root, at=self._grew_at, signer=self._signer)

    def rewrite(self, keep: int, new: Sequence[str]) -> None:
        """What an honest node never does: cut the log and write something else."""
        self.branches.append(tuple(self.leaves))
        self.leaves = self.leaves[:keep]
        for text in new:
            self.write(text)
        self.keep()
        self._grew_at = max(self._grew_at, self._now())
        self._sign()

    def agrees(self, seals: Sequence[tuple[int, bytes]]) -> bool:
        """Whether one history, the present one or one before a rewriting, bears out all these seals."""
        return any(
            all(size <= len(leaves) and root_of(leaves[:size]) == root for size, root in seals)
            for leaves in (self.leaves, *self.branches)
        )

    # what peers may ask: alidade.exchange.ports.OwnLog
    def head(self) -> Head | None:
        """The newest seal."""
        return self._head

    def root(self, size: int) -> bytes:
        """The root over the first lines."""
        if size > len(self.leaves):
            raise ValueError("beyond the end")
        return root_of(self.leaves[:size])

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the log only grew."""
        return consistency_proof(self.leaves[:new], old)

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """The proof that a line is in it."""
        return inclusion_proof(self.leaves[:size], index)
