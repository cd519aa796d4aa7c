"""Standing checks: questions that are asked again until a day, and what they newly met."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.model.errors import Invalid
from alidade.services.desk_terms import desk_terms
from alidade.services.finding import Question
from alidade.services.standing import (
    News,
    StandingCheck,
    end_standing_check,
    forget_earlier_checks,
    keep_standing_check,
    look_at_standing,
    standing_checks,
)
from alidade.web import hits
from alidade.web.forms import Form
from alidade.web.place import Desk, page
from alidade.web.rooms.check import refuse
from alidade.web.table import Column, Table

STATES = {
    "in_force": gettext_lazy("in force"),
    "ended": gettext_lazy("ended"),
    "expired": gettext_lazy("expired"),
    "erased": gettext_lazy("question erased"),
    "told": gettext_lazy("told of a hit"),
}
KINDS = {
    "standing": gettext_lazy("standing check"),
    "earlier": gettext_lazy("earlier check, no hit"),
}
MOST_TO_END = 50  # offered one by one on the page; each can be ended from its answer as well


class StandingForm(Form):
    """A question to be kept, and until when."""

    text = forms.CharField(
        label=gettext_lazy("Name, number, plate, document, vessel, account or address"),
        max_length=512,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), required=False)
    until = forms.CharField(label=gettext_lazy("Until"), max_length=10, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = hits.kinds(desk.node.vocabulary, desk.language)  # type: ignore[attr-defined]


@page("standing_check")
def standing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own standing checks and those of officers for whom one stands in; begin a new one."""
    form = StandingForm(request.POST or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        question = Question(text=form.cleaned_data["text"], kind=form.cleaned_data["kind"] or None)
        try:
            begun = keep_standing_check(
                desk.node, desk.actor, question, form.cleaned_data["until"], language=desk.language
            )
            messages.success(request, _("Kept. This is what it meets now; later you are told of what is new."))
            return redirect("check.answer", begun.answer.check)
        except Invalid as error:
            refuse(form, error)
    table = Table(
        name="standing",
        caption=gettext_lazy("Standing checks"),
        columns=_columns(),
        rows=standing_checks(desk.node, desk.actor),
        request=request,
        link=lambda one: reverse("check.answer", args=[one.reference]),
        empty=gettext_lazy("You keep no standing check. Keep one here, or from the answer to a check."),
    )
    own = [one for one in table.rows if one.state == "in_force" and one.officer == desk.officer.id]
    shown = {
        "form": form,
        "table": table,
        "term": desk_terms().standing_check_days,
        "to_end": own[:MOST_TO_END],
        "earlier": sum(1 for one in own if one.kind == "earlier"),
    }
    return render(request, "web/standing/list.html", shown, status=422 if form.errors else 200)


def _asked(one: StandingCheck) -> str:
    if one.question is not None:
        return one.question.text
    return _("forgotten, as it has told of a hit") if one.state == "told" else _("erased")


def _columns() -> list[Column[StandingCheck]]:
    return [
        Column(
            key="question",
            title=gettext_lazy("Question"),
            value=_asked,
        ),
        Column(key="kind", title=gettext_lazy("Kind"), value=lambda one: KINDS[one.kind]),
        Column(key="state", title=gettext_lazy("State"), value=lambda one: STATES[one.state], kind="tag"),
        Column(key="new", title=gettext_lazy("New"), value=lambda one: one.unseen, kind="number"),
        Column(key="told", title=gettext_lazy("Told"), value=lambda one: one.told, kind="number"),
        Column(key="until", title=gettext_lazy("Until"), value=lambda one: one.until, kind="day"),
        Column(key="asked", title=gettext_lazy("Last asked"), value=lambda one: one.asked_at, kind="moment"),
        Column(key="case", title=gettext_lazy("Case or control"), value=lambda one: one.case),
        Column(key="officer", title=gettext_lazy("Officer"), value=lambda one: one.officer),
        Column(key="why", title=gettext_lazy("Justification"), value=lambda one: one.justification, hidden=True),
    ]


@page("standing_check")
def news(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ask again now, and show what was newly met; what was told before stands below it."""
    look = look_at_standing(desk.node, desk.actor, unseen_only=False)
    words, language = desk.node.vocabulary, desk.language

    def shown(one: News) -> dict[str, Any]:
        return {
            "news": one,
            "lines": hits.lines(one.statements, language, words),
            "address": f"{reverse('check.answer', args=[one.check])}#hit-{one.hit}",
            "ruled": hits.RULINGS.get(one.verdict or "", ""),
        }

    fresh = [shown(one) for one in look.told if one.new]
    before = [shown(one) for one in look.told if not one.new]
    return render(
        request,
        "web/standing/news.html",
        {"asked": look.asked, "earlier": look.earlier, "fresh": fresh, "before": before},
    )


@page("standing_check", methods=("POST",))
def end(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """End a standing check of one's own."""
    end_standing_check(desk.node, desk.actor, reference)
    messages.success(
        request,
        _("Ended: it is not asked again. What it told stays. To undo it, keep it anew."),
    )
    return redirect("standing")


@page("standing_check", methods=("POST",))
def forget(request: HttpRequest, desk: Desk) -> HttpResponse:
    """End all one's earlier checks without a hit."""
    count = forget_earlier_checks(desk.node, desk.actor)
    messages.success(
        request,
        ngettext(
            "One earlier check without a hit is forgotten here and not asked again.",
            "%(count)d earlier checks without a hit are forgotten here and not asked again.",
            count,
        )
        % {"count": count},
    )
    return redirect("standing")


urlpatterns = [
    path("standing/", standing, name="standing"),
    path("standing/news/", news, name="standing.news"),
    path("standing/forget/", forget, name="standing.forget"),
    path("standing/<str:reference>/end/", end, name="standing.end"),
]
