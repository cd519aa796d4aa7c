"""References: keys like any other, filled for stores made before, asked one by one or swept, with the same answer."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connections

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, NL, VE, Office, draft, opened, template

from alidade.model.draft import Claim
from alidade.services.acting import log
from alidade.store import directory, references, writing
from alidade.store.reading import ReaderView, reading

_ROWS = "select kind, key, handling_id, record_id, statement_id from lookup where kind = 'refers' order by statement_id"


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "references") as found:
        yield found


def _refers(name: str, key: str) -> Claim:
    return Claim(property=name, value=key, refers=True)


@pytest.fixture
def records(office: Office) -> dict[str, str]:
    given = office.give(
        draft("p", name="Jan Vermeulen"),
        draft("c", "Company", name="Vermeulen Transport", parent=_refers("parent", "d")),
        draft("d", "Company", name="Holding"),
        draft("own", "Ownership", owner=_refers("owner", "p"), asset=_refers("asset", "c")),
        source_list="net",
    )
    closed = office.give(
        draft("2", "Ownership", owner=_refers("owner", "p"), asset=_refers("asset", "d")),
        handling=office.handling(communities=()),
        source_list="net",
    )
    return {**given.records, **closed.records}


def _look(office: Office, who: str, ask: Callable[[ReaderView], object]) -> object:
    actor = office.officer(who)
    with office.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            found = ask(view)
        log(tx, actor, "record_read")
    return found


def test_each_viewer_finds_what_he_may_see_refer(
    office: Office, records: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [records["p"], records["d"], "0" * 32, records["p"]]
    expected = {NL: [("2", "asset"), ("c", "parent"), ("2", "owner"), ("own", "owner")], VE: []}
    expected[DE] = [("c", "parent"), ("own", "owner")]
    for probes in (references._FEW_PROBES, 0):
        monkeypatch.setattr(references, "_FEW_PROBES", probes)
        for who, said in expected.items():
            found = _look(office, who, lambda view: view.references(wanted))
            assert isinstance(found, list)
            assert sorted((each.record, each.property) for each in found) == sorted(
                (records[key], name) for key, name in said
            )
            assert found == sorted(found, key=lambda each: (each.to, each.statement))
            assert {each.owner for each in found} <= {NL}
            whole = _look(office, who, lambda view: view.all_references())
            assert isinstance(whole, list)
            assert len(whole) == {NL: 5, DE: 3, VE: 0}[who]
    assert _look(office, NL, lambda view: view.references([])) == []


@pytest.mark.parametrize("few", [references._FEW_PROBES, 0])
def test_many_records_are_read_at_once_whosever_they_are(
    office: Office, records: dict[str, str], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(references, "_FEW_PROBES", few)
    wanted = [(records["p"], NL), (records["c"], None), (records["own"], DE), ("nonsense", None), (records["2"], NL)]
    found = _look(office, DE, lambda view: view.statements_of(wanted))
    assert isinstance(found, dict)
    assert set(found) == {records["p"], records["c"]}
    assert [each.value for each in found[records["p"]]] == ["Jan Vermeulen"]
    named = _look(office, DE, lambda view: [each.record for each in view.records()])
    assert named == sorted(records[key] for key in ("p", "c", "d", "own"))


def test_a_store_made_before_is_filled(office: Office, records: dict[str, str]) -> None:
    fill = importlib.import_module("alidade.store.migrations.0010_references").fill
    alias = office.store.alias
    with office.store.transaction() as tx:
        before = tx.rows(_ROWS, [])
        assert len(before) == 5
        writing.clear_lookups(tx)
        assert tx.rows(_ROWS, []) == []
        fill(None, SimpleNamespace(connection=connections[alias]))
        assert tx.rows(_ROWS, []) == before
