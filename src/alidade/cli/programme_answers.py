"""Answers to rounds at the command line: on a form that is taken along and brought back, or from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from alidade.cli.programme_files import OUT, absent, write_new
from alidade.cli.programme_rounds import FILE, VERSION, content_of, decoded, round_
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.programme.register import said_in
from alidade.programme.rounds import Answer, Part
from alidade.services.programme.forms import form_document, form_workbook, read_form
from alidade.services.programme.rounds import answer_round, answer_to_fill

if TYPE_CHECKING:
    from alidade.services.programme.rounds import Held

__all__ = ["round_"]

_SUBMIT = click.option("--submit", is_flag=True, help="Submit it; else it is kept as a draft of your authority.")
_PUBLISH = click.option("--publish/--not-published", default=None,
                        help="Those who see the round may see it; else its holder alone.")  # fmt: skip
_BECAUSE = click.option("--because", default="", help="Why a submitted answer changes after the cut-off.")


@round_.command("form")
@click.argument("reference")
@click.option("--form", "kind", type=click.Choice(("xlsx", "docx")), default="xlsx", show_default=True)
@OUT
@acting
@click.pass_context
def form(context: click.Context, reference: str, kind: str, path: Path, officer: str, purpose: str) -> None:
    """The round as a workbook or a document to be filled in elsewhere; no file is written over."""
    absent(path)
    with node_of(context) as node:
        held, before = answer_to_fill(node, actor_of(node, officer, purpose), reference)
    last = {key: cell.part for (state, key), cell in held.previous.items() if state == before.state and cell.part}
    write = form_workbook if kind == "xlsx" else form_document
    write_new(path, write(held.kept.body, before, language(context), last))
    if as_json(context):
        emit({"file": str(path)})
    else:
        say(f"Written to {path}.")


@round_.command("take-form")
@click.argument("reference")
@click.argument("file", type=FILE)
@_SUBMIT
@_PUBLISH
@_BECAUSE
@VERSION
@acting
@click.pass_context
def take_form(
    context: click.Context,
    reference: str,
    file: Path,
    submit: bool,
    publish: bool | None,
    because: str,
    version: int | None,
    officer: str,
    purpose: str,
) -> None:
    """Take a filled form as the answer of your State; of a draft, what is wrong in it is named and left out."""
    content = content_of(file)
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        held, before = answer_to_fill(node, actor, reference)
        filled = read_form(held.kept.body, before, content, language(context).partition("_")[0])
        if filled.problems and (submit or before.submitted):
            raise filled.problems[0]
        answer = _sent(filled.answer, before, submit=submit, publish=publish, because=because)
        kept = answer_round(node, actor, answer, version=_version_of(held) if version is None else version)
    _told(context, kept, answer, [str(each) for each in filled.problems])


@round_.command("answer")
@click.argument("reference")
@click.argument("file", type=FILE, required=False)
@_SUBMIT
@_PUBLISH
@_BECAUSE
@VERSION
@acting
@click.pass_context
def answer(
    context: click.Context,
    reference: str,
    file: Path | None,
    submit: bool,
    publish: bool | None,
    because: str,
    version: int | None,
    officer: str,
    purpose: str,
) -> None:
    """Answer for your State from FILE (JSON: a list of parts), or show your answer so far where no FILE is named."""
    parts = decoded(file, tuple[Part, ...]) if file is not None else None
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        held, before = answer_to_fill(node, actor, reference)
        if parts is None and not submit:
            _show_answer(context, held, before)
            return
        filled = before if parts is None else msgspec.structs.replace(before, parts=parts)
        said = _sent(filled, before, submit=submit, publish=publish, because=because)
        kept = answer_round(node, actor, said, version=_version_of(held) if version is None else version)
    _told(context, kept, said)


def _sent(filled: Answer, before: Answer, *, submit: bool, publish: bool | None, because: str) -> Answer:
    """What was submitted stays so; who may see it stays as it was, unless it is said."""
    return msgspec.structs.replace(
        filled, submitted=submit or before.submitted, publish=before.publish if publish is None else publish,
        amended_because=because,
    )  # fmt: skip


def _told(context: click.Context, kept: tuple[str, int], answer: Answer, problems: Sequence[str] = ()) -> None:
    reference, version = kept
    if as_json(context):
        emit(
            {
                "reference": reference, "version": version, "submitted": answer.submitted, "publish": answer.publish,
                "problems": problems,
            }
        )  # fmt: skip
        return
    for each in problems:
        say(f"Not taken: {each}")
    if answer.submitted:
        say(f"Submitted, version {version}.")
    else:
        say(f"Kept as a draft, version {version}; only your own authority sees it.")


def _show_answer(context: click.Context, held: Held, before: Answer) -> None:
    if as_json(context):
        parts: Any = msgspec.to_builtins(before.parts)
        emit({"state": before.state, "version": _version_of(held), "submitted": before.submitted, "parts": parts})
        return
    tongue = language(context)
    said = [(each.question, each.kind, said_in(each.text, tongue)[0]) for each in before.parts]
    table(f"Answer of {before.state}", ("question", "kind", "in words"), said)
    say("Submitted." if before.submitted else "Not submitted.")


def _version_of(held: Held) -> int:
    return held.own_answer.version if held.own_answer is not None else 0
