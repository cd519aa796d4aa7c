"""Peers: authorities of other nodes. Who enters one has compared its root's fingerprint by voice, and is not alone.

A peer widens who may receive and be believed: every authority of this node must say yes, and at least two people, each
with the fingerprint that was read out to them. To suspend one nobody else is asked.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from alidade.exchange.manifest import Manifest, fingerprint, parse
from alidade.model.directory import Authority
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.authorities import check_authority, party
from alidade.services.exchange.certificates import read_certificate, spoken_certificate
from alidade.services.exchange.ends import ACT, end_of
from alidade.services.exchange.introducing import note_keys
from alidade.services.exchange.manifest_file import read_chain
from alidade.services.exchange.own_keys import require_address
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, introductions
from alidade.store.exchange.introductions import KeptPeer, Relay, Yes

_PEOPLE: Final = 2
_REASON: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPeer:
    """An authority of another node as it is entered: what its manifest does not say."""

    name: str
    function: str
    state: str
    contact: str
    invented: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerView:
    """A peer as an administrator sees it; no content. `waits_for`: whose yes is missing, "a second person" at last."""

    authority: str
    name: str
    state: str
    fingerprint: str
    number: int
    addresses: tuple[str, ...]
    valid_until: str
    said: tuple[str, ...]
    waits_for: tuple[str, ...]
    last_word_at: datetime | None
    reached_at: datetime | None
    trouble: str
    suspended: str
    relay: str = ""


def add_peer(node: Node, actor: Actor, manifest_file: Path, spoken: str, new: NewPeer) -> PeerView:
    """Enter a peer from the file that it published, with the fingerprint that it read out; others then confirm.

    Raises Unreadable for no manifest, Invalid where the fingerprint is not that of the file, Conflict where the
    authority is of this node or entered already.
    """
    chain = read_chain(manifest_file)
    manifest = parse(chain[-1]).manifest
    compare_spoken(manifest, spoken)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        code = AuthorityId(manifest.authority)
        if code in directory.hosted(tx):
            raise Conflict("This authority is one of this node.", code="own_authority")
        known = introductions.peer(tx, code)
        if known is not None and known.state != "ended":
            raise Conflict(
                "This peer was entered already.",
                remedy="Confirm it with: alidade peer confirm.",
                code="peer_known",
            )
        entered = _authority(node, code, new)
        check_authority(entered)
        found = introductions.propose(tx, code, manifest.root, chain, entered, _yes(tx, actor))
        view = _settle(node, tx, actor, found)
        log(tx, actor, ACT, objects=[code], details={"change": "peer entered", "state": view.state})
    return view


def confirm_peer(node: Node, actor: Actor, authority: AuthorityId, spoken: str) -> PeerView:
    """Say yes to a peer with the fingerprint that was read out to oneself; the last yes brings it into force.

    Raises NotFound for no such peer, Invalid for another fingerprint, Conflict where one has said so or it is in force.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        found = _peer(tx, authority)
        if found.state != "proposed":
            raise Conflict("This peer is in force already.", code="decided")
        compare_spoken(parse(found.chain[-1]).manifest, spoken)
        if any(each.officer == actor.officer for each in found.said):
            raise Conflict("You have said yes already; another person must.", code="consented")
        found = introductions.say(tx, found, _yes(tx, actor))
        view = _settle(node, tx, actor, found)
        log(tx, actor, ACT, objects=[authority], details={"change": "peer confirmed", "state": view.state})
    return view


def suspend_peer(node: Node, actor: Actor, authority: AuthorityId, reason: str) -> PeerView:
    """Send nothing to a peer in the name of one's own authority until it is taken up again; nothing is lost."""
    if not reason.strip() or len(reason) > _REASON or not reason.isprintable():
        raise Invalid("To suspend a peer states its reason.", remedy=f"In at most {_REASON} characters.")
    return _pause(node, actor, authority, reason.strip())


def resume_peer(node: Node, actor: Actor, authority: AuthorityId) -> PeerView:
    """Send to a suspended peer again."""
    return _pause(node, actor, authority, "")


def reach_by_relay(
    node: Node, actor: Actor, authority: AuthorityId, address: str, certificate: Path, spoken: str
) -> PeerView:
    """Post to a peer, and fetch what it has for us, by a relay at "host:port"; the peer enters the same one.

    `certificate` is the file that the relay's operator handed out, `spoken` its fingerprint as it was read out. A relay
    sees who sends how much to whom, and can hold envelopes up; it can neither read nor change any. Raises NotFound,
    Unreadable for a file that is no certificate, Invalid for another fingerprint or an address that is none.
    """
    require_address(address)
    held = read_certificate(certificate)
    said = "".join(spoken.split()).lower()
    if not hmac.compare_digest(said.encode(), spoken_certificate(held).replace(" ", "").encode()):
        raise Invalid(
            "The fingerprint is not that of the relay's certificate.",
            remedy="Have it read out again by whoever runs the relay.",
            code="wrong_fingerprint",
        )
    return _set_relay(node, actor, authority, Relay(address=address, certificate=held))


def reach_directly(node: Node, actor: Actor, authority: AuthorityId) -> PeerView:
    """Call a peer at its own addresses again."""
    return _set_relay(node, actor, authority, None)


def _set_relay(node: Node, actor: Actor, authority: AuthorityId, relay: Relay | None) -> PeerView:
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        found = introductions.set_relay(tx, _peer(tx, authority), relay)
        change = "peer reached directly" if relay is None else "peer reached by a relay"
        log(tx, actor, ACT, objects=[authority], details={"change": change})
        return _view(node, tx, actor, found)


def list_peers(node: Node, actor: Actor) -> tuple[PeerView, ...]:
    """The peers of this node as one's own authority sees them, by code."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        found = tuple(_view(node, tx, actor, each) for each in introductions.peers(tx))
        log(tx, actor, ACT, results=len(found), details={"change": "none, peers listed"})
    return found


def show_peer(node: Node, actor: Actor, authority: AuthorityId) -> PeerView:
    """One peer. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        view = _view(node, tx, actor, _peer(tx, authority))
        log(tx, actor, ACT, objects=[authority], details={"change": "none, peer shown"})
    return view


def _pause(node: Node, actor: Actor, authority: AuthorityId, reason: str) -> PeerView:
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        found = _peer(tx, authority)
        kept = KeptExchange(tx, actor.viewer.authority)
        known = kept.peer(authority)
        if known is None:
            raise Conflict("This peer is not in force yet.", code="proposed")
        kept.put_peer(replace(known, paused=reason))
        view = _view(node, tx, actor, found)
        change = "peer suspended" if reason else "peer taken up again"
        log(tx, actor, ACT, objects=[authority], details={"change": change, "reason": reason})
    return view


def _settle(node: Node, tx: Transaction, actor: Actor, found: KeptPeer) -> PeerView:
    """Bring a peer into force where everybody has said yes."""
    if not _missing(tx, found):
        if found.authority not in directory.authorities(tx):
            directory.add_remote_authority(tx, found.entry)
        for raw in found.chain:
            note_keys(tx, found.authority, parse(raw).manifest)
        for own in sorted(directory.hosted(tx)):
            if KeptExchange(tx, own).peer(found.authority) is None:
                end_of(node, tx, own).introduce(found.chain, fingerprint(found.root))
        found = introductions.activate(tx, found)
    return _view(node, tx, actor, found)


def _missing(tx: Transaction, found: KeptPeer) -> tuple[str, ...]:
    waiting = sorted(directory.hosted(tx) - {each.authority for each in found.said})
    if waiting:
        return tuple(str(code) for code in waiting)
    return () if len({each.officer for each in found.said}) >= _PEOPLE else ("a second person",)


def _view(node: Node, tx: Transaction, actor: Actor, found: KeptPeer) -> PeerView:
    own = actor.viewer.authority
    kept = KeptExchange(tx, own)
    known = kept.peer(found.authority)
    manifests = kept.manifests(found.authority)
    newest = parse(manifests[-1].raw if manifests else found.chain[-1]).manifest
    return PeerView(
        authority=str(found.authority),
        name=found.entry.name,
        state=found.state,
        fingerprint=fingerprint(found.root),
        number=newest.number,
        addresses=newest.addresses,
        valid_until=newest.valid_until,
        said=tuple(str(each.officer) for each in found.said),
        waits_for=_missing(tx, found) if found.state == "proposed" else (),
        last_word_at=None if known is None else known.last_word_at,
        reached_at=found.reached_at,
        trouble=found.trouble,
        suspended="" if known is None else known.paused,
        relay="" if found.relay is None else found.relay.address,
    )


def compare_spoken(manifest: Manifest, spoken: str) -> None:
    said = "".join(spoken.split()).lower()
    if not hmac.compare_digest(said.encode(), fingerprint(manifest.root).replace(" ", "").encode()):
        raise Invalid(
            "The fingerprint is not that of the file.",
            remedy="Have it read out again by the peer, by telephone. If it still differs, somebody stands between.",
            code="wrong_fingerprint",
        )


def _authority(node: Node, code: AuthorityId, new: NewPeer) -> Authority:
    return Authority(
        party=party(node, str(code), new.function, new.state),
        name=new.name,
        contact=new.contact,
        communities=("all",),
        invented=new.invented,
    )


def _yes(tx: Transaction, actor: Actor) -> Yes:
    return Yes(authority=actor.viewer.authority, officer=actor.officer, at=tx.now)


def _peer(tx: Transaction, authority: AuthorityId) -> KeptPeer:
    found = introductions.peer(tx, authority)
    if found is None:
        raise NotFound("There is no peer with this code.", remedy="See: alidade peer list.")
    return found
