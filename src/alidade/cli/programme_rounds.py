"""Rounds at the command line: held on a paper, read with their counts, compared with the one before, closed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.errors import Invalid
from alidade.programme.register import said_in
from alidade.programme.rounds import Question, Round
from alidade.services.programme.register import read_paper
from alidade.services.programme.rounds import (
    close_round,
    hold_round,
    questions_of,
    read_round,
    rounds,
)

if TYPE_CHECKING:
    from alidade.services.programme.rounds import Held

__all__ = ["FILE", "VERSION", "content_of", "decoded", "read_day", "round_"]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
VERSION = click.option("--version", "version", type=click.IntRange(0, 1_000_000),
                        help="The version that you have read; refused where it has changed since.")  # fmt: skip
_LARGEST = 5 * 1024 * 1024


@click.group("round")
def round_() -> None:
    """Rounds of questions to authorities: hold, answer, read, compare, close."""


@round_.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The rounds that you may read, the one that closes first first."""
    with node_of(context) as node:
        found = rounds(node, actor_of(node, officer, purpose))
    tongue = language(context)
    rows = [
        {
            "reference": each.kept.reference, "title": said_in(each.kept.body.title, tongue)[0],
            "cut_off": each.kept.body.cut_off.isoformat(), "closed_on": _day(each.kept.body.closed_on),
            "asked": each.asked, "answering": each.answering, "own_answer": each.own_answer,
            "authority": each.kept.authority,
        }
        for each in found
    ]  # fmt: skip
    if as_json(context):
        emit({"rounds": rows})
        return
    table(
        "Rounds",
        ("title", "cut-off", "answered", "our answer", "reference"),
        [
            (row["title"], row["closed_on"] or row["cut_off"], f"{row['answering']} of {row['asked']}",
             row["own_answer"], row["reference"])
            for row in rows
        ],
    )  # fmt: skip


@round_.command("show")
@click.argument("reference")
@acting
@click.pass_context
def show(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """One round with the answers that you may see; silence is counted apart, and never as done."""
    with node_of(context) as node:
        held = read_round(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        _emit_round(held)
        return
    say(said_in(held.kept.body.title, language(context))[0])
    table(
        "Questions",
        ("question", "text", "asked", "answered", "done", "silent"),
        [
            (key, said_in(question.text, language(context))[0], count.asked, count.answered, count.done, count.silent)
            for question in held.kept.body.questions
            for key, count in ((question.key, held.counts[question.key]),)
        ],
    )
    say(f"Silent: {', '.join(held.silent) or 'nobody'}.")
    if held.changes:
        table(
            "Since the round before",
            ("State", "question", "before", "now"),
            [(each.state, each.question, each.before or "no reply", each.now or "no reply") for each in held.changes],
        )


def _emit_round(held: Held) -> None:
    cells = [{"state": c.state, "question": c.question, "kind": c.kind or ""} for c in held.cells.values()]
    changes = [
        {"state": each.state, "question": each.question, "before": each.before or "", "now": each.now or ""}
        for each in held.changes
    ]
    emit(
        {
            "reference": held.kept.reference, "title": held.kept.body.title, "version": held.kept.version,
            "own": held.own, "counts": held.counts, "silent": held.silent, "cells": cells, "changes": changes,
        }
    )  # fmt: skip


@round_.command("hold")
@click.argument("paper")
@click.option("--title", required=True, help="Read by everybody who may see the round.")
@click.option("--ask", "asked", multiple=True, metavar="AUTHORITY", help="An authority that is asked; repeat it.")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="Last day for answers.")
@click.option("--from", "opens", metavar="YYYY-MM-DD", help="First day; else today.")
@click.option("--only", multiple=True, metavar="MEASURE", help="Ask about these measures only; else about all.")
@click.option("--questions", type=FILE, help="A file of questions (JSON) instead of one for each measure.")
@click.option("--previous", default="", metavar="ROUND", help="The round before, to compare with.")
@acting
@click.pass_context
def hold(
    context: click.Context,
    paper: str,
    title: str,
    asked: tuple[str, ...],
    until: str,
    opens: str | None,
    only: tuple[str, ...],
    questions: Path | None,
    previous: str,
    officer: str,
    purpose: str,
) -> None:
    """Open a round on PAPER: one question for each of its measures, or those of a file."""
    tongue = language(context)
    given = _questions(questions) if questions else None
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        found = given or _of_measures(questions_of(read_paper(node, actor, paper).kept.body), only)
        today = node.store.clock.now().date()
        body = {
            "title": {tongue: title}, "instrument": paper, "asked": asked,
            "opens": read_day(opens) if opens else today, "cut_off": read_day(until), "previous": previous,
            "languages": (tongue,),
        }  # fmt: skip
        reference = hold_round(node, actor, Round(questions=found, **body))  # type: ignore[arg-type]
    if as_json(context):
        emit({"reference": reference, "version": 1, "questions": len(found)})
    else:
        say(f"Opened as {reference} with {len(found)} questions. Those who are asked find it among their rounds.")


@round_.command("close")
@click.argument("reference")
@VERSION
@acting
@click.pass_context
def close(context: click.Context, reference: str, version: int | None, officer: str, purpose: str) -> None:
    """Take no more answers to a round of your authority."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        known = read_round(node, actor, reference).kept.version if version is None else version
        number = close_round(node, actor, reference, known)
    if as_json(context):
        emit({"reference": reference, "version": number})
    else:
        say("Closed. No answer is taken any more.")


def _questions(file: Path) -> tuple[Question, ...]:
    found: tuple[Question, ...] = decoded(file, tuple[Question, ...])
    return found


def decoded(file: Path, kind: Any) -> Any:
    """What a file says, as this kind. Raises Invalid for a file that is something else."""
    try:
        return msgspec.json.decode(content_of(file), type=kind)
    except msgspec.DecodeError as error:
        raise Invalid(
            f"{file.name} cannot be read as it is.", remedy="Write a list of objects (JSON); see the guide."
        ) from error


def content_of(file: Path) -> bytes:
    """The bytes of a file of answers or questions. Raises Invalid for one that is too large."""
    if file.stat().st_size > _LARGEST:
        raise Invalid(f"{file.name} is larger than {_LARGEST} bytes.", remedy="Give a smaller file.")
    return file.read_bytes()


def _of_measures(found: tuple[Question, ...], only: tuple[str, ...]) -> tuple[Question, ...]:
    if set(only) - {each.measure for each in found}:
        raise Invalid("The paper has no measure of such a number.", remedy="Look with: alidade programme show.")
    return tuple(each for each in found if not only or each.measure in only)


def read_day(text: str) -> dt.date:
    """A day as it is typed. Raises Invalid."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("That is no day.", remedy="Write it as YYYY-MM-DD.") from error


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
