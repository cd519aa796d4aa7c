"""The way by a relay: envelopes for several peers are pushed to it, and what waits there for us is fetched.

What was fetched is named to the relay only after its commit here; until then it gives the same again.
"""

from __future__ import annotations

import ssl
from collections.abc import Collection, Sequence
from hashlib import sha256

from alidade.exchange.reasons import Refused
from alidade.exchange.relay import committed, kind_of_frame, read_not_taken
from alidade.model.errors import Unreadable
from alidade.model.ids import AuthorityId
from alidade.services.exchange.transport_https import PATIENCE, Line


class RelayLine(Line):
    """A connection to a relay."""

    def __init__(
        self,
        address: str,
        context: ssl.SSLContext,
        pinned: Collection[str],
        *,
        patience: float = PATIENCE,
        greeting: Sequence[bytes] = (),
    ) -> None:
        """`greeting`: our own manifests, so that the relay learns of new certificates before they are used."""
        super().__init__(address, context, pinned, patience=patience)
        self._greeting = list(greeting)
        self._committed: list[str] = []
        self._refused: dict[AuthorityId, str] = {}

    def exchange(self, frames: Sequence[bytes]) -> list[bytes]:
        """Push envelopes; nothing comes back with them. Without any, what waits for us comes: see `note_taken`."""
        greeting, self._greeting = self._greeting, []
        if greeting:
            super().exchange(greeting)
        if not frames:
            return self._fetch()
        for answer in super().exchange(frames):
            self._read(answer)
        return []

    def note_taken(self, frames: Sequence[bytes]) -> None:
        """What was fetched is committed here: the relay is told at the next call."""
        self._committed.extend(sha256(frame).hexdigest() for frame in frames)

    def refusals(self) -> dict[AuthorityId, str]:
        """For whom the relay did not take something since this was asked last, and why in one word."""
        refused, self._refused = self._refused, {}
        return refused

    def _fetch(self) -> list[bytes]:
        word = [committed(self._committed)] if self._committed else []
        came = super().exchange(word)
        self._committed.clear()
        if any(kind_of_frame(frame) != "envelope" for frame in came):
            raise Unreadable("The relay gave something else than envelopes.", code="frames")
        return came

    def _read(self, answer: bytes) -> None:
        try:
            for each in read_not_taken(answer):
                self._refused[AuthorityId(each.recipient)] = each.reason
        except Refused as refused:
            raise Unreadable("The relay gave an answer that is none.", code="frames") from refused
