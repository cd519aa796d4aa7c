"""A relay: a machine between nodes that cannot reach each other; it sees who sends how much to whom, and no more."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from alidade.cli.session import as_json, emit, say, table
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId

if TYPE_CHECKING:
    from alidade.services.exchange.relay_keeping import Machine

_FOLDER = click.argument("folder", type=click.Path(path_type=Path))


@click.group()
def relay() -> None:
    """A relay for nodes that cannot reach each other: begin, serve, run, status."""


@relay.command()
@_FOLDER
@click.pass_context
def begin(context: click.Context, folder: Path) -> None:
    """Make a relay in FOLDER. Hand out relay.certificate from there, and read the fingerprint out."""
    from alidade.services.exchange.relay_keeping import CERTIFICATE, begin_relay

    fingerprint = begin_relay(_machine(folder))
    if as_json(context):
        emit({"fingerprint": fingerprint, "certificate": str(folder / CERTIFICATE)})
    else:
        say(f"The relay is made. Hand out {folder / CERTIFICATE}, and read out its fingerprint:")
        say(fingerprint)


@relay.command()
@_FOLDER
@click.argument("manifest", type=click.Path(path_type=Path))
@click.option("--fingerprint", required=True, help="Of its root, as the authority read it out to you by telephone.")
@click.pass_context
def serve(context: click.Context, folder: Path, manifest: Path, fingerprint: str) -> None:
    """Serve the authority whose MANIFEST this is: its node may post here, and fetch what is for it."""
    from alidade.services.exchange.relay_keeping import serve_authority

    authority = serve_authority(_machine(folder), manifest, fingerprint)
    if as_json(context):
        emit({"serves": authority})
    else:
        say(f"{authority} is served.")


@relay.command()
@_FOLDER
@click.argument("authority")
@click.pass_context
def drop(context: click.Context, folder: Path, authority: str) -> None:
    """Serve an AUTHORITY no longer; what waits for it stays with its senders."""
    from alidade.services.exchange.relay_keeping import drop_authority

    drop_authority(_machine(folder), AuthorityId(authority))
    if as_json(context):
        emit({"dropped": authority})
    else:
        say(f"{authority} is served no longer.")


@relay.command()
@_FOLDER
@click.pass_context
def status(context: click.Context, folder: Path) -> None:
    """Whom the relay serves, and how much waits for whom."""
    from alidade.services.exchange.relay_keeping import relay_state

    found = relay_state(_machine(folder))
    if as_json(context):
        emit(
            {
                "fingerprint": found.fingerprint,
                "serves": found.served,
                "waiting": [
                    {"for": each.recipient, "from": each.sender, "envelopes": each.count, "bytes": each.size,
                     "oldest": each.oldest.isoformat()}
                    for each in found.heaps
                ],
            }
        )  # fmt: skip
        return
    say(f"Fingerprint of the relay: {found.fingerprint}")
    say(f"It serves: {', '.join(found.served) or 'nobody yet'}.")
    table(
        "What waits",
        ("for", "from", "envelopes", "bytes", "oldest"),
        [(each.recipient, each.sender, each.count, each.size, f"{each.oldest:%Y-%m-%d %H:%M}") for each in found.heaps],
    )


@relay.command()
@_FOLDER
@click.option("--listen", required=True, metavar="ADDRESS:PORT", help="Where nodes reach the relay.")
@click.option("--room", type=click.IntRange(1, 1 << 20), default=1024, show_default=True, help="MiB for each sender.")
@click.option("--pace", type=click.IntRange(1), default=60_000, show_default=True, help="Envelopes a minute, per node.")
@click.pass_context
def run(context: click.Context, folder: Path, listen: str, room: int, pace: int) -> None:
    """Take and give envelopes until stopped (Ctrl-C)."""
    from alidade.services.exchange.relay_desk import RelayLimits
    from alidade.services.exchange.relay_keeping import run_relay

    address, _, port = listen.rpartition(":")
    if not address or not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65535:
        raise Invalid("Where to listen is written ADDRESS:PORT.", remedy="For example: 0.0.0.0:8443.")
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    def ready(chosen: int) -> None:
        if as_json(context):
            emit({"port": chosen})
        else:
            say(f"The relay listens at port {chosen} (stop with Ctrl-C).")

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        limits = RelayLimits(size=room << 20, per_minute=pace, burst=max(1, pace // 3))
        run_relay(_machine(folder), address.strip("[]"), int(port), stop, limits=limits, ready=ready)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _machine(folder: Path) -> Machine:
    from alidade.services.exchange.relay_keeping import Machine
    from alidade.services.machine import SystemClock, SystemRandomness

    return Machine(folder=folder, clock=SystemClock(), randomness=SystemRandomness())
