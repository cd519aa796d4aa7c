"""Page: all tables of the results as one page, with the plot beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.figures import shown
from benchmarks.matching.plot import draw
from benchmarks.matching.queries import CLASSES
from benchmarks.matching.register import SIZES
from benchmarks.matching.results import Results, versions
from benchmarks.matching.targets import TARGETS

PAGE = Path(__file__).parent / "RESULTS.md"
PLOT = "plot.svg"
_HEAD = """# Matching: results

Written by `script/bench matching`. The figures are those of the set "{set}", which is not looked at while the index is
improved. Registers, questions and pairs: see the end of this page.

{machine}
Libraries: {versions}.

![Median time of an answer against the share found first, for each engine and size]({plot})

"""
_TRUTH = """## How truth was made

* Register: 80 of 100 persons, 16 companies, 4 vessels, of about a hundred countries. Frequent names are drawn by rank
  from lists by country (CC0), others from nine tenths of Wikidata's name groups (rigour 1.2.0); a tenth is held out.
  About a fifth of the persons of countries with another script stand in it. 100k is the beginning of 1M, 1M of 10M.
* 1,000 questions in fifteen classes of error about rows among the first 100k. A hit is the row meant or one with the
  same folded words. 1,000 absent names: 500 with a held-out word, 500 new combinations; those of which a row has the
  same folded words are taken out.
* "False at .80": how many absent names reach the threshold at which .80 of all questions are still answered correctly
  in the first place; "-": .80 is never reached. Where fewer than 1,000 were asked, the count is of those asked.
* Questions of the classes translit, otherscript, translit_typo are drawn from name groups that are public, and that an
  index may know. Real aliases are out of sample: other names of the OFAC list of 2021 that differ from the primary
  name, asked in the list's primary names and the rows of a register. Many are plain other names: 1.0 is impossible.
* Every peer is given folded text (case folded, anyascii); those that fetch candidates fetch a hundred, which
  token_sort_ratio orders. They are not tuned further. Each ran in a process of its own, after ours, one at a time.
* Pairs: half of the public bench of names of nomenklatura (MIT). "Best" is at the threshold with the highest F1.
* Uses: thresholds of the product (`src/alidade/matching/data/thresholds.json`) on the score of `compare_hit`, by name
  alone, the hundred best of the index compared. Recall: the entry meant is among the records shown. False: of a
  thousand absent names those that meet any record. Thresholds were chosen on the set "tuning".
* Linking: two registers, three in ten of the rows shared; copies have the name in error (70 of 100), the birth date
  (12 wrong, 8 missing), one digit of the document (6; missing on each side in 40), the country (10). F1 at the best
  threshold, each row with its best partner only.
* Not measured here: whole things by `compare` (the labelled pairs of things are not public data of this repository).
"""
_LOOK_UP = (
    "build s", "process peak MB", "on disk MB", "reopen s", "p50 ms", "p95 ms", "p99 ms", "q/s 1", "q/s 2", "R@1",
    "R@10", "false at .70", "false at .80", "false at .90", "asked",
)  # fmt: skip

_OTHERS = (
    (
        "Real aliases", "aliases",
        ("R@1", "R@10", "individuals R@1", "individuals R@10", "entities R@1", "entities R@10", "asked"),
    ),
    (
        "Pairs of names", "pairs",
        (
            "AUC", "AP", "P at .7", "R at .7", "F1 at .7", "best F1", "best threshold", "five-fold F1", "us/pair",
            "groups",
        ),
    ),
    ("Uses of a check", "uses", ("threshold", "recall", "false of 1,000", "shown for an absent name")),
    ("Linking", "linking", ("seconds", "peak MB", "P", "R", "F1", "F1 as set", "note")),
)  # fmt: skip


def write_page(results: Results, path: Path = PAGE) -> None:
    """Write the page and, beside it, the plot."""
    plot = path.with_name(PLOT) if path == PAGE else path.with_suffix(".svg")
    plot.write_text(_plot(results), encoding="utf-8")
    head = _HEAD.format(set=results.set, machine=report.machine(), versions=versions(), plot=plot.name)
    parts = [head, _targets(results)]
    for size in SIZES:
        rows = _of_size(results, "look-up", size)
        if rows:
            parts.append(f"## Look-up among {size} names\n\n" + _table(rows, _LOOK_UP))
    parts.append(_classes(results))
    for title, name, columns in _OTHERS:
        if results.tables.get(name):
            parts.append(f"## {title}\n\n" + _table(results.tables[name], columns))
    if results.left_out:
        lines = [f"* {key}: {reason}" for key, reason in sorted(results.left_out.items())]
        parts.append("## Left out\n\n" + "\n".join(lines) + "\n")
    path.write_text("\n".join([*parts, _TRUTH]), encoding="utf-8")


def _targets(results: Results) -> str:
    lines = ["## Targets\n", "| figure | measured | to reach | aim | reached |", "| --- | ---: | ---: | ---: | --- |"]
    for target in TARGETS:
        value, row = target.value(results), results.row(target.table, target.key)
        if value is None:
            told = "never" if row is not None and target.column in row else "not measured"
            lines.append(f"| {target.name} | {told} | {shown(target.reach)} | {shown(target.aim)} | |")
            continue
        word = "NO"
        for limit, said in ((target.reach, "yes"), (target.aim, "aim")):
            if value >= limit if target.least else value <= limit:
                word = said
        lines.append(f"| {target.name} | {_cell(value)} | {shown(target.reach)} | {shown(target.aim)} | {word} |")
    return "\n".join(lines) + "\n"


def _table(rows: dict[str, dict[str, Any]], columns: Iterable[str]) -> str:
    used = [column for column in columns if any(row.get(column) is not None for row in rows.values())]
    lines = ["| engine | " + " | ".join(used) + " | measured |", "| --- |" + " ---: |" * len(used) + " --- |"]
    for key, row in rows.items():
        cells = [_cell(row.get(column)) for column in used]
        lines.append(f"| {key} | " + " | ".join(cells) + f" | {row['when']}, load {row['load']} |")
    commands = sorted({row["command"] for row in rows.values()})
    return "\n".join(lines) + "\n\nCommand: " + ", ".join(f"`{command}`" for command in commands) + "\n"


def _classes(results: Results) -> str:
    rows = {key: row["classes"] for key, row in results.tables.get("look-up", {}).items()}
    if not rows:
        return ""
    lines = ["## Classes: found first / among ten\n", "| class | " + " | ".join(rows) + " |"]
    lines.append("| --- |" + " --- |" * len(rows))
    for sort in CLASSES:
        cells = [f"{row[sort][0]:.2f} / {row[sort][1]:.2f}" if sort in row else "" for row in rows.values()]
        lines.append(f"| {sort} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _of_size(results: Results, table: str, size: str) -> dict[str, dict[str, Any]]:
    found = results.tables.get(table, {})
    return {key.removesuffix(" " + size): row for key, row in found.items() if key.endswith(" " + size)}


def _plot(results: Results) -> str:
    panels: dict[str, list[dict[str, Any]]] = {}
    classes: dict[str, list[tuple[str, float]]] = {}
    for size in SIZES:
        rows = _of_size(results, "look-up", size)
        if rows:
            panels[size] = [{"title": key, "p50": row["p50 ms"], "at_1": row["R@1"]} for key, row in rows.items()]
            if size != "10M":
                classes = {key: _firsts(row["classes"]) for key, row in rows.items()}
    return draw(panels, classes)


def _firsts(classes: dict[str, Any]) -> list[tuple[str, float]]:
    return [(sort, classes[sort][0]) for sort in CLASSES if sort in classes]


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 1 else shown(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
