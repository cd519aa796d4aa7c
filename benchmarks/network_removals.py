"""Networks: who must be removed, with proof, and the best order of removal, on public criminal networks.

Why: the fewest people whose removal breaks a network are worth nothing without the proof that fewer do not; and an
answer must come while somebody waits. Targets: each proved in under ten seconds; curves not above the best known
(mean share of the largest component over all removals). Then ten million links: load, components, PageRank, cores.
Skipped without the public networks.
"""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from alidade.network import Graph, components, core_numbers, dismantle, key_players, pagerank
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.places import shared_data

#: The proved least; for the meetings nobody had closed the gap between 10 and 14.
_REMOVALS = {"CAVIAR": 8, "calls": 7, "meetings": 14, "ACERO": 5, "JAKE": 6, "JUANES": 9, "MAMBO": 8}
_CURVES = {"CAVIAR": 0.0434, "meetings": 0.0855, "calls": 0.0424}
_MILLION = 1_000_000


def measure(options: Options) -> Result:
    """Every network once, after one call that compiles."""
    shared = shared_data()
    if shared is None:
        return Result(figures=(), text="Skipped: the public networks were not found.")
    key_players(Graph.from_edges([1, 2], [2, 3]))
    figures = [figure for name in _REMOVALS for figure in _removal(name, _network(shared, name))]
    seconds = 3 if options.quick else 10
    for name, best in _CURVES.items():
        graph = _network(shared, name)
        curve = dismantle(graph.subgraph(components(graph).giant), seconds=seconds)
        mean = round(1000 * curve.robustness, 1)
        figures.append(at_most(f"dismantling {name}: mean share left", mean, "thousandths", 1000 * best))
    figures += _many_links(_MILLION if options.quick else 10 * _MILLION)
    text = "Curves are those of the largest component alone, as the best known ones. Links are drawn at random."
    return Result(figures=tuple(figures), text=text)


def _removal(name: str, graph: Graph) -> list[Figure]:
    begun, cpu = time.perf_counter(), time.process_time()
    found = key_players(graph)
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    known = "proved" if found.proved else f"at least {found.lower_bound:g}"
    return [
        at_most(f"key players {name}: people ({known})", len(found.people), "people", _REMOVALS[name]),
        at_most(f"key players {name}: time", wall, "s", 10, cpu=cpu),
    ]


def _many_links(links: int) -> list[Figure]:
    chance = np.random.default_rng(1)
    source, target = (chance.integers(0, links // 5, links, dtype=np.int32) for _ in range(2))
    steps: dict[str, Callable[[Graph], object]] = {
        "components": components, "PageRank": pagerank, "core numbers": core_numbers,
    }  # fmt: skip
    begun, cpu = time.perf_counter(), time.process_time()
    graph = Graph.from_edges(source, target)
    title = f"{links // _MILLION} million links"
    spent = time.process_time() - cpu
    figures = [plain(f"{title}: load", time.perf_counter() - begun, "s", cpu=spent)]
    for name, step in steps.items():
        begun, cpu = time.perf_counter(), time.process_time()
        step(graph)
        taken = time.process_time() - cpu
        spent += taken
        figures.append(plain(f"{title}: {name}", time.perf_counter() - begun, "s", cpu=taken))
    figures.append(at_most(f"{title}: all of these, time of the processor", spent, "s", 30))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return [*figures, at_most(f"{title}: memory at most in use", peak, "MB", 1000)]


def _network(shared: Path, name: str) -> Graph:
    folder = shared / "networks"
    if name in ("meetings", "calls"):
        file = {"meetings": "meetings", "calls": "phonecalls"}[name]
        table = np.loadtxt(folder / "montagna" / "dataset" / f"Montagna_{file}_edgelist.csv", dtype=np.int64)
        return Graph.from_edges(table[:, 0], table[:, 1], table[:, 2], parallel="last")
    path = folder / "caviar" / "total.csv" if name == "CAVIAR" else folder / "cocaine_spain" / f"COCAINE_{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    heads = rows[0][1:]
    links = [
        (row[0], head, float(count))
        for row in rows[1:]
        for head, count in zip(heads, row[1:], strict=False)
        if head and count and float(count) > 0
    ]
    source, target, weight = zip(*links, strict=True)
    return Graph.from_edges(source, target, weight, vertices=[row[0] for row in rows[1:]])
