"""Analysis: every State by every measure, from entries and replies together, and what can be counted from that.

Progress is what is said to be done of all that was asked: who is silent, is not competent or refers elsewhere stays
among those who were asked, so that neither silence nor "not competent" makes a share larger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from alidade.programme.lists import FOLDER
from alidade.programme.register import Entry, Instrument, Texts
from alidade.programme.rounds import KeptAnswer, Part, Round, matrix
from alidade.programme.standing import KeptEntry, entry_day
from alidade.vocabulary.codes import Code
from alidade.vocabulary.labels import Word
from alidade.vocabulary.reading import read

__all__ = ["SILENT", "Board", "Cell", "HeldRound", "Said", "Stage", "Subject", "Tally", "board", "stage_of_kind"]
__all__ += ["stage_of_status", "stages", "subjects_of", "tally", "together"]

SILENT = "silent"
NOT_COUNTED = "not_counted"
CLAIMED = frozenset({"done", "partly"})
OVER = frozenset({"done", "ended"})
_RANK = ("done", "partly", "under_way", "planned", "none", "ended", NOT_COUNTED)


class Stage(Code, frozen=True, kw_only=True):
    """How far something is: which statuses of measures and which kinds of answers say so, and its sign in a table."""

    sign: str
    statuses: tuple[Word, ...]
    kinds: tuple[Word, ...]
    done: bool = False


@lru_cache(maxsize=1)
def stages() -> Mapping[str, Stage]:
    """The stages by code, the furthest first. Raises DamagedVocabulary."""
    return MappingProxyType(read(FOLDER, "stages", Stage)[1])


def stage_of_status(status: str) -> str:
    """The stage of a status of a measure."""
    return next(code for code, stage in stages().items() if status in stage.statuses)


def stage_of_kind(kind: str) -> str:
    """The stage of a kind of answer."""
    return next(code for code, stage in stages().items() if kind in stage.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is followed: a measure of a paper, or a question of a round that stands on no paper."""

    key: str
    title: Texts
    deadline: dt.date | None = None
    addressees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRound:
    """A round with the answers that the viewer may see."""

    reference: str
    round: Round
    answers: Sequence[KeptAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said for a State of a measure: an entry with a status, or a reply.

    `code` is of measure_statuses (`where` "entry") or of answer_kinds ("answer"). `source` is the reference of the
    entry, or of the round. `evidenced`: a document, a result or a source stands behind it.
    """

    where: str
    source: str
    authority: str
    code: str
    stage: str
    day: dt.date
    evidenced: bool
    part: Part | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One State and one measure. `stage` counts; `stages` are all that were said, where entry and reply differ.

    An empty stage: the State is not asked and has said nothing, so that it is not silent either.
    """

    state: str
    key: str
    stage: str
    said: tuple[Said, ...] = ()
    stages: tuple[str, ...] = ()
    late: bool = False

    @property
    def differs(self) -> bool:
        """Whether what was said in different places does not agree."""
        return len(self.stages) > 1

    @property
    def unevidenced(self) -> bool:
        """Whether it is said to be done, or partly done, and nothing stands behind it."""
        claims = [each for each in self.said if each.stage in CLAIMED]
        return self.stage in CLAIMED and bool(claims) and not any(each.evidenced for each in claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a number of cells come to. `asked` is all of them; each stands in one of `stages`."""

    asked: int
    done: int
    answered: int
    silent: int
    late: int
    unevidenced: int
    stages: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every State by every measure, in the order of the paper; States by their codes."""

    subjects: Sequence[Subject]
    states: Sequence[str]
    cells: Mapping[tuple[str, str], Cell]

    def asked(self) -> list[Cell]:
        """The cells that count: of those who are asked or have spoken."""
        return [cell for cell in self.cells.values() if cell.stage]

    def of_state(self, state: str) -> Tally:
        """What a State has said of all measures."""
        return tally(cell for cell in self.cells.values() if cell.state == state)

    def of_measure(self, key: str) -> Tally:
        """What all States have said of a measure."""
        return tally(cell for cell in self.cells.values() if cell.key == key)

    def of_group(self, states: Iterable[str], key: str = "") -> Tally:
        """What some States have said, of one measure or of all."""
        wanted = set(states)
        return tally(each for each in self.cells.values() if each.state in wanted and key in ("", each.key))


def tally(cells: Iterable[Cell]) -> Tally:
    """What these cells come to; those of States that are not asked are left out."""
    counted = [cell for cell in cells if cell.stage]
    found = {code: sum(cell.stage == code for cell in counted) for code in stages()}
    return Tally(
        asked=len(counted),
        done=sum(stages()[cell.stage].done for cell in counted),
        answered=len(counted) - found[SILENT],
        silent=found[SILENT],
        late=sum(cell.late for cell in counted),
        unevidenced=sum(cell.unevidenced for cell in counted),
        stages={code: count for code, count in found.items() if count},
    )


def subjects_of(paper: Instrument | None, held: Sequence[HeldRound]) -> tuple[Subject, ...]:
    """The measures of the paper; without one, the questions of the rounds."""
    if paper is not None:
        return tuple(
            Subject(key=each.key, title=each.title, deadline=each.deadline, addressees=each.addressees)
            for each in paper.measures
        )
    questions = {question.key: question for each in held for question in each.round.questions}
    return tuple(Subject(key=key, title=each.text) for key, each in questions.items())


def board(
    subjects: Sequence[Subject],
    entries: Sequence[KeptEntry],
    held: Sequence[HeldRound],
    today: dt.date,
    *,
    known: frozenset[str],
) -> Board:
    """Every State by every measure. `known` are the codes of States; other addressees are bodies and have no row.

    A State is asked where it is an addressee of the measure or of a question on it; what is said of the measure as a
    whole (an entry that names no State) stands in no row.
    """
    keys = {subject.key for subject in subjects}
    asked = {(each, subject.key) for subject in subjects for each in subject.addressees if each in known}
    said: dict[tuple[str, str], list[Said]] = {}
    proven = {
        (kept.entry.state, kept.entry.measure)
        for kept in entries
        if kept.entry.kind in ("result", "document", "evidence")
    }
    for kept in entries:
        if kept.entry.status and kept.entry.state and kept.entry.measure in keys:
            said.setdefault((kept.entry.state, kept.entry.measure), []).append(_of_entry(kept, proven))
    for each in held:
        for place, found in _replies(each, keys, proven).items():
            asked.add(place)
            said.setdefault(place, []).extend(found)
    states = sorted({state for state, _ in (*asked, *said)})
    deadlines = {subject.key: subject.deadline for subject in subjects}
    cells = {
        (state, subject.key): _cell(
            state, subject.key, said.get((state, subject.key), []), (state, subject.key) in asked, deadlines, today
        )
        for state in states
        for subject in subjects
    }
    return Board(subjects=tuple(subjects), states=tuple(states), cells=cells)


def _of_entry(kept: KeptEntry, proven: set[tuple[str, str]]) -> Said:
    entry = kept.entry
    figure = entry.figure is not None and entry.figure.source.stated
    return Said(
        where="entry",
        source=kept.reference,
        authority=kept.authority,
        code=entry.status,
        stage=stage_of_status(entry.status),
        day=entry_day(kept),
        evidenced=entry.source.stated or figure or (entry.state, entry.measure) in proven,
        entry=entry,
    )


def _replies(held: HeldRound, keys: set[str], proven: set[tuple[str, str]]) -> dict[tuple[str, str], list[Said]]:
    """What each State was asked in a round and has replied, by State and measure."""
    of_question = {each.key: each.measure if each.measure in keys else each.key for each in held.round.questions}
    spoken = {kept.answer.state: kept for kept in sorted(held.answers, key=lambda kept: kept.said_at)}
    found: dict[tuple[str, str], list[Said]] = {}
    for (state, question), cell in matrix(held.round, held.answers).items():
        key = of_question[question]
        if key not in keys:
            continue
        place = found.setdefault((state, key), [])
        if cell.kind is None or cell.part is None:
            continue
        kept = spoken[cell.spoken_by]
        evidence = bool(cell.part.evidence) or any(figure.source.stated for figure in cell.part.figures)
        place.append(
            Said(
                where="answer",
                source=held.reference,
                authority=kept.authority,
                code=cell.kind,
                stage=stage_of_kind(cell.kind),
                day=kept.said_at.date(),
                evidenced=evidence or (state, key) in proven,
                part=cell.part,
            )
        )
    return found


def _cell(
    state: str,
    key: str,
    said: Sequence[Said],
    asked: bool,
    deadlines: Mapping[str, dt.date | None],
    today: dt.date,
) -> Cell:
    if not said:
        due = deadlines[key]
        return Cell(
            state=state,
            key=key,
            stage=SILENT if asked else "",
            late=asked and due is not None and due < today,
        )
    voices: dict[tuple[str, str], list[Said]] = {}
    for each in sorted(said, key=lambda each: (each.day, each.where, each.source)):
        # Of one authority's entries the newest counts; the replies of one round count together.
        place = (each.where, each.authority if each.where == "entry" else each.source)
        voices.setdefault(place, [])
        voices[place] = [each] if each.where == "entry" else [*voices[place], each]
    spoken = [(max(each.day for each in voice), together([each.stage for each in voice])) for voice in voices.values()]
    stage = max(spoken, key=lambda each: each[0])[1]
    counted = [each for _, each in spoken if each != NOT_COUNTED]
    due = deadlines[key]
    return Cell(
        state=state,
        key=key,
        stage=stage,
        said=tuple(each for voice in voices.values() for each in voice),
        stages=tuple(dict.fromkeys((stage, *counted))) if stage != NOT_COUNTED else (stage, *dict.fromkeys(counted)),
        late=due is not None and due < today and stage not in OVER,
    )


def together(said: Sequence[str]) -> str:
    """The stage of several replies on one measure: done only where all of them are that count."""
    counted = [each for each in said if each != NOT_COUNTED] or list(said)
    if len(set(counted)) == 1:
        return counted[0]
    return "partly" if CLAIMED & set(counted) else min(counted, key=_RANK.index)
