"""My day: what waits; the box of the top line; who stands in; which records are due for review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid
from alidade.model.ids import OfficerId
from alidade.services.day import Day, my_day
from alidade.services.deputies import colleagues, deputies, end_deputy, hand_over, name_deputy
from alidade.services.desk_terms import desk_terms
from alidade.services.jump import Jump, jump
from alidade.services.reviews import Due, reviews_due, state_again
from alidade.services.threads.inbox import counts as thread_counts
from alidade.web import hits
from alidade.web.forms import Form
from alidade.web.frame import rooms_of
from alidade.web.place import Desk, page
from alidade.web.rooms.check import CheckForm, draw_form, refuse
from alidade.web.round_piles import round_piles
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import thing

_LEADS = {
    "check": "check.answer",
    "standing": "check.answer",
    "hit": "hits.hit",
    "contribution": "feedback.one",
    "record": "record",
}


@page(personal=False)
def day(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for the officer: counts and references; content is on the pages that they lead to."""
    threads = _threads(desk)
    found = my_day(desk.node, desk.administrator)
    piles = [*threads, *round_piles(desk), *_piles(found)]
    shown = {"day": found, "piles": piles, "hits": _hits(found), "term": desk_terms().review_notice_days}
    return render(request, "web/my_day/day.html", shown)


def _piles(found: Day) -> list[dict[str, Any]]:
    """What waits, each with the page that it leads to; what is not the officer's business is absent."""
    mine = None if found.hits is None else len(found.hits)
    piles = (
        (mine, gettext_lazy("hits to judge"), "hits"),
        (found.notices, gettext_lazy("new notices: others asked about ours"), "notices"),
        (found.standing_news, gettext_lazy("new from standing checks"), "standing.news"),
        (found.question_news, gettext_lazy("new from standing questions"), "question"),
        (found.feedback, gettext_lazy("new in the feedback"), "feedback"),
        (found.reviews, gettext_lazy("records due for review"), "my-day.reviews"),
        (found.quarantined, gettext_lazy("records waiting for a category"), "quarantine"),
        (found.drafts, gettext_lazy("drafts"), "contribute"),
        (found.jobs, gettext_lazy("jobs running"), "import"),
        (found.proposals, gettext_lazy("proposals waiting for your authority"), "consent"),
    )
    return [{"count": n, "title": title, "address": address_of(name)} for n, title, name in piles if n is not None]


def _threads(desk: Desk) -> list[dict[str, Any]]:
    """What the exchange asks for today; it stands first, since it expires."""
    if not desk.may("thread_read"):
        return []
    found = thread_counts(desk.node, desk.administrator)
    piles = (
        (found.overdue, gettext_lazy("deadlines of exchanges are over"), "?folder=all", "inbox"),
        (found.today, gettext_lazy("deadlines of exchanges end today"), "?folder=all", "inbox"),
        (found.mine, gettext_lazy("exchanges on my desk"), "", "inbox"),
        (found.to_approve, gettext_lazy("drafts waiting for a second officer"), "", "inbox.approve"),
        (found.returned, gettext_lazy("drafts that came back to me"), "", "inbox.approve"),
    )
    return [
        {"count": count, "title": title, "address": f"{reverse(name)}{query}", "late": number == 0 and count}
        for number, (count, title, query, name) in enumerate(piles)
        if count or number == 2
    ]


def _hits(found: Day) -> dict[str, int]:
    counts = {"mine": 0, "unit": 0, "deputy": 0, "authority": 0}
    for hit in found.hits or ():
        counts[hit.whose] += 1
    return counts


def address_of(name: str) -> str:
    """The address of a page; empty where it is not built."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@page(personal=False, methods=("POST",))
def leap(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was typed into the box of the top line: said, and gone to."""
    typed = request.POST.get("text", "")[:512]
    commands = {str(leaf["title"]).casefold(): leaf["name"] for room in rooms_of(desk, "") for leaf in room["leaves"]}
    found = jump(desk.node, desk.administrator, typed, commands)
    if found.what == "command":
        return redirect(found.target)
    if found.what in _LEADS and (address := _lead(found)):
        return redirect(address)
    if found.what in ("identifier", "name") and desk.may("check"):
        return _to_check(request, desk, found, typed)
    return render(request, "web/my_day/jump.html", {"found": found}, status=404)


def _lead(found: Jump) -> str:
    if found.what == "record":
        return hits.record_address(found.target)
    return reverse(_LEADS[found.what], args=[found.target])


def _to_check(request: HttpRequest, desk: Desk, found: Jump, typed: str) -> HttpResponse:
    """The box of the check with what was typed: nothing is asked before the officer sends it."""
    said = _("Understood as a name. Nothing was asked yet.")
    if found.what == "identifier":
        kind = hits.kind_word(found.kind, desk.language, desk.node.vocabulary)
        said = _("Understood as: %(kind)s %(shown)s. Nothing was asked yet.") % {"kind": kind, "shown": found.shown}
    return draw_form(request, CheckForm(initial={"text": typed.strip()}, desk=desk), said=said)


class DeputyForm(Form):
    """Who stands in, and for how long."""

    colleague = forms.ChoiceField(label=gettext_lazy("Colleague"))
    since = forms.CharField(
        label=gettext_lazy("From"), required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.CharField(label=gettext_lazy("Until"), max_length=10, widget=forms.DateInput(attrs={"type": "date"}))


class HandOverForm(Form):
    """Who takes over."""

    colleague = forms.ChoiceField(label=gettext_lazy("Colleague"))
    sure = forms.BooleanField(
        label=gettext_lazy("My standing checks and drafts become the colleague's, asked with the colleague's rights.")
    )


@page("deputy_set", personal=False)
def stand_in(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Name a deputy for a time, or hand everything open over."""
    actor = desk.administrator
    people = [(name, name) for name in colleagues(desk.node, actor)]
    act = request.POST.get("act", "")
    naming = DeputyForm(request.POST if act == "name" else None, prefix="name")
    giving = HandOverForm(request.POST if act == "hand_over" else None, prefix="give")
    for form in (naming, giving):
        form.fields["colleague"].choices = people  # type: ignore[attr-defined]  # a ChoiceField
    if act == "name" and naming.is_valid():
        chosen = naming.cleaned_data
        try:
            name_deputy(
                desk.node, actor, OfficerId(chosen["colleague"]), chosen["until"], since=chosen["since"] or None
            )
            messages.success(request, _("Named. The colleague sees what is open on your desk, with his own rights."))
            return redirect("my-day.deputies")
        except Invalid as error:
            refuse(naming, error)
    elif act == "hand_over" and giving.is_valid():
        given = hand_over(desk.node, actor, OfficerId(giving.cleaned_data["colleague"]))
        messages.success(
            request,
            _("Handed over: %(checks)d standing checks, %(drafts)d drafts. The colleague can hand them back.")
            % {"checks": given.standing_checks, "drafts": given.drafts},
        )
        return redirect("my-day.deputies")
    shown = {
        "naming": naming,
        "giving": giving,
        "named": deputies(desk.node, actor),
        "term": desk_terms().deputy_days,
    }
    wrong = bool(naming.errors or giving.errors)
    return render(request, "web/my_day/deputies.html", shown, status=422 if wrong else 200)


@page("deputy_set", personal=False, methods=("POST",))
def end_stand_in(request: HttpRequest, desk: Desk) -> HttpResponse:
    """End a deputy before the day."""
    end_deputy(desk.node, desk.administrator, OfficerId(request.POST.get("deputy", "")))
    messages.success(request, _("Ended: the colleague no longer sees your desk."))
    return redirect("my-day.deputies")


@page("notices_read")
def reviews(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One's own records whose day of review or expiry comes near: state again, withdraw, or erase."""
    columns: list[Column[Due]] = [
        Column(
            key="record", title=gettext_lazy("Our record"), value=lambda due: f"{thing(due.thing)} {due.record[:8]}"
        ),
        Column(
            key="kind",
            title=gettext_lazy("What is due"),
            value=lambda due: _("Review") if due.kind == "review" else _("Expiry"),
        ),
        Column(key="day", title=gettext_lazy("Day"), value=lambda due: due.day, kind="day"),
        Column(
            key="passed", title=gettext_lazy("Passed"), value=lambda due: _("passed") if due.passed else "", kind="tag"
        ),
        Column(key="list", title=gettext_lazy("List"), value=lambda due: due.source_list),
        Column(key="key", title=gettext_lazy("Key in the list"), value=lambda due: due.source_key),
    ]
    table = Table(
        name="reviews",
        caption=gettext_lazy("Records due for review"),
        columns=columns,
        rows=reviews_due(desk.node, desk.actor),
        request=request,
        link=(lambda due: hits.record_address(due.record)) if desk.may("record_read") else None,
        selects=(lambda due: due.record) if desk.may("contribute") else None,
        empty=gettext_lazy("No record of ours is due. Give a day of review with what you contribute."),
    )
    return render(request, "web/my_day/reviews.html", {"table": table, "term": desk_terms().review_notice_days})


@page("contribute", methods=("POST",))
def again(request: HttpRequest, desk: Desk) -> HttpResponse:
    """State the chosen records again with a later day."""
    chosen = list(dict.fromkeys(request.POST.getlist("chosen")))
    until = request.POST.get("until", "") or None
    actor = desk.actor
    for record in chosen:
        state_again(desk.node, actor, record, review_on=until, expires_on=until)
    if chosen:
        messages.success(
            request,
            _("Stated again: %(count)d records, to be reviewed on %(day)s. What stood before is superseded.")
            % {"count": len(chosen), "day": until},
        )
    return redirect("my-day.reviews")


urlpatterns = [
    path("my-day/", day, name="my-day"),
    path("my-day/deputies/", stand_in, name="my-day.deputies"),
    path("my-day/deputies/end/", end_stand_in, name="my-day.end-deputy"),
    path("my-day/reviews/", reviews, name="my-day.reviews"),
    path("my-day/reviews/again/", again, name="my-day.again"),
    path("jump/", leap, name="jump"),
]
