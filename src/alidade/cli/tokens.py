"""Tokens by which programs act for an officer: make one, list them, end one."""

from __future__ import annotations

import click

from alidade.cli.session import acting, actor_of, as_json, ask_if_missing, emit, grounds, node_of, say, table
from alidade.services import tokens as use


@click.group()
def token() -> None:
    """Keys by which programs use the API in our name, each for one purpose and case."""


@token.command("make")
@click.argument("name")
@click.option("--act", "acts", multiple=True, required=True, help="What the program may do (see: alidade words acts).")
@click.option("--days", type=int, help="How long it lasts; the longest permitted where it is not said.")
@grounds
@click.pass_context
def make(
    context: click.Context,
    name: str,
    acts: tuple[str, ...],
    days: int | None,
    ground: str | None,
    case: str | None,
    why: str | None,
    officer: str,
    purpose: str,
) -> None:
    """Make a token for the program NAME. Its secret is shown this once and kept nowhere.

    \b
    alidade token make "border gate 4" --act check --act verdict --days 30 \\
        --as nl-politie/j.devries --ground criminal_investigation --case 2026-118 --why "control of lorries"

    Name nobody in NAME or in --why: both stay readable until the token has ended.
    """
    ground = ask_if_missing(ground, "Legal ground (code)")
    case = ask_if_missing(case, "Case or control")
    why = ask_if_missing(why, "Justification")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose, ground=ground, case=case, why=why)
        made = use.make_token(node, actor, name=name, acts=acts, days=days)
    if as_json(context):
        emit({"token": made.token.id, "secret": made.secret, "expires_at": made.token.expires_at.isoformat()})
        return
    say(f"Token {made.token.id}, until {made.token.expires_at:%Y-%m-%d %H:%M} UTC.")
    say("Its secret, shown this once:")
    say(made.secret)


@token.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """My tokens, newest first."""
    with node_of(context) as node:
        found = use.list_tokens(node, actor_of(node, officer, purpose))
        now = node.store.clock.now()
    if as_json(context):
        emit(
            [
                {
                    "token": each.id,
                    "name": each.name,
                    "acts": each.acts,
                    "purpose": each.purpose,
                    "case": each.case,
                    "expires_at": each.expires_at.isoformat(),
                    "used_at": each.used_at.isoformat() if each.used_at else None,
                    "in_force": each.in_force(now),
                }
                for each in found
            ]
        )
        return
    table(
        "Tokens",
        ("token", "name", "may", "case", "until", "last used", "in force"),
        [
            (
                each.id,
                each.name,
                " ".join(each.acts),
                each.case,
                f"{each.expires_at:%Y-%m-%d}",
                f"{each.used_at:%Y-%m-%d %H:%M}" if each.used_at else "never",
                "yes" if each.in_force(now) else "no",
            )
            for each in found
        ],
    )


@token.command("end")
@click.argument("reference")
@acting
@click.pass_context
def end(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """End a token of mine for good, from the next request on."""
    with node_of(context) as node:
        use.end_token(node, actor_of(node, officer, purpose), reference)
    if as_json(context):
        emit({"token": reference, "in_force": False})
    else:
        say("Ended. A program that still uses it is refused from now on.")
