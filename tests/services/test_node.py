"""Node: opened again it answers as before, with the clock and the chance of the machine where none is given."""

from __future__ import annotations

from datetime import UTC, datetime

from personas import DE, NL, Office, draft

from alidade.services.machine import SystemClock, SystemRandomness
from alidade.services.node import Node


def test_what_was_committed_is_there_when_the_node_is_opened_again(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    again = Node.open(office.store.folder)
    try:
        other = Office(again, office.clock)
        assert other.ask(DE, "Jan Vermeulen").hits[0].record == record
        assert again.store.ledger_key.public == office.store.ledger_key.public
    finally:
        again.close()
    assert office.ask(NL, "Jan Vermeulen").kind == "hit"


def test_the_machine_gives_time_and_chance() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)
    drawn = {SystemRandomness().token_bytes(16) for _ in range(50)}
    assert len(drawn) == 50
    assert {len(one) for one in drawn} == {16}
