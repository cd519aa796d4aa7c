"""The one read path: a view answers from its viewer's rows, leaves an entry, and knows no other rows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "services"))  # the cast of the services serves here too

from personas import DE, FR, NL, VE, Office, draft, opened, template

from alidade.model.errors import Damaged
from alidade.services.acting import log
from alidade.store import directory
from alidade.store.reading import ReaderView, reading
from alidade.store.writing import record_number


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "reading") as found:
        yield found


@pytest.fixture
def records(office: Office) -> dict[str, str]:
    given = office.give(
        draft("1", name="Jan Vermeulen", phone="+31612345678"), draft("2", "Company", name="Vermeulen Transport")
    )
    closed = office.give(draft("3", name="Piet Hein"), handling=office.handling(communities=()))
    return {**given.records, **closed.records}


class _Look:
    """What one viewer's view gives."""

    def __init__(self, office: Office, who: str) -> None:
        self._office = office
        self._who = who

    def __call__(self, look: object) -> object:
        actor = self._office.officer(self._who)
        with self._office.store.transaction() as tx:
            with reading(tx, actor.viewer, directory.world(tx), ("read", "hit_only", "export", "merge")) as view:
                found = look(view)  # type: ignore[operator]
            log(tx, actor, "record_read")
        return found


def test_a_read_without_an_entry_is_no_read(office: Office, records: dict[str, str]) -> None:
    actor = office.officer(NL)
    with (
        pytest.raises(Damaged) as refused,
        office.store.transaction() as tx,
        reading(tx, actor.viewer, directory.world(tx)) as view,
    ):
        assert view.count() == 4
    assert refused.value.code == "unlogged_read"
    assert _Look(office, NL)(ReaderView.count) == 4


def test_counts_newest_facets_and_all_are_the_viewers(office: Office, records: dict[str, str]) -> None:
    for who, count, facets in (
        (NL, 4, [("Person", 2), ("Company", 1)]),
        (DE, 3, [("Company", 1), ("Person", 1)]),
        (VE, 0, []),
    ):
        look = _Look(office, who)
        assert look(ReaderView.count) == count
        assert look(ReaderView.facets) == facets
        everything = look(lambda view: list(view.everything("export")))
        assert isinstance(everything, list)
        newest = look(lambda view: view.newest(100))
        assert newest == everything[::-1]
        assert len(everything) == count
        assert look(lambda view: view.newest(1)) == newest[:1]
        assert look(lambda view: view.newest(0)) == []


def test_the_newest_are_the_newest_whatever_the_handling(office: Office) -> None:
    for number in range(6):
        handling = office.handling(case="case-1") if number % 2 else office.handling()
        office.give(draft("k", name=f"Name {number}"), handling=handling)
    newest = _Look(office, DE)(lambda view: [s.value for s in view.newest(4)])
    assert newest == ["Name 5", "Name 4", "Name 3", "Name 2"]


def test_a_record_is_asked_by_its_public_id_and_by_nothing_else(office: Office, records: dict[str, str]) -> None:
    look = _Look(office, DE)
    assert [s.value for s in look(lambda view: view.record(records["1"]))] == ["Jan Vermeulen", "+31612345678"]  # type: ignore[attr-defined]
    number = record_number(records["1"])
    # The number is 63 bits of the id: another id with the same number is another record.
    same_number = records["1"][:16] + "0" * 16
    assert record_number(same_number) == number
    for reference in (same_number, records["3"], records["1"].upper(), "' or 1=1 --", "", str(number)):
        assert look(lambda view, one=reference: view.record(one)) == []
        assert look(lambda view, one=reference: view.record_to_merge(one)) == []
    assert look(lambda view: view.record_by_number(number, DE)) == []
    assert len(look(lambda view: view.record_by_number(number, NL))) == 2  # type: ignore[arg-type]


def test_candidates_come_from_one_layer(office: Office, records: dict[str, str]) -> None:
    def found(who: str, layer: str, kind: str, key: str) -> set[int]:
        pairs = _Look(office, who)(lambda view: view.candidates(kind, [key, "absent"], layer))
        return {candidate.record_number for _, candidate in pairs}  # type: ignore[attr-defined]

    phone = "+31612345678"
    with office.store.transaction() as tx:
        ((key,),) = tx.rows("select key from lookup where kind = 'phone'", [])
    assert found(DE, "read", "phone", key) == {record_number(records["1"])}
    assert found(DE, "hit_only", "phone", key) == found(VE, "read", "phone", key) == set()
    assert found(DE, "read", "name", "t:hein") == set()
    assert found(DE, "hit_only", "name", "t:hein") == {record_number(records["3"])}
    assert phone.removeprefix("+") in key


def test_values_to_compare_come_in_the_order_of_the_candidates(office: Office, records: dict[str, str]) -> None:
    def look(view: ReaderView) -> list[list[tuple[str, str, dict[str, list[str]]]]]:
        met = [candidate for _, candidate in view.candidates("name", ["t:vermeulen"], "read")]
        both = (met, met[::-1])
        return [[(c.record, c.thing, dict(c.values)) for c in view.to_compare(order, "read")] for order in both]  # type: ignore[arg-type]

    first, second = _Look(office, FR)(look)  # type: ignore[misc]
    assert first == second[::-1]  # type: ignore[has-type]
    assert sorted(first) == sorted(  # type: ignore[has-type]
        [
            (records["2"], "Company", {"name": ["Vermeulen Transport"]}),
            (records["1"], "Person", {"name": ["Jan Vermeulen"], "phone": ["+31612345678"]}),
        ]
    )
    assert _Look(office, VE)(look) == [[], []]
