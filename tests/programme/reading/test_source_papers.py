"""The five source papers against keys made by hand before the reader was written (`../keys`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.reading import Reading, chain_of
from alidade.programme.reading.dates import is_fine

sys.path.insert(0, str(Path(__file__).parent))
from scoring import Score, answers_score, measures_score

Seed = Callable[[str], Reading]
Key = Callable[[str], dict[str, Any]]


def _instrument(reading: Reading, key: dict[str, Any]) -> Score:
    score = Score()
    instrument = reading.instrument
    for name in ("kind", "date", "language", "number"):
        if name in key:
            score.point(getattr(instrument, name) == key[name], f"{name}: {getattr(instrument, name)}")
    score.sets("predecessors", key.get("predecessors", ()), instrument.predecessors)
    return score


def test_synthesis_report(seed: Seed, key: Key) -> None:
    wanted = key("s0")
    reading = seed(wanted["paper"])
    scores = measures_score(reading, wanted["measures"])
    assert _instrument(reading, wanted).share == 1
    assert scores["titles"].share == 1, scores["titles"]
    assert scores["dates"].share >= 0.98, scores["dates"]
    assert scores["references"].share >= 0.98, scores["references"]
    assert scores["figures"].share >= 0.95, scores["figures"]
    assert scores["addressees"].share >= 0.95, scores["addressees"]
    front = {reference.value for reference in reading.references}
    assert front >= set(wanted["front_references"])
    assert reading.instrument.markings == ("LIMITE",)
    assert reading.chain == ("10270/24", "16293/24", "8913/25", "15571/25")


def test_follow_up_note(seed: Seed, key: Key) -> None:
    wanted = key("s1")
    reading = seed(wanted["paper"])
    answered, kinds = answers_score(reading, wanted["answers"])
    assert _instrument(reading, wanted).share == 1
    assert answered.share == 1, answered
    assert kinds.share >= 0.95, kinds
    counts = {number: sum(1 for a in reading.answers if a.recommendation == number) for number in wanted["answered"]}
    assert counts == wanted["answered"]
    assert sum(counts.values()) == 296
    assert len(reading.states) * len(counts) == 338
    assert list(reading.states) == wanted["states"]
    paragraphs = {(a.recommendation, a.state): a.paragraph for a in reading.answers}
    assert paragraphs == {(n, s): e[0] for n, row in wanted["answers"].items() for s, e in row.items()}
    assert [(m.number, m.paragraph) for m in reading.measures] == [
        (each["number"], each["paragraph"]) for each in wanted["recommendations"]
    ]
    assert {reference.value for reference in reading.references} == set(wanted["references"])
    assert {date.value for date in reading.dates if is_fine(date)} == set(wanted["dates"])


def test_split_of_the_last_recommendation(seed: Seed, key: Key) -> None:
    reading = seed(key("s1")["paper"])
    last = [answer for answer in reading.answers if answer.recommendation == "4d"]
    done = [answer for answer in last if answer_kinds()[answer.kind].done]
    silent = dict(reading.silent)["4d"]
    assert (len(done), len(last) - len(done), len(silent)) == (15, 5, 6)
    assert {answer.paragraph for answer in done} == {292}
    joint = next(answer for answer in reading.answers if answer.recommendation == "2c" and answer.state == "CZE")
    assert joint.joint == ("ROU",)


def test_cross_reference_says_where_it_points(seed: Seed, key: Key) -> None:
    reading = seed(key("s1")["paper"])
    pointing = {(a.recommendation, a.state): a.points_to for a in reading.answers if a.kind == "cross-reference"}
    assert pointing == {("4b", "BEL"): "4a", ("4b", "KGZ"): "4a", ("4b", "SVK"): "4a", ("4c", "HUN"): "3c"}


def test_progress_report_by_sections(seed: Seed, key: Key) -> None:
    wanted = key("s2")
    reading = seed(wanted["paper"])
    assert _instrument(reading, wanted).share == 1
    titles, dates, references = Score(), Score(), Score()
    found = {section.title: section for section in reading.sections}
    titles.sets("sections", [each["title"] for each in wanted["sections"]], found)
    for each in wanted["sections"]:
        section = found.get(each["title"])
        if section is None:
            continue
        dates.sets(each["title"], each["dates"], {date.value for date in section.dates if is_fine(date)})
        references.sets(each["title"], each["references"], {reference.value for reference in section.references})
    assert titles.share >= 0.95, titles
    assert dates.share >= 0.98, dates
    assert references.share >= 0.98, references
    figures = {(figure.amount, figure.unit) for figure in reading.figures}
    assert figures >= {(amount, unit) for amount, unit in wanted["figures"]}


def test_declaration(seed: Seed, key: Key) -> None:
    wanted = key("s3")
    reading = seed(wanted["paper"])
    assert _instrument(reading, wanted).share == 1
    pairs = list(zip(reading.commitments, wanted["commitments"], strict=True))
    assert [clause.force for clause, _ in pairs] == [each["force"] for _, each in pairs]
    assert all(clause.text.startswith(each["begins"]) for clause, each in pairs)
    preamble = [clause for clause in reading.clauses if clause.force == "preamble"]
    assert (len(preamble), len(reading.clauses) - len(preamble)) == (4, 11)
    assert {reference.value for reference in reading.references} == set(wanted["references"])
    assert {date.value for date in reading.dates if is_fine(date)} == set(wanted["dates"])
    assert {actor.value for actor in reading.actors} >= set(wanted["actors"])


def test_operational_package(seed: Seed, key: Key) -> None:
    wanted = key("s4")
    reading = seed(wanted["paper"])
    scores = measures_score(reading, wanted["measures"])
    assert _instrument(reading, wanted).share == 1
    for name in ("titles", "structure", "deadlines"):
        assert scores[name].share == 1, scores[name]
    assert scores["addressees"].share >= 0.95, scores["addressees"]
    assert {each.deadline_finding for each in reading.measures if each.deadline is None} == {"none set"}
    references = Score()
    references.sets("references", {"15250/18", *wanted["references"]}, {each.value for each in reading.references})
    assert references.share >= 0.98, references
    dates = Score()
    dates.sets("dates", wanted["dates"], {date.value for date in reading.dates if is_fine(date)})
    assert dates.share >= 0.98, dates
    assert {term.acronym for term in reading.glossary} >= set(wanted["glossary"])


def test_chain_over_papers(seed: Seed, key: Key) -> None:
    papers = [seed(key(name)["paper"]) for name in ("s0", "s2")]
    assert chain_of(papers) == ("6504/24", "6812/24", "10270/24", "16293/24", "8913/25", "15571/25")


def test_every_proposal_points_at_its_words(seed: Seed, key: Key) -> None:
    for name in ("s0", "s1", "s2", "s3", "s4"):
        reading = seed(key(name)["paper"])
        texts = {paragraph.block: paragraph.text for paragraph in reading.paragraphs}
        for found in (*reading.dates, *reading.references, *reading.figures, *reading.actors):
            assert texts[found.block][found.start : found.end].strip() == found.text.strip()
            assert found.rule
            assert 0 < found.confidence <= 1
        for answer in reading.answers:
            assert answer.text.startswith(texts[answer.block][answer.start : answer.end].strip())
