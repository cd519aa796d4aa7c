"""Accounts for the pages in the browser, opened at the machine itself."""

from __future__ import annotations

import click

from alidade.cli.serve import Service, ask_web
from alidade.cli.session import as_json, emit, home, say
from alidade.model.errors import NotFound


@click.group()
def account() -> None:
    """Let an officer into the pages."""


@account.command("open")
@click.argument("officer", metavar="AUTHORITY/NAME")
@click.pass_context
def open_(context: click.Context, officer: str) -> None:
    """Open an officer's account, or open it anew for one who is locked out: a password for one sign-in.

    Passkeys, codes and sessions of before are void. The ledger says that the account was opened at the machine.
    """
    folder = home(context)
    if not (folder / "node.key").exists():
        raise NotFound(f"There is no node in {folder}.", remedy="Begin with: alidade init, or alidade serve.")
    password = ask_web(Service(home=folder), "account", officer)[officer]
    if as_json(context):
        emit({"officer": officer, "password": password})
        return
    say(f"{officer} signs in once with: {password}")
    say("It is good for fourteen days, and shown here and nowhere else. Hand it over in person.")
