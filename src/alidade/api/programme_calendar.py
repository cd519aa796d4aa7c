"""Programme calendar: meetings with what must be ready for them, deadlines and rounds; also as an iCalendar file."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from alidade.api.checks import RequestKey
from alidade.api.programme_shapes import AudienceGiven, Texts, Version, as_struct, handling_of
from alidade.api.shapes import Day, Given, Language, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.programme.agenda import Happening, Meeting
from alidade.programme.register import said_in
from alidade.services.programme.once import keep_once
from alidade.services.programme.reports import agenda, calendar_feed, change_meeting, keep_meeting, take_back_meeting

router = Router(tags=["Programme"])

CALENDAR: Final = "text/calendar; charset=utf-8"


class PreparationGiven(Given):
    """What must be ready for a meeting."""

    text: Texts
    instrument: Annotated[str, Field(pattern="^([0-9a-f]{32})?$")] = Field(
        default="", description="Reference of the paper, or empty."
    )
    measure: str = Field(default="", max_length=20, description="Its measure, or empty.")
    owner: str = Field(default="", max_length=80, description="Who prepares it.")
    days_before: Annotated[int, Field(ge=0, le=400)] = Field(default=0, description="How many days before.")
    done: bool = Field(default=False, description="Whether it is ready.")


class MeetingBodyGiven(Given):
    """A meeting, a presidency, a cycle or a visit."""

    kind: Literal["meeting", "presidency", "cycle", "visit"] = Field(default="meeting", description="What it is.")
    title: Texts
    forum: str = Field(default="", max_length=80, description="Which forum meets.")
    starts: Day
    ends: Day | None = Field(default=None, description="A day, YYYY-MM-DD, or null.")
    place: str = Field(default="", max_length=200, description="Where.")
    preparations: list[PreparationGiven] = Field(default=[], max_length=500, description="What must be ready before.")


class MeetingGiven(Given):
    """A meeting for the calendar."""

    meeting: MeetingBodyGiven
    audience: AudienceGiven | None = Field(default=None, description="Who may see it; null: everybody.")


class MeetingChangeGiven(Given):
    """A meeting as it is from now on."""

    meeting: MeetingBodyGiven
    version: Version


class MeetingKept(Told):
    """Where a meeting was kept, and its version."""

    reference: str
    version: int


class DueShape(Told):
    """What must be ready, and by which day."""

    text: str
    owner: str
    day: str
    done: bool


class HappeningShape(Told):
    """One thing in the calendar."""

    reference: str = Field(description="The meeting, paper or round that it comes from.")
    kind: str = Field(description="meeting, presidency, cycle, visit, deadline, round_opens, cut_off or follow_up.")
    title: str
    starts: str
    ends: str
    place: str
    measure: str = Field(description="Of a deadline: the measure.")
    over: bool
    version: int = Field(description="Of a meeting: its version; else 0.")
    due: list[DueShape]


class CalendarShape(Told):
    """Everything with a day that you may see, in order."""

    happenings: list[HappeningShape]


@router.get("/programme/calendar", response=answers(CalendarShape, 403), operation_id="programme_calendar")
def calendar(request: HttpRequest, language: Language = "en") -> CalendarShape:
    """Meetings, deadlines of measures and rounds, and what must be ready before. Needs the act `programme_read`."""
    node, actor = at_work(request)
    found, meetings = agenda(node, actor, language)
    versions = {reference: kept.version for reference, kept in meetings.items()}
    return CalendarShape(happenings=[_happening(each, versions.get(each.reference, 0), language) for each in found])


@router.get("/programme/calendar/feed", response=answers(str, 403), operation_id="programme_feed")
def feed(request: HttpRequest, language: Language = "en") -> HttpResponse:
    """The calendar as an iCalendar file (RFC 5545), whole days. Needs the act `programme_read`."""
    node, actor = at_work(request)
    headers = {"Content-Disposition": 'attachment; filename="follow-up.ics"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(calendar_feed(node, actor, language, {}), content_type=CALENDAR, headers=headers)


@router.post(
    "/programme/meetings", response=answers(MeetingKept, 403, 409, body=True), operation_id="programme_meeting_keep"
)
def keep(request: HttpRequest, given: MeetingGiven, key: RequestKey = None) -> MeetingKept:
    """Put a meeting into the calendar. Needs the act `programme_write`."""
    node, actor = at_work(request)
    meeting = as_struct(given.meeting, Meeting)
    how = handling_of(node, actor.viewer.authority, given.audience)
    asked = f"meeting {given.model_dump_json()}".encode()
    return MeetingKept(
        reference=keep_once(node, actor, key, asked, lambda: keep_meeting(node, actor, meeting, how)), version=1
    )


@router.put(
    "/programme/meetings/{reference}",
    response=answers(MeetingKept, 403, 404, 409, body=True),
    operation_id="programme_meeting_change",
)
def change(request: HttpRequest, reference: Reference, given: MeetingChangeGiven) -> MeetingKept:
    """Leave a meeting of your authority in a new version. Needs the act `programme_write`."""
    node, actor = at_work(request)
    meeting = as_struct(given.meeting, Meeting)
    return MeetingKept(reference=reference, version=change_meeting(node, actor, reference, meeting, given.version))


@router.delete(
    "/programme/meetings/{reference}",
    response=answers(None, 403, 404, status=204),
    operation_id="programme_meeting_withdraw",
)
def take_out(request: HttpRequest, reference: Reference) -> Status[None]:
    """Take a meeting of your authority out of the calendar. Needs the act `programme_write`."""
    node, actor = at_work(request)
    take_back_meeting(node, actor, reference)
    return Status(204, None)


def _happening(each: Happening, version: int, language: str) -> HappeningShape:
    return HappeningShape(
        reference=each.reference, kind=each.kind, title=each.title, starts=str(each.starts), ends=str(each.ends),
        place=each.place, measure=each.measure, over=each.over, version=version,
        due=[
            DueShape(
                text=said_in(due.preparation.text, language)[0], owner=due.preparation.owner, day=str(due.day),
                done=due.preparation.done,
            )
            for due in each.due
        ],
    )  # fmt: skip
