"""Matching of names, as it is today: a name asked in the store that holds the public sanctions list.

Why: the base line for later work on matching; figures of quality stand in the tests. No target is set. Fifty entries of
the list, evenly spread: every other one as it stands, the others with a letter left out. Skipped without the list.
"""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

from alidade.services.check import Answer, ask, check
from alidade.services.finding import Question
from alidade.services.node import Node
from benchmarks import lists, places, staging
from benchmarks.figures import Figure, Options, Result, plain
from benchmarks.timing import Sample, milliseconds

_NAMES = 50


def measure(options: Options) -> Result:
    """Every name, several times."""
    folder = lists.sdn_store()
    shared = places.shared_data()
    if folder is None or shared is None:
        return Result(figures=(), text="Skipped: the sanctions list was not found (ALIDADE_SHARED_DATA).")
    asked = _names(shared / "ofac" / "sdn.csv")
    node = Node.open(folder)
    try:
        actor = staging.actor(node)
        before, whole, answers = Sample(), Sample(), list[Answer]()
        check(node, actor, Question(text=asked[0], kind="name"))
        for _ in range(1 if options.quick else 4):
            for name in asked:
                with whole.once(), node.store.transaction() as tx, before.once():
                    answers.append(ask(node, tx, actor, Question(text=name, kind="name"), language="en"))
    finally:
        node.close()
    hits = [len(answer.hits) for answer in answers[:_NAMES]]
    return Result(
        figures=(
            *_shares("name check before the commit", before),
            *_shares("whole name check", whole),
            plain("names with a hit, as they stand", sum(count > 0 for count in hits[::2]), f"of {_NAMES // 2}"),
            plain("names with a hit, a letter left out", sum(count > 0 for count in hits[1::2]), f"of {_NAMES // 2}"),
            plain("hits of one name, mean", sum(hits) / len(hits), ""),
        )
    )


def _shares(name: str, sample: Sample) -> list[Figure]:
    return [
        plain(f"{name}, {words}", wall, "ms", cpu=cpu)
        for words, share in (("median", 0.5), ("95 of 100 within", 0.95))
        for wall, cpu in (milliseconds(sample.of(share)),)
    ]


def _names(path: Path) -> list[str]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        names = [row[1] for row in csv.reader(file) if len(row) > 1]
    chosen = list(islice(names[:: len(names) // _NAMES], _NAMES))
    return [name if place % 2 == 0 else _without_a_letter(name) for place, name in enumerate(chosen)]


def _without_a_letter(name: str) -> str:
    longest = max(name.split(), key=len)
    middle = len(longest) // 2
    return name.replace(longest, longest[:middle] + longest[middle + 1 :], 1)
