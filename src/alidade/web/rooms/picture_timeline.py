"""Timeline: what happened when, and what held from when to when, as far as this officer may see it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.formats.time_svg import time_figure
from alidade.services.picture.sight_files import time_file
from alidade.services.picture.sights import Ask
from alidade.services.picture.timeline import Entry, Timeline, draw_timeline
from alidade.web.chart_view import codes_of, thing_address
from alidade.web.place import Desk, page
from alidade.web.sight_view import LANES, NO_HEAD, AskForm, around, asked, when, words_of
from alidade.web.table import Column, Table


@page("picture_read", methods=("GET",))
def timeline(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Everything with a date, as a figure whose entries lead to their pages, and as a table."""
    ask, wrong = asked(request)
    found = draw_timeline(desk.node, desk.actor, ask)
    words = words_of(desk)
    form = AskForm(request.GET, kinds=[(lane, str(LANES[lane])) for lane in found.kinds])
    said = [each for entry in found.entries for each in entry.statements]
    shown = around(request, ask, desk, "timeline", said) | {
        "form": form,
        "wrong": wrong,
        "found": found,
        "figure": mark_safe(time_figure(time_file(found, words, NO_HEAD))),  # noqa: S308 - written by the XML library
        "spans": list(_spans(request, ask, found)),
        "entries": _table(request, found, desk.language),
    }
    return render(request, "web/picture/timeline.html", shown, status=422 if wrong else 200)


def _spans(request: HttpRequest, ask: Ask, found: Timeline) -> Iterator[tuple[str, str, bool]]:
    """Nearer and farther: all of the time, the years, and of a chosen year its months."""
    yield _("All of the time"), _address(request, "", ""), not ask.since and not ask.until
    dates = [part for entry in found.entries for part in (entry.begin, entry.end) if part[:4].isdigit()]
    chosen = ask.since[:4] if ask.since and ask.since[:4] == ask.until[:4] else ""
    for year in sorted({part[:4] for part in dates} | ({chosen} if chosen else set()))[-12:]:
        yield year, _address(request, year, year), ask.since == ask.until == year
    if chosen:
        months = {part[:7] for part in dates if part[:4] == chosen and len(part) >= 7}
        for month in sorted(months | ({ask.since} if len(ask.since) == 7 else set())):
            yield month, _address(request, month, month), ask.since == ask.until == month


def _address(request: HttpRequest, since: str, until: str) -> str:
    query = request.GET.copy()
    for name, value in (("since", since), ("until", until)):
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _table(request: HttpRequest, found: Timeline, language: str) -> Table[Entry]:
    columns: list[Column[Entry]] = [
        Column(key="when", title=gettext_lazy("When"), value=lambda row: when(row.begin, row.end),
               sort=lambda row: row.begin or row.end),
        Column(key="lane", title=gettext_lazy("Kind"), value=lambda row: LANES[row.lane]),
        Column(key="what", title=gettext_lazy("What it is"),
               value=lambda row: row.label.in_(language) if row.label else row.kind),
        Column(key="name", title=gettext_lazy("Name"), value=lambda row: row.caption or _("not known")),
        Column(key="evaluation", title=gettext_lazy("Evaluation"), value=lambda row: row.evaluation,
               sort=lambda row: row.evaluation.code, kind="evaluation"),
        Column(key="codes", title=gettext_lazy("Handling"), value=lambda row: codes_of(row.statements) or "H0"),
    ]  # fmt: skip
    return Table(
        name="entries", caption=gettext_lazy("The timeline as a table"), columns=columns, rows=found.entries,
        request=request, link=lambda row: thing_address(row.thing), default="when",
        empty=gettext_lazy("Nothing that you may see has a date within these filters."),
    )  # fmt: skip


urlpatterns = [path("picture/timeline/", timeline, name="picture.timeline")]
