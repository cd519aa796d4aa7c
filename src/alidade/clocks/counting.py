"""How time is counted from a start to an end.

Minutes and hours are elapsed time: putting clocks forward or back changes nothing. Days, weeks, months and years are
those of the zone of the authority that owes the act. Two ways of counting them, named in each definition:

`exact`                 from moment to moment: seven days from Tuesday 14:20 end on Tuesday 14:20 on the wall.
`regulation_1182_71`    Regulation (EEC, Euratom) No 1182/71 Art. 3: the hour or day of the event is not counted (1);
                        the period ends with the last hour of its last day, which in weeks, months and years has the
                        same name or date as the day of the event, or is the last of the month where that lacks the
                        date (2); holidays and weekends count (3), but where the last day is one, the period ends with
                        the next working day, save for periods in hours or counted backwards (4); a period of two days
                        or more has at least two working days (5).

Working days are whole days in either: the day of the event is not counted, the last ends at 24:00.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from alidade.clocks.calendars import WEEKENDS, WorkCalendar
from alidade.clocks.definitions import Counting, Length
from alidade.clocks.wall_clock import end_of_day, local, shifted_date, shifted_wall, utc
from alidade.model.errors import Invalid

__all__ = ["Term", "before", "due", "last_day"]

_ELAPSED: Final = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}
_DAYS: Final = {"calendar_days": 1, "weeks": 7}
_MONTHS: Final = {"months": 1, "years": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A period that runs, before its last day is moved to a working day; grows by extensions and suspensions.

    Whole days have a `last` day; without it the period is counted from moment to moment and is over at `end` (UTC).
    `unit` is that of its length, `begun` the day of the event from which it runs.
    """

    unit: str
    zone: ZoneInfo
    calendar: WorkCalendar | None
    begun: date
    end: datetime
    last: date | None = None
    two_working_days: bool = False

    @classmethod
    def of(
        cls,
        length: Length,
        start: datetime,
        *,
        zone: ZoneInfo,
        calendar: WorkCalendar | None,
        counting: Counting,
    ) -> Term:
        """The period of that length from `start`; raises Invalid for working days without a calendar."""
        begun = local(start, zone).date()
        term = cls(unit=length.unit, zone=zone, calendar=calendar, begun=begun, end=start)
        if length.unit == "working_days" or (counting == "regulation_1182_71" and length.unit not in _ELAPSED):
            two = length.unit != "working_days" and (length.unit != "calendar_days" or length.count >= 2)
            return replace(term, last=term._later(begun, length), two_working_days=two)
        if counting == "regulation_1182_71" and length.unit == "hours":
            wall = local(start, zone)
            start += timedelta(hours=1) - timedelta(
                minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond
            )
        return replace(term, end=_moved(start, length, zone, 1))

    @classmethod
    def until(cls, day: date, *, zone: ZoneInfo) -> Term:
        """A period that ends with a day that the law itself names."""
        return cls(unit="years", zone=zone, calendar=None, begun=day, end=end_of_day(day, zone))

    def moment(self) -> datetime:
        """When the period is over (UTC)."""
        if self.last is None:
            return self.end
        return end_of_day(self._moved_last(self.last), self.zone)

    def extended(self, length: Length) -> Term:
        """The period with a length added to its end; hours added to whole days run from the end of the last."""
        if length.unit in _ELAPSED:
            return replace(self, end=_moved(self.moment(), length, self.zone, 1), last=None)
        if self.last is not None:
            return replace(self, last=self._later(self.last, length))
        if length.unit == "working_days":
            day = last_day(self.moment(), self.zone)
            return replace(self, unit=length.unit, last=self._later(day, length), two_working_days=False)
        return replace(self, end=_moved(self.moment(), length, self.zone, 1))

    def moved_to(self, end: datetime) -> Term:
        """The period with another end."""
        return replace(self, end=end.astimezone(UTC), last=None)

    def suspended(self, since: datetime, until: datetime) -> Term:
        """The period, longer by the time from `since` to `until` in which it stood still.

        Hours grow by the elapsed time; days counted exactly by what the wall shows between the two; whole days by the
        days (working days) after the day of suspension up to and with that of resumption, as Art. 3(1) counts; never
        is a clock over on the day on which it resumes. The act is silent on suspension: this is Alidade's own rule.
        """
        first, second = local(since, self.zone), local(until, self.zone)
        if self.last is not None:
            last = self.last if first.date() <= self.last else self._moved_last(self.last)
            if self.unit != "working_days":
                return replace(self, last=shifted_date(last, days=(second.date() - first.date()).days))
            week = self._week()
            last = week.add(last, week.count(first.date(), second.date()))
            return replace(self, last=max(last, week.on_or_after(second.date())))
        if self.unit in _ELAPSED:
            return replace(self, end=self.end + (until - since))
        stood = max(second - first, timedelta(0))
        return replace(self, end=utc(local(self.end, self.zone) + stood, self.zone)) if stood else self

    def _moved_last(self, last: date) -> date:
        week = self.calendar or WEEKENDS
        last = week.on_or_after(last)
        return max(last, week.add(self.begun, 2)) if self.two_working_days else last

    def _week(self) -> WorkCalendar:
        if self.calendar is None:
            raise Invalid(
                "A time in working days needs the calendar of the authority that owes the act.",
                remedy="Name its State or body.",
            )
        return self.calendar

    def _later(self, day: date, length: Length) -> date:
        if length.unit == "working_days":
            return self._week().add(day, length.count)
        return shifted_date(
            day, days=_DAYS.get(length.unit, 0) * length.count, months=_MONTHS.get(length.unit, 0) * length.count
        )


def due(
    length: Length,
    start: datetime,
    *,
    zone: ZoneInfo,
    calendar: WorkCalendar | None = None,
    counting: Counting = "exact",
) -> datetime:
    """The moment (UTC) at which a length that runs from `start` is over; an act at that very moment is in time.

    zone        of the authority that owes the act; calendar: its working days (needed for working days; without it
                an end that falls on a weekend is still moved, one that falls on a holiday is not)
    counting    as the module says
    Raises Invalid for working days without calendar, and beyond the year 9990.
    """
    return Term.of(length, start.astimezone(UTC), zone=zone, calendar=calendar, counting=counting).moment()


def before(length: Length, end: datetime, *, zone: ZoneInfo, calendar: WorkCalendar | None = None) -> datetime:
    """The moment (UTC) that lies a length before `end`: for warnings. Counted backwards, no end is moved."""
    if length.unit == "working_days":
        day = local(end, zone).date()
        days = ((calendar or WEEKENDS).add(day, -length.count) - day).days
        return shifted_wall(end, zone, days=days)
    return _moved(end.astimezone(UTC), length, zone, -1)


def last_day(moment: datetime, zone: ZoneInfo) -> date:
    """The last day on which one can still act in time: for people, who read 24:00 as the next day."""
    return (moment.astimezone(zone) - timedelta(microseconds=1)).date()


def _moved(moment: datetime, length: Length, zone: ZoneInfo, sign: int) -> datetime:
    if length.unit in _ELAPSED:
        return moment + sign * length.count * _ELAPSED[length.unit]
    count = sign * length.count
    return shifted_wall(
        moment, zone, days=_DAYS.get(length.unit, 0) * count, months=_MONTHS.get(length.unit, 0) * count
    )
