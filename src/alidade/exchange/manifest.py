"""The key manifest: the numbered, dated, signed paper in which an authority says which keys are its own.

Signed by the offline root and by the signing key of the manifest before it, so that neither alone can replace keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from alidade.exchange.content import AuthorityText, Hash, Hex32, KeyIdText, MomentText, Size
from alidade.exchange.layout import Reader, block, read_canonical, read_moment
from alidade.exchange.limits import PROTOCOL
from alidade.exchange.reasons import Refused
from alidade.exchange.suites import SUITES, Suite
from alidade.ledger.head import framed, verify_signature
from alidade.model.canonical import canonical_bytes
from alidade.model.ports import Signer

VERSION: Final = 1
MAGIC: Final = b"ALIDMAN"
SIGNATURE_BYTES: Final = 64

_ROOT_TAG: Final = b"alidade/manifest-root/v1"
_PREVIOUS_TAG: Final = b"alidade/manifest-previous/v1"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class SigningEntry(_Part, frozen=True, kw_only=True):
    """A public signing key (Ed25519, 32 bytes) and its name, which is never given to another key."""

    id: KeyIdText
    key: Hash


class SealingEntry(_Part, frozen=True, kw_only=True):
    """A public key to seal to, for one suite, and until when it may be used."""

    id: KeyIdText
    suite: Annotated[int, Meta(ge=1, le=65535)]
    key: Annotated[bytes, Meta(min_length=32, max_length=4096)]
    not_after: MomentText


class LedgerEntry(_Part, frozen=True, kw_only=True):
    """The log of the node on which the authority lives: its name and the keys that sign its seals."""

    origin: Annotated[str, Meta(min_length=1, max_length=200)]
    keys: Annotated[tuple[SigningEntry, ...], Meta(min_length=1, max_length=8)]


class Distrust(_Part, frozen=True, kw_only=True):
    """A signing key that was lost to somebody: nothing it signed counts unless our log had it before this size."""

    key_id: KeyIdText
    from_size: Size


class Manifest(_Part, frozen=True, kw_only=True):
    """What one manifest says. `previous`: SHA-256 of the file of the manifest before, "" in the first.

    `signed_by`: name of the signing key of the manifest before, "" in the first. `tls`: SHA-256 of the certificates
    with which the node answers and asks; `certificates`: these themselves (DER), since TLS
    libraries trust no hash. `addresses`: where it can be reached.
    """

    version: int
    authority: AuthorityText
    number: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    dated: MomentText
    valid_until: MomentText
    root: Hash
    previous: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
    signed_by: Annotated[str, Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9._:-]{0,63})?\Z")]
    signing: SigningEntry
    sealing: Annotated[tuple[SealingEntry, ...], Meta(min_length=1, max_length=8)]
    addresses: Annotated[tuple[Annotated[str, Meta(pattern=r"^[!-~]{1,200}\Z")], ...], Meta(max_length=8)]
    tls: Annotated[tuple[Hex32, ...], Meta(max_length=8)]
    certificates: Annotated[tuple[Annotated[bytes, Meta(min_length=64, max_length=2048)], ...], Meta(max_length=4)] = ()
    ledger: LedgerEntry
    distrust: Annotated[tuple[Distrust, ...], Meta(max_length=32)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedManifest:
    """A manifest as read from its file, with the very bytes that were signed. Nothing is verified yet."""

    manifest: Manifest
    text: bytes
    root_signature: bytes
    previous_signature: bytes  # empty in the first
    raw: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the file, 64 hex digits."""
        return hashlib.sha256(self.raw).hexdigest()


_DECODER: Final = msgspec.json.Decoder(Manifest)


def fingerprint(root: bytes) -> str:
    """What two people compare by voice before they trust a root key: eight groups of four hex digits."""
    text = hashlib.sha256(b"alidade/root-fingerprint/v1" + root).hexdigest()[:32]
    return " ".join(text[at : at + 4] for at in range(0, 32, 4))


def parse(raw: bytes, suites: Mapping[int, Suite] = SUITES) -> SignedManifest:
    """Read a manifest file; Refused on anything that is not exactly one manifest. No signature is checked."""
    if len(raw) > PROTOCOL.manifest_bytes:
        raise Refused("oversize")
    reader = Reader(raw)
    if reader.take(len(MAGIC)) != MAGIC:
        raise Refused("not_ours")
    if reader.take(1)[0] != VERSION:
        raise Refused("unknown_version")
    text = reader.block(PROTOCOL.manifest_bytes)
    root_signature = reader.take(SIGNATURE_BYTES)
    previous_signature = reader.block(SIGNATURE_BYTES)
    reader.end()
    manifest = read_canonical(_DECODER, text, "manifest")
    if manifest.version != VERSION:
        raise Refused("unknown_version")
    _check(manifest, previous_signature, suites)
    return SignedManifest(
        manifest=manifest, text=text, root_signature=root_signature, previous_signature=previous_signature, raw=raw
    )


def _check(manifest: Manifest, previous_signature: bytes, suites: Mapping[int, Suite]) -> None:
    for text in (manifest.dated, manifest.valid_until, *(key.not_after for key in manifest.sealing)):
        read_moment(text, "manifest")
    first = manifest.number == 1
    if (manifest.previous == "") is not first or (manifest.signed_by == "") is not first:
        raise Refused("bad_field", "previous")
    if len(previous_signature) != (0 if first else SIGNATURE_BYTES):
        raise Refused("bad_length", "previous signature")
    known: dict[str, bytes] = {}
    for name, key in _named_keys(manifest):
        if known.setdefault(name, key) != key:
            raise Refused("key_rebound")
    for entry in manifest.sealing:
        suite = suites.get(entry.suite)  # a suite that is not known here is passed over: another peer may use it
        if suite is not None:
            suite.load_public(entry.key)


def sign(manifest: Manifest, *, root: Signer, previous: Signer | None = None) -> SignedManifest:
    """Sign a manifest with the root key, and from the second on with the signing key of the one before.

    Refused when the result would not be taken by `parse`.
    """
    text = canonical_bytes(manifest)
    root_signature = root.sign(framed(_ROOT_TAG, text))
    previous_signature = b"" if previous is None else previous.sign(framed(_PREVIOUS_TAG, text))
    return parse(MAGIC + bytes([VERSION]) + block(text) + root_signature + block(previous_signature))


def check_root(signed: SignedManifest, root: bytes) -> None:
    """The pinned root key must be named and must have signed; Refused "wrong_root" or "root_unsigned"."""
    if signed.manifest.root != root:
        raise Refused("wrong_root")
    if not verify_signature(signed.root_signature, framed(_ROOT_TAG, signed.text), root):
        raise Refused("root_unsigned")


def check_next(signed: SignedManifest, before: SignedManifest) -> None:
    """The manifest must follow the one before: number, hash, and the signatures of root and signing key.

    Refused: "wrong_authority", "number_back", "manifest_conflict", "number_gap", "wrong_root", "root_unsigned",
    "previous_unsigned".
    """
    new, old = signed.manifest, before.manifest
    if new.authority != old.authority:
        raise Refused("wrong_authority")
    if new.number < old.number:
        raise Refused("number_back")
    check_root(signed, old.root)
    if new.number == old.number:
        raise Refused("manifest_conflict")
    if new.number > old.number + 1:
        raise Refused("number_gap")
    if new.previous != before.digest or new.signed_by != old.signing.id:
        raise Refused("previous_unsigned")
    if not verify_signature(signed.previous_signature, framed(_PREVIOUS_TAG, signed.text), old.signing.key):
        raise Refused("previous_unsigned")


def bindings(manifest: Manifest) -> dict[str, bytes]:
    """Every key name in a manifest with its key."""
    return dict(_named_keys(manifest))


def _named_keys(manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    yield manifest.signing.id, manifest.signing.key
    yield from ((entry.id, entry.key) for entry in manifest.ledger.keys)
    yield from ((entry.id, entry.key) for entry in manifest.sealing)
