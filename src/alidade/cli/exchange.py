"""The exchange with other nodes: run it, see how it stands, carry envelopes by hand."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType

import click

from alidade.cli.erasure_orders import orders
from alidade.cli.relay import relay
from alidade.cli.session import acting, actor_of, as_json, emit, home, node_of, say, table
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId

WAITS_FOR_A_PERSON = 7


@click.group()
def exchange() -> None:
    """Exchange with other nodes: run, status, folders, relays, parked messages."""


exchange.add_command(relay)
exchange.add_command(orders)


@exchange.command()
@acting
@click.pass_context
def status(context: click.Context, officer: str, purpose: str) -> int:
    """How it stands, peer by peer. Exit code 7 where something waits for a person."""
    from alidade.services.exchange import witnessing

    with node_of(context) as node:
        found = witnessing.status(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit(_shown(found))
    else:
        _tell(found)
    return 0 if found.sound else WAITS_FOR_A_PERSON


@exchange.command()
@click.option("--listen", metavar="ADDRESS:PORT", help="Where other nodes reach this one; without it, it only calls.")
@click.option("--pull-every", type=click.IntRange(1, 86_400), default=30, show_default=True, help="Seconds.")
@click.pass_context
def run(context: click.Context, listen: str | None, pull_every: int) -> int:
    """Call other nodes and answer them until stopped (Ctrl-C)."""
    from alidade.services.exchange.running import Place
    from alidade.services.exchange.running import run as run_exchange
    from alidade.services.node import database_setting

    address, port = _place(listen)
    with node_of(context):
        pass  # it is there, and its tables are up to date
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    def ready(port: int) -> None:
        if as_json(context):
            emit({"port": port})
        else:
            say(f"The exchange runs{f' and listens at port {port}' if port else ''} (stop with Ctrl-C).")

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        place = Place(
            folder=home(context), database=database_setting(), address=address, port=port, pull_every=float(pull_every)
        )
        run_exchange(place, stop, ready=ready)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


@exchange.command()
@click.pass_context
def once(context: click.Context) -> int:
    """Call every peer once: give what waits for it, take what it has for us. Exit code 7 where one was not reached."""
    from alidade.services.exchange.calling import Caller

    with node_of(context) as node:
        caller = Caller(node)
        try:
            done = caller.round(at_once=True)
        finally:
            caller.close()
    if as_json(context):
        emit(done)
    else:
        say(f"{done.given} given, {done.taken} taken; {done.reached} nodes reached, {done.unreached} not reached.")
    return WAITS_FOR_A_PERSON if done.unreached else 0


@exchange.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--to", "peers", multiple=True, required=True, metavar="AUTHORITY", help="For whom; may be repeated.")
@acting
@click.pass_context
def export_(context: click.Context, folder: Path, peers: tuple[str, ...], officer: str, purpose: str) -> None:
    """Write what waits for peers into FOLDER, to be carried there; it stays here until it is receipted."""
    from alidade.services.exchange import transport_folder

    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        written = transport_folder.export_to(node, actor, folder, [AuthorityId(peer) for peer in peers])
    if as_json(context):
        emit({"written": written})
    else:
        say(f"{written} envelopes written.")


@exchange.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@acting
@click.pass_context
def import_(context: click.Context, folder: Path, officer: str, purpose: str) -> int:
    """Take the envelopes of a FOLDER that was carried here. Exit code 7 where some were refused."""
    from alidade.services.exchange import transport_folder

    with node_of(context) as node:
        found = transport_folder.import_from(node, actor_of(node, officer, purpose), folder)
    if as_json(context):
        emit({"rulings": dict(found.rulings), "refused": dict(found.refused)})
    else:
        for ruling, count in sorted(found.rulings.items()):
            say(f"{ruling}: {count}")
        for reason, count in sorted(found.refused.items()):
            say(f"  refused because {reason.replace('_', ' ')}: {count}")
    return WAITS_FOR_A_PERSON if found.refused else 0


@exchange.command()
@acting
@click.pass_context
def verify(context: click.Context, officer: str, purpose: str) -> int:
    """Verify the countersignatures of peers under our ledger. Exit code 6 where one does not hold."""
    from alidade.services.exchange import witnessing

    with node_of(context) as node:
        found = witnessing.verify_heads(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit([{"peer": each.peer, "size": each.size, "at": each.at.isoformat(), "holds": each.holds} for each in found])
    else:
        table(
            "Countersigned heads of our ledger",
            ("peer", "entries", "at", "holds"),
            [(each.peer, each.size, f"{each.at:%Y-%m-%d %H:%M}", "yes" if each.holds else "NO") for each in found],
        )
    return 0 if all(each.holds for each in found) else 6


@exchange.command()
@click.argument("sender")
@click.argument("message")
@acting
@click.pass_context
def retry(context: click.Context, sender: str, message: str, officer: str, purpose: str) -> None:
    """Try a parked MESSAGE of SENDER again, once what was missing is there."""
    from alidade.services.exchange import witnessing

    with node_of(context) as node:
        ruling = witnessing.retry_parked(node, actor_of(node, officer, purpose), AuthorityId(sender), message)
    _tell_ruling(context, ruling)


@exchange.command()
@click.argument("sender")
@click.argument("message")
@acting
@click.pass_context
def skip(context: click.Context, sender: str, message: str, officer: str, purpose: str) -> None:
    """Give up a parked MESSAGE of SENDER for good, so that what comes after it goes on."""
    from alidade.services.exchange import witnessing

    with node_of(context) as node:
        ruling = witnessing.skip_parked(node, actor_of(node, officer, purpose), AuthorityId(sender), message)
    _tell_ruling(context, ruling)


@exchange.command()
@click.argument("alarm", type=click.IntRange(1, 2**31))
@acting
@click.pass_context
def seen(context: click.Context, alarm: int, officer: str, purpose: str) -> None:
    """Say that an ALARM, by its number in the status, was looked at."""
    from alidade.services.exchange import witnessing

    with node_of(context) as node:
        witnessing.note_alarm_seen(node, actor_of(node, officer, purpose), alarm)
    if as_json(context):
        emit({"seen": alarm})
    else:
        say("Noted.")


def _place(listen: str | None) -> tuple[str | None, int]:
    if listen is None:
        return None, 0
    address, _, port = listen.rpartition(":")
    if not address or not port.isascii() or not port.isdigit() or len(port) > 5 or int(port) > 65535:
        raise Invalid("Where to listen is written ADDRESS:PORT.", remedy="For example: 0.0.0.0:8443.")
    return address.strip("[]"), int(port)


def _tell_ruling(context: click.Context, ruling: str) -> None:
    if as_json(context):
        emit({"ruling": ruling})
    else:
        say(f"{ruling}.")


def _shown(found: object) -> dict[str, object]:
    from alidade.services.exchange.witnessing import Status

    if not isinstance(found, Status):
        raise AssertionError
    return {
        "authority": found.authority,
        "manifest": found.manifest,
        "rotation_due": found.rotation_due,
        "ledger_size": found.ledger_size,
        "peers": [
            {
                "peer": each.peer,
                "queued": each.queue.queued,
                "oldest": each.queue.oldest.isoformat() if each.queue.oldest else None,
                "unreceipted": each.queue.unreceipted,
                "waiting": each.queue.waiting,
                "parked": each.queue.parked,
                "received_at": each.queue.received_at.isoformat() if each.queue.received_at else None,
                "last_word_at": each.last_word_at.isoformat(),
                "stale": each.stale,
                "suspended": each.suspended,
                "reached_at": each.reached_at.isoformat() if each.reached_at else None,
                "trouble": each.trouble,
                "countersigned": each.cosigned_size,
                "known_of_theirs": each.known_size,
            }
            for each in found.peers
        ],
        "parked": [
            {"from": each.sender, "message": each.message, "kind": each.kind, "reason": each.reason}
            for each in found.parked
        ],
        "overdue": [
            {"asked": each.asked, "peer": each.peer, "order": each.order, "due_at": each.due_at.isoformat()}
            for each in found.overdue
        ],
        "to_answer": found.to_answer,
        "must_renew": found.must_renew,
        "kept": [
            {"peer": each.peer, "order": each.order, "record": each.record, "because": each.because}
            for each in found.kept
        ],
        "alarms": [
            {"number": each.number, "peer": each.peer, "kind": each.kind, "at": each.at.isoformat()}
            for each in found.alarms
        ],
    }


def _tell(found: object) -> None:
    from alidade.services.exchange.witnessing import Status

    if not isinstance(found, Status):
        raise AssertionError
    say(f"{found.authority}: manifest {found.manifest}, ledger of {found.ledger_size} entries.")
    if found.rotation_due:
        say("New keys are due: alidade keys rotate.")
    table(
        "Peers",
        ("peer", "to send", "unreceipted", "waiting", "parked", "last word", "countersigned", "trouble"),
        [
            (
                each.peer,
                each.queue.queued,
                each.queue.unreceipted,
                each.queue.waiting,
                each.queue.parked,
                f"{each.last_word_at:%Y-%m-%d %H:%M}" + (" (too old)" if each.stale else ""),
                each.cosigned_size,
                f"suspended: {each.suspended}" if each.suspended else each.trouble,
            )
            for each in found.peers
        ],
    )
    for parked in found.parked:
        say(f"Parked: {parked.kind} {parked.message} from {parked.sender} ({parked.reason}).")
    for overdue in found.overdue:
        say(f"Overdue: {'from' if overdue.asked else 'to'} {overdue.peer}, erasure {overdue.order}.")
    if found.must_renew:
        say("This node was restored from a backup. Nothing is sent until you publish new keys: alidade keys renew.")
    if found.to_answer:
        say(f"{found.to_answer} orders to erase wait for an answer: alidade exchange orders list.")
    for kept in found.kept:
        say(f"Kept by {kept.peer}: record {kept.record}, because of {kept.because.replace('_', ' ')}.")
    for alarm in found.alarms:
        say(f"Alarm {alarm.number}: {alarm.peer}: {alarm.kind.replace('_', ' ')} ({alarm.at:%Y-%m-%d %H:%M}).")
