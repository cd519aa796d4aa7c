"""Erasing in the store: value, original, salt and keys go; leaf, id and the act stay."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, NL, Office, draft, opened, template

from alidade.store import checks, erasing, writing
from alidade.store.keystore import record_key_id


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "erasing") as found:
        yield found


def test_more_statements_than_one_query_takes_lose_value_original_salt_and_keys(office: Office) -> None:
    count = 405
    given = office.give(
        *[draft(str(n), name=f"Wilhelmina Oosterhuis {n}") for n in range(count)], draft("z", name="Ann")
    )
    with office.store.transaction() as tx:
        before = tx.rows("select public_id, leaf from statement order by id", [])
        erased = erasing.erase_statements(tx, list(range(1, count + 1)))
        assert erased == [row[0] for row in before[:count]]
        rows = tx.rows("select distinct value, original, salt, current from statement where id <= %s", [count])
        assert rows == [(None, None, None, False)]
        assert tx.rows("select public_id, leaf from statement order by id", []) == before
        assert {row[0] for row in tx.rows("select distinct statement_id from lookup", [])} == {count + 1}
    office.store.engine.purge()
    assert b"Oosterhuis" not in office.files()
    journal = office.store.folder / "alidade.db-wal"
    assert not journal.exists() or journal.stat().st_size == 0
    assert len(given.records) == count + 1


def test_the_body_of_an_entry_goes_and_its_leaf_stays(office: Office) -> None:
    with office.store.transaction() as tx:
        ((leaf, key),) = tx.rows("select leaf, field_key from ledger_entry where sequence = 3", [])
        assert erasing.erase_entry_body(tx, 3) == key
        assert tx.rows("select leaf, body, salt from ledger_entry where sequence = 3", []) == [(leaf, None, None)]
        assert erasing.erase_entry_body(tx, 10_000) is None


def test_the_entries_of_a_check_are_told_apart(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    first, second = office.ask(DE, "Jan Vermeulen"), office.ask(DE, "Jan Vermeulen")  # in the same moment
    with office.store.transaction() as tx:
        found = [erasing.entries_about_check(tx, answer.check) for answer in (first, second)]
        assert [len(one) for one in found] == [1, 1]
        assert found[0] != found[1]
        row = checks.check_with_reference(tx, DE, first.check)
        assert erasing.erase_check(tx, row) == row.field_key
        assert tx.rows("select question from check_made where reference = %s", [first.check]) == [(None,)]


def test_the_act_of_erasing_stays_and_is_carried_through_once(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    name = record_key_id(str(writing.record_number(record)))
    office.store.keys.named_field_keys([name])
    assert office.store.keys.field_key(name) is not None
    with office.store.transaction() as tx:
        erasing.note_erasure(tx, authority=NL, officer=f"{NL}/analyst", reason="unlawful", records=[record])
    assert office.store.keys.field_key(name) is not None
    erasing.finish_pending(office.store)
    assert office.store.keys.field_key(name) is None
    office.store.keys.named_field_keys([name])  # a later backup makes a key of that name anew
    erasing.finish_pending(office.store)
    assert office.store.keys.field_key(name) is not None
    with office.store.transaction() as tx:
        rows = tx.rows("select authority, reason, keys_destroyed from erasure", [])
    assert rows == [(NL, "unlawful", True)]
