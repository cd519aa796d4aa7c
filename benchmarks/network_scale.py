"""Large networks: loading, components, PageRank, cores and groups of 10 million links, beside other programs.

Why: an authority's calls and payments of a year are millions of links, and whoever looks for groups in them should not
need another machine. Each program works in a process of its own on the same links (groups of 8 to 38 people, one link
in five across), on what it has for each step; CPU seconds are those of all its threads, memory is the most that its
process held, the links themselves included. networkx takes a smaller network, whose size stands in the table. A program
that is not installed is left out, and said so. igraph is under the GPL and no part of the project; it takes part where
the run finds it: `pip install --target FOLDER igraph`, then `PYTHONPATH=FOLDER script/bench network_scale`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import places
from benchmarks.figures import Figure, Options, Result, at_least, at_most, plain
from benchmarks.matching.memory import peak
from benchmarks.planted_groups import Plan, f1_per_group, many_links, plant

LINKS, QUICK, SMALL = 10_000_000, 300_000, 300_000
_SECONDS, _GIGABYTES = 45.0, 1.3
_REPOSITORY = Path(__file__).resolve().parents[1]
_LIMIT = 1_800
_STEPS = ("load", "components", "pagerank", "cores", "groups")

Steps = dict[str, Callable[[], Any]]


def measure(options: Options) -> Result:
    """Alidade with its targets, then the others; then how well planted groups are found."""
    links = QUICK if options.quick else LINKS
    figures: list[Figure] = []
    lines: list[str] = []
    with places.passing() as folder:
        _write(folder / "large", links)
        _write(folder / "small", min(SMALL, links))
        for program in ("alidade", "networkit", "igraph", "networkx"):
            size = min(SMALL, links) if program == "networkx" else links
            told = _run(program, folder / ("small" if program == "networkx" else "large"))
            if "skipped" in told:
                lines.append(f"{program}: left out, {told['skipped']}.")
                continue
            figures += _figures(program, size, told, options)
            steps = ", ".join(f"{step} {told['steps'][step]:.1f}" for step in _STEPS)
            lines.append(
                f"{program} on {size:,} links: {steps} s of CPU; peak {told['peak']:.0f} MB, of which "
                f"{told['before']:.0f} MB before loading; {told['groups']:,} groups, likeness to those planted "
                f"{told['likeness']:.3f}."
            )
    return Result(figures=(*figures, *_quality(options)), text="\n".join(lines))


def _figures(program: str, size: int, told: dict[str, Any], options: Options) -> list[Figure]:
    cpu = sum(told["steps"].values())
    name = f"{program}, {size:,} links"
    memory = told["peak"] / 1000
    if program != "alidade" or options.quick:
        return [plain(f"{name}: all five steps", told["wall"], "s", cpu=cpu), plain(f"{name}: peak", memory, "GB")]
    return [
        at_most(f"{name}: all five steps, CPU", cpu, "s", _SECONDS),
        plain(f"{name}: all five steps", told["wall"], "s", cpu=cpu),
        at_most(f"{name}: peak", memory, "GB", _GIGABYTES),
    ]


def _quality(options: Options) -> list[Figure]:
    """F1 per planted group with 20 % of links across and 15 % missing: plans of several densities, several seeds."""
    from alidade.network import Graph, groups

    plans = {
        "40 groups, density .2 to .5": Plan(),
        "10 groups, density .2 to .5": Plan(groups=10),
        "150 groups, 6 contacts": Plan(groups=150, contacts=6),
        "40 groups, 4 contacts": Plan(contacts=4),
        "40 groups, density .1 to .8": Plan(density=(0.1, 0.8)),
        "40 groups, few with most contacts": Plan(contacts=6, uneven=True),
        "40 groups, 30 % strangers around": Plan(contacts=6, noise=0.3),
    }
    figures = []
    every: list[float] = []
    for name, plan in plans.items():
        scores = []
        for seed in range(2 if options.quick else 5):
            planted = plant(plan, 100 + seed)
            found = groups(Graph.from_edges(planted.source, planted.target))
            scores.append(f1_per_group(planted.members(), found.groups))
        every += scores
        figures.append(plain(f"F1 per group, {name}", float(np.mean(scores)), ""))
    return [at_least("F1 per group, mean", float(np.mean(every)), "", 0.85), *figures]


def _write(path: Path, links: int) -> None:
    path.mkdir()
    source, target, group = many_links(links, 1)
    for name, array in (("source", source), ("target", target), ("group", group)):
        np.save(path / f"{name}.npy", array)


def _run(program: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.network_scale", program, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=False, cwd=_REPOSITORY)
    except subprocess.TimeoutExpired:
        return {"skipped": f"not done after {_LIMIT} s"}
    if done.returncode != 0:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        return {"skipped": lines[-1][:200] if lines else f"it ended with {done.returncode}"}
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def one_program(program: str, folder: Path) -> dict[str, Any]:
    """The five steps of one program, in this process."""
    made = _PROGRAMS[program]()  # imports and compiled code are there before the clock starts
    before = peak()
    group = np.load(folder / "group.npy")
    steps = made(np.load(folder / "source.npy"), np.load(folder / "target.npy"), len(group))
    spent: dict[str, float] = {}
    label: Any = None
    began = time.perf_counter()
    for step in _STEPS:
        start = time.process_time()
        label = steps[step]()
        spent[step] = time.process_time() - start
    wall, most = time.perf_counter() - began, peak()
    from alidade.network.group_evidence import likeness

    found = np.unique(np.asarray(label), return_inverse=True)[1].astype(np.int32)
    return {
        "steps": spent, "wall": wall, "peak": most, "before": before, "groups": int(found.max()) + 1,
        "likeness": likeness(found, group),
    }  # fmt: skip


Made = Callable[[Any, Any, int], Steps]


def _alidade() -> Made:
    from alidade.network import Graph, components, core_numbers, groups, pagerank

    ring = np.arange(60)
    tiny = Graph.from_edges(ring.astype(np.int32), ((ring + 1) % 60).astype(np.int32))
    for each in (components, pagerank, core_numbers, groups):
        each(tiny)
    kept: dict[str, Any] = {}

    def make(source: Any, target: Any, people: int) -> Steps:
        ends = [source, target]

        def load() -> None:
            kept["graph"] = Graph.from_edges(ends[0], ends[1])
            ends.clear()

        def grouped() -> Any:
            graph = kept["graph"]
            found = groups(graph)
            label = np.full(people, -1, dtype=np.int64)
            label[np.asarray(graph.ids)] = found.labels
            return label

        return {
            "load": load,
            "components": lambda: components(kept["graph"]),
            "pagerank": lambda: pagerank(kept["graph"]),
            "cores": lambda: core_numbers(kept["graph"]),
            "groups": grouped,
        }

    return make


def _networkit() -> Made:
    import networkit

    kept: dict[str, Any] = {}

    def make(source: Any, target: Any, people: int) -> Steps:
        def load() -> None:
            pairs = (source.astype(np.uint64), target.astype(np.uint64))
            kept["graph"] = networkit.GraphFromCoo(pairs, n=people, directed=False)

        def grouped() -> Any:
            found = networkit.community.PLM(kept["graph"], refine=True, gamma=1.0)
            found.run()
            return found.getPartition().getVector()

        return {
            "load": load,
            "components": lambda: networkit.components.ConnectedComponents(kept["graph"]).run(),
            "pagerank": lambda: networkit.centrality.PageRank(kept["graph"]).run(),
            "cores": lambda: networkit.centrality.CoreDecomposition(kept["graph"]).run(),
            "groups": grouped,
        }

    return make


def _igraph() -> Made:
    import igraph  # type: ignore[import-not-found, unused-ignore]

    kept: dict[str, Any] = {}

    def make(source: Any, target: Any, people: int) -> Steps:
        def load() -> None:
            kept["graph"] = igraph.Graph(n=people, edges=np.column_stack([source, target]))

        def grouped() -> Any:
            return kept["graph"].community_leiden("CPM", resolution=0.03, n_iterations=2).membership

        return {
            "load": load,
            "components": lambda: kept["graph"].connected_components(),
            "pagerank": lambda: kept["graph"].pagerank(),
            "cores": lambda: kept["graph"].coreness(),
            "groups": grouped,
        }

    return make


def _networkx() -> Made:
    import networkx

    kept: dict[str, Any] = {}

    def make(source: Any, target: Any, people: int) -> Steps:
        def load() -> None:
            graph = networkx.Graph()
            graph.add_nodes_from(range(people))
            graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
            kept["graph"] = graph

        def grouped() -> Any:
            label = np.zeros(people, dtype=np.int64)
            for number, members in enumerate(networkx.community.louvain_communities(kept["graph"], seed=0)):
                label[list(members)] = number
            return label

        return {
            "load": load,
            "components": lambda: list(networkx.connected_components(kept["graph"])),
            "pagerank": lambda: networkx.pagerank(kept["graph"]),
            "cores": lambda: networkx.core_number(kept["graph"]),
            "groups": grouped,
        }

    return make


_PROGRAMS: dict[str, Callable[[], Made]] = {
    "alidade": _alidade,
    "networkit": _networkit,
    "igraph": _igraph,
    "networkx": _networkx,
}

if __name__ == "__main__":
    print(json.dumps(one_program(sys.argv[1], Path(sys.argv[2]))))
