"""Linking of two registers: seconds, memory, and how many of the true links are found, by us and by Splink.

Each runs in a process of its own. Precision, recall and F1 stand at the best threshold, the same courtesy to both; a
row keeps its best partner only. Ours are also given at the threshold that `link` uses when none is said.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click
import polars

from benchmarks.matching.groups import plain
from benchmarks.matching.link_registers import link_registers
from benchmarks.matching.memory import peak
from benchmarks.matching.peer_runs import Skipped, run_peer
from benchmarks.matching.register import SETS, SIZES
from benchmarks.places import passing

_WARM = 5_000
_LEAST = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What one linking found and took."""

    title: str
    size: str
    seconds: float
    peak: float
    precision: float
    recall: float
    f1: float
    usual: tuple[float, float, float] | None = None
    note: str = ""


def measure_ours(name: str, size: str) -> Linked:
    """`alidade.matching.link` in a fresh process."""
    folder = link_registers(name, SIZES[size])
    with passing() as place:
        out = place / "pairs.parquet"
        command = [sys.executable, "-m", "benchmarks.matching.linking", "--child", str(folder), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        told = json.loads(done.stdout.splitlines()[-1])
        pairs, truth = polars.read_parquet(out), polars.read_parquet(folder / "truth.parquet")
    best, usual = judge(pairs, truth), None
    if "usual" in told:
        usual = at_threshold(pairs, truth, told["usual"])
    return Linked(
        title="alidade link", size=size, seconds=told["seconds"], peak=told["peak"],
        precision=best[0], recall=best[1], f1=best[2], usual=usual,
        note=f"{pairs.height:,} pairs, best threshold {best[3]:.3f}",
    )  # fmt: skip


def measure_splink(name: str, size: str) -> Linked:
    """Splink in the environment of the peers."""
    folder = link_registers(name, SIZES[size])
    with passing() as place:
        asked = {"pairs": str(place / "pairs.parquet")}
        for side in ("left", "right"):
            asked[side] = str(folder / f"{side}.parquet")
            asked[f"{side} folded"] = str(place / f"{side}-folded.parquet")
            names = polars.read_parquet(asked[side], columns=["name"])["name"].to_list()
            polars.DataFrame({"folded": [plain(text) for text in names]}).write_parquet(asked[f"{side} folded"])
        told = run_peer("splink", "link_splink", asked)
        pairs, truth = polars.read_parquet(asked["pairs"]), polars.read_parquet(folder / "truth.parquet")
    best = judge(pairs, truth)
    return Linked(
        title="Splink 5 (DuckDB)", size=size, seconds=told["link s"], peak=told["peak MB"],
        precision=best[0], recall=best[1], f1=best[2],
        note=f"{pairs.height:,} pairs, of these seconds {told['train s']:.1f} of training",
    )  # fmt: skip


def judge(pairs: polars.DataFrame, truth: polars.DataFrame) -> tuple[float, float, float, float]:
    """Precision, recall, F1 and threshold where F1 is highest, each row with its best partner only."""
    table = _best_partners(pairs, truth)
    table = table.with_columns(found=polars.col("true").cum_sum(), said=polars.int_range(1, polars.len() + 1))
    table = table.with_columns(
        precision=polars.col("found") / polars.col("said"), recall=polars.col("found") / truth.height
    )
    f1 = 2 * polars.col("precision") * polars.col("recall") / (polars.col("precision") + polars.col("recall") + 1e-9)
    ends = polars.col("score") != polars.col("score").shift(-1, fill_value=-1e9)
    table = table.with_columns(f1=f1).filter(ends).sort("f1", descending=True)
    if not table.height:
        return 0.0, 0.0, 0.0, 0.0
    best = table.row(0, named=True)
    return best["precision"], best["recall"], best["f1"], best["score"]


def at_threshold(pairs: polars.DataFrame, truth: polars.DataFrame, threshold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 at a threshold."""
    table = _best_partners(pairs, truth).filter(polars.col("score") >= threshold)
    found = int(table["true"].sum())
    precision, recall = found / max(table.height, 1), found / truth.height
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _best_partners(pairs: polars.DataFrame, truth: polars.DataFrame) -> polars.DataFrame:
    kinds = polars.Schema({"left": polars.Int64, "right": polars.Int64})
    table = pairs.select("left", "right", "score").cast(kinds).sort("score", descending=True, maintain_order=True)
    free = _first_come(table["left"].to_list(), table["right"].to_list())
    table = table.filter(polars.Series(free, dtype=polars.Boolean))
    known = truth.cast(kinds).with_columns(true=polars.lit(True))
    return table.join(known, on=["left", "right"], how="left", maintain_order="left").with_columns(
        true=polars.col("true").fill_null(False).cast(polars.Int64)
    )


def _first_come(lefts: list[int], rights: list[int]) -> list[bool]:
    """Which pairs, best first, have both rows still free."""
    left_taken, right_taken, free = set[int](), set[int](), []
    for left, right in zip(lefts, rights, strict=True):
        free.append(left not in left_taken and right not in right_taken)
        if free[-1]:
            left_taken.add(left)
            right_taken.add(right)
    return free


def _child(folder: Path, out: Path) -> None:
    from alidade.matching import link

    left, right = (polars.read_parquet(folder / f"{side}.parquet") for side in ("left", "right"))
    link(left[:_WARM], right[:_WARM], threshold=_LEAST)  # compiled parts are ready
    start = time.perf_counter()
    pairs = link(left, right, threshold=_LEAST)
    seconds = time.perf_counter() - start
    pairs.write_parquet(out)
    told = {"seconds": seconds, "peak": peak(), "usual": _usual()}
    print(json.dumps(told))


def _usual() -> float:
    from alidade.matching.linking_weights import LINKING

    return float(LINKING.threshold)


@click.command()
@click.option("--size", type=click.Choice(["100k", "1M"]), default="100k", show_default=True)
@click.option("--set", "name", type=click.Choice(list(SETS)), default="tuning", show_default=True)
@click.option("--peers", is_flag=True, help="Measure Splink as well.")
@click.option("--child", nargs=2, type=click.Path(path_type=Path), hidden=True)
def main(size: str, name: str, peers: bool, child: tuple[Path, Path] | None) -> None:
    """Link two registers of a set."""
    if child:
        _child(*child)
        return
    click.echo(str(measure_ours(name, size)))
    if peers:
        try:
            click.echo(str(measure_splink(name, size)))
        except Skipped as reason:
            click.echo(f"Splink left out: {reason}")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.matching.linking")
