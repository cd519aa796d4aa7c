"""One exercise for each use case of the exchange: keys, peers, folders, status, parked messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from personas import NL, START, Dice, Office

from alidade.exchange.layout import moment_text
from alidade.exchange.manifest import LedgerEntry, Manifest, SealingEntry, SigningEntry, fingerprint, sign
from alidade.exchange.rows import InboxRow
from alidade.exchange.suites import X25519_SUITE
from alidade.ledger.head import Ed25519Signer
from alidade.model.errors import Conflict, Invalid
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.exchange.certificates import make_certificate, spoken_certificate, written_certificate
from alidade.services.exchange.frames import join_frames
from alidade.services.exchange.holding import (
    end_hold,
    erase_after_all,
    held_records,
    hold_record,
    keep_because,
    orders_to_answer,
)
from alidade.services.exchange.own_keys import new_root, own_manifest, publish, renew, revoke, rotate
from alidade.services.exchange.peers import (
    NewPeer,
    add_peer,
    confirm_peer,
    list_peers,
    reach_by_relay,
    reach_directly,
    resume_peer,
    show_peer,
    suspend_peer,
)
from alidade.services.exchange.transport_folder import export_to, import_from
from alidade.services.exchange.witnessing import note_alarm_seen, retry_parked, skip_parked, status, verify_heads
from alidade.store import directory
from alidade.store.exchange import KeptExchange, alarms

NEW = NewPeer(name="Elsewhere", function="police", state="ES", contact="desk")
KNOWN, WAITING, FRESH = (AuthorityId(code) for code in ("es-known", "es-waiting", "es-fresh"))


def manifest_file(code: AuthorityId, folder: Path) -> tuple[Path, str]:
    """The file in which an invented authority publishes its keys, and the fingerprint that it reads out."""
    dice = Dice(code)
    root, signing, head = (Ed25519Signer(key_id=f"{code}-{n}", private_key=dice.token_bytes(32)) for n in "rsl")
    private = dice.token_bytes(32)
    text = Manifest(
        version=1,
        authority=str(code),
        number=1,
        dated=moment_text(START),
        valid_until=moment_text(START + timedelta(days=400)),
        root=root.public_key,
        previous="",
        signed_by="",
        signing=SigningEntry(id=signing.key_id, key=signing.public_key),
        sealing=(
            SealingEntry(
                id=f"{code}-x",
                suite=1,
                key=X25519_SUITE.public_of(private),
                not_after=moment_text(START + timedelta(days=40)),
            ),
        ),
        addresses=(),
        tls=(),
        ledger=LedgerEntry(origin=f"log/{code}", keys=(SigningEntry(id=head.key_id, key=head.public_key),)),
    )
    path = folder / f"{code}.manifest"
    path.write_bytes(join_frames([sign(text, root=root).raw]))
    return path, fingerprint(root.public_key)


class ExchangeScene:
    """What the use cases of the exchange work on: own keys, a peer in force, one that waits, a parked message."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        node = office.node
        with node.store.transaction() as tx:
            others = sorted(directory.hosted(tx) - {NL})
        admins = [act_as(node, OfficerId(f"{code}/admin"), purpose="18.2.a") for code in (NL, *others)]
        self.root = folder / "nl.root"
        new_root(node, admins[0], self.root)
        publish(node, admins[0], self.root)
        self.key = next(iter(node.store.keys.public_keys(NL)))
        self.fresh = manifest_file(FRESH, folder)
        self.waiting = manifest_file(WAITING, folder)
        known, spoken = manifest_file(KNOWN, folder)
        add_peer(node, admins[0], self.waiting[0], self.waiting[1], NEW)
        add_peer(node, admins[0], known, spoken, NEW)
        for admin in admins[1:]:
            confirm_peer(node, admin, KNOWN, spoken)
        with node.store.transaction() as tx:
            for message in ("1" * 32, "2" * 32):
                KeptExchange(tx, NL).put_inbox(
                    InboxRow(
                        sender=KNOWN,
                        message_id=message,
                        kind="step",
                        thread="",
                        sequence=0,
                        digest="0" * 64,
                        received_at=START,
                        state="parked",
                        reason="not_applicable",
                        raw=b"nothing",
                    )
                )
            alarms.raise_alarm(tx, NL, KNOWN, "log_silent", [])
            self.alarm = alarms.alarms_of(tx, NL)[0].number

        certificate = folder / "relay.certificate"
        held = make_certificate(bytes(32), bytes(16), START)
        certificate.write_bytes(written_certificate(held))
        self.relay = certificate, spoken_certificate(held)

    def new_file(self) -> Path:
        """A file that is not there yet."""
        self.count += 1
        return self.folder / f"new-{self.count}.root"


WHY, UNTIL = "own_proceedings", date(2027, 1, 1)


def _retry(s: Any, a: Actor) -> object:
    try:
        return retry_parked(s.office.node, a, KNOWN, "1" * 32)
    except (Conflict, Invalid):
        return "parked"  # nothing was in it


EXCHANGE_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    new_root: ("exchange_manage", lambda s, a: new_root(s.office.node, a, s.exchange.new_file())),
    publish: ("exchange_manage", lambda s, a: publish(s.office.node, a, s.exchange.root, ["h:1"])),
    rotate: ("exchange_manage", lambda s, a: rotate(s.office.node, a, s.exchange.root)),
    renew: ("exchange_manage", lambda s, a: renew(s.office.node, a, s.exchange.root)),
    revoke: ("exchange_manage", lambda s, a: revoke(s.office.node, a, s.exchange.root, s.exchange.key, from_size=9)),
    own_manifest: ("exchange_manage", lambda s, a: own_manifest(s.office.node, a)),
    add_peer: ("exchange_manage", lambda s, a: add_peer(s.office.node, a, *s.exchange.fresh, NEW)),
    confirm_peer: ("exchange_manage", lambda s, a: confirm_peer(s.office.node, a, WAITING, s.exchange.waiting[1])),
    list_peers: ("exchange_manage", lambda s, a: list_peers(s.office.node, a)),
    show_peer: ("exchange_manage", lambda s, a: show_peer(s.office.node, a, KNOWN)),
    suspend_peer: ("exchange_manage", lambda s, a: suspend_peer(s.office.node, a, KNOWN, "looked into")),
    resume_peer: ("exchange_manage", lambda s, a: resume_peer(s.office.node, a, KNOWN)),
    reach_by_relay: (
        "exchange_manage",
        lambda s, a: reach_by_relay(s.office.node, a, KNOWN, "h:1", *s.exchange.relay),
    ),
    reach_directly: ("exchange_manage", lambda s, a: reach_directly(s.office.node, a, KNOWN)),
    hold_record: ("erase", lambda s, a: hold_record(s.office.node, a, "0" * 32, WHY, UNTIL)),
    end_hold: ("erase", lambda s, a: end_hold(s.office.node, a, "0" * 32)),
    held_records: ("erase", lambda s, a: held_records(s.office.node, a)),
    orders_to_answer: ("erase", lambda s, a: orders_to_answer(s.office.node, a)),
    keep_because: ("erase", lambda s, a: keep_because(s.office.node, a, KNOWN, "o", WHY)),
    erase_after_all: ("erase", lambda s, a: erase_after_all(s.office.node, a, KNOWN, "o")),
    export_to: ("exchange_manage", lambda s, a: export_to(s.office.node, a, s.exchange.folder / "out", [KNOWN])),
    import_from: ("exchange_manage", lambda s, a: import_from(s.office.node, a, s.exchange.folder)),
    status: ("exchange_manage", lambda s, a: status(s.office.node, a)),
    verify_heads: ("ledger_verify", lambda s, a: verify_heads(s.office.node, a)),
    retry_parked: ("exchange_manage", _retry),
    skip_parked: ("exchange_manage", lambda s, a: skip_parked(s.office.node, a, KNOWN, "2" * 32)),
    note_alarm_seen: ("exchange_manage", lambda s, a: note_alarm_seen(s.office.node, a, s.exchange.alarm)),
}
