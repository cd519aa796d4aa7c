"""The ledger at the command line."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from alidade.cli.session import acting, actor_of, as_json, console, emit, node_of, say, table
from alidade.ledger.bundle import BundleError, verify_bundle
from alidade.ledger.head import Head, HeadError, from_json, to_json
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
    remembered = _head_in(since)
    columns, screen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()), console()
    still = as_json(context) or not screen.is_terminal
    with node_of(context) as node, Progress(*columns, console=screen, disable=still) as bar:
        task = bar.add_task("Entries", total=None)
        report = use.verify_ledger(node, remembered, lambda done, of: bar.update(task, completed=done, total=of))
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


@ledger.command("export")
@click.option("--out", "path", required=True, type=click.Path(path_type=Path), help="Write it to this new file.")
@click.option("--since", help="First day, YYYY-MM-DD (UTC).")
@click.option("--until", help="Last day, YYYY-MM-DD (UTC).")
@click.option("--head", "carried", type=_HEAD_FILE, help="A head carried away earlier: proves that the ledger grew on.")
@acting
@click.pass_context
def export(
    context: click.Context,
    path: Path,
    since: str | None,
    until: str | None,
    carried: Path | None,
    officer: str,
    purpose: str,
) -> None:
    """Your own authority's entries with their proofs, for a reviewer who has no access to this node."""
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")
    known = _head_in(carried)
    partial = path.with_name(path.name + ".partial")
    try:
        with node_of(context) as node, partial.open("xb") as out:
            made = use.export_entries(
                node, actor_of(node, officer, purpose), out, since=since, until=until, carried=known
            )
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    if as_json(context):
        emit({"entries": made.entries, "size": made.head.size})
        return
    say(f"{made.entries} entries with their proofs in {path}. Verify with: alidade ledger verify-file {path}")


@ledger.command("verify-file")
@click.argument("path", type=_HEAD_FILE)
@click.option("--head", "known_head", type=_HEAD_FILE, help="A head that came to you another way.")
@click.option("--key", help="The public key of the ledger that came to you another way, 64 hex digits.")
@click.pass_context
def verify_file(context: click.Context, path: Path, known_head: Path | None, key: str | None) -> int:
    """Verify a file of entries without the node that wrote it. Exit code 6 where something does not fit."""
    remembered = _head_in(known_head)
    try:
        public = None if key is None else bytes.fromhex(key)
        with path.open("rb") as lines:
            report = verify_bundle(lines, known_key=public, remembered=remembered)
    except BundleError as error:
        raise Invalid(f"{path.name} is no file of ledger entries.", remedy="Take one of: ledger export.") from error
    except ValueError as error:
        raise Invalid("The key is not written as 64 hex digits.") from error
    if as_json(context):
        emit({"sound": report.sound, "authority": report.authority, "entries": report.entries,
              "erased": report.erased, "vouched": report.vouched, "continues": report.continues,
              "problems": report.problems})  # fmt: skip
    elif report.sound:
        say(f"{report.entries} entries of {report.authority} ({report.erased} erased) are in the ledger of the head.")
        if not report.vouched and not report.continues:
            say("The file vouches for itself alone: compare its key or its head with one that came another way.")
    else:
        say("THE FILE IS NOT WHAT WAS SEALED.")
        table("What does not fit (the first 20)", ("",), [(problem,) for problem in report.problems[:20]])
    return 0 if report.sound else DAMAGED


def _head_in(path: Path | None) -> Head | None:
    """The head in a file. Raises Invalid where it is none."""
    if path is None:
        return None
    try:
        return from_json(path.read_bytes())
    except HeadError as error:
        raise Invalid(f"{path.name} is no head of a ledger.", remedy="Take one written by: ledger head.") from error


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
