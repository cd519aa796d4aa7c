"""What is typed to open a thread or to step in it: forms, files, parties; and how it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec

from alidade.cli.session import as_json, emit
from alidade.cli.thread_words import show_preview, show_sent
from alidade.model.errors import AlidadeError, Invalid
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.threads.attachments import add_piece, begin_attachment, discard_attachment, finish_attachment
from alidade.services.threads.view import Preview, Sent, StepOrder
from alidade.services.threads.wording import StepRefused

F = TypeVar("F", bound=Callable[..., Any])

_LARGEST_FORM: Final = 1024 * 1024  # bytes
_OPTIONS: Final = (
    click.option("--form", "form", type=click.Path(exists=True, path_type=Path), help="Answers as a JSON file."),
    click.option(
        "--set",
        "answers",
        multiple=True,
        metavar="FIELD=VALUE",
        help="One answer; the same field again adds to a list; true and false are yes and no.",
    ),
    click.option("--reason", default="", help="Code of the closed list of reasons of the step."),
    click.option("--note", default="", help="Words of your own; of a message, the message."),
    click.option("--in", "written_in", default="en", show_default=True, metavar="LANGUAGE", help="Language of them."),
    click.option("--attach", "files", multiple=True, type=click.Path(exists=True, path_type=Path)),
    click.option("--record", "records", multiple=True, metavar="RECORD", help="A record to attach."),
    click.option("--quote", "quotes", multiple=True, metavar="CHECK|HIT", help="A check or hit to refer to."),
    click.option("--preview", "only_preview", is_flag=True, help="Show what each recipient would get; send nothing."),
)


def order_options(command: F) -> F:
    """Add the options of a step; the command gets them as keyword arguments for `order_from`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def order_from(node: Node, actor: Actor, code: str, options: dict[str, Any]) -> Iterator[StepOrder]:
    """The step that the options state, its files sent and checked; they are discarded where it is not sent."""
    values = values_of(options["form"], options["answers"])
    references: list[str] = []
    try:
        for path in options["files"]:
            references.append(send_file(node, actor, path))
        yield StepOrder(
            code=code,
            values=values,
            reason=options["reason"],
            note=options["note"],
            language=options["written_in"],
            attachments=tuple(references),
            records=options["records"],
            quotes=options["quotes"],
            translates=options.get("translates") or "",
        )
    except BaseException:
        discard(node, actor, references)
        raise
    if options["only_preview"]:
        discard(node, actor, references)


def discard(node: Node, actor: Actor, references: list[str]) -> None:
    """Forget files that are not sent after all; one that was sent stays."""
    for reference in references:
        with suppress(AlidadeError):
            discard_attachment(node, actor, reference)


def values_of(form: Path | None, answers: tuple[str, ...]) -> dict[str, Any]:
    """The answers of a file and of the options, these on top."""
    typed: dict[str, list[Any]] = {}
    for answer in answers:
        field, equals, text = answer.partition("=")
        if not equals or not field.strip():
            raise Invalid("An answer is written as FIELD=VALUE.", code="answer")
        typed.setdefault(field, []).append({"true": True, "false": False}.get(text, text))
    values = {} if form is None else _read(form)
    return values | {field: given[0] if len(given) == 1 else given for field, given in typed.items()}


def send_file(node: Node, actor: Actor, path: Path) -> str:
    """Send a file and have it checked; its reference."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    begun = begin_attachment(node, actor, name=path.name, size=path.stat().st_size, sha256=digest)
    try:
        with path.open("rb") as file:
            for number, piece in enumerate(iter(lambda: file.read(begun.piece), b"")):
                add_piece(node, actor, begun.reference, number, piece)
        return finish_attachment(node, actor, begun.reference).reference
    except AlidadeError:
        discard(node, actor, [begun.reference])
        raise


def parties_of(given: tuple[str, ...]) -> dict[AuthorityId, str]:
    """The other parties, each with its role."""
    found: dict[AuthorityId, str] = {}
    for each in given:
        authority, equals, role = each.partition("=")
        if not equals or not authority or not role:
            raise Invalid("A party is written as AUTHORITY=ROLE.", remedy="See: alidade procedure show.", code="party")
        found[AuthorityId(authority)] = role
    return found


def tell_preview(context: click.Context, preview: Preview) -> None:
    """Print what would be sent."""
    if as_json(context):
        emit({**_fields_of(preview), "ready": preview.ready})
    else:
        show_preview(preview)


def tell_sent(context: click.Context, act: Callable[[], Sent]) -> None:
    """Do it and print what came of it; where it is refused, everything that is wrong goes to standard error."""
    try:
        sent = act()
    except StepRefused as refused:
        show_preview(refused.preview, err=True)
        raise Invalid("Nothing was sent.", remedy="Mend what is named above.", code="step_refused") from None
    if as_json(context):
        emit(sent)
    else:
        show_sent(sent)


def _fields_of(preview: Preview) -> dict[str, object]:
    return {name: getattr(preview, name) for name in Preview.__dataclass_fields__}


def _read(form: Path) -> dict[str, Any]:
    if form.stat().st_size > _LARGEST_FORM:
        raise Invalid("A form has at most 1 MiB.", code="form_file")
    try:
        return msgspec.json.decode(form.read_bytes(), type=dict[str, bool | int | str | list[str]])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            "The file of a form is a JSON object of answers by field.",
            remedy="See: alidade procedure show.",
            code="form_file",
        ) from error
