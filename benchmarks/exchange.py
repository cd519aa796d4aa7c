"""Exchange: envelopes sent and received each second, one letter to many, a large file, and the wire between nodes.

Why: a node that has been away must catch up within minutes, and nobody waits for a letter to be sealed. Targets: 1,500
envelopes a second sent (posted, sealed) and as many received (opened, verified, kept, receipted), in batches of 100.
First the protocol alone, with its letters in memory; then over the store of a node, durable, with the ledger entry of
each letter, which takes no effect; then whole requests, opened by an officer and applied at the other node. Sender and
recipient take turns in one process, so each has one core for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from alidade.exchange.content import KINDS
from alidade.exchange.verdict import Dispatch
from alidade.services.exchange.frames import split_frames
from benchmarks import exchange_whole, exchange_wire, places
from benchmarks.exchange_ends import End, MemoryEnd, NodeEnd, letter, settle
from benchmarks.figures import Figure, Options, Result, at_least, plain
from benchmarks.timing import Sample, milliseconds, rate

_BATCH: Final = 100
_THREADS: Final = 25
_AIM: Final = 1_500
_MANY: Final = 27


def measure(options: Options) -> Result:
    """The protocol, the store, whole requests, a letter to many, a file, and the wire."""
    batches, requests, size = (3, 10, 2_000_000) if options.quick else (20, 50, 20_000_000)
    ends = [MemoryEnd(name) for name in ("aa-one", "bb-two")]
    for each, peer in (ends, ends[::-1]):
        each.meet([peer.raw], peer.fingerprint)
    figures = list(_envelopes("in memory", *ends, batches))
    many = [MemoryEnd(f"m{number:02}-other") for number in range(_MANY)]
    with places.passing() as folder:
        one, other = NodeEnd(folder, "nl-politie", "police", "NL"), NodeEnd(folder, "de-bka", "police", "DE")
        try:
            one.meet(other)
            other.meet(one)
            settle(one, other)
            figures += _envelopes("over the store", one, other, batches)
            settle(one, other)
            figures += exchange_whole.requests(one, other, requests)
            figures += _to_many(one, many, 3 if options.quick else 15)
            figures += exchange_whole.file(one, other, size)
        finally:
            one.node.close()
            other.node.close()
    figures += exchange_wire.measured(20 if options.quick else 200)
    return Result(figures=tuple(figures))


def _envelopes(name: str, one: End, other: End, batches: int) -> Iterator[Figure]:
    """Batches of letters there, and their receipts back."""
    posted, sealed, taken, signed, settled = (Sample() for _ in range(5))
    lengths: list[int] = []
    there, here = 0, 0  # statements of the last batch
    for batch in range(batches + 1):
        there, here = one.statements, other.statements
        portion = _send(one, other, batch, posted, sealed)
        lengths += [len(each.envelope) for each in portion]
        _receive(other, portion, taken)
        with signed.once(), other.turn() as turn:
            turn.exchange.acknowledge()
            receipts = turn.exchange.due(one.own)
        with settled.once(), one.turn() as turn:
            for each in receipts:
                turn.exchange.accept(each.envelope)
        _handed_over(other, one, receipts)
    there, here = one.statements - there, other.statements - here
    _drain(one, other)
    for sample in (posted, sealed, taken, signed, settled):
        del sample.wall[0], sample.cpu[0]  # the first batch warms
    yield from _rated(f"{name}: sent", _sum(posted, sealed), aim=True)
    yield from _rated(f"{name}: received", _sum(taken, signed), aim=True)
    for part, sample in (
        ("posted", posted), ("sealed", sealed), ("opened and kept", taken), ("receipts signed and sealed", signed),
        ("receipts taken by the sender", settled),
    ):  # fmt: skip
        yield from _rated(f"{name}, of it: {part}", sample)
    if there:
        yield plain(f"{name}: statements of SQL for a letter sent and its receipt", there / _BATCH, "")
        yield plain(f"{name}: statements of SQL for a letter received", here / _BATCH, "")
    yield plain(f"{name}: an envelope, median", sorted(lengths)[len(lengths) // 2], "bytes")
    yield plain(f"{name}: receipts of {_BATCH}", sum(len(each.envelope) for each in receipts), "bytes")


def _send(one: End, other: End, batch: int, posted: Sample, sealed: Sample) -> tuple[Dispatch, ...]:
    with posted.once(), one.turn() as turn:
        for number in range(_BATCH):
            thread = f"{number % _THREADS:032x}"
            turn.exchange.post([other.own], letter(turn, one.own, thread, f"{batch}-{number}"), thread=thread)
    with sealed.once(), one.turn() as turn:
        portion = turn.exchange.due(other.own)
    if len(portion) < _BATCH:
        raise AssertionError(f"only {len(portion)} envelopes were due")
    _handed_over(one, other, portion)
    return portion


def _handed_over(one: End, other: End, portion: tuple[Dispatch, ...]) -> None:
    with one.turn() as turn:
        notes = [each.message_id for each in portion if not KINDS[each.kind].acknowledged]
        turn.exchange.handed_over(other.own, notes)


def _receive(other: End, portion: tuple[Dispatch, ...], taken: Sample) -> None:
    with taken.once(), other.turn() as turn:
        for each in portion:
            verdict = turn.exchange.accept(each.envelope)
            if verdict.ruling != "accepted":
                raise AssertionError(f"an envelope was {verdict.ruling}: {verdict.reason}")
            turn.note(verdict)


def _drain(one: End, other: End) -> None:
    """What is left on either side goes over as well: notes of the exchange itself take places in a portion."""
    left = True
    while left:
        left = False
        for sender, recipient in ((one, other), (other, one)):
            with sender.turn() as turn:
                portion = turn.exchange.due(recipient.own)
            _handed_over(sender, recipient, portion)
            _receive(recipient, portion, Sample())
            with recipient.turn() as turn:
                turn.exchange.acknowledge()
            left = left or bool(portion)


def _to_many(one: NodeEnd, many: list[MemoryEnd], times: int) -> Iterator[Figure]:
    """One letter to 27: posted in one transaction, its body encrypted and kept once; sealed for each."""
    for each in many:
        one.know(each)
    for each in many:
        each.meet(split_frames(one.manifest.read_bytes()), one.fingerprint)
    posted, sealed = Sample(), Sample()
    for number in range(times):
        with posted.once(), one.turn() as turn:
            content = letter(turn, one.own, "m" * 32, f"many-{number}")
            turn.exchange.post([each.own for each in many], content, thread="m" * 32)
        with sealed.once(), one.turn() as turn:
            portions = [turn.exchange.due(each.own) for each in many]
        if [len(portion) for portion in portions] != [1] * len(many):
            raise AssertionError("not every recipient was sent one envelope")
        for each, portion in zip(many, portions, strict=True):
            _receive(each, portion, Sample())
            with each.turn() as turn:
                turn.exchange.acknowledge()
            _drain(each, one)
    wall, cpu = milliseconds(posted.of(0.5))
    yield plain(f"one letter to {_MANY}: posted, median", wall, "ms", cpu=cpu)
    wall, cpu = milliseconds(sealed.of(0.5))
    yield plain(f"one letter to {_MANY}: sealed, median", wall, "ms", cpu=cpu)
    yield plain(f"one letter to {_MANY}", sum(len(each.envelope) for part in portions for each in part), "bytes")


def _sum(one: Sample, other: Sample) -> Sample:
    return Sample(
        [a + b for a, b in zip(one.wall, other.wall, strict=True)],
        [a + b for a, b in zip(one.cpu, other.cpu, strict=True)],
    )


def _rated(name: str, sample: Sample, *, aim: bool = False) -> Iterator[Figure]:
    """The rate of the median batch."""
    wall, cpu = rate(_BATCH, sample.of(0.5))
    if aim:
        yield at_least(name, wall, "envelopes/s", _AIM, cpu=cpu)
    else:
        yield plain(name, wall, "envelopes/s", cpu=cpu)
