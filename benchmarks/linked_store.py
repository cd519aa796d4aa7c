"""The store of linked persons: as many statements as wanted, under 20,000 handlings of forty authorities.

Half of the records are persons of three statements, half are links between two persons, of three statements of which
two refer. A link stands under the handling of its persons; a few persons of each handling have many links. The n-th
handling has 1/n of the first one's share (Zipf); the viewer may read 976 of them. Filled as in statement_store.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random

from alidade.services.node import Node
from alidade.store.references import REFERS
from alidade.store.writing import record_number
from benchmarks import places, staging
from benchmarks.statement_store import HANDLINGS, READABLE

_EACH = 3  # statements of a record
_PERSON = (("name", "Invented Person"), ("birthDate", "1980-01-01"), ("nationality", "NL"))


def store(size: int) -> Path:
    """The folder of a filled store, filled now unless an earlier run did."""
    return places.kept(f"linked-{size}", __file__, partial(_build, size=size))


def _build(folder: Path, size: int) -> None:
    node = Node.open(folder)
    owners = staging.owners()
    try:
        staging.begin(node)
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
    count = size // _EACH // 2
    ids = staging.random_ids(2 * count, seed=size)
    Random(size).shuffle(ids)
    persons, links = ids[:count], ids[count:]
    random = Random(size + 1)
    weights = list(accumulate(1 / (rank + 1) for rank in range(HANDLINGS)))
    ranks = random.choices(range(HANDLINGS), cum_weights=weights, k=count)
    tied = _tied(persons, ranks, random)
    records = sorted(
        [(record, rank, None) for record, rank in zip(persons, ranks, strict=True)]
        + [(record, ranks[place], tied[place]) for place, record in enumerate(links)]
    )
    with staging.filling(folder, ("statement", "record", "contribution", "lookup")) as fill:
        staging.insert_contributions(fill, owners, 2 * count * _EACH // len(owners))
        fill.insert(
            "record",
            staging.RECORD_COLUMNS,
            (
                (
                    record_number(record), record, owners[rank % len(owners)],
                    "Person" if ends is None else "Associate", "benchmark", record, "active", "",
                )
                for record, rank, ends in records
            ),
        )  # fmt: skip
        fill.insert("statement", staging.STATEMENT_COLUMNS, _statements(records, numbers, len(owners)))
        fill.insert("lookup", "kind, key, handling_id, record_id, statement_id", _lookups(records, numbers))


def _tied(persons: list[str], ranks: list[int], random: Random) -> list[tuple[str, str]]:
    """Two persons for each link, both under the handling of the person at its place; the first ones are met most."""
    together: dict[int, list[str]] = {}
    for person, rank in zip(persons, ranks, strict=True):
        together.setdefault(rank, []).append(person)
    found = []
    for person, rank in zip(persons, ranks, strict=True):
        others = together[rank]
        found.append((person, others[int(len(others) * random.random() ** 3)]))
    return found


def _said(ends: tuple[str, str] | None) -> tuple[tuple[str, str], ...]:
    return _PERSON if ends is None else (("person", ends[0]), ("associate", ends[1]), ("relationship", "partner"))


def _statements(
    records: list[tuple[str, int, tuple[str, str] | None]], numbers: list[int], owners: int
) -> Iterator[tuple[object, ...]]:
    number = 0
    for record, rank, ends in records:
        for name, value in _said(ends):
            number += 1
            yield (
                number, f"{number:032x}", record_number(record), rank % owners + 1, number, name, value, "B2", 1, "4x4",
                "", numbers[rank], b"leaf", b"salt", 1,
            )  # fmt: skip


def _lookups(
    records: list[tuple[str, int, tuple[str, str] | None]], numbers: list[int]
) -> Iterator[tuple[object, ...]]:
    for place, (record, rank, ends) in enumerate(records):
        for each, to in enumerate(ends or ()):
            yield REFERS, to, numbers[rank], record_number(record), _EACH * place + each + 1
