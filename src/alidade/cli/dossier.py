"""Dossiers of networks in the terminal: listed, shown, made, filled, compared, nominated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from alidade.cli.handling_options import handling_from, handling_options
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.services.picture.dossier_keeping import compare_versions
from alidade.services.picture.dossier_state import Dossier, Member, decode_dossier
from alidade.services.picture.dossier_terms import term
from alidade.services.picture.dossiers import add_member, list_dossiers, make_dossier, open_dossier, rule_on_member
from alidade.services.picture.mappings_compared import compare_mappings
from alidade.services.picture.nominations import hold_matching, list_matchings, nominate


@click.group()
def dossier() -> None:
    """Dossiers of networks: list, show, make, add members, compare, nominate."""


@dossier.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The dossiers that you may open, with the members that you may see."""
    with node_of(context) as node:
        found = list_dossiers(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit({"dossiers": found})
        return
    table(
        "Networks", ("network", "state", "mappings", "members", "kept by", "version", "reference"),
        [
            (each.name, each.state, " ".join(each.rounds), str(each.members), each.authority, str(each.version),
             each.piece)
            for each in found
        ],
    )  # fmt: skip


@dossier.command("show")
@click.argument("reference")
@acting
@click.pass_context
def show(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """One dossier as you may see it."""
    with node_of(context) as node:
        found = open_dossier(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        emit({"kept": found.kept, "dossier": found.dossier, "captions": _captions(found.members)})
        return
    words = language(context)
    say(f"{found.kept.name} ({found.kept.authority}, version {found.kept.version})")
    for paragraph in found.dossier.summary:
        say(paragraph)
    table(
        "Members", ("who", "type", "role", "standing", "certainty", "reference"),
        [
            (each.thing.caption, each.thing.thing, term("roles", each.member.role, words) if each.member.role else "",
             each.member.standing, each.member.certainty, each.member.record)
            for each in found.members
        ],
    )  # fmt: skip
    table("What to find out next", ("question", "who could know", "found out"),
          [(each.question, each.who, each.answered_on) for each in found.dossier.gaps])  # fmt: skip


@dossier.command("make")
@click.option("--name", default="", help="Name of the network.")
@click.option("--mapping", "rounds", multiple=True, help="For which mapping it is written, such as 2026.")
@click.option("--member", "members", multiple=True, metavar="REFERENCE", help="Record of a member.")
@click.option("--file", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A dossier as JSON.")
@handling_options
@acting
@click.pass_context
def make(
    context: click.Context,
    /,
    name: str,
    rounds: tuple[str, ...],
    members: tuple[str, ...],
    path: Path | None,
    officer: str,
    purpose: str,
    **options: Any,
) -> None:
    """Keep a new dossier under a handling of your own."""
    said = (
        Dossier(
            names=(name,) if name else (), rounds=rounds, members=tuple(Member(record=each) for each in members)
        )
        if path is None
        else decode_dossier(path.read_bytes())
    )  # fmt: skip
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        piece = make_dossier(node, actor, said, handling_from(actor.viewer.authority, options))
    _kept(context, piece, 1)


@dossier.command("member")
@click.argument("reference")
@click.argument("record")
@click.option("--role", default=None, help="Code of a role.")
@click.option("--certainty", default="", help="A 4x4 grade, such as B2.")
@click.option("--ruling", type=click.Choice(["candidate", "confirmed", "rejected"]), help="Rule on it.")
@acting
@click.pass_context
def member(
    context: click.Context, reference: str, record: str, role: str | None, certainty: str, ruling: Any, officer: str,
    purpose: str,
) -> None:  # fmt: skip
    """Add a member to a dossier of your own, as a candidate, or rule on one."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if ruling is None:
            version = add_member(node, actor, reference, Member(record=record, role=role or "", certainty=certainty))
        else:
            version = rule_on_member(node, actor, reference, record, ruling, role=role)
    _kept(context, reference, version)


@dossier.command("compare")
@click.argument("pair", nargs=2)
@click.option("--dossier", "reference", help="Compare two versions of this dossier; without it two mappings.")
@acting
@click.pass_context
def compare(context: click.Context, pair: tuple[str, str], reference: str | None, officer: str, purpose: str) -> None:
    """What stayed, left and came between two mappings, or between two versions of a dossier of your own."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if reference is not None:
            numbers = [int(each) if each.isdigit() else 0 for each in pair]
            differs = compare_versions(node, actor, reference, *numbers)
            emit({"difference": differs.difference}) if as_json(context) else _say_difference(differs)
            return
        found = compare_mappings(node, actor, *pair)
    if as_json(context):
        emit({"fates": found.fates, "stayed": [each.id for each in found.stayed],
              "left": [each.id for each in found.left], "come": [each.id for each in found.come]})  # fmt: skip
        return
    table(
        "Networks", ("what became of it", *pair, "members in both"),
        [(each.kind, ", ".join(one.name for one in each.before), ", ".join(one.name for one in each.after),
          str(each.shared)) for each in found.fates],
    )  # fmt: skip
    say(f"Members: {len(found.stayed)} stayed, {len(found.left)} left, {len(found.come)} came.")


@dossier.command("nominate")
@click.argument("round_", metavar="ROUND", required=False)
@click.option("--dossier", "reference", default="", help="Nominate the members of this dossier of your own.")
@click.option("--identifier", "identifiers", multiple=True, help="Or identifiers, one for each member.")
@click.option("--contact", default="", help="With whom others may talk.")
@click.option("--never-tell", "never_tell", multiple=True, metavar="AUTHORITY")
@click.option("--open", "title", help="Open a round of this title instead.")
@click.option("--closes", default="", metavar="YYYY-MM-DD", help="Its last day.")
@handling_options
@acting
@click.pass_context
def nominate_(
    context: click.Context,
    /,
    round_: str | None,
    reference: str,
    identifiers: tuple[str, ...],
    contact: str,
    never_tell: tuple[str, ...],
    title: str | None,
    closes: str,
    officer: str,
    purpose: str,
    **options: Any,
) -> None:
    """Nominate a network in a round; without a round: the rounds, our nominations and what came of them."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if title is not None:
            handling = handling_from(actor.viewer.authority, options)
            _kept(context, hold_matching(node, actor, title, closes, handling), 1)
            return
        if round_ is not None:
            made = nominate(
                node, actor, round_, contact, dossier=reference, identifiers=identifiers, excluded=never_tell
            )  # fmt: skip
            emit(made) if as_json(context) else say(f"Nominated as {made.piece}: {made.members} members take part.")
            return
        found = list_matchings(node, actor)
    if as_json(context):
        emit({"rounds": found})
        return
    for each in found:
        say(f"{each.title} ({'over' if each.over else 'until ' + each.closes}), reference {each.piece}")
        for own in each.nominations:
            say(f"  ours: {own.members} members")
            for overlap in own.overlaps:
                first, second = overlap.authorities
                say(f"    {first} and {second} have at least {overlap.at_least} members in common. Talk with each"
                    f" other: {'; '.join(overlap.contacts)}.")  # fmt: skip


def _kept(context: click.Context, piece: str, version: int) -> None:
    emit({"piece": piece, "version": version}) if as_json(context) else say(f"Kept as {piece}, version {version}.")


def _captions(members: Any) -> dict[str, str]:
    return {each.member.record: each.thing.caption for each in members}


def _say_difference(found: Any) -> None:
    differs = found.difference
    for words, records in (("stayed", differs.stayed), ("left", differs.left), ("came", differs.come)):
        say(f"{words}: {', '.join(found.things[each].caption or each for each in records) or '-'}")
    for change in differs.fields:
        say(f"{change.field}: - {'; '.join(change.gone) or '-'} + {'; '.join(change.come) or '-'}")
