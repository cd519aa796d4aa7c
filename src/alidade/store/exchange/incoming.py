"""Incoming: messages that came in, what waits for its turn, and which is expected next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min

from alidade.exchange.content import KINDS
from alidade.exchange.rows import Gap, InboxRow
from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.exchange.base import portions
from alidade.store.exchange.outgoing import Outgoing

_HELD = ("waiting", "parked")


class Incoming(Outgoing):
    """The inbox and its cursors."""

    def inbox(self, sender: AuthorityId, message_id: str) -> InboxRow | None:
        """One message that came in."""
        key = "inbox", self._own, sender, message_id
        if key not in self._memo:
            found = self._found(models.Inbox, ("sender", "message_id"), sender, message_id)
            self._memo[key] = self._inbox_row(found[0]) if found else None
        known: InboxRow | None = self._memo[key]
        return known

    def expect(self, sender: AuthorityId, messages: Sequence[str]) -> None:
        """Look at once which of these messages are here already: they are about to be asked for one by one."""
        for part in portions(messages):
            key = "sender", "message_id"
            found = {row.message_id: row for row in self._found(models.Inbox, key, sender, *part, many=len(part))}
            for each in part:
                row = found.get(each)
                at = "inbox", self._own, sender, each
                if at not in self._memo:
                    self._memo[at] = None if row is None else self._inbox_row(row)

    def put_inbox(self, row: InboxRow) -> None:
        """Keep a message that came in."""
        sealed: bytes | None = None
        key_id = ""
        if row.raw:
            ((key_id, key),) = self._keys.new_field_keys(1)
            sealed = self._keys.seal(row.raw, key, f"inbox/{self._own}/{row.message_id}")
        self._put_later(
            models.Inbox,
            ("sender", "message_id"),
            sender=row.sender,
            message_id=row.message_id,
            kind=row.kind,
            thread=row.thread,
            sequence=row.sequence,
            digest=row.digest,
            received_at=row.received_at,
            state=row.state,
            reason=row.reason,
            raw=sealed,
            field_key=key_id,
            items=list(row.items),
            receipt_due=row.receipt_due,
            receipt=row.receipt,
            entry_index=row.entry_index,
            entry_leaf=row.entry_leaf,
        )
        self._memo["inbox", self._own, row.sender, row.message_id] = row
        held = self._has_held(row.sender)
        if row.state in _HELD:
            self._memo["held", self._own, row.sender] = True
        if not row.items or not (held or row.state in _HELD):
            return
        named = self._rows(models.ExchangeItem).filter(direction="in", peer=row.sender, message_id=row.message_id)
        if row.state not in _HELD:
            named.delete()
        elif not named.exists():
            self._name_items("in", row.sender, row.message_id, row.items)

    def _has_held(self, sender: str) -> bool:
        """Whether anything of a sender waits or is parked, or did in this transaction."""
        key = "held", self._own, sender
        if key not in self._memo:
            self._memo[key] = self._rows(models.Inbox).filter(sender=sender, state__in=_HELD).exists()
        return bool(self._memo[key])

    def held_at(self, sender: AuthorityId, thread: str, sequence: int) -> InboxRow | None:
        """The row that waits or is parked at this place, if any."""
        if not self._has_held(sender):
            return None
        rows = self._rows(models.Inbox).filter(sender=sender, thread=thread, sequence=sequence, state__in=_HELD)
        row = rows.order_by("-id").first()
        return None if row is None else self._inbox_row(row)

    def held(self, sender: AuthorityId) -> int:
        """How many rows of this sender wait or are parked."""
        if not self._has_held(sender):
            return 0
        return self._rows(models.Inbox).filter(sender=sender, state__in=_HELD).count()

    def inbox_holding(self, item: str) -> Sequence[InboxRow]:
        """All rows that wait or are parked and name this item, by (sender, message_id)."""
        return [self._inbox_row(row) for row in self._in_rows_of(item)]

    def parked(self) -> Sequence[InboxRow]:
        """All parked rows, by (received_at, sender, message_id)."""
        rows = self._rows(models.Inbox).filter(state="parked")
        return [self._inbox_row(row) for row in rows.order_by("received_at", "sender", "message_id")]

    def receipts_due(self, limit: int) -> Sequence[InboxRow]:
        """Rows whose receipt is to be sent, by (sender, received_at, message_id), at most `limit`."""
        rows = self._rows(models.Inbox).filter(receipt_due=True)
        return [self._inbox_row(row) for row in rows.order_by("sender", "received_at", "message_id")[:limit]]

    def cursor(self, sender: AuthorityId, thread: str) -> int:
        """The next sequence expected of this thread, 1 at first."""
        key = "cursor", self._own, sender, thread
        if key not in self._memo:
            found = self._found(models.ExchangeCursor, ("sender", "thread"), sender, thread)
            self._memo[key] = found[0].expected if found else 1
        return int(self._memo[key])

    def put_cursor(self, sender: AuthorityId, thread: str, expected: int) -> None:
        """Move on to the next sequence expected."""
        key = "sender", "thread"
        self._put_later(models.ExchangeCursor, key, sender=sender, thread=thread, expected=expected)
        self._memo["cursor", self._own, sender, thread] = expected

    def gaps(self, before: datetime) -> Sequence[Gap]:
        """Threads whose cursor stands before a held row, nothing held at the cursor, the oldest held since `before`."""
        held = (
            self._rows(models.Inbox)
            .filter(state__in=_HELD, sequence__gt=0)
            .values("sender", "thread")
            .annotate(first=Min("sequence"), since=Min("received_at"))
            .order_by("sender", "thread")
        )
        found = []
        for one in held:
            sender, first = AuthorityId(one["sender"]), int(one["first"])
            expected = self.cursor(sender, one["thread"])
            if first > expected and one["since"] <= before:
                found.append(
                    Gap(
                        sender=sender,
                        thread=one["thread"],
                        expected=expected,
                        first_waiting=first,
                        since=one["since"],
                    )
                )
        return found

    def received_since(self, sender: AuthorityId, since: datetime) -> Sequence[InboxRow]:
        """Rows of this sender with received_at >= since, by (received_at, message_id)."""
        rows = self._rows(models.Inbox).filter(sender=sender, received_at__gte=since)
        return [self._inbox_row(row) for row in rows.order_by("received_at", "message_id")]

    def prune_notes(self, received_before: datetime) -> int:
        """Delete older rows of what takes no receipt."""
        kinds = sorted(kind for kind, carriage in KINDS.items() if not carriage.acknowledged)
        for key in [key for key in self._memo if isinstance(key, tuple) and key[0] == "inbox"]:
            del self._memo[key]
        rows = self._rows(models.Inbox).filter(state="applied", kind__in=kinds, received_at__lt=received_before)
        return rows.delete()[0]

    def _inbox_row(self, row: Any) -> InboxRow:
        raw = None
        if row.raw is not None:
            raw = self._keys.unseal(bytes(row.raw), row.field_key, f"inbox/{self._own}/{row.message_id}")
        return InboxRow(
            sender=AuthorityId(row.sender),
            message_id=row.message_id,
            kind=row.kind,
            thread=row.thread,
            sequence=row.sequence,
            digest=row.digest,
            received_at=row.received_at,
            state=row.state,
            reason=row.reason,
            raw=raw or b"",
            items=tuple(row.items),
            receipt_due=row.receipt_due,
            receipt=bytes(row.receipt),
            entry_index=row.entry_index,
            entry_leaf=bytes(row.entry_leaf),
        )
