"""Things and ties as one viewer sees them: joined by his judgements, tied by links he may read, cut by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linked_cases import give_network, refers
from personas import DE, FR, NL, VE, Office, draft

from alidade.services.acting import log
from alidade.services.picture.judging import judge
from alidade.services.picture.seeing import Picture, SeenThing, around, everything, graph_of, thing_of, ties_among
from alidade.store import directory
from alidade.store.reading import ReaderView, reading


def look(office: Office, who: str, ask: Callable[[ReaderView], Any]) -> Any:
    """What a viewer's view gives."""
    actor = office.officer(who)
    with office.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            found = ask(view)
        log(tx, actor, "record_read")
    return found


def around_of(office: Office, who: str, record: str, **more: Any) -> Picture:
    """What is tied to a record, for a viewer."""
    found: Picture = look(office, who, lambda view: around(view, office.vocabulary, [record], **more))
    return found


def captions(picture: Picture) -> set[str]:
    """What the things are called."""
    return {thing.caption for thing in picture.things.values()}


def kinds(picture: Picture) -> set[str]:
    """The kinds of the ties."""
    return {tie.kind for tie in picture.ties}


def test_what_is_tied_to_a_thing_is_what_the_viewer_may_see(office: Office) -> None:
    ids = give_network(office)
    own = around_of(office, NL, ids["jan"])
    assert captions(own) == {"Jan Vermeulen", "Пётр Иванов (Petr Ivanov)", "Vermeulen Transport", "+31612345678"}
    assert kinds(own) == {"Associate", "Directorship", "subscriber"}
    other = around_of(office, DE, ids["jan"])
    assert captions(other) == {"Jan Vermeulen", "Vermeulen Transport", "+31612345678"}
    assert kinds(other) == {"Directorship", "subscriber"}
    assert around_of(office, VE, ids["jan"]) == Picture(things={}, ties=(), cut=False)
    assert around_of(office, DE, "0" * 32) == Picture(things={}, ties=(), cut=False)
    (runs,) = (tie for tie in other.ties if tie.kind == "Directorship")
    assert (runs.id, runs.source, runs.target, runs.directed) == (ids["runs"], ids["jan"], ids["firm"], True)
    assert (runs.valid_from, runs.valid_to) == ("2024-02-01", None)
    (subscriber,) = (tie for tie in other.ties if tie.kind == "subscriber")
    assert subscriber.id == f"{ids['phone']}:subscriber:{ids['jan']}"
    assert (subscriber.source, subscriber.target) == (ids["phone"], ids["jan"])


def test_ties_are_followed_by_kind_and_as_far_as_asked(office: Office) -> None:
    ids = give_network(office)
    assert captions(around_of(office, NL, ids["jan"], kinds=frozenset({"Directorship"}))) == {
        "Jan Vermeulen",
        "Vermeulen Transport",
    }
    assert captions(around_of(office, NL, ids["jan"], kinds=frozenset({"subscriber"}))) == {
        "Jan Vermeulen",
        "+31612345678",
    }
    assert captions(around_of(office, NL, ids["firm"])) == {"Jan Vermeulen", "Vermeulen Transport"}
    assert len(around_of(office, NL, ids["firm"], depth=2).things) == 4
    nearest = around_of(office, NL, ids["firm"], depth=2, most=2)
    assert (captions(nearest), nearest.cut) == ({"Jan Vermeulen", "Vermeulen Transport"}, True)
    assert not around_of(office, NL, ids["firm"], depth=2, most=4).cut


def test_records_are_one_thing_for_those_who_see_the_judgement(office: Office) -> None:
    ids = give_network(office)
    theirs = office.give(draft("same", name="J. Vermeulen"), by=DE).records["same"]
    judge(office.node, office.officer(DE), ids["jan"], theirs, "same", "same phone", office.handling(DE))
    for who, together in ((DE, True), (NL, True), (FR, True)):
        thing = look(office, who, lambda view: thing_of(view, office.vocabulary, theirs))
        assert isinstance(thing, SeenThing)
        assert (set(thing.records) == {ids["jan"], theirs}) == together
        assert thing.id == min(thing.records)
        assert thing.owners == (DE, NL)
        # What is tied to one of the records is tied to the thing.
        assert "Vermeulen Transport" in captions(around_of(office, who, theirs))


def test_everything_is_the_most_tied_first_and_ties_are_among_what_is_there(office: Office) -> None:
    ids = give_network(office)

    def whole(who: str, most: int) -> Picture:
        found: Picture = look(office, who, lambda view: everything(view, office.vocabulary, most=most))
        return found

    assert (len(whole(NL, 10).things), len(whole(NL, 10).ties), whole(NL, 10).cut) == (4, 3, False)
    assert (len(whole(DE, 10).things), len(whole(DE, 10).ties)) == (4, 2)
    assert whole(VE, 10) == Picture(things={}, ties=(), cut=False)
    two = whole(NL, 1)
    assert (set(two.things), two.ties, two.cut) == ({ids["jan"]}, (), True)
    picture = whole(NL, 10)
    some = {each: picture.things[each] for each in (ids["jan"], ids["firm"])}
    found = look(office, NL, lambda view: ties_among(view, office.vocabulary, some))
    assert [tie.kind for tie in found] == ["Directorship"]


def test_a_reference_goes_with_its_statement(office: Office) -> None:
    ids = give_network(office)
    assert len(look(office, NL, lambda view: view.references([ids["jan"]]))) == 3
    # Said anew without its company, the directorship is no tie any more.
    office.give(
        draft("jan", name="Jan Vermeulen"),
        draft("runs", "Directorship", director=refers("director", "jan"), startDate="2024-02-01"),
        source_list="net",
    )
    assert kinds(around_of(office, NL, ids["jan"])) == {"Associate", "subscriber"}
    assert look(office, NL, lambda view: view.references([ids["firm"]])) == []
    whole = look(office, NL, lambda view: view.all_references())
    assert sorted(each.to for each in whole) == sorted([ids["jan"]] * 3 + [ids["piet"]])


def test_the_graph_of_a_picture_weighs_ties_by_their_grades(office: Office) -> None:
    ids = give_network(office)
    picture = around_of(office, NL, ids["jan"])
    graph, things = graph_of(picture)
    assert set(things) == set(picture.things)
    assert (graph.n, graph.m) == (4, 3)
    assert set(graph.neighbours(ids["jan"])) == set(things) - {ids["jan"]}
    _, _, weights = graph.links()
    assert all(0 < weight < 1 for weight in weights)
    assert graph_of(picture, directed=True)[0].directed
