"""Running: the exchange of a node goes on by itself: it calls, it answers, it tends, until it is stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from alidade.model.errors import AlidadeError, Conflict, Damaged
from alidade.services.exchange.answering import Answerer
from alidade.services.exchange.calling import Caller
from alidade.services.exchange.listening import Limits, Listener
from alidade.services.node import Node

_MOST_FAILURES: Final = 10  # rounds one after the other
_PAUSE: Final = 0.25  # seconds between two looks whether something is due


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which node is run, and where it listens; without an address it only calls."""

    folder: Path
    database: str | None = None
    address: str | None = None
    port: int = 0
    pull_every: float = 30.0  # seconds
    patience: float = 20.0


def run(
    place: Place, stop: threading.Event, *, ready: Callable[[int], None] = lambda port: None, pause: float = _PAUSE
) -> None:
    """Call and answer until `stop` is set; `ready` is told the port once it listens, 0 where it does not.

    Raises what ends it: Damaged where the store has stopped, Conflict where the port is taken.
    """
    asyncio.run(_run(place, stop, ready, pause))


async def _run(place: Place, stop: threading.Event, ready: Callable[[int], None], pause: float) -> None:
    loop = asyncio.get_running_loop()
    # Two threads with the node open in each: a call that waits for a far node keeps nobody waiting here.
    with ThreadPoolExecutor(1) as answering, ThreadPoolExecutor(1) as calling:
        answering_node = await loop.run_in_executor(answering, _open, place)
        calling_node = await loop.run_in_executor(calling, _open, place)
        listener: Listener | None = None
        port = 0
        try:
            if place.address is not None:
                answerer = await loop.run_in_executor(answering, Answerer, answering_node)
                listener = Listener(answerer.context, answerer.known, answerer.handle, answering, Limits())
                await loop.run_in_executor(answering, answerer.refresh)
                port = await _listen(listener, place.address, place.port)
            ready(port)
            caller = await loop.run_in_executor(
                calling,
                lambda: Caller(calling_node, pull_every=timedelta(seconds=place.pull_every), patience=place.patience),
            )
            failed = 0
            while not stop.is_set():
                try:
                    await loop.run_in_executor(calling, caller.round)
                    if listener is not None:
                        await loop.run_in_executor(answering, answerer.known, "")  # new peers, while it listens
                    failed = 0
                except AlidadeError:
                    raise
                except Exception:  # a busy database passes; what does not pass ends the run
                    failed += 1
                    if failed == _MOST_FAILURES:
                        raise
                if listener is not None and isinstance(listener.failure, Damaged):
                    raise listener.failure
                await _sleep(stop, pause)
            await loop.run_in_executor(calling, caller.close)
        finally:
            if listener is not None:
                await listener.close()
            await loop.run_in_executor(answering, answering_node.close)
            await loop.run_in_executor(calling, calling_node.close)


async def _listen(listener: Listener, address: str, port: int) -> int:
    try:
        return await listener.open(address, port)
    except OSError as error:
        raise Conflict(
            f"Nothing can listen at port {port} of this address.",
            remedy="Stop what does, or name another.",
            code="port",
        ) from error


async def _sleep(stop: threading.Event, pause: float) -> None:
    end = asyncio.get_running_loop().time() + pause
    while not stop.is_set() and asyncio.get_running_loop().time() < end:
        await asyncio.sleep(min(0.05, pause))


def _open(place: Place) -> Node:
    return Node.open(place.folder, database=place.database)
