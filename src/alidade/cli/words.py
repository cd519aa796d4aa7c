"""The vocabulary at the command line: what the codes are, in the language of the officer."""

from __future__ import annotations

import click

from alidade.cli.session import as_json, emit, language, say, table
from alidade.model.errors import NotFound
from alidade.vocabulary import UnknownCode, load_vocabulary


@click.command()
@click.argument("list_name", metavar="LIST", required=False)
@click.pass_context
def words(context: click.Context, list_name: str | None) -> None:
    """Show a list of the vocabulary (purposes, legal_grounds, subject_categories ...); without LIST, the lists."""
    vocabulary = load_vocabulary()
    if list_name is None:
        names = sorted((*vocabulary.lists(), "things"))
        emit(names) if as_json(context) else say("\n".join(names))
        return
    try:
        head = vocabulary.head(list_name)
        entries = vocabulary.things if list_name == "things" else vocabulary.codes(list_name)
    except UnknownCode as error:
        raise NotFound("There is no such list.", remedy="See: alidade words.") from error
    tongue = language(context)
    if as_json(context):
        emit({code: entry for code, entry in entries.items()})
        return
    table(
        f"{list_name}, version {head.version} of {head.date} ({head.source})",
        ("code", "meaning", "source", "verified"),
        [
            (
                code,
                entry.label.in_(tongue),
                getattr(entry, "source", getattr(entry, "origin", "")),
                "yes" if getattr(entry, "verified", True) else "not verified",
            )
            for code, entry in entries.items()
        ],
    )
