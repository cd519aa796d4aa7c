"""Read, list, join and explain records; release and export."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from alidade.cli.handling_options import handling_from, handling_options
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.cli.statements import judgement_for_programs, show_statements, statement_for_programs
from alidade.model.errors import Conflict
from alidade.model.ids import AuthorityId
from alidade.services import records as use
from alidade.services.explaining import who_may, why_not
from alidade.services.picture.judging import judge, take_back_judgement
from alidade.services.releasing import release as give_release

_ACTIONS = click.Choice(
    ["read", "match", "hit_notify", "merge", "forward", "court", "third_country", "export", "correct"]
)


@click.group()
def record() -> None:
    """Read, list and join records; who may see them, and why not."""


@record.command("show")
@click.argument("reference")
@acting
@click.pass_context
def show(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """A record and what is joined with it, as you may see it."""
    with node_of(context) as node:
        entity = use.show_record(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        emit(
            {
                "records": entity.records,
                "statements": [statement_for_programs(s) for s in entity.statements],
                "judgements": [judgement_for_programs(j) for j in entity.judgements],
            }
        )
        return
    show_statements(" + ".join(entity.records), entity.statements)
    for ruling in entity.judgements:
        say(f"{ruling.authority} ruled {ruling.left} and {ruling.right} the same: {ruling.reason} ({ruling.judgement})")


@record.command("list")
@click.option("--newest", default=20, show_default=True, type=click.IntRange(1, 1000))
@acting
@click.pass_context
def list_(context: click.Context, newest: int, officer: str, purpose: str) -> None:
    """How much there is for you, and what came last."""
    with node_of(context) as node:
        found = use.overview(node, actor_of(node, officer, purpose), newest=newest)
    if as_json(context):
        emit(
            {
                "statements": found.statements,
                "things": found.things,
                "newest": [statement_for_programs(s) for s in found.newest],
            }
        )
        return
    say(f"{found.statements} statements that you may read.")
    table("By type of thing", ("thing", "records"), found.things)
    show_statements("Newest", found.newest)


@record.command("suggest")
@click.argument("prefix")
@acting
@click.pass_context
def suggest(context: click.Context, prefix: str, officer: str, purpose: str) -> None:
    """Words of names that begin so, from what you may read."""
    with node_of(context) as node:
        words = use.suggest_words(node, actor_of(node, officer, purpose), prefix)
    if as_json(context):
        emit(words)
    else:
        say("\n".join(words) if words else "No word that you may learn of begins so.")


@record.command("who")
@click.argument("reference")
@click.option("--action", type=_ACTIONS, default="read", show_default=True)
@acting
@click.pass_context
def who(context: click.Context, reference: str, action: str, officer: str, purpose: str) -> None:
    """Who may do something with a record of ours, and why the others may not."""
    with node_of(context) as node:
        answers = who_may(
            node,
            actor_of(node, officer, purpose),
            reference,
            action,  # type: ignore[arg-type]  # one of the choices
            purpose=purpose,
            language=language(context),
        )
    if as_json(context):
        emit(answers)
        return
    table(
        f"Who may {action}, for the purpose {purpose}",
        ("authority", "may", "why not"),
        [(a.name, "yes" if a.allowed else "no", "" if a.allowed else "\n".join(a.reasons)) for a in answers],
    )


@record.command("why")
@click.argument("reference")
@click.option("--action", type=_ACTIONS, default="forward", show_default=True)
@click.option("--to", "recipient", help="The authority it would go to.")
@acting
@click.pass_context
def why(context: click.Context, reference: str, action: str, recipient: str | None, officer: str, purpose: str) -> None:
    """Whether you may do something with a record you can read (pass it on, use it in court), and if not, why."""
    with node_of(context) as node:
        answer = why_not(
            node,
            actor_of(node, officer, purpose),
            reference,
            action,  # type: ignore[arg-type]  # one of the choices
            recipient=None if recipient is None else AuthorityId(recipient),
            language=language(context),
        )
    if as_json(context):
        emit(answer)
        return
    say("You may." if answer.allowed else "You may not:")
    for reason in answer.reasons:
        say(f"  {reason}")


@record.command("judge")
@click.argument("left")
@click.argument("right")
@click.argument("ruling", type=click.Choice(["same", "not_the_same", "unsure"]))
@click.option("--reason", required=True, help="In your words.")
@handling_options
@acting
@click.pass_context
def judge_(
    context: click.Context,
    /,
    left: str,
    right: str,
    ruling: str,
    reason: str,
    officer: str,
    purpose: str,
    **options: Any,
) -> None:
    """Rule whether two records speak of the same thing, under a handling of your own."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        reference = judge(
            node,
            actor,
            left,
            right,
            ruling,  # type: ignore[arg-type]  # one of the choices
            reason,
            handling_from(actor.viewer.authority, options),
        )
    if as_json(context):
        emit({"judgement": reference})
    else:
        say(f"Judgement {reference}. Take it back with: alidade record unjudge {reference}")


@record.command("unjudge")
@click.argument("judgement")
@acting
@click.pass_context
def unjudge(context: click.Context, judgement: str, officer: str, purpose: str) -> None:
    """Take back a judgement of ours; the records are apart again at once."""
    with node_of(context) as node:
        take_back_judgement(node, actor_of(node, officer, purpose), judgement)
    if as_json(context):
        emit({"judgement": judgement, "ruling": "taken back"})
    else:
        say("Taken back; the records are apart again.")


@click.command()
@click.argument("reference")
@click.option("--to", "grantee", required=True, help="The authority that may.")
@click.option("--action", type=_ACTIONS, required=True)
@click.option("--for-purpose", "purposes", multiple=True, required=True)
@click.option("--until", metavar="YYYY-MM-DD", help="Last day; without it, until withdrawn.")
@acting
@click.pass_context
def release(
    context: click.Context,
    reference: str,
    grantee: str,
    action: str,
    purposes: tuple[str, ...],
    until: str | None,
    officer: str,
    purpose: str,
) -> None:
    """Let one authority do one thing with a record of ours (and all else under the same handling)."""
    with node_of(context) as node:
        releases = give_release(
            node,
            actor_of(node, officer, purpose),
            reference,
            AuthorityId(grantee),
            action,  # type: ignore[arg-type]  # one of the choices
            purposes,
            until=until,
        )
    if as_json(context):
        emit({"releases": releases})
    else:
        say(f"Released to {grantee}: {action}. In force with their next request.")


@click.command()
@click.option("--out", "path", type=click.Path(path_type=Path), required=True, help="The CSV file to write.")
@acting
@click.pass_context
def export(context: click.Context, path: Path, officer: str, purpose: str) -> None:
    """Everything you may take out, as CSV in which every row carries its handling."""
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")
    with node_of(context) as node:
        done = use.export(node, actor_of(node, officer, purpose))
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(done.content)
    if as_json(context):
        emit({"file": str(path), "rows": done.rows, "sha256": done.sha256})
    else:
        say(f"{done.rows} statements in {path}. SHA-256 {done.sha256}, which is in the ledger.")
