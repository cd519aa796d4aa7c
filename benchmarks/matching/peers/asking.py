"""What the look-ups of all peers share: reading rows, asking one by one, scoring candidates anew, leaving answers."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.matching.memory import peak

Answer = list[tuple[int, float]]
FETCHED = 100
_LIMIT = 10


def asked() -> dict[str, Any]:
    """The questions this script was given."""
    given: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return given


def tell(told: dict[str, Any]) -> None:
    """Leave the answers, with the most memory that this process held."""
    told["peak MB"] = peak()
    Path(sys.argv[2]).write_text(json.dumps(told), encoding="utf-8")


def rows(given: dict[str, Any]) -> list[str]:
    """The folded names of the register, after those that stand before it."""
    polars: Any = importlib.import_module("polars")
    names: list[str] = list(given.get("before", ()))
    for path in given["files"]:
        names += polars.read_parquet(path, columns=["folded"])["folded"].to_list()
    return names


def again(query: str, candidates: Sequence[int], names: Sequence[str]) -> Answer:
    """The candidates scored anew by token_sort_ratio, the ten best."""
    process: Any = importlib.import_module("rapidfuzz.process")
    fuzz: Any = importlib.import_module("rapidfuzz.fuzz")
    texts = [names[row] for row in candidates]
    found = process.extract(query, texts, scorer=fuzz.token_sort_ratio, limit=_LIMIT)
    return [(candidates[place], score / 100) for _, score, place in found]


def answer_all(given: dict[str, Any], search: Callable[[str], Answer], build: float) -> dict[str, Any]:
    """All questions one by one, timed; then the absent names."""
    for query in given["queries"][:20]:
        search(query)
    answers, spent = [], []
    for query in given["queries"]:
        start = time.perf_counter()
        answers.append(search(query))
        spent.append(time.perf_counter() - start)
    ordered = sorted(spent)
    times = {"build s": build, "q/s 1": len(spent) / max(sum(spent), 1e-9)}
    for share, column in ((0.5, "p50 ms"), (0.95, "p95 ms"), (0.99, "p99 ms")):
        times[column] = 1_000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]
    return {"times": times, "answers": answers, "absent": [search(text) for text in given["absent"]]}
