"""Import of rows: the public sanctions list, the same list again, and a table of 20,000 invented persons.

Why: an authority's first hour with the platform is an import; and a list that comes every day must cost little where
nothing changed. No target is set. The list is skipped where it is not found (ALIDADE_SHARED_DATA).
"""

from __future__ import annotations

from collections.abc import Callable

from alidade.services.import_file import ImportReport
from alidade.services.node import Node
from benchmarks import lists, places, staging
from benchmarks.figures import Figure, Options, Result, plain
from benchmarks.timing import Sample, rate


def measure(options: Options) -> Result:
    """Each import once, into a new node."""
    shared = places.shared_data()
    figures: list[Figure] = []
    text = []
    with places.passing() as folder:
        node = Node.open(folder / "node")
        try:
            staging.begin(node)
            if shared is not None and (shared / "ofac" / "sdn.csv").exists():
                source = shared / "ofac"
                for name, rejects in (("sanctions list", "first"), ("the same list again", "second")):
                    found, line = _timed(name, lambda at=rejects: lists.import_sdn(node, source, folder / at))  # type: ignore[misc]
                    figures += found
                    text.append(line)
            else:
                text.append("The sanctions list was not found; only the table was imported.")
            table = folder / "table.csv"
            lists.write_table(table, 2_000 if options.quick else 20_000)
            found, line = _timed("table", lambda: lists.import_table(node, table))
            figures += found
            text.append(line)
        finally:
            node.close()
    return Result(figures=tuple(figures), text="\n".join(text))


def _timed(name: str, action: Callable[[], ImportReport]) -> tuple[list[Figure], str]:
    sample = Sample()
    with sample.once():
        report = action()
    seconds = sample.of(0.5)
    by_row, by_statement = rate(report.read, seconds), rate(report.statements, seconds)
    figures = [
        plain(f"{name}: time", seconds[0], "s", cpu=seconds[1]),
        plain(f"{name}: rows", by_row[0], "rows/s", cpu=by_row[1]),
    ]
    if report.statements:
        figures.append(plain(f"{name}: statements", by_statement[0], "statements/s", cpu=by_statement[1]))
    counts = ", ".join(
        f"{getattr(report, each)} {each}"
        for each in ("read", "new", "altered", "unchanged", "quarantined", "rejected", "remarks", "statements")
    )
    return figures, f"{name}: {counts}"
