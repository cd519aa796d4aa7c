"""The European Union's list as CSV: the same drafts as from its XML form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest

from alidade.formats.eu_csv import is_eu_header, read_eu_csv
from alidade.formats.eu_xml import read_eu_xml
from alidade.model.draft import Draft, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures"
HEADER = "fileGenerationDate;Entity_LogicalId;Entity_SubjectType;NameAlias_WholeName;BirthDate_Year;Entity_Mood"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def parted(items: Iterable[Draft | Problem]) -> tuple[dict[str, Draft], list[Problem]]:
    found = list(items)
    return {item.key: item for item in found if isinstance(item, Draft)}, [
        item for item in found if isinstance(item, Problem)
    ]


def of(draft: Draft, name: str) -> list[str]:
    return [each.value for each in draft.claims if each.property == name]


def test_both_forms_of_the_list_give_the_same(vocabulary: Vocabulary) -> None:
    from_xml, _ = parted(read_eu_xml(FIXTURES / "eu_fsf.xml", vocabulary))
    from_csv, problems = parted(read_eu_csv(FIXTURES / "eu_fsf.csv", vocabulary))
    assert problems == []
    assert set(from_csv) == set(from_xml)
    for key, draft in from_xml.items():
        assert (from_csv[key].thing, set(from_csv[key].claims)) == (draft.thing, set(draft.claims)), key


def test_rows_of_one_entry_need_not_stand_together(vocabulary: Vocabulary) -> None:
    """The fixture has a row of its first entry further down."""
    text = (FIXTURES / "eu_fsf.csv").read_text(encoding="utf-8-sig")
    keys = [row["Entity_LogicalId"] for row in csv.DictReader(io.StringIO(text), delimiter=";")]
    first = [place for place, key in enumerate(keys) if key == "80001"]
    assert first[-1] - first[0] >= len(first)
    drafts, _ = parted(read_eu_csv(FIXTURES / "eu_fsf.csv", vocabulary))
    assert of(drafts["80001"], "alias") == ["Ерика Байшпил"]
    assert drafts["80001"].place is not None
    assert drafts["80001"].place.row == 2


def write(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "eu.csv"
    path.write_text("\ufeff" + "\r\n".join([HEADER, *rows]) + "\r\n", encoding="utf-8")
    return path


def test_columns_that_are_not_known_are_kept(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = write(tmp_path, "01/02/2026;1;P;A B;1970;odd", "01/02/2026;1;P;C D;;odd")
    drafts, (problem,) = parted(read_eu_csv(path, vocabulary))
    assert of(drafts["1"], "name") == ["A B"]
    assert of(drafts["1"], "alias") == ["C D"]
    assert of(drafts["1"], "birthDate") == ["1970"]
    assert "mood: odd" in of(drafts["1"], "notes")
    assert (problem.code, problem.field, problem.place.row) == ("element_unknown", "mood", 2)


def test_a_broken_row_is_named_and_its_entry_taken_without_it(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = write(tmp_path, "01/02/2026;1;P;A B;1970;", "01/02/2026;1;P;C D", "01/02/2026;2;E;Body;;", "x;;P;Nobody;;")
    drafts, problems = parted(read_eu_csv(path, vocabulary))
    assert list(drafts) == ["1", "2"]
    assert [(each.code, each.place.row, each.fatal) for each in problems] == [("columns", 3, True), ("key", 5, True)]
    assert all(each.raw for each in problems)


def test_a_cell_that_differs_between_rows_is_not_lost(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = write(tmp_path, "01/02/2026;1;P;A B;1970;glad", "01/02/2026;1;P;A B;1970;sad")
    drafts, _ = parted(read_eu_csv(path, vocabulary))
    assert {"mood: glad", "mood: sad"} <= set(of(drafts["1"], "notes"))


def test_another_table_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    path = tmp_path / "other.csv"
    path.write_text("Naal_wholename;Entity_id\nA;1\n", encoding="utf-8")
    with pytest.raises(Unreadable) as caught:
        read_eu_csv(path, vocabulary)
    assert caught.value.code == "wrong_list"
    assert not is_eu_header(("name", "born"))
    assert is_eu_header(HEADER.lower().split(";"))
