"""The demonstration: an invented case, three authorities, the same questions, different answers, and why."""

from __future__ import annotations

import socket
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from alidade.cli.serve import PORT, Service, ask_web, serving, wait
from alidade.cli.session import as_json, console, emit, language, say, table
from alidade.ledger.verify import Report
from alidade.services.ledger import verify_ledger
from alidade.services.machine import SystemClock
from alidade.services.node import Node
from alidade.services.rehearsal import Loaded, RehearsalClock, Told, ask_everything, load
from alidade.services.rehearsal_dossiers import rehearse_dossiers
from alidade.services.rehearsal_programme import rehearse_programme
from alidade.services.rehearsal_threads import rehearse_threads
from alidade.services.sign_ins import SIGN_INS
from alidade.simulation import Scenario, cocaine_route

_WORDS = {"hit": "HIT", "hit_without_content": "HIT WITHOUT CONTENT", "no_hit": "NO HIT"}
FAILED = 1


@click.command()
@click.option("--once", is_flag=True, help="Walk through it in the terminal, see that the pages answer, and end.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the node in this folder, to go on with.")
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Port of the pages.")
@click.option("--federation", is_flag=True, help="Three nodes that exchange, in the terminal.")
@click.pass_context
def demo(context: click.Context, once: bool, keep: Path | None, port: int, federation: bool) -> int:
    """Load an invented cocaine route and serve it: three officers, the same questions, different answers.

    Everything in it is invented and marked so. With --once it asks ten questions as three authorities in the terminal;
    exit code 1 where an answer is not what truth and rules demand, or the pages do not answer.
    """
    if federation:
        from alidade.cli.federation import walk  # which only this needs

        return walk(context)
    if keep is not None:
        return _run(context, keep, once=once, port=port, kept=True)
    with tempfile.TemporaryDirectory(prefix="alidade-demo-") as folder:
        return _run(context, Path(folder), once=once, port=port, kept=False)


def _run(context: click.Context, folder: Path, *, once: bool, port: int, kept: bool) -> int:
    scenario = cocaine_route()
    clock = RehearsalClock(min(seed.day for seed in scenario.contributions))
    node = Node.open(folder, clock=clock)
    try:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console(), disable=as_json(context)) as bar:
            task = bar.add_task("Contributions", total=None)
            loaded = load(node, clock, scenario, lambda done, of: bar.update(task, completed=done, total=of))
        walk = _walk(context, node, scenario) if once else None
        if walk is None:
            rehearse_threads(node, clock, scenario, SystemClock().now())
            rehearse_programme(node)
            rehearse_dossiers(node)
    finally:
        node.close()
    if walk is None:
        return _serve(context, folder, port)
    return _tell(context, scenario, loaded, walk, _pages_answer(folder), folder if kept else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """What the walk in the terminal came to."""

    told: list[Told]
    report: Report


def _walk(context: click.Context, node: Node, scenario: Scenario) -> _Walk:
    return _Walk(told=list(ask_everything(node, scenario, language(context))), report=verify_ledger(node))


def _tell(
    context: click.Context, scenario: Scenario, loaded: Loaded, walk: _Walk, pages: bool, kept: Path | None
) -> int:
    told, report = walk.told, walk.report
    if as_json(context):
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
                "pages": pages,
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
        say("Pages: they answer." if pages else "Pages: they do NOT answer.")
        if kept is not None:
            say(f"\nThe node is in {kept}. Go on with: alidade --home {kept} serve")
        else:
            say("\nTo look around in the browser: alidade demo. To begin for real: alidade serve")
    return 0 if all(each.right for each in told) and report.sound and pages else FAILED


def _pages_answer(folder: Path) -> bool:
    """Whether the pages, once started, say that all is well."""
    service = Service(home=folder, port=_free_port(), workers=1, quiet=True, invented=True)
    ask_web(service, "prepare")
    with serving(service):
        answer = _get(f"http://127.0.0.1:{service.port}/health/ready/")
    return answer == {"ok": True}


def _get(address: str) -> object:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310  # of this machine
            return msgspec.json.decode(answer.read())
    except (OSError, msgspec.DecodeError):
        return None


def _free_port(wanted: int = 0) -> int:
    """The port that is wanted, or any other that is free."""
    with socket.socket() as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", wanted))
        except OSError:
            found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _serve(context: click.Context, folder: Path, port: int) -> int:
    """Serve the scenario until stopped, with a sign-in for each of four officers of different rights."""
    service = Service(home=folder, port=_free_port(port), quiet=True, invented=True)
    ask_web(service, "prepare")
    passwords = ask_web(service, "account", "--unnoted", *(each.officer for each in SIGN_INS))
    with serving(service) as processes:
        if as_json(context):
            emit({"address": service.place, "passwords": passwords})
        else:
            say("\nEverything here is invented. Sign in with officer name and password as one of these four:")
            for each in SIGN_INS:
                say(f"\n  {each.officer}    {passwords[each.officer]}\n    {each.sees}")
            say(f"\nOpen {service.place} (stop with Ctrl-C).")
        return wait(processes)


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
