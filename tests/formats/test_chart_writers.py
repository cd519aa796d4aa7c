"""Writers of charts: what stands in the file, its handling with it, and what is refused as it cannot be carried."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from lxml import etree

from alidade.formats.chart import ChartFile, ChartThing, ChartTie, Said
from alidade.formats.chart_csv import COLUMNS, write_chart_csv
from alidade.formats.chart_svg import strength, write_chart_svg
from alidade.formats.chart_symbols import symbols_of
from alidade.formats.gexf import write_gexf
from alidade.formats.graphml import SPACE, write_graphml
from alidade.formats.stix import read_stix
from alidade.formats.stix_writer import not_carried, write_stix
from alidade.model.draft import Draft
from alidade.model.errors import Invalid
from alidade.model.evaluation import NOT_GIVEN, Evaluation
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.vocabulary import load_vocabulary

WORDS = load_vocabulary()
OPEN = Handling(owner=AuthorityId("nl-politie"), communities=("all",))
CLOSED = Handling(owner=AuthorityId("de-bka"), codes=("H0", "H3"), restriction="Ask <us> first & always.")
ADA, FIRM, LINK = "a" * 32, "f" * 32, "1" * 32


def _said(record: str, name: str, value: str, handling: Handling = OPEN, thing: str = "Person") -> Said:
    return Said(
        record=record, thing=thing, property=name, value=value, owner=handling.owner,
        evaluation=Evaluation(source="B", information="2"), handling=handling,
    )  # fmt: skip


def _chart(*, handling: Handling = OPEN, name: str = "Ada Lindqvist") -> ChartFile:
    return ChartFile(
        title="The ring & others",
        heading="RESTREINT UE/EU RESTRICTED",
        terms=("H0: Crime-fighting only (nl-politie)",),
        things=(
            ChartThing(key=ADA, thing="Person", label=name, kind="Person", x=10.0, y=20.0,
                       said=(_said(ADA, "name", name),)),
            ChartThing(key=FIRM, thing="Company", label="", kind="Company", x=200.0, y=-40.5,
                       said=(_said(FIRM, "country", "NL", handling, "Company"),)),
        ),
        ties=(
            ChartTie(key=LINK, kind="Directorship", label="directs", source=ADA, target=FIRM, directed=True,
                     evaluation=Evaluation(source="A", information="1"), valid_from="2025-03-01", valid_to="2025-09",
                     said=(_said(LINK, "director", ADA, handling, "Directorship"),)),
        ),
        made_at="2026-06-16T09:00:00+00:00",
    )  # fmt: skip


def test_graphml_holds_things_ties_and_every_handling() -> None:
    root = etree.fromstring(write_graphml(_chart(handling=CLOSED)))
    names = {"g": SPACE}

    nodes = root.findall(".//g:node", names)
    edge = root.find(".//g:edge", names)
    assert [node.get("id") for node in nodes] == [ADA, FIRM]
    assert (edge.get("source"), edge.get("target"), edge.get("directed")) == (ADA, FIRM, "true")
    texts = {element.get("key"): element.text for element in edge}
    assert texts["edge_evaluation"] == "A1"
    handlings = json.loads(root.find(".//g:graph/g:data[@key='graph_handlings']", names).text)
    (said,) = json.loads(texts["edge_statements"])
    assert handlings[said["handling"]]["restriction"] == CLOSED.restriction
    declared = {key.get("id") for key in root.findall("g:key", names)}
    assert {element.get("key") for element in root.iter(f"{{{SPACE}}}data")} <= declared


def test_gexf_holds_the_places_and_every_handling() -> None:
    root = etree.fromstring(write_gexf(_chart(handling=CLOSED)))
    names = {"g": "http://gexf.net/1.3", "v": "http://gexf.net/1.3/viz"}

    assert [each.get("y") for each in root.findall(".//v:position", names)] == ["-20.0", "40.5"]
    assert root.find(".//g:edge", names).get("type") == "directed"
    assert "Ask <us> first & always." in root.find(".//g:description", names).text


def test_csv_has_a_row_for_each_statement_and_runs_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(write_chart_csv(_chart(name="=cmd|' /C calc'!A0")).decode())))

    assert tuple(rows[0]) == COLUMNS
    assert [row["row"] for row in rows] == ["thing", "thing", "tie"]
    assert rows[0]["label"].startswith("'=")
    assert json.loads(rows[2]["handling"])["owner"] == "nl-politie"


@pytest.mark.parametrize("writer", [write_graphml, write_gexf])
def test_letters_that_xml_cannot_say_are_replaced(writer: object) -> None:
    content = writer(_chart(name="A\x00b\ufffec"))  # type: ignore[operator]

    assert etree.fromstring(content) is not None


def test_svg_is_the_same_for_the_same_chart_and_prints_its_terms() -> None:
    symbols = symbols_of(("Person", "Company"), WORDS)

    first, second = (write_chart_svg(_chart(), symbols) for _ in range(2))

    text = first.decode()
    assert first == second
    assert text.count("RESTREINT UE/EU RESTRICTED") == 2
    assert "H0: Crime-fighting only (nl-politie)" in text
    assert "directs A1" in text
    assert "<style" not in text
    assert "<script" not in text


def test_every_thing_has_a_symbol() -> None:
    found = symbols_of((*WORDS.things, "of tomorrow"), WORDS)

    assert all(path.startswith("M") for path in found.values())
    assert found["Passport"] == found["Identification"]


@pytest.mark.parametrize(
    ("grade", "firm"),
    [("A1", "strong"), ("A2", "good"), ("B1", "good"), ("C1", "weak"), ("A4", "open"), ("X1", "open")],
)
def test_a_line_is_as_firm_as_its_grade(grade: str, firm: str) -> None:
    assert strength(*grade) == firm
    assert strength(*grade, given=False) == "open"
    assert NOT_GIVEN.given is False


def test_stix_is_read_again_with_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "chart.json"
    path.write_bytes(write_stix(_chart()))

    bundle = json.loads(path.read_bytes())
    drafts = [each for each in read_stix(path, WORDS) if isinstance(each, Draft)]

    kinds = [each["type"] for each in bundle["objects"]]
    assert kinds == ["marking-definition", "marking-definition", "identity", "identity", "relationship"]
    known = {each["id"] for each in bundle["objects"]}
    for each in bundle["objects"][2:]:
        assert set(each["object_marking_refs"]) <= known
    assert {draft.thing for draft in drafts} >= {"Person"}
    assert any(claim.value == "Ada Lindqvist" for draft in drafts for claim in draft.claims)


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"codes": ("H0", "H1")}, "handling code H1"),
        ({"conditions": ("no_court",)}, "condition no_court"),
        ({"classification": "SECRET"}, "classification SECRET"),
        ({"excluded": (AuthorityId("ve-cicpc"),)}, "authorities that must learn nothing"),
        ({"case": "case-9"}, "a case that must be open"),
        ({"hit": "silent"}, "silent hits"),
    ],
)
def test_stix_is_refused_where_a_condition_would_be_lost(changes: dict[str, object], lost: str) -> None:
    import msgspec

    handling = msgspec.structs.replace(OPEN, **changes)

    assert not_carried(handling) == (lost,)
    with pytest.raises(Invalid, match=lost):
        write_stix(_chart(handling=handling))
