"""What a relay sees: who sends how much to whom. It holds no key and can read nothing else.

Besides envelopes three frames pass between a node and a relay: the node's own manifests, word of what it has committed,
and word of what the relay did not take. None of them is believed for more than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from alidade.exchange.content import AuthorityText
from alidade.exchange.envelope import MAGIC as ENVELOPE
from alidade.exchange.envelope import parse
from alidade.exchange.layout import Reader, read_canonical
from alidade.exchange.manifest import MAGIC as MANIFEST
from alidade.exchange.reasons import Refused
from alidade.exchange.suites import SUITES, Suite
from alidade.model.canonical import canonical_bytes
from alidade.model.ids import AuthorityId

VERSION: Final = 1
MOST_NAMED: Final = 1_000  # envelopes named in one word
_COMMITTED: Final = b"ALIDGOT"
_NOT_TAKEN: Final = b"ALIDREF"
_DIGEST: Final = 32

Why: TypeAlias = Literal["relay_full", "relay_pace", "relay_unknown", "relay_foreign", "relay_unreadable"]
FrameKind: TypeAlias = Literal["envelope", "manifest", "committed", "not_taken", "other"]
_KINDS: Final[Mapping[bytes, FrameKind]] = {
    ENVELOPE: "envelope",
    MANIFEST: "manifest",
    _COMMITTED: "committed",
    _NOT_TAKEN: "not_taken",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayView:
    """Everything that can be known of an envelope on its way. `size`: bytes of the whole; `bucket`: of its body."""

    version: int
    suite: int
    sender: AuthorityId
    recipient: AuthorityId
    message_id: str
    signing_key: str
    sealing_key: str
    bucket: int
    size: int
    digest: str


class NotTaken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Envelopes for one recipient that a relay did not take, and why; the sender keeps them and tries again."""

    recipient: AuthorityText
    reason: Why
    count: Annotated[int, Meta(ge=1, le=2**31)]


class _Word(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    not_taken: Annotated[tuple[NotTaken, ...], Meta(max_length=MOST_NAMED)]


_DECODER: Final = msgspec.json.Decoder(_Word)


def view(raw: bytes, suites: Mapping[int, Suite] = SUITES) -> RelayView:
    """Look at an envelope as a relay does; Refused when it is none. No signature is checked."""
    envelope = parse(raw, suites)
    header = envelope.header
    return RelayView(
        version=header.version,
        suite=header.suite,
        sender=AuthorityId(header.sender),
        recipient=AuthorityId(header.recipient),
        message_id=header.message_id,
        signing_key=header.signing_key,
        sealing_key=header.sealing_key,
        bucket=header.bucket,
        size=len(raw),
        digest=envelope.digest,
    )


def kind_of_frame(raw: bytes) -> FrameKind:
    """What a frame says it is, by its first seven bytes."""
    return _KINDS.get(raw[:7], "other")


def committed(digests: Sequence[str]) -> bytes:
    """A node's word that it has committed what these envelopes brought (SHA-256, hex): the relay may drop them."""
    if not 1 <= len(digests) <= MOST_NAMED:
        raise ValueError("a word names 1 to 1000 envelopes")
    return _COMMITTED + bytes([VERSION]) + b"".join(bytes.fromhex(each) for each in digests)


def read_committed(raw: bytes) -> tuple[str, ...]:
    """The envelopes named in such a word; Refused when it is none."""
    rest = _rest(raw, _COMMITTED)
    if not rest or len(rest) % _DIGEST or len(rest) > MOST_NAMED * _DIGEST:
        raise Refused("bad_length")
    return tuple(rest[at : at + _DIGEST].hex() for at in range(0, len(rest), _DIGEST))


def not_taken(what: Sequence[NotTaken]) -> bytes:
    """A relay's word that it did not take envelopes."""
    return _NOT_TAKEN + bytes([VERSION]) + canonical_bytes(_Word(not_taken=tuple(what)))


def read_not_taken(raw: bytes) -> tuple[NotTaken, ...]:
    """What such a word says; Refused when it is none."""
    return read_canonical(_DECODER, _rest(raw, _NOT_TAKEN), "relay").not_taken


def _rest(raw: bytes, magic: bytes) -> bytes:
    reader = Reader(raw)
    if reader.take(len(magic)) != magic:
        raise Refused("not_ours")
    if reader.take(1)[0] != VERSION:
        raise Refused("unknown_version")
    return raw[len(magic) + 1 :]
