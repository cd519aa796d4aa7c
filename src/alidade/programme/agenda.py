"""The calendar: meetings, deadlines and cycles, what must be ready for which, and all of it as an iCalendar feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from icalendar import Alarm, Calendar, Event
from msgspec import Meta

from alidade.model.errors import Invalid
from alidade.programme.evaluation_pieces import Course
from alidade.programme.evaluations import follow_up_day
from alidade.programme.register import Instrument, Record, Texts, said_in
from alidade.programme.rounds import Round

__all__ = ["Due", "Happening", "Meeting", "Preparation", "check_meeting", "happenings", "icalendar_feed"]

Kind = Literal["meeting", "deadline", "round_opens", "cut_off", "follow_up", "presidency", "cycle", "visit"]
_LOOK_BACK: Final = dt.timedelta(days=400)


class Preparation(Record, frozen=True, kw_only=True):
    """What must be ready for a meeting: of which paper and measure, by whom, how many days before."""

    text: Texts
    instrument: Annotated[str, Meta(max_length=32)] = ""
    measure: Annotated[str, Meta(max_length=20)] = ""
    owner: Annotated[str, Meta(max_length=80)] = ""
    days_before: Annotated[int, Meta(ge=0, le=400)] = 0
    done: bool = False


class Meeting(Record, frozen=True, kw_only=True):
    """A meeting, a presidency or a cycle: of which forum, from when to when, where, and what is prepared for it."""

    kind: Literal["meeting", "presidency", "cycle", "visit"] = "meeting"
    title: Texts
    forum: Annotated[str, Meta(max_length=80)] = ""
    starts: dt.date
    ends: dt.date | None = None
    place: Annotated[str, Meta(max_length=200)] = ""
    preparations: tuple[Preparation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A preparation with the day by which it is due."""

    preparation: Preparation
    day: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing in the calendar: what, from which piece it comes (its reference), when; `due`: what it needs before.

    `evaluation`: whether that piece is a mutual evaluation.
    """

    reference: str
    kind: Kind
    title: str
    starts: dt.date
    ends: dt.date
    place: str = ""
    measure: str = ""
    over: bool = False
    due: Sequence[Due] = ()
    evaluation: bool = False


def check_meeting(meeting: Meeting) -> None:
    """Raises Invalid for a meeting without a title, one that ends before it begins, or an empty preparation."""
    if not any(text.strip() for text in meeting.title.values()):
        raise Invalid("The meeting has no title.", remedy="Give its title in one language at least.")
    if meeting.ends is not None and meeting.ends < meeting.starts:
        raise Invalid("The meeting ends before it begins.", remedy="Correct one of the two days.")
    for place, each in enumerate(meeting.preparations, 1):
        if not any(text.strip() for text in each.text.values()):
            raise Invalid(f"Preparation {place} says nothing.", remedy="Say what must be ready, or take it out.")


def happenings(
    meetings: Mapping[str, Meeting],
    papers: Mapping[str, Instrument],
    rounds: Mapping[str, Round],
    over: Iterable[tuple[str, str]],
    language: str,
    evaluations: Mapping[str, Course] | None = None,
) -> list[Happening]:
    """Everything with a day, by reference of the piece that it stands in, in the order of the days.

    `over` are (paper, measure) that are done, stopped or carried over.
    """
    finished = set(over)
    found = [_of_meeting(reference, meeting, language) for reference, meeting in meetings.items()]
    for reference, paper in papers.items():
        for measure in paper.measures:
            if measure.deadline is not None:
                title = f"{paper.number} {measure.key}: {said_in(measure.title, language)[0]}"
                found.append(
                    Happening(
                        reference=reference, kind="deadline", title=title, starts=measure.deadline,
                        ends=measure.deadline, measure=measure.key, over=(reference, measure.key) in finished,
                    )
                )  # fmt: skip
    for reference, round_ in rounds.items():
        title, _ = said_in(round_.title, language)
        days: list[tuple[Kind, dt.date]] = [("round_opens", round_.opens), ("cut_off", round_.cut_off)]
        for kind, day in days:
            over_now = round_.closed_on is not None
            found.append(Happening(reference=reference, kind=kind, title=title, starts=day, ends=day, over=over_now))
        visit = round_.evaluation
        if visit is not None and visit.visit_from is not None:
            ends = visit.visit_to or visit.visit_from
            found.append(Happening(reference=reference, kind="visit", title=title, starts=visit.visit_from, ends=ends))
    for reference, course in (evaluations or {}).items():
        found.extend(_of_evaluation(reference, course, language))
    return sorted(found, key=lambda each: (each.starts, each.kind, each.title, each.reference))


def _of_evaluation(reference: str, course: Course, language: str) -> Iterable[Happening]:
    title = f"{course.state}: {said_in(course.title, language)[0]}"
    if course.visit_from is not None:
        ends = course.visit_to or course.visit_from
        yield Happening(
            reference=reference, kind="visit", title=title, starts=course.visit_from, ends=ends, evaluation=True
        )
    if course.adopted_on is not None:
        day = follow_up_day(course.adopted_on)
        over = course.stage == "closed"
        yield Happening(
            reference=reference, kind="follow_up", title=title, starts=day, ends=day, over=over, evaluation=True
        )


def _of_meeting(reference: str, meeting: Meeting, language: str) -> Happening:
    title, _ = said_in(meeting.title, language)
    due = [
        Due(preparation=each, day=meeting.starts - dt.timedelta(days=each.days_before)) for each in meeting.preparations
    ]
    return Happening(
        reference=reference,
        kind=meeting.kind,
        title=f"{meeting.forum}: {title}" if meeting.forum else title,
        starts=meeting.starts,
        ends=meeting.ends or meeting.starts,
        place=meeting.place,
        due=tuple(sorted(due, key=lambda each: each.day)),
    )


def icalendar_feed(found: Iterable[Happening], name: str, now: dt.datetime, words: Mapping[str, str]) -> bytes:
    """The calendar as RFC 5545 text: whole days, an alarm a week before each deadline that is not over.

    `words` gives the kinds in the language of the reader. What lies more than 400 days back is left out.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Alidade//Programme//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for each in found:
        if each.ends < now.date() - _LOOK_BACK:
            continue
        event = Event()
        event.add("uid", f"{each.reference}-{each.kind}-{each.measure or 'whole'}@alidade")
        event.add("dtstamp", now)
        event.add("dtstart", each.starts)
        event.add("dtend", each.ends + dt.timedelta(days=1))  # the end of a whole-day event is the day after
        event.add("summary", f"{words.get(each.kind, each.kind)}: {each.title}")
        event.add("transp", "TRANSPARENT")
        if each.place:
            event.add("location", each.place)
        if each.due:
            lines = [
                f"{due.day.isoformat()} {next(iter(due.preparation.text.values()), '')} {due.preparation.owner}".strip()
                for due in each.due
                if not due.preparation.done
            ]
            event.add("description", "\n".join(lines))
        if each.kind in ("deadline", "cut_off", "follow_up") and not each.over:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("trigger", dt.timedelta(days=-7))
            alarm.add("description", each.title)
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
