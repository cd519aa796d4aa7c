"""Receiving: envelopes are ruled on and applied in one transaction; receipts are signed only after its commit.

Several envelopes share a transaction while all goes well. Where one cannot be applied, everything of that transaction
is undone and each is taken by itself, the one that failed parked with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from alidade.exchange.envelope import read_header
from alidade.exchange.reasons import Refused
from alidade.exchange.verdict import Delivery, Verdict
from alidade.ledger.entry import Entry
from alidade.model.errors import AlidadeError, Damaged
from alidade.model.ids import AuthorityId
from alidade.services.exchange.applying import NODE, apply, note_event
from alidade.services.exchange.ends import end_of
from alidade.services.node import Node, finish_erasures
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange
from alidade.store.rights import epoch

_TOGETHER: Final = 100
_RECEIPTS: Final = 1_000
_BROKEN: Final = "not_applicable"
T = TypeVar("T")


class Poison(Exception):
    """A delivery could not be applied: which one, and why in one word."""

    def __init__(self, message_id: str, reason: str) -> None:
        super().__init__(reason)
        self.message_id = message_id
        self.reason = reason


@dataclass(slots=True, kw_only=True)
class Received:
    """What became of envelopes: how many of each ruling, and why those that were not taken were not."""

    rulings: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    senders: set[AuthorityId] = field(default_factory=set)

    def add(self, verdict: Verdict) -> None:
        """Count one."""
        self.rulings[verdict.ruling] += 1
        if verdict.ruling == "refused":
            self.refused[verdict.reason] += 1
        elif verdict.sender is not None:
            self.senders.add(verdict.sender)


def receive(node: Node, envelopes: Sequence[bytes]) -> Received:
    """Take envelopes for any authority of this node, then sign the receipts that are due. Never raises on what came."""
    done = Received()
    for own, part in _by_recipient(node, envelopes, done).items():
        for start in range(0, len(part), _TOGETHER):
            _take(node, own, part[start : start + _TOGETHER], done)
        acknowledge(node, own)
    return done


def acknowledge(node: Node, own: AuthorityId) -> int:
    """Sign and post the receipts that are due; the transactions that they confirm are committed."""
    signed = portion = _RECEIPTS
    while portion == _RECEIPTS:
        with node.store.transaction() as tx:
            portion = end_of(node, tx, own).acknowledge(_RECEIPTS)
        signed += portion
    return signed - _RECEIPTS


def retry(
    node: Node, tx: Transaction, own: AuthorityId, sender: AuthorityId, message_id: str, poisoned: Mapping[str, str]
) -> Verdict:
    """Try a parked message again, in the transaction of whoever decided to; see `settled`."""
    verdict = end_of(node, tx, own).retry(sender, message_id, poisoned=poisoned)
    _carry_out(node, tx, own, verdict)
    return verdict


def skip(
    node: Node, tx: Transaction, own: AuthorityId, sender: AuthorityId, message_id: str, poisoned: Mapping[str, str]
) -> Verdict:
    """Give up a parked message, in the transaction of whoever decided to; see `settled`."""
    verdict = end_of(node, tx, own).skip(sender, message_id, poisoned=poisoned)
    _carry_out(node, tx, own, verdict)
    return verdict


def settled(decide: Callable[[Mapping[str, str]], T]) -> T:
    """What a transaction comes to that applies messages, repeated with those set aside that cannot be applied.

    `decide` opens and commits the transaction; it is given the messages to set aside, each with its reason.
    """
    known: dict[str, str] = {}
    while True:
        try:
            return decide(known)
        except Poison as poison:
            if poison.message_id in known:
                raise Damaged("A message that was set aside is applied again and again.") from poison
            known[poison.message_id] = poison.reason


def _by_recipient(node: Node, envelopes: Sequence[bytes], done: Received) -> Mapping[AuthorityId, list[bytes]]:
    """The envelopes of each authority of this node. Those for nobody here are not taken."""
    with node.store.transaction() as tx:
        here = directory.hosted(tx)
    found: dict[AuthorityId, list[bytes]] = {}
    for raw in envelopes:
        try:
            recipient = AuthorityId(read_header(raw).recipient)
            if recipient not in here:
                raise Refused("wrong_recipient")
        except Refused as refused:
            done.add(Verdict(ruling="refused", reason=refused.reason))
            continue
        found.setdefault(recipient, []).append(raw)
    if done.refused:
        with node.store.transaction() as tx:
            _log_refused(tx, NODE, dict(done.refused))
    return found


def _take(node: Node, own: AuthorityId, part: Sequence[bytes], done: Received) -> None:
    try:
        verdicts = _together(node, own, part, {})
    except Poison:
        verdicts = []
        for raw in part:  # each by itself: what cannot be applied of it, and of what waited behind it, is set aside
            verdicts.extend(settled(partial(_together, node, own, [raw])))
    for verdict in verdicts:
        done.add(verdict)


def _together(node: Node, own: AuthorityId, part: Sequence[bytes], poisoned: Mapping[str, str]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    erased = False
    with node.store.transaction() as tx:
        end = end_of(node, tx, own)
        _expect(tx, own, part)
        for raw in part:
            verdict = end.accept(raw, poisoned=poisoned)
            verdicts.append(verdict)
            erased |= _carry_out(node, tx, own, verdict)
        refused = Counter(verdict.reason for verdict in verdicts if verdict.ruling == "refused")
        if refused:
            _log_refused(tx, str(own), refused)
    if erased:
        finish_erasures(node.store)
    return verdicts


def _expect(tx: Transaction, own: AuthorityId, part: Sequence[bytes]) -> None:
    """Look once which of these envelopes were here before. Their headers have been read, so that they can be."""
    named: dict[AuthorityId, list[str]] = {}
    for raw in part:
        header = read_header(raw)
        named.setdefault(AuthorityId(header.sender), []).append(header.message_id)
    kept = KeptExchange(tx, own)
    for sender, messages in named.items():
        kept.expect(sender, messages)


def _carry_out(node: Node, tx: Transaction, own: AuthorityId, verdict: Verdict) -> bool:
    erased = False
    for delivery in verdict.apply:
        erased |= _apply(node, tx, own, delivery)
    for event in verdict.events:
        note_event(node, tx, own, event)
    return erased


def _apply(node: Node, tx: Transaction, own: AuthorityId, delivery: Delivery) -> bool:
    try:
        return apply(node, tx, own, delivery).erased
    except Damaged:
        raise
    except AlidadeError as error:
        raise Poison(delivery.message_id, error.code[:40]) from error
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:  # ours, and no reason to stop all others
        raise Poison(delivery.message_id, _BROKEN) from error


def _log_refused(tx: Transaction, own: str, refused: Mapping[str, int]) -> None:
    """That something was not taken is an entry; of what was inside, nothing."""
    tx.log(
        Entry(
            act="exchange_receive",
            at=tx.now,
            authority=own,
            officer=NODE,
            results=sum(refused.values()),
            details=tuple(sorted((f"refused {reason}", str(count)) for reason, count in refused.items())),
            epoch=epoch(tx),
            decision="refused",
        )
    )
