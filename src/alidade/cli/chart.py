"""Link charts in the terminal: drawn as tables, kept, opened, and taken out as files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from alidade.cli.handling_options import handling_from, handling_options
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.errors import Conflict
from alidade.services.picture.chart import Drawn, draw, filtered, named
from alidade.services.picture.chart_state import ChartState, Opened
from alidade.services.picture.charts import keep_chart, list_charts, open_chart
from alidade.services.picture.exporting import FORMS, Form, export_chart

_DRAWN_HERE = [form for form in FORMS if form != "png"]


@click.group()
def chart() -> None:
    """Link charts: draw, keep, open, and take out as a file."""


@chart.command("show")
@click.argument("records", nargs=-1, required=True)
@click.option("--open", "opened", multiple=True, metavar="REFERENCE", help="Follow the ties of this one, too.")
@click.option("--depth", default=1, show_default=True, type=click.IntRange(0, 3), help="How many ties outward.")
@click.option("--kept", is_flag=True, help="The one reference given is that of a kept chart.")
@acting
@click.pass_context
def show(
    context: click.Context, records: tuple[str, ...], opened: tuple[str, ...], depth: int, kept: bool, officer: str,
    purpose: str,
) -> None:  # fmt: skip
    """What is tied to these records, or a kept chart, as you may see it."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        found = open_chart(node, actor, records[0]).drawn if kept else draw(node, actor, _state(records, opened, depth))
    if as_json(context):
        emit(_for_programs(found))
        return
    things, ties = filtered(found.things, found.ties, found.state, frozenset(found.starts))
    names = {key: each.caption or f"({each.thing}, not known)" for key, each in things.items()}
    table(
        "Things", ("name", "type", "given by", "reference"),
        [(names[key], each.thing, " ".join(each.owners), key) for key, each in things.items()],
    )  # fmt: skip
    words = language(context)
    table(
        "Ties", ("from", "tie", "to", "evaluation", "since", "until"),
        [
            (names[tie.source], tie.label.in_(words), names[tie.target], tie.evaluation.code, tie.valid_from or "",
             tie.valid_to or "")
            for tie in ties
        ],
    )  # fmt: skip
    if found.cut:
        say("There is more than can be shown; the nearest is here.")


@chart.command("save")
@click.argument("records", nargs=-1, required=True)
@click.option("--title", required=True, help="Read by everybody who may open it.")
@click.option("--open", "opened", multiple=True, metavar="REFERENCE", help="Follow the ties of this one, too.")
@click.option("--depth", default=1, show_default=True, type=click.IntRange(0, 3))
@handling_options
@acting
@click.pass_context
def save(
    context: click.Context,
    /,
    records: tuple[str, ...],
    title: str,
    opened: tuple[str, ...],
    depth: int,
    officer: str,
    purpose: str,
    **options: Any,
) -> None:
    """Keep a chart under a handling of your own; each who may open it sees what he may see."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        handling = handling_from(actor.viewer.authority, options)
        saved = keep_chart(node, actor, _state(records, opened, depth), title, handling=handling)
    if as_json(context):
        emit({"piece": saved.piece, "version": saved.version})
    else:
        say(f"Kept as {saved.piece}, version {saved.version}.")


@chart.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The kept charts that you may open."""
    with node_of(context) as node:
        found = list_charts(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit({"charts": found})
        return
    table(
        "Charts", ("title", "made by", "version", "changed", "reference"),
        [(each.title, each.authority, str(each.version), each.changed_at[:16], each.piece) for each in found],
    )  # fmt: skip


@chart.command("export")
@click.argument("reference")
@click.option("--form", type=click.Choice(_DRAWN_HERE), required=True)
@click.option("--out", "path", type=click.Path(path_type=Path), required=True, help="The file to write.")
@acting
@click.pass_context
def export(context: click.Context, reference: str, form: Form, path: Path, officer: str, purpose: str) -> None:
    """A kept chart as a file under the handling of all that goes out, or refused with the reason."""
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        found = open_chart(node, actor, reference)
        made = export_chart(
            node, actor, found.drawn.state, form, title=found.kept.title, language=language(context)
        )  # fmt: skip
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(made.content)
    if as_json(context):
        emit({"file": str(path), "sha256": made.sha256, "things_left_out": made.things_left_out,
              "ties_left_out": made.ties_left_out})  # fmt: skip
    else:
        say(f"Written to {path}. SHA-256 {made.sha256}, which is in the ledger.")


def _state(records: tuple[str, ...], opened: tuple[str, ...], depth: int) -> ChartState:
    return ChartState(starts=named(records), depth=depth, opened=tuple(Opened(record=each) for each in opened))


def _for_programs(found: Drawn) -> dict[str, object]:
    things, ties = filtered(found.things, found.ties, found.state, frozenset(found.starts))
    return {
        "things": [
            {"id": each.id, "records": each.records, "thing": each.thing, "caption": each.caption,
             "owners": each.owners, "place": found.places.get(key)}
            for key, each in things.items()
        ],
        "ties": [
            {"id": each.id, "kind": each.kind, "source": each.source, "target": each.target,
             "directed": each.directed, "evaluation": each.evaluation.code, "valid_from": each.valid_from,
             "valid_to": each.valid_to}
            for each in ties
        ],
        "cut": found.cut,
    }  # fmt: skip
