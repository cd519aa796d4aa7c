"""Each rule of the exchange, broken on purpose: the simulator must notice every one of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from alidade.exchange import notes, peers, sending, witness
from alidade.exchange.admission import Admission
from alidade.exchange.context import Memory
from alidade.exchange.delivery import Exchange
from alidade.exchange.envelope import Envelope, Slip, open_slip
from alidade.exchange.manifest import SignedManifest
from alidade.exchange.memory import MemoryKeyring, MemoryStore
from alidade.exchange.peers import KeyBook
from alidade.exchange.reasons import Refused
from alidade.exchange.receiving import Incoming, Progress
from alidade.exchange.rows import InboxRow, Tombstone
from alidade.exchange.tending import Tending
from alidade.exchange.verdict import Dispatch, Verdict
from alidade.ledger.cosign import Verdict as WitnessVerdict
from alidade.model.ids import AuthorityId
from alidade.procedures import Course, Definition, Step, course_of
from alidade.procedures.folding import Fold
from alidade.procedures.ordering import in_order
from alidade.simulation.federation import Parts
from alidade.simulation.federation.node import Node
from alidade.simulation.federation.party import Party


class AcknowledgesFirst(Node):
    """Signs and sends receipts before the commit."""

    def take_in(self, party: Party, raw: bytes, aside: Mapping[str, str]) -> None:
        with self.transaction(party) as work:
            verdict = work.exchange.accept(raw, poisoned=aside)
            self.finish(party, work, verdict)
            work.after.append(lambda: self.world.truth.ruled(party, raw, verdict))
            work.exchange.acknowledge()
            for dispatch in work.exchange.due():
                self.world.network.send(party, dispatch)
            self.fuse("taking")


class ForgetsOutbox(Node):
    """Keeps what is to be sent in memory only."""

    def fall(self) -> None:
        super().fall()
        for party in self.parties.values():
            rows = party.disk.store.copy()
            party.disk.store.restore(rows | {"_outbox": {}, "_queued": {}, "_places": {}})


class _TakesAtOnce(Incoming):
    def _order_of(self, row: InboxRow) -> Any:
        return "next"


class _TakesAgain(_TakesAtOnce):
    def _again(self, row: InboxRow, envelope: Envelope, raw: bytes) -> Verdict:
        slip: Slip = open_slip(envelope, self._desk.keys)
        anew = replace(row, state="applied", received_at=self._desk.now(), receipt=b"")
        return self._place(anew, envelope, slip, self._desk.book(row.sender), raw, Progress({}))


class NoCursor(Exchange):
    """Applies in the order of arrival."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._incoming = _TakesAtOnce(self._desk, self._incoming._notes)


class NoMemoryOfMessages(Exchange):
    """Looks neither into the inbox nor at the cursor."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._incoming = _TakesAgain(self._desk, self._incoming._notes)


class _AsksForNothing(Tending):
    def _ask_for_gaps(self) -> None:
        pass


class NoGapRequest(Exchange):
    """Waits for what is missing and never asks for it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._tending = _AsksForNothing(self._desk, self._outgoing, self._tending._watch)


class ErasureOnce(Exchange):
    """Sends an order to erase once, and hopes."""

    def due(self, recipient: AuthorityId | None = None, *, pull: bool = False) -> tuple[Dispatch, ...]:
        due = super().due(recipient, pull=pull)
        for each in due:
            row = self._desk.store.outbox(each.recipient, each.message_id)
            if row is not None and each.kind == "erasure":
                self._desk.store.put_outbox(replace(row, state="settled", settled_at=self._desk.now()))
        return due


class _TakesAnyPaper(Admission):
    def follow(self, chain: Sequence[SignedManifest], book: KeyBook) -> tuple[SignedManifest, ...]:
        return tuple(chain)


class OldPapers(Exchange):
    """Takes a manifest of any number."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._admission = self._incoming._notes.admission = _TakesAnyPaper(self._desk)


class NoTombstones(MemoryStore):
    """Forgets what was erased."""

    def tombstone(self, item: str) -> Tombstone | None:
        return None


class KeepsKeys(MemoryKeyring):
    """Destroys no key."""

    def destroy(self, key_id: str) -> None:
        pass


class Believes:
    """A witness that takes every seal."""

    def __init__(self, **named: Any) -> None:
        pass

    def consider(self, *given: Any) -> WitnessVerdict:
        return WitnessVerdict(ruling="accepted", witness=self)  # type: ignore[arg-type]


def as_they_came(definition: Definition, steps: Iterable[Step], *, opener: AuthorityId | None = None) -> Course:
    """Folds in the order of arrival."""
    given = tuple(steps)
    ordered = in_order(given)
    fold = Fold(definition, opener, ordered)
    for step in given:
        if (step.author, step.number) in ordered.past:
            fold.take(step)
    course = course_of(definition, given, opener=opener)
    return replace(course, state=fold.state, facts=fold.facts, effects=tuple(fold.effects))


def any_key(book: KeyBook, key_id: str) -> Any:
    """Asks for no distrust."""
    if key_id not in book.signing:
        raise Refused("unknown_key")
    return book.signing[key_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One broken rule: what is put in its place, a seed that finds it, and how the finding begins."""

    seed: int
    finding: str
    parts: Parts = field(default_factory=Parts)
    patches: tuple[tuple[Any, str, Callable[..., Any] | type], ...] = ()


VARIANTS: dict[str, Variant] = {
    "acknowledge before commit": Variant(
        seed=5, finding="acknowledged and not there", parts=Parts(node=AcknowledgesFirst)
    ),
    "neither inbox nor cursor": Variant(seed=0, finding="applied twice", parts=Parts(exchange=NoMemoryOfMessages)),
    "no cursor": Variant(seed=0, finding="out of order", parts=Parts(exchange=NoCursor)),
    "no request for gaps": Variant(seed=0, finding="lost", parts=Parts(exchange=NoGapRequest)),
    "no tombstones": Variant(seed=1, finding="kept what was to be erased", parts=Parts(store=NoTombstones)),
    "erasure sent once": Variant(seed=1, finding="lost: erasure", parts=Parts(exchange=ErasureOnce)),
    "old manifest taken": Variant(seed=5, finding="went back to old keys", parts=Parts(exchange=OldPapers)),
    "destroyed key kept": Variant(seed=5, finding="a destroyed key still opens", parts=Parts(keys=KeepsKeys)),
    "receipts not verified": Variant(
        seed=10, finding="acknowledged and not there", patches=((notes, "verify_receipt", lambda *given: True),)
    ),
    "witness believes all": Variant(
        seed=5, finding="countersigned two pasts", patches=((witness, "Witness", Believes),)
    ),
    "crash loses the outbox": Variant(seed=0, finding="lost", parts=Parts(node=ForgetsOutbox)),
    "no back-off": Variant(
        seed=0,
        finding="sent too often",
        patches=((sending.Outgoing, "_pause", lambda outgoing, attempts: timedelta(0)),),
    ),
    "no quota": Variant(
        seed=6, finding="took too much at once", patches=((Memory, "admit", lambda memory, sender, now: None),)
    ),
    "fold as they came": Variant(seed=8, finding="two courses", parts=Parts(fold=as_they_came)),
    "revoked key believed": Variant(
        seed=5, finding="believed a revoked key", patches=((peers.KeyBook, "evidence_key", any_key),)
    ),
}
