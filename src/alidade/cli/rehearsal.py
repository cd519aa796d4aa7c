"""Rehearsal: make an invented scenario of any size, load it into a node, and score how much of its truth is found."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from alidade.cli.session import as_json, console, emit, say, table
from alidade.model.ids import AuthorityId
from alidade.services.network_rehearsal import load_networks, scenario_in
from alidade.services.network_score import RehearsalScore, ViewerScore, score_rehearsal
from alidade.services.node import Node
from alidade.services.rehearsal import RehearsalClock
from alidade.simulation.networks import generate
from alidade.simulation.networks.making import FIRST_DAY
from alidade.simulation.networks.scoring import FALSE, FOUND, RECOVERED

_MISSED = 1


@click.group()
def rehearsal() -> None:
    """Invented criminal networks of which each authority sees a part, with the truth known: make them, score them."""


@rehearsal.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--authorities", type=click.IntRange(2, 120), default=30, show_default=True)
@click.option("--records", type=click.IntRange(100, 2_000_000), default=100_000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed, the same scenario.")
@click.pass_context
def make(context: click.Context, folder: Path, authorities: int, records: int, seed: int) -> None:
    """Make a scenario and load it into a new node in FOLDER, each contribution by its authority, under its handling.

    Everything in it is invented and marked so. 100,000 records take about two minutes on two cores.
    """
    scenario = generate(authorities, records, seed)
    clock = RehearsalClock(FIRST_DAY.isoformat())
    node = Node.open(folder, clock=clock)
    try:
        with _bar(context) as bar:
            task = bar.add_task("Contributions", total=len(scenario))
            loaded = load_networks(node, clock, scenario, lambda done, of: bar.update(task, completed=done, total=of))
    finally:
        node.close()
    if as_json(context):
        emit({"loaded": loaded, "records": len(scenario.records), "networks": len(scenario.networks)})
        return
    people = sum(len(network.members) for network in scenario.networks)
    say(
        f"{len(scenario.records)} records by {loaded.authorities} invented authorities in {loaded.contributions}"
        f" contributions, {loaded.statements} signed statements; {len(scenario.networks)} networks of {people} people."
    )
    say(f"Score it with: alidade rehearsal score {folder}")


@rehearsal.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--viewer", "viewers", multiple=True, help="Only the view of this authority; may be given again.")
@click.pass_context
def score(context: click.Context, folder: Path, viewers: tuple[str, ...]) -> int:
    """Ask the node in FOLDER as each authority, and hold links, networks and rights against the truth.

    Ends with 1 where an aim is missed, or anybody saw what he may not. With 100,000 records each viewer takes about
    twenty seconds.
    """
    scenario = scenario_in(folder)
    node = Node.open(folder, clock=RehearsalClock(scenario.today))
    try:
        with _bar(context) as bar:
            task = bar.add_task("Viewers", total=None)
            found = score_rehearsal(
                node,
                scenario,
                viewers=[AuthorityId(each) for each in viewers],
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
    finally:
        node.close()
    if as_json(context):
        emit({**_figures(found), "reached": found.reached})
    else:
        _show(found)
    return 0 if found.reached else _MISSED


def _bar(context: click.Context) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console(), disable=as_json(context))


def _show(found: RehearsalScore) -> None:
    say(
        f"{found.records} records, {found.authorities} authorities, seed {found.seed}: {found.networks} networks of"
        f" {found.members} people, {found.planted} planted links between authorities."
    )
    table(
        "What each authority finds in its own view",
        ("authority", "records", "links", "found", "of findable", "false", "networks", "NMI", "F1", "leaks"),
        [_row(each) for each in found.viewers],
    )
    say(
        f"Over all of them: {found.found:.1%} of the planted links found ({found.found_of_findable:.1%} of those that"
        f" hold enough in common), {found.false:.1%} false among those proposed first, networks recovered at NMI"
        f" {found.likeness:.3f}."
    )
    say(
        f"Aims: found {FOUND:.0%}, false under {FALSE:.0%}, NMI {RECOVERED:.2f}, no leak."
        f" Leaks: {found.leaked}; shown to nobody although allowed: {found.withheld}."
    )
    say("All aims are reached." if found.reached else "Not all aims are reached.")


def _figures(found: RehearsalScore) -> dict[str, object]:
    """Everything that was counted, and the shares that come of it."""
    return {
        "score": found,
        "found": found.found,
        "found_of_findable": found.found_of_findable,
        "false": found.false,
        "likeness": found.likeness,
        "leaked": found.leaked,
        "withheld": found.withheld,
        "shares": {
            each.authority: {
                "found": each.links.share,
                "found_of_findable": each.links.share_of_findable,
                "false": each.links.share_false,
                "joined": each.links.share_joined,
                "likeness": each.tied.likeness,
                "f1": each.tied.f1,
            }
            for each in found.viewers
        },
    }


def _row(each: ViewerScore) -> tuple[str, ...]:
    return (
        each.authority,
        str(each.records),
        str(each.links.planted),
        f"{each.links.share:.1%}",
        f"{each.links.share_of_findable:.1%}",
        f"{each.links.share_false:.1%}",
        str(each.tied.networks),
        f"{each.tied.likeness:.3f}",
        f"{each.tied.f1:.3f}",
        str(each.leaks.leaked),
    )
