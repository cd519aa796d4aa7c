"""What thieves, liars and dishonest nodes do: stolen keys, old papers, unsigned receipts, floods, new pasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from alidade.exchange.content import Content, Contribution, ManifestWord, Receipt, Receipts, encode, kind_of, sign_item
from alidade.exchange.envelope import Header, Slip, assemble, seal_body, seal_front, slip_bytes
from alidade.exchange.layout import moment_text
from alidade.exchange.manifest import Distrust
from alidade.exchange.reasons import Refused
from alidade.model.ports import Signer
from alidade.simulation.federation.party import QUOTA_BURST, QUOTA_MINUTE, Party
from alidade.simulation.federation.plan import HOUR, Act

if TYPE_CHECKING:
    from alidade.simulation.federation.world import World


def envelope(
    world: World, sender: Party, to: Party, content: Content, *, signer: Signer, thread: str = ""
) -> tuple[str, bytes]:
    """An envelope made by hand, and its message id; with a thread, the first message of it."""
    stamped = msgspec.structs.replace(content, sent_at=moment_text(world.now_at(sender.node)))
    key, message_id = world.chance.token_bytes(32), world.chance.token_bytes(16).hex()
    body = seal_body(encode(stamped), sender=sender.id, key=key)
    entry = to.papers[-1].manifest.sealing[0]
    header = Header(
        version=1, suite=1, sender=sender.id, recipient=to.id, message_id=message_id, signing_key=signer.key_id,
        sealing_key=entry.id, bucket=body.bucket,
    )  # fmt: skip
    slip = Slip(
        sender=sender.id, recipient=to.id, message_id=message_id, kind=kind_of(content), thread=thread,
        sequence=1 if thread else 0, key=key, digest=body.digest,
    )  # fmt: skip
    suites = world.crypto.suites
    public = suites[1].load_public(entry.key)
    front = seal_front(header, slip_bytes(slip), body.body_sha256, public=public, signer=signer, suites=suites)
    return message_id, assemble(front, body.body)


def _steal(world: World, act: Act) -> None:
    party = world.parties[act.who]
    party.stolen = party.keys.signer.key_id, len(world.nodes[party.node].log.leaves)


def _revoke(world: World, act: Act) -> None:
    party = world.parties[act.who]
    if party.stolen is None:
        return
    paper = party.next_paper([Distrust(key_id=party.stolen[0], from_size=party.stolen[1])])
    with world.nodes[party.node].transaction(party) as work:
        work.exchange.publish(paper.raw)
        work.after.append(lambda: party.take_paper(paper))
        work.after.append(lambda: world.truth.published(party))


def _forge(world: World, act: Act) -> None:
    """The thief speaks in the name of the authority."""
    party = world.parties[act.who]
    if party.stolen is None:
        return
    signer = world.crypto.signer(party.stolen[0])
    for name in act.others:
        id = party.fresh("forged")
        item = sign_item(kind="contribution", id=id, owner=party.id, body=b"forged", signer=signer)
        to = world.parties[name]
        message_id, raw = envelope(world, party, to, Contribution(items=(item,)), signer=signer, thread=f"forged/{id}")
        world.truth.forged[message_id] = party.id, party.stolen[0]
        world.later(world.fate.below(HOUR), "arrive", to.id, raw)


def _old_manifest(world: World, act: Act) -> None:
    """Somebody with the key before last brings the paper before last; and a person is handed it as a file."""
    party, to = world.parties[act.who], world.parties[act.others[0]]
    if len(party.papers) < 2:
        return
    old = party.papers[-2]
    signer = world.crypto.signer(old.manifest.signing.id)
    _, raw = envelope(world, party, to, ManifestWord(manifests=(old.raw,)), signer=signer)
    world.later(0, "arrive", to.id, raw)
    if world.nodes[to.node].up:
        with world.nodes[to.node].transaction(to) as work:
            try:
                work.exchange.admit_manifest(old.raw)
            except Refused as refused:
                world.say("not admitted", refused.reason)


def _lie(world: World, act: Act) -> None:
    """An authority says that it has what it has not, in a receipt that its key did not sign."""
    liar, victim = world.parties[act.who], world.parties[act.others[0]]
    for post in world.truth.posts_of(victim):
        row = victim.disk.store.outbox(liar.id, post.message_id)
        if post.recipient != liar.id or row is None or row.state != "queued" or not row.digests:
            continue
        if liar.disk.store.inbox(victim.id, post.message_id) is not None:
            continue
        receipt = Receipt(
            sender=victim.id, recipient=liar.id, message_id=post.message_id, digest=row.digests[-1],
            disposition="accepted", reason="", at=moment_text(world.now_at(liar.node)), origin="", entry_index=-1,
            entry_leaf="", key_id=liar.keys.signer.key_id, signature=bytes(64),
        )  # fmt: skip
        _, raw = envelope(world, liar, victim, Receipts(receipts=(receipt,)), signer=liar.keys.signer)
        world.later(0, "arrive", victim.id, raw)
        return
    if act.pick < 12 and not world.network.healed:
        world.later(HOUR, "act", act.who, replace(act, pick=act.pick + 1))


def _flood(world: World, act: Act) -> None:
    """The same envelope again and again."""
    to = world.parties[act.others[0]]
    for raw in world.truth.on_the_wire(act.who, to.id):
        for _ in range(QUOTA_BURST + QUOTA_MINUTE + 20):
            world.later(0, "arrive", to.id, raw)


def _rewrite(world: World, act: Act) -> None:
    """A node gives its log another past."""
    node = world.nodes[act.who]
    size = len(node.log.leaves)
    if size < 3 or node.log.head() is None:
        return
    added = {"shorter": 0, "same": 2, "longer": 5}[act.code]
    node.log.rewrite(size - 2, [f"another past {number}" for number in range(added)])
    world.truth.rewritten(node)


ATTACKS: Final[Mapping[str, Callable[[World, Act], None]]] = {
    "steal": _steal, "revoke": _revoke, "forge": _forge, "old_manifest": _old_manifest, "lie": _lie,
    "flood": _flood, "rewrite": _rewrite,
}  # fmt: skip
