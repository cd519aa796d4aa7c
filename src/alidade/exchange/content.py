"""What is inside an envelope: contributions, steps, releases, erasures, and the exchange's own small notes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from alidade.exchange.layout import (
    AUTHORITY,
    HEX16,
    HEX32,
    ITEM_ID,
    KEY_ID,
    LARGEST,
    MOMENT,
    THREAD,
    Reader,
    block,
    read_canonical,
    read_moment,
)
from alidade.exchange.limits import PROTOCOL
from alidade.exchange.reasons import Refused
from alidade.ledger.head import framed, verify_signature
from alidade.model.canonical import canonical_bytes
from alidade.model.ports import Signer

AuthorityText: TypeAlias = Annotated[str, Meta(pattern=AUTHORITY)]
KeyIdText: TypeAlias = Annotated[str, Meta(pattern=KEY_ID)]
ThreadText: TypeAlias = Annotated[str, Meta(pattern=THREAD)]
Hex16: TypeAlias = Annotated[str, Meta(pattern=HEX16)]
Hex32: TypeAlias = Annotated[str, Meta(pattern=HEX32)]
MomentText: TypeAlias = Annotated[str, Meta(pattern=MOMENT)]
Signature: TypeAlias = Annotated[bytes, Meta(min_length=64, max_length=64)]
Hash: TypeAlias = Annotated[bytes, Meta(min_length=32, max_length=32)]
Size: TypeAlias = Annotated[int, Meta(ge=0, le=LARGEST)]
Words: TypeAlias = Annotated[str, Meta(max_length=2000)]

_ITEM_TAG: Final = b"alidade/item/v1"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Item(_Part, frozen=True, kw_only=True):
    """One thing with its owner's own signature: it stays provable wherever it lawfully goes.

    `body` is opaque here; `id` names the item among those of its owner. The signature covers kind, id, owner, key
    name and body: see `sign_item`.
    """

    id: Annotated[str, Meta(pattern=ITEM_ID)]
    owner: AuthorityText
    key_id: KeyIdText
    signature: Signature
    body: bytes

    @property
    def name(self) -> str:
        """The item's name anywhere: "owner/id"."""
        return f"{self.owner}/{self.id}"


def sign_item(*, kind: str, id: str, owner: str, body: bytes, signer: Signer) -> Item:
    """Sign something as its owner, so that every later holder can check who said it (Ed25519)."""
    signature = signer.sign(_item_bytes(kind, id, owner, signer.key_id, body))
    return Item(id=id, owner=owner, key_id=signer.key_id, signature=signature, body=body)


def verify_item(kind: str, item: Item, public_key: bytes) -> bool:
    """Whether the holder of this key (32 bytes) signed exactly this item as this kind."""
    return verify_signature(item.signature, item_bytes(kind, item), public_key)


def item_bytes(kind: str, item: Item) -> bytes:
    """The bytes that an item's signature covers."""
    return _item_bytes(kind, item.id, item.owner, item.key_id, item.body)


def _item_bytes(kind: str, id: str, owner: str, key_id: str, body: bytes) -> bytes:
    return framed(_ITEM_TAG, kind.encode(), id.encode(), owner.encode(), key_id.encode(), body)


class Proof(_Part, frozen=True, kw_only=True):
    """The proof that a promised line is in the log under the seal that it comes with."""

    index: Size
    leaf: Hash
    path: Annotated[tuple[Hash, ...], Meta(max_length=64)]


class HeadNote(_Part, frozen=True, kw_only=True):
    """A seal of the sender's log with the proof that it grew from what the reader knew, and promised lines."""

    origin: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Size
    root: Hash
    at: MomentText
    signature: Signature
    key_id: KeyIdText
    from_size: Size
    consistency: Annotated[tuple[Hash, ...], Meta(max_length=128)]
    proofs: Annotated[tuple[Proof, ...], Meta(max_length=PROTOCOL.proofs_per_head)]


class Receipt(_Part, frozen=True, kw_only=True):
    """The recipient's signed word that an envelope is committed in its store. Kept by the sender as evidence.

    `digest`: SHA-256 of the whole envelope. `disposition`: accepted (applied, or in its place in the order), or
    parked with `reason`. `entry_index` and `entry_leaf`: the line of the recipient's log, -1 and "" when none.
    """

    version: Literal[1] = 1
    sender: AuthorityText
    recipient: AuthorityText
    message_id: Hex16
    digest: Hex32
    disposition: Literal["accepted", "parked"]
    reason: Annotated[str, Meta(max_length=40)]
    at: MomentText
    origin: Annotated[str, Meta(max_length=200)]
    entry_index: Annotated[int, Meta(ge=-1, le=LARGEST)]
    entry_leaf: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]
    key_id: KeyIdText
    signature: Signature


class ErasureOrder(_Part, frozen=True, kw_only=True):
    """What an owner wants erased, and why: the body of an item of kind erasure (canonical JSON).

    `targets`: ids of own items. `ground`: a code of `erasure_reasons`. `at`: when it was decided.
    """

    version: Literal[1] = 1
    targets: Annotated[
        tuple[Annotated[str, Meta(pattern=ITEM_ID)], ...], Meta(min_length=1, max_length=PROTOCOL.erasure_targets)
    ]
    ground: Annotated[str, Meta(min_length=1, max_length=64)]
    at: MomentText


class _Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    sent_at: MomentText = ""  # set when posted
    head: HeadNote | None = None


class _Items(_Content, frozen=True, kw_only=True):
    items: Annotated[tuple[Item, ...], Meta(min_length=1, max_length=PROTOCOL.items_per_content)]


class Step(_Items, tag="step", frozen=True, kw_only=True):
    """Steps of a thread, each signed by its author, who is the sender. In order."""


class Contribution(_Items, tag="contribution", frozen=True, kw_only=True):
    """Contributions or parts of them, each signed by its owner. In order."""


class Release(_Items, tag="release", frozen=True, kw_only=True):
    """Releases: only the owner of a handling widens it, so the owner's signature counts. In order."""


class Directory(_Items, tag="directory", frozen=True, kw_only=True):
    """Entries of the directory of authorities, signed by whom they describe or who keeps them. In order."""


class Erasure(_Items, tag="erasure", frozen=True, kw_only=True):
    """Orders to erase or correct; outside any order, since they must not wait behind anything."""


class ErasureAnswer(_Content, tag="erasure_answer", frozen=True, kw_only=True):
    """Done, or kept because: what became of an order to erase ("owner/id" of its item)."""

    order: Annotated[str, Meta(min_length=1, max_length=260)]
    answer: Literal["done", "kept"]
    because: Words


class Void(_Content, tag="void", frozen=True, kw_only=True):
    """Takes the place of a message that is never sent again, so that the thread goes on. In order."""

    reason: Literal["erased", "withdrawn"]


class Chunk(_Content, tag="chunk", frozen=True, kw_only=True):
    """One piece of an attachment; the bytes follow the JSON. `attachment`: SHA-256 of the whole file."""

    attachment: Hex32
    index: Annotated[int, Meta(ge=0, le=65535)]
    count: Annotated[int, Meta(ge=1, le=65536)]
    size: Annotated[int, Meta(ge=1, le=PROTOCOL.attachment_bytes)]
    sha256: Hex32


class ChunkRequest(_Content, tag="chunk_request", frozen=True, kw_only=True):
    """Which pieces of an attachment are still missing."""

    attachment: Hex32
    missing: Annotated[tuple[Annotated[int, Meta(ge=0, le=65535)], ...], Meta(min_length=1, max_length=4096)]


class Receipts(_Content, tag="receipt", frozen=True, kw_only=True):
    """Signed receipts for messages of the reader."""

    receipts: Annotated[tuple[Receipt, ...], Meta(min_length=1, max_length=PROTOCOL.receipts_per_content)]


class HeadWord(_Content, tag="head", frozen=True, kw_only=True):
    """Nothing but a seal of the sender's log: the heartbeat between messages."""


class HeadRequest(_Content, tag="head_request", frozen=True, kw_only=True):
    """The proof did not lead from what I know of your log: I know this size."""

    origin: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Size


class CosignatureWord(_Content, tag="cosignature", frozen=True, kw_only=True):
    """The countersignature under a seal of the reader's log (C2SP tlog-witness).

    `proven`: indices of the promised lines whose proofs came with the seal and held.
    """

    origin: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Size
    root: Hash
    head_at: MomentText
    head_key_id: KeyIdText
    at: MomentText
    key_id: KeyIdText
    signature: Signature
    proven: Annotated[tuple[Size, ...], Meta(max_length=PROTOCOL.proofs_per_head)]


class ManifestWord(_Content, tag="manifest", frozen=True, kw_only=True):
    """Key manifests of the sender, in order of their numbers, as files byte by byte."""

    manifests: Annotated[tuple[bytes, ...], Meta(min_length=1, max_length=16)]


class ManifestRequest(_Content, tag="manifest_request", frozen=True, kw_only=True):
    """I know your keys only up to this number: send what comes after."""

    known: Size


class NoChange(_Content, tag="no_change", frozen=True, kw_only=True):
    """My newest manifest is still this one (number, SHA-256)."""

    number: Annotated[int, Meta(ge=1, le=LARGEST)]
    digest: Hex32


class GapRequest(_Content, tag="gap_request", frozen=True, kw_only=True):
    """I miss these messages of a thread, both ends included."""

    thread: ThreadText
    first: Annotated[int, Meta(ge=1, le=LARGEST)]
    last: Annotated[int, Meta(ge=1, le=LARGEST)]


Content: TypeAlias = (
    Step
    | Contribution
    | Release
    | Directory
    | Erasure
    | ErasureAnswer
    | Void
    | Chunk
    | ChunkRequest
    | Receipts
    | HeadWord
    | HeadRequest
    | CosignatureWord
    | ManifestWord
    | ManifestRequest
    | NoChange
    | GapRequest
)
WithItems: TypeAlias = Step | Contribution | Release | Directory | Erasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """How a kind travels: `ordered` in its thread, `acknowledged` by receipt, `control` (goes even to a stale peer).

    `own`: its items must be the sender's own. `priority`: lower goes first.
    """

    ordered: bool
    acknowledged: bool
    control: bool
    own: bool
    priority: int


_BUSINESS: Final = Carriage(ordered=True, acknowledged=True, control=False, own=False, priority=5)
_APART: Final = Carriage(ordered=False, acknowledged=True, control=False, own=False, priority=2)
_CONTROL: Final = Carriage(ordered=False, acknowledged=False, control=True, own=False, priority=1)
_KEYS: Final = Carriage(ordered=False, acknowledged=False, control=True, own=False, priority=0)

KINDS: Final[dict[str, Carriage]] = {
    "step": Carriage(ordered=True, acknowledged=True, control=False, own=True, priority=4),
    "contribution": _BUSINESS,
    "release": _BUSINESS,
    "directory": _BUSINESS,
    "void": Carriage(ordered=True, acknowledged=True, control=False, own=False, priority=4),
    "erasure": _APART,
    "erasure_answer": _APART,
    "chunk": Carriage(ordered=False, acknowledged=True, control=False, own=False, priority=8),
    "chunk_request": _CONTROL,
    "receipt": _CONTROL,
    "head": _CONTROL,
    "head_request": _CONTROL,
    "cosignature": _CONTROL,
    "gap_request": _CONTROL,
    "manifest": Carriage(ordered=False, acknowledged=True, control=True, own=False, priority=0),
    "manifest_request": _KEYS,
    "no_change": _KEYS,
}

_DECODER: Final = msgspec.json.Decoder(Content)
_ORDER: Final = msgspec.json.Decoder(ErasureOrder)


def kind_of(content: Content) -> str:
    """The kind of a content, as it stands in its JSON."""
    return str(content.__struct_config__.tag)


def encode(content: Content, blob: bytes = b"") -> bytes:
    """The bytes that are padded and sealed: length and canonical JSON, then the piece of a file, if any."""
    return block(canonical_bytes(content)) + blob


def decode(raw: bytes) -> tuple[Content, bytes]:
    """Read back what `encode` wrote; Refused on anything that it would not have written."""
    reader = Reader(raw)
    text = reader.block(PROTOCOL.body_bytes)
    try:
        content: Content = _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Refused(_why(text), "content") from None
    if canonical_bytes(content) != text:
        raise Refused("not_canonical", "content")
    blob = reader.rest()
    read_moment(content.sent_at, "sent_at")
    if content.head is not None:
        read_moment(content.head.at, "head")
    _check(content, blob)
    return content, blob


class _KindOnly(msgspec.Struct, frozen=True):
    kind: str


def _why(text: bytes) -> Literal["unknown_kind", "bad_field"]:
    try:
        kind = msgspec.json.decode(text, type=_KindOnly).kind
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return "bad_field"
    return "bad_field" if kind in KINDS else "unknown_kind"


def _check(content: Content, blob: bytes) -> None:
    if isinstance(content, Chunk):
        check_chunk(content, blob)
    elif blob:
        raise Refused("trailing", "content")
    if isinstance(content, GapRequest) and content.last < content.first:
        raise Refused("bad_field", "last")
    if isinstance(content, _Items) and len({item.name for item in content.items}) != len(content.items):
        raise Refused("bad_field", "items")
    if isinstance(content, Erasure):
        for item in content.items:
            read_order(item)


def check_chunk(chunk: Chunk, blob: bytes) -> None:
    """A piece must have exactly the place, the size and the hash that it claims; Refused "bad_chunk"."""
    most = PROTOCOL.chunk_bytes
    right = min(most, chunk.size - chunk.index * most)
    if chunk.count != -(-chunk.size // most) or chunk.index >= chunk.count or len(blob) != right:
        raise Refused("bad_chunk", "size")
    if hashlib.sha256(blob).hexdigest() != chunk.sha256:
        raise Refused("bad_chunk", "sha256")


def read_order(item: Item) -> ErasureOrder:
    """The order to erase that an item carries; Refused when it is none."""
    order = read_canonical(_ORDER, item.body, "erasure")
    read_moment(order.at, "erasure")
    return order


def items_of(content: Content) -> tuple[str, ...]:
    """The names ("owner/id") of what is inside, empty for the exchange's own notes."""
    return tuple(item.name for item in content.items) if isinstance(content, _Items) else ()
