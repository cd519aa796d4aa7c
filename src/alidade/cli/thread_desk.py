"""The desk: who has a thread, handing over, the duty desk, internal notes."""

from __future__ import annotations

from typing import Any, Final

import click
import msgspec

from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say
from alidade.cli.thread_words import show_lines
from alidade.model.errors import Invalid
from alidade.model.ids import OfficerId
from alidade.services.threads.assigning import assign_thread, duty_desk, hand_over_threads, take_thread
from alidade.services.threads.managing import desk_rules, settle_desk_rules
from alidade.services.threads.noting import add_note


@click.command()
@click.argument("reference")
@acting
@click.pass_context
def take(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """Put a thread on my own desk, from the duty desk or a colleague's."""
    with node_of(context) as node:
        take_thread(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        emit({"thread": reference, "officer": officer})
    else:
        say("It is on your desk.")


@click.command()
@click.argument("reference")
@click.argument("colleague", required=False)
@click.option("--unit", default="", help="The unit; without it, the colleague's or the one on duty.")
@acting
@click.pass_context
def assign(
    context: click.Context, reference: str, colleague: str | None, unit: str, officer: str, purpose: str
) -> None:
    """Put a thread on a colleague's desk; without COLLEAGUE, back to the duty desk."""
    with node_of(context) as node:
        to = None if colleague is None else OfficerId(colleague)
        assign_thread(node, actor_of(node, officer, purpose), reference, to, unit=unit)
    if as_json(context):
        emit({"thread": reference, "officer": colleague or "", "unit": unit})
    else:
        say(f"It is on the desk of {colleague}." if colleague else "It is back at the duty desk.")


@click.command("hand-over")
@click.argument("colleague")
@click.option("--of", "giver", metavar="OFFICER", help="Whose desk; without it, mine.")
@acting
@click.pass_context
def hand_over(context: click.Context, colleague: str, giver: str | None, officer: str, purpose: str) -> None:
    """Hand a whole desk, threads and drafts, to a colleague (end of shift, leave, departure)."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        whose = None if giver is None else OfficerId(giver)
        threads, drafts = hand_over_threads(node, actor, OfficerId(colleague), officer=whose)
    if as_json(context):
        emit({"threads": threads, "drafts": drafts})
    else:
        say(f"Handed to {colleague}: {threads} threads, {drafts} drafts.")


@click.command("duty-desk")
@acting
@click.pass_context
def duty(context: click.Context, officer: str, purpose: str) -> None:
    """What waits for whoever is on duty, and how the duty desk is reached."""
    with node_of(context) as node:
        found = duty_desk(node, actor_of(node, officer, purpose), language=language(context))
    if as_json(context):
        emit(found)
        return
    said = "open now" if found.open_now else "not open now"
    say(f"Duty desk {found.unit or '(no unit named)'}: {said}. Hours: {found.hours or 'not stated'}.")
    say(f"Around the clock: {found.duty_line or 'not stated'}. On duty: {', '.join(found.officers) or 'the unit'}.")
    if found.lines:
        show_lines("At the duty desk", found.lines)
    else:
        say("Nothing waits at the duty desk.")


@click.command("desk-rules")
@click.option("--unit", help="The unit whose duty desk it is; empty for none.")
@click.option("--officer", "on_duty", multiple=True, metavar="AUTHORITY/NAME", help="Who is on duty; all of them.")
@click.option("--no-officers", is_flag=True, help="Nobody by name: the unit.")
@click.option(
    "--approval", multiple=True, metavar="PROCEDURE[:STEP]", help="What a second officer approves; * for all."
)
@click.option("--no-approval", is_flag=True, help="Only what a procedure itself asks to be approved.")
@click.option("--desk-address", metavar="ADDRESS", help="Where the duty desk is told that something waits.")
@click.option(
    "--address", "addresses", multiple=True, metavar="AUTHORITY/NAME=ADDRESS", help="Where an officer is told."
)
@click.option("--no-addresses", is_flag=True, help="No officer is told outside.")
@acting
@click.pass_context
def desk_rules_(context: click.Context, /, officer: str, purpose: str, **stated: Any) -> None:
    """Show what your authority has settled for its duty desk and for approval; with options, settle it.

    What no option states stays as it was; --officer, --approval and --address each state all of theirs.
    """
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        rules = desk_rules(node, actor)
        changes = _changes(stated)
        if changes:
            rules = msgspec.structs.replace(rules, **changes)
            settle_desk_rules(node, actor, rules)
    if as_json(context):
        emit(rules)
        return
    if changes:
        say("Settled; in force from now on.")
    say(f"Unit: {rules.duty_unit or 'not settled'}. On duty: {', '.join(rules.duty_officers) or 'not settled'}.")
    say(f"A second officer approves: {', '.join(rules.approval) or 'only what a procedure itself asks for'}.")
    say(f"The duty desk is told at: {rules.desk_address or 'nowhere'}.")
    for person, address in sorted(rules.addresses.items()):
        say(f"{person} is told at: {address}.")


def _changes(stated: dict[str, Any]) -> dict[str, Any]:
    """What the options change, by field of the rules."""
    changes: dict[str, Any] = {}
    if stated["unit"] is not None:
        changes["duty_unit"] = stated["unit"].strip()
    if stated["desk_address"] is not None:
        changes["desk_address"] = stated["desk_address"].strip()
    if stated["on_duty"] or stated["no_officers"]:
        changes["duty_officers"] = tuple(dict.fromkeys(stated["on_duty"]))
    if stated["approval"] or stated["no_approval"]:
        changes["approval"] = tuple(dict.fromkeys(stated["approval"]))
    if stated["addresses"] or stated["no_addresses"]:
        pairs = [each.rpartition("=") for each in stated["addresses"]]
        if not all(person and address for person, _, address in pairs):
            raise Invalid("An address is stated as AUTHORITY/NAME=ADDRESS.", code="address")
        changes["addresses"] = {person: address for person, _, address in pairs}
    return changes


@click.command()
@click.argument("reference")
@click.argument("text")
@acting
@click.pass_context
def note(context: click.Context, reference: str, text: str, officer: str, purpose: str) -> None:
    """Keep a note on a thread for our own authority; no other party ever sees it."""
    with node_of(context) as node:
        kept = add_note(node, actor_of(node, officer, purpose), reference, text)
    if as_json(context):
        emit({"note": kept})
    else:
        say("Noted, for your own authority alone.")


COMMANDS: Final = (take, assign, hand_over, duty, desk_rules_, note)
