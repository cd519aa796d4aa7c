"""Many statements: counting and reading what one viewer may see among ten million statements.

Why: the rules filter in the database, before anything is counted, ranked or cut off; this must stay quick when the
store is large and the viewer sees little of it. 20,000 handlings (Zipf: the n-th has 1/n of the first one's share), of
which the viewer may read 976; 2.5 million records of four statements.
Targets: count 100 ms, newest fifty 2 ms. Times are those inside a transaction that leaves a ledger entry; the whole of
it is given apart. Rows are filled in directly: leaves, salts, public ids of statements and signatures of contributions
are short random bytes, which no figure here reads; handlings are interned and signed by the program itself.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from secrets import token_hex

from django.db import connections

from alidade.model.viewer import Actor, Viewer
from alidade.services.acting import log
from alidade.services.node import Node
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading
from benchmarks import staging
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.statement_store import store
from benchmarks.timing import Sample, milliseconds


def measure(options: Options) -> Result:
    """Count, newest, one record, and what stands around them."""
    size = 1_000_000 if options.quick else 10_000_000
    node = Node.open(store(size))
    try:
        actor = staging.actor(node)
        first = Sample()
        for number in range(3):
            _read(node, actor, _new_class(actor.viewer, number), lambda view: None, Sample(), first)
        records = _visible_records(node, actor)
        turns = 10 if options.quick else 40
        figures: list[Figure] = []
        figures += _timed(node, actor, "count of all that is visible", lambda view: view.count(), turns, 100)
        figures += _timed(node, actor, "newest 50", lambda view: view.newest(50), 5 * turns, 2)
        queue = iter(records * turns)
        figures += _timed(node, actor, "one record", lambda view: view.record(next(queue)), 5 * turns)
        figures += _timed(node, actor, "one record that is absent", lambda view: view.record("0" * 32), 5 * turns)
        figures += _timed(node, actor, "records by type", lambda view: view.facets(), max(3, turns // 10))
        counted: list[int] = []
        _read(node, actor, actor.viewer, lambda view: counted.append(view.count()), Sample(), Sample())
        wall, cpu = milliseconds(first.of(0.5))
        figures += [
            plain("first read of a new viewer class", wall, "ms", cpu=cpu),
            plain("statements in the store", size, ""),
            plain("statements that the viewer sees", counted[0], ""),
            plain("size of the store", (node.store.path.stat().st_size) / 1e6, "MB"),
        ]
        return Result(figures=tuple(figures), text=_plans(node, actor))
    finally:
        node.close()


def _timed(
    node: Node, actor: Actor, name: str, read: Callable[[ReaderView], object], turns: int, aim: float | None = None
) -> list[Figure]:
    inside, whole = Sample(), Sample()
    for _ in range(3):
        _read(node, actor, actor.viewer, read, Sample(), Sample())
    for _ in range(turns):
        _read(node, actor, actor.viewer, read, inside, whole)
    wall, cpu = milliseconds(inside.of(0.5))
    slow = milliseconds(inside.of(0.95))
    around = milliseconds(whole.of(0.5))
    first = plain(name, wall, "ms", cpu=cpu) if aim is None else at_most(name, wall, "ms", aim, cpu=cpu)
    return [
        first,
        plain(f"{name}, 95 of 100 within", slow[0], "ms", cpu=slow[1]),
        plain(f"{name}, whole transaction", around[0], "ms", cpu=around[1]),
    ]


def _read(
    node: Node,
    actor: Actor,
    viewer: Viewer,
    read: Callable[[ReaderView], object],
    inside: Sample,
    whole: Sample,
) -> None:
    with whole.once(), node.store.transaction() as tx:
        with reading(tx, viewer, directory.world(tx)) as view, inside.once():
            read(view)
        leave_entry(tx, actor, 0)


def leave_entry(tx: Transaction, actor: Actor, results: int) -> None:
    """The ledger entry without which nothing may be read."""
    log(tx, actor, "record_read", results=results)


def _new_class(viewer: Viewer, number: int) -> Viewer:
    """A viewer who sees the same and is nobody's colleague: his cases are new each time the benchmark runs."""
    return Viewer(
        party=viewer.party,
        clearance=viewer.clearance,
        purpose=viewer.purpose,
        communities=viewer.communities,
        cases=(f"{token_hex(8)}-{number}",),
    )


def _visible_records(node: Node, actor: Actor) -> list[str]:
    found: list[str] = []

    def take(view: ReaderView) -> None:
        found.extend(dict.fromkeys(statement.record for statement in view.newest(2_000)))

    _read(node, actor, actor.viewer, take, Sample(), Sample())
    return Random(1).sample(found, min(50, len(found)))


def _plans(node: Node, actor: Actor) -> str:
    """How SQLite answers the two reads with an aim, for whoever finds one of them slow."""
    lines = []
    with node.store.transaction() as tx:
        number = rights.viewer_class(tx, actor.viewer, "read", directory.world(tx))
        views = node.store.guard.views(number)
        for name, sql in (
            ("count", f"select count(*) from {views.sweep}"),
            (
                "newest",
                f"select number, handling_id from {views.newest} where number is not null order by 1 desc limit 50",
            ),
            ("record", f"select value from {views.statements} where record_id = 1 and record = '' order by number"),
        ):
            with connections[tx.alias].cursor() as cursor:
                cursor.execute("explain query plan " + sql)
                lines += [f"{name}: {row[3]}" for row in cursor.fetchall()]
    return "\n".join(lines)
