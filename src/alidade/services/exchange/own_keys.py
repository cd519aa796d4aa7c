"""Own keys: what an authority publishes of itself, and how its keys are exchanged for new ones or declared lost.

The root signs every manifest and is on the node for that moment only. Keys that open messages are new every month; old
ones are destroyed once nothing sealed for them can still be on its way, so that recorded traffic stays shut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from alidade.exchange.content import ManifestWord
from alidade.exchange.layout import moment_text, read_moment
from alidade.exchange.limits import Limits, load_limits
from alidade.exchange.manifest import (
    Distrust,
    LedgerEntry,
    Manifest,
    SealingEntry,
    SignedManifest,
    SigningEntry,
    parse,
    sign,
)
from alidade.exchange.manifest import fingerprint as spoken
from alidade.exchange.reasons import Refused
from alidade.exchange.suites import SUITES
from alidade.model.errors import Conflict, Invalid, NotFound, Unreadable
from alidade.model.ids import AuthorityId
from alidade.model.ports import Clock, Randomness
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.exchange.certificates import LASTS, fingerprint, make_certificate
from alidade.services.exchange.ends import ACT, TLS, TLS_HOLDER, end_of, origin_of
from alidade.services.exchange.frames import join_frames
from alidade.services.exchange.introducing import introduce_known
from alidade.services.exchange.manifest_file import read_chain
from alidade.services.exchange.root_file import Root, make_root, read_root, write_root
from alidade.services.node import Node
from alidade.services.signing import signing_key
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange
from alidade.store.exchange.starts import note_renewed
from alidade.store.keystore import ExchangeKey, KeyStore, SigningKey
from alidade.store.trail import LEDGER

SLACK: Final = timedelta(days=14)  # by which the monthly exchange may be late before others stop sending
_RENEW_BEFORE: Final = timedelta(days=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The newest manifest of an authority: number, the root's fingerprint to compare, and when keys are due."""

    authority: str
    number: int
    fingerprint: str
    addresses: tuple[str, ...]
    dated: str
    valid_until: str
    sealing_until: str
    rotation_due: bool
    manifests: bytes


def new_root(node: Node, actor: Actor, path: Path) -> str:
    """Make the offline root of one's own authority into a file; nothing of it stays here. Its fingerprint."""
    own = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        signing_key(node, own)
        root = make_root(str(own), node.store.randomness)
        write_root(root, path)
        log(tx, actor, ACT, details={"change": "root made", "fingerprint": root.fingerprint})
    return root.fingerprint


def publish(node: Node, actor: Actor, root_file: Path, addresses: Sequence[str] = ()) -> Published:
    """Publish the first manifest, or one with other addresses: "host:port", none where others cannot reach this node.

    Raises Unreadable for a wrong root file, Invalid for an address that is none.
    """
    return _publish(node, actor, root_file, "published", addresses=tuple(addresses))


def rotate(node: Node, actor: Actor, root_file: Path, *, signing: bool = False) -> Published:
    """Publish new keys for opening messages, with `signing` a new signing key too; destroy what is past its window."""
    return _publish(node, actor, root_file, "rotated", new_sealing=True, new_signing=signing)


def renew(node: Node, actor: Actor, root_file: Path, manifests: Path | None = None) -> Published:
    """Publish new keys of every kind after the node was restored from a backup; from then on it sends again.

    `manifests` is the newest file that was handed out, where more was published than the backup knows: a number is
    never given twice. Raises Unreadable where it does not follow what is here, Conflict where it is needed: the keys
    of the node are newer than its manifests.
    """
    own = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        if manifests is not None:
            _catch_up(node, tx, own, read_chain(manifests))
        kept = KeptExchange(tx, own).manifests(own)
        if manifests is None and _is_behind(node, own, [parse(each.raw).manifest for each in kept]):
            raise Conflict(
                "The keys of the node are newer than its manifests: more was published than the backup knows.",
                remedy="Name the newest file that was handed out: alidade keys renew --manifest FILE.",
                code="behind",
            )
        log(tx, actor, ACT, details={"change": "manifests caught up", "number": str(len(kept))})
    found = _publish(node, actor, root_file, "renewed", new_sealing=True, new_signing=True)
    with node.store.transaction() as tx:
        note_renewed(tx, own)
        log(tx, actor, ACT, details={"change": "sends again", "number": str(found.number)})
    return found


def _is_behind(node: Node, own: AuthorityId, known: Sequence[Manifest]) -> bool:
    """Whether the key store, which lies apart from backups, has keys of which no manifest here speaks."""
    named = {key.id for each in known for key in each.sealing}
    made = {key.key_id for key in node.store.keys.exchange_keys(str(own))}
    signing = node.store.keys.signing_key(str(own))
    return bool(made - named) or (signing is not None and signing.key_id not in {each.signing.id for each in known})


def _catch_up(node: Node, tx: Transaction, own: AuthorityId, chain: Sequence[bytes]) -> None:
    """Take one's own manifests that the backup does not know."""
    known = {each.number for each in KeptExchange(tx, own).manifests(own)}
    for raw in chain:
        signed = parse(raw)
        if signed.manifest.number in known:
            continue
        try:
            end_of(node, tx, own).admit_manifest(raw)
        except Refused as refused:
            raise Unreadable(
                f"The file holds no manifests that follow those that are here ({refused.reason}).",
                remedy="Name the file that your own authority has handed out last.",
            ) from refused


def revoke(node: Node, actor: Actor, root_file: Path, key_id: str, *, from_size: int) -> Published:
    """Declare a signing key lost: what it signed counts only where this ledger had it before `from_size` lines.

    A new signing key takes its place in the same manifest. Raises NotFound for a key that is not the authority's.
    """
    return _publish(node, actor, root_file, "revoked", new_sealing=True, new_signing=True, lost=(key_id, from_size))


def own_manifest(node: Node, actor: Actor) -> Published:
    """What one's own authority has published last. Raises NotFound before the first manifest."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        found = published(node, tx, actor.viewer.authority)
        if found is None:
            raise NotFound("Your authority has published no manifest yet.", remedy="Run: alidade keys publish.")
        log(tx, actor, ACT, details={"change": "none, manifest shown"})
    return found


def published(node: Node, tx: Transaction, own: AuthorityId) -> Published | None:
    """The newest manifest of an authority of this node, None before the first."""
    kept = KeptExchange(tx, own).manifests(own)
    if not kept:
        return None
    newest = parse(kept[-1].raw).manifest
    ends = min(read_moment(key.not_after, "not_after") for key in newest.sealing)
    made = [key for key in node.store.keys.exchange_keys(str(own)) if key.key_id in {e.id for e in newest.sealing}]
    return Published(
        authority=str(own),
        number=newest.number,
        fingerprint=spoken(newest.root),
        addresses=newest.addresses,
        dated=newest.dated,
        valid_until=newest.valid_until,
        sealing_until=moment_text(ends),
        rotation_due=any(tx.now >= _moment(key.made_at) + _month(load_limits()) for key in made),
        manifests=join_frames([one.raw for one in kept]),
    )


def destroy_old_keys(node: Node, own: AuthorityId, limits: Limits | None = None) -> int:
    """Destroy private keys for which nothing can be on its way any more; how many."""
    window = timedelta(days=(limits or load_limits()).operation.retransmission_days)
    now = node.store.clock.now()
    old = [key.key_id for key in node.store.keys.exchange_keys(str(own)) if now > _moment(key.ends) + window]
    if old:
        node.store.keys.destroy_exchange_keys(old)
    return len(old)


def node_certificate(node: Node) -> tuple[ExchangeKey, bytes]:
    """The certificate with which this node answers and asks, with its private bytes; made on first use."""
    return certificate_of(node.store.keys, node.store.clock, node.store.randomness)


def certificate_of(keys: KeyStore, clock: Clock, randomness: Randomness) -> tuple[ExchangeKey, bytes]:
    """The certificate of a key store, of a node's or of a relay's; made on first use, anew before it runs out."""
    found = [key for key in keys.exchange_keys(TLS_HOLDER, TLS)]
    now = clock.now()
    if not found or now > _moment(found[-1].ends) - _RENEW_BEFORE:
        seed = randomness.token_bytes(32)
        made = make_certificate(seed, randomness.token_bytes(16), now)
        key = ExchangeKey(
            key_id=fingerprint(made),
            holder=TLS_HOLDER,
            kind=TLS,
            public=made,
            made_at=now.isoformat(),
            ends=(now + LASTS).isoformat(),
        )
        keys.keep_exchange_key(key, seed)
        return key, seed
    private = keys.exchange_private(found[-1].key_id)
    if private is None:
        raise Conflict("The key of the node's certificate is gone.", remedy="Start again.")
    return found[-1], private


def _publish(
    node: Node,
    actor: Actor,
    root_file: Path,
    change: str,
    *,
    addresses: tuple[str, ...] | None = None,
    new_sealing: bool = False,
    new_signing: bool = False,
    lost: tuple[str, int] | None = None,
) -> Published:
    own = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, ACT)
        root = read_root(root_file, str(own))
        kept = KeptExchange(tx, own).manifests(own)
        before = parse(kept[-1].raw) if kept else None
        if before is None and (new_signing or new_sealing):
            raise NotFound("Your authority has published no manifest yet.", remedy="Run: alidade keys publish.")
        if lost is not None and lost[0] not in node.store.keys.public_keys(str(own)):
            raise NotFound("Your authority has no signing key of this name.")
        previous = None if before is None else _held(node, own, before)
        signing = _new_signing(node, tx, own) if new_signing else signing_key(node, own)
        made = _manifest(node, tx, own, root, before, signing, addresses, new_sealing=new_sealing, lost=lost)
        signed = sign(made, root=root, previous=previous)
        _take(node, tx, own, root, signed, first=before is None)
        found = published(node, tx, own)
        if found is None:
            raise AssertionError
        details = {"change": change, "number": str(found.number), "fingerprint": found.fingerprint}
        log(tx, actor, ACT, objects=[signed.digest], details=details)
    destroy_old_keys(node, own)
    return found


def _held(node: Node, own: AuthorityId, before: SignedManifest) -> SigningKey:
    """The signing key of the manifest before, which must sign the next one."""
    key = node.store.keys.signing_key_named(str(own), before.manifest.signing.id)
    if key is None:
        raise Conflict("The signing key of the last manifest is not here.", remedy="Put back the keys of the node.")
    return key


def _new_signing(node: Node, tx: Transaction, own: AuthorityId) -> SigningKey:
    key = node.store.keys.make_signing_key(str(own))
    directory.add_public_key(tx, own, key.key_id, key.public)
    return key


def _manifest(
    node: Node,
    tx: Transaction,
    own: AuthorityId,
    root: Root,
    before: SignedManifest | None,
    signing: SigningKey,
    addresses: tuple[str, ...] | None,
    *,
    new_sealing: bool,
    lost: tuple[str, int] | None,
) -> Manifest:
    limits = load_limits()
    old = None if before is None else before.manifest
    if old is not None and old.root != root.public:
        raise Invalid("The root file is not the root of the earlier manifests.", code="wrong_root")
    reached = addresses if addresses is not None else (old.addresses if old is not None else ())
    for address in reached:
        require_address(address)
    certificate, _ = node_certificate(node)
    sealing = tuple(_new_sealing(node, own, tx.now, limits)) if new_sealing or old is None else old.sealing
    distrust = () if old is None else old.distrust
    heads = node.store.keys.public_keys(LEDGER)
    return Manifest(
        version=1,
        authority=str(own),
        number=1 if old is None else old.number + 1,
        dated=moment_text(tx.now),
        valid_until=moment_text(tx.now + timedelta(days=limits.operation.manifest_valid_days)),
        root=root.public,
        previous="" if before is None else before.digest,
        signed_by="" if old is None else old.signing.id,
        signing=SigningEntry(id=signing.key_id, key=signing.public),
        sealing=sealing,
        addresses=reached,
        tls=(certificate.key_id,),
        certificates=(certificate.public,),
        ledger=LedgerEntry(
            origin=origin_of(node.store), keys=tuple(SigningEntry(id=key, key=heads[key]) for key in sorted(heads))
        ),
        distrust=distrust if lost is None else (*distrust, Distrust(key_id=lost[0], from_size=lost[1])),
    )


def _new_sealing(node: Node, own: AuthorityId, now: datetime, limits: Limits) -> Sequence[SealingEntry]:
    """A new key for each way of sealing, kept before anybody can hear of it."""
    ends = now + _month(limits) + SLACK
    entries = []
    for suite in SUITES.values():
        private = node.store.randomness.token_bytes(suite.private_bytes)
        public = suite.public_of(private)
        key_id = node.store.randomness.token_bytes(16).hex()
        kept = ExchangeKey(
            key_id=key_id,
            holder=str(own),
            kind=str(suite.number),
            public=public,
            made_at=now.isoformat(),
            ends=ends.isoformat(),
        )
        node.store.keys.keep_exchange_key(kept, private)
        entries.append(SealingEntry(id=key_id, suite=suite.number, key=public, not_after=moment_text(ends)))
    return entries


def _take(node: Node, tx: Transaction, own: AuthorityId, root: Root, signed: SignedManifest, *, first: bool) -> None:
    """Take the manifest as one's own, and send it to every peer."""
    end = end_of(node, tx, own)
    if first:
        end.introduce([signed.raw], root.fingerprint)
        introduce_known(node, tx, own)
        return
    end.admit_manifest(signed.raw)
    peers = [peer.authority for peer in KeptExchange(tx, own).peers() if peer.authority != own]
    if peers:
        end.post(peers, ManifestWord(sent_at=moment_text(tx.now), manifests=(signed.raw,)))


def require_address(address: str) -> None:
    """Raises Invalid for what is not written "host:port"."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536 or not address.isascii() or len(address) > 200:
        raise Invalid("An address is written host:port.", remedy="For example: exchange.authority.example:8443.")
    if any(not "!" <= letter <= "~" for letter in address):
        raise Invalid("An address is written host:port.", remedy="For example: exchange.authority.example:8443.")


def _month(limits: Limits) -> timedelta:
    return timedelta(days=limits.operation.sealing_key_days)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
