"""Peers: authorities of other nodes, entered by people who have compared a fingerprint by voice."""

from __future__ import annotations

from pathlib import Path

import click

from alidade.cli.session import acting, actor_of, as_json, emit, node_of, say, table
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.services.exchange import peers as use

_SPOKEN = click.option(
    "--fingerprint", required=True, help="The fingerprint that the peer read out to you by telephone."
)


@click.group()
def peer() -> None:
    """Authorities of other nodes with which we exchange."""


@peer.command()
@click.argument("file", type=click.Path(path_type=Path))
@_SPOKEN
@click.option("--name", required=True, help="Name of the authority.")
@click.option("--function", required=True, help="See: alidade words authority_functions.")
@click.option("--state", required=True, help="Country (ISO 3166 alpha-2) or body.")
@click.option("--contact", required=True, help="Whom a hit tells others to ask.")
@click.option("--invented", is_flag=True, help="It is invented, for a rehearsal.")
@acting
@click.pass_context
def add(
    context: click.Context,
    file: Path,
    fingerprint: str,
    name: str,
    function: str,
    state: str,
    contact: str,
    invented: bool,
    officer: str,
    purpose: str,
) -> None:
    """Enter a peer from the FILE that it published. A second person, and every authority here, must confirm it."""
    new = use.NewPeer(name=name, function=function, state=state, contact=contact, invented=invented)
    with node_of(context) as node:
        _tell(context, use.add_peer(node, actor_of(node, officer, purpose), file, fingerprint, new))


@peer.command()
@click.argument("authority")
@_SPOKEN
@acting
@click.pass_context
def confirm(context: click.Context, authority: str, fingerprint: str, officer: str, purpose: str) -> None:
    """Say yes to a peer that somebody else entered, with the fingerprint that was read out to you."""
    with node_of(context) as node:
        found = use.confirm_peer(node, actor_of(node, officer, purpose), AuthorityId(authority), fingerprint)
    _tell(context, found)


@peer.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The peers of this node."""
    with node_of(context) as node:
        found = use.list_peers(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit([_shown(each) for each in found])
        return
    table(
        "Peers",
        ("authority", "name", "state", "manifest", "last word", "addresses"),
        [
            (
                each.authority,
                each.name,
                "suspended" if each.suspended else each.state,
                each.number,
                f"{each.last_word_at:%Y-%m-%d %H:%M}" if each.last_word_at else "",
                ", ".join(each.addresses),
            )
            for each in found
        ],
    )


@peer.command()
@click.argument("authority")
@acting
@click.pass_context
def show(context: click.Context, authority: str, officer: str, purpose: str) -> None:
    """Show one peer: its keys, its addresses, who confirmed it."""
    with node_of(context) as node:
        _tell(context, use.show_peer(node, actor_of(node, officer, purpose), AuthorityId(authority)))


@peer.command()
@click.argument("authority")
@click.option("--reason", required=True, help="Why nothing is to be sent there.")
@acting
@click.pass_context
def suspend(context: click.Context, authority: str, reason: str, officer: str, purpose: str) -> None:
    """Send nothing to a peer until it is taken up again; what is for it waits."""
    with node_of(context) as node:
        _tell(context, use.suspend_peer(node, actor_of(node, officer, purpose), AuthorityId(authority), reason))


@peer.command()
@click.argument("authority")
@acting
@click.pass_context
def resume(context: click.Context, authority: str, officer: str, purpose: str) -> None:
    """Send to a suspended peer again."""
    with node_of(context) as node:
        _tell(context, use.resume_peer(node, actor_of(node, officer, purpose), AuthorityId(authority)))


@peer.command("relay")
@click.argument("authority")
@click.option("--at", "address", metavar="HOST:PORT", help="Where the relay is reached.")
@click.option("--certificate", type=click.Path(path_type=Path), help="The relay.certificate that was handed out.")
@click.option("--fingerprint", help="Of that certificate, as it was read out to you.")
@click.option("--directly", is_flag=True, help="Call the peer at its own addresses again.")
@acting
@click.pass_context
def relay_(
    context: click.Context,
    authority: str,
    address: str | None,
    certificate: Path | None,
    fingerprint: str | None,
    directly: bool,
    officer: str,
    purpose: str,
) -> None:
    """Reach a peer by a relay, where neither node can call the other; the peer enters the same relay."""
    if directly is not (address is None and certificate is None and fingerprint is None):
        raise Invalid("A relay is named by --at, --certificate and --fingerprint, or given up by --directly.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if directly:
            _tell(context, use.reach_directly(node, actor, AuthorityId(authority)))
            return
        if address is None or certificate is None or fingerprint is None:
            raise Invalid("A relay is named by --at, --certificate and --fingerprint, or given up by --directly.")
        _tell(context, use.reach_by_relay(node, actor, AuthorityId(authority), address, certificate, fingerprint))


def _tell(context: click.Context, found: use.PeerView) -> None:
    if as_json(context):
        emit(_shown(found))
        return
    say(f"{found.authority} ({found.name}): {'suspended' if found.suspended else found.state}.")
    say(f"Fingerprint of its root: {found.fingerprint}")
    say(f"Manifest {found.number}, valid until {found.valid_until[:10]}; {', '.join(found.addresses) or 'no address'}.")
    if found.relay:
        say(f"Reached by the relay at {found.relay}.")
    if found.waits_for:
        say(f"It is in force once these have confirmed it: {', '.join(found.waits_for)}.")


def _shown(found: use.PeerView) -> dict[str, object]:
    return {
        "authority": found.authority,
        "name": found.name,
        "state": found.state,
        "fingerprint": found.fingerprint,
        "manifest": found.number,
        "addresses": found.addresses,
        "valid_until": found.valid_until,
        "confirmed_by": found.said,
        "waits_for": found.waits_for,
        "last_word_at": found.last_word_at.isoformat() if found.last_word_at else None,
        "reached_at": found.reached_at.isoformat() if found.reached_at else None,
        "trouble": found.trouble,
        "suspended": found.suspended,
        "relay": found.relay,
    }
