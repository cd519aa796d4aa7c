"""Outgoing: messages on their way, in the transaction of the act that they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet

from alidade.exchange.rows import OutboxRow
from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.exchange.base import Base, portions

_KEY = ("recipient", "message_id")
_MOST_BODIES = 8 << 20  # bytes read ahead: what one portion may hold


class Outgoing(Base):
    """The outbox, its bodies, and how far each thread has been counted."""

    def __init__(self, tx: Transaction, own: AuthorityId) -> None:
        super().__init__(tx, own)
        # What was sealed in this transaction, or read: an unchanged slip need not be sealed again.
        self._slips: dict[tuple[str, str], tuple[bytes, bytes | None, str]] = tx.memo.setdefault(("slips", own), {})

    def take_sequence(self, recipient: AuthorityId, thread: str) -> int:
        """Count on: 1 for the first message of this thread to this recipient."""
        key = "sequence", self._own, recipient, thread
        last = self._memo.get(key)
        if last is None:
            found = self._found(models.ExchangeSequence, ("recipient", "thread"), recipient, thread)
            last = found[0].last if found else 0
        taken = self._memo[key] = int(last) + 1
        self._put_later(
            models.ExchangeSequence, ("recipient", "thread"), recipient=recipient, thread=thread, last=taken
        )
        return taken

    def put_body(self, sha256: str, body: bytes) -> None:
        """Keep one encrypted body, once for all recipients."""
        waiting = self._memo["bytes of bodies"] = self._memo.get("bytes of bodies", 0) + len(body)
        self._put_later(models.ExchangeBody, ("sha256",), sha256=sha256, content=body)
        if waiting > _MOST_BODIES:
            self._settle(models.ExchangeBody)
            self._memo["bytes of bodies"] = 0

    def body(self, sha256: str) -> bytes | None:
        """The encrypted body, or nothing when it was dropped."""
        known: bytes | None = self._memo.get(("body", self._own, sha256))
        if known is not None:
            return known
        self._settle(models.ExchangeBody)
        found = self._found(models.ExchangeBody, ("sha256",), sha256)
        return bytes(found[0].content) if found else None

    def put_outbox(self, row: OutboxRow) -> None:
        """Keep a message on its way."""
        sealed, key_id = self._sealed(row)
        self._put_later(
            models.Outbox,
            _KEY,
            recipient=row.recipient,
            message_id=row.message_id,
            kind=row.kind,
            thread=row.thread,
            sequence=row.sequence,
            priority=row.priority,
            acknowledged=row.acknowledged,
            posted_at=row.posted_at,
            next_at=row.next_at,
            bucket=row.bucket,
            body_sha256=row.body_sha256,
            slip=sealed,
            field_key=key_id,
            attempts=row.attempts,
            state=row.state,
            sealing_key=row.sealing_key,
            signing_key=row.signing_key,
            front=row.front,
            digests=list(row.digests),
            items=list(row.items),
            settled_at=row.settled_at,
            receipt=row.receipt,
            disposition=row.disposition,
            reason=row.reason,
        )
        self._memo["outbox", self._own, row.recipient, row.message_id] = row
        self._memo.pop(("first", self._own, row.recipient, row.thread), None)
        named = "outbox items", self._own, row.recipient, row.message_id
        if row.items and named not in self._memo:
            self._memo[named] = True
            # A message that was just posted was never here: of any other it is looked up.
            new = row.posted_at >= self._tx.now and not row.attempts and not row.front
            if new or not self._is_named(row):
                self._name_items("out", row.recipient, row.message_id, row.items)

    def outbox(self, recipient: AuthorityId, message_id: str) -> OutboxRow | None:
        """One message on its way."""
        known: OutboxRow | None = self._memo.get(("outbox", self._own, recipient, message_id))
        if known is not None:
            return known
        found = self._found(models.Outbox, _KEY, recipient, message_id)
        return self._outbox_row(found[0]) if found else None

    def outbox_at(self, recipient: AuthorityId, thread: str, sequence: int) -> OutboxRow | None:
        """The newest message put at this place of a thread."""
        rows = self._rows(models.Outbox).filter(recipient=recipient, thread=thread, sequence=sequence)
        row = rows.order_by("-id").first()
        return None if row is None else self._outbox_row(row)

    def outbox_due(self, recipient: AuthorityId, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """Queued rows whose time has come, by (priority, thread, sequence, posted_at), at most `limit`."""
        due = self._queued().filter(recipient=recipient, next_at__lte=now)
        order = ("priority", "thread", "sequence", "posted_at")
        numbers = list(due.order_by(*order).values_list("id", flat=True)[:limit])
        found = {
            row.id: row
            for part in portions(numbers)
            for row in models.Outbox.objects.using(self._tx.alias).filter(id__in=part)
        }
        rows = [self._outbox_row(found[number]) for number in numbers]
        self._expect_sending(recipient, rows)
        return rows

    def _expect_sending(self, recipient: AuthorityId, rows: Sequence[OutboxRow]) -> None:
        """Read at once what each of these rows is about to be asked for: its body, and where its thread stands."""
        self._settle(models.ExchangeBody)
        wanted, room = list[str](), _MOST_BODIES
        for row in rows:
            room -= row.bucket
            if room < 0:
                break
            wanted.append(row.body_sha256)
        for part in portions(sorted(set(wanted))):
            for body in self._found(models.ExchangeBody, ("sha256",), *part, many=len(part)):
                self._memo["body", self._own, body.sha256] = bytes(body.content)
        threads = sorted({row.thread for row in rows if row.sequence})
        for part in portions(threads):
            waiting = self._queued().filter(recipient=recipient, thread__in=part).values("thread")
            for each in waiting.annotate(lowest=Min("sequence")):
                self._memo["first", self._own, recipient, each["thread"]] = int(each["lowest"])

    def recipients_due(self, now: datetime) -> Sequence[AuthorityId]:
        """Recipients for whom something's time has come, by name."""
        rows = self._queued().filter(next_at__lte=now).order_by("recipient")
        return [AuthorityId(name) for name in rows.values_list("recipient", flat=True).distinct()]

    def first_unsettled(self, recipient: AuthorityId, thread: str) -> int:
        """The lowest sequence of this thread still queued, 0 when none."""
        known: int | None = self._memo.get(("first", self._own, recipient, thread))
        if known is not None:
            return known
        rows = self._queued().filter(recipient=recipient, thread=thread)
        lowest = rows.aggregate(lowest=Min("sequence"))["lowest"]
        return int(lowest or 0)

    def outbox_holding(self, item: str) -> Sequence[OutboxRow]:
        """All rows of any state that name this item, by (recipient, message_id)."""
        return [self._outbox_row(row) for row in self._out_rows_of(item)]

    def prune_outbox(self, settled_before: datetime) -> int:
        """Delete settled and voided rows older than this, then bodies that no row names."""
        for key in [key for key in self._memo if isinstance(key, tuple) and key[0] == "outbox"]:
            del self._memo[key]
        old = self._rows(models.Outbox).filter(state__in=("settled", "voided"), settled_at__lt=settled_before)
        going = list(old.values_list("id", "field_key", "recipient", "message_id"))
        numbers = [one[0] for one in going]
        for part in portions(numbers):
            models.Outbox.objects.using(self._tx.alias).filter(id__in=part).delete()
        for _, _, recipient, message_id in going:
            self._rows(models.ExchangeItem).filter(direction="out", peer=recipient, message_id=message_id).delete()
        named = self._rows(models.Outbox).values("body_sha256")
        self._rows(models.ExchangeBody).exclude(sha256__in=named).delete()
        return len(numbers)

    # -- beside the protocol: for erasures and for the status ----------------------------------------------------

    def field_keys_holding(self, item: str) -> list[str]:
        """The field keys of all messages, on their way or held, that name this item."""
        held = self._in_rows_of(item).exclude(field_key="").values_list("field_key", flat=True)
        return [*(row.field_key for row in self._out_rows_of(item) if row.field_key), *held]

    def unopenable(self) -> list[tuple[AuthorityId, str]]:
        """Messages on their way that an erasure has emptied since the backup that was restored."""
        rows = self._queued().filter(slip__isnull=True).order_by("id")
        return [(AuthorityId(recipient), message) for recipient, message in rows.values_list("recipient", "message_id")]

    def _queued(self) -> QuerySet[models.Outbox]:
        return self._rows(models.Outbox).filter(state="queued")

    def _out_rows_of(self, item: str) -> QuerySet[models.Outbox]:
        named = self._rows(models.ExchangeItem).filter(direction="out", item=item).values("message_id")
        rows = self._rows(models.Outbox).filter(message_id__in=named)
        return rows.order_by("recipient", "message_id")

    def _in_rows_of(self, item: str) -> QuerySet[models.Inbox]:
        named = self._rows(models.ExchangeItem).filter(direction="in", item=item).values("message_id")
        rows = self._rows(models.Inbox).filter(message_id__in=named, state__in=("waiting", "parked"))
        return rows.order_by("sender", "message_id")

    def _is_named(self, row: OutboxRow) -> bool:
        rows = self._rows(models.ExchangeItem)
        return rows.filter(direction="out", peer=row.recipient, message_id=row.message_id).exists()

    def settle_items(self) -> None:
        """Write which message names which item: for who looks there beside the protocol."""
        self._settle(models.ExchangeItem)

    def _name_items(self, direction: str, peer: str, message_id: str, items: Iterable[str]) -> None:
        for item in items:
            self._add_later(models.ExchangeItem, direction=direction, peer=peer, message_id=message_id, item=item)

    def _sealed(self, row: OutboxRow) -> tuple[bytes | None, str]:
        known = self._slips.get((row.recipient, row.message_id))
        if known is not None and known[0] == row.slip:
            return known[1], known[2]
        if not row.slip:
            sealed, key_id = None, known[2] if known else ""
        else:
            ((key_id, key),) = self._keys.new_field_keys(1)
            sealed = self._keys.seal(row.slip, key, f"outbox/{self._own}/{row.message_id}")
        self._slips[row.recipient, row.message_id] = row.slip, sealed, key_id
        return sealed, key_id

    def _outbox_row(self, row: Any) -> OutboxRow:
        sealed = bytes(row.slip) if row.slip is not None else None
        slip = None
        if sealed is not None:
            slip = self._keys.unseal(sealed, row.field_key, f"outbox/{self._own}/{row.message_id}")
        self._slips[row.recipient, row.message_id] = slip or b"", sealed, row.field_key
        self._memo["outbox items", self._own, row.recipient, row.message_id] = True
        return OutboxRow(
            message_id=row.message_id,
            recipient=AuthorityId(row.recipient),
            kind=row.kind,
            thread=row.thread,
            sequence=row.sequence,
            priority=row.priority,
            acknowledged=row.acknowledged,
            posted_at=row.posted_at,
            next_at=row.next_at,
            bucket=row.bucket,
            body_sha256=row.body_sha256,
            slip=slip or b"",
            items=tuple(row.items),
            attempts=row.attempts,
            state=row.state,
            sealing_key=row.sealing_key,
            signing_key=row.signing_key,
            front=bytes(row.front),
            digests=tuple(row.digests),
            settled_at=row.settled_at,
            receipt=bytes(row.receipt),
            disposition=row.disposition,
            reason=row.reason,
        )
