"""FollowTheMoney written: lossless for what was read from it, honest about the rest, and no handling left behind."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.formats.ftm import read_ftm
from alidade.formats.ftm_schemata import kept_note, note_label
from alidade.formats.ftm_writer import HANDLING_FIELD, FtmExport, statements_as_drafts, write_ftm
from alidade.model.draft import Claim, Draft
from alidade.model.errors import Invalid
from alidade.model.evaluation import NOT_GIVEN, Evaluation
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, HandlingId, RecordId, StatementId
from alidade.model.statement import Statement
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures" / "ftm"
JOINED = Handling(owner=AuthorityId("inv-police"), codes=("H0", "H2"))


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def read(path: Path) -> list[Draft]:
    return [item for item in read_ftm(path, vocabulary()) if isinstance(item, Draft)]


def said(drafts: list[Draft]) -> list[tuple[str, str, tuple[Claim, ...]]]:
    return [(draft.key, draft.thing, draft.claims) for draft in drafts]


@pytest.mark.parametrize("name", ["entities.jsonl", "nested.jsonl"])
def test_read_write_read(tmp_path: Path, name: str) -> None:
    drafts = read(FIXTURES / name)
    result = write_ftm(FtmExport(drafts=drafts, texts="original"), vocabulary())
    path = tmp_path / name
    path.write_text("\n".join(result.lines))
    assert said(read(path)) == said(drafts)
    assert result.losses == ()
    assert result.dataset is None


def test_what_comes_out_is_what_went_in() -> None:
    result = write_ftm(FtmExport(drafts=read(FIXTURES / "entities.jsonl"), texts="original"), vocabulary())
    given_ = [json.loads(line) for line in (FIXTURES / "entities.jsonl").read_text().splitlines()]
    given_[0]["properties"]["weight"] = ["72.50"]  # values are texts in FollowTheMoney
    assert [json.loads(line) for line in result.lines] == given_


texts = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20
) | st.sampled_from(["FollowTheMoney property x: y", "FollowTheMoney field id: 1", "FollowTheMoney schema: Page", "nl"])
names = st.sampled_from(["name", "notes", "birthDate", "country", "owner", "topics", "we ird", "subject", "title"])


@given(
    st.sampled_from(["Person", "Ownership", "ContractAward", "Page", "Company", "Similar"]),
    st.dictionaries(names, st.lists(texts | st.integers() | st.booleans(), max_size=4), max_size=5),
    st.dictionaries(st.sampled_from(["caption", "datasets", "x y", "é"]), texts | st.lists(texts, max_size=2)),
)
@settings(derandomize=True, max_examples=250, deadline=None)
def test_round_trip_of_anything(
    tmp_path_factory: pytest.TempPathFactory,
    schema: str,
    properties: dict[str, list[object]],
    fields: dict[str, object],
) -> None:
    folder = tmp_path_factory.getbasetemp()
    first, second = folder / "first.jsonl", folder / "second.jsonl"
    first.write_text(json.dumps({"id": "a", "schema": schema, "properties": properties, **fields}))
    drafts = read(first)
    result = write_ftm(FtmExport(drafts=drafts, texts="original"), vocabulary())
    second.write_text("\n".join(result.lines))
    assert said(read(second)) == said(drafts)
    assert result.losses == ()


@given(st.sampled_from(["property", "value", "field"]), st.text(min_size=1, max_size=30), st.text(max_size=30))
@settings(derandomize=True, max_examples=200)
def test_notes_keep_any_name(kind: str, name: str, text: str) -> None:
    if kind in ("property", "value", "field"):
        found = kept_note(f"{note_label(kind, name)}: {text}")  # type: ignore[arg-type]
        assert found is not None
        assert (found.kind, found.name, found.text) == (kind, name, text)


def test_only_what_the_format_has_and_a_report_of_the_rest() -> None:
    drafts = [
        Draft(
            key="car",
            thing="Vehicle",
            claims=(
                Claim(property="registrationNumber", value="12AB34", evaluation="B2"),
                Claim(property="vin", value="1HGCM82633A004352"),
                Claim(property="buildDate", value="~1999"),
                Claim(property="country", value="NL", original="The Netherlands", language="en"),
                Claim(property="sourceUrl", value="example.org", original="https://example.org"),
            ),
        ),
        Draft(key="tel", thing="Phone", claims=(Claim(property="number", value="+31 6 12345678"),)),
        Draft(
            key="net",
            thing="CriminalNetwork",
            claims=(
                Claim(property="name", value="The Quay", valid_from="2020"),
                Claim(property="proof", value="tel", refers=True),
            ),
        ),
    ]
    result = write_ftm(FtmExport(drafts=drafts), vocabulary())
    car, net = (json.loads(line) for line in result.lines)
    assert car["properties"] == {
        "registrationNumber": ["12AB34"],
        "country": ["nl"],
        "sourceUrl": ["https://example.org"],
    }
    assert (net["schema"], net["properties"]) == ("Organization", {"name": ["The Quay"]})
    assert [(loss.key, loss.property, loss.code) for loss in result.losses] == [
        ("car", "registrationNumber", "evaluation"),
        ("car", "vin", "property"),
        ("car", "buildDate", "date"),
        ("car", "country", "language"),
        ("tel", "", "thing"),
        ("net", "", "thing_nearest"),
        ("net", "name", "validity"),
        ("net", "proof", "reference"),
    ]


@pytest.mark.parametrize(
    "export",
    [
        FtmExport(drafts=[Draft(key="a", thing="Person", claims=(), handling="TLP:RED")]),
        FtmExport(drafts=[Draft(key="a", thing="Person", claims=(Claim(property="name", value="A", handling="x"),))]),
        FtmExport(drafts=[], handlings=frozenset({"0a"})),
    ],
)
def test_refuses_to_leave_a_handling_behind(export: FtmExport) -> None:
    with pytest.raises(Invalid) as error:
        write_ftm(export, vocabulary())
    assert error.value.code == "handling_not_carried"


def test_the_join_travels_with_the_dataset() -> None:
    draft = Draft(key="a", thing="Person", claims=(Claim(property="name", value="A", handling="x"),), handling="y")
    result = write_ftm(FtmExport(drafts=[draft], joined=JOINED, dataset="inv"), vocabulary())
    assert result.dataset is not None
    assert json.loads(result.dataset)[HANDLING_FIELD]["codes"] == ["H0", "H2"]
    assert json.loads(result.lines[0])["datasets"] == ["inv"]
    assert [loss.code for loss in result.losses] == ["handling", "handling"]
    with pytest.raises(Invalid) as error:
        write_ftm(FtmExport(drafts=[draft], joined=JOINED), vocabulary())
    assert error.value.code == "dataset_missing"


def test_statements_come_together_by_record() -> None:
    def statement(name: str, value: str, evaluation: Evaluation) -> Statement:
        return Statement(
            id=StatementId(name),
            record=RecordId("r1"),
            thing="Ownership",
            property=name,
            value=value,
            evaluation=evaluation,
            handling=HandlingId("h1"),
            salt=b"0" * 16,
        )

    drafts = statements_as_drafts(
        [
            statement("owner", "r2", NOT_GIVEN),
            statement("role", "x", Evaluation("B", "3", scheme="admiralty", original="B2")),
        ],
        vocabulary(),
    )
    (draft,) = drafts
    assert draft.key == "r1"
    assert draft.claims == (
        Claim(property="owner", value="r2", handling="h1", refers=True),
        Claim(property="role", value="x", handling="h1", evaluation="B2"),
    )
    with pytest.raises(Invalid):
        write_ftm(FtmExport(drafts=drafts), vocabulary())
