"""Cheap stand-ins for sealing and signing, handed to the real exchange as parameters where time counts more.

They keep the rules (what is sealed to one key opens with that key only; what was changed does not verify) but no
secret. A share of the seeds runs with the real ones; manifests, seals of logs, receipts and countersignatures are
signed for real always.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from alidade.exchange.context import Memory
from alidade.exchange.peers import KeyBook
from alidade.exchange.ports import ExchangeStore
from alidade.exchange.reasons import Refused
from alidade.exchange.suites import Suite
from alidade.model.ids import AuthorityId

_TAG_BYTES: Final = 48
_KEY_BYTES: Final = 32
_QUICK: Final = tuple(len(tag).to_bytes(4, "big") + tag for tag in (b"alidade/envelope/v1", b"alidade/item/v1"))


class QuickSuite:
    """Takes the place of X25519 under its number: a tag that only the right private key finds right."""

    number = 1
    overhead = _TAG_BYTES
    public_bytes = _KEY_BYTES
    private_bytes = _KEY_BYTES

    def load_public(self, raw: bytes) -> bytes:
        """The bytes themselves, if they have the right length."""
        if len(raw) != _KEY_BYTES:
            raise Refused("bad_field", "public key")
        return raw

    def load_private(self, raw: bytes) -> bytes:
        """The public key, which is all that opening needs here."""
        return self.public_of(raw)

    def public_of(self, private: bytes) -> bytes:
        """The public key that belongs to a private one."""
        return hashlib.sha256(b"quick" + private).digest()

    def seal(self, plain: bytes, public: Any, context: bytes) -> bytes:
        """The content behind a tag over key, context and content."""
        return _tag(cast(bytes, public), context, plain) + plain

    def open(self, sealed: bytes, private: Any, context: bytes) -> bytes:
        """The content, where the tag fits; Refused "not_for_us" otherwise."""
        plain = sealed[_TAG_BYTES:]
        if sealed[:_TAG_BYTES] != _tag(cast(bytes, private), context, plain):
            raise Refused("not_for_us")
        return plain


def _tag(public: bytes, context: bytes, plain: bytes) -> bytes:
    return hashlib.sha384(public + hashlib.sha256(context).digest() + plain).digest()


QUICK_SUITES: Final[Mapping[int, Suite]] = MappingProxyType({1: QuickSuite()})


@lru_cache(maxsize=4096)
def private_of(key_id: str) -> Ed25519PrivateKey:
    """The signing key of this name, the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(key_id.encode()).digest())


@lru_cache(maxsize=4096)
def public_of(key_id: str) -> bytes:
    """Its public key, 32 bytes."""
    return private_of(key_id).public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class NamedSigner:
    """Signs with the key of its name; with `quick`, envelopes and items get a stand-in."""

    key_id: str
    quick: bool = False

    def sign(self, message: bytes, /) -> bytes:
        """The signature, 64 bytes."""
        if self.quick and message.startswith(_QUICK):
            return _quick(public_of(self.key_id), message)
        return private_of(self.key_id).sign(message)


def _quick(public: bytes, message: bytes) -> bytes:
    return hashlib.sha512(b"quick" + public + message).digest()


class QuickKey:
    """A public key that knows the stand-in, and otherwise asks the real one."""

    __slots__ = ("_raw", "_real")

    def __init__(self, raw: bytes, real: Ed25519PublicKey) -> None:
        self._raw = raw
        self._real = real

    def verify(self, signature: bytes, message: bytes) -> None:
        """InvalidSignature unless this key signed this message, in either way."""
        if signature == _quick(self._raw, message):
            return
        if message.startswith(_QUICK) and len(signature) != 64:
            raise InvalidSignature
        self._real.verify(signature, message)


class QuickMemory(Memory):
    """What a process remembers, with public keys that know the stand-in."""

    def book(self, store: ExchangeStore, authority: AuthorityId, number: int) -> KeyBook:
        """The keys of an authority, made quick once."""
        kept = self._books.get(authority)
        if kept is not None and kept[0] == number:
            return kept[1]
        book = super().book(store, authority, number)
        quick = {
            name: replace(key, public=cast(Ed25519PublicKey, QuickKey(key.raw, key.public)))
            for name, key in book.signing.items()
        }
        book = replace(book, signing=quick)
        self._books[authority] = number, book
        return book
