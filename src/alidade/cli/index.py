"""The index of names: how it stands, and making it anew."""

from __future__ import annotations

import click

from alidade.cli.session import as_json, emit, node_of, say
from alidade.services.name_index import IndexStanding, build_index, index_standing


@click.group()
def index() -> None:
    """The index in which names are found; it is kept beside the database and made anew whenever that is needed."""


@index.command()
@click.pass_context
def show(context: click.Context) -> None:
    """Say how many names can be found, and whether the file is there and every byte of it as it was written."""
    with node_of(context) as node:
        found = index_standing(node)
    _tell(context, found)


@index.command()
@click.pass_context
def build(context: click.Context) -> None:
    """Make the index anew from the names in force, and keep it in its file."""
    with node_of(context) as node:
        found = build_index(node)
    _tell(context, found)


def _tell(context: click.Context, found: IndexStanding) -> None:
    if as_json(context):
        emit(found)
        return
    say(f"{found.names} names can be found, each by those who may see it.")
    if not found.kept:
        say("There is no file: the index is made in memory when somebody asks.")
    elif found.sound:
        say(f"The file in {found.place} has {found.kept} names in {found.size} bytes, as they were written.")
    else:
        say(f"The file in {found.place} is damaged. Run: alidade index build.")
