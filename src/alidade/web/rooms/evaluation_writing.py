"""Mutual evaluations, written: the visit and its team, the draft, the comments of the State, adoption and follow-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.programme.evaluation_pieces import Comments, DraftReport, Expert
from alidade.programme.evaluation_stages import Allowed, stages
from alidade.programme.evaluations import follow_up_day
from alidade.programme.register import said_in
from alidade.programme.rounds import Recommendation
from alidade.services.directory_entries import directory_entries
from alidade.services.programme.evaluation_reports import adopt_report, comment_on_draft, keep_draft, open_follow_up
from alidade.services.programme.evaluation_seen import Evaluated
from alidade.services.programme.evaluations import change_plan, read_evaluation
from alidade.web.evaluation_acts import groups_to_ask, refused, version_sent
from alidade.web.evaluation_shown import addressee_name, country_names, evaluation_shown, needs_shown
from alidade.web.forms_of_evaluations import (
    FREE_ROWS,
    AdoptForm,
    CommentForm,
    DraftForm,
    FollowUpForm,
    PlanForm,
    drafted_rows,
    experts_of,
    plan_initial,
    recommendations_of,
)
from alidade.web.place import Desk, page

FOUR_WEEKS = dt.timedelta(weeks=4)
GROUPS = {"visited": gettext_lazy("to the State visited"), "others": gettext_lazy("to other States")}


def _held(desk: Desk, reference: str, allowed: Allowed | None = None) -> Evaluated:
    """An evaluation of one's own authority, at a stage that allows this; else the page is absent."""
    seen = read_evaluation(desk.node, desk.administrator, reference)
    if not seen.own or (allowed is not None and allowed not in stages()[seen.kept.body.stage].allows):
        raise NotFound("There is nothing with this reference that you may see.")
    return seen


@page("round_manage", personal=False)
def plan(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The days of the visit, who comes, who observes, and the days ahead."""
    seen = _held(desk, reference, "plan")
    course = seen.kept.body
    form = PlanForm(request.POST or None, initial=plan_initial(course))
    experts: Sequence[Expert] = course.experts
    if request.method == "POST":
        experts = experts_of(request.POST)
        if form.is_valid() and "keep" in request.POST:
            try:
                found = form.plan(experts)
                reason = form.cleaned_data["reason"]
                change_plan(desk.node, desk.administrator, reference, found, version_sent(request, seen), reason)
            except (Invalid, Conflict, NotFound) as error:
                form.add_error(None, refused(error) if not isinstance(error, NotFound) else error.message)
            else:
                messages.success(request, _("Kept. All who see the evaluation see visit and team; the calendar too."))
                return redirect("evaluation", reference)
    choices = _who(desk, course.state)
    named = dict(choices)
    codes = [f"a:{each.authority}" if each.authority else f"s:{each.state}" for each in experts]
    rows = [(place, codes[place], each.field) for place, each in enumerate(experts)]
    shown = evaluation_shown(desk, seen) | {
        "form": form,
        "rows": [*rows, *((len(rows) + free, "", "") for free in range(FREE_ROWS))],
        "who": choices,
        "version": version_sent(request, seen),
        "looked": request.method == "POST" and form.is_valid(),
        "team_looked": [(named.get(code, code), field) for _place, code, field in rows],
    }
    return render(request, "web/programme/evaluation_plan.html", shown, status=422 if form.errors else 200)


def _who(desk: Desk, visited: str) -> list[tuple[str, str]]:
    """Authorities first, then States, without the one that is visited."""
    entries = directory_entries(desk.node, desk.administrator)
    states = country_names(desk)
    alpha2 = {code: each.alpha3 for code, each in desk.node.vocabulary.countries.items()}
    ours = [
        (f"a:{each.id}", f"{each.name} ({each.state})")
        for each in entries
        if alpha2.get(each.state or "", visited) != visited
    ]
    listed = sorted((name, code) for code, name in states.items() if code != visited)
    return [*ours, *((f"s:{code}", name) for name, code in listed)]


@page("round_manage", personal=False)
def draft(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The draft report: what the team found, what works well, what it recommends and to whom."""
    seen = _held(desk, reference, "draft")
    before = seen.draft.body if seen.draft is not None else DraftReport(evaluation=reference)
    number = seen.draft.version if seen.draft is not None else 0
    state, language = seen.kept.body.state, desk.language
    form = DraftForm(request.POST or None, initial=DraftForm.initial_of(before, language))
    written: DraftReport | None = None
    rows = drafted_rows(before, state, language)
    if request.method == "POST":
        told = recommendations_of(request.POST, before, state, language)
        rows = drafted_rows(DraftReport(evaluation=reference, recommendations=tuple(told)), state, language)
        stated = request.POST.get("version", "")
        number = int(stated) if stated.isdigit() else number
        if form.is_valid():
            written = form.draft(reference, before, told, language)
            if "keep" in request.POST:
                try:
                    keep_draft(desk.node, desk.administrator, written, number, form.cleaned_data["reason"])
                except (Invalid, Conflict) as error:
                    form.add_error(None, refused(error))
                else:
                    messages.success(
                        request, _("Kept. The team sees it, and from the stage of the draft the State visited.")
                    )
                    return redirect("evaluation", reference)
    shown = evaluation_shown(desk, seen) | {"form": form, "rows": rows, "version": number, "ways": _ways(desk, seen)}
    shown["looked"] = None if written is None else _draft_looked(desk, written)
    return render(request, "web/programme/evaluation_draft.html", shown, status=422 if form.errors else 200)


def _ways(desk: Desk, seen: Evaluated) -> list[tuple[str, str]]:
    state = seen.kept.body.state
    return [
        ("visited", country_names(desk).get(state, state)),
        ("others", _("all other States")),
        ("body", _("a body, or one State")),
    ]


def _draft_looked(desk: Desk, written: DraftReport) -> dict[str, Any]:
    def told(each: Recommendation) -> tuple[str, str, str]:
        return each.number, addressee_name(desk, each), said_in(each.text, desk.language)[0]

    return {
        "findings": [said_in(each, desk.language)[0] for each in written.findings],
        "good_practices": [said_in(each, desk.language)[0] for each in written.good_practices],
        "recommendations": [told(each) for each in written.recommendations],
    }


@page("round_answer", personal=False)
def comment(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What the State visited says of the draft."""
    seen = read_evaluation(desk.node, desk.administrator, reference)
    course, language = seen.kept.body, desk.language
    if not seen.of_state or seen.draft is None or "comment" not in stages()[course.stage].allows:
        raise NotFound("There is nothing with this reference that you may see.")
    own = next((each for each in seen.comments if each.authority == desk.authority.id), None)
    before = None if own is None else own.body
    version = 0 if own is None else own.version
    initial = {} if before is None else {"text": said_in(before.text, language)[0], "none": before.none}
    form = CommentForm(request.POST or None, initial=initial)
    filled: Comments | None = before
    if request.method == "POST" and form.is_valid():
        filled = form.comments(reference, course.state, request.POST, before, language)
        stated = request.POST.get("version", "")
        version = int(stated) if stated.isdigit() else version
        if "keep" in request.POST:
            try:
                comment_on_draft(desk.node, desk.administrator, filled, version)
            except (Invalid, Conflict) as error:
                form.add_error(None, refused(error))
            else:
                messages.success(request, _("Kept. The holder of the evaluation and the team see it."))
                return redirect("evaluation", reference)
    on = {} if filled is None else {key: said_in(texts, language)[0] for key, texts in filled.on.items()}
    shown = evaluation_shown(desk, seen) | {
        "form": form,
        "version": version,
        "lines": [
            (each.number, addressee_name(desk, each), said_in(each.text, language)[0], on.get(each.number, ""))
            for each in seen.draft.body.recommendations
        ],
        "looked": request.method == "POST" and form.is_valid(),
    }
    return render(request, "web/programme/evaluation_comment.html", shown, status=422 if form.errors else 200)


@page("round_manage", personal=False)
def adopt(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Adopt the report: on which day, as which document; what that makes of the recommendations."""
    seen = _held(desk, reference)
    if seen.kept.body.stage != "draft" or not desk.may("programme_write"):
        raise NotFound("There is nothing with this reference that you may see.")
    form = AdoptForm(request.POST or None)
    looked: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        adoption = form.adoption()
        if "keep" in request.POST:
            try:
                reason = form.cleaned_data["reason"]
                adopt_report(desk.node, desk.administrator, reference, adoption, version_sent(request, seen), reason)
            except (Invalid, Conflict) as error:
                form.add_error(None, refused(error))
            else:
                messages.success(request, _("Adopted. The recommendations stand in the register of measures."))
                return redirect("evaluation", reference)
        else:
            count = len(seen.draft.body.recommendations) if seen.draft is not None else 0
            looked = {"count": count, "number": adoption.document.number, "due": follow_up_day(adoption.day)}
    shown = evaluation_shown(desk, seen) | {
        "form": form,
        "needs": needs_shown(desk, seen),
        "looked": looked,
        "version": version_sent(request, seen),
    }
    return render(request, "web/programme/evaluation_adopt.html", shown, status=422 if form.errors else 200)


@page("round_manage", personal=False)
def follow_up(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Ask what became of the recommendations, by a round with one question for each."""
    seen = _held(desk, reference, "follow_up")
    course = seen.kept.body
    groups = [(group, GROUPS[group]) for group in groups_to_ask(seen)]
    if not groups or course.adopted_on is None or course.report is None:
        raise NotFound("There is nothing with this reference that you may see.")
    today = desk.node.store.clock.now().date()
    title = _("Follow-up of %(number)s") % {"number": course.report.number}
    initial = {"title": title, "cut_off": max(follow_up_day(course.adopted_on), today + FOUR_WEEKS)}
    others = [(code[2:], name) for code, name in _who(desk, course.state) if code.startswith("a:")]
    form = FollowUpForm(request.POST or None, groups=groups, others=others, initial=initial)
    looked: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        order = form.order(today, desk.language)
        if "keep" in request.POST:
            try:
                reason = form.cleaned_data["reason"]
                open_follow_up(desk.node, desk.administrator, reference, order, version_sent(request, seen), reason)
            except (Invalid, Conflict, NotFound) as error:
                form.add_error(None, refused(error) if not isinstance(error, NotFound) else error.message)
            else:
                messages.success(request, _("Opened. Those who are asked find it among their rounds."))
                return redirect("evaluation", reference)
        else:
            asked = list(order.asked) or (list(course.asked) if order.to == "visited" else [])
            looked = {"asked": asked, "cut_off": order.cut_off, "group": GROUPS[order.to]}
            lines = evaluation_shown(desk, seen)["recommendations"]
            looked["recommendations"] = [each for each in lines if each["group"] == order.to]
    shown = evaluation_shown(desk, seen) | {"form": form, "looked": looked, "version": version_sent(request, seen)}
    return render(request, "web/programme/evaluation_follow_up.html", shown, status=422 if form.errors else 200)


urlpatterns = [
    path("evaluations/<str:reference>/plan/", plan, name="evaluation.plan"),
    path("evaluations/<str:reference>/draft/", draft, name="evaluation.draft"),
    path("evaluations/<str:reference>/comment/", comment, name="evaluation.comment"),
    path("evaluations/<str:reference>/adopt/", adopt, name="evaluation.adopt"),
    path("evaluations/<str:reference>/follow-up/", follow_up, name="evaluation.follow-up"),
]
