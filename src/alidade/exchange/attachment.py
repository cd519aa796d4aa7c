"""Files in pieces: each piece is sealed by itself, so that a cut line costs one piece and not the file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from alidade.exchange.content import Chunk, ChunkRequest
from alidade.exchange.limits import PROTOCOL
from alidade.exchange.reasons import Refused
from alidade.model.errors import Invalid

_ASKED_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """How a file is cut: its hash (SHA-256, hex) and size in bytes say everything."""

    sha256: str
    size: int

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return -(-self.size // PROTOCOL.chunk_bytes)

    def length(self, index: int) -> int:
        """How many bytes the piece at `index` (from 0) has."""
        return min(PROTOCOL.chunk_bytes, self.size - index * PROTOCOL.chunk_bytes)

    def missing(self, present: Collection[int]) -> tuple[int, ...]:
        """Which pieces are still to come."""
        return tuple(index for index in range(self.count) if index not in present)

    def request(self, present: Collection[int]) -> ChunkRequest | None:
        """The content that asks for what is still missing; nothing when the file is whole."""
        missing = self.missing(present)[:_ASKED_AT_ONCE]
        return ChunkRequest(attachment=self.sha256, missing=missing) if missing else None

    def fits(self, chunk: Chunk) -> bool:
        """Whether a piece belongs to this file; that its bytes are right was checked when it was read."""
        return (chunk.attachment, chunk.size) == (self.sha256, self.size)

    def joined(self, pieces: Mapping[int, bytes]) -> bytes:
        """The whole file from its pieces; Refused "bad_chunk" when a piece is missing or the hash is another."""
        if self.missing(pieces):
            raise Refused("bad_chunk", "missing")
        content = b"".join(pieces[index] for index in range(self.count))
        if len(content) != self.size or hashlib.sha256(content).hexdigest() != self.sha256:
            raise Refused("bad_chunk", "sha256")
        return content


def cut(content: bytes) -> Pieces:
    """How this file is cut; Invalid when it is empty or larger than permitted."""
    if not 0 < len(content) <= PROTOCOL.attachment_bytes:
        raise Invalid(
            f"A file to send has between 1 byte and {PROTOCOL.attachment_bytes} bytes.", remedy="Split the file."
        )
    return Pieces(sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def chunks(content: bytes, wanted: Collection[int] | None = None) -> Iterator[tuple[Chunk, bytes]]:
    """The pieces of a file, or those of them that are wanted, each ready for `Exchange.post(..., blob=...)`."""
    pieces = cut(content)
    for index in range(pieces.count):
        if wanted is None or index in wanted:
            start = index * PROTOCOL.chunk_bytes
            blob = content[start : start + PROTOCOL.chunk_bytes]
            yield piece(pieces, index, blob), blob


def piece(pieces: Pieces, index: int, blob: bytes) -> Chunk:
    """The content that goes with the bytes of one piece."""
    return Chunk(
        attachment=pieces.sha256,
        index=index,
        count=pieces.count,
        size=pieces.size,
        sha256=hashlib.sha256(blob).hexdigest(),
    )
