"""The keys of an authority: its offline root, what it publishes, new keys every month, keys that were lost."""

from __future__ import annotations

from pathlib import Path

import click

from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say
from alidade.model.errors import Conflict
from alidade.services.exchange import own_keys as use

_ROOT = click.option(
    "--root", "root", required=True, type=click.Path(path_type=Path), help="The root file, brought for this moment."
)
_OUT = click.option("--out", type=click.Path(path_type=Path), help="Write what is published to this new file.")


@click.group()
def keys() -> None:
    """Our keys for the exchange with other nodes: root, manifest, new keys, lost keys."""


@keys.command("new-root")
@click.argument("file", type=click.Path(path_type=Path))
@acting
@click.pass_context
def new_root(context: click.Context, file: Path, officer: str, purpose: str) -> None:
    """Make the offline root of our authority into a new FILE, which you take away; nothing of it stays here."""
    with node_of(context) as node:
        fingerprint = use.new_root(node, actor_of(node, officer, purpose), file)
    if as_json(context):
        emit({"file": file.name, "fingerprint": fingerprint})
        return
    say(f"Root made. Take {file.name} away, keep it offline in two places, and leave no copy on this machine.")
    say(f"Fingerprint, to be read out to peers: {fingerprint}")


@keys.command()
@_ROOT
@click.option("--address", "addresses", multiple=True, metavar="HOST:PORT", help="Where others reach this node.")
@_OUT
@acting
@click.pass_context
def publish(
    context: click.Context, root: Path, addresses: tuple[str, ...], out: Path | None, officer: str, purpose: str
) -> None:
    """Publish our manifest: the first one, or one with other addresses. Give the file to peers by any way."""
    with node_of(context) as node:
        _tell(context, use.publish(node, actor_of(node, officer, purpose), root, addresses), out)


@keys.command()
@_ROOT
@click.option("--signing", is_flag=True, help="A new signing key as well.")
@_OUT
@acting
@click.pass_context
def rotate(context: click.Context, root: Path, signing: bool, out: Path | None, officer: str, purpose: str) -> None:
    """Publish new keys, every month; private keys past their window are destroyed. Peers are told by themselves."""
    with node_of(context) as node:
        _tell(context, use.rotate(node, actor_of(node, officer, purpose), root, signing=signing), out)


@keys.command()
@_ROOT
@click.option(
    "--manifest",
    "manifests",
    type=click.Path(path_type=Path),
    help="The newest file that you handed out, where there is one.",
)
@_OUT
@acting
@click.pass_context
def renew(
    context: click.Context, root: Path, manifests: Path | None, out: Path | None, officer: str, purpose: str
) -> None:
    """Publish new keys after a restore from a backup: until then nothing is sent to other nodes."""
    with node_of(context) as node:
        _tell(context, use.renew(node, actor_of(node, officer, purpose), root, manifests), out)


@keys.command()
@click.argument("key")
@click.option("--from-size", required=True, type=click.IntRange(0), help="Length of our ledger from which it is lost.")
@_ROOT
@_OUT
@acting
@click.pass_context
def revoke(
    context: click.Context, key: str, from_size: int, root: Path, out: Path | None, officer: str, purpose: str
) -> None:
    """Declare a signing KEY lost: what it signed since counts nowhere. A new one takes its place."""
    with node_of(context) as node:
        done = use.revoke(node, actor_of(node, officer, purpose), root, key, from_size=from_size)
        _tell(context, done, out)


@keys.command()
@_OUT
@acting
@click.pass_context
def show(context: click.Context, out: Path | None, officer: str, purpose: str) -> None:
    """Show what we have published last, and whether new keys are due."""
    with node_of(context) as node:
        _tell(context, use.own_manifest(node, actor_of(node, officer, purpose)), out)


def _tell(context: click.Context, found: use.Published, out: Path | None) -> None:
    if out is not None:
        try:
            with out.open("xb") as file:
                file.write(found.manifests)
        except FileExistsError as error:
            raise Conflict(f"{out.name} exists already.", remedy="Name a new file.") from error
    if as_json(context):
        emit(
            {
                "authority": found.authority,
                "number": found.number,
                "fingerprint": found.fingerprint,
                "addresses": found.addresses,
                "dated": found.dated,
                "valid_until": found.valid_until,
                "keys_until": found.sealing_until,
                "rotation_due": found.rotation_due,
            }
        )
        return
    say(f"{found.authority}: manifest {found.number} of {found.dated[:10]}, valid until {found.valid_until[:10]}.")
    say(f"Fingerprint of the root: {found.fingerprint}")
    say(f"Addresses: {', '.join(found.addresses) or 'none; this node calls, nobody calls it'}.")
    due = "New keys are due: alidade keys rotate." if found.rotation_due else ""
    say(f"Messages can be sealed for us until {found.sealing_until[:10]}. {due}".strip())
