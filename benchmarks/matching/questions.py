"""Questions that are kept between runs, and absent names that a register happens to hold after all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars

from benchmarks.matching import corruption, queries
from benchmarks.matching.queries import Query, make_absent, make_queries
from benchmarks.matching.register import files, folder_of
from benchmarks.matching.scoring import words


def questions(name: str) -> list[Query]:
    """The questions of a set."""
    return [Query(**each) for each in _kept(name)["queries"]]


def absent_names(name: str, size: int, beside: Sequence[str] = ()) -> list[str]:
    """The absent names of a set of which no row of this size has the same folded words, nor any name `beside`."""
    named: list[str] = _kept(name)["absent"]
    there = {words(text) for text in beside}
    wanted = {" ".join(words(text)): text for text in named}
    for path in files(name, size):
        for key in _colliding(path, list(wanted)):
            wanted.pop(key, None)
    return [text for text in wanted.values() if words(text) not in there]


def _kept(name: str) -> Any:
    sources = [Path(str(module.__file__)).read_bytes() for module in (queries, corruption)]
    path = folder_of(name) / f"questions-{hashlib.sha256(b''.join(sources)).hexdigest()[:12]}.json"
    if not path.exists():
        made = {"queries": [asdict(query) for query in make_queries(name)], "absent": make_absent(name)}
        path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def _colliding(path: Path, wanted: list[str]) -> list[str]:
    folded = polars.read_parquet(path, columns=["folded"]).to_series()
    keys = folded.str.split(" ").list.sort().list.join(" ")
    colliding: list[str] = keys.filter(keys.is_in(wanted)).to_list()
    return colliding
