"""The demonstration: an invented case, three authorities, the same ten questions, different answers, and why."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from alidade.cli.session import as_json, console, emit, language, say, table
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.rehearsal import RehearsalClock, Told, ask_everything, load
from alidade.simulation import cocaine_route

_WORDS = {"hit": "HIT", "hit_without_content": "HIT WITHOUT CONTENT", "no_hit": "NO HIT"}
FAILED = 1


@click.command()
@click.option("--once", is_flag=True, help="End when everything has been shown.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the node in this folder, to go on with.")
@click.pass_context
def demo(context: click.Context, once: bool, keep: Path | None) -> int:
    """Load an invented cocaine route and ask ten questions as three authorities.

    Everything in it is invented and marked so. Exit code 1 where an answer is not what truth and rules demand.
    """
    if keep is not None:
        return _run(context, keep, kept=True)
    with tempfile.TemporaryDirectory(prefix="alidade-demo-") as folder:
        return _run(context, Path(folder), kept=False)


def _run(context: click.Context, folder: Path, *, kept: bool) -> int:
    quiet = as_json(context)
    scenario = cocaine_route()
    clock = RehearsalClock(min(seed.day for seed in scenario.contributions))
    node = Node.open(folder, clock=clock)
    try:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console(), disable=quiet) as bar:
            task = bar.add_task("Contributions", total=None)
            loaded = load(node, clock, scenario, lambda done, of: bar.update(task, completed=done, total=of))
        told = list(ask_everything(node, scenario, language(context)))
        report = verify_ledger(node)
    finally:
        node.close()
    right = all(each.right for each in told)
    if quiet:
        emit(
            {
                "loaded": loaded,
                "answers": [
                    {
                        "question": each.question,
                        "kind": each.kind,
                        "asker": each.asker.authority,
                        "answer": each.answer.kind,
                        "expected": each.expected,
                        "why": each.why,
                    }
                    for each in told
                ],
                "ledger": {"sound": report.sound, "entries": report.entries},
            }
        )
    else:
        say(f"\n{scenario.title} (everything here is invented)")
        say(
            f"{loaded.authorities} authorities, {loaded.contributions} contributions, {loaded.statements} statements"
            f" signed by their owners; {loaded.quarantined} records in quarantine for want of a data-subject category."
        )
        _show(told)
        say(
            f"\nLedger: {report.entries} entries, {report.heads} signed heads, "
            + ("every one verified." if report.sound else "DAMAGED.")
        )
        if kept:
            say(f"\nThe node is in {folder}. Go on with: alidade --home {folder} authority list")
        else:
            say("\nTo go on with this node: alidade demo --keep FOLDER. To begin for real: alidade init --help")
    return 0 if right and report.sound else FAILED


def _show(told: list[Told]) -> None:
    questions = list(dict.fromkeys((each.question, each.kind) for each in told))
    askers = list(dict.fromkeys(each.asker.authority for each in told))
    answers = {(each.question, each.asker.authority): each for each in told}
    table(
        "The same questions, asked by three authorities",
        ("question", "kind", *askers),
        [(question, kind, *(_answer(answers[question, asker]) for asker in askers)) for question, kind in questions],
    )
    say("\nWhy the answers differ (told by the director of the rehearsal; an asker is not told what he may not learn):")
    for question, _ in questions:
        say(f"\n{question}")
        for asker in askers:
            each = answers[question, asker]
            hits, closed = len(each.answer.hits), len(each.answer.without_content)
            detail = f"{hits} with content, {closed} without" if each.answer.kind != "no_hit" else "nothing"
            say(f"  {asker}: {_WORDS[each.answer.kind]} ({detail})")
            for line in each.why[:3]:
                say(f"      {line}")
            if not each.why and each.answer.kind == "no_hit":
                say("      Nobody has given anything about it.")
    differing = sum(1 for q, _ in questions if len({answers[q, asker].answer.kind for asker in askers}) > 1)
    say(f"\n{differing} of {len(questions)} questions were answered differently, each as truth and rules demand.")


def _answer(each: Told) -> str:
    return _WORDS[each.answer.kind] + ("" if each.right else f"  (WRONG: should be {_WORDS[each.expected]})")
