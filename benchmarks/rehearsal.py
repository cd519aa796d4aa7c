"""Rehearsal: invented networks of which each authority sees a part; how much of the truth each finds in his view.

Why: the share of links between authorities that are found, networks recovered, and that nobody sees what he may not,
are what the whole platform is for. The scenario is loaded by contributing and asked through the one read path, as each
authority. 5,000 records by 10 authorities as a rule, 1,000 with --quick; 100,000 by 30 with --size 100k (about a
quarter of an hour).
"""

from __future__ import annotations

from typing import Final

from alidade.services.network_rehearsal import load_networks
from alidade.services.network_score import RehearsalScore, score_rehearsal
from alidade.services.node import Node
from alidade.services.rehearsal import RehearsalClock
from alidade.simulation.networks import generate
from alidade.simulation.networks.making import FIRST_DAY
from alidade.simulation.networks.scoring import FALSE, FOUND, RECOVERED
from benchmarks import places
from benchmarks.figures import Figure, Options, Result, at_least, at_most, plain
from benchmarks.timing import Sample

_LOADING: Final = 360.0  # seconds for 100,000 records
_SEED: Final = 1


def measure(options: Options) -> Result:
    """Make one scenario, load it, score it as each authority."""
    authorities, records = (30, 100_000) if "100k" in options.sizes else (6, 1_000) if options.quick else (10, 5_000)
    scenario = generate(authorities, records, _SEED)
    with places.passing() as folder:
        clock = RehearsalClock(FIRST_DAY.isoformat())
        node = Node.open(folder / "node", clock=clock)
        try:
            loading, scoring = Sample(), Sample()
            with loading.once():
                loaded = load_networks(node, clock, scenario, lambda done, of: None)
            with scoring.once():
                score = score_rehearsal(node, scenario)
        finally:
            node.close()
    took, cpu = loading.of(0.5)
    asked, asked_cpu = scoring.of(0.5)
    figures = (
        at_most("loading by contributing", took, "s", _LOADING * records / 100_000, cpu=cpu),
        plain("scoring, for each viewer", asked / authorities, "s", cpu=asked_cpu / authorities),
        plain("signed statements", loaded.statements, ""),
        *_found(score),
    )
    return Result(figures=figures, text=table(score))


def _found(score: RehearsalScore) -> tuple[Figure, ...]:
    return (
        at_least("planted links found", 100 * score.found, "%", 100 * FOUND),
        plain("of those that hold enough in common", 100 * score.found_of_findable, "%"),
        at_most("false among those proposed first", 100 * score.false, "%", 100 * FALSE),
        at_least("networks recovered (NMI)", score.likeness, "", RECOVERED),
        at_most("records shown to somebody who may not see them", score.leaked, "", 0),
        at_most("records withheld from somebody who may see them", score.withheld, "", 0),
    )


def table(score: RehearsalScore) -> str:
    """The scorer's table, as Markdown: a line for each viewer and one for all."""
    lines = [
        f"{score.records:,} records by {score.authorities} authorities, seed {score.seed}: {score.networks} networks of"
        f" {score.members:,} people, {score.planted:,} planted links between authorities.",
        "",
        "| viewer | may read | links he may join | found | of findable | false | networks | NMI | F1 | leaks |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in score.viewers:
        links, tied = each.links, each.tied
        lines.append(
            f"| {each.authority} | {each.records:,} | {links.planted:,} | {links.share:.1%}"
            f" | {links.share_of_findable:.1%} | {links.share_false:.1%} | {tied.networks} | {tied.likeness:.3f}"
            f" | {tied.f1:.3f} | {each.leaks.leaked} |"
        )
    joinable = sum(each.links.planted for each in score.viewers)
    lines.append(
        f"| **all** | | {joinable:,} | **{score.found:.1%}** | {score.found_of_findable:.1%} | **{score.false:.1%}** |"
        f" | **{score.likeness:.3f}** | | **{score.leaked}** |"
    )
    return "\n".join(lines)
