"""The register at the command line: papers, how their measures stand, reports, the calendar, rounds of questions."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from alidade.cli.programme import programme
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.errors import Conflict, Invalid
from alidade.programme.lists import term
from alidade.programme.register import said_in
from alidade.programme.report.composing import TEMPLATES
from alidade.services.programme.accepting import LARGEST, accept, proposal, propose
from alidade.services.programme.register import PaperLine, papers, read_paper
from alidade.services.programme.reports import FORMS, ReportOrder, calendar_feed, drafted, freeze, written
from alidade.services.programme.rounds import read_round, rounds

__all__ = ["programme", "round_"]

_LANGUAGES = ("en", "fr", "es", "pt")
_OUT = click.option("--out", "path", type=click.Path(path_type=Path), required=True, help="The file to write.")


@programme.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The papers that you may read, and how their measures stand."""
    with node_of(context) as node:
        found = papers(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit({"papers": [_line(each) for each in found]})
        return
    table(
        "Papers",
        ("number", "title", "date", "measures", "done", "not known", "findings", "kept by", "reference"),
        [
            (
                each.kept.body.number, said_in(each.kept.body.title, language(context))[0], each.kept.body.date or "",
                each.measures, each.statuses.get("done", 0), each.not_known, each.findings, each.kept.authority,
                each.kept.reference,
            )
            for each in found
        ],
    )  # fmt: skip


def _line(each: PaperLine) -> dict[str, object]:
    body = each.kept.body
    return {
        "reference": each.kept.reference, "number": body.number, "kind": body.kind, "title": body.title,
        "date": body.date.isoformat() if body.date else "", "authority": each.kept.authority,
        "version": each.kept.version, "measures": each.measures, "statuses": each.statuses,
        "not_known": each.not_known, "findings": each.findings,
    }  # fmt: skip


@programme.command("show")
@click.argument("reference")
@acting
@click.pass_context
def show(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """One paper with its measures: how each stands, since when, and what there is to find fault with."""
    with node_of(context) as node:
        found = read_paper(node, actor_of(node, officer, purpose), reference)
    tongue, body = language(context), found.kept.body
    rows = [
        {
            "key": key, "title": said_in(each.measure.title, tongue)[0], "status": each.status or "",
            "since": str(each.since or ""), "deadline": str(each.measure.deadline or ""), "verified": each.verified,
            "findings": [finding.code for finding in each.findings],
        }
        for key, each in found.standings.items()
    ]  # fmt: skip
    if as_json(context):
        emit({"reference": reference, "number": body.number, "title": body.title, "version": found.kept.version,
              "own": found.own, "measures": rows, "uncarried": found.uncarried})  # fmt: skip
        return
    say(f"{body.number}: {said_in(body.title, tongue)[0]}")
    table(
        "Measures",
        ("no.", "title", "status", "since", "deadline", "findings"),
        [
            (
                row["key"], row["title"],
                term("measure_statuses", str(row["status"]), tongue) if row["status"] else "not known",
                row["since"], row["deadline"] or "none set", ", ".join(finding.code for finding in each.findings),
            )
            for row, each in zip(rows, found.standings.values(), strict=True)
        ],
    )  # fmt: skip


@programme.command("accept")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--paper-language", type=click.Choice(_LANGUAGES), help="Language of the paper; else recognised.")
@click.option("--number", help="Number of the paper, where it was not read right.")
@click.option("--only", multiple=True, metavar="MEASURE", help="Only these measures; else all that were read.")
@click.option("--without-answers", is_flag=True, help="Leave out the answers of States that the paper tells.")
@acting
@click.pass_context
def accept_(
    context: click.Context,
    file: Path,
    paper_language: str | None,
    number: str | None,
    only: tuple[str, ...],
    without_answers: bool,
    officer: str,
    purpose: str,
) -> None:
    """Read a paper and keep what it proposes; who runs this has looked at `programme read` before."""
    if file.stat().st_size > LARGEST:
        raise Invalid(f"{file.name} is larger than {LARGEST} bytes.", remedy="Give a smaller file.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        draft = propose(node, actor, file.read_bytes(), file.name, paper_language)
        known = [each.number for each in proposal(node, actor, draft).measures]
        unknown = sorted(set(only) - set(known))
        if unknown:
            raise Invalid("A measure that is to be kept was not read.", remedy="Look with: alidade programme read.")
        chosen = only or known
        head = {"number": number} if number else None
        kept = accept(node, actor, draft, chosen, head=head, answers=not without_answers)
    if as_json(context):
        emit({"reference": kept, "measures": len(chosen)})
    else:
        say(f"Kept as {kept} with {len(chosen)} measures. All authorities of the federation can see it.")


@programme.command("report")
@click.argument("reference")
@click.option("--template", type=click.Choice(TEMPLATES), default="progress_report", show_default=True)
@click.option("--in", "tongue", type=click.Choice(_LANGUAGES), help="Language of the report; else that of the answer.")
@click.option("--form", type=click.Choice(tuple(FORMS)), default="pdf", show_default=True)
@click.option("--state", default="", metavar="AAA", help="Which State a State report is about.")
@click.option("--meeting", default="", help="Reference of the meeting of a briefing.")
@click.option("--freeze", "frozen", is_flag=True, help="Keep it with what it tells; it never changes again.")
@click.option("--untranslated", is_flag=True, help="Freeze it though a text exists in another language only.")
@_OUT
@acting
@click.pass_context
def report(
    context: click.Context,
    reference: str,
    template: str,
    tongue: str | None,
    form: str,
    state: str,
    meeting: str,
    frozen: bool,
    untranslated: bool,
    path: Path,
    officer: str,
    purpose: str,
) -> None:
    """A report on a paper, from what you may see, as a file; no file is written over."""
    _absent(path)
    order = ReportOrder(
        template=template, instrument=reference, language=tongue or language(context).partition("_")[0], state=state,
        meeting=meeting,
    )  # fmt: skip
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if frozen:
            kept = freeze(node, actor, order, untranslated=untranslated)
            content = written(node, actor, kept, form)[1]
        else:
            kept, content = "", FORMS[form][1](drafted(node, actor, order))
    _write(path, content)
    if as_json(context):
        emit({"file": str(path), "frozen": kept})
    else:
        say(f"Written to {path}." + (f" Frozen as {kept}." if kept else " A draft: nothing is kept."))


@programme.command("calendar")
@_OUT
@acting
@click.pass_context
def calendar(context: click.Context, path: Path, officer: str, purpose: str) -> None:
    """Meetings, deadlines of measures and rounds as an iCalendar file; no file is written over."""
    _absent(path)
    with node_of(context) as node:
        content = calendar_feed(node, actor_of(node, officer, purpose), language(context), {})
    _write(path, content)
    if as_json(context):
        emit({"file": str(path)})
    else:
        say(f"Written to {path}.")


@click.group("round")
def round_() -> None:
    """Rounds of questions to authorities: who has answered, and what."""


@round_.command("list")
@acting
@click.pass_context
def rounds_(context: click.Context, officer: str, purpose: str) -> None:
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
def show_round(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """One round with the answers that you may see; silence is counted apart, and never as done."""
    with node_of(context) as node:
        held = read_round(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        cells = [{"state": c.state, "question": c.question, "kind": c.kind or ""} for c in held.cells.values()]
        emit({"reference": reference, "title": held.kept.body.title, "version": held.kept.version, "own": held.own,
              "counts": held.counts, "silent": held.silent, "cells": cells})  # fmt: skip
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


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _absent(path: Path) -> None:
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
