"""Erasures: what was erased; and erasing a record, one property or a question, with what it will do said before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.services.correcting import erase_question, erase_record
from alidade.services.erasures import DoneErasure, erasures, plan_of_question, plan_of_record
from alidade.services.exchange.holding import (
    LIST,
    end_hold,
    erase_after_all,
    held_records,
    hold_record,
    keep_because,
    orders_to_answer,
)
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
    if request.method == "POST" and request.POST.get("what") in ("hold", "release", "keep", "erase"):
        try:
            _answer(request, desk)
        except (Invalid, Conflict, NotFound) as error:
            return _draw(request, desk, wrong=False, refusal=" ".join(part for part in told(error) if part))
        return redirect("erasures")
    if request.method == "POST":
        reference = "".join(request.POST.get("reference", "").split()).casefold()
        what = "erasures.check" if request.POST.get("what") == "check" else "erasures.record"
        if len(reference) == 32 and all(letter in "0123456789abcdef" for letter in reference):
            return redirect(what, reference)
        return _draw(request, desk, wrong=True)
    return _draw(request, desk, wrong=False)


def _answer(request: HttpRequest, desk: Desk) -> None:
    """What a person decides of records that other authorities want erased."""
    act, because = request.POST.get("what", ""), request.POST.get("because", "")
    reference = "".join(request.POST.get("reference", "").split()).casefold()
    peer, order = AuthorityId(request.POST.get("peer", "")), request.POST.get("order", "")
    if act == "hold":
        hold_record(desk.node, desk.actor, reference, because, _day(request.POST.get("until", "")))
        messages.success(request, _("Held: an order to erase it waits for an answer of ours."))
    elif act == "release":
        end_hold(desk.node, desk.actor, reference)
        messages.success(request, _("It is held no longer."))
    elif act == "keep":
        keep_because(desk.node, desk.actor, peer, order, because)
        messages.success(request, _("Answered: it is kept, and why."))
    else:
        erase_after_all(desk.node, desk.actor, peer, order)
        messages.success(request, _("Erased, and answered."))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("A day is written YYYY-MM-DD.", remedy="For example: 2027-06-30.", code="day") from None


def _draw(request: HttpRequest, desk: Desk, *, wrong: bool, refusal: str = "") -> HttpResponse:
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
    shown: dict[str, Any] = {
        "table": table,
        "wrong": wrong,
        "after": start + _PER_PAGE if start + _PER_PAGE < found.total else None,
        "before": max(0, start - _PER_PAGE) if start else None,
    }
    shown |= {
        "refusal": refusal,
        "orders": orders_to_answer(desk.node, desk.actor),
        "held": [(each, words.label(LIST, each.because, language)) for each in held_records(desk.node, desk.actor)],
        "keeping": choices(words, LIST, language),
    }
    return render(request, "web/protect/erasures.html", shown, status=422 if wrong or refusal else 200)


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
