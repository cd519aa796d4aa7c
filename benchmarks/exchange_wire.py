"""The wire between two nodes, over the loopback: mutual TLS 1.3 with pinned certificates, one connection kept open."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Final

from alidade.services.exchange.certificates import client_context, fingerprint, make_certificate, server_context
from alidade.services.exchange.listening import Listener
from alidade.services.exchange.transport_https import Line
from alidade.services.machine import SystemClock, SystemRandomness
from benchmarks.figures import Figure, plain
from benchmarks.timing import Sample, milliseconds, rate, repeat

_ENVELOPE: Final = 2_500  # bytes
_BATCH: Final = 100
_HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A node as the wire knows it: by its certificate."""

    seed: bytes
    certificate: bytes

    @property
    def pin(self) -> str:
        """The fingerprint."""
        return fingerprint(self.certificate)


def measured(times: int) -> Iterator[Figure]:
    """A new connection, one envelope to and fro, and batches of a hundred."""
    envelope = Random(1).randbytes(_ENVELOPE)
    caller, called = _holder("caller"), _holder("called")
    with _listening(called, caller) as port:
        connected = Sample()
        for _ in range(max(5, times // 10)):
            with connected.once():
                line = _line(caller, called, port)
                line.exchange([])
            line.close()
        line = _line(caller, called, port)
        one = repeat(lambda: line.exchange([envelope]), times, warm=5)
        many = repeat(lambda: line.exchange([envelope] * _BATCH), times, warm=5)
        line.close()
    for name, sample in (("new connection and empty word", connected), ("one envelope to and fro", one)):
        yield plain(f"mutual TLS: {name}, median", milliseconds(sample.of(0.5))[0], "ms")
        yield plain(f"mutual TLS: {name}, 95 of 100 within", milliseconds(sample.of(0.95))[0], "ms")
    yield plain(f"mutual TLS: {_BATCH} at once, there and back", rate(_BATCH, many.of(0.5))[0], "envelopes/s")


def _holder(name: str) -> Holder:
    seed = hashlib.sha256(name.encode()).digest()
    serial = hashlib.sha256(seed).digest()[:16]
    return Holder(seed=seed, certificate=make_certificate(seed, serial, SystemClock().now()))


def _line(caller: Holder, called: Holder, port: int) -> Line:
    context = client_context(caller.seed, caller.certificate, [called.certificate], SystemRandomness())
    return Line(f"{_HOST}:{port}", context, {called.pin})


@contextmanager
def _listening(called: Holder, caller: Holder) -> Iterator[int]:
    """A listener that gives back every envelope it is given, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    context = server_context(called.seed, called.certificate, [caller.certificate], SystemRandomness())
    with ThreadPoolExecutor(1) as worker:
        listener = Listener(context, lambda pin: pin == caller.pin, lambda pin, frames: list(frames), worker)
        try:
            yield asyncio.run_coroutine_threadsafe(listener.open(_HOST, 0), loop).result(10)
        finally:
            asyncio.run_coroutine_threadsafe(_close(listener), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()


async def _close(listener: Listener) -> None:
    await listener.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
