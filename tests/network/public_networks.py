"""The public networks of the tests: CAVIAR, Montagna, and four cocaine networks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from alidade.network import Graph


def matrix(path: Path, *, directed: bool = False) -> Graph:
    """The graph of a square table of counts whose first row and column are ids."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    heads = [each for each in rows[0][1:] if each]
    source, target, weight = [], [], []
    for row in rows[1:]:
        for head, count in zip(heads, row[1:], strict=False):
            if count and float(count) > 0:
                source.append(row[0])
                target.append(head)
                weight.append(float(count))
    return Graph.from_edges(source, target, weight, directed, vertices=[row[0] for row in rows[1:]])


def caviar(shared: Path, part: str = "total", *, directed: bool = False) -> Graph:
    return matrix(shared / "networks" / "caviar" / f"{part}.csv", directed=directed)


def cocaine(shared: Path, name: str) -> Graph:
    return matrix(shared / "networks" / "cocaine_spain" / f"COCAINE_{name}.csv")


def montagna(shared: Path, name: str) -> Graph:
    """Of links named twice the published curves took the later weight."""
    table = np.loadtxt(shared / "networks" / "montagna" / "dataset" / f"Montagna_{name}_edgelist.csv", dtype=np.int64)
    return Graph.from_edges(table[:, 0], table[:, 1], table[:, 2], parallel="last")
