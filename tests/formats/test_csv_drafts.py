"""Drafts from lists: values, problems, and the way of a mended row back."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from alidade.formats.csv_drafts import read_drafts
from alidade.formats.mapping import Column, Constant, Mapping
from alidade.formats.rejects import RejectWriter, erase_rows
from alidade.formats.table import open_table
from alidade.model.draft import Draft, Problem
from alidade.model.errors import Invalid
from alidade.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


MAPPING = Mapping(
    thing="Person",
    keys=("ref",),
    columns=(
        Column(column="first", property="firstName"),
        Column(column="last", property="lastName"),
        Column(column="born", property="birthDate"),
        Column(column="nat", property="nationality", separator=";"),
        Column(column="sex", property="gender", values={"M": "male", "F": "female"}),
        Column(column="tel", property="phone", country_column="nat"),
        Column(column="mail", property="email"),
    ),
    evaluation_column="grade",
)
HEADER = "ref,first,last,born,nat,sex,tel,mail,grade\n"


def run(path: Path, mapping: Mapping, vocabulary: Vocabulary) -> tuple[list[Draft], list[Problem]]:
    items = list(read_drafts(path, mapping, vocabulary))
    return [i for i in items if isinstance(i, Draft)], [i for i in items if isinstance(i, Problem)]


def write(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def values(draft: Draft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for claim in draft.claims:
        found.setdefault(claim.property, []).append(claim.value)
    return found


def test_a_good_row(tmp_path: Path, vocabulary: Vocabulary) -> None:
    row = "A-1,Anna,Fictional,31.12.1990,Netherlands,F,06 12345678,Anna@Example.ORG,B2\n"
    drafts, problems = run(write(tmp_path, HEADER + row), MAPPING, vocabulary)
    assert not problems
    (draft,) = drafts
    assert (draft.key, draft.thing) == ("A-1", "Person")
    assert values(draft) == {
        "name": ["Anna Fictional"],
        "firstName": ["Anna"],
        "lastName": ["Fictional"],
        "birthDate": ["1990-12-31"],
        "nationality": ["NL"],
        "gender": ["female"],
        "phone": ["+31 6 12345678"],
        "email": ["anna@example.org"],
    }
    assert {claim.evaluation for claim in draft.claims} == {"B2"}
    by_name = {claim.property: claim for claim in draft.claims}
    assert by_name["birthDate"].original == "31.12.1990"
    assert by_name["gender"].original == "F"
    assert by_name["firstName"].original is None
    assert draft.place is not None
    assert draft.place.row == 2


def test_bad_optional_values_keep_the_row_and_carry_it(tmp_path: Path, vocabulary: Vocabulary) -> None:
    row = "A-1,Anna,Fictional,31.13.1990,Nowhereland,Q,call me,no mail,Z9\n"
    drafts, problems = run(write(tmp_path, HEADER + row), MAPPING, vocabulary)
    assert set(values(drafts[0])) == {"name", "firstName", "lastName"}
    assert {(p.field, p.code) for p in problems} == {
        ("grade", "evaluation_unknown"),
        ("born", "date"),
        ("nat", "country"),
        ("sex", "code"),
        ("tel", "phone_alphabet"),
        ("mail", "email_form"),
    }
    assert not any(p.fatal for p in problems)
    assert all(p.raw["ref"] == "A-1" for p in problems)
    assert not any("31.13" in p.reason or "Nowhere" in p.reason for p in problems)


def test_a_row_without_name_and_identifier_is_rejected(tmp_path: Path, vocabulary: Vocabulary) -> None:
    drafts, problems = run(write(tmp_path, HEADER + "A-1,,,1990,,,,,\n"), MAPPING, vocabulary)
    assert not drafts
    assert [(p.code, p.fatal) for p in problems] == [("name_missing", True)]


def test_an_identifier_is_enough(tmp_path: Path, vocabulary: Vocabulary) -> None:
    drafts, _ = run(write(tmp_path, HEADER + "A-1,,,,,,+31612345678,,\n"), MAPPING, vocabulary)
    assert values(drafts[0]) == {"phone": ["+31 6 12345678"]}


def test_lists_in_cells_and_constants(tmp_path: Path, vocabulary: Vocabulary) -> None:
    mapping = Mapping(
        thing="Person",
        columns=(
            Column(column="name", property="name"),
            Column(column="n", property="nationality", separator="/"),
        ),
        constants=(Constant(property="topics", value="wanted"),),
        language="fr",
    )
    drafts, _ = run(write(tmp_path, "name,n\nAnna,Belgique/France\n"), mapping, vocabulary)
    assert values(drafts[0])["nationality"] == ["BE", "FR"]
    assert values(drafts[0])["topics"] == ["wanted"]
    assert {claim.language for claim in drafts[0].claims} == {"fr"}


def test_month_first_only_where_the_mapping_says_so(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = write(tmp_path, "name,b\nAnna,03/04/1990\nBob,31/12/1990\n")
    columns = (
        Column(column="name", property="name"),
        Column(column="b", property="birthDate", order="month_first"),
    )
    drafts, problems = run(path, Mapping(thing="Person", columns=columns), vocabulary)
    assert values(drafts[0])["birthDate"] == ["1990-03-04"]
    assert [(p.place.row, p.code) for p in problems] == [(3, "date")]


def test_the_type_comes_from_a_column_in_any_language(tmp_path: Path, vocabulary: Vocabulary) -> None:
    mapping = Mapping(thing_column="t", columns=(Column(column="name", property="name"),))
    label = vocabulary.label("things", "Vessel", "es")
    path = write(tmp_path, f"t,name\nPerson,Anna\n{label},Boat\nUnheard,X\n")
    drafts, problems = run(path, mapping, vocabulary)
    assert [draft.thing for draft in drafts] == ["Person", "Vessel"]
    assert [(p.place.row, p.code, p.fatal) for p in problems] == [(4, "thing_unknown", True)]


def test_links_need_both_ends(tmp_path: Path, vocabulary: Vocabulary) -> None:
    columns = (Column(column="a", property="subject"), Column(column="b", property="object"))
    mapping = Mapping(thing="UnknownLink", columns=columns)
    drafts, problems = run(write(tmp_path, "a,b\nA-1,A-2\nA-1,\n"), mapping, vocabulary)
    assert [(claim.value, claim.refers) for claim in drafts[0].claims] == [("A-1", True), ("A-2", True)]
    assert [p.code for p in problems] == ["end_missing"]


def test_keys_from_content_do_not_depend_on_the_order_of_columns(tmp_path: Path, vocabulary: Vocabulary) -> None:
    mapping = Mapping(thing="Person", columns=(Column(column="name", property="name"),))
    one, _ = run(write(tmp_path, "name,x\nAnna,1\nAnna,2\n", "1.csv"), mapping, vocabulary)
    two, _ = run(write(tmp_path, "x,name\n2,Anna\n", "2.csv"), mapping, vocabulary)
    assert one[0].key != one[1].key
    assert one[1].key == two[0].key


def test_a_key_twice_is_told(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = write(tmp_path, HEADER + "A-1,Anna,X,,,,,,\nA-1,Anna,X,,,,,,\n")
    drafts, problems = run(path, MAPPING, vocabulary)
    assert len(drafts) == 2
    assert [(p.code, p.fatal) for p in problems] == [("key_twice", False)]


@pytest.mark.parametrize(
    "mapping",
    [
        Mapping(thing="Person", columns=(Column(column="nope", property="name"),)),
        Mapping(thing="Person", columns=(Column(column="name", property="imoNumber"),)),
        Mapping(thing="Dragon", columns=(Column(column="name", property="name"),)),
        Mapping(columns=(Column(column="name", property="name"),)),
        Mapping(thing="Person", evaluation_scheme="stars", columns=(Column(column="name", property="name"),)),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_at_once(
    tmp_path: Path, vocabulary: Vocabulary, mapping: Mapping
) -> None:
    with pytest.raises(Invalid):
        read_drafts(write(tmp_path, "name,b\nAnna,1\n"), mapping, vocabulary)


def test_mended_rejects_come_back(tmp_path: Path, vocabulary: Vocabulary) -> None:
    good = "A-1,Anna,Fictional,1990,,,,,\n"
    bad = 'A-2,=Bob,Invented,31.13.1990,,,,no mail,\nA-3,,,,,,,,\n"A-4,open,1\n'
    path = write(tmp_path, HEADER + good + bad + good.replace("A-1", "A-5"))
    drafts, problems = run(path, MAPPING, vocabulary)
    assert [draft.key for draft in drafts] == ["A-1", "A-2", "A-5"]
    rejects = tmp_path / "rejects.csv"
    with RejectWriter(rejects, open_table(path).header) as writer:
        for problem in problems:
            writer.write(problem)
    assert writer.count == 3
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*")) == []
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert lines[0] == [*HEADER.strip().split(","), "alidade_row", "alidade_problem", "alidade_text"]
    assert [line[9] for line in lines[1:]] == ["3", "4", "5"]
    assert lines[1][1] == "'=Bob"
    assert "born" in lines[1][10]
    assert "mail" in lines[1][10]
    assert lines[3][11] == '"A-4,open,1'

    again, still = run(rejects, MAPPING, vocabulary)
    assert [draft.key for draft in again] == ["A-2"]
    assert {p.code for p in still if p.fatal} == {"name_missing", "not_mended"}

    lines[1][3], lines[1][7] = "31.12.1990", "bob@example.org"
    lines[2][1] = "Carl"
    lines[3][:2] = ["A-4", "Dora"]
    with rejects.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(lines)
    mended, left = run(rejects, MAPPING, vocabulary)
    assert [draft.key for draft in mended] == ["A-2", "A-3", "A-4"]
    assert values(mended[0])["firstName"] == ["=Bob"]
    assert values(mended[0])["birthDate"] == ["1990-12-31"]
    assert not [p for p in left if p.raw]


def test_rejects_of_rejects_keep_the_columns(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = write(tmp_path, HEADER + '"A-4,open,1\nA-3,,,,,,,,\n')
    for name in ("one.csv", "two.csv"):
        _, problems = run(path, MAPPING, vocabulary)
        header = open_table(path).header
        path = tmp_path / name
        with RejectWriter(path, header) as writer:
            for problem in problems:
                writer.write(problem)
    lines = (tmp_path / "two.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[0].count("alidade_row") == 1
    assert '"""A-4,open,1"' in lines[1]


def test_no_reject_file_without_rejects_and_none_after_an_error(tmp_path: Path) -> None:
    with RejectWriter(tmp_path / "r.csv", ("a",)):
        pass
    with pytest.raises(RuntimeError), RejectWriter(tmp_path / "r.csv", ("a",)):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_rows_are_erased_from_a_reject_file(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = write(tmp_path, HEADER + "A-1,=Anna,X,bad,,,,,\nA-2,Bob,Y,bad,,,,,\nA-3,Carl,Z,bad,,,,,\n")
    _, problems = run(path, MAPPING, vocabulary)
    rejects = tmp_path / "r.csv"
    with RejectWriter(rejects, open_table(path).header) as writer:
        for problem in problems:
            writer.write(problem)
    before, _ = run(rejects, MAPPING, vocabulary)
    assert erase_rows(rejects, lambda row: row["ref"] == "A-2") == 1
    assert b"Bob" not in rejects.read_bytes()
    assert stat.S_IMODE(rejects.stat().st_mode) == 0o600
    after, _ = run(rejects, MAPPING, vocabulary)
    assert [draft.claims for draft in after] == [before[0].claims, before[2].claims]
    with pytest.raises(Invalid):
        erase_rows(path, lambda row: True)
