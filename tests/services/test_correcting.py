"""Correcting: what an owner takes back is found no more, and what is erased is nowhere any more."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from personas import DE, FR, NL, Office, draft

from alidade.formats.mapping import Column, Mapping
from alidade.model.contribution import Contribution, prove_statement, verify_statement
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId, ContributionId
from alidade.services import correcting
from alidade.services.correcting import erase_question, erase_record, withdraw
from alidade.services.import_file import Order, import_file, look_at
from alidade.services.keeping import make_backup, restore_backup
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.notices import notices
from alidade.services.records import show_record
from alidade.store import directory, writing
from databases import bytes_of

NAME = "Wilhelmina Oosterhuis"
PHONE = "+31612345678"


def _traces(*values: str) -> list[bytes]:
    """How a value may lie in a file: as given, folded, as a key."""
    forms = {form for value in values for form in (value, value.casefold(), value.upper())}
    forms |= {word for form in set(forms) for word in form.split() if len(word) > 7}
    return [form.encode() for form in sorted(forms)]


def _found(content: bytes, *values: str) -> list[bytes]:
    return [trace for trace in _traces(*values) if trace in content]


# -- withdrawing -----------------------------------------------------------------------------------------------------


def test_the_owner_withdraws_and_nothing_of_it_is_found(office: Office) -> None:
    given = office.give(draft("1", name=NAME, phone=PHONE), source_list="watch")
    newer = office.give(draft("1", name=NAME, phone=PHONE, alias="Mina Bakker"), source_list="watch")
    assert given.contribution is not None
    assert newer.contribution is not None
    for who, one in ((DE, given.contribution), (NL, "0" * 32), (NL, given.records["1"])):
        with pytest.raises(NotFound):
            withdraw(office.node, office.officer(who), one, "wrong")
    with pytest.raises(Invalid):
        withdraw(office.node, office.officer(NL), given.contribution, "no reason")
    assert withdraw(office.node, office.officer(NL), given.contribution, "entered_in_error") == 2
    assert office.answers(PHONE, of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}
    assert office.answers("Mina Bakker", of=(NL, DE)) == {NL: "hit", DE: "hit"}
    seen = show_record(office.node, office.officer(DE), given.records["1"]).statements
    assert [s.value for s in seen] == ["Mina Bakker"]
    with pytest.raises(Conflict):
        withdraw(office.node, office.officer(NL), given.contribution, "wrong")
    withdraw(office.node, office.officer(NL), newer.contribution, "wrong")
    for who in (NL, DE):
        with pytest.raises(NotFound):
            show_record(office.node, office.officer(who), given.records["1"])
    entry = next(entry for entry in office.entries(NL) if entry.act == "withdraw")
    assert (entry.objects, dict(entry.details)["reason"]) == ((newer.contribution,), "wrong")


def test_a_withdrawn_record_can_be_given_again(office: Office) -> None:
    person = draft("1", name=NAME)
    given = office.give(person, source_list="watch")
    assert given.contribution is not None
    withdraw(office.node, office.officer(NL), given.contribution, "wrong")
    again = office.give(person, source_list="watch")
    assert (again.altered, again.records) == (1, given.records)
    assert office.ask(DE, NAME).kind == "hit"


# -- erasing ---------------------------------------------------------------------------------------------------------


def test_an_erased_record_is_nowhere_any_more(office: Office) -> None:
    given = office.give(draft("1", name=NAME, phone=PHONE), draft("2", name="Piet Hein"), source_list="watch")
    record = given.records["1"]
    hit = office.ask(DE, NAME).hits[0]
    assert _found(office.files(), NAME, PHONE)
    for who, one in ((DE, record), (NL, "0" * 32)):
        with pytest.raises(NotFound):
            erase_record(office.node, office.officer(who), one, "unlawful")
    with pytest.raises(Invalid):
        erase_record(office.node, office.officer(NL), record, "because")
    done = erase_record(office.node, office.officer(NL), record, "data_subject_request")
    assert (done.statements, done.questions, done.reject_rows) == (2, 0, 0)
    assert _found(office.files(), NAME, PHONE) == []
    assert office.answers(NAME, of=(NL, DE, FR)) == {NL: "no_hit", DE: "no_hit", FR: "no_hit"}
    with office.store.transaction() as tx:
        rows = tx.rows(
            "select value, original, salt, length(leaf), current from statement where property = 'phone'", []
        )
        assert rows == [(None, None, None, 32, False)]
        assert tx.rows("select count(*) from lookup where kind = 'phone'", []) == [(0,)]
        ((erasure, keys_gone),) = tx.rows("select id, keys_destroyed from erasure", [])
    assert (erasure, bool(keys_gone)) == (done.erasure, True)
    entry = next(entry for entry in office.entries(NL) if entry.act == "erase")
    assert (entry.results, dict(entry.details)["erasure"]) == (2, done.erasure)
    assert record in entry.objects
    assert verify_ledger(office.node).problems == ()
    assert hit.record == record
    assert office.ask(DE, "Piet Hein").kind == "hit"


def test_siblings_of_an_erased_statement_are_proved_as_before(office: Office) -> None:
    given = office.give(draft("1", name=NAME, phone=PHONE), draft("2", name="Piet Hein"))
    erase_record(office.node, office.officer(NL), given.records["1"], "unlawful")
    with office.store.transaction() as tx:
        row = writing.contribution_of(tx, NL, str(given.contribution))
        assert row is not None
        leaves = writing.leaves_of(tx, row.id)
        statements = [kept.statement for kept in writing.statements_of_contribution(tx, row.id)]
        key = directory.public_keys(tx, NL)[row.key_id]
    head = Contribution(
        id=ContributionId(row.public_id),
        owner=AuthorityId(row.owner),
        given_at=row.given_at,
        title=row.title,
        size=row.size,
        root=row.root,
        key_id=row.key_id,
        signature=bytes(row.signature),
    )
    assert [s.value for s in statements] == ["", "", "Piet Hein"]
    assert verify_statement(statements[2], prove_statement(head, leaves, 2), key)


def test_one_property_is_erased_and_the_rest_stays(office: Office) -> None:
    record = office.give(draft("1", name=NAME, phone=[PHONE, "+31687654321"])).records["1"]
    done = erase_record(office.node, office.officer(NL), record, "inaccurate", only_property="phone")
    assert done.statements == 2
    assert _found(office.files(), PHONE, "+31687654321") == []
    assert [s.value for s in show_record(office.node, office.officer(DE), record).statements] == [NAME]
    assert office.ask(DE, NAME).kind == "hit"
    assert office.ask(DE, PHONE).kind == "no_hit"
    assert erase_record(office.node, office.officer(NL), record, "inaccurate", only_property="phone").statements == 0


def test_earlier_versions_are_erased_with_the_record(office: Office) -> None:
    office.give(draft("1", name=NAME, phone=PHONE), source_list="watch")
    given = office.give(draft("1", name=NAME, phone="+31687654321"), source_list="watch")
    done = erase_record(office.node, office.officer(NL), given.records["1"], "unlawful")
    assert done.statements == 3
    assert _found(office.files(), NAME, PHONE, "+31687654321") == []


def test_a_record_in_quarantine_can_be_erased(office: Office) -> None:
    given = office.give(draft("1", name=NAME), handling=office.handling(subject_category=None))
    assert erase_record(office.node, office.officer(NL), given.records["1"], "unlawful").statements == 1
    assert _found(office.files(), NAME) == []


def test_what_remains_of_an_erased_record_confirms_no_guess(office: Office) -> None:
    given = office.give(draft("1", name=NAME), source_list="watch")
    with office.store.transaction() as tx:
        ((before,),) = tx.rows("select fingerprint from record", [])
    erase_record(office.node, office.officer(NL), given.records["1"], "unlawful")
    # The fingerprint is a digest without salt: who guesses the value could see that it was there.
    assert before.encode() not in office.files()


def test_the_key_of_the_source_goes_where_it_is_the_value(office: Office) -> None:
    wallet = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    given = office.give(
        draft(f"XBT:{wallet}", "CryptoWallet", publicKey=wallet),
        handling=office.handling(content="non_personal"),
        source_list="ofac",
    )
    erase_record(office.node, office.officer(NL), given.records[f"XBT:{wallet}"], "unlawful")
    assert _found(office.files(), wallet) == []


def test_an_erased_question_is_nowhere_any_more(office: Office) -> None:
    office.give(draft("1", name=NAME))
    answer = office.ask(office.officer(DE, justification="Seen with Gonzalo Tapiador"), NAME)
    other = office.ask(DE, "Piet Hein")
    for who, check in ((NL, answer.check), (DE, "0" * 32)):
        with pytest.raises(NotFound):
            erase_question(office.node, office.officer(who), check, "unlawful")
    with pytest.raises(Invalid):
        erase_question(office.node, office.officer(DE), answer.check, "because")
    with office.store.transaction() as tx:
        ((sealed, key),) = tx.rows("select question, field_key from check_made where reference = %s", [answer.check])
        ((body, body_key),) = tx.rows(
            "select body, field_key from ledger_entry where act = 'check' and authority = %s order by sequence limit 1",
            [DE],
        )
    assert bytes(sealed) in office.files()
    done = erase_question(office.node, office.officer(DE), answer.check, "purpose_achieved")
    assert (done.statements, done.questions) == (0, 1)
    content = office.files()
    assert bytes(sealed) not in content
    assert bytes(body) not in content
    assert office.store.keys.field_key(key) is None
    assert office.store.keys.field_key(body_key) is None
    acts = [entry.act for entry in office.entries(DE)]
    assert acts.count("check") == 1  # the entry of the other question
    assert acts[0] == "erase"
    assert verify_ledger(office.node).problems == ()
    assert other.check in repr(office.entries(DE))


def test_an_erased_question_is_not_matched_in_silence(office: Office) -> None:
    office.give(draft("1", name=NAME), handling=office.handling(communities=(), hit="silent"))
    answer = office.ask(DE, NAME)
    office.ask(FR, NAME)
    erase_question(office.node, office.officer(DE), answer.check, "unlawful")
    assert [notice.asker for notice in notices(office.node, office.officer(NL))] == [FR]


# -- reject files ----------------------------------------------------------------------------------------------------

_MAPPING = Mapping(
    thing="Person",
    keys=("no",),
    columns=(Column(column="name", property="name"), Column(column="born", property="birthDate")),
)


def _import(office: Office, path: Path) -> Path:
    order = Order(handling=office.handling(), mapping=_MAPPING, source_list="watch")
    report = import_file(office.node, office.officer(NL), look_at(path), order)
    assert report.rejects is not None
    return report.rejects


def _record_of(office: Office, name: str) -> str:
    return office.ask(NL, name).hits[0].record


def test_rows_of_the_erased_leave_the_reject_file_and_no_other(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"no,name,born\nA17,{NAME},1970-13-77\nA18,Piet Hein,1970-13-78\n,Kees Smit,1970-13-79\n")
    rejects = _import(office, path)
    assert _found(rejects.read_bytes(), NAME)
    done = erase_record(office.node, office.officer(NL), _record_of(office, NAME), "unlawful")
    assert done.reject_rows == 1
    left = rejects.read_text(encoding="utf-8-sig")
    assert _found(left.encode(), NAME) == []
    assert "A17" not in left
    assert "Piet Hein" in left
    assert "Kees Smit" in left


def test_a_short_key_takes_nobody_elses_row_along(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"no,name,born\n9,Piet Hein,1970-13-78\n2,{NAME},1970-13-77\n")
    rejects = _import(office, path)
    # The key 2 of the one is the number of the row of the other.
    done = erase_record(office.node, office.officer(NL), _record_of(office, NAME), "unlawful")
    assert done.reject_rows == 1
    assert "Piet Hein" in rejects.read_text(encoding="utf-8-sig")


def test_rows_of_the_erased_leave_an_ofac_folder(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "ofac"
    folder.mkdir()
    nothing = '"-0- "'
    (folder / "sdn.csv").write_text(
        f'1001,"OOSTERHUIS, Wilhelmina",individual,"X",{nothing},{nothing},{nothing},{nothing},{nothing},{nothing},'
        f'{nothing},"DOB 77 Foo 1970; nationality Atlantis."\r\n'
        f'1002,"HEIN, Piet",individual,"X",{nothing},{nothing},{nothing},{nothing},{nothing},{nothing},'
        f'{nothing},"nationality Atlantis."\r\n'
    )
    (folder / "alt.csv").write_text(f'1001,1,"aka","MINA BAKKER",{nothing}\r\n1002,2,"aka","PIET",{nothing}\r\n')
    order = Order(handling=office.handling(subject_category="publicly_listed_person"), source_list="ofac")
    report = import_file(office.node, office.officer(NL), look_at(folder), order)
    assert report.rejects is not None
    content = b"".join(path.read_bytes() for path in report.rejects.iterdir())
    assert b"OOSTERHUIS" in content
    assert b"MINA BAKKER" in content
    done = erase_record(office.node, office.officer(NL), _record_of(office, NAME), "unlawful")
    content = b"".join(path.read_bytes() for path in report.rejects.iterdir())
    assert done.reject_rows == 2
    assert _found(content, NAME, "Mina Bakker", "OOSTERHUIS") == []
    assert b"HEIN, Piet" in content


def test_a_reject_file_that_is_gone_or_spoilt_does_not_keep_the_keys_alive(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"no,name,born\nA17,{NAME},1970-13-77\nA18,Piet Hein,1970-13-78\n")
    rejects = _import(office, path)
    spoilt, gone = _record_of(office, NAME), _record_of(office, "Piet Hein")
    make_backup(office.node, tmp_path / "old.backup")
    rejects.write_text("no reject file any more\n")
    with pytest.raises(Invalid) as refused:  # the reject file is to be looked at; the erasure itself is done
        erase_record(office.node, office.officer(NL), spoilt, "unlawful")
    assert NAME not in str(refused.value)
    with office.store.transaction() as tx:
        assert tx.rows("select keys_destroyed from erasure", []) == [(True,)]
    rejects.unlink()
    assert erase_record(office.node, office.officer(NL), gone, "unlawful").reject_rows == 0


# -- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_made_before_does_not_bring_the_erased_back(office: Office, tmp_path: Path) -> None:
    given = office.give(draft("1", name=NAME, phone=PHONE), draft("2", name="Piet Hein"))
    answer = office.ask(DE, NAME)
    backup = tmp_path / "old.backup"
    make_backup(office.node, backup)
    erase_record(office.node, office.officer(NL), given.records["1"], "court_order")
    erase_question(office.node, office.officer(DE), answer.check, "court_order")
    make_backup(office.node, tmp_path / "new.backup")

    for source, unreadable in ((backup, 2), (tmp_path / "new.backup", 0)):
        home = tmp_path / f"from {source.name}"
        kept = restore_backup(source, office.store.folder, home)
        assert (kept.records, kept.unreadable) == (2, unreadable)
        assert _found(bytes_of(home), NAME, PHONE) == []
        node = Node.open(home, clock=office.clock, vocabulary=office.vocabulary)
        restored = Office(node, office.clock)
        try:
            assert restored.answers(NAME, of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}
            assert restored.answers("Piet Hein", of=(NL, DE)) == {NL: "hit", DE: "hit"}
            with restored.store.transaction() as tx:
                rows = tx.rows("select value, original, salt, current from statement where property = 'phone'", [])
                assert [tuple(row) for row in rows] == [(None, None, None, False)]
        finally:
            node.close()


def test_keys_of_an_erasure_that_was_cut_off_go_at_the_next_start(office: Office) -> None:
    given = office.give(draft("1", name=NAME))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(correcting, "finish_erasures", lambda store: None)
        erase_record(office.node, office.officer(NL), given.records["1"], "unlawful")
    with office.store.transaction() as tx:
        assert tx.rows("select keys_destroyed from erasure", []) == [(False,)]
    node = Node.open(office.store.folder, clock=office.clock, vocabulary=office.vocabulary)
    try:
        with node.store.transaction() as tx:
            assert tx.rows("select keys_destroyed from erasure", []) == [(True,)]
    finally:
        node.close()


def test_the_key_file_forgets_the_key(office: Office, tmp_path: Path) -> None:
    given = office.give(draft("1", name=NAME))
    make_backup(office.node, tmp_path / "a.backup")
    with sqlite3.connect(office.store.folder / "keys.db") as keys:
        ((wrapped,),) = keys.execute("select wrapped from field_key where id like 'record/%'").fetchall()
    keys.close()
    erase_record(office.node, office.officer(NL), given.records["1"], "unlawful")
    content = b"".join(path.read_bytes() for path in office.store.folder.glob("keys.db*"))
    assert wrapped not in content


def test_rights_changes_do_not_bring_it_back(office: Office) -> None:
    given = office.give(draft("1", name=NAME), handling=office.handling(communities=("otf-lime",)))
    erase_record(office.node, office.officer(NL), given.records["1"], "unlawful")
    office.join(DE, "otf-lime")
    assert office.answers(NAME, of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}
