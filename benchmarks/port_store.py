"""The port store: as many statements as wanted of vessels in ports, of seizures, and of persons beside them.

All of it under 2,000 handlings that the viewer may read, so that a question has everything to look through. Of a
hundred records of three statements, fifty are persons, forty presences of vessels in 400 ports (more in some than in
others), seven vessels, and three seizures of one of twenty substances in a port. Filled as in statement_store.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

from alidade.services.node import Node
from alidade.store.references import REFERS
from alidade.store.writing import record_number
from benchmarks import places, staging

HANDLINGS = 2_000
PORTS = 400
SUBSTANCES = 20
_EACH = 3
_SHARES = {"Presence": 40, "Vessel": 7, "Seizure": 3, "Person": 50}


class Row(NamedTuple):
    """One record: its handling, its type, and what it says; of what refers, the record referred to."""

    record: str
    rank: int
    thing: str
    said: tuple[tuple[str, str, bool], ...]


def store(size: int) -> Path:
    """The folder of a filled store, filled now unless an earlier run did."""
    return places.kept(f"ports-{size}", __file__, partial(_build, size=size))


def ids(size: int, thing: str) -> list[str]:
    """The records of a type, the same for every run."""
    named = staging.random_ids(size // _EACH, seed=size)
    Random(size).shuffle(named)
    counts = {"Port": PORTS, "Substance": SUBSTANCES}
    counts |= {name: (len(named) - PORTS - SUBSTANCES) * share // 100 for name, share in _SHARES.items()}
    start = 0
    for name, count in counts.items():
        if name == thing:
            return named[start : start + count]
        start += count
    return []


def _build(folder: Path, size: int) -> None:
    node = Node.open(folder)
    owners = staging.owners()
    try:
        staging.begin(node)
        numbers = staging.intern(
            node, (staging.handling(rank, owners[rank % len(owners)], "read") for rank in range(HANDLINGS))
        )
    finally:
        node.close()
    rows = sorted(_rows(size), key=lambda row: row.record)
    with staging.filling(folder, ("statement", "record", "contribution", "lookup")) as fill:
        staging.insert_contributions(fill, owners, size // len(owners))
        fill.insert("record", staging.RECORD_COLUMNS, (
            (record_number(each.record), each.record, owners[each.rank % len(owners)], each.thing, "benchmark",
             each.record, "active", "") for each in rows))  # fmt: skip
        fill.insert("statement", staging.STATEMENT_COLUMNS, _statements(rows, numbers, len(owners)))
        fill.insert("lookup", "kind, key, handling_id, record_id, statement_id", _lookups(rows, numbers))


def _rows(size: int) -> Iterator[Row]:
    chance = Random(size + 1)
    ports, vessels, substances = ids(size, "Port"), ids(size, "Vessel"), ids(size, "Substance")
    begin = date(2021, 1, 1)

    def rank() -> int:
        return int(HANDLINGS * chance.random() ** 2)

    def port() -> str:
        return ports[int(PORTS * chance.random() ** 2)]

    def day() -> str:
        return (begin + timedelta(days=chance.randrange(1_900))).isoformat()

    for number, record in enumerate(ports):
        yield Row(record, rank(), "Port", (("name", f"Port {number}", False), ("country", "NL", False)))
    for number, record in enumerate(substances):
        yield Row(record, rank(), "Substance", (("name", f"Substance {number}", False),))
    for number, record in enumerate(vessels):
        yield Row(record, rank(), "Vessel", (
            ("name", f"Vessel {number}", False), ("flag", chance.choice(("PA", "LR", "MT")), False),
            ("imoNumber", f"IMO{number:07}", False)))  # fmt: skip
    for record in ids(size, "Presence"):
        yield Row(record, rank(), "Presence", (
            ("present", chance.choice(vessels), True), ("place", port(), True),
            ("startDate", day(), False)))  # fmt: skip
    for record in ids(size, "Seizure"):
        yield Row(record, rank(), "Seizure", (
            ("seized", substances[int(SUBSTANCES * chance.random() ** 2)], True), ("place", port(), True),
            ("date", day(), False)))  # fmt: skip
    for record in ids(size, "Person"):
        yield Row(record, rank(), "Person", (
            ("name", f"Invented Person {chance.randrange(10_000)}", False), ("birthDate", "1980-01-01", False),
            ("nationality", "NL", False)))  # fmt: skip


def _statements(rows: list[Row], numbers: list[int], owners: int) -> Iterator[tuple[object, ...]]:
    number = 0
    for row in rows:
        for name, value, _ in row.said:
            number += 1
            yield (
                number, f"{number:032x}", record_number(row.record), row.rank % owners + 1, number, name, value, "B2",
                1, "4x4", "", numbers[row.rank], b"leaf", b"salt", 1,
            )  # fmt: skip


def _lookups(rows: list[Row], numbers: list[int]) -> Iterator[tuple[object, ...]]:
    number = 0
    for row in rows:
        for _, value, refers in row.said:
            number += 1
            if refers:
                yield REFERS, value, numbers[row.rank], record_number(row.record), number
