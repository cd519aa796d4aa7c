"""What the exchange does by itself every minute or so: ask for what is missing, show its seal, say that keys stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from alidade.exchange.content import GapRequest, HeadWord, NoChange
from alidade.exchange.context import Desk
from alidade.exchange.rows import Peer
from alidade.exchange.sending import Outgoing
from alidade.exchange.verdict import Alarm, Event
from alidade.exchange.witness import Watch

_DAY: Final = timedelta(days=1)


class Tending:
    """The housekeeping of one authority's exchange."""

    __slots__ = ("_desk", "_outgoing", "_watch")

    def __init__(self, desk: Desk, outgoing: Outgoing, watch: Watch) -> None:
        self._desk = desk
        self._outgoing = outgoing
        self._watch = watch

    def tend(self) -> tuple[Event, ...]:
        """Do all of it once; gives the alarms, each at most once a day."""
        self._ask_for_gaps()
        alarms: list[Event] = []
        for peer in self._desk.store.peers():
            if peer.authority != self._desk.own and not peer.paused:
                self._show(peer)
                alarms.extend(self._alarms(peer))
        before = self._desk.now() - timedelta(days=self._desk.limits.retransmission_days)
        self._desk.store.prune_outbox(before)
        self._desk.store.prune_notes(before - 2 * timedelta(hours=self._desk.limits.clock_skew_hours))
        return tuple(alarms)

    def _ask_for_gaps(self) -> None:
        desk, limits, now = self._desk, self._desk.limits, self._desk.now()
        pause = timedelta(seconds=limits.gap_after_seconds)
        for gap in desk.store.gaps(now - pause):
            # The longer it lasts the less often it is asked for, so that an absent peer is not swamped on return.
            wait = min(max(pause, (now - gap.since) / 2), timedelta(seconds=limits.back_off_most_seconds))
            if desk.memory.say(now, wait, "gap", gap.sender, gap.thread, str(gap.expected)):
                last = min(gap.first_waiting - 1, gap.expected + limits.gap_span - 1)
                self._outgoing.post([gap.sender], GapRequest(thread=gap.thread, first=gap.expected, last=last))

    def _show(self, peer: Peer) -> None:
        desk, now = self._desk, self._desk.now()
        note = self._watch.note_for(peer.authority)
        if note is not None:
            self._outgoing.post([peer.authority], HeadWord(head=note))
        if desk.memory.say(now, timedelta(hours=desk.limits.no_change_every_hours), "no change", peer.authority):
            newest = desk.book(desk.own).newest
            word = NoChange(number=newest.manifest.number, digest=newest.digest)
            self._outgoing.post([peer.authority], word)

    def _alarms(self, peer: Peer) -> list[Alarm]:
        book = self._desk.book(peer.authority)
        found = (*self._watch.silent(peer.authority, book), *self._watch.overdue_promises(peer.authority))
        now = self._desk.now()
        return [alarm for alarm in found if self._desk.memory.say(now, _DAY, "alarm", alarm.kind, peer.authority)]
