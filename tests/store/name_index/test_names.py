"""The index of names of a store: rights inside the search, findable at once everywhere, and gone when it is erased."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "services"))  # the cast of the services serves here too

from personas import DE, FR, NL, VE, Dice, Office, draft, opened, template, words

from alidade.matching import compare_names
from alidade.matching.words import word_facts
from alidade.model.handling import Handling
from alidade.services.contribute import Giving, give
from alidade.services.correcting import erase_record, withdraw
from alidade.services.name_index import build_index, index_standing, refresh_index
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.name_index import kept_file, names
from alidade.store.rights import Layer, viewer_class

LAYERS: tuple[Layer, ...] = ("read", "hit_only", "silent")


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "names") as found:
        yield found


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every index is worth a file."""
    monkeypatch.setattr(names, "KEPT_FROM", 1)


@pytest.fixture
def beside(office: Office) -> Iterator[Callable[[], Office]]:
    """The same node opened once more, as another process has it: with a connection and an index of its own."""
    made: list[Node] = []

    def again() -> Office:
        node = Node.open(office.store.folder, clock=office.clock, randomness=Dice(f"b{len(made)}"), vocabulary=words())
        made.append(node)
        return Office(node, office.clock)

    yield again
    for node in made:
        node.close()


def on_disk(office: Office) -> bytes:
    folder = office.store.folder / kept_file.FOLDER
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def values(office: Office, who: str, text: str) -> list[str]:
    return [hit.statements[0].value for hit in office.ask(who, text).hits]


def test_rights_inside_the_search_are_the_filter_of_a_search_without_limit(office: Office) -> None:
    first = ("Jan", "Janne", "Johan", "Jana", "Iohannes")
    last = ("Vermeulen", "Vermeulem", "Fermeulen", "Vermeer", "van der Meulen")
    for number, handling in enumerate(_handlings(office)):
        drafts = [draft(f"{number}-{a}-{b}", name=f"{a} {b}") for a in first for b in last[number % 2 :]]
        office.give(*drafts, handling=handling)
    index = office.store.names
    looked = 0
    with office.store.transaction() as tx:
        index.bring_up_to_date(tx)
        world = directory.world(tx)
        everything = frozenset(number for (number,) in tx.rows("select id from handling", []))
        for who in (NL, DE, FR, VE):
            for layer in LAYERS:
                actor = office.officer(who)
                visible = index.visible(tx, viewer_class(tx, actor.viewer, layer, world))
                whole = [each for each in index.search("Jan Vermeulen", 10_000, everything)]
                mine = [each for each in whole if each.handling in visible.handlings]
                for limit in (1, 3, 10_000):
                    assert index.search("Jan Vermeulen", limit, visible.handlings) == mine[:limit]
                looked += bool(mine) and len(mine) < len(whole)
        assert index.search("Jan Vermeulen", 10, frozenset()) == []
    assert looked >= 3


def _handlings(office: Office) -> list[Handling]:
    return [office.handling(), office.handling(communities=()), office.handling(classification="RESTRICTED")]


def test_who_sees_little_finds_all_that_is_his_among_better_ones_that_he_may_not_see(office: Office) -> None:
    hidden = office.handling(communities=(), classification="SECRET")
    office.give(*(draft(f"h{number}", name="Jan Vermeulen") for number in range(450)), handling=hidden)
    office.give(draft("a", name="Jan Vermeulem"), draft("b", name="Jan Vermeule"))
    assert set(values(office, DE, "Jan Vermeulen")) == {"Jan Vermeulem", "Jan Vermeule"}


def test_names_taken_away_take_no_place_in_the_search(office: Office) -> None:
    given = office.give(*(draft(f"w{number}", name="Jan Vermeulen") for number in range(250)))
    office.give(draft("a", name="Jan Vermeulem"))
    assert len(values(office, DE, "Jan Vermeulen")) == 100
    withdraw(office.node, office.officer(NL), given.contribution, "wrong")
    assert values(office, DE, "Jan Vermeulen") == ["Jan Vermeulem"]


def test_what_one_process_gives_another_finds_at_once(office: Office, beside: Callable[[], Office]) -> None:
    other = beside()
    assert other.ask(DE, "Jan Vermeulen").kind == "no_hit"
    given = office.give(draft("k", name="Jan Vermeulen"), source_list="l")
    assert values(other, DE, "Jan Vermeulen") == ["Jan Vermeulen"]
    office.give(draft("k", name="Piet Hein"), source_list="l")
    assert other.ask(DE, "Jan Vermeulen").kind == "no_hit"
    assert values(other, DE, "Piet Hein") == ["Piet Hein"]
    erase_record(office.node, office.officer(NL, "data_protection_officer"), given.records["k"], "court_order")
    assert other.ask(DE, "Piet Hein").kind == "no_hit"


def test_what_was_undone_is_not_found(office: Office) -> None:
    office.ask(NL, "Jan Vermeulen")
    with pytest.raises(ZeroDivisionError):
        _give_find_and_fail(office, "Jan Vermeulen")
    office.give(draft("other", name="Piet Hein"))
    assert office.ask(NL, "Jan Vermeulen").kind == "no_hit"
    assert values(office, NL, "Piet Hein") == ["Piet Hein"]


def _give_find_and_fail(office: Office, name: str) -> None:
    giving = Giving(title="t", drafts=[draft("k", name=name)], handlings={"own": office.handling()}, scheme="4x4")
    with office.store.transaction() as tx:
        give(office.node, tx, office.officer(NL), giving)
        assert tx.store.names.count(tx) == 1
        raise ZeroDivisionError


def test_a_name_of_another_type_of_thing_is_compared_by_its_habits(office: Office) -> None:
    plain = office.handling(content="non_personal")
    office.give(draft("k", "Vessel", name="Zeeland Trader"), handling=plain, source_list="l")
    assert values(office, NL, "Zeeland Trader") == ["Zeeland Trader"]
    office.give(draft("k", "Company", name="Zeeland Trader"), handling=plain, source_list="l")
    assert [hit.thing for hit in office.ask(NL, "Zeeland Trader").hits] == ["Company"]
    with office.store.transaction() as tx:
        assert office.store.names.count(tx) == 1


@pytest.mark.usefixtures("kept")
def test_the_file_is_written_for_its_owner_alone_and_opened_by_the_next(
    office: Office, beside: Callable[[], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    office.give(draft("k", name="Zebedeus Vermeulen"))
    assert values(office, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    folder = office.store.folder / kept_file.FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert b"zebedeus" in on_disk(office)
    monkeypatch.setattr(names, "_built", _never)
    other = beside()
    assert values(other, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    office.give(draft("l", name="Piet Hein"))
    assert values(beside(), DE, "Piet Hein") == ["Piet Hein"]


def _never(*_: object) -> None:
    raise AssertionError("made anew although a file was there")


@pytest.mark.usefixtures("kept")
def test_an_erased_name_is_in_no_byte_and_in_no_answer(office: Office, beside: Callable[[], Office]) -> None:
    given = office.give(
        draft("k", name="Zebedeus Vermeulen", alias="Zebbo"), draft("l", name="Piet Hein"), source_list="l"
    )
    officer = office.officer(NL, "data_protection_officer")
    other = beside()
    for each in (office, other):
        assert values(each, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    assert b"zebedeus" in on_disk(office)
    # Superseded first: it is no longer in force, and still in the file.
    office.give(draft("k", name="Klaas Vaak"), source_list="l")
    assert b"zebedeus" in on_disk(office)
    erase_record(office.node, officer, given.records["k"], "court_order")
    assert b"zebedeus" not in on_disk(office)
    assert b"zebbo" not in on_disk(office)
    assert b"klaas" not in on_disk(office)
    assert b"piet" in on_disk(office)
    for each in (office, other, beside()):
        assert each.ask(DE, "Zebedeus Vermeulen").kind == "no_hit"
        assert each.ask(DE, "Klaas Vaak").kind == "no_hit"
        assert values(each, DE, "Piet Hein") == ["Piet Hein"]
        held = each.store.names._held
        assert held is not None
        assert not held.erased


@pytest.mark.usefixtures("kept")
def test_a_process_gives_no_erased_name_while_the_new_file_is_still_being_written(
    office: Office, beside: Callable[[], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = office.give(draft("k", name="Zebedeus Vermeulen"), draft("l", name="Piet Hein"))
    office.ask(DE, "Zebedeus Vermeulen")
    other = beside()
    assert values(other, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    with monkeypatch.context() as cut_off:
        cut_off.setattr(names.Names, "forget_erased", _stop)
        with pytest.raises(KeyboardInterrupt):
            erase_record(office.node, office.officer(NL, "data_protection_officer"), given.records["k"], "court_order")
    assert b"zebedeus" in on_disk(office)
    assert other.ask(DE, "Zebedeus Vermeulen").kind == "no_hit"
    late = beside()  # the next start carries the erasure through
    assert b"zebedeus" not in on_disk(office)
    assert late.ask(DE, "Zebedeus Vermeulen").kind == other.ask(DE, "Zebedeus Vermeulen").kind == "no_hit"
    assert values(other, DE, "Piet Hein") == ["Piet Hein"]
    held = other.store.names._held
    assert held is not None
    assert not held.erased


def test_a_process_that_never_searches_again_forgets_an_erased_name(
    office: Office, beside: Callable[[], Office]
) -> None:
    given = office.give(draft("k", name="Zebedeus Vermeulen"), draft("l", name="Piet Hein"))
    other = beside()
    assert values(other, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    assert other.store.names._held is not None
    erase_record(office.node, office.officer(NL, "data_protection_officer"), given.records["k"], "court_order")
    compare_names("Zebedeus Vermeulen", "Zebedeus")  # as if that other process had remembered it
    with other.store.transaction():
        pass  # whatever it does
    assert other.store.names._held is None
    assert word_facts.cache_info().currsize == 0
    assert values(other, DE, "Piet Hein") == ["Piet Hein"]
    held = other.store.names._held
    other.store.names.notice_erasure()
    assert held is other.store.names._held is not None


def test_where_the_disk_takes_no_mark_the_tables_tell_of_an_erasure(
    office: Office, beside: Callable[[], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = office.give(draft("k", name="Zebedeus Vermeulen"), draft("l", name="Piet Hein"))
    other = beside()
    assert values(other, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    monkeypatch.setattr(kept_file, "_ERASED", "not/there")
    erase_record(office.node, office.officer(NL, "data_protection_officer"), given.records["k"], "court_order")
    compare_names("Zebedeus Vermeulen", "Zebedeus")
    told = []
    monkeypatch.setattr(names, "forget_names", lambda: told.append(word_facts.cache_clear()))
    assert other.ask(DE, "Zebedeus Vermeulen").kind == "no_hit"
    assert told


def _stop(names: names.Names) -> None:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("wrong", ["cut", "head", "empty", "rows", "foreign", "version", "outside", "missing"])
def test_a_file_that_cannot_be_believed_is_made_anew(
    office: Office, beside: Callable[[], Office], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.give(draft("k", name="Zebedeus Vermeulen"))
    office.ask(DE, "Zebedeus Vermeulen")
    head = office.store.names.head()
    assert head is not None
    folder = office.store.folder / kept_file.FOLDER
    current = folder / "current"
    if wrong == "cut":
        path = folder / head.folder / "names"
        path.write_bytes(path.read_bytes()[:-20])
    elif wrong == "head":
        path = folder / head.folder / "names"
        path.write_bytes(b"\xff" * path.stat().st_size)
    elif wrong == "rows":
        path = folder / head.folder / "rows.npy"
        path.write_bytes(b"\x00" * path.stat().st_size)
    elif wrong == "empty":
        current.write_bytes(b"")
    elif wrong == "foreign":
        current.write_bytes(current.read_bytes().replace(head.place.encode(), b"0" * len(head.place)))
    elif wrong == "version":
        monkeypatch.setattr(names.Names, "version", "another")
    elif wrong == "outside":
        current.write_bytes(current.read_bytes().replace(head.folder.encode(), b"names-/../../x"))
    else:
        for path in (folder / head.folder).iterdir():
            path.unlink()
    other = beside()
    assert other.store.names.version == ("another" if wrong == "version" else head.version)
    assert values(other, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    assert other.store.names.head() is not None
    assert other.store.names.is_sound()
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_a_small_store_has_no_file_until_somebody_wants_one(office: Office) -> None:
    office.give(draft("k", name="Zebedeus Vermeulen"))
    office.ask(DE, "Zebedeus Vermeulen")
    assert not refresh_index(office.node)
    assert index_standing(office.node).kept == 0
    assert b"zebedeus" not in on_disk(office)
    built = build_index(office.node)
    assert (built.names, built.kept, built.sound) == (1, 1, True)
    assert built.size > 0
    head = office.store.names.head()
    assert head is not None
    path = office.store.folder / kept_file.FOLDER / head.folder / "names"
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    assert not index_standing(office.node).sound


def test_the_file_is_freshened_when_much_was_given(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "KEPT_FROM", 3)
    office.give(*(draft(f"a{number}", name=f"Piet Hein {number}") for number in range(3)))
    assert not refresh_index(office.node)
    office.give(draft("b", name="Zebedeus Vermeulen"))
    assert refresh_index(office.node)
    assert not refresh_index(office.node)
    office.give(*(draft(f"c{number}", name=f"Klaas Vaak {number}") for number in range(4)))
    assert refresh_index(office.node)
    head = office.store.names.head()
    assert head is not None
    assert head.names == 8


@pytest.mark.usefixtures("kept")
def test_a_disk_that_refuses_the_file_hides_no_name(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.give(draft("k", name="Zebedeus Vermeulen"))
    monkeypatch.setattr(kept_file, "keep", _full)
    assert values(office, DE, "Zebedeus Vermeulen") == ["Zebedeus Vermeulen"]
    assert office.store.names.head() is None


def _full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
