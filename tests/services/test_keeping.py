"""Keeping: a backup tells nothing without the keys, and what comes back from it answers as before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from personas import DE, FR, NL, VE, Dice, Office, OfficeFactory, SetClock, draft, words

from alidade.ledger.entry import Entry, decode
from alidade.model.draft import Claim
from alidade.model.errors import Conflict, Damaged, Invalid, Unreadable
from alidade.services.correcting import erase_question, erase_record
from alidade.services.keeping import make_backup, restore_backup
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.picture.judging import judge
from alidade.services.records import export
from alidade.services.verdicts import rule_on_hit
from alidade.store.rows import Row
from alidade.store.sealing import Sealer
from alidade.store.trail import entries_of
from databases import address_of, bytes_of

NAME, PHONE = "Wilhelmina Oosterhuis", "+31612345678"


def _fill(office: Office) -> None:
    graded = Claim(property="name", value=NAME, original="OOSTERHUIS W", evaluation="B2")
    first = office.give(draft("1", name=graded, phone=PHONE), source_list="watch").records["1"]
    second = office.give(draft("1", name="Mina Bakker"), by=DE).records["1"]
    office.give(draft("9", name="Piet Hein"), handling=office.handling(subject_category=None))
    office.give(
        draft("w", "WebAddress", url="https://oosterhuis.example/"), handling=office.handling(content="non_personal")
    )
    judge(office.node, office.officer(FR), first, second, "same", "same phone", office.handling(FR))
    hit = office.ask(DE, NAME).hits[0]
    rule_on_hit(office.node, office.officer(DE), hit.reference, "same", "same_context")


def test_a_backup_holds_no_value_and_gives_equal_answers(office: Office, tmp_path: Path) -> None:
    _fill(office)
    backup = tmp_path / "a.backup"
    kept = make_backup(office.node, backup)
    assert (kept.records, kept.statements, kept.unreadable) == (4, 5, 0)
    content = backup.read_bytes().lower()
    assert NL.encode() in content
    for value in (NAME, "oosterhuis", "wilhelmina", PHONE, "31612345678", "Mina Bakker", "Piet Hein", "web address"):
        assert value.lower().encode() not in content
    assert backup.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.backup"]

    asked = (NAME, PHONE, "Mina Bakker", "Piet Hein", "https://oosterhuis.example/")
    before = {text: office.answers(text) for text in asked}
    exports = {who: export(office.node, office.officer(who)).sha256 for who in (NL, DE, FR, VE)}
    back = restore_backup(backup, office.store.folder, tmp_path / "home")
    assert back == kept
    node = Node.open(tmp_path / "home", clock=office.clock, vocabulary=office.vocabulary)
    restored = Office(node, office.clock)
    try:
        assert verify_ledger(node).problems == () or not verify_ledger(node).sound  # shorter than the head that is kept
        assert {text: restored.answers(text) for text in asked} == before
        assert {who: export(node, restored.officer(who)).sha256 for who in (NL, DE, FR, VE)} == exports
        assert restored.ask(DE, NAME).hits[0].verdict == "same"
        again = restored.give(
            draft("1", name=Claim(property="name", value=NAME, original="OOSTERHUIS W", evaluation="B2"), phone=PHONE),
            source_list="watch",
        )
        assert (again.unchanged, again.statements) == (1, 0)
    finally:
        node.close()


def test_a_restored_ledger_verifies_where_nothing_was_done_since(office: Office, tmp_path: Path) -> None:
    _fill(office)
    make_backup(office.node, tmp_path / "a.backup")
    restore_backup(tmp_path / "a.backup", office.store.folder, tmp_path / "home")
    node = Node.open(tmp_path / "home", clock=office.clock, vocabulary=office.vocabulary)
    try:
        assert verify_ledger(node).problems == ()
    finally:
        node.close()


def test_the_key_of_a_source_that_is_a_value_is_not_in_a_backup(office: Office, tmp_path: Path) -> None:
    wallet = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    handling = office.handling(content="non_personal")
    office.give(draft(f"XBT:{wallet}", "CryptoWallet", publicKey=wallet), handling=handling, source_list="ofac")
    make_backup(office.node, tmp_path / "a.backup")
    assert wallet.encode() not in (tmp_path / "a.backup").read_bytes()


def test_nothing_is_overwritten(office: Office, tmp_path: Path) -> None:
    _fill(office)
    backup = tmp_path / "a.backup"
    make_backup(office.node, backup)
    content = backup.read_bytes()
    with pytest.raises(Conflict):
        make_backup(office.node, backup)
    with pytest.raises(Conflict):
        restore_backup(backup, office.store.folder, office.store.folder)
    assert backup.read_bytes() == content
    assert office.ask(DE, NAME).kind == "hit"


def _refused(office: Office, backup: Path, keys: Path, home: Path, error: type[Exception]) -> str:
    with pytest.raises(error) as refused:
        restore_backup(backup, keys, home)
    assert not home.exists() or list(home.iterdir()) == []
    return str(refused.value)


def test_what_is_no_backup_is_refused(office: Office, tmp_path: Path) -> None:
    _fill(office)
    keys = office.store.folder
    (tmp_path / "text").write_text("no database at all\n" * 200)
    said = {
        _refused(office, tmp_path / "text", keys, tmp_path / "h1", Unreadable),
        _refused(office, keys / "keys.db", keys, tmp_path / "h2", Unreadable),
    }
    assert all("no backup" in text and "alidade backup" in text for text in said)


def test_a_damaged_backup_is_refused(office: Office, tmp_path: Path) -> None:
    _fill(office)
    make_backup(office.node, tmp_path / "a.backup")
    content = bytearray((tmp_path / "a.backup").read_bytes())
    content[4096 * 2 : 4096 * 3] = b"\x55" * 4096
    (tmp_path / "spoilt").write_bytes(content)
    (tmp_path / "cut").write_bytes(content[: len(content) // 2])
    for name in ("spoilt", "cut"):
        _refused(office, tmp_path / name, office.store.folder, tmp_path / f"home {name}", (Damaged, Unreadable))  # type: ignore[arg-type]
    restore_backup(tmp_path / "a.backup", office.store.folder, tmp_path / "home")


def test_without_keys_or_with_those_of_another_node_nothing_comes_back(
    office: Office, offices: OfficeFactory, tmp_path: Path
) -> None:
    _fill(office)
    make_backup(office.node, tmp_path / "a.backup")
    (tmp_path / "nothing").mkdir()
    _refused(office, tmp_path / "a.backup", tmp_path / "nothing", tmp_path / "h1", Invalid)
    Node.open(tmp_path / "foreign", clock=SetClock(), randomness=Dice("foreign"), vocabulary=words()).close()
    _refused(office, tmp_path / "a.backup", tmp_path / "foreign", tmp_path / "h2", (Invalid, Damaged))  # type: ignore[arg-type]


def test_what_was_erased_since_a_backup_is_erased_again_before_anybody_is_answered(
    office: Office, tmp_path: Path
) -> None:
    first = office.give(draft("1", name=NAME, phone=PHONE), source_list="watch").records["1"]
    second = office.give(draft("2", name="Mina Bakker", phone="+31687654321"), source_list="watch").records["2"]
    asked = office.ask(DE, NAME).check
    make_backup(office.node, tmp_path / "before.backup")
    done = [
        erase_record(office.node, office.officer(NL), first, "court_order"),
        erase_record(office.node, office.officer(NL), second, "inaccurate", only_property="phone"),
        erase_question(office.node, office.officer(DE), asked, "court_order"),
    ]
    home = tmp_path / "home"
    address = address_of(home)
    restore_backup(tmp_path / "before.backup", office.store.folder, home, database=address, clock=office.clock)

    assert all(value.encode() not in bytes_of(home) for value in (NAME, PHONE, "+31687654321"))
    node = Node.open(home, clock=office.clock, vocabulary=office.vocabulary, database=address)
    restored = Office(node, office.clock)
    try:
        with node.store.transaction() as tx:
            acts = tx.rows("select id, reason, keys_destroyed from erasure order by id", [])
            assert [row[0] for row in acts] == sorted(one.erasure for one in done)
            assert {(row[1], bool(row[2])) for row in acts} == {("court_order", True), ("inaccurate", True)}
            states = dict(tx.rows("select public_id, state from record", []))
            assert states[first] == "erased"
            assert tx.rows("select salt from statement where value is null and salt is not null", []) == []
            assert tx.rows("select question from check_made where reference = %s", [asked]) == [(None,)]
            assert tx.rows("select fingerprint, source_key from record where public_id = %s", [first]) == [
                ("", f"erased/{first}")
            ]
        assert restored.answers(NAME, of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}
        entry = next(e for e in _node_entries(restored) if e.act == "restore")
        assert dict(entry.details)["erased_again"] == "3"
        assert verify_ledger(node).problems == ()
    finally:
        node.close()


def _node_entries(office: Office) -> list[Entry]:
    bodies = entries_of(office.store.alias, office.store.keys, "node", 20)
    return [decode(body) for body in bodies if body is not None]


def test_keys_that_lie_in_the_folder_are_not_overwritten(office: Office, tmp_path: Path) -> None:
    make_backup(office.node, tmp_path / "a.backup")
    home = tmp_path / "home"
    home.mkdir()
    (home / "keys.db").write_bytes(b"precious")
    with pytest.raises(Conflict):
        restore_backup(tmp_path / "a.backup", office.store.folder, home)
    assert (home / "keys.db").read_bytes() == b"precious"


@pytest.mark.postgresql_only
def test_an_erasure_beside_a_backup_does_not_slip_into_it(office: Office, tmp_path: Path) -> None:
    """The server lets others work while a backup is read from an older state; its keys must not come back to life."""
    given = office.give(draft("1", name=NAME), draft("2", name="Mina Bakker")).records["1"]
    seal = Sealer.seal
    erased: list[str] = []

    def meanwhile(sealer: Sealer, table: str, names: Sequence[str], portion: list[Row]) -> list[Row]:
        if table == "record" and not erased:
            erased.append(given)
            other = Node.open(office.store.folder, clock=office.clock, vocabulary=office.vocabulary)
            erase_record(other, Office(other, office.clock).officer(NL), given, "court_order")
            other.close()
        return seal(sealer, table, names, portion)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sealer, "seal", meanwhile)
        make_backup(office.node, tmp_path / "a.backup")
    assert erased
    home = tmp_path / "home"
    address = address_of(home)
    restore_backup(tmp_path / "a.backup", office.store.folder, home, database=address)
    assert NAME.encode() not in bytes_of(home)
    assert b"Mina Bakker" in bytes_of(home)


def test_files_of_a_node_are_for_its_account_alone(office: Office, tmp_path: Path) -> None:
    office.give(draft("1", name=NAME))
    modes = {path.name: path.stat().st_mode & 0o777 for path in office.store.folder.iterdir()}
    assert {name: oct(mode) for name, mode in modes.items() if mode != 0o600} == {}
    if address_of(office.store.folder) is None:
        office.node.close()
        (office.store.folder / "alidade.db").chmod(0o644)
        office.node = Node.open(office.store.folder, clock=office.clock, vocabulary=office.vocabulary)
        assert (office.store.folder / "alidade.db").stat().st_mode & 0o777 == 0o600
