"""The sealed and signed unit that travels between two authorities: header, slip, body, signature.

The header is all that a relay can read. The slip is sealed to the recipient and holds what differs from one
recipient to the next: thread, place in the order, and the key of the body. The body is sealed once for all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta

from alidade.exchange.content import AuthorityText, Hash, Hex16, KeyIdText, Size
from alidade.exchange.layout import LENGTH, Reader, block, read_canonical
from alidade.exchange.limits import PROTOCOL
from alidade.exchange.ports import Keyring
from alidade.exchange.reasons import Refused
from alidade.exchange.suites import SUITES, Suite, suite_numbered
from alidade.ledger.head import framed
from alidade.model.canonical import canonical_bytes
from alidade.model.ports import Signer

VERSION: Final = 1
MAGIC: Final = b"ALIDENV"
SIGNATURE_BYTES: Final = 64
KEY_BYTES: Final = 32

_SIGN_TAG: Final = b"alidade/envelope/v1"
_SLIP_TAG: Final = b"alidade/envelope-slip/v1"
_BODY_TAG: Final = b"alidade/envelope-body/v1"
_NONCE: Final = bytes(12)  # each content key seals exactly one body
_TAG_BYTES: Final = 16


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What everybody on the way can read. `bucket`: the padded size of the body, one of few."""

    version: int
    suite: int
    sender: AuthorityText
    recipient: AuthorityText
    message_id: Hex16
    signing_key: KeyIdText
    sealing_key: KeyIdText
    bucket: int


class Slip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What only the recipient reads first: who to whom (again), where it belongs, and the key of the body.

    `sequence` 0: outside any order. `digest`: SHA-256 of the content before padding.
    """

    sender: AuthorityText
    recipient: AuthorityText
    message_id: Hex16
    kind: Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,31}\Z")]
    thread: Annotated[str, Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9._:/-]{0,63})?\Z")]
    sequence: Size
    key: Hash
    digest: Hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An envelope taken apart, nothing of it verified yet; the parts are the very bytes received."""

    header: Header
    header_bytes: bytes
    slip: bytes
    body: bytes
    signature: bytes
    body_hash: bytes  # SHA-256
    digest: str  # SHA-256 of the whole, hex


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBody:
    """A content padded and sealed under a key of its own, for any number of recipients."""

    body: bytes
    body_sha256: str
    bucket: int
    digest: bytes


_HEADER: Final = msgspec.json.Decoder(Header)
_SLIP: Final = msgspec.json.Decoder(Slip)
_MOST: Final = len(MAGIC) + 1 + PROTOCOL.header_bytes + PROTOCOL.body_bytes + 65536


def parse(raw: bytes, suites: Mapping[int, Suite] = SUITES) -> Envelope:
    """Take an envelope apart; Refused on anything that is not exactly one envelope. No key is used."""
    if len(raw) > _MOST:
        raise Refused("oversize")
    reader = Reader(raw)
    header_bytes, header = _read_header(reader, suites)
    slip = reader.block(PROTOCOL.slip_bytes + suites[header.suite].overhead)
    body = reader.block(PROTOCOL.body_bytes)
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    if len(slip) != PROTOCOL.slip_bytes + suites[header.suite].overhead or len(body) != header.bucket + _TAG_BYTES:
        raise Refused("bad_length")
    return Envelope(
        header=header,
        header_bytes=header_bytes,
        slip=slip,
        body=body,
        signature=signature,
        body_hash=hashlib.sha256(body).digest(),
        digest=hashlib.sha256(raw).hexdigest(),
    )


def read_header(raw: bytes, suites: Mapping[int, Suite] = SUITES) -> Header:
    """The header alone, for who only forwards; Refused when it is none. The rest is not looked at."""
    return _read_header(Reader(raw), suites)[1]


def _read_header(reader: Reader, suites: Mapping[int, Suite]) -> tuple[bytes, Header]:
    if reader.take(len(MAGIC)) != MAGIC:
        raise Refused("not_ours")
    if reader.take(1)[0] != VERSION:
        raise Refused("unknown_version")
    text = reader.block(PROTOCOL.header_bytes)
    header = read_canonical(_HEADER, text, "header")
    if header.version != VERSION:
        raise Refused("unknown_version")
    suite_numbered(header.suite, suites)
    if header.bucket not in PROTOCOL.buckets:
        raise Refused("bad_field", "bucket")
    return text, header


def verify(envelope: Envelope, public_key: Ed25519PublicKey) -> bool:
    """Whether the holder of this key signed exactly this header with this slip and this body."""
    message = _signed(envelope.header_bytes, envelope.slip, envelope.body_hash)
    try:
        public_key.verify(envelope.signature, message)
    except InvalidSignature:
        return False
    return True


def open_slip(envelope: Envelope, keys: Keyring) -> Slip:
    """Open the slip with our private key; Refused when it is not for us or says something else than the header."""
    context = _context(envelope.header_bytes, envelope.body_hash)
    slip = read_canonical(_SLIP, unpad(keys.open_sealed(envelope.header.sealing_key, envelope.slip, context)), "slip")
    header = envelope.header
    if (slip.sender, slip.recipient, slip.message_id) != (header.sender, header.recipient, header.message_id):
        raise Refused("wrong_authority")
    return slip


def open_body(envelope: Envelope, slip: Slip) -> bytes:
    """Open the body with the key from the slip: the bytes of the content; Refused when they do not belong together."""
    try:
        padded = AESGCM(slip.key).decrypt(_NONCE, envelope.body, _associated(slip.sender))
    except InvalidTag:
        raise Refused("wrong_body") from None
    content = unpad(padded)
    if hashlib.sha256(content).digest() != slip.digest:
        raise Refused("wrong_body")
    return content


def seal_body(content: bytes, *, sender: str, key: bytes) -> SealedBody:
    """Pad a content to the next size bucket and seal it; `key`: 32 fresh random bytes, used for nothing else.

    Refused "oversize" when no bucket is large enough.
    """
    for bucket in PROTOCOL.buckets:
        if LENGTH + len(content) <= bucket:
            break
    else:
        raise Refused("oversize")
    body = AESGCM(key).encrypt(_NONCE, pad(content, bucket), _associated(sender))
    return SealedBody(
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        bucket=bucket,
        digest=hashlib.sha256(content).digest(),
    )


def slip_bytes(slip: Slip) -> bytes:
    """The slip as it is kept before sealing. It holds the key of the body."""
    return canonical_bytes(slip)


def read_slip(text: bytes) -> Slip:
    """Read a slip as kept; Refused when it is none."""
    return read_canonical(_SLIP, text, "slip")


def seal_front(
    header: Header, slip: bytes, body_sha256: str, *, public: Any, signer: Signer, suites: Mapping[int, Suite] = SUITES
) -> bytes:
    """Header, sealed slip and signature, ready to be joined with the body: see `assemble`.

    `slip`: canonical bytes; `public`: the recipient's key, loaded; `signer.key_id` must be that of the header.
    """
    header_bytes = canonical_bytes(header)
    body_hash = bytes.fromhex(body_sha256)
    padded = pad(slip, PROTOCOL.slip_bytes)
    sealed = suite_numbered(header.suite, suites).seal(padded, public, _context(header_bytes, body_hash))
    return block(header_bytes) + block(sealed) + signer.sign(_signed(header_bytes, sealed, body_hash))


def assemble(front: bytes, body: bytes) -> bytes:
    """The whole envelope from its front and its body."""
    return MAGIC + bytes([VERSION]) + front[:-SIGNATURE_BYTES] + block(body) + front[-SIGNATURE_BYTES:]


def pad(content: bytes, size: int) -> bytes:
    """Length, content, zeros up to `size`; ValueError when it does not fit."""
    fill = size - LENGTH - len(content)
    if fill < 0:
        raise ValueError("does not fit into its padding")
    return block(content) + bytes(fill)


def unpad(padded: bytes) -> bytes:
    """What `pad` padded; Refused "bad_padding" when anything but zeros follows or the length lies."""
    length = int.from_bytes(padded[:LENGTH], "big")
    end = LENGTH + length
    if end > len(padded) or padded.count(0, end) != len(padded) - end:
        raise Refused("bad_padding")
    return padded[LENGTH:end]


def _signed(header_bytes: bytes, slip: bytes, body_hash: bytes) -> bytes:
    return framed(_SIGN_TAG, header_bytes, hashlib.sha256(slip).digest(), body_hash)


def _context(header_bytes: bytes, body_hash: bytes) -> bytes:
    return framed(_SLIP_TAG, hashlib.sha256(header_bytes).digest(), body_hash)


def _associated(sender: str) -> bytes:
    return framed(_BODY_TAG, sender.encode())
