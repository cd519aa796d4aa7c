"""Judge which records are of the same thing; see what might be, confirm, take back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from alidade.cli.handling_options import handling_from, handling_options
from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say, table
from alidade.cli.statements import statement_for_programs
from alidade.services.picture import judgements as desk
from alidade.services.picture import judging, pairs, suggesting

_LISTS = ("to_confirm", "look_again", "contradictions", "in_force", "revoked")


@click.group()
def judgement() -> None:
    """What might be the same, and who ruled what."""


@judgement.command("list")
@click.option("--state", type=click.Choice(_LISTS), help="Only this list.")
@acting
@click.pass_context
def list_(context: click.Context, state: str | None, officer: str, purpose: str) -> None:
    """The judgements that you may see, by what is to be done."""
    with node_of(context) as node:
        found = desk.judgement_desk(node, actor_of(node, officer, purpose))
    lists: dict[str, Sequence[Any]] = {name: getattr(found, name) for name in _LISTS if state in (None, name)}
    if as_json(context):
        emit({name: [_for_programs(each) for each in every] for name, every in lists.items()})
        return
    for name, every in lists.items():
        rows = [each.apart if isinstance(each, desk.Disagreement) else each for each in every]
        table(
            name.replace("_", " ").capitalize(),
            ("judgement", "ruling", "one", "other", "by", "reason"),
            [
                (each.judgement, each.ruling, _side(each.left), _side(each.right), each.authority, each.reason)
                for each in rows
            ],
        )


def _side(side: Any) -> str:
    return f"{side.caption or 'not known'} ({side.record[:8]}, {side.owner})"


def _for_programs(each: Any) -> dict[str, object]:
    if isinstance(each, desk.Disagreement):
        return {
            "apart": _for_programs(each.apart),
            "chain": [_for_programs(one) for one in each.chain],
            "joined": each.joined,
        }
    shown = {
        name: getattr(each, name)
        for name in (
            "judgement", "left", "right", "ruling", "reason", "evidence", "authority", "ruled_at", "own", "accepted",
            "officer", "confirmed_by", "revoked_by", "revoked_at", "revoked_because", "replaced_by",
        )
    }  # fmt: skip
    return shown | {"new": [statement_for_programs(one) for one in each.new]}


@judgement.command("make")
@click.argument("left")
@click.argument("right")
@click.argument("ruling", type=click.Choice(["same", "not_the_same", "unsure"]))
@click.option("--reason", required=True, help="In your words.")
@click.option("--evidence", multiple=True, help="Reference of a record or statement; may be given again.")
@click.option("--second-officer", is_flag=True, help="It has no effect until a second officer confirms it.")
@handling_options
@acting
@click.pass_context
def make(
    context: click.Context,
    /,
    left: str,
    right: str,
    ruling: str,
    reason: str,
    evidence: tuple[str, ...],
    second_officer: bool,
    officer: str,
    purpose: str,
    **options: Any,
) -> None:
    """Rule whether two records speak of the same thing, under a handling of your own."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        made = judging.rule(
            node,
            actor,
            left,
            right,
            ruling,  # type: ignore[arg-type]  # one of the choices
            reason,
            handling_from(actor.viewer.authority, options),
            evidence=evidence,
            second_officer=second_officer,
        )
    if as_json(context):
        emit({"judgement": made.judgement, "waits": made.waits})
    elif made.waits:
        say(
            f"Judgement {made.judgement} waits. Another officer confirms it: alidade judgement confirm {made.judgement}"
        )
    else:
        say(f"Judgement {made.judgement}. Take it back with: alidade judgement revoke {made.judgement}")


@judgement.command("confirm")
@click.argument("reference")
@acting
@click.pass_context
def confirm(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """Confirm, as the second officer, a judgement that waits."""
    with node_of(context) as node:
        judging.confirm(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        emit({"judgement": reference, "state": "in_force"})
    else:
        say("Confirmed; it is in force.")


@judgement.command("revoke")
@click.argument("reference")
@click.option("--reason", default="", help="Why, in your words.")
@acting
@click.pass_context
def revoke(context: click.Context, reference: str, reason: str, officer: str, purpose: str) -> None:
    """Take back a judgement of ours; the records are apart again at once."""
    with node_of(context) as node:
        judging.revoke(node, actor_of(node, officer, purpose), reference, reason)
    if as_json(context):
        emit({"judgement": reference, "state": "revoked"})
    else:
        say("Taken back; the records are apart again.")


@judgement.command("suggest")
@click.argument("record", required=False)
@click.option("--order", type=click.Choice(["doubt", "certainty"]), default="doubt", show_default=True)
@click.option("--after", default="", help="Where the list before ended.")
@click.option("--size", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--look", default="", help="A look through the whole desk that has ended.")
@acting
@click.pass_context
def suggest(
    context: click.Context, record: str | None, order: Any, after: str, size: int, look: str, officer: str, purpose: str
) -> None:
    """What might be the same: as one record, or among all that you may join."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if record is not None:
            alike = pairs.suggestions_for(node, actor, record)
            if as_json(context):
                emit([{"side": each.side, "score": each.score, "parts": each.parts} for each in alike])
                return
            table("Might be the same", ("score", "record", "what"), [
                (f"{each.score:.2f}", each.side.record, _side(each.side)) for each in alike
            ])  # fmt: skip
            return
        found = suggesting.suggestions(node, actor, order=order, after=after, size=size, look=look)
    if as_json(context):
        emit(
            {"suggestions": found.suggestions, "sides": found.sides, "total": found.total, "following": found.following}
        )
        return
    sides = {side.record: side for side in found.sides}
    table(
        f"{found.total} pairs might be the same",
        ("chance", "type", "one", "other", "speaks for it"),
        [
            (
                f"{each.score:.2f}", each.thing, _side(sides[each.left]), _side(sides[each.right]),
                ", ".join(name for name, bits in each.explanation if bits >= 1),
            )
            for each in found.suggestions
        ],
    )  # fmt: skip
    if found.following:
        say(f"More: alidade judgement suggest --order {order} --after '{found.following}'")
