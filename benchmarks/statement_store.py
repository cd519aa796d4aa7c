"""The store of many statements: 20,000 handlings of forty authorities, records of four statements each.

The n-th handling has 1/n of the first one's share (Zipf). Leaves, salts, public ids of statements and signatures of
contributions are short and hold nothing; handlings are interned, signed and verified by the program itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random

from alidade.services.node import Node
from alidade.store.writing import record_number
from benchmarks import places, staging

HANDLINGS = 20_000
READABLE = 976
_EACH = 4  # statements of a record
_GIVEN = 1_000  # records of a contribution
_PROPERTIES = (("name", "Invented Person"), ("birthDate", "1980-01-01"), ("nationality", "NL"), ("address", "A Street"))


def store(size: int) -> Path:
    """The folder of a filled store, filled now unless an earlier run did."""
    return places.kept(f"statements-{size}", __file__, partial(_build, size=size))


def _build(folder: Path, size: int) -> None:
    node = Node.open(folder)
    try:
        staging.begin(node)
        owners = staging.owners()
        # Every twentieth, from the tenth on: the viewer may read some of the large ones, not the largest.
        numbers = staging.intern(
            node,
            (
                staging.handling(
                    rank,
                    owners[rank % len(owners)],
                    "read" if rank % 20 == 9 and rank // 20 < READABLE else ("hit", "silent")[rank % 2],
                )
                for rank in range(HANDLINGS)
            ),
        )
    finally:
        node.close()
    records = size // _EACH
    ids = staging.random_ids(records, seed=size)
    random = Random(size + 1)
    ranks = random.choices(
        range(HANDLINGS), cum_weights=list(accumulate(1 / (rank + 1) for rank in range(HANDLINGS))), k=records
    )
    given = list(range(records))
    random.shuffle(given)  # the order of giving is not that of the random ids
    with staging.filling(folder, ("statement", "record", "contribution")) as fill:
        givers = [owners[ranks[given[start]] % len(owners)] for start in range(0, records, _GIVEN)]
        staging.insert_contributions(fill, givers, _EACH * _GIVEN)
        fill.insert(
            "record",
            staging.RECORD_COLUMNS,
            (
                (record_number(record), record, owners[rank % len(owners)], "Person", "benchmark", record, "active", "")
                for record, rank in zip(ids, ranks, strict=True)
            ),
        )
        fill.insert("statement", staging.STATEMENT_COLUMNS, _statements(ids, ranks, given, numbers, random))


def _statements(
    ids: list[str], ranks: list[int], given: list[int], numbers: list[int], random: Random
) -> Iterator[tuple[object, ...]]:
    """Four statements of each record in the order of giving, all under the record's handling."""
    bits = b""
    number = 0
    for place, index in enumerate(given):
        if place % _GIVEN == 0:
            bits = random.randbytes(12 * _EACH * _GIVEN)
            at = 0
        record, handling = record_number(ids[index]), numbers[ranks[index]]
        for name, value in _PROPERTIES:
            number += 1
            yield (
                number, f"{number:016x}", record, place // _GIVEN + 1, at // 12, name, value, "B2", 1, "4x4", "",
                handling, bits[at : at + 8], bits[at + 8 : at + 12], 1,
            )  # fmt: skip
            at += 12
