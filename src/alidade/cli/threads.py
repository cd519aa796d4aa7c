"""Threads: the inbox, and the group of commands for exchanges with other authorities."""

from __future__ import annotations

from typing import get_args

import click

from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.cli.thread_desk import COMMANDS as OF_THE_DESK
from alidade.cli.thread_papers import COMMANDS as OF_PAPERS
from alidade.cli.thread_words import lasting, moment, show_lines, show_thread, thread_for_programs
from alidade.cli.thread_writing import COMMANDS as OF_WRITING
from alidade.services.threads import drafts as written
from alidade.services.threads import inbox as lists
from alidade.services.threads.reading import read_thread
from alidade.services.threads.searching import search_threads
from alidade.services.threads.view import Folder


@click.command()
@click.option(
    "--folder",
    type=click.Choice(get_args(Folder)),
    default="mine",
    show_default=True,
    help="mine: my desk; unit, unassigned (duty desk), urgent, all: we are to act; awaited: others are.",
)
@click.option("--after", default="", help="Go on where the page before ended.")
@click.option("--size", type=click.IntRange(1, lists.LARGEST_PAGE), default=50, show_default=True)
@acting
@click.pass_context
def inbox(context: click.Context, folder: Folder, after: str, size: int, officer: str, purpose: str) -> None:
    """Exchanges with other authorities that wait, what expires first first."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        found = lists.inbox(node, actor, folder, after=after, size=size, language=language(context))
    if as_json(context):
        emit(found)
        return
    counts = found.counts
    say(
        f"mine {counts.mine}, unit {counts.unit}, unassigned {counts.unassigned}, urgent {counts.urgent},"
        f" all {counts.all}, awaited {counts.awaited}, copies {counts.copies}, closed {counts.closed};"
        f" overdue {counts.overdue}, to approve {counts.to_approve}, given back {counts.returned}"
    )
    if found.lines:
        show_lines(f"Folder {folder}", found.lines)
    else:
        say("Nothing is in this folder.")
    if found.next:
        say(f"There is more: alidade inbox --folder {folder} --after {found.next}")


@click.group()
def thread() -> None:
    """Exchanges with other authorities: open, read, answer, refuse, hand over, print."""


@thread.command()
@click.argument("reference")
@acting
@click.pass_context
def show(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """A whole thread as your authority may see it; it counts as read."""
    with node_of(context) as node:
        view = read_thread(node, actor_of(node, officer, purpose), reference, language=language(context))
    if as_json(context):
        emit(thread_for_programs(view))
    else:
        show_thread(view)


@thread.command()
@click.argument("text", default="")
@click.option("--procedure", default="", help="Only threads of this procedure.")
@click.option("--with", "authority", default="", metavar="AUTHORITY", help="Only threads with this authority.")
@acting
@click.pass_context
def search(context: click.Context, text: str, procedure: str, authority: str, officer: str, purpose: str) -> None:
    """Threads whose reference, case or title holds TEXT, newest first."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        found = search_threads(node, actor, text, procedure=procedure, authority=authority, language=language(context))
    if as_json(context):
        emit(found)
    elif found:
        show_lines("Found", found)
    else:
        say("No thread of your authority that you may see is like this.")


@thread.command()
@acting
@click.pass_context
def awaited(context: click.Context, officer: str, purpose: str) -> None:
    """What other authorities owe us, what expires first first."""
    with node_of(context) as node:
        found = lists.awaited(node, actor_of(node, officer, purpose), language=language(context))
    if as_json(context):
        emit(found)
    elif not found:
        say("Nobody owes you anything.")
    else:
        table(
            "Owed by others",
            ("thread", "title", "authority", "what", "due", "left"),
            [
                (each.thread, each.title, each.authority_name, each.label, moment(each.due_at), lasting(each.left))
                for each in found
            ],
        )


@thread.command()
@acting
@click.pass_context
def drafts(context: click.Context, officer: str, purpose: str) -> None:
    """My drafts, those given back first, and those of colleagues that wait for my approval."""
    with node_of(context) as node:
        found = written.drafts_of(node, actor_of(node, officer, purpose), language=language(context))
    if as_json(context):
        emit(found)
    elif not found:
        say("No draft waits.")
    else:
        table(
            "Drafts",
            ("draft", "thread", "procedure", "step", "state", "by", "remark", "I may approve"),
            [
                (
                    each.id,
                    each.thread or "(to be opened)",
                    each.procedure,
                    each.label,
                    each.state,
                    each.officer,
                    each.remark,
                    "yes" if each.may_approve else "",
                )
                for each in found
            ],
        )


for _command in (*OF_WRITING, *OF_THE_DESK, *OF_PAPERS):
    thread.add_command(_command)
