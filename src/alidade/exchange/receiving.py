"""The way in: verify, open, find the place, keep; what is to be applied comes back in order, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from alidade.exchange.content import KINDS, Chunk, Erasure, HeadWord, ManifestWord, decode, items_of, read_order
from alidade.exchange.context import Desk
from alidade.exchange.envelope import Envelope, Slip, open_body, open_slip, parse, verify
from alidade.exchange.manifest import SignedManifest
from alidade.exchange.manifest import parse as parse_manifest
from alidade.exchange.notes import Notes
from alidade.exchange.opening import Opened, open_content
from alidade.exchange.peers import KeyBook, SigningKey
from alidade.exchange.reasons import Refused
from alidade.exchange.rows import ErasureDuty, InboxRow, Tombstone
from alidade.exchange.verdict import Delivery, Event, Verdict
from alidade.model.ids import AuthorityId


class Progress:
    """What one call of `accept` has done so far."""

    __slots__ = ("apply", "events", "parked", "poisoned")

    def __init__(self, poisoned: Mapping[str, str]) -> None:
        self.poisoned = poisoned
        self.apply: list[Delivery] = []
        self.events: list[Event] = []
        self.parked: dict[str, str] = {}

    def verdict(self, row: InboxRow) -> Verdict:
        """The ruling as it follows from what became of the row."""
        ruling = row.state if row.state in ("waiting", "parked") else "accepted"
        return Verdict(
            ruling=ruling,
            reason=row.reason,
            sender=row.sender,
            message_id=row.message_id,
            kind=row.kind,
            apply=tuple(self.apply),
            events=tuple(self.events),
            parked=self.parked,
        )


class Incoming:
    """The inbox of one authority."""

    __slots__ = ("_desk", "_notes")

    def __init__(self, desk: Desk, notes: Notes) -> None:
        self._desk = desk
        self._notes = notes

    def accept(self, raw: bytes, poisoned: Mapping[str, str]) -> Verdict:
        """Rule on one envelope; Refused when it is not taken at all: nothing was written then."""
        envelope = parse(raw, self._desk.memory.suites)
        header, now = envelope.header, self._desk.now()
        if header.recipient != self._desk.own:
            raise Refused("wrong_recipient")
        if header.sender == self._desk.own:
            raise Refused("own_message")
        sender = AuthorityId(header.sender)
        book = self._verified(envelope, sender, now)
        self._desk.memory.admit(sender, now)
        known = self._desk.store.inbox(sender, header.message_id)
        if known is not None:
            return self._again(known, envelope, raw)
        self._check_suite(envelope)
        slip = open_slip(envelope, self._desk.keys)
        row = InboxRow(
            sender=sender,
            message_id=header.message_id,
            kind=slip.kind,
            thread=slip.thread,
            sequence=slip.sequence,
            digest=envelope.digest,
            received_at=now,
            state="applied",
        )
        return self._place(row, envelope, slip, book, raw, Progress(poisoned))

    # who ---------------------------------------------------------------------------------------------------
    def _verified(self, envelope: Envelope, sender: AuthorityId, now: datetime) -> KeyBook:
        book = self._desk.book(sender)
        try:
            key = book.envelope_key(envelope.header.signing_key, now, self._desk.limits)
        except Refused as refused:
            if refused.reason != "unknown_key" or not self._brings_its_key(envelope, book):
                raise
            return book
        if not verify(envelope, key):
            raise Refused("bad_signature")
        return book

    def _brings_its_key(self, envelope: Envelope, book: KeyBook) -> bool:
        """A new key announces itself: the manifests inside prove it, and it must have signed what they came in."""
        self._check_suite(envelope)
        slip = open_slip(envelope, self._desk.keys)
        if slip.kind != "manifest":
            return False
        content, _ = decode(open_body(envelope, slip))
        if not isinstance(content, ManifestWord):
            return False
        for signed in self._notes.admission.follow(self._parsed(content), book):
            entry = signed.manifest.signing
            if entry.id == envelope.header.signing_key:
                if not verify(envelope, SigningKey.of(entry.key).public):
                    raise Refused("bad_signature")
                return True
        return False

    def _parsed(self, word: ManifestWord) -> tuple[SignedManifest, ...]:
        return tuple(parse_manifest(raw, self._desk.memory.suites) for raw in word.manifests)

    def _check_suite(self, envelope: Envelope) -> None:
        """The suite of the header must be that of the key: nobody may choose a weaker one for it."""
        suite = self._desk.book(self._desk.own).suite_of.get(envelope.header.sealing_key)
        if suite is None:
            raise Refused("key_gone")
        if suite != envelope.header.suite:
            raise Refused("wrong_suite_of_key")

    def _again(self, row: InboxRow, envelope: Envelope, raw: bytes) -> Verdict:
        if row.state == "waiting" and row.raw and row.digest != envelope.digest:
            # Sealed anew, perhaps because a key was replaced: the older one may soon not open any more.
            self._check_suite(envelope)
            slip = open_slip(envelope, self._desk.keys)
            if (slip.kind, slip.thread, slip.sequence) == (row.kind, row.thread, row.sequence):
                self._desk.store.put_inbox(replace(row, raw=raw, digest=envelope.digest))
        elif row.state != "waiting" and (row.kind not in KINDS or KINDS[row.kind].acknowledged):
            self._desk.store.put_inbox(replace(row, receipt_due=True))
        return Verdict(
            ruling="duplicate", reason=row.reason, sender=row.sender, message_id=row.message_id, kind=row.kind
        )

    # where -------------------------------------------------------------------------------------------------
    def _place(
        self, row: InboxRow, envelope: Envelope, slip: Slip, book: KeyBook, raw: bytes, progress: Progress
    ) -> Verdict:
        carriage = KINDS.get(slip.kind)
        ordered = slip.sequence > 0
        if (ordered and not slip.thread) or (carriage is not None and carriage.ordered != ordered):
            raise Refused("wrong_kind_place")
        order = self._order_of(row) if ordered else None
        if order == "late":
            row = replace(row, state="void", reason="late", receipt_due=True)
            self._desk.store.put_inbox(row)
            return progress.verdict(row)
        try:
            opened = open_content(self._desk, envelope, slip)
        except Refused as refused:
            if row.kind == "void" or (carriage is not None and carriage.control):
                raise
            self._check_room(row)
            return progress.verdict(self._park(replace(row, raw=raw), refused.reason, progress))
        row = replace(row, items=items_of(opened.content))
        if order is None:
            row = self._apart(row, opened, book, raw, progress)
        else:
            row = self._in_line(row, order, opened, raw, progress)
        if opened.content.head is not None and row.kind != "head":
            progress.events.extend(self._notes.seal(opened.content.head, row.sender, book)[1])
        return progress.verdict(row)

    def _order_of(self, row: InboxRow) -> Literal["late", "next", "ahead"]:
        """Where a message stands in its thread; Refused when its place is taken or too far ahead."""
        store, void = self._desk.store, row.kind == "void"
        expected = store.cursor(row.sender, row.thread)
        if row.sequence < expected:
            if not void:
                raise Refused("sequence_taken")
            return "late"
        if row.sequence >= expected + self._desk.limits.window:
            raise Refused("window")
        if not void and store.held_at(row.sender, row.thread, row.sequence) is not None:
            raise Refused("sequence_taken")
        return "next" if row.sequence == expected else "ahead"

    def _check_room(self, row: InboxRow) -> None:
        if self._desk.store.held(row.sender) >= self._desk.limits.held_per_peer:
            raise Refused("held_full")

    def _in_line(
        self, row: InboxRow, order: Literal["next", "ahead"], opened: Opened, raw: bytes, progress: Progress
    ) -> InboxRow:
        store = self._desk.store
        held = store.held_at(row.sender, row.thread, row.sequence) if row.kind == "void" else None
        if held is not None:
            store.put_inbox(replace(held, state="void", raw=b"", reason="voided", receipt_due=False))
        elif order == "ahead":
            self._check_room(row)
        if order == "ahead":
            row = replace(row, state="waiting", raw=raw)
            store.put_inbox(row)
            return row
        row = self._take(row, opened, raw, progress)
        if row.state != "parked":
            self._advance(row.sender, row.thread, row.sequence + 1, progress)
        return row

    def _apart(self, row: InboxRow, opened: Opened, book: KeyBook, raw: bytes, progress: Progress) -> InboxRow:
        """What stands outside any order: the exchange's own notes, erasures, pieces of files."""
        content, reason = opened.content, progress.poisoned.get(row.message_id)
        if reason is not None:
            return self._park(replace(row, raw=raw), reason, progress)
        if isinstance(content, Erasure):
            row = self._take(row, opened, raw, progress)
            self._erase(content, row, progress)
            return row
        if isinstance(content, Chunk):
            return self._take(row, opened, raw, progress)
        carriage = KINDS[row.kind]
        if not carriage.acknowledged:
            self._check_age(opened.sent_at, row.received_at)
        try:
            row, events = self._note(row, opened, book)
        except Refused as refused:
            if carriage.control:
                raise
            return self._park(replace(row, raw=raw), refused.reason, progress)
        progress.events.extend(events)
        row = replace(row, state="applied", raw=b"", receipt_due=carriage.acknowledged, receipt=b"")
        self._desk.store.put_inbox(row)
        return row

    def _note(self, row: InboxRow, opened: Opened, book: KeyBook) -> tuple[InboxRow, Sequence[Event]]:
        content = opened.content
        if not isinstance(content, HeadWord) or content.head is None:
            return row, self._notes.take(content, row.sender, book, opened.sent_at)
        refusal, events = self._notes.seal(content.head, row.sender, book)
        if refusal is not None and refusal != "head_unproven":
            raise Refused(refusal)
        return replace(row, reason=refusal or ""), events

    def _check_age(self, sent_at: datetime, now: datetime) -> None:
        """Notes older than rows of notes are kept could be played back; newer than any clock may be wrong, too."""
        limits = self._desk.limits
        skew = timedelta(hours=limits.clock_skew_hours)
        if not now - timedelta(days=limits.retransmission_days) <= sent_at <= now + skew:
            raise Refused("late")

    # what --------------------------------------------------------------------------------------------------
    def _take(self, row: InboxRow, opened: Opened, raw: bytes, progress: Progress) -> InboxRow:
        """Hand one message over to be applied, unless the caller could not apply it or its owner had it erased."""
        reason = progress.poisoned.get(row.message_id)
        if reason is not None:
            return self._park(replace(row, raw=raw), reason, progress)
        erased = frozenset[str]()
        if row.kind != "erasure":
            erased = frozenset(name for name in row.items if self._desk.store.tombstone(name) is not None)
        row = replace(row, state="applied", reason="", raw=b"", receipt_due=True, receipt=b"")
        if row.items and len(erased) == len(row.items):
            row = replace(row, state="void", reason="erased")
        else:
            row = replace(row, state="void" if row.kind == "void" else "applied")
            progress.apply.append(
                Delivery(
                    sender=row.sender,
                    message_id=row.message_id,
                    kind=row.kind,
                    thread=row.thread,
                    sequence=row.sequence,
                    content=opened.content,
                    blob=opened.blob,
                    sent_at=opened.sent_at,
                    received_at=row.received_at,
                    erased=erased,
                )
            )
        self._desk.store.put_inbox(row)
        return row

    def _park(self, row: InboxRow, reason: str, progress: Progress) -> InboxRow:
        row = replace(row, state="parked", reason=reason, receipt_due=True, receipt=b"")
        progress.parked[row.message_id] = reason
        self._desk.store.put_inbox(row)
        return row

    def _advance(self, sender: AuthorityId, thread: str, expected: int, progress: Progress) -> None:
        """Take what waited for this place, and so on, until one is missing or parked."""
        store = self._desk.store
        while (held := store.held_at(sender, thread, expected)) is not None and held.state == "waiting":
            if self._reopen(held, progress).state == "parked":
                break
            expected += 1
        store.put_cursor(sender, thread, expected)

    def _reopen(self, row: InboxRow, progress: Progress) -> InboxRow:
        if not row.raw:  # given up, or erased while it waited
            row = replace(row, state="void", reason=row.reason or "erased", receipt_due=True, receipt=b"")
            self._desk.store.put_inbox(row)
            return row
        try:
            opened = self._open_raw(row)
        except Refused as refused:
            return self._park(row, refused.reason, progress)
        return self._take(replace(row, items=items_of(opened.content)), opened, row.raw, progress)

    def _open_raw(self, row: InboxRow) -> Opened:
        envelope = parse(row.raw, self._desk.memory.suites)
        return open_content(self._desk, envelope, open_slip(envelope, self._desk.keys))

    # erasure -----------------------------------------------------------------------------------------------
    def _erase(self, content: Erasure, row: InboxRow, progress: Progress) -> None:
        store = self._desk.store
        for item in content.items:
            names = [f"{item.owner}/{target}" for target in read_order(item).targets]
            for name in names:
                if store.tombstone(name) is None:
                    store.put_tombstone(Tombstone(item=name, order=item.name, at=row.received_at))
            if store.duty("owed", item.name, row.sender) is None:
                store.put_duty(
                    ErasureDuty(
                        direction="owed",
                        order=item.name,
                        peer=row.sender,
                        message_id=row.message_id,
                        at=row.received_at,
                        due_at=row.received_at + timedelta(days=self._desk.limits.erasure_answer_days),
                    )
                )
            self._notes.forget(set(names))
            for name in names:
                for held in store.inbox_holding(name):
                    self._forget(held, progress)

    def _forget(self, held: InboxRow, progress: Progress) -> None:
        """What waits or is parked and now holds nothing but erased items is emptied; its place stays."""
        if all(self._desk.store.tombstone(name) is not None for name in held.items):
            self.give_up(held, "erased", progress)

    # a person's decisions ----------------------------------------------------------------------------------
    def give_up(self, held: InboxRow, reason: str, progress: Progress) -> None:
        """Empty a message that waits or is parked, and let its thread go on."""
        store = self._desk.store
        if not held.sequence:
            store.put_inbox(replace(held, state="void", reason=reason, raw=b"", receipt_due=True, receipt=b""))
            return
        store.put_inbox(replace(held, state="waiting", reason=reason, raw=b""))
        self._advance(held.sender, held.thread, store.cursor(held.sender, held.thread), progress)

    def retry(self, held: InboxRow, poisoned: Mapping[str, str]) -> Verdict:
        """Try a parked message again; Refused when it still cannot be opened or its owner's signature still fails."""
        progress = Progress(poisoned)
        opened = self._open_raw(held)
        row = replace(held, items=items_of(opened.content))
        if not held.sequence:
            row = self._apart(row, opened, self._desk.book(held.sender), held.raw, progress)
        else:
            self._desk.store.put_inbox(replace(row, state="waiting", reason=""))
            self._advance(held.sender, held.thread, self._desk.store.cursor(held.sender, held.thread), progress)
            row = self._desk.store.inbox(held.sender, held.message_id) or row
        return progress.verdict(row)
