"""Mutual evaluations: which State stands where, what is due next, what was found, and what became of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.programme.evaluation_stages import due_label, stage_label, stages
from alidade.programme.register import said_in
from alidade.services.programme.evaluations import (
    BeginOrder,
    EvaluationLine,
    PlannedVisit,
    begin_evaluations,
    evaluations,
    move_evaluation,
    read_evaluation,
    take_back_evaluation,
)
from alidade.services.programme.rounds import rounds
from alidade.web.evaluation_acts import acts_now, refused, stage_after, takes_back, version_sent, whole
from alidade.web.evaluation_shown import country_names, evaluation_shown, needs_shown
from alidade.web.forms_of_evaluations import ReasonForm
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table

BY = {"state": gettext_lazy("the State visited"), "holder": gettext_lazy("the holder")}


@page("programme_read", personal=False)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The evaluations: what is late first."""
    table = Table(
        name="evaluations",
        caption=gettext_lazy("Mutual evaluations"),
        columns=_columns(desk),
        rows=evaluations(desk.node, desk.administrator),
        request=request,
        link=lambda line: reverse("evaluation", args=[line.kept.reference]),
        empty=gettext_lazy(
            "No State is being evaluated that you may see. An evaluation begins from a round of questions."
        ),
    )
    return render(request, "web/programme/evaluations.html", {"table": table, "holds": desk.may("round_manage")})


def _columns(desk: Desk) -> list[Column[EvaluationLine]]:
    countries, language = country_names(desk), desk.language

    def due(line: EvaluationLine) -> str:
        return "" if line.due is None else due_label(line.due.what, language)

    def day(line: EvaluationLine) -> Any:
        return "" if line.due is None else line.due.day or _("none set")

    def state(line: EvaluationLine) -> str:
        return _("late") if line.due is not None and line.due.late else ""

    return [
        Column(
            key="state",
            title=gettext_lazy("State visited"),
            value=lambda line: countries.get(line.kept.body.state, line.kept.body.state),
        ),
        Column(
            key="title", title=gettext_lazy("Evaluation"), value=lambda line: said_in(line.kept.body.title, language)[0]
        ),
        Column(
            key="stage",
            title=gettext_lazy("Stage"),
            value=lambda line: stage_label(line.kept.body.stage, language),
            sort=lambda line: list(stages()).index(line.kept.body.stage),
            kind="tag",
        ),
        Column(key="due", title=gettext_lazy("Next due"), value=due),
        Column(
            key="by",
            title=gettext_lazy("Due by"),
            value=lambda line: "" if line.due is None else BY[line.due.by],
            sort=lambda line: "" if line.due is None else line.due.by,
        ),
        Column(key="day", title=gettext_lazy("Day"), value=day, sort=lambda line: str(day(line)), kind="day"),
        Column(key="late", title=gettext_lazy("Late"), value=state, kind="alarm"),
        Column(
            key="visit",
            title=gettext_lazy("Visit"),
            value=lambda line: line.kept.body.visit_from or _("none set"),
            sort=lambda line: str(line.kept.body.visit_from or "9999"),
            kind="day",
        ),
        Column(key="authority", title=gettext_lazy("Held by"), value=lambda line: line.kept.authority, hidden=True),
    ]


@page("round_manage", personal=False)
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose the questionnaire, then the States and the days of their visits."""
    held = [line.kept for line in rounds(desk.node, desk.administrator) if line.own]
    wanted = request.POST.get("round") or request.GET.get("round", "")
    chosen = next((kept for kept in held if kept.reference == wanted), None)
    countries, refusal = country_names(desk), ""
    sent = request.POST
    if request.method == "POST" and chosen is not None and sent.get("do"):
        language = desk.language
        try:
            visits = [
                PlannedVisit(
                    state=state, visit_from=_day(sent.get(f"from-{state}")), visit_to=_day(sent.get(f"to-{state}"))
                )
                for state in chosen.body.states
                if f"state-{state}" in sent
            ]
            order = BeginOrder(round=chosen.reference, title={language: sent.get("title", "").strip()}, visits=visits)
            kept = begin_evaluations(desk.node, desk.administrator, order)
        except (Invalid, Conflict, NotFound) as error:
            refusal = whole(error)
        else:
            messages.success(request, _("Begun. All who see the questionnaire see that these States are evaluated."))
            return redirect("evaluation", kept[0]) if len(kept) == 1 else redirect("evaluations")
    shown = {
        "held": [(kept.reference, said_in(kept.body.title, desk.language)[0]) for kept in held],
        "chosen": chosen,
        "title": sent.get("title", "") or (said_in(chosen.body.title, desk.language)[0] if chosen else ""),
        "states": [
            {
                "code": state,
                "name": countries.get(state, state),
                "chosen": f"state-{state}" in sent,
                "from": sent.get(f"from-{state}", ""),
                "to": sent.get(f"to-{state}", ""),
            }
            for state in (chosen.body.states if chosen else ())
        ],
        "refusal": refusal,
    }
    return render(request, "web/programme/evaluation_begin.html", shown, status=422 if refusal else 200)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("A day of a visit cannot be read.", remedy="Choose it from the calendar.") from error


@page("programme_read", personal=False)
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One evaluation: where it stands, what is due, who visits, what was found, what became of it."""
    seen = read_evaluation(desk.node, desk.administrator, reference)
    shown = evaluation_shown(desk, seen) | {"acts": acts_now(desk, seen), "takes_back": takes_back(desk, seen)}
    return render(request, "web/programme/evaluation.html", shown)


@page("programme_read", personal=False)
def printed(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The evaluation on paper."""
    seen = read_evaluation(desk.node, desk.administrator, reference)
    now = desk.node.store.clock.now()
    return render(request, "web/programme/evaluation_print.html", evaluation_shown(desk, seen) | {"now": now})


@page("round_manage", personal=False)
def step(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take it to the next stage, or one back: what that needs, what it means, and why."""
    seen = read_evaluation(desk.node, desk.administrator, reference)
    if not seen.own:
        raise NotFound("There is nothing with this reference that you may see.")
    stage = seen.kept.body.stage
    order = list(stages())
    after = stage_after(stage)
    before = order[order.index(stage) - 1] if stages()[stage].back else None
    choices = [each for each in (after, before) if each is not None and each not in ("adopted", "follow_up")]
    if not choices:
        raise NotFound("There is nothing here that you may see.")
    wanted = request.POST.get("to", "")
    to = next((each for each in choices if each == wanted), choices[0])
    form = ReasonForm(request.POST or None)
    looked = False
    if request.method == "POST" and form.is_valid():
        if "keep" in request.POST:
            try:
                reason = form.cleaned_data["reason"]
                move_evaluation(desk.node, desk.administrator, reference, to, version_sent(request, seen), reason)
            except (Invalid, Conflict) as error:
                form.add_error(None, refused(error))
            else:
                messages.success(request, _("Done. All who see the evaluation see its stage and the reason."))
                return redirect("evaluation", reference)
        else:
            looked = True
    shown = evaluation_shown(desk, seen) | {
        "form": form,
        "choices": [(each, stage_label(each, desk.language)) for each in choices],
        "to": to,
        "to_label": stage_label(to, desk.language),
        "back": to == before,
        "needs": needs_shown(desk, seen),
        "looked": looked,
        "version": version_sent(request, seen),
    }
    return render(request, "web/programme/evaluation_move.html", shown, status=422 if form.errors else 200)


@page("round_manage", personal=False, methods=("POST",))
def take_back(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take back an evaluation begun by mistake."""
    try:
        take_back_evaluation(desk.node, desk.administrator, reference)
    except Conflict as error:
        messages.error(request, whole(error))
        return redirect("evaluation", reference)
    messages.success(request, _("Taken back. Nobody sees it any more."))
    return redirect("evaluations")


urlpatterns = [
    path("evaluations/", overview, name="evaluations"),
    path("evaluations/new/", begin, name="evaluations.begin"),
    path("evaluations/<str:reference>/", one, name="evaluation"),
    path("evaluations/<str:reference>/print/", printed, name="evaluation.print"),
    path("evaluations/<str:reference>/stage/", step, name="evaluation.move"),
    path("evaluations/<str:reference>/back/", take_back, name="evaluation.take-back"),
]
