"""Second look: draw checks by chance, look at each, say what was found; and officers explain what is asked of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alidade.model.errors import Conflict, Invalid
from alidade.services.second_look import (
    STATES,
    Drawn,
    draw_checks,
    explain_check,
    explanations_asked,
    look_again,
    record_finding,
    second_looks,
)
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.kept_filter import whole_number
from alidade.web.place import Desk, page
from alidade.web.rooms.ledger_pages import day_field
from alidade.web.rooms.queries import KIND_WORDS
from alidade.web.table import Column, Table

_PER_PAGE = 100
STATE_WORDS = {
    "open": gettext_lazy("not looked at yet"),
    "to_explain": gettext_lazy("to be explained"),
    "explained": gettext_lazy("explained, waits for a finding"),
    "in_order": gettext_lazy("in order"),
    "not_in_order": gettext_lazy("not in order"),
}


class DrawForm(Form):
    """From which period how much is drawn."""

    since = day_field(gettext_lazy("From"))
    until = day_field(gettext_lazy("Until"))
    share = forms.DecimalField(
        label=gettext_lazy("Share in per cent"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=gettext_lazy("At least one check of every officer is drawn."),
    )
    size = forms.IntegerField(label=gettext_lazy("Or a number of checks"), required=False, min_value=1)


class FindingForm(Form):
    """What the second look came to."""

    finding = forms.ChoiceField(
        label=gettext_lazy("Finding"),
        choices=[(code, STATE_WORDS[code]) for code in ("in_order", "to_explain", "not_in_order")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=4_000,
        help_text=gettext_lazy("Where an explanation is asked for, the officer reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@page("second_look")
def second_look(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was drawn so far, and a new draw."""
    form = DrawForm(request.POST or None, initial=_four_weeks(desk))
    if request.method == "POST" and form.is_valid():
        share, size = form.cleaned_data["share"], form.cleaned_data["size"]
        try:
            draw = draw_checks(
                desk.node,
                desk.actor,
                since=form.cleaned_data["since"],
                until=form.cleaned_data["until"],
                size=size,
                share=None if share is None else float(share) / 100,
            )
        except (Invalid, Conflict) as error:
            form.add_error(None, " ".join(told(error)).strip())
        else:
            messages.success(
                request,
                _("Checks drawn: %(drawn)s. Officers: %(officers)s. Drawn from: %(population)s. Seed: %(seed)s.")
                % {
                    "drawn": draw.checks,
                    "officers": draw.officers,
                    "population": draw.population,
                    "seed": draw.seed,
                },
            )
            return redirect("second-look")
    return _draw(request, desk, form)


def _draw(request: HttpRequest, desk: Desk, form: DrawForm) -> HttpResponse:
    wanted = request.GET.get("finding")
    finding = wanted if wanted in STATES else None
    start = whole_number(request, "from")
    found = second_looks(desk.node, desk.actor, finding=finding, start=start, size=_PER_PAGE)
    words, language = desk.node.vocabulary, desk.language
    columns: list[Column[Drawn]] = [
        Column(
            key="check",
            title=pgettext_lazy("one check", "Check"),
            value=lambda row: row.check[:8],
            kind="code",
            sortable=False,
        ),
        Column(key="asked", title=_("Asked"), value=lambda row: row.asked_at, kind="moment", sortable=False),
        Column(key="officer", title=_("Officer"), value=lambda row: row.officer, sortable=False),
        Column(
            key="purpose",
            title=_("Purpose"),
            value=lambda row: words.label("purposes", row.purpose, language),
            sortable=False,
        ),
        Column(key="drawn", title=_("Drawn"), value=lambda row: row.drawn_at, kind="day", sortable=False),
        Column(key="finding", title=_("Finding"), value=lambda row: STATE_WORDS[row.finding], sortable=False),
        Column(key="by", title=_("Looked at by"), value=lambda row: row.looked_by, sortable=False, hidden=True),
    ]
    table = Table(
        name="drawn",
        caption=_("Checks drawn for a second look"),
        columns=columns,
        rows=found.drawn,
        request=request,
        link=lambda row: reverse("second-look.check", args=[row.reference]),
        per_page=_PER_PAGE,
        empty=_("Nothing was drawn yet. Draw some checks above: chance decides which."),
    )
    shown = {
        "form": form,
        "table": table,
        "finding": finding,
        "states": [(code, STATE_WORDS[code], found.findings.get(code, 0)) for code in STATES],
        "after": start + _PER_PAGE if start + _PER_PAGE < found.total else None,
        "before": max(0, start - _PER_PAGE) if start else None,
    }
    return render(request, "web/protect/second_look.html", shown, status=422 if form.errors else 200)


@page("second_look")
def check(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One drawn check with what was asked, and the finding."""
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        try:
            record_finding(desk.node, desk.actor, reference, stated["finding"], stated["note"])
        except Invalid as error:
            form.add_error("note", told(error)[0])
        else:
            messages.success(
                request,
                _("The finding is kept and logged. A later finding takes its place; what was written stays."),
            )
            return redirect("second-look")
    looked = look_again(desk.node, desk.actor, reference)
    shown = {"form": form, "looked": looked, "opened": looked.opened, "answers": _answers(looked.opened.answers)}
    shown["state"] = STATE_WORDS[looked.drawn.finding]
    return render(request, "web/protect/looked.html", shown, status=422 if form.errors else 200)


@page("check")
def asked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What an officer is asked to explain of his own checks."""
    if request.method == "POST":
        explain_check(desk.node, desk.actor, request.POST.get("reference", ""), request.POST.get("text", ""))
        messages.success(request, _("Your explanation is kept. The reviewer sees it and decides."))
        return redirect("second-look.asked")
    found = explanations_asked(desk.node, desk.actor)
    shown = [{"looked": one, "opened": one.opened, "answers": _answers(one.opened.answers)} for one in found]
    return render(request, "web/protect/asked.html", {"asked": shown})


def _answers(answers: tuple[tuple[str, str | None], ...]) -> list[tuple[Any, str | None]]:
    return [(KIND_WORDS.get(kind, kind), ruling) for kind, ruling in answers]


def _four_weeks(desk: Desk) -> dict[str, str]:
    today = desk.node.store.clock.now().date()
    return {"since": (today - timedelta(days=28)).isoformat(), "until": today.isoformat()}


urlpatterns = [
    path("second-look/", second_look, name="second-look"),
    path("second-look/asked/", asked, name="second-look.asked"),
    path("second-look/<str:reference>/", check, name="second-look.check"),
]
