"""Ledger: how fast entries are added, one, ten and a hundred to a transaction, and how fast all are verified.

Why: every act and every read waits for its entry; and a supervisor verifies the whole ledger, year after year.
No target is set for the rate: the cost of one entry is two durable commits of SQLite at most (data, and field keys once
for 64 entries) and a signature over the head. Verification recomputes every leaf and root and every signature of a
head, and unseals every body.
"""

from __future__ import annotations

from alidade.ledger.entry import Entry
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.store.database import Transaction
from benchmarks import places, staging
from benchmarks.figures import Figure, Options, Result, plain
from benchmarks.timing import Sample, rate

_BATCHES = ((1, 400), (10, 200), (100, 100))  # entries of a transaction, transactions


def measure(options: Options) -> Result:
    """Append by ones, tens and hundreds into one ledger, then verify it."""
    figures: list[Figure] = []
    with places.passing() as folder:
        node = Node.open(folder / "node")
        try:
            staging.begin(node)
            for batch, turns in _BATCHES:
                figures += _append(node, batch, turns // 8 if options.quick else turns)
            sample = Sample()
            for _ in range(1 if options.quick else 3):
                with sample.once():
                    report = verify_ledger(node)
            if not report.sound:
                raise AssertionError("the ledger does not verify")
            wall, cpu = rate(report.entries, sample.of(0.5))
            figures += [
                plain("verified", wall, "entries/s", cpu=cpu),
                plain("entries verified", report.entries, ""),
                plain("signed heads verified", report.heads, ""),
                plain("data for each entry", node.store.path.stat().st_size / report.entries, "bytes"),
            ]
        finally:
            node.close()
    return Result(figures=tuple(figures))


def _append(node: Node, batch: int, turns: int) -> list[Figure]:
    sample = Sample()
    for _ in range(turns):
        with sample.once(), node.store.transaction() as tx:
            for _ in range(batch):
                tx.log(_entry(tx))
    wall, cpu = rate(batch, sample.of(0.5))
    slow = sample.of(0.95)
    return [
        plain(f"appended, {batch} to a transaction", wall, "entries/s", cpu=cpu),
        plain(f"appended, {batch} to a transaction, 95 of 100 within", slow[0] * 1000, "ms", cpu=slow[1] * 1000),
    ]


def _entry(tx: Transaction) -> Entry:
    return Entry(
        act="check",
        at=tx.now,
        authority=staging.VIEWER,
        officer=f"{staging.VIEWER}/case",
        purpose="18.2.a",
        case="c1",
        justification="name on a bill of lading",
        legal_ground="criminal_investigation",
        objects=("0123456789abcdef0123456789abcdef",),
        query_commitment="0" * 64,
        results=1,
        epoch=1,
        decision="allowed",
    )
