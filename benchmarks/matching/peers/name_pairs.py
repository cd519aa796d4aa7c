"""Pairs of names through a matcher of nomenklatura. Run by the Python of the peers: ASKED TOLD."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

_PASSES = 3


def main() -> None:
    """Score each pair as two entities with a name only."""
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    matching: Any = importlib.import_module("nomenklatura.matching")
    model: Any = importlib.import_module("followthemoney").model
    algorithm = matching.get_algorithm(asked["algorithm"])
    config = algorithm.default_config()
    pairs = [
        [_entity(model, schema, f"{side}{number}", name) for side, name in (("l", left), ("r", right))]
        for number, (schema, left, right) in enumerate(asked["pairs"])
    ]
    spent: list[float] = []
    scores: list[float] = []
    for _ in range(_PASSES):
        start = time.perf_counter()
        scores = [float(algorithm.compare(left, right, config).score) for left, right in pairs]
        spent.append(1e6 * (time.perf_counter() - start) / len(pairs))
    told = {"scores": scores, "microseconds": sorted(spent)[_PASSES // 2]}
    Path(sys.argv[2]).write_text(json.dumps(told), encoding="utf-8")


def _entity(model: Any, schema: str, key: str, name: str) -> Any:
    return model.get_proxy({"id": key, "schema": schema, "properties": {"name": [name]}})


if __name__ == "__main__":
    main()
