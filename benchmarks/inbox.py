"""Inbox: how long an officer waits for a list of threads, and for one of them, in a store of a hundred thousand.

Why: the list is opened a hundred times a day, and what is slow is not used. Target: 95 of 100 within 200 ms for every
list of the authority that is a party to all hundred thousand, and for the pages made of it; the lists of one of the
forty others are beside it. The time of a list is that of the use case with its durable ledger entry; that of a page is
the whole request over the loopback, to granian with one worker of one thread, as in pages.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.threads.inbox import awaited, counts, inbox
from alidade.services.threads.reading import read_thread
from alidade.services.threads.view import Folder
from benchmarks import places, staging, thread_store
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.pages import Visitor, good, server
from benchmarks.timing import Sample, milliseconds, repeat

FOLDERS: Final[tuple[Folder, ...]] = ("mine", "unit", "all", "awaited", "closed")
_LIMIT: Final = 200.0


def measure(options: Options) -> Result:
    """Every list as a use case and as a page, and a thread of fifty steps."""
    size, turns = (5_000, 20) if options.quick else (100_000, 60)
    with places.passing() as folder:
        home = folder / "home"
        shutil.copytree(thread_store.store(size), home)
        long = thread_store.long_thread(home)
        figures = [*_use_cases(home, long, turns), *_pages(home, long, turns)]
    return Result(figures=(*figures, plain("threads in the store", size, "")))


def _use_cases(home: Path, long: str, turns: int) -> Iterator[Figure]:
    node = Node.open(home)
    try:
        desk, other = staging.actor(node), thread_store.other_actor(node)
        held = counts(node, desk)
        yield plain("threads to act on, for the party to all", held.all, "")
        yield plain("of them on the officer's own desk", held.mine, "")
        yield plain("closed", held.closed, "")
        for folder in FOLDERS:
            yield from _timed(f"list: {folder}", lambda f=folder: _page(node, desk, f), turns)
        yield from _timed("counts alone", lambda: counts(node, desk), turns)
        yield from _timed("what others owe, 200 of it", lambda: awaited(node, desk), turns // 2)
        for folder in ("mine", "all", "closed"):
            yield from _timed(f"list of one of forty: {folder}", lambda f=folder: _page(node, other, f), turns)
        read_thread(node, desk, long)
        yield from _timed(f"thread of {thread_store.LONG} steps", lambda: read_thread(node, desk, long), turns)
    finally:
        node.close()


def _page(node: Node, actor: Actor, folder: Folder) -> None:
    if not inbox(node, actor, folder).lines:
        raise AssertionError(f"the list {folder} is empty")


def _pages(home: Path, long: str, turns: int) -> Iterator[Figure]:
    with server(home) as (port, cookie):
        visitor = Visitor(port, cookie)
        for folder in FOLDERS:
            yield from _timed(
                f"page: {folder}", lambda f=folder: good(visitor.get(f"/inbox/?folder={f}")), turns, cpu=False
            )
        yield from _timed(
            f"page: thread of {thread_store.LONG} steps",
            lambda: good(visitor.get(f"/threads/{long}/")),
            turns,
            cpu=False,
        )


def _timed(name: str, action: Callable[[], object], turns: int, *, cpu: bool = True) -> Iterator[Figure]:
    """Median and what 95 of 100 stay within; `cpu` False where another process does the work."""
    sample: Sample = repeat(action, turns, warm=2)
    middle, most = milliseconds(sample.of(0.5)), milliseconds(sample.of(0.95))
    yield plain(f"{name}, median", middle[0], "ms", cpu=middle[1] if cpu else None)
    yield at_most(f"{name}, 95 of 100 within", most[0], "ms", _LIMIT, cpu=most[1] if cpu else None)
