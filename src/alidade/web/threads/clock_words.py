"""Clock words: a deadline in words and as a bar: what is left in its own unit, why it stands still, what is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alidade.clocks import Length
from alidade.services.threads.clock_sign import ClockSign
from alidade.web.templatetags.alidade import day, moment

_LAST_FIFTH = 0.2
_EXACT = ("minutes", "hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnClock:
    """A clock as it stands on a page. `kind`: running, soon, over, paused, done; `width` of the bar out of 100."""

    label: str
    main: str
    under: str
    kind: str
    width: str
    since: str = ""


def drawn_clock(sign: ClockSign) -> DrawnClock:
    """The sign in the language in force."""
    left = _span(abs(sign.left), sign) if sign.left is not None else ""
    until = _until(sign)
    kind, main, under, since = "running", "", until, ""
    if sign.phase == "suspended":
        kind, main = "paused", _("Paused")
        under = _held_up(sign) or _("waits for the others")
        since = moment(sign.paused_since) if sign.paused_since else ""
    elif sign.phase == "met":
        kind, main = "done", _("Done in time")
    elif sign.phase == "late":
        kind, main = "done", _("Done late")
    elif sign.phase == "not_started":
        kind, main, under = "done", _("Not started"), ""
    elif sign.phase == "overrun_announced":
        kind, main = "paused", _("Delay announced")
        under = ", ".join(part for part in (sign.paused_by, until) if part)
        since = moment(sign.paused_since) if sign.paused_since else ""
    elif sign.overdue:
        kind, main = "over", _("Overdue by %(time)s") % {"time": left} if left else _("Overdue")
    elif left:
        kind = "soon" if (sign.share or 0) <= _LAST_FIFTH else "running"
        main = _("%(time)s left") % {"time": left}
    return DrawnClock(
        label=sign.label,
        main=main,
        under=under,
        kind=kind,
        width=f"{(sign.share or 0) * 100:.1f}" if kind in ("running", "soon") else "0",
        since=since,
    )


def _held_up(sign: ClockSign) -> str:
    """What somebody did that holds it up, and who."""
    if not sign.paused_why or not sign.paused_by:
        return sign.paused_why
    return _("%(step)s: %(authority)s") % {"step": sign.paused_why, "authority": sign.paused_by}


def _until(sign: ClockSign) -> str:
    if sign.due_at is None or sign.last_day is None:
        return ""
    if sign.unit in _EXACT:
        return _("until %(moment)s") % {"moment": moment(sign.due_at)}
    return _("until the end of %(day)s") % {"day": day(sign.last_day)}


def _span(left: timedelta, sign: ClockSign) -> str:
    """A length of time in the unit of its clock; the last day of any clock in hours and minutes."""
    minutes = int(left.total_seconds() // 60)
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 24 * 60 or (sign.unit in _EXACT and minutes < 48 * 60):
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    if sign.working_days is not None and not sign.overdue:
        return ngettext("%(days)d working day", "%(days)d working days", sign.working_days) % {
            "days": sign.working_days
        }
    days = minutes // (24 * 60)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def length_words(length: Length) -> str:
    """A stretch of time as the law words it."""
    count = length.count
    words = {
        "minutes": ngettext("%(n)d minute", "%(n)d minutes", count),
        "hours": ngettext("%(n)d hour", "%(n)d hours", count),
        "calendar_days": ngettext("%(n)d calendar day", "%(n)d calendar days", count),
        "working_days": ngettext("%(n)d working day", "%(n)d working days", count),
        "weeks": ngettext("%(n)d week", "%(n)d weeks", count),
        "months": ngettext("%(n)d month", "%(n)d months", count),
        "years": ngettext("%(n)d year", "%(n)d years", count),
    }
    return words[length.unit] % {"n": count}
