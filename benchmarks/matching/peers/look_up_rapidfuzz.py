"""Look-up by comparing with every row (rapidfuzz). Run by the Python of the peers: ASKED TOLD."""

from __future__ import annotations

import importlib
import time
from typing import Any

from benchmarks.matching.peers.asking import Answer, asked, rows, tell

_TOGETHER = 40
_SINGLE = 40


def main() -> None:
    """A few questions one by one for the time, all in batches for the answers."""
    given = asked()
    numpy: Any = importlib.import_module("numpy")
    process: Any = importlib.import_module("rapidfuzz.process")
    fuzz: Any = importlib.import_module("rapidfuzz.fuzz")
    start = time.perf_counter()
    names = rows(given)
    build = time.perf_counter() - start
    spent = []
    for query in given["queries"][:: max(1, len(given["queries"]) // _SINGLE)]:
        start = time.perf_counter()
        process.extract(query, names, scorer=fuzz.token_sort_ratio, limit=10)
        spent.append(time.perf_counter() - start)
    spent.sort()

    def answer(queries: list[str]) -> list[Answer]:
        found: list[Answer] = []
        for first in range(0, len(queries), _TOGETHER):
            part = queries[first : first + _TOGETHER]
            matrix = process.cdist(part, names, scorer=fuzz.token_sort_ratio, dtype=numpy.uint8, workers=2)
            for line in matrix:
                best = numpy.argpartition(line, len(line) - 10)[-10:]
                best = best[numpy.argsort(-line[best].astype(int), kind="stable")]
                found.append([(int(row), float(line[row]) / 100) for row in best])
        return found

    start = time.perf_counter()
    answers = answer(given["queries"])
    many = len(answers) / max(time.perf_counter() - start, 1e-9)
    times = {"build s": build, "q/s 1": len(spent) / sum(spent), "q/s 2": many}
    for share, column in ((0.5, "p50 ms"), (0.95, "p95 ms"), (0.99, "p99 ms")):
        times[column] = 1_000 * spent[min(len(spent) - 1, int(len(spent) * share))]
    tell({"times": times, "answers": answers, "absent": answer(given["absent"])})


if __name__ == "__main__":
    main()
