"""The worker: a node that is served exchanges once it has keys and a peer, and goes on after an error."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from federation import NL, Place, make_place
from personas import SetClock

from alidade.model.errors import Conflict, Damaged, Invalid
from alidade.services.exchange import running, worker
from alidade.services.exchange.worker import Listening, exchange_beside, has_exchange, listening_at


def test_only_who_has_keys_and_a_peer_exchanges(pair: tuple[Place, Place], tmp_path: Path, clock: SetClock) -> None:
    alone = make_place(tmp_path / "alone", NL, clock, "alone")
    try:
        assert has_exchange(pair[0].node)
        assert not has_exchange(alone.node)
    finally:
        alone.node.close()


def test_it_begins_anew_after_an_error_and_ends_when_told(
    pair: tuple[Place, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, places, met = threading.Event(), list[running.Place](), list[str]()

    def run(place: running.Place, told: threading.Event) -> None:
        places.append(place)
        if len(places) == 1:
            raise Conflict("The port is taken.")
        told.set()

    monkeypatch.setattr(worker, "run", run)
    exchange_beside(
        pair[0].folder,
        Listening(address="127.0.0.1", port=8443),
        stop,
        failed=lambda error: met.append(type(error).__name__),
        again=0.01,
    )

    assert met == ["Conflict"]
    assert [(each.folder, each.address, each.port) for each in places] == [(pair[0].folder, "127.0.0.1", 8443)] * 2


def test_it_writes_nothing_over_a_store_that_has_stopped(
    pair: tuple[Place, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(place: running.Place, told: threading.Event) -> None:
        raise Damaged("The disk refused a write.")

    monkeypatch.setattr(worker, "run", run)
    met: list[str] = []
    exchange_beside(
        pair[0].folder, Listening(), threading.Event(), failed=lambda error: met.append(type(error).__name__)
    )

    assert met == ["Damaged"]


def test_where_it_listens_is_an_address_and_a_port() -> None:
    assert listening_at("") == Listening()
    assert listening_at("[::1]:8443") == Listening(address="::1", port=8443)
    for text in ("8443", ":8443", "host:", "host:0", "host:70000", "host:x"):
        with pytest.raises(Invalid):
            listening_at(text)
