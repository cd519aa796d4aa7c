"""Writing: what an owner's earlier contributions left is compared with, and retired without being lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, NL, Office, draft, opened, template

from alidade.model.draft import Claim
from alidade.model.statement import statement_leaf
from alidade.store import writing


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "writing") as found:
        yield found


def test_the_number_of_a_record_is_the_beginning_of_its_id() -> None:
    assert writing.record_number("f" * 32) == 2**63 - 1
    assert writing.record_number("0" * 32) == 0
    assert writing.record_number("00000000000000030000000000000000") == 1


def test_records_of_a_list_by_key(office: Office) -> None:
    many = [draft(f"k{number}", "Company", name=f"Company {number}") for number in range(450)]
    plain = office.handling(content="non_personal")
    given = office.give(*many, handling=plain, source_list="long")
    office.give(draft("k1", "Company", name="Other"), handling=plain, source_list="other")
    with office.store.transaction() as tx:
        everything = writing.records_of_list(tx, NL, "long")
        assert {key: state.id for key, state in everything.items()} == dict(given.records)
        assert writing.records_of_list(tx, NL, "long", list(everything)) == everything
        assert set(writing.records_of_list(tx, NL, "long", ["k3", "absent"])) == {"k3"}
        assert writing.records_of_list(tx, DE, "long") == {}
        gone = writing.unlisted(tx, NL, "long", frozenset(everything) - {"k7"})
        assert [state.key for state in gone] == ["k7"]
        own = writing.own_record(tx, NL, given.records["k3"])
        assert own == everything["k3"]
        assert writing.list_of(tx, own.number) == "long"
        assert writing.own_record(tx, DE, given.records["k3"]) is None
        assert writing.own_record(tx, NL, "k3") is None
        numbers = [state.number for state in everything.values()]
        writing.retire_records(tx, numbers, "delisted")
        assert {state.state for state in writing.records_of_list(tx, NL, "long").values()} == {"delisted"}
        assert writing.unlisted(tx, NL, "long", frozenset()) == []
        assert tx.rows("select count(*) from lookup", [])[0][0] == len(tx.rows("select 1 from lookup", []))
        assert tx.rows("select count(*) from statement where current", []) == [(1,)]


def test_a_statement_comes_back_as_it_was_signed(office: Office) -> None:
    claim = Claim(
        property="name",
        value="Jan Vermeulen",
        original="VERMEULEN, Jan",
        language="nl",
        evaluation="B21",
        valid_from="2020",
        valid_to="2021-05",
    )
    given = office.give(draft("1", name=claim, phone="+31612345678"), scheme="5x5x5")
    with office.store.transaction() as tx:
        row = writing.contribution_of(tx, NL, str(given.contribution))
        assert row is not None
        kept = writing.statements_of_contribution(tx, row.id)
        leaves = writing.leaves_of(tx, row.id)
        assert writing.contribution_of(tx, DE, str(given.contribution)) is None
    assert [statement_leaf(one.statement) for one in kept] == leaves
    assert kept[0].statement.evaluation.original == "B21"
    assert [one.current for one in kept] == [True, True]


def test_superseded_statements_stay_as_evidence_and_are_pointed_to(office: Office) -> None:
    office.give(draft("1", name="Jan Vermeulen", phone="+31612345678"), source_list="watch")
    given = office.give(draft("1", name="Jan Vermeulen", phone="+31687654321"), source_list="watch")
    with office.store.transaction() as tx:
        number = writing.record_number(given.records["1"])
        now = writing.statements_of(tx, number)
        ever = writing.statements_of(tx, number, current_only=False)
        lookups = tx.rows("select key from lookup where kind = 'phone'", [])
    assert [one.statement.value for one in now] == ["Jan Vermeulen", "+31687654321"]
    assert [one.statement.value for one in ever] == ["Jan Vermeulen", "+31612345678", "+31687654321"]
    assert now[1].statement.supersedes == ever[1].statement.id
    assert len(lookups) == 1


def test_current_statements_come_by_portions(office: Office) -> None:
    office.give(*[draft(str(number), name=f"Name {number}") for number in range(5)])
    with office.store.transaction() as tx:
        portions = list(writing.current_statements(tx, 2))
    assert [len(portion) for portion in portions] == [2, 2, 1]
    assert [row[5] for portion in portions for row in portion] == [f"Name {number}" for number in range(5)]
    assert {row[3:5] for portion in portions for row in portion} == {("Person", "name")}


def test_runs_and_their_reject_files(office: Office) -> None:
    with office.store.transaction() as tx:
        runs = [
            writing.start_run(
                tx, owner=NL, officer=f"{NL}/analyst", source_list="watch", file_name="a.csv", reject_path=path
            )
            for path in ("/b", "/a", "/b")
        ]
        assert writing.reject_files_of(tx, NL) == ["/a", "/b"]
        assert writing.reject_files_of(tx, DE) == []
        writing.finish_run(tx, runs[1], {"new": 3}, reject_path="")
        assert writing.reject_files_of(tx, NL) == ["/b"]
