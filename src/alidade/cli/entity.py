"""A thing as you may know it: who says what, what is tied to it, its history; everything about it as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.cli.statements import judgement_for_programs, show_statements, statement_for_programs
from alidade.model.errors import Conflict
from alidade.services.picture.entity import Connection, EntityPage
from alidade.services.picture.entity import entity as see_entity
from alidade.services.picture.entity_asked import Quoting, quoting_threads
from alidade.services.picture.entity_export import EntityForm, export_entity


@click.group()
def entity() -> None:
    """A thing as you may know it: who says what, its ties, its history; take it out."""


@entity.command("show")
@click.argument("reference")
@click.option("--at", metavar="YYYY-MM-DD", help="As it stood on this day; without it, today.")
@click.option("--exchanges", is_flag=True, help="Look for exchanges of ours that quote it, too.")
@acting
@click.pass_context
def show(context: click.Context, reference: str, at: str | None, exchanges: bool, officer: str, purpose: str) -> None:
    """A thing with everything you may know of it."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        page = see_entity(node, actor, reference, at=at, language=language(context))
        quoting = quoting_threads(node, actor, reference) if exchanges else ()
    if as_json(context):
        emit(_for_programs(page) | {"exchanges": quoting})
        return
    words = language(context)
    _say_facts(page, words)
    _say_ties(page, words)
    _say_asked(page, quoting)


def _say_facts(page: EntityPage, words: str) -> None:
    say(f"{page.thing.caption or 'not known'} ({page.thing.thing}), {len(page.thing.records)} records")
    if page.at:
        say(f"State of {page.at}: what had been given by then, is in force today, and held on that day.")
    show_statements(" + ".join(page.thing.records), [each for fact in page.facts for each in fact.statements])
    for fact in page.facts:
        if fact.conflict:
            say(f"They differ on: {fact.property if fact.label is None else fact.label.in_(words)}")


def _say_ties(page: EntityPage, words: str) -> None:
    tied = [*page.documents, *(each for group in page.groups for each in group.connections)]
    if tied:
        heads = ("tie", "who or what", "type", "evaluation", "from", "until", "says so", "reference")
        table("Connected", heads, [_row(each, words) for each in tied])
    if page.cut:
        say("More is tied to it than is listed.")


def _say_asked(page: EntityPage, quoting: Sequence[Quoting]) -> None:
    for ruling in page.rulings.followed:
        said = f"{ruling.left} and {ruling.right} the same: {ruling.reason}"
        say(f"{ruling.authority} ruled {said} ({ruling.judgement})")
    for asked in page.asked:
        when = "" if asked.at is None else asked.at.date().isoformat()
        say(f"{when} a check of ours hit it" if asked.kind == "ours" else f"{when} {asked.who} asked about our record")
    for thread in quoting:
        say(f"Exchange {thread.reference} ({thread.procedure}) quotes it.")
    for reason in page.out.reasons:
        say(f"Not to be taken out as a whole: {reason}")


def _row(each: Connection, words: str) -> tuple[str, ...]:
    tie = each.tie
    way = "" if not tie.directed else "from here: " if each.outward else "to here: "
    return (
        way + tie.label.in_(words), each.other.caption or "not known", each.other.thing, tie.evaluation.code,
        tie.valid_from or "", tie.valid_to or "", " ".join(sorted({one.owner for one in tie.statements})),
        each.other.id,
    )  # fmt: skip


def _for_programs(page: EntityPage) -> dict[str, object]:
    return {
        "entity": page.thing.id,
        "records": page.thing.records,
        "thing": page.thing.thing,
        "caption": page.thing.caption,
        "owners": page.thing.owners,
        "at": page.at,
        "facts": [
            {
                "property": fact.property,
                "conflict": fact.conflict,
                "statements": [statement_for_programs(each) for each in fact.statements],
            }
            for fact in page.facts
        ],
        "history": [
            {
                "kind": each.kind,
                "value": each.value if each.other is None else each.other.caption,
                "other": "" if each.other is None else each.other.id,
                "valid_from": each.valid_from,
                "valid_to": each.valid_to,
                "owner": each.said.owner,
            }
            for each in page.history
        ],
        "documents": [_tie(each) for each in page.documents],
        "ties": [_tie(each) for group in page.groups for each in group.connections],
        "cut": page.cut,
        "judgements": [judgement_for_programs(each) for each in page.rulings.followed],
        "asked": page.asked,
        "out": page.out,
    }


def _tie(each: Connection) -> dict[str, object]:
    tie = each.tie
    return {
        "tie": tie.id,
        "kind": tie.kind,
        "directed": tie.directed,
        "outward": each.outward,
        "other": each.other.id,
        "other_thing": each.other.thing,
        "other_caption": each.other.caption,
        "evaluation": tie.evaluation,
        "valid_from": tie.valid_from,
        "valid_to": tie.valid_to,
        "statements": [statement_for_programs(one) for one in tie.statements],
    }


@entity.command("export")
@click.argument("reference")
@click.option("--form", type=click.Choice(get_args(EntityForm)), default="csv", show_default=True)
@click.option("--part", is_flag=True, help="Leave out what may not be taken out, instead of refusing.")
@click.option("--out", "path", type=click.Path(path_type=Path), required=True, help="The file to write.")
@acting
@click.pass_context
def export(
    context: click.Context, reference: str, form: EntityForm, part: bool, path: Path, officer: str, purpose: str
) -> None:
    """Everything about a thing under its joined handling, or refused with the rule that forbids it."""
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        done = export_entity(node, actor, reference, form, part=part, language=language(context))
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(done.content)
    if as_json(context):
        emit({"file": str(path), "rows": done.rows, "left_out": done.left_out, "sha256": done.sha256})
    else:
        say(f"{done.rows} statements in {path}, {done.left_out} left out.")
        say(f"SHA-256 {done.sha256}, which is in the ledger.")
