"""Map, timeline and matrix of countries in the terminal, and as files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import click

from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.errors import Conflict
from alidade.services.picture.mapping import Map, draw_map
from alidade.services.picture.matrix import Matrix, draw_matrix
from alidade.services.picture.sight_export import Sight, SightForm, export_sight
from alidade.services.picture.sights import Ask, Least
from alidade.services.picture.timeline import Timeline, draw_timeline

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def picture() -> None:
    """Map, timeline and countries, as you may see them; take them out as a file."""


def _asking(command: F) -> F:
    """The options that say what is to be in sight."""
    for option in (
        click.option("--least", type=click.Choice(["strong", "good", "weak"]), help="A1; B2 or better; C3 or better."),
        click.option("--until", default="", metavar="DATE", help="Up to this day, month or year."),
        click.option("--since", default="", metavar="DATE", help="From this day, month or year on."),
        click.option("--type", "types", multiple=True, metavar="TYPE", help="Only things of this type."),
        click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind (see the manual)."),
        click.option("--around", "records", multiple=True, metavar="REFERENCE", help="Around this, two ties outward."),
    ):
        command = option(command)
    return command


def _ask(options: dict[str, Any]) -> Ask:
    return Ask(
        records=options["records"], kinds=options["kinds"], types=options["types"], since=options["since"],
        until=options["until"], least=cast(Least, options["least"] or ""),
    )  # fmt: skip


@picture.command("map")
@_asking
@acting
@click.pass_context
def map_(context: click.Context, /, officer: str, purpose: str, **options: Any) -> None:
    """What has a place: places, seizures, events, and movements between them."""
    with node_of(context) as node:
        found = draw_map(node, actor_of(node, officer, purpose), _ask(options))
    if as_json(context):
        emit(_map_for_programs(found))
        return
    table(
        "Places, seizures and events",
        ("name", "type", "country", "known by", "latitude", "longitude", "when", "grade"),
        [
            (each.caption or "not known", each.type, each.spot.country or "not known", each.spot.exactness,
             f"{each.spot.latitude:.2f}", f"{each.spot.longitude:.2f}", each.begin, each.evaluation.code)
            for each in found.marks
        ],
    )  # fmt: skip
    table(
        "Movements from place to place", ("from", "to", "movements", "first", "last", "grade"),
        [
            (leg.source_name or leg.source.country, leg.target_name or leg.target.country, str(len(leg.moves)),
             leg.first, leg.last, leg.evaluation.code)
            for leg in found.legs
        ],
    )  # fmt: skip
    say(f"{found.unplaced} of these kinds have no place that anybody says.")
    _say_cut(found.cut)


@picture.command("timeline")
@_asking
@acting
@click.pass_context
def timeline(context: click.Context, /, officer: str, purpose: str, **options: Any) -> None:
    """What happened when, and what held from when to when."""
    with node_of(context) as node:
        found = draw_timeline(node, actor_of(node, officer, purpose), _ask(options))
    if as_json(context):
        emit(_timeline_for_programs(found))
        return
    words = language(context)
    table(
        "Timeline", ("begin", "end", "kind", "what", "name", "grade"),
        [
            (each.begin, each.end, each.lane, each.label.in_(words) if each.label else each.kind,
             each.caption or "not known", each.evaluation.code)
            for each in found.entries
        ],
    )  # fmt: skip
    _say_cut(found.cut)


@picture.command("matrix")
@_asking
@acting
@click.pass_context
def matrix(context: click.Context, /, officer: str, purpose: str, **options: Any) -> None:
    """How many ties lead from the things of one country to those of another."""
    with node_of(context) as node:
        found = draw_matrix(node, actor_of(node, officer, purpose), _ask(options))
    if as_json(context):
        emit(_matrix_for_programs(found))
        return
    table(
        "Ties from country to country", ("from", *found.countries),
        [
            (one, *(str(found.cells.get((one, other), 0)) for other in found.countries))
            for one in found.countries
        ],
    )  # fmt: skip
    say(f"{found.placeless} ties are not counted: nobody says of which country one of their ends is.")
    _say_cut(found.cut)


@picture.command("export")
@click.argument("sight", type=click.Choice(get_args(Sight)))
@click.option("--form", type=click.Choice(get_args(SightForm)), required=True, help="geojson for maps only.")
@click.option("--out", "path", type=click.Path(path_type=Path), required=True, help="The file to write.")
@_asking
@acting
@click.pass_context
def export(
    context: click.Context, /, sight: Sight, form: SightForm, path: Path, officer: str, purpose: str, **options: Any
) -> None:
    """A map, a timeline or a matrix as a file under the handling of all that goes out."""
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        made = export_sight(node, actor, sight, _ask(options), form, language=language(context))
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(made.content)
    if as_json(context):
        emit({"file": str(path), "sha256": made.sha256, "things_left_out": made.things_left_out,
              "ties_left_out": made.ties_left_out})  # fmt: skip
    else:
        say(f"Written to {path}. SHA-256 {made.sha256}, which is in the ledger.")


def _say_cut(cut: bool) -> None:
    if cut:
        say("There is more than can be shown; narrow what is asked for to see the rest.")


def _map_for_programs(found: Map) -> dict[str, object]:
    return {
        "marks": [
            {"thing": each.thing, "type": each.type, "group": each.group, "caption": each.caption, "spot": each.spot,
             "begin": each.begin, "end": each.end, "evaluation": each.evaluation.code, "owners": each.owners}
            for each in found.marks
        ],
        "legs": [
            {"source": leg.source, "target": leg.target, "source_name": leg.source_name,
             "target_name": leg.target_name, "count": len(leg.moves), "things": [move.thing for move in leg.moves],
             "evaluation": leg.evaluation.code, "first": leg.first, "last": leg.last}
            for leg in found.legs
        ],
        "presences": [
            {"thing": each.thing, "place": each.place, "since": each.tie.valid_from, "until": each.tie.valid_to,
             "evaluation": each.tie.evaluation.code}
            for each in found.presences
        ],
        "ways": found.ways,
        "unplaced": found.unplaced,
        "cut": found.cut,
    }  # fmt: skip


def _timeline_for_programs(found: Timeline) -> dict[str, object]:
    return {
        "entries": [
            {"key": each.key, "lane": each.lane, "kind": each.kind, "caption": each.caption, "thing": each.thing,
             "begin": each.begin, "end": each.end, "evaluation": each.evaluation.code}
            for each in found.entries
        ],
        "undated": found.undated,
        "cut": found.cut,
    }  # fmt: skip


def _matrix_for_programs(found: Matrix) -> dict[str, object]:
    return {
        "countries": found.countries,
        "cells": [{"from": one, "to": other, "count": n} for (one, other), n in sorted(found.cells.items())],
        "kinds": {kind: count for kind, _, count in found.kinds},
        "placeless": found.placeless,
        "cut": found.cut,
    }
