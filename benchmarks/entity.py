"""Entity: how long does the page of a thing take, and what is around it, among a million statements of linked persons?

Why: an analyst goes from page to page and from thing to thing; rights are applied before anything is joined or tied.
Targets: 95 of 100 pages within 300 ms, asked of a real server as in pages; the surroundings of up to 1,500 things in
one second. Half of the records are links; the viewer may read 976 of 20,000 handlings (benchmarks/linked_store.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from random import Random

from alidade.services.acting import log
from alidade.services.node import Node
from alidade.services.picture.entity import entity
from alidade.services.picture.seeing import around, everything
from alidade.store import directory
from alidade.store.reading import ReaderView, reading
from benchmarks import linked_store, places, staging
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.pages import Visitor, good, server
from benchmarks.timing import Sample, milliseconds

_PAGE_LIMIT = 300.0
_AROUND_LIMIT = 1_000.0


def measure(options: Options) -> Result:
    """The use case, the page, and the surroundings."""
    size = 100_000 if options.quick else 1_000_000
    turns = 20 if options.quick else 100
    figures: list[Figure] = []
    with places.passing() as folder:
        home = folder / "home"
        shutil.copytree(linked_store.store(size), home)
        node = Node.open(home)
        try:
            records = _most_tied(node)
            actor = staging.actor(node)
            sample = Sample()
            entity(node, actor, records[0])
            for record in records[:turns]:
                with sample.once():
                    entity(node, actor, record)
            figures += _figures("entity, use case", sample, _PAGE_LIMIT)
            figures += _surroundings(node, records, turns // 5)
        finally:
            node.close()
        with server(home) as (port, cookie):
            visitor = Visitor(port, cookie)
            sample = Sample()
            good(visitor.get(f"/entity/{records[0]}/"))
            for record in records[:turns]:
                with sample.once():
                    good(visitor.get(f"/entity/{record}/"))
            figures += _figures("entity, page", sample, _PAGE_LIMIT)
    return Result(figures=(*figures, plain("statements in the store", size, "")))


def _surroundings(node: Node, records: list[str], turns: int) -> list[Figure]:
    sample, whole = Sample(), Sample()
    found: list[int] = []
    for record in records[:turns]:

        def look(view: ReaderView, start: str = record) -> None:
            found.append(len(around(view, node.vocabulary, [start], depth=30, most=1_500).things))

        _read(node, look, sample)
    _read(node, lambda view: everything(view, node.vocabulary, most=1_500), whole)
    return [
        *_figures("around, up to 1,500 things", sample, _AROUND_LIMIT),
        plain("around, things found at most", max(found), ""),
        plain("everything, the 1,500 most tied", milliseconds(whole.of(0.5))[0], "ms"),
    ]


def _read(node: Node, look: Callable[[ReaderView], object], sample: Sample) -> None:
    actor = staging.actor(node)
    with node.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view, sample.once():
            look(view)
        log(tx, actor, "picture_read", results=0)


def _most_tied(node: Node) -> list[str]:
    """Persons that the viewer sees, those with many ties among them, in no order."""
    ties: dict[str, int] = {}

    def look(view: ReaderView) -> None:
        for each in view.all_references():
            ties[each.to] = ties.get(each.to, 0) + 1

    _read(node, look, Sample())
    ordered = sorted(ties, key=lambda record: (-ties[record], record))
    chosen = [*ordered[:50], *Random(1).sample(ordered, 150)]
    Random(2).shuffle(chosen)
    return list(dict.fromkeys(chosen))


def _figures(name: str, sample: Sample, limit: float) -> list[Figure]:
    return [
        plain(f"{name}, median", milliseconds(sample.of(0.5))[0], "ms"),
        at_most(f"{name}, 95 of 100 within", milliseconds(sample.of(0.95))[0], "ms", limit),
    ]
