"""The way out: what was posted waits in the outbox, is sealed when it is due, and is sent until it is receipted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from alidade.exchange.content import (
    KINDS,
    Content,
    Erasure,
    Void,
    WithItems,
    decode,
    encode,
    items_of,
    kind_of,
    read_order,
)
from alidade.exchange.context import Desk
from alidade.exchange.envelope import (
    KEY_BYTES,
    VERSION,
    Header,
    SealedBody,
    Slip,
    assemble,
    seal_body,
    seal_front,
    slip_bytes,
)
from alidade.exchange.layout import moment_text
from alidade.exchange.manifest import SealingEntry
from alidade.exchange.peers import is_stale
from alidade.exchange.reasons import Refused
from alidade.exchange.rows import ErasureDuty, OutboxRow
from alidade.exchange.verdict import Dispatch
from alidade.exchange.witness import Watch
from alidade.model.errors import Damaged
from alidade.model.ids import AuthorityId


class Outgoing:
    """The outbox of one authority."""

    __slots__ = ("_desk", "_watch")

    def __init__(self, desk: Desk, watch: Watch) -> None:
        self._desk = desk
        self._watch = watch

    def post(
        self, recipients: Sequence[AuthorityId], content: Content, *, thread: str = "", blob: bytes = b""
    ) -> Mapping[AuthorityId, str]:
        """Put a content into the outbox, once for all recipients; gives the message id per recipient."""
        desk, now, kind = self._desk, self._desk.now(), kind_of(content)
        if desk.own in recipients or len(set(recipients)) != len(recipients):
            raise Refused("own_message" if desk.own in recipients else "bad_field", "recipients")
        if KINDS[kind].ordered and not thread:
            raise Refused("wrong_kind_place")
        note = content.head
        if note is None and len(recipients) == 1:
            note = self._watch.note_for(recipients[0])
        stamped = msgspec.structs.replace(content, sent_at=moment_text(now), head=note)
        self._check_own(kind, stamped)
        raw = encode(stamped, blob)
        decode(raw)
        body, key = self._seal(raw)
        posted = {each: self._put(each, kind, thread, body, key, items_of(stamped)) for each in recipients}
        if isinstance(stamped, Erasure):
            self._ask(stamped, posted, now)
        return posted

    def _check_own(self, kind: str, content: Content) -> None:
        if KINDS[kind].own and isinstance(content, WithItems):
            for item in content.items:
                if item.owner != self._desk.own:
                    raise Refused("not_owner")

    def _seal(self, raw: bytes) -> tuple[SealedBody, bytes]:
        key = self._desk.randomness.token_bytes(KEY_BYTES)
        body = seal_body(raw, sender=self._desk.own, key=key)
        self._desk.store.put_body(body.body_sha256, body.body)
        return body, key

    def _put(
        self,
        recipient: AuthorityId,
        kind: str,
        thread: str,
        body: SealedBody,
        key: bytes,
        items: tuple[str, ...],
        place: int | None = None,
    ) -> str:
        desk, carriage, now = self._desk, KINDS[kind], self._desk.now()
        sequence = 0
        if carriage.ordered:
            sequence = desk.store.take_sequence(recipient, thread) if place is None else place
        slip = Slip(
            sender=desk.own,
            recipient=recipient,
            message_id=desk.new_id(),
            kind=kind,
            thread=thread,
            sequence=sequence,
            key=key,
            digest=body.digest,
        )
        row = OutboxRow(
            message_id=slip.message_id,
            recipient=recipient,
            kind=kind,
            thread=thread,
            sequence=sequence,
            priority=carriage.priority,
            acknowledged=carriage.acknowledged,
            posted_at=now,
            next_at=now,
            bucket=body.bucket,
            body_sha256=body.body_sha256,
            slip=slip_bytes(slip),
            items=items,
        )
        desk.store.put_outbox(row)
        return slip.message_id

    # erasure and withdrawal ----------------------------------------------------------------------------------
    def _ask(self, content: Erasure, posted: Mapping[AuthorityId, str], now: datetime) -> None:
        erased: set[str] = set()
        for item in content.items:
            erased.update(f"{item.owner}/{target}" for target in read_order(item).targets)
            for recipient, message_id in posted.items():
                self._desk.store.put_duty(
                    ErasureDuty(
                        direction="asked",
                        order=item.name,
                        peer=recipient,
                        message_id=message_id,
                        at=now,
                        due_at=now + timedelta(days=self._desk.limits.erasure_answer_days),
                    )
                )
        self.forget(erased)

    def forget(self, erased: set[str]) -> None:
        """Take erased items out of the outbox: what holds nothing else becomes a void, or goes if it was sent."""
        for name in sorted(erased):
            for row in self._desk.store.outbox_holding(name):
                if row.state == "queued" and erased.issuperset(row.items):
                    self.void(row, "erased")
                elif row.state == "settled":
                    self._empty(row)

    def void(self, row: OutboxRow, reason: Literal["erased", "withdrawn"]) -> None:
        """Put a void in the place of a message; outside an order the message just goes."""
        self._empty(row)
        if row.sequence:
            raw = encode(Void(sent_at=moment_text(self._desk.now()), reason=reason))
            body, key = self._seal(raw)
            self._put(row.recipient, "void", row.thread, body, key, (), row.sequence)

    def _empty(self, row: OutboxRow) -> None:
        self._desk.store.put_outbox(
            replace(row, state="voided", slip=b"", front=b"", body_sha256="", settled_at=self._desk.now())
        )

    def withdraw(self, recipient: AuthorityId, message_id: str) -> bool:
        """Send a void in place of a message that has no receipt yet, or that is parked at its recipient."""
        row = self._desk.store.outbox(recipient, message_id)
        if row is None or row.kind == "void" or row.state == "voided":
            return False
        if row.state == "settled" and row.disposition != "parked":
            return False
        self.void(row, "withdrawn")
        return True

    def resend(self, row: OutboxRow) -> None:
        """The recipient misses this message: send it at once, whatever was believed of it."""
        if row.state == "voided":
            self.void(row, "erased")
        else:
            self._desk.store.put_outbox(replace(row, state="queued", next_at=self._desk.now(), attempts=0))

    # sending -------------------------------------------------------------------------------------------------
    def due(self, recipient: AuthorityId | None, *, pull: bool) -> tuple[Dispatch, ...]:
        """Seal what is to be sent now."""
        now = self._desk.now()
        recipients = self._desk.store.recipients_due(now) if recipient is None else [recipient]
        return tuple(each for peer in recipients for each in self._due_for(peer, now, pull=pull))

    def _due_for(self, recipient: AuthorityId, now: datetime, *, pull: bool) -> Sequence[Dispatch]:
        desk, limits = self._desk, self._desk.limits
        peer = desk.store.peer(recipient)
        if peer is None or peer.paused:
            return ()
        key = desk.book(recipient).seal_to(now)
        if key is None:
            return ()
        reach = now + timedelta(seconds=limits.back_off_most_seconds) if pull else now
        stale, windows, budget = is_stale(peer, now, limits), dict[str, int](), limits.batch_bytes
        sent: list[Dispatch] = []
        for row in desk.store.outbox_due(recipient, reach, limits.batch):
            if (stale and not KINDS[row.kind].control) or self._beyond_window(row, windows) or self._expired(row, now):
                continue
            budget -= row.bucket
            if budget < 0 and sent:
                break
            sent.append(self._dispatch(row, key, now))
        return sent

    def _beyond_window(self, row: OutboxRow, windows: dict[str, int]) -> bool:
        if not row.sequence:
            return False
        if row.thread not in windows:
            windows[row.thread] = self._desk.store.first_unsettled(row.recipient, row.thread)
        beyond = row.sequence >= windows[row.thread] + self._desk.limits.window
        if beyond:  # to the back of the queue, so that other threads have their turn
            pause = timedelta(seconds=self._desk.limits.back_off_first_seconds)
            self._desk.store.put_outbox(replace(row, next_at=self._desk.now() + pause))
        return beyond

    def _expired(self, row: OutboxRow, now: datetime) -> bool:
        expired = not row.acknowledged and now > row.posted_at + timedelta(days=self._desk.limits.control_expiry_days)
        if expired:
            self._desk.store.put_outbox(replace(row, state="settled", settled_at=now, reason="expired"))
        return expired

    def _dispatch(self, row: OutboxRow, key: tuple[SealingEntry, Any], now: datetime) -> Dispatch:
        desk = self._desk
        body = desk.store.body(row.body_sha256)
        if body is None:
            raise Damaged("A message of the outbox has lost its body.", remedy="Restore the store from its backup.")
        if row.sealing_key != key[0].id or row.signing_key != desk.keys.signer.key_id:
            row = self._fronted(row, key)
            envelope = assemble(row.front, body)
            row = replace(row, digests=(*row.digests, hashlib.sha256(envelope).hexdigest()))
        else:
            envelope = assemble(row.front, body)
        desk.store.put_outbox(replace(row, attempts=row.attempts + 1, next_at=now + self._pause(row.attempts)))
        return Dispatch(recipient=row.recipient, message_id=row.message_id, kind=row.kind, envelope=envelope)

    def _fronted(self, row: OutboxRow, key: tuple[SealingEntry, Any]) -> OutboxRow:
        desk, (entry, public) = self._desk, key
        signer = desk.keys.signer
        header = Header(
            version=VERSION,
            suite=entry.suite,
            sender=desk.own,
            recipient=row.recipient,
            message_id=row.message_id,
            signing_key=signer.key_id,
            sealing_key=entry.id,
            bucket=row.bucket,
        )
        front = seal_front(header, row.slip, row.body_sha256, public=public, signer=signer, suites=desk.memory.suites)
        return replace(row, front=front, sealing_key=entry.id, signing_key=signer.key_id)

    def _pause(self, attempts: int) -> timedelta:
        """Doubles with every attempt up to the most, less a random part of up to half, so that peers spread out."""
        limits = self._desk.limits
        seconds = min(limits.back_off_first_seconds * 2 ** min(attempts, 32), limits.back_off_most_seconds)
        return timedelta(seconds=seconds * (512 - self._desk.randomness.token_bytes(1)[0]) / 512)

    def handed_over(self, recipient: AuthorityId, message_ids: Sequence[str]) -> None:
        """What needs no receipt is finished with once the transport gave it away."""
        for message_id in message_ids:
            row = self._desk.store.outbox(recipient, message_id)
            if row is not None and row.state == "queued" and not row.acknowledged:
                self._desk.store.put_outbox(replace(row, state="settled", settled_at=self._desk.now()))
