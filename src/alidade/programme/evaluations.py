"""Mutual evaluations: a State is visited by experts of others, who find, recommend, and ask again after 18 months.

What has been decided stands in the course; the draft report and the comments of the State visited are kept apart, for
fewer eyes. Source: Joint Action 97/827/JHA; the stages are data (`evaluation_stages.json`), the time for the follow-up
is a clock (`mutual_evaluation_follow_up`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from alidade.clocks.calendars import WorkCalendar
from alidade.clocks.counting import due, last_day
from alidade.clocks.definitions import ClockDefinition, load_clocks
from alidade.model.errors import Invalid
from alidade.programme.evaluation_pieces import Course, DraftReport, Move, checked
from alidade.programme.evaluation_stages import DueCode, Need, StageCode, need_label, stages
from alidade.programme.register import Instrument, Measure, Texts
from alidade.programme.rounds import Evaluation, Question, Recommendation

__all__ = ["OTHER_STATES", "Facts", "Group", "NextDue", "Passage", "as_evaluation", "earlier_round", "follow_up_clock"]
__all__ += ["follow_up_day", "follow_up_questions", "instrument_of", "lacking", "move", "next_due", "passages"]
__all__ += ["told_to"]

OTHER_STATES: Final = "MS"
"""Addressee of a recommendation to all Member States other than the one visited."""

Group = Literal["visited", "others", "union"]
_CLOCK: Final = "mutual_evaluation_follow_up"
_SEAT: Final = ZoneInfo("Europe/Brussels")
_STATE: Final = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What somebody sees beside the course itself.

    `answered`: the State visited has submitted its answer to the questionnaire; `commented`: it has said something of
    the draft; `replied`: the recommendations on which it has answered in the follow-up.
    """

    answered: bool = False
    commented: bool = False
    draft: DraftReport | None = None
    replied: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue:
    """What is due next, by whom, and when; `day` None means that no day is set. `late` is computed, never stored."""

    what: DueCode
    by: Literal["state", "holder"]
    day: dt.date | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One stage as it is drawn: gone through on a day, reached, or ahead with the day that is planned for it."""

    stage: StageCode
    state: Literal["gone", "here", "ahead"]
    day: dt.date | None


def told_to(recommendation: Recommendation, state: str) -> Group:
    """To whom a recommendation goes: the State visited, other States, or a body of the Union."""
    if recommendation.addressee == state:
        return "visited"
    other = recommendation.addressee == OTHER_STATES or _STATE.fullmatch(recommendation.addressee) is not None
    return "others" if other else "union"


def follow_up_clock() -> ClockDefinition:
    """The time that the law gives for the follow-up; whether it is verified stands in it."""
    return load_clocks()[_CLOCK]


def follow_up_day(adopted_on: dt.date) -> dt.date:
    """The last day for the follow-up of a report adopted on that day, with the working days of the Union's bodies."""
    clock = follow_up_clock()
    begun = dt.datetime.combine(adopted_on, dt.time(12), _SEAT)
    over = due(clock.length, begun, zone=_SEAT, calendar=WorkCalendar.of("EU"), counting=clock.counting)
    return last_day(over, _SEAT)


def lacking(course: Course, facts: Facts, today: dt.date) -> list[Need]:
    """What must be there before the next stage and is not."""
    draft = facts.draft
    told = [] if draft is None else [told_to(each, course.state) for each in draft.recommendations]
    ours = {each.number for each in course.recommendations if told_to(each, course.state) == "visited"}
    time_over = course.comments_by is not None and course.comments_by < today
    there: Mapping[Need, bool] = {
        "questionnaire_answered": facts.answered,
        "visit_days": course.visit_from is not None,
        "experts": bool(course.experts),
        "visit_over": course.visit_to is not None and course.visit_to < today,
        "findings": draft is not None and bool(draft.findings),
        "recommendations": "visited" in told,
        "state_heard": facts.commented or time_over,
        "follow_up_opened": any(each.to == "visited" for each in course.follow_ups),
        "follow_up_answered": ours <= facts.replied,
    }
    return [need for need in stages()[course.stage].needs if not there[need]]


def move(course: Course, to: StageCode, facts: Facts, day: dt.date, reason: str) -> Course:
    """The course at its next stage, or back at the one before, with why.

    Raises Invalid without a reason, for a stage that is not the next, and naming what must be there before it.
    """
    order = list(stages())
    here = order.index(course.stage)
    if not reason.strip():
        raise Invalid("A step of the evaluation needs its reason.", remedy="Say why the stage changes.")
    back = stages()[course.stage].back and order.index(to) == here - 1
    if order.index(to) != here + 1 and not back:
        raise Invalid("The evaluation cannot go there from where it is.", remedy="Take the stages one by one.")
    missing = [] if back else lacking(course, facts, day)
    if missing:
        raise Invalid(
            f"Not yet: {'; '.join(need_label(each, 'en') for each in missing)}.",
            remedy="See on its page what must be there first.",
            code="evaluation_not_ready",
        )
    step = Move(stage=to, day=day, reason=reason.strip())
    return checked(msgspec.structs.replace(course, stage=to, moves=(*course.moves, step)))


def next_due(course: Course, facts: Facts, today: dt.date) -> NextDue | None:
    """What is due next and when; None once it is closed. What has a day that is over is late."""
    what, by, day = _due(course, facts, today)
    if what is None:
        return None
    return NextDue(what=what, by=by, day=day, late=day is not None and day < today)


def _due(
    course: Course, facts: Facts, today: dt.date
) -> tuple[DueCode | None, Literal["state", "holder"], dt.date | None]:
    match course.stage:
        case "questionnaire" if not facts.answered:
            return "answers", "state", course.answers_by
        case "questionnaire" | "answered":
            return "visit_set", "holder", course.visit_from
        case "visit" if course.visit_to is not None and course.visit_to >= today:
            begun = course.visit_from is None or course.visit_from < today
            return "visit", "holder", course.visit_to if begun else course.visit_from
        case "visit":
            return "draft", "holder", course.draft_by
        case "draft" if "state_heard" in lacking(course, facts, today):
            return "comments", "state", course.comments_by
        case "draft":
            return "adoption", "holder", course.adoption_by
        case "adopted" | "follow_up" if course.adopted_on is not None:
            by: Literal["state", "holder"] = "state" if course.stage == "follow_up" else "holder"
            return "follow_up", by, follow_up_day(course.adopted_on)
        case _:
            return None, "holder", None


def passages(course: Course) -> list[Passage]:
    """The stages in their order, each with the day on which it was reached or for which it is planned."""
    order = list(stages())
    here = order.index(course.stage)
    reached = {each.stage: each.day for each in course.moves}
    told = {"visit": course.visit_from, "adopted": course.adopted_on}  # the day itself, not that of its entry
    over = None if course.adopted_on is None else follow_up_day(course.adopted_on)
    planned: Mapping[str, dt.date | None] = {
        "answered": course.answers_by, "visit": course.visit_from, "draft": course.draft_by,
        "adopted": course.adoption_by, "closed": over,
    }  # fmt: skip
    found = []
    for place, stage in enumerate(order):
        if place <= here:
            state: Literal["gone", "here"] = "gone" if place < here else "here"
            found.append(Passage(stage=stage, state=state, day=told.get(stage) or reached.get(stage)))
        else:
            found.append(Passage(stage=stage, state="ahead", day=planned.get(stage)))
    return found


def instrument_of(course: Course, title: Texts) -> Instrument:
    """The adopted report as a paper of the register: each recommendation a measure. Raises Invalid before adoption."""
    if course.report is None or course.adopted_on is None:
        raise Invalid("The report is not adopted.", remedy="Adopt it with its day and the number of the document.")
    return Instrument(
        number=course.report.number,
        kind="evaluation_report",
        title=title,
        date=course.adopted_on,
        language=next((tag for tag in title if tag != "pt_BR"), "en"),
        measures=tuple(
            Measure(key=each.number, title=each.text, addressees=(each.addressee,)) for each in course.recommendations
        ),
    )


def follow_up_questions(course: Course, group: Group) -> tuple[Question, ...]:
    """One question for each recommendation to that group, under its number."""
    return tuple(
        Question(key=each.number, measure=each.number, text=each.text)
        for each in course.recommendations
        if told_to(each, course.state) == group
    )


def as_evaluation(course: Course) -> Evaluation:
    """The evaluation as the follow-up round tells it; the days of the visit stand in the course alone."""
    return Evaluation(
        state=course.state,
        stage="follow_up",
        experts=tuple(dict.fromkeys(each.state for each in course.experts)),
        observers=course.observers,
        adopted_on=course.adopted_on,
        report=course.report,
        recommendations=course.recommendations,
    )


def earlier_round(course: Course, asked_before: Iterable[Question]) -> str:
    """The round with which the follow-up is compared: the questionnaire, or none.

    None where one of its questions bears the number of a recommendation: an answer to something else must not be shown
    as what was said of it last time.
    """
    numbers = {each.number for each in course.recommendations}
    taken = {number for question in asked_before for number in (question.key, question.measure)}
    return "" if numbers & taken else course.round
