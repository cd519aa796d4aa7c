"""The store of phone numbers: a million records of forty authorities under 2,000 handlings, one number each.

The viewer may read what stands under a tenth of the handlings and learn of a hit under six tenths; what stands under
the others is silent. The n-th handling has 1/n of the first one's share (Zipf). Filled as in statement_store.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random

from alidade.matching.identifiers import normalise
from alidade.services.node import Node
from alidade.store.writing import record_number
from benchmarks import places, staging

HANDLINGS = 2_000
_SIGHTS: tuple[staging.Sight, ...] = ("hit", "silent", "hit", "read", "hit", "silent", "hit", "hit", "silent", "hit")


def number(place: int) -> str:
    """The phone number of the record at this place: Dutch mobile numbers, one after the other."""
    return f"+316{10_000_000 + place}"


def store(size: int) -> Path:
    """The folder of a filled store, filled now unless an earlier run did."""
    return places.kept(f"phones-{size}", __file__, partial(_build, size=size))


def _build(folder: Path, size: int) -> None:
    node = Node.open(folder)
    owners = staging.owners()
    try:
        staging.begin(node)
        numbers = staging.intern(
            node,
            (
                staging.handling(rank, owners[rank % len(owners)], _SIGHTS[rank % len(_SIGHTS)])
                for rank in range(HANDLINGS)
            ),
        )
    finally:
        node.close()
    _check_keys(size)
    random = Random(size)
    ids = staging.random_ids(size, seed=size)
    ranks = random.choices(
        range(HANDLINGS), cum_weights=list(accumulate(1 / (rank + 1) for rank in range(HANDLINGS))), k=size
    )
    with staging.filling(folder, ("statement", "record", "contribution", "lookup")) as fill:
        staging.insert_contributions(fill, owners, size // len(owners))
        fill.insert(
            "record",
            staging.RECORD_COLUMNS,
            (
                (record_number(record), record, owners[rank % len(owners)], "Person", "benchmark", record, "active", "")
                for record, rank in zip(ids, ranks, strict=True)
            ),
        )
        fill.insert("statement", staging.STATEMENT_COLUMNS, _statements(ids, ranks, numbers, len(owners)))
        fill.insert(
            "lookup",
            "kind, key, handling_id, record_id, statement_id",
            (
                ("phone", number(place), numbers[rank], record_number(record), place + 1)
                for place, (record, rank) in enumerate(zip(ids, ranks, strict=True))
            ),
        )


def _statements(ids: list[str], ranks: list[int], numbers: list[int], owners: int) -> Iterator[tuple[object, ...]]:
    for place, (record, rank) in enumerate(zip(ids, ranks, strict=True)):
        yield (
            place + 1, f"{place:016x}", record_number(record), rank % owners + 1, place, "phone", number(place),
            "B2", 1, "4x4", "", numbers[rank], b"leaf", b"salt", 1,
        )  # fmt: skip


def _check_keys(size: int) -> None:
    """The keys are written as the program would write them; a hundred of them are compared."""
    for place in range(0, size, size // 100):
        if normalise("phone", number(place)).key != number(place):
            raise AssertionError("the program writes phone numbers in another form")
