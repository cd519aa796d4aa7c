"""Report: the figures on the terminal, and in RESULTS.md with what is needed to judge them."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import COLUMNS, Result, rows

_HEAD = """# Results of the benchmarks

Written by `script/bench`; each section says when, where and with which command. Rates and times are wall time beside
the time of the processor (CPU) in the same unit: where the two are far apart, either the disk was waited for or others
used the machine. A figure counts as reached by its wall time.

"""
_BUSY = 1.5  # processes that could run before a benchmark began: others had the cores as well
_SECTION = re.compile(r"^## ([a-z_]+)\n", re.MULTILINE)


def show(name: str, result: Result) -> None:
    """Print the table of one benchmark."""
    shown = Table(title=name, title_justify="left", title_style="bold", pad_edge=False)
    for column in COLUMNS:
        shown.add_column(column, justify="right" if column in ("figure", "CPU") else "left")
    for row in rows(result.figures):
        shown.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(shown)
    if result.text:
        print(result.text)


def section(name: str, purpose: str, command: str, load: str, result: Result) -> str:
    """The section of one benchmark in RESULTS.md."""
    lines = [f"## {name}", "", purpose.strip(), "", f"Command: `{command}`. {machine()} Load {load}.", ""]
    lines += ["| " + " | ".join(COLUMNS) + " |", "| --- | ---: | --- | ---: | --- | --- |"]
    lines += ["| " + " | ".join(row) + " |" for row in rows(result.figures)]
    if result.text:
        lines += ["", "```text", result.text.rstrip(), "```"]
    return "\n".join(lines) + "\n"


def write(path: Path, sections: dict[str, str], order: tuple[str, ...]) -> None:
    """Write the sections into the file; those of benchmarks that were not run now stay as they were."""
    kept = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept.update(sections)
    text = _HEAD + "\n".join(kept[name] for name in order if name in kept)
    path.write_text(text, encoding="utf-8")


def load() -> str:
    """How busy the machine is: runnable processes over one and five minutes."""
    one, five, _ = os.getloadavg()
    shared = ", shared with other work while this ran" if one >= _BUSY else ""
    return f"{one:.1f} / {five:.1f} (1 / 5 min) on {os.cpu_count()} cores{shared}"


def machine() -> str:
    """When and on what it was measured, without the name of the machine."""
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{day}; {_processor()}; {platform.system()} {platform.machine()}; {versions}."


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "processor unknown"
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found.group(1) if found else platform.processor() or "processor unknown"


def _sections(text: str) -> dict[str, str]:
    parts = _SECTION.split(text)
    return {name: f"## {name}\n{body.rstrip()}\n" for name, body in zip(parts[1::2], parts[2::2], strict=True)}
