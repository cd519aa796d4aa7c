"""What the outside world lends to the core: a clock, chance and a key to sign with."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The present moment, with time zone UTC."""
        ...


class Randomness(Protocol):
    """Gives unpredictable bytes."""

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes that nobody can foresee."""
        ...


class Signer(Protocol):
    """Holds a private key of an authority and signs with it (Ed25519, RFC 8032)."""

    @property
    def key_id(self) -> str:
        """Which public key verifies the signature."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message`."""
        ...
