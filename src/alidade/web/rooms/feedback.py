"""Feedback: what became of each contribution of one's own authority."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.services.feedback import Fate, Met, Use, feedback_on
from alidade.services.feedback import feedback as read_feedback
from alidade.web import hits
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import thing, word


@page("feedback_read")
def feedback(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every contribution with what became of it, in numbers."""
    columns: list[Column[Fate]] = [
        Column(key="title", title=gettext_lazy("Contribution"), value=lambda fate: fate.title or fate.contribution[:8]),
        Column(key="given", title=gettext_lazy("Given"), value=lambda fate: fate.given_at.date(), kind="day"),
        Column(key="became", title=gettext_lazy("What became of it"), value=_became, sort=lambda fate: fate.matched),
        Column(key="records", title=gettext_lazy("Records"), value=lambda fate: fate.records, kind="number"),
        Column(key="matched", title=gettext_lazy("Met"), value=lambda fate: fate.matched, kind="number"),
        Column(key="same", title=gettext_lazy("Same"), value=lambda fate: fate.same, kind="number"),
        Column(key="other", title=gettext_lazy("Not the same"), value=lambda fate: fate.not_the_same, kind="number"),
        Column(key="unsure", title=gettext_lazy("Unsure"), value=lambda fate: fate.unsure, kind="number"),
        Column(key="waiting", title=gettext_lazy("Not ruled"), value=lambda fate: fate.not_ruled, kind="number"),
        Column(key="released", title=gettext_lazy("Released"), value=lambda fate: fate.released, kind="number"),
        Column(key="used", title=gettext_lazy("Taken out"), value=lambda fate: fate.taken_out, kind="number"),
        Column(key="list", title=gettext_lazy("List or file"), value=lambda fate: fate.source_list or fate.file_name,
               hidden=True),
        Column(key="officer", title=gettext_lazy("Officer"), value=lambda fate: fate.officer, hidden=True),
    ]  # fmt: skip
    table = Table(
        name="feedback",
        caption=gettext_lazy("What became of what we gave"),
        columns=columns,
        rows=read_feedback(desk.node, desk.actor),
        request=request,
        link=lambda fate: reverse("feedback.one", args=[fate.contribution]),
        empty=gettext_lazy("Your authority has given nothing yet that you may see. Contribute, or bring a list."),
    )
    return render(request, "web/feedback/list.html", {"table": table})


def _became(fate: Fate) -> str:
    if fate.state == "withdrawn":
        return _("withdrawn")
    if not fate.checks:
        return _("not matched yet")
    return _("matched by %(who)s") % {"who": ", ".join(fate.askers)}


@page("feedback_read")
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One contribution: who met it, how they ruled, who may do more with it, who took it out."""
    detail = feedback_on(desk.node, desk.actor, reference)
    columns: list[Column[Met]] = [
        Column(key="record", title=gettext_lazy("Our record"), value=lambda m: f"{thing(m.thing)} {m.record[:8]}"),
        Column(key="asked", title=gettext_lazy("Asked"), value=lambda m: m.asked_at, kind="moment"),
        Column(key="asker", title=gettext_lazy("Authority"), value=lambda m: m.asker),
        Column(key="purpose", title=gettext_lazy("Purpose"), value=lambda m: word(m.purpose, "purposes")),
        Column(key="told", title=gettext_lazy("What they were told"), value=_told),
        Column(key="ruled", title=gettext_lazy("Ruled"), value=_ruled),
    ]
    table = Table(
        name="met",
        caption=gettext_lazy("Who met it"),
        columns=columns,
        rows=detail.met,
        request=request,
        link=(lambda met: hits.record_address(met.record)) if desk.may("record_read") else None,
        empty=gettext_lazy("Not matched yet. You are told here when a check of others meets it."),
    )
    uses: Table[Use] = Table(
        name="uses",
        caption=gettext_lazy("Who took it out"),
        columns=[
            Column(key="who", title=gettext_lazy("Authority"), value=lambda use: use.authority),
            Column(key="when", title=gettext_lazy("Taken out"), value=lambda use: use.at, kind="moment"),
            Column(key="why", title=gettext_lazy("Purpose"), value=lambda use: word(use.purpose, "purposes")),
            Column(key="records", title=gettext_lazy("Records"), value=lambda use: use.records, kind="number"),
        ],
        rows=detail.uses,
        request=request,
        empty=gettext_lazy("Nobody has taken anything of it out."),
    )
    rulings = [(hits.RULINGS.get(each.ruling, each.ruling), each) for each in detail.judgements]
    shown = {"detail": detail, "fate": detail.fate, "table": table, "uses": uses, "judgements": rulings}
    return render(request, "web/feedback/one.html", shown)


def _told(met: Met) -> str:
    if met.silent:
        return _("nothing: met in silence")
    return _("the content") if met.content else _("that there is something, and whom to ask")


def _ruled(met: Met) -> str:
    if met.ruling is None:
        return _("cannot: they do not know") if met.silent else _("not yet")
    return f"{hits.RULINGS[met.ruling]} ({word(met.reason, 'verdict_reasons')})"


urlpatterns = [
    path("feedback/", feedback, name="feedback"),
    path("feedback/<str:reference>/", one, name="feedback.one"),
]
