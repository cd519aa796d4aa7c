"""Invented papers of each kind in four languages, with their own wording, against keys written together with them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alidade.programme.reading import Reading

sys.path.insert(0, str(Path(__file__).parent))
from scoring import Score, answers_score, measures_score

Invented = Callable[[str], Reading]
Key = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(
    "name", ["note_en.txt", "note_en_inline.txt", "note_es.md", "note_es_states.md", "note_fr.txt", "note_pt.html"]
)
def test_follow_up_note(name: str, invented: Invented, key: Key) -> None:
    wanted = key("invented_notes")[name]
    reading = invented(name)
    answered, kinds = answers_score(reading, wanted["answers"])
    assert answered.share == 1, answered
    assert kinds.share >= 0.95, kinds
    instrument = reading.instrument
    assert (instrument.kind, instrument.number, instrument.date, instrument.language) == (
        "follow_up_note", wanted["number"], wanted["date"], wanted["language"],
    )  # fmt: skip
    assert len(reading.states) == wanted["states"]


@pytest.mark.parametrize(
    "name",
    [
        "report_en.txt",
        "report_es.md",
        "report_fr_sections.txt",
        "package_en.txt",
        "package_en_contents.txt",
        "package_es.txt",
        "package_pt.md",
        "report_pt.md",
    ],
)
def test_report_or_package(name: str, invented: Invented, key: Key) -> None:
    wanted = key("invented_papers")[name]
    reading = invented(name)
    instrument = reading.instrument
    assert [getattr(instrument, part) for part in ("kind", "number", "date", "language")] == [
        wanted[part] for part in ("kind", "number", "date", "language")
    ]
    assert list(instrument.predecessors) == wanted["predecessors"]
    assert list(instrument.markings) == wanted["markings"]
    for point, score in measures_score(reading, wanted["measures"]).items():
        assert score.share >= 0.95, f"{point}: {score}"


@pytest.mark.parametrize(
    "name",
    [
        "declaration_en.txt",
        "declaration_es.txt",
        "declaration_pt.txt",
        "declaration_fr.md",
        "declaration_en_prose.md",
        "declaration_fr_engage.txt",
    ],
)
def test_declaration(name: str, invented: Invented, key: Key) -> None:
    wanted = key("invented_papers")[name]
    reading = invented(name)
    assert (reading.instrument.kind, reading.instrument.date) == ("declaration", wanted["date"])
    operative = [clause.force for clause in reading.clauses if clause.force != "preamble"]
    assert operative == wanted["forces"]
    assert len(reading.clauses) - len(operative) == wanted["preamble"]
    kept = [force for force in wanted["forces"] if force in ("commits", "intends", "wishes")]
    assert [clause.force for clause in reading.commitments] == kept


def test_a_score_counts_what_is_too_much() -> None:
    score = Score()
    score.sets("dates", {"2024"}, {"2024", "2025"})
    assert (score.right, score.total) == (1, 2)
