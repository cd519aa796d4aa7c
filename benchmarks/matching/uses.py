"""What each use of a check finds and finds wrongly: the thresholds of the product, as the product compares.

The hundred best of the index are compared as whole things, names only, as a check does. Recall counts a corrupted name
as found when its entry is among the records at or above the threshold; a false hit is an absent name that meets any.
"""

from __future__ import annotations

import click
import polars

from alidade.matching import NameIndex, compare
from alidade.matching.name_kinds import name_thing
from alidade.matching.thresholds import THRESHOLDS
from benchmarks.matching.questions import absent_names, questions
from benchmarks.matching.register import names, register
from benchmarks.matching.scoring import words

SIZES = {"100k": 100_000, "1M": 1_000_000}
_COMPARED = 100


def measure_uses(name: str, size: int) -> dict[str, tuple[float, float, float]]:
    """For each use its threshold, the recall (0..1) and the false hits of a thousand absent names."""
    rows, kinds = names(name, size), register(name, size)["kind"].cast(polars.String)
    index = NameIndex.build(rows, kinds)

    def scores(asked: str) -> list[tuple[float, int]]:
        found = []
        for hit in index.search(asked, limit=_COMPARED):
            thing = name_thing(kinds[hit.row])
            found.append((compare({"name": asked}, {"name": rows[hit.row]}, thing).score, hit.row))
        return found

    right: list[float] = []
    for query in questions(name):
        meant = words(query.name)
        own = [score for score, row in scores(query.text) if row == query.truth or words(str(rows[row])) == meant]
        right.append(max(own, default=0.0))
    wrong = [max((score for score, _ in scores(absent)), default=0.0) for absent in absent_names(name, size)]
    return {
        use: (
            each.threshold,
            sum(score >= each.threshold for score in right) / len(right),
            1_000 * sum(score >= each.threshold for score in wrong) / len(wrong),
        )
        for use, each in THRESHOLDS.uses.items()
    }


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), default="1M", show_default=True)
@click.option("--set", "name", default="blind", show_default=True, help="Which questions: tuning or blind.")
def main(size: str, name: str) -> None:
    """Measure the thresholds of the product's uses."""
    for use, (threshold, recall, false) in measure_uses(name, SIZES[size]).items():
        click.echo(f"{use}: threshold {threshold}, recall {recall:.3f}, false hits of 1,000 absent names {false:.0f}")


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.matching.uses")
