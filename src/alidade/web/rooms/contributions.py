"""What we gave: each contribution with its records and state, withdrawn here; and what waits for a category."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.model.errors import AlidadeError, NotFound
from alidade.services.contributions import Given, GivenRecord, contribution, contributions
from alidade.services.correcting import Waiting, categorise, waiting_for_category, withdraw
from alidade.web.forms import choices
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import thing as thing_word
from alidade.web.told import told

STATES = {
    "active": gettext_lazy("in force"),
    "withdrawn": gettext_lazy("withdrawn"),
    "quarantined": gettext_lazy("waits for a category"),
    "delisted": gettext_lazy("delisted"),
    "erased": gettext_lazy("erased"),
}
_MOST_AT_ONCE = 200


@page("feedback_read")
def given(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every contribution of one's own authority, newest first."""
    columns: list[Column[Given]] = [
        Column(key="title", title=gettext_lazy("Title"), value=lambda one: one.title or one.reference[:8]),
        Column(key="at", title=gettext_lazy("Given"), value=lambda one: one.given_at, kind="moment"),
        Column(key="records", title=gettext_lazy("Records"), value=lambda one: one.records, kind="number"),
        Column(
            key="state", title=gettext_lazy("State"), value=lambda one: STATES.get(one.state, one.state), kind="tag"
        ),
        Column(key="list", title=gettext_lazy("List"), value=lambda one: one.source_list),
        Column(key="by", title=gettext_lazy("By"), value=lambda one: one.officer),
    ]
    table = Table(
        name="given",
        caption=gettext_lazy("What we gave"),
        columns=columns,
        rows=contributions(desk.node, desk.actor),
        request=request,
        link=lambda one: reverse("contributions.given", args=[one.reference]),
        empty=gettext_lazy("Your authority has given nothing yet that you may see."),
    )
    return render(request, "web/contributions/list.html", {"table": table})


def _state(code: str) -> object:
    return STATES.get(code, code)


@page("feedback_read")
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One contribution: what it says, what became of it, and how to withdraw it."""
    if request.method == "POST":
        return _withdraw(request, desk, reference)
    found = contribution(desk.node, desk.actor, reference)
    columns: list[Column[GivenRecord]] = [
        Column(key="called", title=gettext_lazy("Record"), value=lambda each: each.called or each.reference[:8]),
        Column(key="thing", title=gettext_lazy("What it is"), value=lambda each: thing_word(each.thing)),
        Column(key="state", title=gettext_lazy("State"), value=lambda each: STATES.get(each.state, each.state),
               kind="tag"),
    ]  # fmt: skip
    table = Table(
        name="records",
        caption=gettext_lazy("Records"),
        columns=columns,
        rows=found.records,
        request=request,
        link=lambda each: reverse("record", args=[each.reference]),
    )
    shown = {
        "given": found.given,
        "state": STATES.get(found.given.state, found.given.state),
        "table": table,
        "shown": len(found.records),
        "withdrawable": found.withdrawable and desk.may("withdraw"),
        "reasons": choices(desk.node.vocabulary, "withdrawal_reasons", desk.language),
        "feedback": desk.may("feedback_read"),
    }
    return render(request, "web/contributions/one.html", shown)


def _withdraw(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    if not desk.may("withdraw"):
        raise NotFound("There is nothing here that you may see.")
    count = withdraw(desk.node, desk.actor, reference, request.POST.get("reason", ""))
    said = ngettext(
        "Withdrawn: %(count)d statement. Nobody finds or reads it any more; it stays as evidence until it is erased.",
        "Withdrawn: %(count)d statements. Nobody finds or reads them any more; they stay as evidence until erased.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("contributions.given", reference)


@page("categorise")
def quarantine(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Records that nobody finds until somebody says what kind of person each is about."""
    said, status = "", 200
    if request.method == "POST":
        chosen, category = request.POST.getlist("chosen")[:_MOST_AT_ONCE], request.POST.get("category", "")
        said = _categorise(request, desk, chosen, category)
        if not said:
            return redirect("quarantine")
        status = 422
    columns: list[Column[Waiting]] = [
        Column(key="key", title=gettext_lazy("Number in its list"), value=lambda each: each.source_key),
        Column(key="thing", title=gettext_lazy("What it is"), value=lambda each: thing_word(each.thing)),
        Column(key="record", title=gettext_lazy("Reference"), value=lambda each: each.record[:8]),
    ]
    table = Table(
        name="quarantine",
        caption=gettext_lazy("Waiting for a category"),
        columns=columns,
        rows=waiting_for_category(desk.node, desk.actor),
        request=request,
        link=lambda each: reverse("record", args=[each.record]),
        selects=lambda each: each.record,
        empty=gettext_lazy("Nothing waits. Persons that are given without their category would stand here."),
    )
    shown = {
        "table": table,
        "said": said,
        "categories": choices(desk.node.vocabulary, "subject_categories", desk.language, empty=_("Choose one")),
    }
    return render(request, "web/contributions/quarantine.html", shown, status=status)


def _categorise(request: HttpRequest, desk: Desk, chosen: list[str], category: str) -> str:
    """State the category of what was chosen; what is wrong, where it could not be done."""
    if not chosen or not category:
        return _("Choose the records and the category.")
    left_out = 0
    for record in chosen:
        try:
            left_out += len(categorise(desk.node, desk.actor, record, category).problems)
        except AlidadeError as error:
            return " ".join(told(error)).strip()
    said = ngettext("%(count)d record can be found now.", "%(count)d records can be found now.", len(chosen)) % {
        "count": len(chosen)
    }
    if left_out:
        said += " " + ngettext(
            "%(count)d value was left out: the law does not let it be kept about such persons.",
            "%(count)d values were left out: the law does not let them be kept about such persons.",
            left_out,
        ) % {"count": left_out}
    messages.success(request, said)
    return ""


urlpatterns = [
    path("contributions/", given, name="contributions"),
    path("contributions/<str:reference>/", one, name="contributions.given"),
    path("quarantine/", quarantine, name="quarantine"),
]
