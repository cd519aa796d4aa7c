"""Results kept beside the page, so that a run of one size or without peers leaves the other rows as they are.

Every row says when, at what load and by which command it was measured. Rows measured on other registers (the generator
has changed) are dropped.
"""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.matching.register import version

KEPT = Path(__file__).parent / "results.json"
_LIBRARIES = ("numba", "numpy", "polars", "rapidfuzz", "anyascii")


@dataclass(slots=True)
class Results:
    """Rows by table and key; what was left out, and why."""

    set: str
    tables: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def keep(self, table: str, key: str, row: dict[str, Any], load: str, command: str) -> None:
        """Keep one row, measured now."""
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        row = {**row, "when": when, "load": load, "command": command, "machine": report.machine().split("; ")[1]}
        self.tables.setdefault(table, {})[key] = row
        self.left_out.pop(f"{table}: {key}", None)

    def leave_out(self, table: str, key: str, reason: str) -> None:
        """Say why a row is not there; an older one goes."""
        self.tables.get(table, {}).pop(key, None)
        self.left_out[f"{table}: {key}"] = reason

    def row(self, table: str, key: str) -> dict[str, Any] | None:
        """A row, None where it was not measured."""
        return self.tables.get(table, {}).get(key)


def read_results(name: str, path: Path = KEPT) -> Results:
    """The kept rows of a set, none where they are of other registers."""
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["register"] == version() and kept["set"] == name:
            return Results(name, kept["tables"], kept["left_out"])
    return Results(name)


def write_results(results: Results, path: Path = KEPT) -> None:
    """Keep the rows for the next run."""
    kept = {"register": version(), "set": results.set, "tables": results.tables, "left_out": results.left_out}
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def versions() -> str:
    """Python and the libraries that the figures hang on."""
    found = ", ".join(f"{library} {version_of(library)}" for library in _LIBRARIES)
    return f"Python {platform.python_version()}, {found}"
