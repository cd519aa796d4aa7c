"""What every command shares: the node, the officer who acts, and how an answer is shown."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alidade.cli.plain import plain
from alidade.model.errors import NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor

if TYPE_CHECKING:
    from alidade.services.node import Node

F = TypeVar("F", bound=Callable[..., Any])
_REFERENCE = re.compile(r"[0-9a-f]{32}")


def as_json(context: click.Context) -> bool:
    """Whether the answer goes to a program."""
    return bool(context.find_root().obj["json"])


def language(context: click.Context) -> str:
    """The language of the answer."""
    return str(context.find_root().obj["language"])


def home(context: click.Context) -> Path:
    """The folder of the node."""
    folder = context.find_root().obj["home"]
    if not isinstance(folder, Path):
        raise AssertionError
    return folder


@contextmanager
def node_of(context: click.Context, *, may_be_new: bool = False) -> Iterator[Node]:
    """The node of the command, closed at its end. Raises NotFound where there is none yet."""
    # Here and not above: what needs no node (words, help) need not wait for the framework.
    from alidade.services.node import Node, database_setting, has_node

    folder = home(context)
    database = database_setting()
    if not may_be_new and not has_node(folder, database):
        raise NotFound(
            f"There is no node in {folder}.", remedy="Begin with: alidade init, or look around with: alidade demo."
        )
    node = Node.open(folder, database=database)
    try:
        yield node
    finally:
        node.close()


def acting(command: F) -> F:
    """The options that say who acts and for what purpose."""
    command = click.option(
        "--purpose", default="18.2.a", envvar="ALIDADE_PURPOSE", show_default=True, help="Purpose of Art. 18(2)."
    )(command)
    return click.option(
        "--as", "officer", required=True, envvar="ALIDADE_OFFICER", metavar="AUTHORITY/NAME", help="Who acts."
    )(command)


def grounds(command: F) -> F:
    """The options for the grounds of a check; asked for at a terminal where they are missing."""
    for option, variable, text in (
        ("--why", "ALIDADE_WHY", "Justification, in your words."),
        ("--case", "ALIDADE_CASE", "Reference of the case or control."),
        ("--ground", "ALIDADE_GROUND", "Legal ground (see: alidade words legal_grounds)."),
    ):
        command = click.option(option, envvar=variable, help=text)(command)
    return acting(command)


def actor_of(
    node: Node,
    officer: str,
    purpose: str,
    *,
    ground: str | None = None,
    case: str | None = None,
    why: str | None = None,
) -> Actor:
    """The officer at work."""
    from alidade.services.acting import act_as

    return act_as(node, OfficerId(officer), purpose=purpose, legal_ground=ground, case=case, justification=why)


def ask_if_missing(value: str | None, question: str) -> str | None:
    """The value, or the answer of the person at the terminal; None where nobody is there to ask."""
    if value or not sys.stdin.isatty():
        return value
    return str(click.prompt(question))


def emit(value: object) -> None:
    """Print a plain object as JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(_plain(value)), indent=2).decode())


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Path):
        return str(value)
    return value


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; long cells wrap, nothing is cut off. References stay whole, to be copied."""
    shown = Table(title=_text(title), title_justify="left", title_style="bold", header_style="bold", pad_edge=False)
    kept = list(rows)
    for number, column in enumerate(columns):
        references = all(_REFERENCE.fullmatch(str(row[number])) for row in kept)
        shown.add_column(_text(column), overflow="fold", min_width=32 if kept and references else None)
    for row in kept:
        shown.add_row(*(_text(cell) for cell in row))
    console().print(shown)


def _text(cell: object) -> Text:
    return Text(plain(str(cell)))  # a Text is shown as it stands, a str would be read as markup


def console() -> Console:
    """The terminal; 120 columns where the output goes elsewhere."""
    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)


def say(sentence: str) -> None:
    """Print a sentence, without control characters."""
    click.echo(plain(sentence))
