"""The ledger as people use it: whole, signed, carried elsewhere, and each authority reads its own part."""

from __future__ import annotations

import io

import pytest
from personas import DE, FR, NL, Office, draft

from alidade.ledger.bundle import verify_bundle
from alidade.ledger.head import sign_head
from alidade.model.errors import Conflict, Invalid, NotAllowed
from alidade.model.viewer import Actor
from alidade.services.correcting import erase_question
from alidade.services.ledger import (
    EntryFilter,
    entries_of_authority,
    entries_page,
    export_entries,
    head_as,
    newest_head,
    verify_as,
    verify_ledger,
)
from alidade.services.verdicts import hits_to_rule_on
from databases import alter


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
    alter(office.store.folder, change)
    assert verify_ledger(office.node).problems


def test_a_ledger_cut_back_with_its_heads_is_found_by_the_head_kept_apart(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    carried = newest_head(office.node)
    alter(
        office.store.folder,
        "delete from ledger_entry where sequence >= 10",
        "delete from ledger_head where size > 10",
    )
    assert verify_ledger(office.node).problems
    assert verify_ledger(office.node, carried).problems


def _dpo(office: Office, authority: str = NL) -> Actor:
    return office.officer(authority, "data_protection_officer")


def test_pages_hold_ones_own_entries_newest_first_and_go_on_where_they_ended(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    for _ in range(5):
        office.ask(NL, "Jan Vermeulen")
        office.ask(DE, "Jan Vermeulen")
    first = entries_page(office.node, _dpo(office), EntryFilter(act="check"), size=3)
    rest = entries_page(office.node, _dpo(office), EntryFilter(act="check"), before=first.before, size=3)
    assert [len(first.entries), len(rest.entries), rest.before] == [3, 2, None]
    entries = [one.entry for one in (*first.entries, *rest.entries)]
    assert {(entry.authority, entry.act) for entry in entries if entry is not None} == {(NL, "check")}
    assert "check" in first.acts
    assert office.newest_entry() == ("ledger_read", "allowed")


def test_entries_are_filtered_by_what_is_sealed_too(office: Office) -> None:
    office.ask(NL, "Jan Vermeulen")
    gone = office.ask(NL, "Jan Vermeulen")
    office.clock.move(days=1)
    office.ask(office.officer(NL, "analyst"), "Jan Vermeulen")
    with pytest.raises(NotAllowed):
        hits_to_rule_on(office.node, office.officer(NL, "administrator"))
    erase_question(office.node, _dpo(office), gone.check, "unlawful")

    def count(**wanted: str) -> int:
        return len(entries_page(office.node, _dpo(office), EntryFilter(**wanted)).entries)

    assert count(act="check") == 3
    assert count(act="check", officer=f"{NL}/analyst") == 1
    assert count(act="check", officer=f"{NL}/case_officer") == 1, "an erased body says nothing of its officer"
    assert count(decision="refused") == 1
    assert count(act="check", purpose="18.2.b") == 0
    assert count(act="check", until="2026-06-16") == 2
    assert count(act="check", since="2026-06-17") == 1
    with pytest.raises(Invalid):
        count(decision="perhaps")
    with pytest.raises(Invalid):
        count(since="yesterday")


def test_an_officer_who_verifies_leaves_an_entry_and_is_told_of_progress(office: Office) -> None:
    for role in ("administrator", "data_protection_officer"):
        told: list[tuple[int, int]] = []
        actor = office.officer(NL, role)
        report, head = verify_as(office.node, actor, progress=lambda done, of: told.append((done, of)))  # noqa: B023
        assert report.sound
        assert head is not None
        assert told[-1] == (head.size, head.size)
        assert office.newest_entry() == ("ledger_verify", "allowed")
        assert head_as(office.node, actor).size == head.size + 1
    for role in ("case_officer", "front_line_officer"):
        with pytest.raises(NotAllowed):
            verify_as(office.node, office.officer(NL, role))
        with pytest.raises(NotAllowed):
            head_as(office.node, office.officer(NL, role))


def test_a_damaged_ledger_is_reported_although_it_takes_no_further_entry(office: Office) -> None:
    alter(
        office.store.folder,
        "delete from ledger_entry where sequence >= 10",
        "delete from ledger_head where size > 10",
    )
    report, _ = verify_as(office.node, _dpo(office))
    assert not report.sound


def test_a_reviewer_verifies_the_entries_of_one_authority_without_the_node(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    carried = newest_head(office.node)
    assert carried is not None
    gone = office.ask(NL, "Jan Vermeulen")
    office.ask(DE, "Jan Vermeulen")
    erase_question(office.node, _dpo(office), gone.check, "unlawful")
    out = io.BytesIO()
    made = export_entries(office.node, _dpo(office), out, carried=carried)
    key = office.store.keys.public_keys("ledger")[made.head.key_id]
    report = verify_bundle(out.getvalue().splitlines(keepends=True), known_key=key, remembered=carried)
    assert (report.problems, report.vouched, report.continues, report.erased) == ((), True, True, 1)
    assert report.entries == made.entries
    assert b"Vermeulen" not in out.getvalue()
    assert office.newest_entry() == ("ledger_read", "allowed")
    longer = newest_head(office.node)
    assert longer is not None
    office.clock.move(hours=1)
    foreign = sign_head(
        origin="ledger", size=3, root=b"\x00" * 32, at=office.clock.now(), signer=office.store.ledger_key
    )
    with pytest.raises(Conflict):
        export_entries(office.node, _dpo(office), io.BytesIO(), carried=foreign)
    with pytest.raises(NotAllowed):
        export_entries(office.node, office.officer(NL, "administrator"), io.BytesIO())
