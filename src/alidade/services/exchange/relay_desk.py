"""Relay desk: what a relay does when a node calls: it takes sealed envelopes, keeps them, and gives them to whom they
are for. It knows headers, lengths and certificates, and has no key that opens anything.

Who calls is known by the certificate that the newest manifest of an authority carries. An envelope is taken from its
sender alone, and given to its recipient alone; it is kept until the recipient has said that it is committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alidade.exchange.manifest import SignedManifest, check_next, parse
from alidade.exchange.reasons import Refused
from alidade.exchange.relay import NotTaken, Why, kind_of_frame, not_taken, read_committed, view
from alidade.model.ids import AuthorityId
from alidade.model.ports import Clock
from alidade.services.exchange.certificates import fingerprint
from alidade.services.exchange.frames import LARGEST_BODY, MOST_FRAMES
from alidade.store.exchange.relay_box import Mail, RelayBox

_TIDY_EVERY: Final = timedelta(hours=1)
_NOBODY: Final = AuthorityId("unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayLimits:
    """What a relay bears: for each sender and recipient, how much may wait; how fast one may send; how long it keeps.

    `count` and `size` (bytes) are of what one authority has waiting for another. What is not taken stays with its
    sender, who tries again.
    """

    count: int = 100_000
    size: int = 1 << 30
    per_minute: int = 60_000
    burst: int = 20_000
    keep: timedelta = timedelta(days=35)


class RelayDesk:
    """Serves the nodes of the authorities whose manifests it holds. Belongs to one thread."""

    def __init__(
        self,
        box: RelayBox,
        clock: Clock,
        limits: RelayLimits | None = None,
        *,
        trusted: Callable[[set[bytes]], None] = lambda certificates: None,
    ) -> None:
        """`trusted` is told the certificates (DER) with which a connection may be made from now on."""
        self._box = box
        self._clock = clock
        self._limits = limits or RelayLimits()
        self._trusted = trusted
        self._manifests: dict[AuthorityId, SignedManifest] = {}
        self._callers: dict[str, tuple[AuthorityId, ...]] = {}
        self._pace: dict[str, tuple[float, datetime]] = {}
        self._mark = -1
        self._tidied: datetime | None = None

    def known(self, caller: str) -> bool:
        """Whether a certificate (its fingerprint) is that of an authority that is served at this moment."""
        self._look()
        return caller in self._callers

    def handle(self, caller: str, frames: Sequence[bytes]) -> list[bytes]:
        """Take what a node gives. One that gives no envelope gets what waits for it, as far as one answer goes."""
        self._look()
        self._tidy()
        ours = self._callers.get(caller, ())
        refused: Counter[tuple[AuthorityId, Why]] = Counter()
        mails: list[Mail] = []
        for frame in frames:
            kind = kind_of_frame(frame)
            if kind == "manifest":
                self._follow(frame, ours)
            elif kind == "committed":
                self._forget(frame, ours)
            else:
                mail = self._admit(frame, ours, caller, refused)
                if mail is not None:
                    mails.append(mail)
        mails = self._fitting(mails, refused)
        if mails:
            self._box.put(mails, self._clock.now())
        if refused:
            told = [NotTaken(recipient=to, reason=why, count=count) for (to, why), count in sorted(refused.items())]
            return [not_taken(told)]
        if mails or not ours:
            return []
        return self._box.waiting(ours, MOST_FRAMES // 2, LARGEST_BODY // 2)

    def _admit(
        self, frame: bytes, ours: Sequence[AuthorityId], caller: str, refused: Counter[tuple[AuthorityId, Why]]
    ) -> Mail | None:
        try:
            seen = view(frame)
        except Refused:
            refused[_NOBODY, "relay_unreadable"] += 1
            return None
        why: Why | None = None
        if seen.sender not in ours:
            why = "relay_foreign"
        elif seen.recipient not in self._manifests:
            why = "relay_unknown"
        elif not self._within_pace(caller):
            why = "relay_pace"
        if why is not None:
            refused[seen.recipient, why] += 1
            return None
        return Mail(
            recipient=seen.recipient,
            sender=seen.sender,
            message_id=seen.message_id,
            digest=seen.digest,
            content=frame,
        )

    def _fitting(self, mails: Sequence[Mail], refused: Counter[tuple[AuthorityId, Why]]) -> list[Mail]:
        """Those for which there is room; what one sender has waiting for one recipient takes no room from others."""
        used: dict[tuple[AuthorityId, AuthorityId], tuple[int, int]] = {}
        for recipient in {each.recipient for each in mails}:
            for heap in self._box.heaps(recipient):
                used[heap.recipient, heap.sender] = heap.count, heap.size
        fitting = []
        for each in mails:
            count, size = used.get((each.recipient, each.sender), (0, 0))
            if count + 1 > self._limits.count or size + len(each.content) > self._limits.size:
                refused[each.recipient, "relay_full"] += 1
                continue
            used[each.recipient, each.sender] = count + 1, size + len(each.content)
            fitting.append(each)
        return fitting

    def _within_pace(self, caller: str) -> bool:
        now, most = self._clock.now(), float(self._limits.burst)
        left, since = self._pace.get(caller, (most, now))
        left = min(most, left + max(0.0, (now - since).total_seconds()) * self._limits.per_minute / 60)
        self._pace[caller] = max(0.0, left - 1), now
        return left >= 1

    def _follow(self, frame: bytes, ours: Sequence[AuthorityId]) -> None:
        """The next manifest of an authority, from itself; anything else is passed over."""
        try:
            signed = parse(frame)
            authority = AuthorityId(signed.manifest.authority)
            if authority not in ours:
                return
            check_next(signed, self._manifests[authority])
        except Refused:
            return
        self._box.put_manifest(authority, signed.raw)
        self._manifests[authority] = signed
        self._sort()

    def _forget(self, frame: bytes, ours: Sequence[AuthorityId]) -> None:
        try:
            self._box.forget(ours, read_committed(frame))
        except Refused:
            return

    def _look(self) -> None:
        """Look whether an operator has admitted or dropped somebody meanwhile."""
        mark = self._box.mark
        if mark == self._mark:
            return
        self._mark = mark
        self._manifests = {authority: parse(raw) for authority, raw in self._box.manifests().items()}
        self._sort()

    def _sort(self) -> None:
        callers: dict[str, list[AuthorityId]] = {}
        certificates: set[bytes] = set()
        for authority, signed in self._manifests.items():
            for certificate in signed.manifest.certificates:
                callers.setdefault(fingerprint(certificate), []).append(authority)
                certificates.add(certificate)
        self._callers = {caller: tuple(whom) for caller, whom in callers.items()}
        self._trusted(certificates)

    def _tidy(self) -> None:
        now = self._clock.now()
        if self._tidied is None or now >= self._tidied + _TIDY_EVERY:
            self._tidied = now
            self._box.expire(now - self._limits.keep)
