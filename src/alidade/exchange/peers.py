"""Whom we believe: the manifests of each authority, read into the keys that count now and those that are evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alidade.exchange.layout import read_moment
from alidade.exchange.limits import OperationLimits
from alidade.exchange.manifest import SealingEntry, SignedManifest, bindings, parse
from alidade.exchange.ports import ExchangeStore
from alidade.exchange.reasons import Refused
from alidade.exchange.rows import Peer
from alidade.exchange.suites import Suite
from alidade.model.ids import AuthorityId


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One signing key of a peer. `superseded_at`: when we first saw the manifest that replaced it, on our clock."""

    raw: bytes
    public: Ed25519PublicKey
    superseded_at: datetime | None = None
    distrusted: bool = False

    @classmethod
    def of(cls, raw: bytes, *, superseded_at: datetime | None = None, distrusted: bool = False) -> SigningKey:
        """The key of these 32 bytes."""
        public = Ed25519PublicKey.from_public_bytes(raw)
        return cls(raw=raw, public=public, superseded_at=superseded_at, distrusted=distrusted)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBook:
    """All keys of one authority, from all its manifests, parsed once."""

    authority: AuthorityId
    newest: SignedManifest
    signing: Mapping[str, SigningKey]
    log_keys: Mapping[str, bytes]
    names: Mapping[str, bytes]
    suite_of: Mapping[str, int]  # of every key to seal to that was ever published
    known_since: datetime
    valid_until: datetime
    sealing: tuple[tuple[SealingEntry, datetime, Any], ...]  # best suite first, then latest end

    @property
    def origin(self) -> str:
        """The name of the log of this authority's node."""
        return self.newest.manifest.ledger.origin

    def envelope_key(self, key_id: str, now: datetime, limits: OperationLimits) -> Ed25519PublicKey:
        """The key to verify a new envelope with; Refused when it may not sign any more, or never might."""
        key = self.evidence_key(key_id)
        if key.superseded_at is not None and now > key.superseded_at + limits.overlap:
            raise Refused("stale_key")
        if now > self.valid_until + timedelta(hours=limits.clock_skew_hours):
            raise Refused("expired")
        return key.public

    def evidence_key(self, key_id: str) -> SigningKey:
        """The key to check a signature of any age with; Refused "unknown_key" or "distrusted_key"."""
        key = self.signing.get(key_id)
        if key is None:
            raise Refused("unknown_key")
        if key.distrusted:
            raise Refused("distrusted_key")
        return key

    def seal_to(self, now: datetime) -> tuple[SealingEntry, Any] | None:
        """The key to seal to: the strongest suite that both know, still valid; nothing when there is none."""
        if now > self.valid_until:
            return None
        for entry, until, public in self.sealing:
            if now <= until:
                return entry, public
        return None


def read_book(store: ExchangeStore, authority: AuthorityId, suites: Mapping[int, Suite]) -> KeyBook:
    """Read all manifests of an authority; Refused "unknown_peer" when there is none."""
    kept = store.manifests(authority)
    if not kept:
        raise Refused("unknown_peer")
    manifests = [parse(each.raw, suites) for each in kept]
    newest = manifests[-1]
    distrusted = {entry.key_id for signed in manifests for entry in signed.manifest.distrust}
    signing: dict[str, SigningKey] = {}
    names: dict[str, bytes] = {}
    log_keys: dict[str, bytes] = {}
    for signed in manifests:
        names.update(bindings(signed.manifest))
        log_keys.update({key.id: key.key for key in signed.manifest.ledger.keys})
        entry = signed.manifest.signing
        later = (
            each.seen_at
            for each, other in zip(kept, manifests, strict=True)
            if other.manifest.number > signed.manifest.number and other.manifest.signing.id != entry.id
        )
        signing[entry.id] = SigningKey.of(
            entry.key,
            superseded_at=None if entry.id == newest.manifest.signing.id else min(later),
            distrusted=entry.id in distrusted,
        )
    return KeyBook(
        authority=authority,
        newest=newest,
        signing=signing,
        log_keys={name: key for name, key in log_keys.items() if name not in distrusted},
        names=names,
        suite_of={key.id: key.suite for signed in manifests for key in signed.manifest.sealing},
        known_since=kept[0].seen_at,
        valid_until=read_moment(newest.manifest.valid_until, "valid_until"),
        sealing=_sealing(newest.manifest.sealing, suites),
    )


def _sealing(
    entries: Sequence[SealingEntry], suites: Mapping[int, Suite]
) -> tuple[tuple[SealingEntry, datetime, Any], ...]:
    known = [
        (entry, read_moment(entry.not_after, "not_after"), suites[entry.suite].load_public(entry.key))
        for entry in entries
        if entry.suite in suites
    ]
    return tuple(sorted(known, key=lambda each: (-each[0].suite, -each[1].timestamp(), each[0].id)))


def is_stale(peer: Peer, now: datetime, limits: OperationLimits) -> bool:
    """Whether the last word about the peer's keys is too old to go on sending to it."""
    return now > peer.last_word_at + limits.stale_after
