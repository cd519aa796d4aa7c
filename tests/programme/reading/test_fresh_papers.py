"""Fresh papers of each kind in four languages and four kinds of file, and replies by their kind, against keys.

All of them are invented: the forms and facts are those of public papers, the sentences are not. Each key was written
before the reader was run on its paper; the first-sight figures stand in docs/guides/reading-papers.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from alidade.programme.reading import Reading, read_paper
from alidade.programme.reading.states import states_in

sys.path.insert(0, str(Path(__file__).parent))
from fresh_papers import as_file, paper_scores
from scoring import Score

PROGRAMME = Path(__file__).resolve().parents[1]
FOLDER = PROGRAMME / "papers" / "fresh"
BATCHES = ("a", "b", "c")
NEEDED = {"references": 0.98, "dates": 0.98}
ASKED = {
    "en": "Recommendation 1 (a)\n\nGovernments should strengthen cooperation against maritime trafficking.",
    "fr": "Recommandation 1 a)\n\nLes gouvernements devraient renforcer la coopération contre le trafic maritime.",
    "es": "Recomendación 1 a)\n\nLos gobiernos deberían reforzar la cooperación contra el tráfico marítimo.",
    "pt": "Recomendação 1 a)\n\nOs governos deveriam reforçar a cooperação contra o tráfico marítimo.",
}


@pytest.fixture(scope="module")
def read() -> Callable[[str], Reading]:
    known: dict[str, Reading] = {}

    def reading_of(name: str) -> Reading:
        if name not in known:
            known[name] = read_paper(*as_file(name, (FOLDER / name).read_text(encoding="utf-8")))
        return known[name]

    return reading_of


@pytest.mark.parametrize("batch", BATCHES)
def test_fields_of_a_batch(batch: str, read: Callable[[str], Reading]) -> None:
    total: dict[str, Score] = {}
    keys = json.loads((PROGRAMME / "keys" / f"fresh_{batch}.json").read_text(encoding="utf-8"))
    for name, wanted in keys.items():
        for field, score in paper_scores(read(name), wanted).items():
            whole = total.setdefault(field, Score())
            whole.right += score.right
            whole.total += score.total
            whole.misses += [f"{name}: {miss}" for miss in score.misses]
    for field, score in total.items():
        assert score.share >= NEEDED.get(field, 0.95), f"{field}: {score}"


@pytest.mark.parametrize("batch", [*BATCHES, "d"])
@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_kinds_of_replies(batch: str, language: str) -> None:
    rows = [line.split("\t") for line in (FOLDER / f"kinds_{batch}.tsv").read_text(encoding="utf-8").splitlines()]
    replies = [(kind, text) for code, kind, text in rows if code == language]
    intro = "Note on recommendations\n\nI. Introduction\n\n1. This note was invented."
    paper = "\n\n".join([intro, ASKED[language], *(text for _, text in replies)])
    found = {answer.state: answer.kind for answer in read_paper(paper.encode(), "note.txt", language).answers}
    score = Score()
    for kind, text in replies:
        got = found.get(states_in(text)[0])
        score.point(got == kind, f"{kind}, read as {got}: {text}")
    assert score.share >= 0.95, score
