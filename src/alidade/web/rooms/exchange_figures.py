"""Figures of the exchange: how one's own authority keeps its deadlines, and the yearly tables that the law asks for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.model.errors import Invalid, NotFound
from alidade.services.threads.assigning import load
from alidade.services.threads.figures import Kept, deadlines_kept, thread_statistics
from alidade.services.threads.inbox import counts
from alidade.services.threads.offered import procedures_offered
from alidade.services.threads.view import Figure, Statistics
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.place import Desk, page
from alidade.web.rooms.directory import state_word
from alidade.web.templatetags.alidade import percent

_DAY = forms.DateInput(attrs={"type": "date"})
_SPLITS = {
    "state_of": gettext_lazy("State"),
    "urgent": gettext_lazy("Urgent"),
    "reason": gettext_lazy("Reason"),
    "month": gettext_lazy("Month"),
    "year": gettext_lazy("Year"),
}


class PeriodForm(Form):
    """Which procedure, and from which day to which."""

    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    since = forms.CharField(label=gettext_lazy("From"), required=False, max_length=10, widget=_DAY)
    until = forms.CharField(label=gettext_lazy("Until"), required=False, max_length=10, widget=_DAY)


def _asked(request: HttpRequest, desk: Desk) -> tuple[PeriodForm, dict[str, str]]:
    """The form, and what it asks for: the year so far where nothing is said."""
    offered = [] if not desk.may("thread_read") else procedures_offered(desk.node, desk.actor, language=desk.language)
    today = desk.node.store.clock.now().date()
    start = {"since": f"{today.year}-01-01", "until": today.isoformat()}
    if offered:
        preferred = next((each.code for each in offered if each.code == "information_request"), offered[0].code)
        start["procedure"] = preferred
    asked = {name: request.GET.get(name) or value for name, value in start.items()}
    form = PeriodForm(asked)
    options = [(each.code, each.title) for each in offered]
    cast(forms.ChoiceField, form.fields["procedure"]).choices = options
    return form, asked


@page("thread_statistics")
def performance(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Load, deadlines kept, and the table of one procedure for a period."""
    form, asked = _asked(request, desk)
    found: Statistics | None = None
    kept: tuple[Kept, ...] = ()
    try:
        kept = deadlines_kept(desk.node, desk.actor, asked["since"], asked["until"], language=desk.language)
        found = _statistics(desk, asked)
    except (Invalid, NotFound) as error:
        form.add_error(None, told(error)[0])
    shown: dict[str, Any] = {
        "form": form,
        "counts": counts(desk.node, desk.actor) if desk.may("thread_read") else None,
        "loads": load(desk.node, desk.actor) if desk.may("thread_assign") else (),
        "kept": [_drawn(each) for each in kept],
        "statistics": found,
        "tables": _tables(desk, found.figures) if found else [],
        "query": "&".join(f"{name}={value}" for name, value in asked.items()),
    }
    return render(request, "web/threads/performance.html", shown, status=422 if form.errors else 200)


def _statistics(desk: Desk, asked: dict[str, str]) -> Statistics | None:
    if "procedure" not in asked:
        return None
    return thread_statistics(
        desk.node, desk.actor, asked["procedure"], asked["since"], asked["until"], language=desk.language
    )


def _drawn(each: Kept) -> dict[str, Any]:
    return {
        "one": each,
        "kept": percent(each.kept),
        "median": _time(each.median),
        "ninth_decile": _time(each.ninth_decile),
    }


def _time(taken: timedelta | None) -> str:
    if taken is None:
        return _("not known")
    hours = int(taken.total_seconds() // 3600)
    if hours < 48:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": int(taken.total_seconds() // 60) % 60}
    return ngettext("%(days)d day", "%(days)d days", taken.days) % {"days": taken.days}


def _tables(desk: Desk, figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """The figures by measure; a measure with splits has a head of its own."""
    tables: dict[str, dict[str, Any]] = {}
    for figure in figures:
        table = tables.setdefault(figure.measure, {"label": figure.label, "heads": [], "rows": [], "total": figure})
        if figure.split:
            table["heads"] = [_head(name) for name, _value in figure.split]
            values = [_said(desk, name, value) for name, value in figure.split]
            table["rows"].append({"values": values, "count": figure.count})
        else:
            table["total"] = figure
    return list(tables.values())


def _head(name: str) -> str:
    kind = name.partition(":")[0]
    return str(_SPLITS.get(kind, kind.replace("_", " ").capitalize()))


def _said(desk: Desk, name: str, value: str) -> str:
    words = {"true": _("yes"), "yes": _("yes"), "false": _("no"), "no": _("no"), "": _("not known")}
    if name.startswith("state_of:") and value:
        return ", ".join(state_word(desk.node.vocabulary, each, desk.language) for each in value.split(", "))
    return words.get(value, value)


@page("thread_statistics")
def figures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same table as a CSV file (RFC 4180); what is too small to be said is left empty and marked."""
    _form, asked = _asked(request, desk)
    found = _statistics(desk, asked)
    if found is None:
        raise NotFound("There is nothing here that you may see.")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["procedure", "source", "since", "until", "measure", "label", "split", "count", "suppressed"])
    for each in found.figures:
        split = "; ".join(f"{name}={value}" for name, value in each.split)
        count = "" if each.count is None else each.count
        writer.writerow(
            [
                found.procedure, found.source, found.since, found.until, each.measure, each.label, split, count,
                each.count is None,
            ]
        )  # fmt: skip
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="exchange-figures.csv"'
    return answer


urlpatterns = [
    path("inbox/performance/", performance, name="inbox.performance"),
    path("inbox/performance/figures.csv", figures, name="inbox.figures"),
]
