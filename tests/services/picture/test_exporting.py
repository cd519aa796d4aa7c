"""Exporting charts: under the joined handling, less what must stay, or refused; each an act in the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from chart_cases import Scene, Scenes
from lxml import etree
from personas import DE, FR, NL, draft

from alidade.model.errors import Invalid, NotAllowed
from alidade.services.picture.chart_state import ChartState, Filters
from alidade.services.picture.exporting import FORMS, export_chart, export_picture


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    return Scenes(tmp_path_factory)


@pytest.fixture
def seen(scenes: Scenes, tmp_path: Path) -> Iterator[Scene]:
    with scenes(tmp_path / "node") as found:
        yield found


@pytest.mark.parametrize("form", [form for form in FORMS if form != "png"])
def test_each_form_holds_what_is_in_sight_and_is_in_the_ledger(seen: Scene, form: str) -> None:
    node, actor = seen.office.node, seen.office.officer(NL)

    made = export_chart(node, actor, seen.state("ada"), form, title="Ring")  # type: ignore[arg-type]

    assert b"Ada Lindqvist" in made.content
    assert b"Villa" not in made.content
    assert made.name.startswith("alidade-chart.")
    entry = seen.office.entries(NL)[0]
    assert entry.act == "export"
    assert dict(entry.details)["sha256"] == made.sha256 == hashlib.sha256(made.content).hexdigest()
    assert seen["ada"] in entry.objects


def test_the_joined_handling_is_printed(seen: Scene) -> None:
    node, actor = seen.office.node, seen.office.officer(DE)

    text = export_chart(node, actor, seen.state("bo"), "svg").content.decode()

    assert "Villa Serena" in text
    assert "(de-bka, nl-politie)" in text


def test_what_may_not_be_taken_out_is_left_out_and_said(seen: Scene) -> None:
    node = seen.office.node
    stays = seen.office.handling(NL, codes=("H0", "H2"), conditions=("no_onward",))
    seen.office.give(draft("staying", name="Stays Here"), handling=stays)
    actor = seen.office.officer(FR)
    found = export_chart(node, actor, ChartState(everything=True), "csv")

    whole = export_picture(node, actor, ChartState(everything=True))

    assert (b"Stays Here" in found.content) == (found.things_left_out == 0)
    assert len(whole.things) + found.things_left_out == 6
    assert any("Left out" in line for line in whole.terms) == (found.things_left_out > 0)


def test_what_the_filters_hide_does_not_go_out(seen: Scene) -> None:
    state = seen.state("ada", filters=Filters(things=("Company",)))

    made = export_chart(seen.office.node, seen.office.officer(NL), state, "graphml")

    root = etree.fromstring(made.content)
    assert len(root.findall(".//{*}node")) == 2
    assert b"Noordzee" not in made.content


def test_a_form_without_a_place_for_the_handling_is_refused_and_nothing_is_logged_as_taken(seen: Scene) -> None:
    node = seen.office.node
    seen.office.give(draft("secret", name="Marked"), handling=seen.office.handling(NL, codes=("H0", "H1")))
    everything = ChartState(everything=True)

    for form in ("ftm", "stix"):
        with pytest.raises(Invalid) as error:
            export_chart(node, seen.office.officer(NL), everything, form)  # type: ignore[arg-type]
        assert error.value.code == "handling_not_carried"
    assert seen.office.entries(NL)[0].act != "export"


def test_stix_of_what_it_can_carry(seen: Scene) -> None:
    made = export_chart(seen.office.node, seen.office.officer(NL), seen.state("ada"), "stix")

    kinds = [each["type"] for each in json.loads(made.content)["objects"]]
    assert kinds.count("relationship") == 2
    assert kinds.count("identity") == 3


def test_only_roles_that_may_export_do(seen: Scene) -> None:
    with pytest.raises(NotAllowed):
        export_chart(seen.office.node, seen.office.officer(NL, "front_line_officer"), seen.state("ada"), "csv")
    with pytest.raises(Invalid):
        export_chart(seen.office.node, seen.office.officer(NL), seen.state("ada"), "docx")  # type: ignore[arg-type]
