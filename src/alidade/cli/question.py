"""Questions to the picture in the terminal: asked from a file, kept, listed, run again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from alidade.cli.handling_options import handling_from, handling_options
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.viewer import Actor
from alidade.services import jobs
from alidade.services.node import Node
from alidade.services.picture.question_keeping import keep_question, list_questions, open_question
from alidade.services.picture.question_terms import PictureQuestion, read_question
from alidade.services.picture.questions import QuestionAnswer, ask_question, question_run, word_question
from alidade.services.picture.standing_questions import (
    end_standing_question,
    look_at_standing_question,
    make_question_standing,
    standing_questions,
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def question() -> None:
    """Questions to the picture: ask from a file, keep, list, run a kept one."""


@question.command("ask")
@click.argument("file", type=_FILE)
@acting
@click.pass_context
def ask(context: click.Context, file: Path, officer: str, purpose: str) -> None:
    """Ask the question that FILE says (JSON), of what you may see."""
    with node_of(context) as node:
        _ask(context, node, actor_of(node, officer, purpose), read_question(file.read_bytes()))


@question.command("save")
@click.argument("file", type=_FILE)
@click.option("--title", required=True, help="Read by everybody who may open it.")
@handling_options
@acting
@click.pass_context
def save(context: click.Context, /, file: Path, title: str, officer: str, purpose: str, **options: Any) -> None:
    """Keep the question that FILE says: for one's own authority, or shared by its handling; each asks it himself."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        options["purposes"] = options["purposes"] or (purpose,)
        handling = handling_from(actor.viewer.authority, options)
        kept = keep_question(node, actor, read_question(file.read_bytes()), title, handling=handling)
    if as_json(context):
        emit({"piece": kept.piece, "version": kept.version})
    else:
        say(f"Kept as {kept.piece}, version {kept.version}.")


@question.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The kept questions that you may open."""
    with node_of(context) as node:
        found = list_questions(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit({"questions": found})
        return
    table(
        "Questions", ("title", "made by", "version", "changed", "reference"),
        [(each.title, each.authority, str(each.version), each.changed_at[:16], each.piece) for each in found],
    )  # fmt: skip


@question.command("run")
@click.argument("reference")
@acting
@click.pass_context
def run(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """Ask a kept question; the answer is your own."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        _ask(context, node, actor, open_question(node, actor, reference).question)


@question.command("stand")
@click.argument("reference")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="Last day on which it is asked again.")
@acting
@click.pass_context
def stand(context: click.Context, reference: str, until: str, officer: str, purpose: str) -> None:
    """Let a kept question be asked again until a day; you are told of what is new."""
    with node_of(context) as node:
        begun = make_question_standing(node, actor_of(node, officer, purpose), reference, until)
    if as_json(context):
        emit({"reference": begun})
    else:
        say(f"It is asked again until {until}, as {begun}.")


@question.command("standing")
@acting
@click.pass_context
def standing(context: click.Context, officer: str, purpose: str) -> None:
    """Your standing questions, the newest first."""
    with node_of(context) as node:
        found = standing_questions(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit({"standing": found})
        return
    table(
        "Standing questions", ("until", "state", "told", "new", "reference"),
        [(each.until, each.state, each.told, each.new, each.reference) for each in found],
    )  # fmt: skip


@question.command("look")
@click.argument("reference")
@acting
@click.pass_context
def look(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """What a standing question of yours has told of; it is asked again first."""
    with node_of(context) as node:
        found = look_at_standing_question(node, actor_of(node, officer, purpose), reference)
    _tell(context, f"{len(found.new)} new.", found.answer, sorted(found.new))


@question.command("end")
@click.argument("reference")
@acting
@click.pass_context
def end(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """End a standing question of yours."""
    with node_of(context) as node:
        end_standing_question(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        emit({"reference": reference, "state": "ended"})
    else:
        say("Ended.")


def _ask(context: click.Context, node: Node, actor: Actor, asked: PictureQuestion) -> None:
    words = word_question(node, actor, asked, language(context)).text
    outcome = ask_question(node, actor, asked)
    while isinstance(outcome, str):  # long work, which this terminal does itself where nobody else does
        jobs.run_next(node)
        done = question_run(node, actor, outcome)
        if done.ended and done.answer is None:
            say(f"The question was not answered: {done.state}.")
            return
        outcome = done.answer or outcome
    _tell(context, words, outcome)


def _tell(context: click.Context, words: str, answer: QuestionAnswer, new: Sequence[str] | None = None) -> None:
    if as_json(context):
        found = [
            {"id": each.thing.id, "thing": each.thing.thing, "caption": each.thing.caption,
             "owners": each.thing.owners, "because": [why.record for why in each.because]}
            for each in answer.found
        ]  # fmt: skip
        told = {"question": words} if new is None else {"new": new}
        emit(told | {"total": answer.total, "found": found})
        return
    say(words)
    table(
        "Answer", ("name", "type", "shown by", "given by", "reference"),
        [
            (each.thing.caption or "(not known)", each.thing.thing,
             "; ".join(dict.fromkeys(f"{why.caption or why.thing} {why.day}".strip() for why in each.because)),
             " ".join(each.thing.owners), each.thing.id)
            for each in answer.found
        ],
    )  # fmt: skip
    say(f"{answer.total} found.")
