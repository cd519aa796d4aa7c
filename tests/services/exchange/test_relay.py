"""A relay: two nodes that never reach each other exchange by it; nothing is lost, and nothing goes to a stranger."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from federation import DE, NL, Place, introduce, make_place
from personas import Dice, SetClock
from thread_cases import answer, request

from alidade.exchange.relay import committed, read_not_taken
from alidade.model.errors import Conflict, Invalid, NotFound, Unreadable
from alidade.model.ids import AuthorityId
from alidade.services.exchange.calling import Called, Caller
from alidade.services.exchange.certificates import make_certificate, spoken_certificate
from alidade.services.exchange.contacts import contacts
from alidade.services.exchange.own_keys import node_certificate, rotate
from alidade.services.exchange.peers import reach_by_relay, reach_directly, show_peer
from alidade.services.exchange.relay_desk import RelayDesk, RelayLimits
from alidade.services.exchange.relay_keeping import (
    CERTIFICATE,
    Machine,
    begin_relay,
    drop_authority,
    relay_state,
    run_relay,
    serve_authority,
)
from alidade.services.exchange.transport_https import Line
from alidade.services.exchange.transport_relay import RelayLine
from alidade.services.exchange.witnessing import status
from alidade.services.threads.reading import read_thread
from alidade.store.exchange import KeptExchange
from alidade.store.exchange.relay_box import RelayBox

VE = AuthorityId("ve-cicpc")


@pytest.fixture
def machine(tmp_path: Path, clock: SetClock) -> Machine:
    made = Machine(folder=tmp_path / "relay", clock=clock, randomness=Dice("relay"))
    begin_relay(made)
    return made


@contextmanager
def running(machine: Machine) -> Iterator[int]:
    """The relay as its command runs it."""
    stop, heard, ports = threading.Event(), threading.Event(), list[int]()

    def ready(port: int) -> None:
        ports.append(port)
        heard.set()

    thread = threading.Thread(target=lambda: run_relay(machine, "127.0.0.1", 0, stop, ready=ready))
    thread.start()
    assert heard.wait(20)
    try:
        yield ports[0]
    finally:
        stop.set()
        thread.join(20)


def by_relay(place: Place, other: Place, machine: Machine, address: str) -> None:
    fingerprint = relay_state(machine).fingerprint
    reach_by_relay(place.node, place.admin(), other.own, address, machine.folder / CERTIFICATE, fingerprint)


def served(machine: Machine, *places: Place) -> None:
    for each in places:
        serve_authority(machine, each.published, each.fingerprint)


def called(place: Place) -> Called:
    caller = Caller(place.node, patience=5)
    try:
        return caller.round(at_once=True)
    finally:
        caller.close()


def test_two_nodes_that_never_reach_each_other_exchange_by_a_relay(tmp_path: Path) -> None:
    clock = SetClock(datetime.now(UTC))  # TLS libraries look at the clock of the machine
    machine = Machine(folder=tmp_path / "relay", clock=clock, randomness=Dice("relay"))
    begin_relay(machine)
    one, other = (make_place(tmp_path, code, clock, "by relay") for code in (NL, DE))
    introduce((one, other))
    served(machine, one, other)
    try:
        with running(machine) as port:
            by_relay(one, other, machine, f"127.0.0.1:{port}")
            by_relay(other, one, machine, f"127.0.0.1:{port}")
            thread = request(one.office, by=NL, to=DE)
            called(one)
            assert [(each.recipient, each.count > 0) for each in relay_state(machine).heaps] == [(DE, True)]
        with running(machine) as port:  # it was stopped meanwhile, and has lost nothing
            by_relay(one, other, machine, f"127.0.0.1:{port}")
            by_relay(other, one, machine, f"127.0.0.1:{port}")
            called(other)
            seen = read_thread(other.node, other.office.officer(DE), thread)
            assert [step.code for step in seen.steps] == ["open", "received"]
            answer(other.office, thread, by=DE, text="Nothing is known here.")
            for _ in range(3):
                clock.move(seconds=10)
                called(other)
                called(one)
            back = read_thread(one.node, one.office.officer(NL), thread)
            assert [step.code for step in back.steps] == ["open", "received", "read", "answer"]
            assert relay_state(machine).heaps == ()
        for each in (one, other):
            (peer,) = status(each.node, each.admin()).peers
            assert (peer.queue.unreceipted, peer.queue.parked, peer.trouble) == (0, 0, "")
        stored = b"".join(path.read_bytes() for path in machine.folder.iterdir())
        assert b"Nothing is known here" not in stored
        assert thread.encode() not in stored
    finally:
        one.node.close()
        other.node.close()


class Wire:
    """The desk of a relay and the lines to it, without the network between."""

    def __init__(self, machine: Machine, clock: SetClock, limits: RelayLimits | None = None) -> None:
        self.box = RelayBox(machine.folder)
        self.desk = RelayDesk(self.box, clock, limits)
        self.lines: dict[str, str] = {}

    def pin(self, place: Place) -> str:
        return node_certificate(place.node)[0].key_id

    def give(self, place: Place, frames: Sequence[bytes]) -> list[bytes]:
        assert self.desk.known(self.pin(place))
        return self.desk.handle(self.pin(place), frames)


@pytest.fixture
def wire(machine: Machine, pair: tuple[Place, Place], clock: SetClock) -> Iterator[Wire]:
    for each in pair:
        each.fingerprint = show_peer(
            *next((other.node, other.admin(), each.own) for other in pair if other is not each)
        ).fingerprint
        each.write_manifest()
    served(machine, *pair)
    made = Wire(machine, clock)
    yield made
    made.box.close()


def test_what_waits_is_given_again_until_it_is_committed(wire: Wire, pair: tuple[Place, Place]) -> None:
    one, other = pair
    request(one.office, by=NL, to=DE)
    frames = one.outgoing(DE)

    assert wire.give(one, frames) == []
    assert wire.give(one, frames) == []  # sent again: kept once
    assert wire.give(other, []) == frames
    assert wire.give(other, []) == frames
    other.take(frames)
    (digests,) = {tuple(_digests(frames))}
    assert wire.give(other, [committed(digests)]) == []
    assert wire.box.heaps() == []


def test_only_its_recipient_gets_an_envelope_and_only_its_sender_gives_it(
    wire: Wire, pair: tuple[Place, Place]
) -> None:
    one, other = pair
    request(one.office, by=NL, to=DE)
    frames = one.outgoing(DE)

    assert _refused(wire.give(other, frames)) == {(DE, "relay_foreign")}
    wire.give(one, frames)
    assert wire.give(one, []) == []
    wire.give(one, [committed(_digests(frames))])  # it is not the recipient
    assert wire.give(other, []) == frames
    assert not wire.desk.known("0" * 64)
    assert wire.desk.handle("0" * 64, []) == []


def test_who_is_not_served_gets_nothing_kept(wire: Wire, machine: Machine, pair: tuple[Place, Place]) -> None:
    one, other = pair
    request(one.office, by=NL, to=DE)
    frames = one.outgoing(DE)
    drop_authority(machine, DE)

    assert _refused(wire.give(one, [*frames, b"nonsense"])) == {
        (DE, "relay_unknown"),
        (AuthorityId("unknown"), "relay_unreadable"),
    }
    assert not wire.desk.known(wire.pin(other))
    with pytest.raises(NotFound):
        drop_authority(machine, DE)


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        pytest.param(RelayLimits(count=1), "relay_full", id="too many"),
        pytest.param(RelayLimits(size=3_000), "relay_full", id="too large"),
        pytest.param(RelayLimits(burst=1, per_minute=0), "relay_pace", id="too fast"),
    ],
)
def test_a_relay_takes_so_much_and_says_what_it_did_not_take(
    machine: Machine, wire: Wire, clock: SetClock, pair: tuple[Place, Place], limits: RelayLimits, why: str
) -> None:
    one, _ = pair
    for _ in range(3):
        request(one.office, by=NL, to=DE)
    narrow = Wire(machine, clock, limits)
    try:
        assert _refused(narrow.give(one, one.outgoing(DE))) == {(DE, why)}
        assert sum(each.count for each in narrow.box.heaps()) <= 1
    finally:
        narrow.box.close()


def test_what_nobody_fetches_goes_in_time_and_stays_with_its_sender(
    wire: Wire, clock: SetClock, pair: tuple[Place, Place]
) -> None:
    one, other = pair
    request(one.office, by=NL, to=DE)
    wire.give(one, one.outgoing(DE))
    clock.move(days=36)

    assert wire.give(other, []) == []
    assert status(one.node, one.admin()).peers[0].queue.unreceipted > 0


def test_a_relay_follows_new_manifests_of_the_authority_itself(
    wire: Wire, machine: Machine, pair: tuple[Place, Place]
) -> None:
    one, other = pair
    newest = rotate(one.node, one.admin(), one.root)
    chain = _chain(one)

    wire.give(other, chain)  # not its own
    assert wire.box.manifests()[NL] != chain[-1]
    wire.give(one, [b"ALIDMAN\x01nonsense", b"ALIDGOT", *chain])
    assert wire.box.manifests()[NL] == chain[-1]
    one.published.write_bytes(newest.manifests)
    serve_authority(machine, one.published, one.fingerprint)  # by hand as well; it is there
    assert wire.box.manifests()[NL] == chain[-1]


def test_an_operator_compares_the_fingerprint(machine: Machine, wire: Wire, pair: tuple[Place, Place]) -> None:
    with pytest.raises(Invalid, match="fingerprint"):
        serve_authority(machine, pair[0].published, pair[1].fingerprint)
    with pytest.raises(Conflict):
        begin_relay(machine)
    with pytest.raises(NotFound):
        relay_state(Machine(folder=machine.folder / "none", clock=machine.clock, randomness=machine.randomness))


def test_a_node_takes_a_relay_only_with_its_fingerprint(
    machine: Machine, pair: tuple[Place, Place], tmp_path: Path
) -> None:
    one, other = pair
    file = machine.folder / CERTIFICATE
    with pytest.raises(Invalid, match="fingerprint"):
        reach_by_relay(one.node, one.admin(), DE, "relay.example:8443", file, "0000 1111")
    (tmp_path / "no.certificate").write_text("-----BEGIN NOTHING-----")
    with pytest.raises(Unreadable):
        reach_by_relay(one.node, one.admin(), DE, "relay.example:8443", tmp_path / "no.certificate", "0")
    with pytest.raises(Invalid, match="host:port"):
        reach_by_relay(one.node, one.admin(), DE, "relay.example", file, "0")
    with pytest.raises(NotFound):
        reach_by_relay(one.node, one.admin(), VE, "relay.example:8443", file, relay_state(machine).fingerprint)

    by_relay(one, other, machine, "relay.example:8443")
    assert show_peer(one.node, one.admin(), DE).relay == "relay.example:8443"
    assert {each.relay for each in contacts(one.node) if DE in each.peers} == {True}
    # A relay that called the node would be taken for nobody.
    assert not any(each.relay for each in contacts(one.node, by_relay=False))
    assert reach_directly(one.node, one.admin(), DE).relay == ""
    assert not any(each.relay for each in contacts(one.node))


def test_a_relay_that_does_not_take_something_is_shown_as_trouble(
    wire: Wire, machine: Machine, pair: tuple[Place, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    by_relay(one, other, machine, "relay.example:8443")
    drop_authority(machine, DE)
    monkeypatch.setattr(Line, "open", lambda line: None)
    monkeypatch.setattr(Line, "exchange", lambda line, frames: wire.give(one, frames))
    request(one.office, by=NL, to=DE)

    assert called(one).reached == 1
    assert status(one.node, one.admin()).peers[0].trouble == "relay_unknown"


def test_a_relay_that_gives_something_else_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    came = [b"something else"]
    monkeypatch.setattr(RelayLine, "__init__", Line.__init__)
    monkeypatch.setattr(Line, "exchange", lambda line, frames: came)
    line = RelayLine.__new__(RelayLine)
    line._greeting, line._committed, line._refused = [], [], {}
    with pytest.raises(Unreadable):
        line.exchange([])
    with pytest.raises(Unreadable):
        line.exchange([b"frame"])


def test_the_fingerprint_of_a_certificate_is_read_out_in_groups() -> None:
    spoken = spoken_certificate(make_certificate(bytes(32), bytes(16), datetime(2026, 1, 1, tzinfo=UTC)))
    assert len(spoken.split()) == 16
    assert len(spoken.replace(" ", "")) == 64
    assert timedelta(days=35) == RelayLimits().keep


def _digests(frames: Sequence[bytes]) -> list[str]:
    return [sha256(frame).hexdigest() for frame in frames]


def _refused(answer_: Sequence[bytes]) -> set[tuple[str, str]]:
    return {(each.recipient, each.reason) for frame in answer_ for each in read_not_taken(frame)}


def _chain(place: Place) -> list[bytes]:
    with place.node.store.transaction() as tx:
        return [each.raw for each in KeptExchange(tx, place.own).manifests(place.own)]
