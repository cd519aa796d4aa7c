"""The signed seal of the log: what an authority hands out so that others can hold it to its word.

A head says "at this time my log had this many lines, and this is their seal" (RFC 6962 section 3.5).
Whoever keeps one elsewhere, on paper if need be, can later tell whether the log was altered or cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from alidade.model.merkle import HASH_BYTES

FORMAT: Final = "alidade-tree-head/1"

_TAG: Final = b"alidade/tree-head/v1"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_NO_OFFSET: Final = timedelta(0)
_LARGEST_SIZE: Final = 2**53 - 1


class HeadError(ValueError):
    """A signed seal is not in the one form that is allowed."""


class Signer(Protocol):
    """Whatever holds the signing key: a file, a card, a hardware module."""

    @property
    def key_id(self) -> str:
        """The name under which the public key is published."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Give the Ed25519 signature (64 bytes, RFC 8032) of `message`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ed25519Signer:
    """A signing key held in memory: 32 private bytes, never shown when printed."""

    key_id: str
    private_key: bytes = field(repr=False)

    def sign(self, message: bytes, /) -> bytes:
        """Give the signature (64 bytes) of `message`; ValueError when the key has not 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private_key).sign(message)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes to publish."""
        return Ed25519PrivateKey.from_private_bytes(self.private_key).public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One signed seal: whose log, how many lines, the seal (32 bytes), when (UTC), signature and key.

    HeadError on an empty origin or key name, a seal of another length, a size below 0 or above 2**53 - 1,
    and a time that is not in UTC. The signature is not checked here: see `verify_head`.
    """

    origin: str
    size: int
    root: bytes
    at: datetime
    signature: bytes
    key_id: str

    def __post_init__(self) -> None:
        if not (self.origin and self.key_id):
            raise HeadError("origin and key_id must be given")
        if not 0 <= self.size <= _LARGEST_SIZE:
            raise HeadError("size must be a whole number from 0 to 2**53 - 1")
        if len(self.root) != HASH_BYTES:
            raise HeadError(f"root must have {HASH_BYTES} bytes")
        if self.at.utcoffset() != _NO_OFFSET:
            raise HeadError("at must be in UTC")
        require_signable(self.origin, self.key_id)


def require_signable(*texts: str) -> None:
    """Refuse texts that are not Unicode (half of a surrogate pair), since no bytes stand for them."""
    try:
        for text in texts:
            text.encode()
    except UnicodeEncodeError:
        raise HeadError("a name holds text that UTF-8 cannot carry") from None


def framed(*fields: bytes) -> bytes:
    """Join fields for signing so that no two lists of fields give the same bytes (4-byte lengths)."""
    return b"".join(len(each).to_bytes(4, "big") + each for each in fields)


def microseconds(at: datetime) -> bytes:
    """Write a time for signing: microseconds since 1970 in UTC, 8 bytes, big end first."""
    return ((at - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True)


def signed_bytes(*, origin: str, size: int, root: bytes, at: datetime, key_id: str) -> bytes:
    """Give the bytes that the signature of a head covers: a domain tag, then every other field."""
    return framed(_TAG, origin.encode(), size.to_bytes(8, "big"), root, microseconds(at), key_id.encode())


def bytes_under(head: Head) -> bytes:
    """Give the bytes that the signature of this head covers."""
    return signed_bytes(origin=head.origin, size=head.size, root=head.root, at=head.at, key_id=head.key_id)


def sign_head(*, origin: str, size: int, root: bytes, at: datetime, signer: Signer) -> Head:
    """Seal the log: sign that at this time it had this many lines under this root.

    HeadError on a field out of range; errors of the signer pass through.
    """
    unsigned = Head(origin=origin, size=size, root=root, at=at, signature=b"", key_id=signer.key_id)
    return replace(unsigned, signature=signer.sign(bytes_under(unsigned)))


def verify_signature(signature: bytes, message: bytes, public_key: bytes) -> bool:
    """Say whether an Ed25519 signature (RFC 8032) fits; a malformed key or signature does not."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_head(head: Head, public_key: bytes) -> bool:
    """Say whether the holder of this key (32 bytes) signed exactly this seal."""
    return verify_signature(head.signature, bytes_under(head), public_key)


def is_vouched(head: Head, public_keys: Mapping[str, bytes]) -> bool:
    """Say whether a known key signed this seal; `public_keys`: key_id to 32 bytes. Unknown key: no."""
    key = public_keys.get(head.key_id)
    return key is not None and verify_head(head, key)


class _HeadFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["alidade-tree-head/1"] = FORMAT
    origin: str
    size: int
    root: str
    at: datetime
    signature: str
    key_id: str


def to_json(head: Head) -> bytes:
    """Write a seal as a small file that can be kept anywhere as a witness (JSON, hashes in hex)."""
    return _ENCODER.encode(
        _HeadFile(
            origin=head.origin,
            size=head.size,
            root=head.root.hex(),
            at=head.at,
            signature=head.signature.hex(),
            key_id=head.key_id,
        )
    )


def from_json(text: bytes) -> Head:
    """Read a seal back from its file; blank space around it is allowed, nothing else is.

    HeadError on anything that `to_json` would not have written. The signature is not checked here.
    """
    try:
        read = _DECODER.decode(text)
        head = Head(
            origin=read.origin,
            size=read.size,
            root=bytes.fromhex(read.root),
            at=read.at,
            signature=bytes.fromhex(read.signature),
            key_id=read.key_id,
        )
    except (msgspec.DecodeError, ValueError):
        raise HeadError("not a head file of a known version") from None
    if to_json(head) != text.strip():
        raise HeadError("not the canonical form of a head file")
    return head


_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder(_HeadFile)
