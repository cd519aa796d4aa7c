"""The paper reader: a paper goes in, proposals come out, each with its place and the rule that led to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from alidade.programme.reading.actors import find_actors, find_terms, forget_actors
from alidade.programme.reading.answer_tables import find_table_answers
from alidade.programme.reading.answers import Recommendation, find_answers, find_recommendations, roster_of
from alidade.programme.reading.blocks import Block, build, notes_by_number
from alidade.programme.reading.clauses import COMMITMENTS, find_clauses
from alidade.programme.reading.dates import find_dates, forget_dates
from alidade.programme.reading.figures import find_figures
from alidade.programme.reading.filling import fill
from alidade.programme.reading.gathering import gather
from alidade.programme.reading.instrument import read_front, read_instrument
from alidade.programme.reading.measures import outline
from alidade.programme.reading.proposals import Answer, Found, Instrument, Measure, Paragraph, Reading
from alidade.programme.reading.references import find_references, forget_references
from alidade.programme.reading.sections import find_sections
from alidade.programme.reading.sources import lines_of
from alidade.programme.reading.words import LANGUAGES, language_of

_REPORTS = ("progress_report", "synthesis_report")


def read_paper(content: bytes, name: str, language: str | None = None) -> Reading:
    """Read a paper (text, Markdown, DOCX, PDF, HTML; English, French, Spanish, Portuguese) and propose what it says.

    `name` serves for the kind of file and for error texts; `language` (en, fr, es, pt) is recognised where it is
    None. Nothing is stored and nothing is final. Raises Unreadable, with what to do, for what cannot be read.
    """
    blocks = build(gather(lines_of(content, name)))
    tongue = language if language in LANGUAGES else language_of("\n".join(block.text for block in blocks))
    try:
        return _propose(blocks, tongue)
    finally:  # what was found in a paragraph is kept while its paper is read, and no longer
        for forget in (forget_actors, forget_dates, forget_references):
            forget()


def _propose(blocks: tuple[Block, ...], language: str) -> Reading:
    notes = notes_by_number(blocks)
    first = len(read_front(blocks).blocks)
    body = blocks[first:]
    recommendations, answers, roster = _answered(body, language)
    clauses = find_clauses(body, language)
    operative = [clause for clause in clauses if clause.force != "preamble"]
    instrument, _ = read_instrument(blocks, language, answers=len(answers), operative=len(operative))
    declares = instrument.kind == "declaration"
    measures = _measures(blocks, first, instrument, recommendations)
    dates = tuple(each for block in blocks for each in find_dates(block))
    references = tuple(each for block in blocks for each in find_references(block))
    own = instrument.body in ("COUNCIL", "COMMISSION", "")
    others: dict[int, list[Found]] = {}
    for each in (*dates, *references):
        others.setdefault(each.block, []).append(each)
    return Reading(
        instrument=instrument,
        measures=measures,
        answers=answers,
        states=roster,
        silent=_silent(measures, answers, roster),
        commitments=tuple(c for c in clauses if c.force in COMMITMENTS) if declares else (),
        clauses=clauses if declares else (),
        sections=find_sections(blocks, notes, first),
        references=references,
        chain=tuple(dict.fromkeys([*instrument.predecessors, *([instrument.number] if instrument.number else [])])),
        dates=dates,
        figures=tuple(each for b in blocks for each in find_figures(b, language, others.get(b.ordinal, ()))),
        actors=tuple(each for block in blocks for each in find_actors(block, language, of_the_union=own)),
        glossary=tuple(find_terms(blocks)),
        paragraphs=tuple(
            Paragraph(block=b.ordinal, paragraph=b.paragraph, kind=b.kind, number=b.number, text=b.text) for b in blocks
        ),
        warnings=tuple(_warnings(instrument, measures, references)),
    )


def _answered(
    body: Sequence[Block], language: str
) -> tuple[tuple[Recommendation, ...], tuple[Answer, ...], tuple[str, ...]]:
    """Recommendations, the answers to them in text or in a table, and the States that replied at all."""
    recommendations = find_recommendations(body)
    before = next((p for p, b in enumerate(body) if recommendations and b is recommendations[0].heading), len(body))
    listed = roster_of(body, before)
    answers = find_answers(recommendations, listed, language)
    known = {(answer.recommendation, answer.state) for answer in answers}
    texts = {each.number: each.text for each in recommendations}
    in_tables = find_table_answers(body, texts, language)
    answers += tuple(each for each in in_tables if (each.recommendation, each.state) not in known)
    if len(answers) < 3:
        return recommendations, (), ()
    roster = {*listed, *(answer.state for answer in answers)}
    return recommendations, answers, tuple(sorted(roster))


def _measures(
    blocks: tuple[Block, ...], first: int, instrument: Instrument, recommendations: tuple[Recommendation, ...]
) -> tuple[Measure, ...]:
    notes = notes_by_number(blocks)
    own = instrument.body in ("COUNCIL", "COMMISSION", "")
    return tuple(
        fill(
            each, notes, instrument.language, report=instrument.kind in _REPORTS, date=instrument.date, of_the_union=own
        )
        for each in outline(blocks, first, instrument.kind, recommendations)
    )


def _silent(
    measures: Iterable[Measure], answers: Iterable[Answer], roster: Sequence[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The States that gave no answer to each recommendation: silence, which has no kind."""
    replied: dict[str, set[str]] = {}
    for answer in answers:
        replied.setdefault(answer.recommendation, set()).add(answer.state)
    numbers = dict.fromkeys([*(m.number for m in measures if m.number in replied), *replied])
    return tuple((number, tuple(s for s in roster if s not in replied[number])) for number in numbers)


def _warnings(instrument: Instrument, measures: Sequence[Measure], references: Iterable[object]) -> Iterable[str]:
    if not instrument.number:
        yield "The paper shows no number of its own."
    if not instrument.date:
        yield "The paper shows no date of its own."
    numbers = [int(measure.number) for measure in measures if measure.number.isdigit()]
    gaps = sorted(set(range(1, max(numbers) + 1)) - set(numbers)) if numbers else []
    if gaps:
        yield f"Measures without text of their own, or not recognised: {', '.join(map(str, gaps))}."


def chain_of(readings: Iterable[Reading]) -> tuple[str, ...]:
    """The numbers of several papers in the order in which each succeeds another, oldest first."""
    before: dict[str, tuple[str, ...]] = {}
    for reading in readings:
        before[reading.instrument.number] = reading.instrument.predecessors
    order: list[str] = []

    def visit(number: str, path: tuple[str, ...]) -> None:
        if number in order or number in path:
            return
        for earlier in before.get(number, ()):
            visit(earlier, (*path, number))
        order.append(number)

    for number in sorted(before):
        visit(number, ())
    return tuple(number for number in order if number)


def without_texts(reading: Reading) -> Reading:
    """The reading without the text of its paragraphs, for papers whose text may not be kept."""
    return replace(reading, paragraphs=())
