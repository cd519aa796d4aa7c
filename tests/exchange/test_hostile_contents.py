"""A known peer signs and seals nonsense: whatever is inside, there is a ruling and never an exception."""

from __future__ import annotations

import hashlib
from random import Random

import msgspec
import pytest
from exchange_cast import START, Scene, envelope_of

from alidade.exchange.attachment import chunks
from alidade.exchange.content import (
    KINDS,
    ChunkRequest,
    Content,
    CosignatureWord,
    ErasureAnswer,
    GapRequest,
    HeadNote,
    HeadRequest,
    HeadWord,
    ManifestRequest,
    ManifestWord,
    NoChange,
    Proof,
    Receipts,
    encode,
    kind_of,
)
from alidade.exchange.layout import moment_text
from alidade.exchange.receipt import sign_receipt
from alidade.exchange.rows import Promise

STAMP = moment_text(START)


def contents(scene: Scene) -> list[tuple[Content, bytes]]:
    """One good content of many kinds, from nl to de, with a promise of nl that is open at de."""
    nl, de = scene["nl"], scene["de"]
    for n in range(9):
        nl.log.write(f"line {n}")
    head = nl.log.seal()
    de.log.write("line")
    own = de.log.seal()
    note = HeadNote(
        origin=head.origin, size=head.size, root=head.root, at=moment_text(head.at), signature=head.signature,
        key_id=head.key_id, from_size=0, consistency=(),
        proofs=(Proof(index=4, leaf=nl.log.leaves[4], path=tuple(nl.log.inclusion(4, 9))),),
    )  # fmt: skip
    promise = Promise(
        direction="got", peer=nl.id, message_id="0" * 32, origin=head.origin, index=4, leaf=nl.log.leaves[4], at=START
    )
    de.store.put_promise(promise)
    raw = de.send(nl, de.step("d1"))
    row = nl.store.inbox(de.id, nl.take(raw).message_id)
    assert row is not None
    receipt = sign_receipt(row, own=nl.id, at=START, origin="", signer=nl.signing)
    chunk, blob = next(chunks(b"a file"))
    word = CosignatureWord(
        origin=own.origin, size=own.size, root=own.root, head_at=moment_text(own.at), head_key_id=own.key_id,
        at=STAMP, key_id="nl-sign-1", signature=bytes(64), proven=(0,),
    )  # fmt: skip
    notes: list[Content] = [
        HeadWord(head=note),
        msgspec.structs.replace(nl.step("s1"), head=note),
        word,
        HeadRequest(origin=own.origin, size=1),
        Receipts(receipts=(receipt,)),
        ManifestWord(manifests=(nl.manifest().raw,)),
        ManifestRequest(known=0),
        NoChange(number=1, digest=nl.manifests[0].digest),
        GapRequest(thread="t1", first=1, last=3),
        ChunkRequest(attachment="0" * 64, missing=(0, 1)),
        ErasureAnswer(order="de/e1", answer="done", because=""),
    ]
    return [(msgspec.structs.replace(each, sent_at=STAMP), b"") for each in notes] + [
        (msgspec.structs.replace(chunk, sent_at=STAMP), blob)
    ]


@pytest.mark.parametrize("which", range(12))
def test_altered_contents_get_a_ruling(which: int) -> None:
    scene = Scene("nl", "de")
    nl, de = scene["nl"], scene["de"]
    content, blob = contents(scene)[which]
    good, kind, chance = encode(content, blob), kind_of(content), Random(which)
    before = de.store.copy()
    for _ in range(40):
        raw = bytearray(good)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(raw))
            if chance.random() < 0.7:  # digits and letters: what is likely to be read
                raw[at] = chance.choice(b"0123456789abcdefNZ=/+")
            else:
                raw[at] ^= 1 << chance.randrange(8)
        sequence = 1 if KINDS[kind].ordered else 0
        verdict = de.exchange.accept(envelope_of(nl, de, bytes(raw), kind=kind, sequence=sequence))
        assert verdict.ruling in ("accepted", "parked", "refused")
        de.store.restore(before)
    assert de.exchange.accept(envelope_of(nl, de, good, kind=kind, sequence=sequence)).ruling != "duplicate"


def test_random_bytes_inside_get_a_ruling() -> None:
    scene = Scene("nl", "de")
    nl, de = scene["nl"], scene["de"]
    for n, kind in enumerate([*KINDS, "telepathy"]):
        noise = hashlib.sha256(kind.encode()).digest() * 9
        ordered = kind not in KINDS or KINDS[kind].ordered
        verdict = de.take(envelope_of(nl, de, noise, kind=kind, thread=f"t{n}", sequence=int(ordered)))
        assert verdict.ruling in ("parked", "refused")
