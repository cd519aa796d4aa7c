"""Ways of sealing, by number: which public-key method keeps an envelope shut. A number never changes its meaning.

1 = HPKE base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
2 = the same with the hybrid ML-KEM-768 + X25519 in place of X25519, for what must stay secret for decades.
The body is sealed with AES-256-GCM under a key of its own in either case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from alidade.exchange.reasons import Refused

_TAG_BYTES: Final = 16
_X25519: Final = 32
_MLKEM_PUBLIC: Final = 1184
_MLKEM_SEED: Final = 64
_MLKEM_CIPHERTEXT: Final = 1088


class Suite(Protocol):
    """One way of sealing a few bytes to a public key."""

    @property
    def number(self) -> int:
        """The number that stands in headers and manifests."""
        ...

    @property
    def overhead(self) -> int:
        """How many bytes longer what is sealed is than what went in."""
        ...

    @property
    def public_bytes(self) -> int:
        """The length of a public key."""
        ...

    @property
    def private_bytes(self) -> int:
        """The length of a private key, as kept; any random bytes of this length are one."""
        ...

    def load_public(self, raw: bytes) -> Any:
        """The public key; Refused "bad_field" when these bytes are none."""
        ...

    def load_private(self, raw: bytes) -> Any:
        """The private key; ValueError when these bytes are none."""
        ...

    def public_of(self, private: bytes) -> bytes:
        """The public key that belongs to private bytes, as published; ValueError when these are no key."""
        ...

    def seal(self, plain: bytes, public: Any, context: bytes) -> bytes:
        """Seal for the holder of the key; opens only with the same context. Refused "bad_field" for a void key."""
        ...

    def open(self, sealed: bytes, private: Any, context: bytes) -> bytes:
        """Open what was sealed; Refused "not_for_us" when key, context or bytes do not fit."""
        ...


@dataclass(frozen=True, slots=True)
class _Hpke:
    number: int
    overhead: int
    public_bytes: int
    private_bytes: int
    hybrid: bool

    @property
    def _suite(self) -> hpke.Suite:
        kem = hpke.KEM.MLKEM768_X25519 if self.hybrid else hpke.KEM.X25519
        return hpke.Suite(kem, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)

    def load_public(self, raw: bytes) -> Any:
        if len(raw) != self.public_bytes:
            raise Refused("bad_field", "public key")
        try:
            if not self.hybrid:
                return X25519PublicKey.from_public_bytes(raw)
            return hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC]),
                X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]),
            )
        except (ValueError, UnsupportedAlgorithm):
            raise Refused("bad_field", "public key") from None

    def load_private(self, raw: bytes) -> Any:
        if len(raw) != self.private_bytes:
            raise ValueError(f"a private key of suite {self.number} has {self.private_bytes} bytes")
        if not self.hybrid:
            return X25519PrivateKey.from_private_bytes(raw)
        return hpke.MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED]),
            X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED:]),
        )

    def public_of(self, private: bytes) -> bytes:
        self.load_private(private)
        x25519 = X25519PrivateKey.from_private_bytes(private[-_X25519:]).public_key().public_bytes_raw()
        if not self.hybrid:
            return x25519
        return MLKEM768PrivateKey.from_seed_bytes(private[:_MLKEM_SEED]).public_key().public_bytes_raw() + x25519

    def seal(self, plain: bytes, public: Any, context: bytes) -> bytes:
        try:
            return self._suite.encrypt(plain, public, info=context)
        except ValueError:  # a point of small order: the agreed secret would be known to all
            raise Refused("bad_field", "public key") from None

    def open(self, sealed: bytes, private: Any, context: bytes) -> bytes:
        try:
            return self._suite.decrypt(sealed, private, info=context)
        except (InvalidTag, ValueError):
            raise Refused("not_for_us") from None


X25519_SUITE: Final[Suite] = _Hpke(
    number=1, overhead=_X25519 + _TAG_BYTES, public_bytes=_X25519, private_bytes=_X25519, hybrid=False
)
HYBRID_SUITE: Final[Suite] = _Hpke(
    number=2,
    overhead=_MLKEM_CIPHERTEXT + _X25519 + _TAG_BYTES,
    public_bytes=_MLKEM_PUBLIC + _X25519,
    private_bytes=_MLKEM_SEED + _X25519,
    hybrid=True,
)
SUITES: Final[Mapping[int, Suite]] = MappingProxyType({1: X25519_SUITE, 2: HYBRID_SUITE})


def suite_numbered(number: int, suites: Mapping[int, Suite] = SUITES) -> Suite:
    """The suite of this number; Refused "unknown_suite" when it is not known here."""
    suite = suites.get(number)
    if suite is None:
        raise Refused("unknown_suite")
    return suite
