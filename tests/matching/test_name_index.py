"""The index finds what agrees, whatever the order of reading, and shows a viewer neither more nor less than is his."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.matching import Hit, IndexFileError, NameIndex, compare_names, words
from alidade.matching.folding import fold
from alidade.matching.index.bound_kernel import ANY_WEIGHT, weight_bits
from alidade.matching.index.keeping import FORMAT
from alidade.matching.name_weights import NAME_WEIGHTS

GIVEN = ("Maria", "José", "John", "Jon", "Ahmed", "Ahmad", "Ivan", "Anna", "Annamaria", "Li", "Muhammad", "Kim", "J.")
FAMILY = ("García", "Garcia Lopez", "Smith", "Smyth", "Kowalski", "Kowalska", "Иванов", "Ivanov", "al-Masri", "O'Brien",
          "van den Berg", "Vandenberg", "Nguyen", "محمد", "Ozols", "Šķēle", "Müller", "Mueller")  # fmt: skip
FIRMS = ("Delta", "Orion", "Acme", "Northwind", "Blue Star", "Bluestar")
FORMS = ("Ltd", "Limited", "LLC", "GmbH", "S.A.", "Trading Co", "")


def _names(count: int, seed: int) -> tuple[list[str], list[str]]:
    chance = random.Random(seed)
    names, kinds = [], []
    for _ in range(count):
        if chance.random() < 0.75:
            middle = chance.choice(GIVEN) if chance.random() < 0.4 else ""
            names.append(f"{chance.choice(GIVEN)} {middle} {chance.choice(FAMILY)}")
            kinds.append("person")
        else:
            names.append(f"{chance.choice(FIRMS)} {chance.choice(FIRMS)} {chance.choice(FORMS)}")
            kinds.append("organisation")
    return names, kinds


NAMES, KINDS = _names(1500, 1)
HANDLINGS = [place % 7 for place in range(len(NAMES))]
INDEX = NameIndex.build(NAMES, KINDS)
GUARDED = NameIndex.build(NAMES, KINDS, HANDLINGS)
QUESTIONS = ("John Smith", "Maria García Lopez", "anna maria kowalska", "Ivan Ivanow", "J Smith", "Smith", "Garcia",
             "bluestar delta limited", "mohamed al masri", "vandenberg", "van den berg jon", "Acme", "Ltd", "李", "",
             "Jon Smyht Kowalsky", "müller-garcia")  # fmt: skip


def _pairs(hits: list[Hit]) -> list[tuple[int, float]]:
    return [(hit.row, hit.score) for hit in hits]


@pytest.mark.parametrize("question", QUESTIONS)
def test_bounds_leave_out_nothing_that_reaches_the_floor(question: str) -> None:
    wide = NameIndex.build(NAMES, KINDS)
    wide.floor = 0.001
    everything = [pair for pair in _pairs(wide.search(question, limit=len(NAMES))) if pair[1] >= INDEX.floor]
    assert _pairs(INDEX.search(question, limit=len(NAMES))) == everything
    assert _pairs(INDEX.search(question, limit=5)) == everything[:5]
    assert _pairs(INDEX.search(question, limit=1)) == everything[:1]


#: Words twice in one name, names of many words, single letters: what marks of units must not get wrong.
ODD_NAMES = [
    *NAMES[:400],
    *(f"{first} {first} {last}" for first in GIVEN for last in FAMILY),
    *(f"{last} {last}" for last in FAMILY),
    *(" ".join((*GIVEN[at:], *FAMILY[:at])) for at in range(len(GIVEN))),
    *("J J Smith", "M G", "J", "Maria M Garcia Garcia M", "Anna Maria Annamaria", "Blue Star Bluestar Blue Star"),
]
ODD = NameIndex.build(ODD_NAMES)
WIDE = NameIndex.build(ODD_NAMES)
WIDE.floor = 0.001


@given(
    asked=st.lists(st.sampled_from([*GIVEN, *FAMILY, *FIRMS, "M", "Marya", "Smiht", "Annam Aria"]), max_size=13),
    limit=st.integers(1, 60),
)
@settings(max_examples=200, deadline=None)
def test_bounds_leave_out_nothing_whatever_is_asked(asked: list[str], limit: int) -> None:
    question = " ".join(asked)
    everything = [pair for pair in _pairs(WIDE.search(question, limit=len(ODD_NAMES))) if pair[1] >= ODD.floor]
    assert _pairs(ODD.search(question, limit=limit)) == everything[:limit]


def test_units_are_found_in_whatever_block_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alidade.matching.index.name_index._BLOCK", 16)
    parted = NameIndex.build(ODD_NAMES)
    for question in QUESTIONS:
        assert _pairs(parted.search(question, limit=70)) == _pairs(ODD.search(question, limit=70))


def test_no_word_weighs_more_than_its_part_of_a_mark_holds() -> None:
    heaviest = max(NAME_WEIGHTS.weight.values()) * max(*NAME_WEIGHTS.rarity, NAME_WEIGHTS.unknown)
    assert heaviest <= 1.3
    # The longest name, each word counted with a partner it is written together with.
    assert words.MOST_WORDS * weight_bits(2 * 1.3) <= ANY_WEIGHT


@given(allowed=st.frozensets(st.integers(0, 8)), question=st.sampled_from(QUESTIONS), limit=st.integers(1, 30))
@settings(max_examples=80, deadline=None)
def test_rights_within_the_search_are_a_filter_of_a_search_without_end(
    allowed: frozenset[int], question: str, limit: int
) -> None:
    everything = _pairs(INDEX.search(question, limit=len(NAMES)))
    mine = [pair for pair in everything if HANDLINGS[pair[0]] in allowed]
    assert _pairs(GUARDED.search(question, limit=limit, allowed=allowed)) == mine[:limit]
    assert _pairs(GUARDED.search(question, limit=limit, allowed=set(allowed))) == mine[:limit]


@given(name=st.text(st.sampled_from("abcdeimnoprst äé'-."), min_size=1, max_size=24), place=st.integers(0, 1499))
@settings(max_examples=60, deadline=None)
def test_a_further_row_changes_the_score_of_no_other(name: str, place: int) -> None:
    question = NAMES[place]
    before = _pairs(INDEX.search(question, limit=len(NAMES)))
    grown = NameIndex.build([*NAMES, name], [*KINDS, "person"])
    after = [pair for pair in _pairs(grown.search(question, limit=len(NAMES) + 1)) if pair[0] < len(NAMES)]
    assert after == before


@given(place=st.integers(0, 1499))
@settings(max_examples=60, deadline=None)
def test_a_question_equal_to_an_entry_finds_it_first(place: int) -> None:
    hits = INDEX.search(NAMES[place], limit=len(NAMES))
    assert hits[0].score == 1.0
    assert place in {hit.row for hit in hits if hit.score == 1.0}


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_question_and_the_answer_is_the_same_each_time(question: str) -> None:
    first = _pairs(INDEX.search(question))
    assert first == _pairs(INDEX.search(question))
    assert first == sorted(first, key=lambda pair: (-pair[1], pair[0]))
    assert all(INDEX.floor <= score <= 1.0 for _, score in first)


def test_a_search_of_an_index_with_handlings_must_say_whose() -> None:
    with pytest.raises(ValueError, match="may see"):
        GUARDED.search("John Smith")
    assert GUARDED.search("John Smith", allowed=()) == []
    with pytest.raises(ValueError, match="at least one"):
        INDEX.search("John Smith", limit=0)
    with pytest.raises(ValueError, match="one length"):
        NameIndex.build(["a"], ["person", "person"])
    with pytest.raises(ValueError, match="needs one"):
        GUARDED.add("John Smith", "person")


def test_many_questions_are_answered_as_each_alone() -> None:
    asked = [*QUESTIONS, *NAMES[:50]]
    alone = [_pairs(INDEX.search(question)) for question in asked]
    for threads in (1, 2, 3):
        assert [_pairs(hits) for hits in INDEX.search_many(asked, threads=threads)] == alone


def test_a_name_is_found_when_added_and_not_when_removed() -> None:
    index = NameIndex.build(NAMES, KINDS, HANDLINGS)
    row = index.add("Wilhelmina Oosterhuis", "person", 3)
    assert row == len(NAMES)
    assert [hit.row for hit in index.search("Oosterhuis Wilhelmina", allowed={3})] == [row]
    assert index.search("Oosterhuis Wilhelmina", allowed={4}) == []
    index.remove(row)
    assert index.search("Oosterhuis Wilhelmina", allowed={3}) == []
    for gone in (row, row + 5, -1):
        with pytest.raises(KeyError):
            index.remove(gone)
    assert len(index) == len(NAMES)


def test_what_is_added_one_by_one_is_found_as_what_is_built_at_once() -> None:
    grown = NameIndex.build(NAMES[:100], KINDS[:100])
    for name, kind in zip(NAMES[100:900], KINDS[100:900], strict=True):
        grown.add(name, kind)
        if len(grown) % 97 == 0:
            grown.search("John Smith")
    at_once = NameIndex.build(NAMES[:900], KINDS[:900])
    for row in (5, 300, 899):
        grown.remove(row)
        at_once.remove(row)
    for question in QUESTIONS:
        assert _pairs(grown.search(question, limit=40)) == _pairs(at_once.search(question, limit=40))


def test_a_saved_index_answers_alike_without_what_was_removed(tmp_path: Path) -> None:
    index = NameIndex.build([*NAMES, "Wilhelmina Oosterhuis"], [*KINDS, "person"], [*HANDLINGS, 1])
    index.remove(len(NAMES))
    path = tmp_path / "names"
    index.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"oosterhuis" not in path.read_bytes()
    opened = NameIndex.open(path)
    for question in QUESTIONS:
        assert _pairs(opened.search(question, allowed={1, 2})) == _pairs(index.search(question, allowed={1, 2}))
    assert opened.add("Jan Jansen", "person", 1) == len(NAMES) + 1
    assert _pairs(opened.search("Jan Jansen", allowed={1}))[0] == (len(NAMES) + 1, 1.0)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names"
    INDEX.save(path)
    whole = path.read_bytes()
    earlier = whole.replace(f'"format":{FORMAT}'.encode(), f'"format":{FORMAT - 1}'.encode(), 1)
    longer = (earlier, whole + b"x", b"x" + whole[1:], whole[:30] + b"x" + whole[31:])
    for bad in (b"", whole[:10], whole[:200], whole[:-5], *longer):
        path.write_bytes(bad)
        with pytest.raises(IndexFileError):
            NameIndex.open(path)


def test_a_kind_narrows_and_an_explanation_says_why() -> None:
    index = NameIndex.build(["Delta Smith", "Delta Smith Ltd"], ["Person", "Company"])
    assert [hit.row for hit in index.search("delta smith", kind="person")] == [0]
    assert [hit.row for hit in index.search("delta smith", kind="Company")] == [1]
    parts = index.search("delta smyth", kind="person")[0].explanation
    assert [(part.left, part.right) for part in parts] == [("delta", "delta"), ("smyth", "smith")]
    assert parts[0].rule == "equal"


def test_kinds_that_are_not_given_are_told_by_the_words() -> None:
    index = NameIndex.build(["Ivan Petrov", "Petrov Trading LLC", "MV Petrov Star"])
    assert [hit.row for hit in index.search("ivan petrov", kind="person")] == [0]
    assert [hit.row for hit in index.search("petrov trading", kind="organisation")] == [1]
    assert [hit.row for hit in index.search("petrov star", kind="vessel")] == [2]


def test_generic_words_alone_lead_nowhere() -> None:
    index = NameIndex.build([f"{word} Corp" for word in ("Acme", "Delta", "Orion")], ["Company"] * 3)
    assert index.search("CORP") == []
    assert index.search("the trading company ltd") == []


def test_an_empty_index_answers_nothing() -> None:
    index = NameIndex.build([])
    assert index.search("John Smith") == []
    index.add("John Smith")
    assert [hit.row for hit in index.search("John Smith")] == [0]
    assert NameIndex.build(["...", ""]).search("...") == []


def test_a_search_that_runs_out_of_room_starts_anew_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alidade.matching.index.name_index._ROOM", 1)
    narrow = NameIndex.build(NAMES, KINDS)
    for question in QUESTIONS:
        assert _pairs(narrow.search(question, limit=40)) == _pairs(INDEX.search(question, limit=40))


def test_of_a_text_longer_than_any_name_only_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def folded(text: str) -> str:
        read.append(len(text))
        return fold(text)

    monkeypatch.setattr(words, "fold", folded)
    index = NameIndex.build(["Jan Vermeulen", "Piet Hein"])
    for beginning in ("Jan Vermeulen ", "Jan Vermeulen " + "x" * 2_000 + " "):
        text = beginning + "Hein " * 200_000
        short = text[: words.MOST_CHARACTERS]
        assert [hit.row for hit in index.search(text)] == [hit.row for hit in index.search(short)]
        assert compare_names(text, "Jan Vermeulen") == compare_names(short, "Jan Vermeulen")
    assert max(read) <= words.MOST_CHARACTERS + 1
