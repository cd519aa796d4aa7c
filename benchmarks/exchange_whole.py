"""Whole requests between two nodes, and a large file: from the officer who sends to the officer who reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from random import Random

from alidade.services.exchange.receiving import receive
from alidade.services.exchange.sending import collect, hand_over
from alidade.services.threads.attachments import (
    add_piece,
    begin_attachment,
    check_arrivals,
    finish_attachment,
    read_attachment,
)
from alidade.services.threads.opening import open_thread
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import StepOrder
from benchmarks.exchange_ends import NodeEnd, settle
from benchmarks.figures import Figure, plain
from benchmarks.requests import request
from benchmarks.timing import Sample, milliseconds, rate


def requests(one: NodeEnd, other: NodeEnd, count: int) -> Iterator[Figure]:
    """Requests as officers open them, carried and applied: threads, clocks, lists, and the receipt of the node."""
    opened, sent, applied = Sample(), Sample(), Sample()
    for number in range(count):
        with opened.once():
            _open(one, other, number)
    with sent.once():
        portion = collect(one.node, one.own, other.own)
        hand_over(one.node, one.own, other.own, portion)
    with applied.once():
        done = receive(other.node, [each.envelope for each in portion])
    if done.rulings["accepted"] < count:
        raise AssertionError(f"requests were not taken: {dict(done.rulings)}, {dict(done.refused)}")
    settle(one, other)
    wall, cpu = milliseconds(opened.of(0.5))
    yield plain("whole request: opened and posted, median", wall, "ms", cpu=cpu)
    wall, cpu = rate(len(portion), sent.of(0.5))
    yield plain("whole requests: sealed", wall, "envelopes/s", cpu=cpu)
    wall, cpu = rate(len(portion), applied.of(0.5))
    yield plain("whole requests: received and applied", wall, "requests/s", cpu=cpu)


def file(one: NodeEnd, other: NodeEnd, size: int) -> Iterator[Figure]:
    """A photograph, from the officer who attaches it to the officer who saves it, through everything between."""
    content = bytes.fromhex("ffd8ff") + Random(size).randbytes(size - 3)
    thread = _open(one, other, 0)
    settle(one, other)
    given, posted, carried, checked, read = (Sample() for _ in range(5))
    with given.once():
        attached = _upload(one, content)
    with posted.once():
        take_step(one.node, one.actor(), thread, StepOrder(code="message", note="See it.", attachments=(attached,)))
    with carried.once():
        pieces = settle(one, other)
    with checked.once():
        check_arrivals(other.node)
    seen = read_thread(other.node, other.actor(), thread)
    here = [each.reference for step in seen.steps for each in step.attachments]
    with read.once():
        found = b"".join(read_attachment(other.node, other.actor(), thread, here[0]).pieces)
    if found != content:
        raise AssertionError("another file came out")
    settle(one, other)
    name = f"file of {size // 1_000_000} MB"
    for part, sample in (
        ("uploaded and checked", given), ("cut, encrypted, posted", posted),
        ("sealed, sent, received, kept", carried), ("joined and checked", checked), ("read by the recipient", read),
    ):  # fmt: skip
        yield plain(f"{name}: {part}", sample.wall[0], "s", cpu=sample.cpu[0])
    whole = sum(sample.wall[0] for sample in (posted, carried, checked))
    yield plain(f"{name}: from sent to whole", whole, "s")
    yield plain(f"{name}: envelopes to and fro", pieces, "")


def _open(one: NodeEnd, other: NodeEnd, number: int) -> str:
    return open_thread(one.node, one.actor(), request(one.own, other.own, number, one.node.vocabulary)).thread


def _upload(one: NodeEnd, content: bytes) -> str:
    actor, digest = one.actor(), hashlib.sha256(content).hexdigest()
    begun = begin_attachment(one.node, actor, name="seen.jpg", size=len(content), sha256=digest)
    for number in range(-(-len(content) // begun.piece)):
        piece = content[number * begun.piece : (number + 1) * begun.piece]
        add_piece(one.node, actor, begun.reference, number, piece)
    return finish_attachment(one.node, actor, begun.reference).reference
