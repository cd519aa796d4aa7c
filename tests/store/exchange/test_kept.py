"""The kept exchange answers exactly as the one in memory does, whatever is asked of it in whatever order."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "services"))

from personas import Dice, SetClock, words

from alidade.exchange.memory import MemoryStore
from alidade.exchange.rows import (
    Cosigned,
    ErasureDuty,
    InboxRow,
    KeptManifest,
    OutboxRow,
    Peer,
    PeerHead,
    Promise,
    Tombstone,
)
from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Store
from alidade.store.exchange import KeptExchange

START = datetime(2026, 6, 16, 9, tzinfo=UTC)
OWN, ONE, TWO = (AuthorityId(code) for code in ("nl-politie", "de-bka", "fr-douane"))
KINDS = ("step", "receipt", "contribution", "head")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "node", clock=SetClock(START), randomness=Dice("kept"), vocabulary=words())
    yield made
    made.close()


class Walk:
    """Does the same things at random to both, and compares what they answer."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.memory = MemoryStore()

    def moment(self) -> datetime:
        return START + timedelta(seconds=self.dice.randrange(50), microseconds=self.dice.randrange(3))

    def peer(self) -> AuthorityId:
        return self.dice.choice((ONE, TWO))

    def hash(self) -> str:
        return f"{self.dice.randrange(6):064x}"

    def items(self) -> tuple[str, ...]:
        return tuple(sorted({f"{OWN}/item{self.dice.randrange(4)}" for _ in range(self.dice.randrange(3))}))

    def out_row(self, number: int) -> OutboxRow:
        kind = self.dice.choice(KINDS)
        return OutboxRow(
            message_id=f"{number:032x}",
            recipient=self.peer(),
            kind=kind,
            thread=self.dice.choice(("a", "b", "")),
            sequence=number,
            priority=self.dice.randrange(3),
            acknowledged=kind != "receipt",
            posted_at=self.moment() + timedelta(microseconds=number * 5),
            next_at=self.moment(),
            bucket=1024,
            body_sha256=self.hash(),
            slip=self.dice.randbytes(20),
            items=self.items(),
        )

    def in_row(self, number: int) -> InboxRow:
        kind, state = self.dice.choice(KINDS), self.dice.choice(("applied", "waiting", "parked"))
        return InboxRow(
            sender=self.peer(),
            message_id=f"{number:032x}",
            kind=kind,
            thread=self.dice.choice(("a", "b")),
            sequence=number,
            digest=self.hash(),
            received_at=self.moment() + timedelta(microseconds=number * 5),
            state=state,  # type: ignore[arg-type]
            raw=b"" if state == "applied" else self.dice.randbytes(30),
            items=self.items(),
            receipt_due=kind in ("step", "contribution") and self.dice.random() < 0.5,
        )

    def step(self, kept: KeptExchange, number: int) -> None:
        """Put something at random into both, or change something that is there."""
        both = (self.memory, kept)
        turn = self.dice.randrange(11)
        if turn <= 3:
            self._outgoing(both, number, settle=turn == 3)
        elif turn <= 7:
            self._incoming(both, number, release=turn == 7)
        elif turn == 8:
            peer, thread, expected = self.peer(), "a", self.dice.randrange(1, 20)
            for each in both:
                each.put_cursor(peer, thread, expected)
            assert self.memory.take_sequence(peer, thread) == kept.take_sequence(peer, thread)
        elif turn == 9:
            self._small(both, number)
        else:
            before = self.moment()
            assert self.memory.prune_outbox(before) == kept.prune_outbox(before)
            assert self.memory.prune_notes(before) == kept.prune_notes(before)

    def _outgoing(self, both: tuple[MemoryStore, KeptExchange], number: int, *, settle: bool) -> None:
        queued = list(self.memory.outbox_due(self.peer(), START + timedelta(days=1), 100))
        if settle and queued:
            row = replace(
                self.dice.choice(queued),
                state="settled",
                settled_at=self.moment(),
                receipt=b"r",
                disposition="accepted",
                digests=("d",),
            )
        else:
            row = self.out_row(number)
        for each in both:
            each.put_body(row.body_sha256, b"body" + row.body_sha256.encode())
            each.put_outbox(row)

    def _incoming(self, both: tuple[MemoryStore, KeptExchange], number: int, *, release: bool) -> None:
        parked = list(self.memory.parked())
        row = self.in_row(number)
        if release and parked:
            row = replace(self.dice.choice(parked), state="applied", raw=b"")
        for each in both:
            each.put_inbox(row)

    def _small(self, both: tuple[MemoryStore, KeptExchange], number: int) -> None:
        peer, at = self.peer(), self.moment()
        head = PeerHead(
            origin="o", size=self.dice.randrange(9), root=b"r" * 32, at=at, signature=b"s" * 64, key_id="k", seen_at=at
        )
        for each in both:
            each.put_peer(Peer(authority=peer, root=b"r", number=number, last_word_at=at, paused="p" * (number % 2)))
            each.put_manifest(KeptManifest(authority=peer, number=number % 4, raw=b"m", seen_at=at))
            each.put_tombstone(Tombstone(item=f"{OWN}/item{number % 4}", order="o", at=at))
            each.put_duty(
                ErasureDuty(direction="asked", order=f"o{number % 3}", peer=peer, message_id="m", at=at, due_at=at)
            )
            each.put_peer_head(head)
            each.put_cosigned(Cosigned(peer=peer, origin="o", size=number, at=at, signature=b"s", key_id="k"))
            each.put_promise(
                Promise(
                    direction="got", peer=peer, message_id=f"{number % 5}", origin="o", index=number, leaf=b"l", at=at
                )
            )

    def compare(self, kept: KeptExchange) -> None:
        """Whatever is asked, both say the same."""
        memory, later = self.memory, START + timedelta(days=1)
        at = self.moment()
        assert list(memory.peers()) == list(kept.peers())
        assert sorted(memory.recipients_due(at)) == list(kept.recipients_due(at))
        assert list(memory.parked()) == list(kept.parked())
        assert list(memory.receipts_due(5)) == list(kept.receipts_due(5))
        assert list(memory.gaps(at)) == list(kept.gaps(at))
        assert list(memory.open_duties(later)) == list(kept.open_duties(later))
        assert memory.peer_head("o") == kept.peer_head("o")
        for item in (f"{OWN}/item{number}" for number in range(4)):
            assert list(memory.outbox_holding(item)) == list(kept.outbox_holding(item))
            assert list(memory.inbox_holding(item)) == list(kept.inbox_holding(item))
            assert memory.tombstone(item) == kept.tombstone(item)
        for peer in (ONE, TWO):
            assert memory.peer(peer) == kept.peer(peer)
            assert list(memory.manifests(peer)) == list(kept.manifests(peer))
            assert list(memory.outbox_due(peer, at, 7)) == list(kept.outbox_due(peer, at, 7))
            assert memory.held(peer) == kept.held(peer)
            assert list(memory.received_since(peer, at)) == list(kept.received_since(peer, at))
            assert memory.cosigned(peer, "o") == kept.cosigned(peer, "o")
            assert list(memory.promises("got", peer, 3)) == list(kept.promises("got", peer, 3))
            for thread in ("a", "b"):
                assert memory.cursor(peer, thread) == kept.cursor(peer, thread)
                assert memory.first_unsettled(peer, thread) == kept.first_unsettled(peer, thread)
        for number in range(6):
            assert memory.body(f"{number:064x}") == kept.body(f"{number:064x}")


@pytest.mark.parametrize("seed", range(6))
def test_it_answers_as_the_one_in_memory(store: Store, seed: int) -> None:
    walk = Walk(seed)
    for start in range(0, 60, 6):
        with store.transaction() as tx:
            kept = KeptExchange(tx, OWN)
            for number in range(start + 1, start + 7):
                walk.step(kept, number)
            walk.compare(kept)  # within the transaction that wrote it
        with store.transaction() as tx:
            walk.compare(KeptExchange(tx, OWN))  # and in the next one


def test_the_rows_of_one_authority_are_no_others(store: Store) -> None:
    with store.transaction() as tx:
        KeptExchange(tx, OWN).put_outbox(Walk(1).out_row(1))
        assert list(KeptExchange(tx, ONE).recipients_due(START + timedelta(days=1))) == []


def test_what_opens_a_message_is_sealed(store: Store) -> None:
    row = Walk(2).out_row(1)
    with store.transaction() as tx:
        KeptExchange(tx, OWN).put_outbox(row)
    with store.transaction() as tx:
        kept = models.Outbox.objects.using(tx.alias).get()
        assert bytes(kept.slip or b"") != row.slip
        assert row.slip not in bytes(kept.slip or b"")
        key = kept.field_key
    store.keys.destroy_field_keys([key])
    with store.transaction() as tx:
        found = KeptExchange(tx, OWN).outbox(row.recipient, row.message_id)
        assert found is not None
        assert found.slip == b""
