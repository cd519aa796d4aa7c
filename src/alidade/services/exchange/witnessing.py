"""Witnessing: how the exchange stands, who has countersigned our ledger, and what a person must look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alidade.exchange.limits import load_limits
from alidade.exchange.manifest import parse
from alidade.exchange.peers import is_stale
from alidade.exchange.verdict import Verdict
from alidade.exchange.witness import place
from alidade.ledger.cosign import Cosignature, verify_cosignature
from alidade.ledger.head import Head, sign_head
from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.exchange.ends import ACT, end_of, origin_of
from alidade.services.exchange.holding import KeptElsewhere, kept_elsewhere
from alidade.services.exchange.own_keys import published
from alidade.services.exchange.receiving import retry, settled, skip
from alidade.services.node import Node, finish_erasures
from alidade.store import trail
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, alarms, holds, introductions, queues, starts
from alidade.store.exchange.alarms import KeptAlarm
from alidade.store.exchange.queues import Parked, Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerStatus:
    """How the exchange with one peer stands. `stale`: nothing but keys and seals goes there until it gives word."""

    peer: str
    queue: Queue
    last_word_at: datetime
    stale: bool
    suspended: str
    reached_at: datetime | None
    trouble: str
    cosigned_size: int
    cosigned_at: datetime | None
    known_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueErasure:
    """An order to erase that was not answered in time; `asked`: they owe us the answer, else we owe it."""

    asked: bool
    peer: str
    order: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the exchange of one's own authority stands.

    `kept`: orders of ours to erase that were answered with a reason to keep. `to_answer`: orders that wait here.
    `must_renew`: the node was restored from a backup, and nothing is sent until new keys are published.
    """

    authority: str
    manifest: int
    rotation_due: bool
    peers: tuple[PeerStatus, ...]
    parked: tuple[Parked, ...]
    overdue: tuple[OverdueErasure, ...]
    alarms: tuple[KeptAlarm, ...]
    ledger_size: int
    kept: tuple[KeptElsewhere, ...] = ()
    to_answer: int = 0
    must_renew: bool = False

    @property
    def sound(self) -> bool:
        """Whether nothing waits for a person."""
        return not (
            self.parked or self.overdue or self.alarms or self.rotation_due or self.to_answer or self.must_renew
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersigned:
    """A peer's countersignature under a head of our ledger. `holds`: signature and head are what they should be."""

    peer: str
    size: int
    at: datetime
    holds: bool


def status(node: Node, actor: Actor) -> Status:
    """How the exchange stands, peer by peer. Shows no content. Raises NotFound before the first manifest."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        own = actor.viewer.authority
        mine = published(node, tx, own)
        if mine is None:
            raise NotFound("Your authority has published no manifest yet.", remedy="Run: alidade keys publish.")
        head = trail.last_head(tx.alias)
        found = Status(
            authority=str(own),
            manifest=mine.number,
            rotation_due=mine.rotation_due,
            peers=_peers(node, tx, own),
            parked=tuple(queues.parked_of(tx, own)),
            overdue=tuple(
                OverdueErasure(asked=one.direction == "asked", peer=str(one.peer), order=one.order, due_at=one.due_at)
                for one in end_of(node, tx, own).overdue()
            ),
            alarms=tuple(alarms.alarms_of(tx, own)),
            ledger_size=0 if head is None else head.size,
            kept=kept_elsewhere(tx, own),
            to_answer=len(holds.waiting_orders(tx, own)),
            must_renew=starts.must_renew(tx, own),
        )
        log(tx, actor, ACT, results=len(found.peers), details={"change": "none, status shown"})
    return found


def verify_heads(node: Node, actor: Actor) -> tuple[Countersigned, ...]:
    """The countersignatures of peers under our ledger, each verified anew against the head that it names."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_verify")
        own = actor.viewer.authority
        found = tuple(_countersigned(node, tx, own))
        log(tx, actor, "ledger_verify", results=len(found), details={"view": "countersigned heads"})
    return found


def retry_parked(node: Node, actor: Actor, sender: AuthorityId, message: str) -> str:
    """Try a parked message again, once what was missing is there; its ruling."""
    ruling = settled(lambda poisoned: _decided(node, actor, sender, message, retry, "message tried again", poisoned))
    finish_erasures(node.store)
    return ruling


def skip_parked(node: Node, actor: Actor, sender: AuthorityId, message: str) -> str:
    """Give up a parked message for good, so that its thread goes on."""
    ruling = settled(lambda poisoned: _decided(node, actor, sender, message, skip, "message given up", poisoned))
    finish_erasures(node.store)
    return ruling


def _decided(
    node: Node,
    actor: Actor,
    sender: AuthorityId,
    message: str,
    decide: Callable[[Node, Transaction, AuthorityId, AuthorityId, str, Mapping[str, str]], Verdict],
    change: str,
    poisoned: Mapping[str, str],
) -> str:
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        verdict = decide(node, tx, actor.viewer.authority, sender, _parked(tx, actor, sender, message), poisoned)
        log(tx, actor, ACT, objects=[message], details={"change": change, "from": str(sender)})
    return verdict.ruling


def note_alarm_seen(node: Node, actor: Actor, number: int) -> None:
    """Say that an alarm was looked at. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        if not alarms.note_seen(tx, actor.viewer.authority, number):
            raise NotFound("There is no alarm with this number.")
        log(tx, actor, ACT, objects=[str(number)], details={"change": "alarm seen"})


def _parked(tx: Transaction, actor: Actor, sender: AuthorityId, message: str) -> str:
    row = KeptExchange(tx, actor.viewer.authority).inbox(sender, message)
    if row is None or row.state != "parked":
        raise NotFound("There is no parked message with this reference.", remedy="See: alidade exchange status.")
    return message


def _peers(node: Node, tx: Transaction, own: AuthorityId) -> tuple[PeerStatus, ...]:
    kept = KeptExchange(tx, own)
    entered = {each.authority: each for each in introductions.peers(tx)}
    limits = load_limits().operation
    found = []
    for peer in kept.peers():
        if peer.authority == own:
            continue
        cosigned = kept.cosigned(peer.authority, origin_of(node.store))
        here = entered.get(peer.authority)
        known = kept.peer_head(place(peer.authority, _origin(kept, peer.authority)))
        found.append(
            PeerStatus(
                peer=str(peer.authority),
                queue=queues.queue_of(tx, own, peer.authority),
                last_word_at=peer.last_word_at,
                stale=is_stale(peer, tx.now, limits),
                suspended=peer.paused,
                reached_at=None if here is None else here.reached_at,
                trouble="" if here is None else here.trouble,
                cosigned_size=0 if cosigned is None or not cosigned.signature else cosigned.size,
                cosigned_at=None if cosigned is None or not cosigned.signature else cosigned.at,
                known_size=0 if known is None else known.size,
            )
        )
    return tuple(found)


def _origin(kept: KeptExchange, peer: AuthorityId) -> str:
    manifests = kept.manifests(peer)
    return parse(manifests[-1].raw).manifest.ledger.origin if manifests else ""


def _countersigned(node: Node, tx: Transaction, own: AuthorityId) -> Sequence[Countersigned]:
    kept = KeptExchange(tx, own)
    found = []
    for peer in kept.peers():
        cosigned = kept.cosigned(peer.authority, origin_of(node.store))
        if peer.authority == own or cosigned is None or not cosigned.signature:
            continue
        head = _head_of(node, tx, cosigned.size)
        signature = Cosignature(
            witness=str(peer.authority), at=cosigned.at, signature=cosigned.signature, key_id=cosigned.key_id
        )
        keys = {
            manifest.signing.id: manifest.signing.key
            for each in kept.manifests(peer.authority)
            if (manifest := parse(each.raw).manifest)
        }
        key = keys.get(cosigned.key_id)
        holds = head is not None and key is not None and verify_cosignature(signature, head, key)
        found.append(Countersigned(peer=str(peer.authority), size=cosigned.size, at=cosigned.at, holds=holds))
    return found


def _head_of(node: Node, tx: Transaction, size: int) -> Head | None:
    """The head of this size as peers were shown it."""
    kept = trail.head_of_size(tx.alias, size)
    if kept is None:
        return None
    return sign_head(
        origin=origin_of(node.store), size=kept.size, root=kept.root, at=kept.at, signer=node.store.ledger_key
    )
