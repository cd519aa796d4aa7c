"""One authority of the simulation: its keys, its papers, its disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final

import msgspec

from alidade.exchange.content import Item, sign_item
from alidade.exchange.context import Memory
from alidade.exchange.layout import moment_text
from alidade.exchange.limits import Limits, load_limits
from alidade.exchange.manifest import (
    Distrust,
    LedgerEntry,
    Manifest,
    SealingEntry,
    SignedManifest,
    SigningEntry,
    fingerprint,
    sign,
)
from alidade.exchange.memory import MemoryKeyring, MemoryStore
from alidade.exchange.suites import SUITES, Suite
from alidade.model.ids import AuthorityId
from alidade.simulation.federation.disk import Disk
from alidade.simulation.federation.plan import START
from alidade.simulation.federation.standins import QUICK_SUITES, NamedSigner, QuickMemory, public_of

QUOTA_BURST: Final = 60
STALE_DAYS: Final = 3
QUOTA_MINUTE: Final = 60


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits of the product, with fewer heartbeats and shorter periods, so that days hold what else takes weeks."""
    usual = load_limits()
    operation = msgspec.structs.replace(
        usual.operation,
        stale_after_days=STALE_DAYS,
        no_change_every_hours=30,
        head_every_minutes=24 * 60,
        head_silent_after_days=2,
        promise_due_days=30,
        erasure_answer_days=1,
        quota_per_minute=QUOTA_MINUTE,
        quota_burst=QUOTA_BURST,
    )
    return msgspec.structs.replace(usual, operation=operation)


@dataclass(frozen=True, slots=True)
class Crypto:
    """With what is sealed and signed: the real ways, or stand-ins."""

    real: bool

    @property
    def suites(self) -> dict[int, Suite]:
        """The ways of sealing, by number."""
        return dict(SUITES if self.real else QUICK_SUITES)

    def memory(self) -> Memory:
        """What a process remembers, empty as after its start."""
        return (Memory if self.real else QuickMemory)(limits=limits(), suites=self.suites)

    def signer(self, key_id: str) -> NamedSigner:
        """Who signs with the key of this name. Only first keys may use the stand-in: later ones announce themselves."""
        return NamedSigner(key_id, quick=not self.real and key_id.endswith("-sign-1"))

    def sealing(self, key_id: str) -> tuple[bytes, bytes]:
        """The private and the public key of this name."""
        private = hashlib.sha256(key_id.encode()).digest()
        return private, self.suites[1].public_of(private)


def _manifest(name: str, node: str, crypto: Crypto, number: int, before: SignedManifest | None) -> Manifest:
    sealing = f"{name}-seal-{number}"
    signing = f"{name}-sign-{number}"
    log = f"{node}-log"
    dated = START - timedelta(days=2)
    return Manifest(
        version=1,
        authority=name,
        number=number,
        dated=moment_text(dated),
        valid_until=moment_text(dated + timedelta(days=400)),
        root=public_of(f"{name}-root"),
        previous="" if before is None else before.digest,
        signed_by="" if before is None else before.manifest.signing.id,
        signing=SigningEntry(id=signing, key=public_of(signing)),
        sealing=(
            SealingEntry(
                id=sealing,
                suite=1,
                key=crypto.sealing(sealing)[1],
                not_after=moment_text(dated + timedelta(days=366)),
            ),
        ),
        addresses=(f"{node}.example:443",),
        tls=(),
        ledger=LedgerEntry(origin=f"{node}.example/log", keys=(SigningEntry(id=log, key=public_of(log)),)),
    )


@lru_cache(maxsize=256)
def first_manifest(name: str, node: str, crypto: Crypto) -> SignedManifest:
    """The manifest with which an authority begins, the same in every run."""
    return sign(_manifest(name, node, crypto, 1, None), root=NamedSigner(f"{name}-root"))


class Party:
    """What belongs to one authority. Keys outlive crashes; `memory` does not."""

    def __init__(self, name: str, node: str, crypto: Crypto, store: MemoryStore, keys: type[MemoryKeyring]) -> None:
        self.id = AuthorityId(name)
        self.node = node
        self.crypto = crypto
        self.disk = Disk(store)
        self.memory = crypto.memory()
        self.papers = [first_manifest(name, node, crypto)]
        self.keys = keys(crypto.signer(f"{name}-sign-1"), {}, crypto.suites)
        self.keys.add(f"{name}-seal-1", 1, crypto.sealing(f"{name}-seal-1")[0])
        self.stolen: tuple[str, int] | None = None  # name of the signing key, size of the log by then
        self.counter = 0  # of items: also numbers of things that a crash undid are not used again

    @property
    def fingerprint(self) -> str:
        """What people compare before they trust it."""
        return fingerprint(public_of(f"{self.id}-root"))

    def next_paper(self, distrust: Sequence[Distrust] = ()) -> SignedManifest:
        """The manifest that would come next, with new keys; not published yet."""
        before, number = self.papers[-1], len(self.papers) + 1
        self.keys.add(f"{self.id}-seal-{number}", 1, self.crypto.sealing(f"{self.id}-seal-{number}")[0])
        manifest = _manifest(self.id, self.node, self.crypto, number, before)
        manifest = msgspec.structs.replace(manifest, distrust=tuple(distrust))
        previous = NamedSigner(before.manifest.signing.id)
        return sign(manifest, root=NamedSigner(f"{self.id}-root"), previous=previous)

    def take_paper(self, paper: SignedManifest) -> None:
        """From now on sign with the key of this manifest."""
        self.papers.append(paper)
        self.keys.signer = self.crypto.signer(paper.manifest.signing.id)

    def item(self, kind: str, id: str, body: bytes) -> Item:
        """Something signed as its owner."""
        return sign_item(kind=kind, id=id, owner=self.id, body=body, signer=self.keys.signer)

    def fresh(self, what: str) -> str:
        """A name not used before."""
        self.counter += 1
        return f"{what}-{self.counter}"
