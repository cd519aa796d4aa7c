"""Maps, timelines, matrices: what each viewer sees at which place, when, and between which countries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from map_cases import route
from personas import DE, FR, NL, Office, opened, template

from alidade.model.errors import Invalid, NotAllowed
from alidade.services.picture import mapping, sight_export
from alidade.services.picture.clustering import FARTHEST, NEAREST, clustered
from alidade.services.picture.mapping import draw_map
from alidade.services.picture.matrix import draw_matrix
from alidade.services.picture.places import countries, ports
from alidade.services.picture.sight_export import FORMS_OF, export_sight
from alidade.services.picture.sights import Ask, decode_ask, within
from alidade.services.picture.timeline import draw_timeline
from alidade.store.reading import SeenStatement


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("route") / "node"
    with opened(template(tmp_path_factory), folder, "route") as office:
        return folder, route(office)


@pytest.fixture
def office(house: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Office]:
    with opened(house[0], tmp_path / "node", "map") as found:
        yield found


@pytest.fixture
def named(house: tuple[Path, dict[str, str]]) -> dict[str, str]:
    return house[1]


# -- map --------------------------------------------------------------------------------------------------------------


def test_things_stand_by_position_by_port_or_by_country_alone(office: Office) -> None:
    found = draw_map(office.node, office.officer(FR), Ask())

    where = {mark.caption: (mark.spot.exactness, round(mark.spot.latitude, 1)) for mark in found.marks}
    assert where == {
        "Guayaquil": ("port", round(ports()["ECGYE"].latitude, 1)),
        "Rotterdam": ("position", 52.0),  # its own position before that of its code, 51.9
        "Mindelo": ("port", round(ports()["CVMIN"].latitude, 1)),
        "Invented Quay 17": ("country", round(countries()["NL"].latitude, 1)),
        "Seizure of 310 kg": ("position", 52.0),
    }
    assert found.unplaced == 1
    assert not found.cut


def test_movements_are_legs_and_ways_over_several_places(office: Office) -> None:
    found = draw_map(office.node, office.officer(FR), Ask())

    assert {(leg.source_name, leg.target_name, len(leg.moves)) for leg in found.legs} == {
        ("Guayaquil", "Mindelo", 1),
        ("Mindelo", "Rotterdam", 1),
    }
    assert {move.subject_caption for leg in found.legs for move in leg.moves} == {"Meltemi"}
    assert [way.places for way in found.ways] == [("ECGYE", "CVMIN", "NLRTM")]
    assert [(each.caption, each.place_caption) for each in found.presences] == [("Ada Lindqvist", "Rotterdam")]


def test_what_only_its_giver_sees_stands_on_his_map_alone(office: Office) -> None:
    theirs = draw_map(office.node, office.officer(DE), Ask())
    ours = draw_map(office.node, office.officer(NL), Ask())

    assert {"Hidden Harbour", "Rotterdam again"} <= {mark.caption for mark in theirs.marks}
    assert len(theirs.legs) == 3
    assert "Hidden Harbour" not in {mark.caption for mark in ours.marks}
    assert len(ours.legs) == 2


def test_filters_by_kind_type_time_and_evaluation(office: Office, named: dict[str, str]) -> None:
    actor = office.officer(NL)

    assert {mark.group for mark in draw_map(office.node, actor, Ask(kinds=("seizure",))).marks} == {"seizure"}
    assert {mark.type for mark in draw_map(office.node, actor, Ask(types=("Port",))).marks} == {"Port"}
    early = draw_map(office.node, actor, Ask(until="2026-03-10"))
    assert [leg.target_name for leg in early.legs] == ["Mindelo"]
    assert "seizure" not in {mark.group for mark in early.marks}
    assert [m.caption for m in draw_map(office.node, actor, Ask(least="strong")).marks] == ["Seizure of 310 kg"]
    near = draw_map(office.node, actor, Ask(records=(named["Voyage one"],)))
    assert "Guayaquil" in {mark.caption for mark in near.marks}
    assert "Invented Quay 17" not in {mark.caption for mark in near.marks}


def test_absent_and_hidden_records_give_the_same_empty_map(office: Office, named: dict[str, str]) -> None:
    actor = office.officer(NL)

    hidden = draw_map(office.node, actor, Ask(records=(named["Hidden Harbour"],)))

    assert hidden == draw_map(office.node, actor, Ask(records=("0" * 32,)))
    assert hidden.marks == ()


def test_too_many_are_cut_and_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "MOST_MARKS", 2)

    found = draw_map(office.node, office.officer(NL), Ask())

    assert found.cut
    assert found.marks[0].caption == "Seizure of 310 kg"
    assert len(found.marks) == 2


def test_clusters_hold_every_mark_once_at_every_zoom(office: Office) -> None:
    marks = draw_map(office.node, office.officer(NL), Ask()).marks

    for zoom in range(FARTHEST, NEAREST + 1):
        held = [mark.thing for cluster in clustered(marks, zoom) for mark in cluster.marks]
        assert sorted(held) == sorted(mark.thing for mark in marks)
    apart, together = clustered(marks, NEAREST), clustered(marks, FARTHEST)
    assert len(together) < len(apart)
    assert [len(cluster.marks) for cluster in apart].count(2) == 1  # the port and what was seized in it


def test_a_map_is_an_act_in_the_ledger(office: Office, named: dict[str, str]) -> None:
    draw_map(office.node, office.officer(NL), Ask())

    entry = office.entries(NL)[0]
    assert entry.act == "picture_read"
    assert dict(entry.details)["view"] == "map"
    assert named["Guayaquil"] in entry.objects


# -- timeline and matrix ----------------------------------------------------------------------------------------------


def test_a_timeline_has_events_movements_payments_and_spans(office: Office) -> None:
    found = draw_timeline(office.node, office.officer(NL), Ask())

    lanes = [(each.begin, each.lane, each.caption) for each in found.entries]
    assert ("2026-02-14", "payment", "Ada Lindqvist → Bo Verhoeven") in lanes
    assert ("2026-03-21", "seizure", "Seizure of 310 kg") in lanes
    assert ("2026-03-20", "span", "Ada Lindqvist → Rotterdam") in lanes
    assert [begin for begin, _, _ in lanes] == sorted(begin for begin, _, _ in lanes)
    assert "Voyage three" not in {each.caption for each in found.entries}
    only = draw_timeline(office.node, office.officer(NL), Ask(kinds=("movement",), since="2026-03-05"))
    assert [each.caption for each in only.entries] == ["Voyage two"]


def test_a_matrix_counts_ties_and_routes_from_country_to_country(office: Office) -> None:
    found = draw_matrix(office.node, office.officer(NL), Ask())

    assert found.cells["NL", "EC"] == 1  # the payment
    assert {each.kind for each in found.listed("EC", "NL")} == {"Seizure"}
    assert found.cells["NL", "NL"] >= 1  # who was in Rotterdam
    assert set(draw_matrix(office.node, office.officer(NL), Ask(kinds=("Payment",))).cells) == {("NL", "EC")}
    assert ("NL", "MA") not in found.cells


def test_spans_touch_as_far_as_dates_go() -> None:
    assert within("2026", "", Ask(since="2026-03", until="2026-04"))
    assert within("2026-03-31", "2026-03-31", Ask(since="2026-03", until="2026-03"))
    assert not within("2026-04-01", "2026-04-01", Ask(since="2026-03", until="2026-03"))
    assert not within("", "", Ask(since="2026"))
    assert within("", "", Ask())


@pytest.mark.parametrize("body", [b"{", b'{"since":"yesterday"}', b'{"since":"2026-13"}', b'{"other":1}',
                                  b'{"since":"2027","until":"2026"}'])  # fmt: skip
def test_what_cannot_be_asked_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        decode_ask(body)


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sight", "form"), [(sight, form) for sight, forms in FORMS_OF.items() for form in forms])
def test_each_file_holds_what_is_in_sight_and_is_in_the_ledger(office: Office, sight: str, form: str) -> None:
    made = export_sight(office.node, office.officer(NL), sight, Ask(), form)  # type: ignore[arg-type]

    text = made.content.decode()
    assert "Hidden Harbour" not in text
    assert ("NL" if sight == "matrix" else "Voyage two" if sight == "timeline" else "Rotterdam") in text
    assert made.name == f"alidade-{sight}.{form}"
    entry = office.entries(NL)[0]
    assert (entry.act, dict(entry.details)["sha256"]) == ("export", made.sha256)
    if form == "svg":
        assert etree.fromstring(made.content).tag == "{http://www.w3.org/2000/svg}svg"
        assert "(nl-politie)" in text
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert rows
        assert all(json.loads(row["handlings"]) for row in rows)
    else:
        features = json.loads(text)["features"]
        assert {each["geometry"]["type"] for each in features} == {"Point", "LineString"}
        assert all(each["properties"]["handlings"] for each in features)


def test_what_must_stay_is_left_out_as_if_it_were_not_there(
    office: Office, named: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = {named["Mindelo"], named["Voyage two"]}

    def exportable(tx: object, actor: object, statements: Iterable[SeenStatement], terms: object) -> object:
        return [each for each in statements if each.record not in stays]

    monkeypatch.setattr(sight_export, "exportable", exportable)

    made = export_sight(office.node, office.officer(FR), "map", Ask(), "geojson")

    found = json.loads(made.content)
    assert made.things_left_out == 2
    assert any(line.startswith("Left out") for line in found["terms"])
    assert "Mindelo" not in made.content.decode()
    # The voyage to the port that stays goes nowhere that may be told, and is not drawn.
    assert [each for each in found["features"] if each["geometry"]["type"] == "LineString"] == []


def test_where_nothing_may_go_out_the_reason_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sight_export, "exportable", lambda *given: [])

    with pytest.raises(NotAllowed) as refused:
        export_sight(office.node, office.officer(FR), "timeline", Ask(), "csv")

    assert refused.value.code == "strictest_wins"
    assert dict(office.entries(FR)[0].details)["refused"] == "strictest_wins"


def test_a_form_that_a_sight_does_not_have_is_refused(office: Office) -> None:
    with pytest.raises(Invalid, match="no such form"):
        export_sight(office.node, office.officer(NL), "matrix", Ask(), "geojson")
