"""What each use of a check finds and finds wrongly: the thresholds of the product, as the product compares.

The hundred best of the index are compared as whole things by `compare_hit`, names only, as a check does. Recall counts
a corrupted name as found when its entry is among the records at or above the threshold; a false hit is an absent name
that meets any. Thresholds are chosen on the set "tuning" and published with the figures of "blind".
"""

from __future__ import annotations

from dataclasses import dataclass

import click
import polars

from alidade.matching import NameIndex, compare_hit
from alidade.matching.name_kinds import name_thing
from alidade.matching.thresholds import THRESHOLDS
from benchmarks import report
from benchmarks.matching.page import write_page
from benchmarks.matching.questions import absent_names, questions
from benchmarks.matching.register import SIZES, names, register
from benchmarks.matching.results import read_results, write_results
from benchmarks.matching.scoring import words

_COMPARED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredUse:
    """One use: recall 0..1, false hits of a thousand absent names, records that one absent name meets in the mean."""

    use: str
    threshold: float
    recall: float
    false: float
    shown: float


def measure_uses(name: str, size: str) -> list[MeasuredUse]:
    """Every use, among so many names of a set."""
    rows, kinds = names(name, SIZES[size]), register(name, SIZES[size])["kind"].cast(polars.String)
    index = NameIndex.build(rows.to_list(), kinds.to_list())

    def scores(asked: str) -> list[tuple[float, int]]:
        found = []
        for hit in index.search(asked, limit=_COMPARED):
            thing = name_thing(kinds[hit.row])
            found.append((compare_hit({"name": asked}, {"name": rows[hit.row]}, thing).score, hit.row))
        return found

    right: list[float] = []
    for query in questions(name):
        meant = words(query.name)
        own = [score for score, row in scores(query.text) if row == query.truth or words(str(rows[row])) == meant]
        right.append(max(own, default=0.0))
    wrong = [[score for score, _ in scores(absent)] for absent in absent_names(name, SIZES[size])]
    return [
        MeasuredUse(
            use=use,
            threshold=each.threshold,
            recall=sum(score >= each.threshold for score in right) / len(right),
            false=1_000 * sum(max(found, default=0.0) >= each.threshold for found in wrong) / len(wrong),
            shown=sum(score >= each.threshold for found in wrong for score in found) / len(wrong),
        )
        for use, each in THRESHOLDS.uses.items()
    ]


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), default="1M", show_default=True)
@click.option("--set", "name", default="blind", show_default=True, help="Which questions: tuning or blind.")
@click.option("--keep", is_flag=True, help="Write the figures into the results and their page.")
def main(size: str, name: str, keep: bool) -> None:
    """Measure the thresholds of the product's uses."""
    results, load = read_results(name), report.load()
    command = f"python -m benchmarks.matching.uses --size {size} --keep"
    for each in measure_uses(name, size):
        click.echo(
            f"{each.use}: threshold {each.threshold}, recall {each.recall:.3f}, false hits of 1,000 absent names"
            f" {each.false:.0f}, records shown for an absent name {each.shown:.2f}"
        )
        row = {
            "threshold": each.threshold,
            "recall": each.recall,
            "false of 1,000": round(each.false),
            "shown for an absent name": each.shown,
        }
        results.keep("uses", f"{each.use} {size}", row, load, command)
    if keep:
        write_results(results)
        write_page(results)


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.matching.uses")
