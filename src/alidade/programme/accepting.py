"""Accepting: what the reader proposes becomes a paper of the register, as far as a person says so."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from alidade.programme import reading
from alidade.programme.reading.dates import month_of
from alidade.programme.register import DocumentRef, Entry, Figure, Instrument, Measure, Source
from alidade.programme.rounds import Answer, Part, Question, Round

__all__ = ["answers_of_states", "entries_of", "paper_of", "round_of"]

_KEY: Final = re.compile(r"[^0-9A-Za-z.()_-]+")


def paper_of(found: reading.Reading, chosen: Collection[str], titles: Mapping[str, str] | None = None) -> Instrument:
    """The paper with the measures whose numbers are `chosen`; `titles` are those that a person has changed.

    What the reader found of each measure goes with it: text, paragraph, addressees, leader, forum, deliverables,
    deadline, papers referred to. Raises Invalid later, where it is kept, if something of it cannot be.
    """
    head = found.instrument
    language = head.language or "en"
    taken = [each for each in found.measures if each.number in chosen]
    measures = tuple(_measure(each, language, (titles or {}).get(each.number, "")) for each in taken)
    changed = sum(1 for each in taken if (titles or {}).get(each.number, each.title) != each.title)
    return Instrument(
        number=head.number or (head.numbers[0] if head.numbers else "–"),
        kind=head.kind or "other",
        title={language: head.title[:20_000] or head.number or "–"},
        body=head.body[:200],
        date=_day(head.date),
        language=language,
        markings=head.markings,
        predecessors=head.predecessors,
        documents=_documents(found.references),
        measures=measures,
        accepted=len(taken) - changed,
        changed=changed,
        refused=len(found.measures) - len(taken),
    )


def _measure(proposed: reading.Measure, language: str, title: str) -> Measure:
    deadline = proposed.deadline
    day = _last_day(deadline.value) if deadline is not None else None
    return Measure(
        key=_key_of(proposed.number),
        title={language: _begun_large((title or proposed.title)[:20_000]) or proposed.number},
        text={language: proposed.text[:20_000]} if proposed.text else {},
        paragraph=str(proposed.paragraph),
        theme={language: proposed.section[:20_000]} if proposed.section else {},
        addressees=tuple(dict.fromkeys(actor.value for actor in proposed.addressees)),
        owner="" if proposed.owner is None else proposed.owner.value[:80],
        forum=tuple(dict.fromkeys(actor.value for actor in proposed.forum)),
        deliverables=tuple(each.text for each in proposed.deliverables),
        deadline=day,
        deadline_said="" if deadline is None or deadline.precision == "day" else deadline.text[:200],
        references=_documents(proposed.references),
    )


def entries_of(found: reading.Reading, instrument: str, paper: Instrument) -> list[Entry]:
    """The figures that the paper tells of the measures that were kept, each with its paragraph as the source."""
    kept = {measure.key for measure in paper.measures}
    entries: dict[tuple[str, float, str, str], Entry] = {}
    for proposed in found.measures:
        key = _key_of(proposed.number)
        for figure in proposed.figures if key in kept else ():
            source = Source(document=paper.number, paragraph=str(figure.paragraph))
            entries.setdefault(
                (key, figure.amount, figure.unit, source.paragraph),
                Entry(
                    instrument=instrument,
                    measure=key,
                    kind="result",
                    day=paper.date,
                    figure=Figure(value=figure.amount, unit=figure.unit[:80], source=source),
                ),
            )
    return list(entries.values())


def round_of(found: reading.Reading, instrument: str, today: dt.date) -> Round | None:
    """The round whose answers a note tells, closed; None where it tells none."""
    if not found.answers:
        return None
    language = found.instrument.language or "en"
    asked = tuple(
        Question(
            key=each.number, measure=each.number, text={language: (each.title or each.text)[:20_000] or each.number}
        )
        for each in found.measures
    )
    known = {question.key for question in asked}
    extra = dict.fromkeys(each.recommendation for each in found.answers if each.recommendation not in known)
    questions = (*asked, *(Question(key=key, text={language: key}) for key in extra))
    day = _day(found.instrument.date) or today
    return Round(
        title={language: found.instrument.title[:20_000] or found.instrument.number or "–"},
        instrument=instrument,
        questions=questions,
        states=tuple(dict.fromkeys((*found.states, *(each.state for each in found.answers)))),
        opens=day,
        cut_off=day,
        closed_on=day,
        languages=(language,),
    )


def answers_of_states(found: reading.Reading, round_: str) -> list[Answer]:
    """What each State replied, as the note tells it; a joint reply is told of each State that it names."""
    language = found.instrument.language or "en"
    parts: dict[str, dict[str, Part]] = {}
    for each in found.answers:
        see = each.points_to if each.kind == "cross-reference" else ""
        part = Part(question=each.recommendation, kind=each.kind, text={language: each.text[:20_000]}, see=see)
        parts.setdefault(each.state, {}).setdefault(each.recommendation, part)
    return [
        Answer(round=round_, state=state, parts=tuple(said.values()), submitted=True, publish=True)
        for state, said in parts.items()
    ]


def _documents(found: Sequence[reading.FoundReference]) -> tuple[DocumentRef, ...]:
    return tuple(DocumentRef(number=number[:80]) for number in dict.fromkeys(each.value for each in found))


def _key_of(number: str) -> str:
    return _KEY.sub("-", number).strip("-")[:20] or "0"


def _begun_large(title: str) -> str:
    return title[:1].upper() + title[1:]


def _last_day(value: str) -> dt.date | None:
    """The last day of what a deadline names: of a day itself, of a month, a quarter, a half or a year."""
    day = _day(value.rpartition("/")[2])
    if day is not None:
        return day
    year, _dash, month = month_of(value).partition("-")
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        return None
    return dt.date(int(year), int(month), calendar.monthrange(int(year), int(month))[1])


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
