"""Two databases that agree on what a viewer may learn cannot be told apart by him: not by a byte, not by the work."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from laboratory import PAIRS, Laboratory, agree, fewer, report

from databases import ACTIVE

CHUNKS = 8
FAMILIES = 25  # in each chunk
FULL_CHUNKS = 40
FULL_FAMILIES = 250  # 40 x 250 x 10 = 100,000 pairs


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Laboratory(tmp_path_factory.mktemp("node"), monkeypatch)
        yield made
        made.close()


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_agreeing_databases_cannot_be_told_apart(laboratory: Laboratory, chunk: int) -> None:
    families = fewer(FAMILIES)
    assert agree(laboratory, range(chunk * FAMILIES, chunk * FAMILIES + families)) == families * PAIRS


@pytest.mark.full
@pytest.mark.parametrize("chunk", range(FULL_CHUNKS))
def test_nor_in_a_hundred_thousand_pairs(laboratory: Laboratory, chunk: int) -> None:
    start, families = 1_000_000 + chunk * FULL_FAMILIES, fewer(FULL_FAMILIES)
    assert agree(laboratory, range(start, start + families)) == families * PAIRS


def test_what_is_hidden_and_what_is_absent_answer_alike(laboratory: Laboratory) -> None:
    compared = 0
    for seed in range(500_000, 500_000 + max(fewer(30), 8)):
        family = laboratory.family(seed, 2)
        seen, _ = laboratory.run(family, family.sides[0], "0")
        answers = {each.read: (each.text, each.work) for each in seen}
        hidden = {line.record for line in family.sides[0].lines} - {line.record for line in family.visible.lines}
        for read in answers:
            act, _, label = read.rpartition(" ")
            if label in hidden and f"{act} absent" in answers:
                assert answers[read] == answers[f"{act} absent"], read
                compared += 1
    assert compared >= (25 if ACTIVE else 100)


def test_the_worlds_hold_something_of_everything(laboratory: Laboratory) -> None:
    """The test would be empty if nobody saw anything, or if nothing were hidden."""
    found: Counter[str] = Counter()
    for seed in range(40):
        family = laboratory.family(seed, 2)
        seen, _ = laboratory.run(family, family.sides[0], "0")
        for each in seen:
            answer = json.loads(each.text)
            if each.read.startswith("check"):
                found["hits"] += isinstance(answer, dict) and bool(answer["hits"])
                found["verdicts"] += isinstance(answer, dict) and any(hit["verdict"] for hit in answer["hits"])
                found["hits without content"] += isinstance(answer, dict) and bool(answer["without_content"])
                found["no hits"] += isinstance(answer, dict) and not answer["hits"] and not answer["without_content"]
                found["questions refused"] += isinstance(answer, list)
            found["joined"] += each.read.startswith("show") and isinstance(answer, dict) and len(answer["records"]) > 1
            found["refused"] += each.read.startswith("show") and isinstance(answer, list)
            found["notices"] += each.read == "notices" and bool(answer)
            found["suggestions"] += each.read.startswith("suggest") and bool(answer)
            found["exported"] += each.read == "export" and answer["rows"] > 0
        found["hidden"] += bool(family.sides[0].lines)
        found["hidden beside"] += bool(
            {line.record for line in family.sides[0].lines} & {line.record for line in family.visible.lines}
        )
        found["withdrawn"] += any(not line.current for line in family.sides[0].lines)
        found["hidden rulings"] += bool(family.sides[0].rulings)
    few = {what: count for what, count in found.items() if count < 3}
    assert len(found) == 14
    assert not few


@pytest.mark.sqlite_only("past the authorizer")
def test_a_failure_is_made_small(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    from alidade.store.reading import ReaderView

    monkeypatch.setattr("alidade.store.guard._authorizer", lambda views: lambda *action: 0)
    monkeypatch.setattr(ReaderView, "count", lambda view: view._tx.rows("select count(*) from statement", [])[0][0])
    pair, found = next(
        (pair, difference)
        for seed in range(10)
        for pair, difference in laboratory.pairs(laboratory.family(seed, 2))
        if difference is not None and len(pair.sides[0].lines) > 3
    )
    small = laboratory.shrink(pair)
    assert len(small.visible.lines) == 1
    assert sorted(len(side.lines) for side in small.sides) == [0, 1]
    assert "the text differs" in report(laboratory, small, found)
