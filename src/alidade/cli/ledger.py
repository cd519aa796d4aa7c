"""The ledger at the command line."""

from __future__ import annotations

from pathlib import Path

import click

from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say, table
from alidade.ledger.head import HeadError, from_json, to_json
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services import ledger as use

DAMAGED = 6
_HEAD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def ledger() -> None:
    """Verify the ledger, carry its head elsewhere, read our own entries."""


@ledger.command("verify")
@click.option("--since", type=_HEAD_FILE, help="A head that was kept elsewhere.")
@click.pass_context
def verify(context: click.Context, since: Path | None) -> int:
    """Recompute every entry and root, verify every signature. Exit code 6 where something does not fit."""
    remembered = None
    if since is not None:
        try:
            remembered = from_json(since.read_bytes())
        except HeadError as error:
            raise Invalid(
                f"{since.name} is no head of a ledger.", remedy="Take one written by: ledger head."
            ) from error
    with node_of(context) as node:
        report = use.verify_ledger(node, remembered)
    if as_json(context):
        emit({"sound": report.sound, "entries": report.entries, "erased": report.erased, "heads": report.heads,
              "problems": report.problems})  # fmt: skip
    elif report.sound:
        say(f"The ledger is whole: {report.entries} entries ({report.erased} erased), {report.heads} signed heads.")
    else:
        say("THE LEDGER IS DAMAGED. Stop working with this node and call whoever is responsible for it.")
        table(
            "What does not fit (the first 20)",
            ("what", "entry", ""),
            [(p.code, "" if p.sequence is None else p.sequence, p.message) for p in report.problems[:20]],
        )
    return 0 if report.sound else DAMAGED


@ledger.command("head")
@click.option("--out", "path", type=click.Path(path_type=Path), help="Write it to this file.")
@click.pass_context
def head(context: click.Context, path: Path | None) -> None:
    """The newest signed head. Kept elsewhere, it shows later whether the ledger was cut or rewritten."""
    if path is not None and path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")
    with node_of(context) as node:
        newest = use.newest_head(node)
    if newest is None:
        raise NotFound("The ledger has no entry yet.")
    text = to_json(newest).decode()
    if path is None:
        say(text)
        return
    with path.open("x", encoding="utf-8") as file:
        file.write(text + "\n")
    say(f"Head of {newest.size} entries in {path}. Verify against it with: alidade ledger verify --since {path}")


@ledger.command("list")
@click.option("--newest", default=20, show_default=True, type=click.IntRange(1, 1000))
@acting
@click.pass_context
def list_(context: click.Context, newest: int, officer: str, purpose: str) -> None:
    """The newest entries of your own authority."""
    with node_of(context) as node:
        entries = use.entries_of_authority(node, actor_of(node, officer, purpose), newest=newest)
    if as_json(context):
        emit([{"entry": entry, "erased": entry is None} for entry in entries])
        return
    table(
        "Ledger, newest first",
        ("when", "act", "officer", "purpose", "case", "justification", "objects", "results"),
        [
            ("(erased)", "", "", "", "", "", "", "")
            if entry is None
            else (
                entry.at.strftime("%d %b %Y %H:%M:%S UTC"),
                entry.act,
                entry.officer,
                entry.purpose or "",
                entry.case or "",
                entry.justification or "",
                len(entry.objects),
                "" if entry.results is None else entry.results,
            )
            for entry in entries
        ],
    )
