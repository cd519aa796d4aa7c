"""Erasures: what was erased; and erasing a record, one property or a question, with what it will do said before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from alidade.model.errors import Invalid
from alidade.services.correcting import erase_question, erase_record
from alidade.services.erasures import DoneErasure, erasures, plan_of_question, plan_of_record
from alidade.web.errors import told
from alidade.web.forms import choices
from alidade.web.kept_filter import whole_number
from alidade.web.place import Desk, page
from alidade.web.stepping_up import fresh
from alidade.web.table import Column, Table

_PER_PAGE = 100


@page("erase")
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The erasures of one's own authority; and where one begins with a reference."""
    if request.method == "POST":
        reference = "".join(request.POST.get("reference", "").split()).casefold()
        what = "erasures.check" if request.POST.get("what") == "check" else "erasures.record"
        if len(reference) == 32 and all(letter in "0123456789abcdef" for letter in reference):
            return redirect(what, reference)
        return _draw(request, desk, wrong=True)
    return _draw(request, desk, wrong=False)


def _draw(request: HttpRequest, desk: Desk, *, wrong: bool) -> HttpResponse:
    start = whole_number(request, "from")
    found = erasures(desk.node, desk.actor, start=start, size=_PER_PAGE)
    words, language = desk.node.vocabulary, desk.language
    columns: list[Column[DoneErasure]] = [
        Column(key="at", title=_("Erased"), value=lambda row: row.erased_at, kind="moment", sortable=False),
        Column(
            key="what",
            title=_("What"),
            value=lambda row: ", ".join(
                [_("record %(id)s") % {"id": one[:8]} for one in row.records]
                + [_("question %(id)s") % {"id": one[:8]} for one in row.checks]
            ),
            sortable=False,
        ),
        Column(
            key="statements", title=_("Statements"), value=lambda row: row.statements, kind="number", sortable=False
        ),
        Column(
            key="reason",
            title=_("Reason"),
            value=lambda row: words.label("erasure_reasons", row.reason, language),
            sortable=False,
        ),
        Column(key="by", title=_("By"), value=lambda row: row.officer, sortable=False),
        Column(
            key="keys",
            title=_("Keys"),
            value=lambda row: _("destroyed") if row.complete else _("being destroyed"),
            sortable=False,
        ),
        Column(key="id", title=_("Reference"), value=lambda row: row.id, kind="code", hidden=True, sortable=False),
    ]
    table = Table(
        name="erasures",
        caption=_("Erasures of our authority, newest first"),
        columns=columns,
        rows=found.erasures,
        request=request,
        per_page=_PER_PAGE,
        empty=_("Nothing was erased yet. To erase, give the reference of a record or of a check above."),
    )
    shown = {
        "table": table,
        "wrong": wrong,
        "after": start + _PER_PAGE if start + _PER_PAGE < found.total else None,
        "before": max(0, start - _PER_PAGE) if start else None,
    }
    return render(request, "web/protect/erasures.html", shown, status=422 if wrong else 200)


@page("erase")
@fresh
def record(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What erasing one's own record will do, and doing it. `only` in the address names one property."""
    only = request.GET.get("only") or None
    wrong = ""
    if request.method == "POST":
        try:
            gone = erase_record(desk.node, desk.actor, reference, request.POST.get("reason", ""), only_property=only)
        except Invalid as error:
            wrong = told(error)[0]
        else:
            messages.success(
                request,
                _(
                    "%(statements)s statements were erased from rows, indexes and keys, and %(rows)s rows of reject"
                    " files. Backups can no longer be read there. It cannot be undone."
                )
                % {"statements": gone.statements, "rows": gone.reject_rows},
            )
            return redirect("erasures")
    plan = plan_of_record(desk.node, desk.actor, reference, only_property=only)
    shown: dict[str, Any] = {"plan": plan, "only": only, "wrong": wrong, "reasons": _reasons(desk)}
    shown["address"] = reverse("erasures.record", args=[reference])
    return render(request, "web/protect/erase_record.html", shown, status=422 if wrong else 200)


@page("erase")
@fresh
def check(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What erasing the question of a check will do, and doing it."""
    wrong = ""
    if request.method == "POST":
        try:
            erase_question(desk.node, desk.actor, reference, request.POST.get("reason", ""))
        except Invalid as error:
            wrong = told(error)[0]
        else:
            messages.success(
                request,
                _("The question and the body of its ledger entry were erased. It cannot be undone."),
            )
            return redirect("erasures")
    plan = plan_of_question(desk.node, desk.actor, reference)
    shown = {"plan": plan, "wrong": wrong, "reasons": _reasons(desk)}
    return render(request, "web/protect/erase_question.html", shown, status=422 if wrong else 200)


def _reasons(desk: Desk) -> list[tuple[str, str]]:
    return choices(desk.node.vocabulary, "erasure_reasons", desk.language)


urlpatterns = [
    path("erasures/", listed, name="erasures"),
    path("erasures/record/<str:reference>/", record, name="erasures.record"),
    path("erasures/check/<str:reference>/", check, name="erasures.check"),
]
