"""The ledger as people use it: whole, signed, carried elsewhere, and each authority reads its own part."""

from __future__ import annotations

import sqlite3

import pytest
from personas import DE, FR, NL, Office, draft

from alidade.model.errors import NotAllowed
from alidade.services.ledger import entries_of_authority, newest_head, verify_ledger


def test_every_act_of_every_authority_is_in_a_ledger_that_verifies(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    for who in (NL, DE, FR):
        office.ask(who, "Jan Vermeulen")
    head = newest_head(office.node)
    assert head is not None
    report = verify_ledger(office.node)
    assert (report.entries, report.problems) == (head.size, ())
    office.ask(DE, "Piet Hein")
    assert verify_ledger(office.node, head).problems == ()


def test_an_authority_reads_its_own_entries(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    office.ask(DE, "Jan Vermeulen")
    for who, acts in ((DE, ["check"]), (NL, ["contribute"])):
        entries = office.entries(who)
        assert {entry.authority for entry in entries} == {who}
        assert [entry.act for entry in entries[:1]] == acts
    with pytest.raises(NotAllowed):
        entries_of_authority(office.node, office.officer(NL, "administrator"))
    few = entries_of_authority(office.node, office.officer(NL, "data_protection_officer"), newest=2)
    assert [entry.act for entry in few if entry is not None] == ["ledger_read", "ledger_read"]


@pytest.mark.parametrize(
    "change",
    [
        "update ledger_entry set act = 'export' where sequence = 3",
        "update ledger_entry set authority = 'fr-douane' where sequence = 3",
        "update ledger_entry set leaf = zeroblob(32) where sequence = 3",
        "delete from ledger_entry where sequence = 3",
        "update ledger_head set root = zeroblob(32) where size = 4",
        "delete from ledger_entry where sequence >= 20",
    ],
)
def test_whoever_changes_the_ledger_is_found_out(office: Office, change: str) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    assert verify_ledger(office.node).problems == ()
    with sqlite3.connect(office.store.path, isolation_level=None) as connection:
        assert connection.execute(change).rowcount
    connection.close()
    assert verify_ledger(office.node).problems


def test_a_ledger_cut_back_with_its_heads_is_found_by_the_head_kept_apart(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    carried = newest_head(office.node)
    with sqlite3.connect(office.store.path, isolation_level=None) as connection:
        connection.execute("delete from ledger_entry where sequence >= 10")
        connection.execute("delete from ledger_head where size > 10")
    connection.close()
    assert verify_ledger(office.node).problems
    assert verify_ledger(office.node, carried).problems
