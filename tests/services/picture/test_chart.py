"""Charts: what a viewer sees, opens, finds ways over and filters; kept in versions; never telling of the absent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from chart_cases import Scene, Scenes
from personas import DE, FR, NL, draft

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.services.correcting import erase_record
from alidade.services.picture import chart as chart_module
from alidade.services.picture.chart import draw, filtered
from alidade.services.picture.chart_groups import grouped
from alidade.services.picture.chart_state import (
    ChartState,
    Filters,
    FreeNote,
    Named,
    Opened,
    Placed,
    ThingNote,
    TieNote,
    decode_state,
    encode_state,
)
from alidade.services.picture.chart_walks import find_things, openings, shortest_ways
from alidade.services.picture.charts import (
    bring_back_chart,
    chart_versions,
    keep_chart,
    list_charts,
    open_chart,
    restore_chart,
    share_chart,
    withdraw_chart,
)
from alidade.services.records import overview


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    return Scenes(tmp_path_factory)


@pytest.fixture
def seen(scenes: Scenes, tmp_path: Path) -> Iterator[Scene]:
    with scenes(tmp_path / "node") as found:
        yield found


def _captions(seen: Scene, who: str, state: ChartState) -> list[str]:
    found = draw(seen.office.node, seen.office.officer(who), state)
    return sorted(thing.caption for thing in found.things.values())


# -- drawing ----------------------------------------------------------------------------------------------------------


def test_a_chart_shows_what_lies_around_with_all_ties_between(seen: Scene) -> None:
    found = draw(seen.office.node, seen.office.officer(NL), seen.state("ada"))

    assert sorted(thing.caption for thing in found.things.values()) == [
        "Ada Lindqvist", "Bo Verhoeven", "Noordzee Fruit BV",
    ]  # fmt: skip
    assert sorted(tie.kind for tie in found.ties) == ["Associate", "Directorship"]
    assert set(found.places) == set(found.things)
    assert found.starts == (seen["ada"],)


def test_opening_follows_the_chosen_kinds_only(seen: Scene) -> None:
    whole = seen.state("ada", opened=(Opened(record=seen["firm"]),))
    other = seen.state("ada", opened=(Opened(record=seen["firm"], kinds=("Directorship",)),))

    assert "Meltemi" in _captions(seen, NL, whole)
    assert "Meltemi" not in _captions(seen, NL, other)


def test_somebody_else_sees_the_same_chart_as_he_may(seen: Scene) -> None:
    state = seen.state("bo", opened=(Opened(record=seen["bo"]),))

    assert "Villa Serena" in _captions(seen, DE, state)
    assert _captions(seen, NL, state) == ["Ada Lindqvist", "Bo Verhoeven"]
    assert _captions(seen, FR, state) == ["Ada Lindqvist", "Bo Verhoeven"]


def test_what_is_absent_for_a_viewer_leaves_no_trace_in_his_chart(seen: Scene) -> None:
    villa = seen["villa"]
    secret = seen.state(
        "villa",
        "ada",
        hidden=(Named(record=villa),),
        notes=(ThingNote(record=villa, text="rented out"),),
        places=(Placed(record=villa, x=1, y=2),),
    )
    plain = seen.state("ada")

    shown, usual = (draw(seen.office.node, seen.office.officer(FR), state) for state in (secret, plain))

    assert encode_state(shown.state) == encode_state(usual.state)
    assert (shown.things.keys(), shown.ties, shown.places) == (usual.things.keys(), usual.ties, usual.places)


def test_absent_and_forbidden_look_alike(seen: Scene) -> None:
    told = []
    for record in (seen["villa"], "0" * 32):
        with pytest.raises(NotFound) as error:
            draw(seen.office.node, seen.office.officer(FR), ChartState(starts=(Named(record=record),)))
        told.append(str(error.value))
    assert told[0] == told[1]


def test_a_layout_stays(seen: Scene) -> None:
    node, actor = seen.office.node, seen.office.officer(NL)
    first = draw(node, actor, seen.state("ada"))

    further = draw(node, actor, msgspec.structs.replace(first.state, opened=(Opened(record=seen["firm"]),)))

    assert len(further.places) == len(first.places) + 1
    assert {key: further.places[key] for key in first.places} == first.places


def test_only_places_chosen_by_hand_reach_a_viewer_with_another_sight(seen: Scene) -> None:
    node = seen.office.node
    theirs = draw(node, seen.office.officer(DE), seen.state("bo"))
    moved = tuple(
        msgspec.structs.replace(each, x=777.0, by_hand=each.record == seen["ada"]) for each in theirs.state.places
    )

    shown = draw(node, seen.office.officer(FR), msgspec.structs.replace(theirs.state, places=moved))

    assert shown.places[seen["ada"]][0] == 777.0
    assert shown.places[seen["bo"]][0] != 777.0


def test_drawing_leaves_an_entry_with_what_it_showed(seen: Scene) -> None:
    draw(seen.office.node, seen.office.officer(NL), seen.state("ada"))

    entry = seen.office.entries(NL)[0]
    assert entry.act == "picture_read"
    assert set(entry.objects) == {seen["ada"], seen["bo"], seen["firm"]}


def test_filters_leave_out_ties_and_what_hung_on_them(seen: Scene) -> None:
    node, actor = seen.office.node, seen.office.officer(NL)
    found = draw(node, actor, seen.state("ada", opened=(Opened(record=seen["firm"]),)))

    def left(**filters: object) -> list[str]:
        state = ChartState(filters=Filters(**filters))  # type: ignore[arg-type]
        things, _ = filtered(found.things, found.ties, state, frozenset({seen["ada"]}))
        return sorted(thing.caption for thing in things.values())

    assert left() == ["Ada Lindqvist", "Bo Verhoeven", "Meltemi", "Noordzee Fruit BV"]
    assert left(kinds=("Ownership",)) == ["Ada Lindqvist", "Bo Verhoeven", "Noordzee Fruit BV"]
    assert left(things=("Person",)) == ["Meltemi", "Noordzee Fruit BV"]
    assert left(least="good") == ["Ada Lindqvist", "Bo Verhoeven", "Noordzee Fruit BV"]
    assert left(least="strong") == ["Ada Lindqvist", "Noordzee Fruit BV"]
    assert left(until="2025-12-31") == ["Ada Lindqvist", "Meltemi", "Noordzee Fruit BV"]
    assert left(since="2026") == ["Ada Lindqvist", "Bo Verhoeven", "Meltemi", "Noordzee Fruit BV"]
    assert left(owners=(NL,)) == []


def test_a_set_too_large_to_draw_is_grouped_and_opened(seen: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chart_module, "MOST_DRAWN", 3)
    node, actor = seen.office.node, seen.office.officer(NL)

    found = draw(node, actor, ChartState(everything=True))
    first = found.groups[0]

    alone = set(found.things) - {member for group in found.groups for member in group.members}
    assert alone == {seen["alone"]}
    assert not any(group.open for group in found.groups)
    assert set(found.places) == {group.node for group in found.groups} | alone
    again = grouped(found.things, found.ties, [first.key], 10)
    assert [group.key for group in again.groups if group.open] == [first.key]
    assert set(first.members) <= set(again.nodes(found.things))
    shut = grouped(found.things, found.ties, [first.key], 1)
    assert not any(group.open for group in shut.groups)


# -- walking ----------------------------------------------------------------------------------------------------------


def test_openings_count_what_the_viewer_may_see(seen: Scene) -> None:
    node = seen.office.node

    ours = {each.kind: each.count for each in openings(node, seen.office.officer(DE), seen["bo"])}
    theirs = {each.kind: each.count for each in openings(node, seen.office.officer(FR), seen["bo"])}

    assert ours == {"Associate": 1, "Ownership": 1}
    assert theirs == {"Associate": 1}


def test_the_shortest_way_leads_over_what_one_may_see(seen: Scene) -> None:
    node = seen.office.node

    found = shortest_ways(node, seen.office.officer(NL), seen["bo"], seen["vessel"])

    assert [[thing.caption for thing in way.things] for way in found.ways] == [
        ["Bo Verhoeven", "Ada Lindqvist", "Noordzee Fruit BV", "Meltemi"]
    ]
    assert [tie.kind for tie in found.ways[0].ties] == ["Associate", "Directorship", "Ownership"]
    assert shortest_ways(node, seen.office.officer(NL), seen["bo"], seen["alone"]).ways == ()
    assert len(shortest_ways(node, seen.office.officer(DE), seen["villa"], seen["vessel"]).ways) == 1
    with pytest.raises(NotFound):
        shortest_ways(node, seen.office.officer(FR), seen["villa"], seen["vessel"])
    with pytest.raises(Invalid):
        shortest_ways(node, seen.office.officer(NL), seen["bo"], seen["bo"])


def test_things_are_found_by_name_among_what_may_be_read(seen: Scene) -> None:
    node = seen.office.node

    assert [each.id for each in find_things(node, seen.office.officer(NL), "Ada Lindqvist")] == [seen["ada"]]
    assert seen["villa"] not in [each.id for each in find_things(node, seen.office.officer(FR), "Villa Serena")]


# -- keeping ----------------------------------------------------------------------------------------------------------


def _kept(seen: Scene, who: str = NL, **more: object) -> str:
    state = seen.state("ada", **more)
    return keep_chart(seen.office.node, seen.office.officer(who), state, "The ring").piece


def test_a_chart_is_kept_for_ones_own_authority(seen: Scene) -> None:
    piece = _kept(seen, free_notes=(FreeNote(x=1, y=2, text="ask the port"),))
    node = seen.office.node

    found = open_chart(node, seen.office.officer(NL, "analyst"), piece)

    assert (found.kept.title, found.kept.version, found.kept.ours) == ("The ring", 1, True)
    assert found.drawn.free_notes[0].text == "ask the port"
    assert [each.piece for each in list_charts(node, seen.office.officer(NL))] == [piece]
    assert list_charts(node, seen.office.officer(DE)) == ()
    with pytest.raises(NotFound) as hidden:
        open_chart(node, seen.office.officer(DE), piece)
    with pytest.raises(NotFound) as absent:
        open_chart(node, seen.office.officer(DE), "0" * 32)
    assert str(hidden.value) == str(absent.value)


def test_a_shared_chart_shows_each_what_he_may_see(seen: Scene) -> None:
    node = seen.office.node
    state = seen.state("bo", notes=(ThingNote(record=seen["villa"], text="empty"),))
    piece = keep_chart(node, seen.office.officer(DE), state, "Who lives there").piece
    share_chart(node, seen.office.officer(DE), piece, seen.office.handling(DE))

    found = open_chart(node, seen.office.officer(FR), piece)

    assert not found.kept.ours
    assert sorted(thing.caption for thing in found.drawn.things.values()) == ["Ada Lindqvist", "Bo Verhoeven"]
    assert found.drawn.notes == {}
    assert seen["villa"] not in encode_state(found.drawn.state).decode()
    with pytest.raises(NotFound):
        keep_chart(node, seen.office.officer(FR), state, "mine", piece=piece, version=1)
    assert len(open_chart(node, seen.office.officer(DE), piece).drawn.notes) == 1


def test_versions_conflict_and_come_back(seen: Scene) -> None:
    node, actor = seen.office.node, seen.office.officer(NL)
    piece = _kept(seen)
    second = keep_chart(node, actor, seen.state("bo"), "Renamed", piece=piece, version=1, reason="better start")

    with pytest.raises(Conflict):
        keep_chart(node, seen.office.officer(NL, "analyst"), seen.state("ada"), "Mine", piece=piece, version=1)
    assert second.version == 2
    restored = restore_chart(node, actor, piece, 1, newest=2)

    assert restored.version == 3
    assert open_chart(node, actor, piece).kept.title == "The ring"
    assert [(each.version, each.title, each.newest) for each in chart_versions(node, actor, piece)] == [
        (3, "The ring", True), (2, "Renamed", False), (1, "The ring", False),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        restore_chart(node, actor, piece, 9, newest=3)
    with pytest.raises(Conflict):
        restore_chart(node, actor, piece, 1, newest=2)


def test_what_the_keeper_does_not_see_stays_in_the_chart(seen: Scene) -> None:
    node = seen.office.node
    both = seen.office.handling(NL, purposes=("18.2.a", "18.2.c"))
    analysis = seen.office.officer(NL, purpose="18.2.c")
    only = seen.office.handling(DE, purposes=("18.2.c",))
    seen.office.give(draft("x", name="For Analysis"), by=DE, handling=only)
    secret = overview(node, analysis, newest=1).newest[0].record
    state = ChartState(starts=(Named(record=secret),))
    piece = keep_chart(node, analysis, state, "Both", handling=both).piece

    keep_chart(node, seen.office.officer(NL), seen.state("bo"), "Both", piece=piece, version=1)

    assert open_chart(node, seen.office.officer(NL), piece).drawn.starts == (seen["bo"],)
    assert secret in {each.record for each in open_chart(node, analysis, piece).drawn.state.starts}


def test_a_record_that_the_keeper_does_not_see_is_not_kept(seen: Scene) -> None:
    node, actor = seen.office.node, seen.office.officer(FR)
    piece = keep_chart(node, actor, seen.state("villa", "ada"), "Guessed").piece

    found = open_chart(node, actor, piece)

    assert [each.record for each in found.drawn.state.starts] == [seen["ada"]]


def test_withdrawn_and_brought_back(seen: Scene) -> None:
    node, actor = seen.office.node, seen.office.officer(NL)
    piece = _kept(seen)

    withdraw_chart(node, actor, piece)
    with pytest.raises(NotFound):
        open_chart(node, actor, piece)
    bring_back_chart(node, actor, piece)

    assert open_chart(node, actor, piece).kept.title == "The ring"


def test_an_erased_record_goes_from_every_version(seen: Scene) -> None:
    node, actor = seen.office.node, seen.office.officer(NL)
    piece = _kept(seen, notes=(ThingNote(record=seen["ada"], text="wears a red hat"),), tie_notes=(
        TieNote(tie="x", record=seen["ada"], other=seen["bo"], text="in the harbour"),))  # fmt: skip

    erase_record(node, actor, seen["ada"], "unlawful")

    with pytest.raises(NotFound):
        draw(node, actor, seen.state("ada"))
    found = open_chart(node, actor, piece)
    assert found.drawn.state.starts == ()
    assert found.drawn.notes == {}
    assert found.drawn.tie_notes == {}


def test_only_roles_that_list_the_act_keep_a_chart(seen: Scene) -> None:
    with pytest.raises(NotAllowed):
        keep_chart(seen.office.node, seen.office.officer(NL, "front_line_officer"), seen.state("ada"), "No")
    with pytest.raises(Invalid):
        keep_chart(seen.office.node, seen.office.officer(NL), seen.state("ada"), "  ")


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"{", "$"), (b'{"starts":[{"record":"x"}]}', "$.starts[0].record"), (b'{"depth":9}', "$.depth"),
     (b'{"other":1}', "$")],
)  # fmt: skip
def test_a_chart_that_cannot_be_read_names_the_place_and_no_value(content: bytes, place: str) -> None:
    with pytest.raises(Invalid, match="cannot be read at") as error:
        decode_state(content)
    assert place in str(error.value)


def test_a_state_survives_being_written() -> None:
    state = ChartState(starts=(Named(record="a" * 32),), filters=Filters(least="good"))

    assert decode_state(encode_state(state)) == state
