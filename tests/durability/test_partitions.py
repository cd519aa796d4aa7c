"""Partitions of real nodes: links go down and come back, and whatever was queued arrives everywhere, once.

As root of a machine with network namespaces; elsewhere skipped with the reason. `--full` queues 10,000 messages.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services" / "exchange"))
sys.path.insert(0, str(Path(__file__).parents[1] / "services"))

from exchange_nodes import Net, NoNamespaces, until
from federation import DE, FR, NL, Place, introduce, make_place
from personas import draft

from alidade.model.ids import AuthorityId
from alidade.services.exchange.posting import send_record
from alidade.services.exchange.witnessing import status
from alidade.services.ledger import verify_ledger
from alidade.services.machine import SystemClock
from alidade.services.releasing import release
from alidade.store import writing
from alidade.store.exchange import queues

CODES = (NL, DE, FR)
PORT = 8443
AT_ONCE = 50
CONVERGED = 60.0  # seconds after the links are back, with 10,000 queued (security.md 8.5)

pytestmark = pytest.mark.sqlite_only("processes of their own find their data in the folder")


class Moving(SystemClock):
    """The clock of the machine; a test that stands still has no place here."""

    def move(self, **by: float) -> None:
        """Nothing: time passes by itself."""


@pytest.fixture
def net() -> Iterator[Net]:
    if shutil.which("ip") is None:
        pytest.skip("network namespaces need the program ip")
    try:
        made = Net(CODES)
    except NoNamespaces as missing:
        pytest.skip(str(missing))
    yield made
    made.close()


@pytest.fixture
def places(tmp_path: Path, net: Net) -> Iterator[list[Place]]:
    made = [make_place(tmp_path, code, Moving(), "partition") for code in CODES]  # type: ignore[arg-type]
    for each in made:
        each.write_manifest([f"{net.address(each.own)}:{PORT}"])
    introduce(made)
    yield made
    for each in made:
        each.node.close()


def queue(place: Place, peers: list[AuthorityId], count: int) -> list[str]:
    """Give records and release them to peers, so that `count` messages or a few more wait for each; the records."""
    handling = place.office.handling(place.own, communities=())
    records: list[str] = []
    for start in range(0, count, AT_ONCE):
        drafts = [draft(f"{start}-{number}", name=f"Person {number}") for number in range(min(AT_ONCE, count - start))]
        records += place.office.give(*drafts, by=place.own, handling=handling).records.values()
    for peer in peers:
        release(place.node, place.office.officer(place.own), records[0], peer, "read", ("18.2.a",))
        for start in range(0, count, 500):
            with place.node.store.transaction() as tx:
                for record in records[start : start + 500]:
                    send_record(place.node, tx, place.own, peer, record)
    return records


def settled(places: list[Place]) -> bool:
    """Whether nothing that takes a receipt is on its way any more."""
    for each in places:
        with each.node.store.transaction() as tx:
            if queues.has_queued(tx, each.own):
                return False
    return True


@pytest.mark.parametrize(
    "messages", [pytest.param(300, id="short"), pytest.param(10_000, id="long", marks=pytest.mark.full)]
)
def test_what_was_queued_while_links_were_down_converges(net: Net, places: list[Place], messages: int) -> None:
    each_way = -(-messages // (len(CODES) * (len(CODES) - 1)))
    for each in places:
        net.cut(each.own)
    records = {each.own: queue(each, [other.own for other in places if other is not each], each_way) for each in places}
    with ExitStack() as stack:
        for each in places:
            stack.enter_context(net.running(each.own, each.folder, PORT))
        assert until(lambda: all(_troubled(each) for each in places), 60) is not None, "nobody noticed that all is down"
        for each in places:
            net.join(each.own)
        took = until(lambda: settled(places), CONVERGED if messages >= 10_000 else 30.0)
        assert took is not None, {each.own: status(each.node, each.admin()).peers for each in places}
        print(f"{messages} messages between three nodes: converged in {took:.1f} s")
    for each in places:
        _has_all(each, records)
        assert status(each.node, each.admin()).parked == ()
        assert verify_ledger(each.node).sound


def test_a_link_that_comes_and_goes_loses_nothing_and_doubles_nothing(net: Net, places: list[Place]) -> None:
    one, other, third = places
    with ExitStack() as stack:
        for each in places:
            stack.enter_context(net.running(each.own, each.folder, PORT))
        records: dict[AuthorityId, list[str]] = {each.own: [] for each in places}
        for _ in range(3):
            records[NL] += queue(one, [DE, FR], 20)
            net.cut(DE)
            records[FR] += queue(third, [NL, DE], 20)
            until(lambda: False, 1.0)
            net.join(DE)
        assert until(lambda: settled(places), 60) is not None
    for each in (one, other, third):
        _has_all(each, records)


def _troubled(place: Place) -> bool:
    return all(each.trouble for each in status(place.node, place.admin()).peers)


def _has_all(place: Place, records: dict[AuthorityId, list[str]]) -> None:
    """Every record of the others is here, with each of its statements once."""
    with place.node.store.transaction() as tx:
        for owner, given in records.items():
            for record in given:
                kept = writing.statements_of(tx, writing.record_number(record))
                assert len(kept) == 1, f"{owner} at {place.own}"
