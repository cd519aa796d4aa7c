"""Certificates: who is at the other end of a connection. Self-signed, and trusted because a manifest names them.

No certificate authority has a say: a certificate counts as long as a pinned manifest carries it.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from alidade.model.errors import Unreadable
from alidade.model.ports import Randomness

LASTS: Final = timedelta(days=800)
_LARGEST: Final = 16_384  # bytes of a file
_LARGEST_HELD: Final = 2_048  # bytes, as in manifests
_SKEW: Final = timedelta(days=2)  # clocks of other nodes may be wrong; nothing hangs on them but this


def make_certificate(seed: bytes, serial: bytes, now: datetime) -> bytes:
    """A self-signed certificate (DER) for the Ed25519 key of 32 bytes; it names nobody, its fingerprint is its name."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    # A name of its own: of several trusted certificates with one name, TLS libraries look at one.
    told = sha256(key.public_key().public_bytes_raw()).hexdigest()[:32]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"alidade node {told}")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(serial[:16], "big") >> 1 or 1)
        .not_valid_before((now - _SKEW).astimezone(UTC))
        .not_valid_after((now + LASTS).astimezone(UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(both, critical=False)
        .sign(key, None)
    )
    return made.public_bytes(Encoding.DER)


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate (DER), 64 hex digits."""
    return sha256(certificate).hexdigest()


def spoken_certificate(certificate: bytes) -> str:
    """What two people compare by voice before they trust a relay: sixteen groups of four hex digits."""
    text = fingerprint(certificate)
    return " ".join(text[at : at + 4] for at in range(0, 64, 4))


def read_certificate(path: Path) -> bytes:
    """A certificate (DER) from its file (PEM). Raises Unreadable where it is none, or too large for a manifest."""
    try:
        with path.open("rb") as file:
            held = x509.load_pem_x509_certificate(file.read(_LARGEST)).public_bytes(Encoding.DER)
    except ValueError as error:
        raise Unreadable("The file holds no certificate.", remedy="Ask whoever runs the relay for it.") from error
    if len(held) > _LARGEST_HELD:
        raise Unreadable("The certificate is too large.", remedy="Ask whoever runs the relay for another.")
    return held


def written_certificate(certificate: bytes) -> bytes:
    """A certificate (DER) as it is handed out (PEM)."""
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)


def client_context(seed: bytes, certificate: bytes, trusted: Iterable[bytes], randomness: Randomness) -> ssl.SSLContext:
    """For connections that we open: TLS 1.3, our certificate, and nobody trusted but the holders of these."""
    return _context(ssl.PROTOCOL_TLS_CLIENT, seed, certificate, trusted, randomness)


def server_context(seed: bytes, certificate: bytes, trusted: Iterable[bytes], randomness: Randomness) -> ssl.SSLContext:
    """For connections that others open: TLS 1.3, and nobody without one of these certificates is heard."""
    return _context(ssl.PROTOCOL_TLS_SERVER, seed, certificate, trusted, randomness)


def trust(context: ssl.SSLContext, certificates: Iterable[bytes]) -> None:
    """Let connections from now on be made with the holders of these certificates as well."""
    for certificate in certificates:
        context.load_verify_locations(cadata=certificate)


def _context(
    protocol: int, seed: bytes, certificate: bytes, trusted: Iterable[bytes], randomness: Randomness
) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.maximum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False  # certificates are pinned; an address proves nothing
    context.verify_mode = ssl.CERT_REQUIRED
    _load_own(context, seed, certificate, randomness)
    trust(context, trusted)
    return context


def _load_own(context: ssl.SSLContext, seed: bytes, certificate: bytes, randomness: Randomness) -> None:
    """The standard library takes keys from files alone: the file is sealed with a password that is never written."""
    password = randomness.token_bytes(32).hex()
    key = Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
    )
    shown = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
    handle, name = tempfile.mkstemp(prefix="alidade-", suffix=".pem")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(shown + key)
        context.load_cert_chain(path, password=password)
    finally:
        path.unlink(missing_ok=True)
