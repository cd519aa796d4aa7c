"""Papers: a thread printed or taken out, a file of it saved, and the figures of a procedure."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Final

import click

from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.cli.thread_words import paper
from alidade.formats.formula import neutralise
from alidade.model.errors import Conflict
from alidade.services.threads.attachments import read_attachment
from alidade.services.threads.figures import thread_statistics
from alidade.services.threads.printing import export_thread, print_thread
from alidade.services.threads.view import Statistics

_OUT: Final = click.option(
    "--out", "path", type=click.Path(path_type=Path), required=True, help="The file to write; it must not exist."
)


@click.command("print")
@click.argument("reference")
@_OUT
@acting
@click.pass_context
def print_(context: click.Context, reference: str, path: Path, officer: str, purpose: str) -> None:
    """A whole thread as a text for the file on paper, with its conditions above and below, and its hash."""
    _must_be_new(path)
    with node_of(context) as node:
        printed = print_thread(node, actor_of(node, officer, purpose), reference, language=language(context))
    _write(path, paper(printed).encode())
    _told(context, path, printed.sha256)


@click.command()
@click.argument("reference")
@_OUT
@acting
@click.pass_context
def export(context: click.Context, reference: str, path: Path, officer: str, purpose: str) -> None:
    """A whole thread as JSON for another file; values that must not be taken out are left out."""
    _must_be_new(path)
    with node_of(context) as node:
        printed = export_thread(node, actor_of(node, officer, purpose), reference, language=language(context))
    _write(path, printed.content)
    _told(context, path, printed.sha256)


@click.command()
@click.argument("reference")
@click.argument("attachment")
@_OUT
@acting
@click.pass_context
def file(context: click.Context, reference: str, attachment: str, path: Path, officer: str, purpose: str) -> None:
    """Save a file of a thread."""
    _must_be_new(path)
    with node_of(context) as node:
        found = read_attachment(node, actor_of(node, officer, purpose), reference, attachment)
    _write(path, b"".join(found.pieces))
    _told(context, path, found.sha256)


@click.command()
@click.argument("procedure")
@click.option("--since", required=True, metavar="YYYY-MM-DD", help="First day.")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="Last day.")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
@acting
@click.pass_context
def statistics(
    context: click.Context, procedure: str, since: str, until: str, as_csv: bool, officer: str, purpose: str
) -> None:
    """The figures that a procedure's file asks for, of our own authority; very small ones are not said."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        found = thread_statistics(node, actor, procedure, since, until, language=language(context))
    if as_json(context):
        emit(found)
    elif as_csv:
        click.echo(_csv(found), nl=False)
    else:
        say(f"{found.title}, {found.since} to {found.until}. Asked for by: {found.source}")
        say(f"Threads opened: {_said(found.threads)}")
        table(
            "Figures",
            ("what", "of which", "count"),
            [
                (each.label, ", ".join(f"{name}: {value}" for name, value in each.split) or "all", _said(each.count))
                for each in found.figures
            ],
        )


def _said(count: int | None) -> str:
    return "under 3" if count is None else str(count)


def _csv(found: Statistics) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("procedure", "since", "until", "measure", "label", "split", "count"))
    for each in found.figures:
        split = "; ".join(f"{name}={value}" for name, value in each.split)
        count = "" if each.count is None else each.count
        label, split = neutralise(each.label), neutralise(split)
        rows.writerow((found.procedure, found.since, found.until, each.measure, label, split, count))
    return text.getvalue()


def _must_be_new(path: Path) -> None:
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)


def _told(context: click.Context, path: Path, sha256: str) -> None:
    if as_json(context):
        emit({"file": str(path), "sha256": sha256})
    else:
        say(f"Written: {path}. SHA-256 {sha256}.")


COMMANDS: Final = (print_, export, file, statistics)
