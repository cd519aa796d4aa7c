"""The database at the command line: where it lies, moving it, and bringing its tables up to date."""

from __future__ import annotations

from pathlib import Path

import click

from alidade.cli.session import as_json, emit, home, say
from alidade.model.errors import Invalid
from alidade.services import keeping
from alidade.services.node import DATABASE, database_setting


@click.group()
def database() -> None:
    """Where the data lies: one file, or a PostgreSQL server named by ALIDADE_DATABASE."""


@database.command()
@click.pass_context
def show(context: click.Context) -> None:
    """Say where the data of this node lies and whether its tables are up to date. Changes nothing."""
    found = keeping.standing(home(context), database=database_setting())
    if as_json(context):
        emit(found)
        return
    say(f"{found.engine}: {found.place}")
    say(f"Tables of version {found.tables}; the ledger has {found.ledger} entries.")
    if found.lacking:
        say(f"They are not up to date ({', '.join(found.lacking)} to come). Run: alidade upgrade.")


@database.command()
@click.option("--to", metavar="ADDRESS", help="postgresql://USER@HOST/DATABASE, without a password.")
@click.option("--to-sqlite", is_flag=True, help="To the file alidade.db in the folder of the node.")
@click.pass_context
def move(context: click.Context, to: str | None, to_sqlite: bool) -> None:
    """Move everything into an empty database, compare every row, and leave the old one as it was, marked.

    \b
    alidade database move --to postgresql://alidade@db.example/alidade
    alidade database move --to-sqlite
    """
    if (to is None) != to_sqlite:
        raise Invalid("Say where to: either --to ADDRESS or --to-sqlite.")
    done = keeping.move(home(context), source=database_setting(), target=to)
    if as_json(context):
        emit(done)
        return
    say(f"Moved {done.moved.rows} rows of {done.moved.tables} tables to {done.place}; every row was compared.")
    if to is None:
        say(f"From now on leave {DATABASE} out. The database on the server is as it was and no longer opens.")
    else:
        say(f"From now on set {DATABASE} to that address. The old database is as it was and no longer opens.")


@click.command()
@click.option("--backup", type=click.Path(path_type=Path), help="File of the backup; without it, beside the keys.")
@click.pass_context
def upgrade(context: click.Context, backup: Path | None) -> None:
    """Bring the tables up to date after an update of the program; a sealed backup is made first."""
    done = keeping.upgrade(home(context), backup=backup, database=database_setting())
    if as_json(context):
        emit(done)
        return
    if done.backup is not None:
        say(f"Backup of {done.statements} statements as they were: {done.backup}")
    if done.before == done.after:
        say(f"The tables are up to date ({done.after}).")
    else:
        say(f"The tables were brought from {done.before} to {done.after}.")
