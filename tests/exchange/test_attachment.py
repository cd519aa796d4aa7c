"""Files in pieces: cut, sealed, carried, asked for, joined."""

from __future__ import annotations

import hashlib

import pytest
from exchange_cast import Dice, Scene

from alidade.exchange.attachment import Pieces, chunks, cut
from alidade.exchange.content import Chunk
from alidade.exchange.limits import PROTOCOL
from alidade.exchange.reasons import Refused
from alidade.model.errors import Invalid

FILE = Dice("file").token_bytes(64) * 40_000  # 2,560,000 bytes: three pieces


def test_a_file_travels_in_pieces_and_only_what_is_missing_is_sent_again(scene: Scene) -> None:
    nl, de, fr = scene["nl"], scene["de"], scene["fr"]
    pieces, have = cut(FILE), dict[int, bytes]()
    for chunk, blob in chunks(FILE):
        nl.exchange.post([de.id, fr.id], chunk, blob=blob)
    for dispatch in nl.exchange.due(de.id)[:1]:
        delivery = de.take(dispatch.envelope).apply[0]
        assert isinstance(delivery.content, Chunk)
        assert pieces.fits(delivery.content)
        have[delivery.content.index] = delivery.blob
    request = pieces.request(have)
    assert request is not None
    assert len(request.missing) == 2
    for chunk, blob in chunks(FILE, wanted=request.missing):
        delivery = de.take(nl.send(de, chunk, thread="", blob=blob)).apply[0]
        assert isinstance(delivery.content, Chunk)
        have[delivery.content.index] = delivery.blob
    assert pieces.request(have) is None
    assert pieces.joined(have) == FILE


def test_every_envelope_of_a_piece_is_within_the_cap(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    chunk, blob = next(chunks(FILE))
    assert len(blob) == PROTOCOL.chunk_bytes
    assert len(nl.send(de, chunk, thread="", blob=blob)) < 2**20 + 2**16


def test_pieces_that_do_not_make_the_file_are_refused() -> None:
    pieces = Pieces(sha256=hashlib.sha256(b"abc").hexdigest(), size=3)
    assert pieces.count == 1
    assert pieces.length(0) == 3
    with pytest.raises(Refused, match="missing"):
        pieces.joined({})
    with pytest.raises(Refused, match="sha256"):
        pieces.joined({0: b"abd"})
    assert pieces.joined({0: b"abc"}) == b"abc"


@pytest.mark.parametrize("content", [b"", bytes(PROTOCOL.attachment_bytes + 1)])
def test_an_empty_or_too_large_file_is_not_cut(content: bytes) -> None:
    with pytest.raises(Invalid):
        cut(content)
