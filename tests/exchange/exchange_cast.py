"""The cast: authorities with keys, a log, a store in memory and a clock; letters are carried by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from alidade.exchange.content import Content, Item, Step, encode, kind_of, sign_item
from alidade.exchange.delivery import Exchange, Memory
from alidade.exchange.envelope import Header, Slip, assemble, parse, seal_body, seal_front
from alidade.exchange.layout import block, moment_text
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
from alidade.exchange.suites import SUITES
from alidade.exchange.verdict import Dispatch, Verdict
from alidade.ledger.head import Ed25519Signer, Head, framed, sign_head
from alidade.ledger.tree import MemoryNodes, Tree
from alidade.model.canonical import canonical_bytes
from alidade.model.ids import AuthorityId

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class SetClock:
    """A clock that stands until it is moved; each authority may be off by some time."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class OffClock:
    def __init__(self, clock: SetClock, off: timedelta) -> None:
        self._clock = clock
        self.off = off

    def now(self) -> datetime:
        return self._clock.now() + self.off


class Dice:
    """Random bytes that come again in the next run."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed.encode(), 0

    def token_bytes(self, count: int) -> bytes:
        self._count += 1
        stream = b""
        while len(stream) < count:
            stream += hashlib.sha256(self._seed + b"%d/%d" % (self._count, len(stream))).digest()
        return stream[:count]


class NodeLog:
    """The log of a node: grows by `write`, is sealed by `seal`."""

    def __init__(self, origin: str, signer: Ed25519Signer, clock: Any) -> None:
        self.origin, self.signer, self._clock = origin, signer, clock
        self.tree = Tree(MemoryNodes())
        self.leaves: list[bytes] = []
        self._head: Head | None = None

    def write(self, text: str) -> tuple[int, bytes]:
        leaf = hashlib.sha256(b"\0" + text.encode()).digest()
        self.leaves.append(leaf)
        return self.tree.append(leaf), leaf

    def seal(self, off: timedelta = timedelta(0)) -> Head:
        self._head = sign_head(
            origin=self.origin,
            size=self.tree.size,
            root=self.tree.root(),
            at=self._clock.now() + off,
            signer=self.signer,
        )
        return self._head

    def head(self) -> Head | None:
        return self._head

    def root(self, size: int) -> bytes:
        return self.tree.root(size)

    def consistency(self, old: int, new: int) -> Sequence[bytes]:
        return self.tree.consistency_proof(old, new)

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        return self.tree.inclusion_proof(index, size)


class Party:
    """One authority with everything that it needs."""

    def __init__(
        self, name: str, clock: SetClock, *, suites: Sequence[int] = (1,), limits: Limits | None = None
    ) -> None:
        self.id = AuthorityId(name)
        self.dice = Dice(name)
        self.clock = OffClock(clock, timedelta(0))
        self.limits = limits
        self.root = self.signer(f"{name}-root")
        self.signing = self.signer(f"{name}-sign-1")
        self.log = NodeLog(f"{name}.example/log", self.signer(f"{name}-log"), self.clock)
        self.keys = MemoryKeyring(self.signing, {})
        self.suites = tuple(suites)
        self.store = MemoryStore()
        self.memory = Memory(limits=limits)
        self.manifests: list[SignedManifest] = [self.manifest()]
        self.applied: list[tuple[str, str, int, str, tuple[bytes, ...]]] = []
        self.exchange.introduce([self.manifests[0].raw], fingerprint(self.root.public_key))

    @staticmethod
    def signer(key_id: str) -> Ed25519Signer:
        return Ed25519Signer(key_id=key_id, private_key=hashlib.sha256(key_id.encode()).digest())

    @property
    def exchange(self) -> Exchange:
        return Exchange(self.id, self.store, self.clock, self.dice, self.keys, memory=self.memory, log=self.log)

    # keys
    def sealing(self, number: int, suite: int, days: int = 366) -> SealingEntry:
        key_id = f"{self.id}-seal-{number}-{suite}"
        private = Dice(key_id).token_bytes(SUITES[suite].private_bytes)
        self.keys.add(key_id, suite, private)
        return SealingEntry(
            id=key_id,
            suite=suite,
            key=SUITES[suite].public_of(private),
            not_after=moment_text(self.clock.now() + timedelta(days=days)),
        )

    def manifest(self, **changes: Any) -> SignedManifest:
        """The next manifest, not published yet; `changes` to its fields, `root_by` and `previous_by` to signers."""
        before = self.manifests[-1] if getattr(self, "manifests", None) else None
        number = 1 if before is None else before.manifest.number + 1
        root_by, previous_by = changes.pop("root_by", self.root), changes.pop("previous_by", None)
        old = None if before is None else self.signer(before.manifest.signing.id)
        fields: dict[str, Any] = {
            "version": 1,
            "authority": self.id,
            "number": number,
            "dated": moment_text(self.clock.now()),
            "valid_until": moment_text(self.clock.now() + timedelta(days=400)),
            "root": self.root.public_key,
            "previous": "" if before is None else before.digest,
            "signed_by": "" if before is None else before.manifest.signing.id,
            "signing": SigningEntry(id=self.signing.key_id, key=self.signing.public_key),
            "sealing": tuple(self.sealing(number, suite) for suite in self.suites),
            "addresses": (f"https://{self.id}.example",),
            "tls": (hashlib.sha256(self.id.encode()).hexdigest(),),
            "ledger": LedgerEntry(
                origin=self.log.origin,
                keys=(SigningEntry(id=self.log.signer.key_id, key=self.log.signer.public_key),),
            ),
        }
        return sign(Manifest(**(fields | changes)), root=root_by, previous=previous_by or old)

    def rotate(self, *, distrust: tuple[Distrust, ...] = (), tell: bool = True) -> SignedManifest:
        """A new signing key and new keys to seal to, published."""
        self.signing = self.signer(f"{self.id}-sign-{len(self.manifests) + 1}")
        signed = self.manifest(distrust=distrust)
        if tell:
            self.exchange.publish(signed.raw)
        else:
            self.exchange.admit_manifest(signed.raw)
        self.keys.signer = self.signing
        self.manifests.append(signed)
        return signed

    # work
    def item(self, id: str, body: bytes = b"words", kind: str = "step", **changes: Any) -> Item:
        item = sign_item(kind=kind, id=id, owner=self.id, body=body, signer=self.signing)
        return msgspec.structs.replace(item, **changes) if changes else item

    def step(self, id: str, body: bytes = b"words") -> Step:
        return Step(items=(self.item(id, body),))

    def send(self, to: Party, content: Content, thread: str = "t1", blob: bytes = b"") -> bytes:
        """Post one content and give its envelope."""
        message_id = self.exchange.post([to.id], content, thread=thread, blob=blob)[to.id]
        return self.envelope(to, message_id)

    def envelope(self, to: Party, message_id: str) -> bytes:
        for dispatch in self.exchange.due(to.id, pull=True):
            if dispatch.message_id == message_id:
                return dispatch.envelope
        raise AssertionError("not due")

    def take(self, raw: bytes, **poisoned: str) -> Verdict:
        """Accept and apply, in one transaction."""
        verdict = self.exchange.accept(raw, poisoned=poisoned)
        for each in verdict.apply:
            bodies = tuple(item.body for item in getattr(each.content, "items", ()))
            self.applied.append((each.sender, each.thread, each.sequence, each.kind, bodies))
        return verdict

    def bodies(self) -> list[bytes]:
        return [body for *_, bodies in self.applied for body in bodies]


class Scene:
    """Some authorities that were introduced to each other."""

    def __init__(self, *names: str, suites: Sequence[int] = (1,), **operation: int) -> None:
        limits = load_limits()
        if operation:
            limits = msgspec.structs.replace(limits, operation=msgspec.structs.replace(limits.operation, **operation))
        self.clock = SetClock()
        self.parties = {name: Party(name, self.clock, suites=suites, limits=limits) for name in names}
        for one in self.parties.values():
            for other in self.parties.values():
                if one is not other:
                    self.introduce(one, other)

    @staticmethod
    def introduce(one: Party, other: Party) -> None:
        one.exchange.introduce([each.raw for each in other.manifests], fingerprint(other.root.public_key))

    def __getitem__(self, name: str) -> Party:
        return self.parties[name]

    def wait(self, time: timedelta) -> None:
        self.clock.at += time

    def carry(self, only: Iterable[str] | None = None) -> list[tuple[Dispatch, Verdict]]:
        """Carry everything that is due once, and acknowledge."""
        carried = []
        for party in self.parties.values():
            for dispatch in party.exchange.due():
                if only is not None and dispatch.kind not in only:
                    continue
                carried.append((dispatch, self.parties[dispatch.recipient].take(dispatch.envelope)))
                party.exchange.handed_over(dispatch.recipient, [dispatch.message_id])
        for party in self.parties.values():
            party.exchange.acknowledge()
        return carried

    def settle(self, rounds: int = 12) -> list[tuple[Dispatch, Verdict]]:
        """Carry on, minute by minute, until nothing is due."""
        carried = []
        for _ in range(rounds):
            now = self.carry()
            carried += now
            self.wait(timedelta(seconds=30))
            if not now:
                break
        return carried


def envelope_of(
    sender: Party,
    to: Party,
    content: Content | bytes,
    *,
    kind: str | None = None,
    thread: str = "t1",
    sequence: int = 1,
    blob: bytes = b"",
    header: dict[str, Any] | None = None,
    slip: dict[str, Any] | None = None,
    signer: Ed25519Signer | None = None,
    sealed_for: Party | None = None,
    number: int = 1,
) -> bytes:
    """An envelope made by hand, any part of which may lie."""
    if isinstance(content, bytes):
        raw = content
    else:
        raw = encode(msgspec.structs.replace(content, sent_at=content.sent_at or moment_text(sender.clock.now())), blob)
        kind = kind or kind_of(content)
    key = sender.dice.token_bytes(32)
    body = seal_body(raw, sender=sender.id, key=key)
    entry = (sealed_for or to).manifests[0].manifest.sealing[0]
    signer = signer or sender.signing
    message_id = sender.dice.token_bytes(16).hex()
    fields = {
        "version": 1, "suite": entry.suite, "sender": sender.id, "recipient": to.id, "message_id": message_id,
        "signing_key": signer.key_id, "sealing_key": entry.id, "bucket": body.bucket,
    } | (header or {})  # fmt: skip
    inside = {
        "sender": sender.id, "recipient": to.id, "message_id": fields["message_id"], "kind": kind,
        "thread": thread if sequence else "", "sequence": sequence, "key": key, "digest": body.digest,
    } | (slip or {})  # fmt: skip
    front = seal_front(
        Header(**fields),
        canonical_bytes(Slip(**inside)),
        body.body_sha256,
        public=SUITES[entry.suite].load_public(entry.key),
        signer=signer,
    )
    return assemble(front, body.body)


def signed_anew(raw: bytes, signer: Ed25519Signer, **header: Any) -> bytes:
    """The same envelope with another header, signed by this key: what a recombiner makes of it."""
    envelope = parse(raw)
    text = canonical_bytes(msgspec.structs.replace(envelope.header, **header))
    message = framed(b"alidade/envelope/v1", text, hashlib.sha256(envelope.slip).digest(), envelope.body_hash)
    return b"ALIDENV\1" + block(text) + block(envelope.slip) + block(envelope.body) + signer.sign(message)
