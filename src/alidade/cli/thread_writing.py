"""Write in threads: open one, take a step, approve or give back what a colleague wrote, attach a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from alidade.cli.handling_options import handling_from, handling_options
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say
from alidade.cli.thread_orders import order_from, order_options, parties_of, tell_preview, tell_sent
from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.threads import drafts
from alidade.services.threads.following import follow_hit
from alidade.services.threads.opening import open_thread, preview_opening
from alidade.services.threads.stepping import preview_step, take_step
from alidade.services.threads.view import Opening, StepOrder


@click.command("open")
@click.argument("procedure")
@click.option("--to", "parties", multiple=True, metavar="AUTHORITY=ROLE", help="Another party and its role.")
@click.option("--title", default="", help="What it is about; names nobody.")
@click.option("--case", default="", help="Your reference of the case.")
@click.option(
    "--follow", "followed", metavar="HIT", help="A hit without content: its owner is asked, and named for you."
)
@click.option("--role", "own_role", default="", help="Your role, where the procedure leaves a choice.")
@order_options
@handling_options
@acting
@click.pass_context
def open_(context: click.Context, /, procedure: str, officer: str, purpose: str, **options: Any) -> None:
    """Open a thread of a procedure (see: alidade procedure list) with its first step.

    \b
    alidade thread open information_request --to de-bka=requested --title "Lorry seen at the border" \\
        --form request.json --category suspect_or_convicted --as nl-politie/liaison
    alidade thread open hit_follow_up --follow HIT --set purpose=18.2.a --set urgent=false ...

    Whoever is written to may read; all other conditions are those stated. With --preview nothing is sent or kept.
    """
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose, case=options["case"] or None)
        with order_from(node, actor, "open", options) as order:
            opening = _opening(node, actor, procedure, order, options)
            if options["only_preview"]:
                tell_preview(context, preview_opening(node, actor, opening, language=language(context)))
            else:
                tell_sent(context, lambda: open_thread(node, actor, opening))


def _opening(node: Node, actor: Actor, procedure: str, order: StepOrder, options: dict[str, Any]) -> Opening:
    handling = handling_from(actor.viewer.authority, options)
    if options["followed"] is None:
        return Opening(
            procedure=procedure,
            parties=parties_of(options["parties"]),
            title=options["title"],
            case=options["case"],
            own_role=options["own_role"],
            order=order,
            handling=handling,
        )
    begun = follow_hit(node, actor, options["followed"], title=options["title"])
    return replace(
        begun,
        procedure=procedure,
        case=options["case"] or begun.case,
        order=replace(
            order, values={**begun.order.values, **order.values}, quotes=(*begun.order.quotes, *order.quotes)
        ),
        handling=handling,
    )


@click.command()
@click.argument("reference")
@click.argument("code")
@click.option("--translates", metavar="AUTHORITY/NUMBER", help="The step of which this is a translation.")
@order_options
@acting
@click.pass_context
def step(context: click.Context, /, reference: str, code: str, officer: str, purpose: str, **options: Any) -> None:
    """Take a step: what `alidade thread show` lists, or message, remind, reassure.

    \b
    alidade thread step THREAD answer --set answer="Nothing is known here." --as nl-politie/liaison
    alidade thread step THREAD refuse --reason national_security --set refusal_explanation="..."
    """
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        with order_from(node, actor, code, options) as order:
            if options["only_preview"]:
                tell_preview(context, preview_step(node, actor, reference, order, language=language(context)))
            else:
                tell_sent(context, lambda: take_step(node, actor, reference, order))


@click.command()
@click.argument("reference")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--note", default="", help="Words that go with it.")
@acting
@click.pass_context
def attach(
    context: click.Context, reference: str, files: tuple[Path, ...], note: str, officer: str, purpose: str
) -> None:
    """Send files into a thread as a message. Each is checked first; its kind is told by its content."""
    options = {"form": None, "answers": (), "reason": "", "note": note, "written_in": "en", "files": files,
               "records": (), "quotes": (), "only_preview": False}  # fmt: skip
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        with order_from(node, actor, "message", options) as order:
            tell_sent(context, lambda: take_step(node, actor, reference, order))


@click.command()
@click.argument("draft")
@acting
@click.pass_context
def approve(context: click.Context, draft: str, officer: str, purpose: str) -> None:
    """Send what a colleague wrote, as the second officer who has looked at it (see: alidade thread drafts)."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        tell_sent(context, lambda: drafts.approve_draft(node, actor, draft))


@click.command("return")
@click.argument("draft")
@click.option("--remark", required=True, help="What its writer should mend.")
@acting
@click.pass_context
def return_(context: click.Context, draft: str, remark: str, officer: str, purpose: str) -> None:
    """Give a draft back to its writer, with words why."""
    with node_of(context) as node:
        drafts.return_draft(node, actor_of(node, officer, purpose), draft, remark)
    if as_json(context):
        emit({"draft": draft, "state": "returned"})
    else:
        say("Given back to its writer.")


COMMANDS: Final = (open_, step, attach, approve, return_)
