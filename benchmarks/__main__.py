"""The command: python -m benchmarks [NAMES...] [--quick] [--out FILE]. Ends with 0 even where an aim is missed."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import click

from benchmarks import report
from benchmarks.figures import Options, Result
from benchmarks.places import cache

NAMES = (
    "decisions",
    "many_statements",
    "identifier_check",
    "import_rows",
    "start_up",
    "ledger",
    "matching_simple",
    "matching",
    "pages",
    "earlier_checks",
    "exchange",
    "inbox",
    "courses",
    "entity",
    "chart",
    "questions",
    "network_removals",
    "network_scale",
    "rehearsal",
)
SIZES = ("100k", "1M", "10M")
RESULTS = Path(__file__).parent / "RESULTS.md"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar="[NAMES]...")
@click.option("--quick", is_flag=True, help="Small stores and few repetitions; writes a file only with --out.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write. [benchmarks/RESULTS.md]")
@click.option("--forget", is_flag=True, help="Remove the stores that earlier runs filled, first.")
@click.option(
    "--size",
    "sizes",
    multiple=True,
    type=click.Choice(SIZES),
    help="Of matching: 100k, 1M or 10M names; of rehearsal: 100k records.",
)
@click.option("--peers", is_flag=True, help="Of matching: other programs on the same names, in the same run.")
def main(
    names: tuple[str, ...], quick: bool, out: Path | None, forget: bool, sizes: tuple[str, ...], peers: bool
) -> None:
    """Measure the program on this machine, wholly or only NAMES.

    \b
    NAMES: decisions, many_statements, identifier_check, import_rows, start_up, ledger,
    matching_simple, matching, pages, earlier_checks, exchange, inbox, courses, entity, chart, questions,
    network_removals,
    network_scale, rehearsal.
    Filled stores are kept for the next run in ALIDADE_BENCH_CACHE, or in a folder under the system's temporary one
    (about 3 GB); public lists are looked for in ALIDADE_SHARED_DATA.
    """
    if forget:
        shutil.rmtree(cache(), ignore_errors=True)
    target = out or (None if quick else RESULTS)
    missed: list[str] = []
    for name in names or NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        load = report.load()
        result: Result = module.measure(Options(quick=quick, sizes=sizes, peers=peers))
        report.show(name, result)
        missed.extend(f"{name}: {each.name}" for each in result.figures if each.reached is False)
        if target is not None:
            chosen = "".join(f" --size {size}" for size in sizes)
            command = f"script/bench {name}{' --quick' if quick else ''}{chosen}{' --peers' if peers else ''}"
            report.write(target, {name: report.section(name, module.__doc__ or "", command, load, result)}, NAMES)
    for line in missed:
        click.echo(f"Missed: {line}")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks")
