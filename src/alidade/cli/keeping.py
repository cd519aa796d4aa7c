"""Backup and restore at the command line."""

from __future__ import annotations

from pathlib import Path

import click

from alidade.cli.session import as_json, emit, home, node_of, say
from alidade.services.keeping import make_backup, restore_backup
from alidade.services.node import database_setting


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.pass_context
def backup(context: click.Context, path: Path) -> None:
    """Write a sealed backup. Its values can be read only with the keys of this node, which it does not hold."""
    with node_of(context) as node:
        done = make_backup(node, path)
    if as_json(context):
        emit(done)
    else:
        say(f"Backup of {done.records} records and {done.statements} statements in {path}.")
        say(f"Keep keys.db and node.key of {home(context)} apart from it: without them nothing in it can be read.")


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--keys", type=click.Path(exists=True, path_type=Path), required=True, help="Folder with keys.db, node.key."
)
@click.pass_context
def restore(context: click.Context, path: Path, keys: Path) -> None:
    """Restore a backup into an empty --home. What was erased since stays erased."""
    done = restore_backup(path, keys, home(context), database=database_setting())
    if as_json(context):
        emit(done)
    else:
        say(f"Restored {done.statements} statements of {done.records} records; {done.unreadable} values stay erased.")
