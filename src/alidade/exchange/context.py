"""What all parts of one authority's exchange have in hand during one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from alidade.exchange.limits import Limits, OperationLimits, load_limits
from alidade.exchange.peers import KeyBook, read_book
from alidade.exchange.ports import ExchangeStore, Keyring, OwnLog
from alidade.exchange.reasons import Refused
from alidade.exchange.suites import SUITES, Suite
from alidade.model.ids import AuthorityId
from alidade.model.ports import Clock, Randomness

_REMEMBERED: Final = 4096
_FORGOTTEN: Final = timedelta(days=2)


class Memory:
    """What may be remembered between transactions, and forgotten, without harm. One per authority and process.

    Parsed public keys, the rate of each peer, and when something was last said, so that it is not said too often.
    """

    __slots__ = ("_books", "_rates", "_said", "limits", "suites")

    def __init__(self, *, limits: Limits | None = None, suites: Mapping[int, Suite] = SUITES) -> None:
        self.limits = (load_limits() if limits is None else limits).operation
        self.suites = suites
        self._books: dict[AuthorityId, tuple[int, KeyBook]] = {}
        self._rates: dict[AuthorityId, tuple[float, datetime]] = {}
        self._said: dict[tuple[str, ...], datetime] = {}

    def book(self, store: ExchangeStore, authority: AuthorityId, number: int) -> KeyBook:
        """The keys of an authority whose newest manifest has this number, parsed once."""
        kept = self._books.get(authority)
        if kept is None or kept[0] != number:
            kept = number, read_book(store, authority, self.suites)
            self._books[authority] = kept
        return kept[1]

    def forget(self, authority: AuthorityId) -> None:
        """Read the keys of this authority anew next time."""
        self._books.pop(authority, None)

    def admit(self, sender: AuthorityId, now: datetime) -> None:
        """Count one message of this peer; Refused "quota" when it sends faster than is permitted."""
        most, each_minute = self.limits.quota_burst, self.limits.quota_per_minute
        left, since = self._rates.get(sender, (float(most), now))
        left = min(float(most), left + max(0.0, (now - since).total_seconds()) * each_minute / 60)
        if left < 1:
            raise Refused("quota")
        self._rates[sender] = left - 1, now

    def say(self, now: datetime, pause: timedelta, *what: str) -> bool:
        """Whether this was not said for that long; from now on it was."""
        last = self._said.get(what)
        if last is not None and last <= now < last + pause:
            return False
        if len(self._said) >= _REMEMBERED:
            self._said = {each: at for each, at in self._said.items() if now - _FORGOTTEN <= at}
        self._said[what] = now
        return True

    def unsay(self, *what: str) -> None:
        """Let this be said again at once."""
        self._said.pop(what, None)


class Desk:
    """The authority, its store in an open transaction, its keys and its node's log. Made for one transaction."""

    __slots__ = ("_books", "_clock", "keys", "limits", "log", "memory", "own", "randomness", "store")

    def __init__(
        self,
        own: AuthorityId,
        store: ExchangeStore,
        clock: Clock,
        randomness: Randomness,
        keys: Keyring,
        memory: Memory,
        log: OwnLog | None,
    ) -> None:
        self.own = own
        self.store = store
        self._clock = clock
        self._books: dict[AuthorityId, KeyBook] = {}
        self.randomness = randomness
        self.keys = keys
        self.memory = memory
        self.log = log
        self.limits: OperationLimits = memory.limits

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._clock.now()

    def new_id(self) -> str:
        """A new random message id, 32 hex digits."""
        return self.randomness.token_bytes(16).hex()

    def book(self, authority: AuthorityId) -> KeyBook:
        """The keys of an authority; Refused "unknown_peer" when it was never introduced."""
        book = self._books.get(authority)
        if book is None:
            peer = self.store.peer(authority)
            if peer is None:
                raise Refused("unknown_peer")
            book = self._books[authority] = self.memory.book(self.store, authority, peer.number)
        return book

    def forget(self, authority: AuthorityId) -> None:
        """The keys of this authority changed: read them anew."""
        self._books.pop(authority, None)
        self.memory.forget(authority)
