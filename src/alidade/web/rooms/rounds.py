"""Rounds: hold one, answer it for one's State, see who is silent, compare it with the one before."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.register import said_in
from alidade.programme.reminding import reminder_days
from alidade.programme.rounds import Question, Round
from alidade.services.directory_entries import directory_entries
from alidade.services.programme.delegating import delegated
from alidade.services.programme.register import papers, read_paper
from alidade.services.programme.reminding import Reminded, remind, reminders, rounds_waiting
from alidade.services.programme.rounds import (
    Held,
    RoundLine,
    close_round,
    hold_round,
    questions_of,
    read_round,
    rounds,
)
from alidade.services.programme.translating import translations_waiting
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.forms_of_programme import split
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table

SIGNS = {
    "done": "●",
    "partly": "◐",
    "reported": "○",
    "planned": "◌",
    "none": "–",
    "not-competent": "∅",
    "cross-reference": "→",
    "no-information": "?",
    "other": "·",
}


class RoundForm(Form):
    """A round of questions: on which paper, to whom, until when."""

    instrument = forms.ChoiceField(label=gettext_lazy("Paper"))
    title = forms.CharField(label=gettext_lazy("Title of the round"), max_length=300)
    asked = forms.MultipleChoiceField(label=gettext_lazy("Authorities asked"), widget=forms.CheckboxSelectMultiple)
    cut_off = forms.DateField(
        label=gettext_lazy("Answers until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reminders = forms.CharField(
        label=gettext_lazy("Remind so many days before"),
        required=False,
        max_length=60,
        initial="14, 3, 0",
        help_text=gettext_lazy("Days before the cut-off, with commas between; 0 is the day itself, empty is never."),
    )
    previous = forms.ChoiceField(label=gettext_lazy("The round before"), required=False)

    def clean_reminders(self) -> tuple[int, ...]:
        """The days as numbers."""
        found = split(self.cleaned_data["reminders"])
        if not all(each.isascii() and each.isdigit() and len(each) <= 3 for each in found):
            raise forms.ValidationError(_("Write numbers of days with commas between."))
        return tuple(sorted({int(each) for each in found}, reverse=True))

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = papers(desk.node, desk.administrator)
        cast(forms.ChoiceField, self.fields["instrument"]).choices = [
            (line.kept.reference, f"{line.kept.body.number}: {said_in(line.kept.body.title, desk.language)[0]}")
            for line in known
            if line.measures
        ]
        cast(forms.MultipleChoiceField, self.fields["asked"]).choices = [
            (str(each.id), f"{each.name} ({each.state})") for each in directory_entries(desk.node, desk.administrator)
        ]
        before = [
            (line.kept.reference, said_in(line.kept.body.title, desk.language)[0])
            for line in rounds(desk.node, desk.administrator)
        ]
        cast(forms.ChoiceField, self.fields["previous"]).choices = [("", _("none")), *before]


@page("programme_read", personal=False)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rounds, the one that closes first first."""
    table = Table(
        name="rounds",
        caption=gettext_lazy("Rounds"),
        columns=_columns(desk),
        rows=rounds(desk.node, desk.administrator),
        request=request,
        link=lambda line: reverse("round", args=[line.kept.reference]),
        empty=gettext_lazy("No round has been held yet."),
    )
    answers = desk.may("round_answer")
    shown = {
        "table": table,
        "holds": desk.may("round_manage"),
        "wanted": rounds_waiting(desk.node, desk.administrator) if answers else None,
        "waiting": len(translations_waiting(desk.node, desk.administrator)) if answers else 0,
    }
    return render(request, "web/programme/rounds.html", shown)


def _columns(desk: Desk) -> list[Column[RoundLine]]:
    states = {"": _("not begun"), "draft": _("begun"), "submitted": _("submitted")}
    return [
        Column(
            key="title", title=gettext_lazy("Title"), value=lambda line: said_in(line.kept.body.title, desk.language)[0]
        ),
        Column(
            key="cut_off", title=gettext_lazy("Answers until"), value=lambda line: line.kept.body.cut_off, kind="day"
        ),
        Column(
            key="state",
            title=gettext_lazy("State"),
            value=lambda line: _("closed") if line.kept.body.closed_on else _("open"),
            kind="tag",
        ),
        Column(key="asked", title=gettext_lazy("States asked"), value=lambda line: line.asked, kind="number"),
        Column(key="answering", title=gettext_lazy("Have answered"), value=lambda line: line.answering, kind="number"),
        Column(key="own", title=gettext_lazy("Our answer"), value=lambda line: states[line.own_answer], kind="tag"),
        Column(key="authority", title=gettext_lazy("Held by"), value=lambda line: line.kept.authority),
    ]


@page("round_manage", personal=False)
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Hold a round on a paper: one question for each of its measures."""
    today = desk.node.store.clock.now().date()
    form = RoundForm(request.POST or None, desk=desk, initial={"cut_off": today + dt.timedelta(days=84)})
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        language = desk.language.partition("_")[0]
        try:
            paper = read_paper(desk.node, desk.administrator, found["instrument"]).kept.body
            asked = Round(
                title={language: found["title"].strip()},
                instrument=found["instrument"],
                questions=questions_of(paper),
                asked=tuple(found["asked"]),
                opens=today,
                cut_off=found["cut_off"],
                reminders=found["reminders"],
                languages=(language,),
                previous=found["previous"],
            )
            reference = hold_round(desk.node, desk.administrator, asked)
        except (Invalid, NotFound) as error:
            form.add_error(None, " ".join(part for part in told(error) if part))
        else:
            messages.success(request, _("Opened. Those who are asked find it among their rounds."))
            return redirect("round", reference)
    return render(request, "web/programme/round_begin.html", {"form": form}, status=422 if form.errors else 200)


@page("programme_read", personal=False)
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """A round: State by question, how the replies fall, who is silent, and what changed since the round before."""
    held = read_round(desk.node, desk.administrator, reference)
    is_open = held.kept.body.closed_on is None
    answers = desk.may("round_answer") and is_open
    holds = desk.may("round_manage") and held.own
    shared = delegated(desk.node, desk.administrator, reference) if answers else None
    shown = _shown(desk, held) | {
        "answers": answers and held.speaks,
        "holds": holds and is_open,
        "reminded": _reminded(reminders(desk.node, desk.administrator, reference)) if holds else None,
        "reminder_days": reminder_days(held.kept.body) if holds and is_open else (),
        "tasks": []
        if shared is None
        else [each for each in shared.tasks if each.stage in ("asked", "begun", "returned")],
        "shares": shared is not None and bool(shared.others or shared.given),
        "handed_in": 0 if shared is None else sum(each.stage == "handed_in" for each in shared.given),
    }
    return render(request, "web/programme/round.html", shown)


def _reminded(found: list[Reminded]) -> list[dict[str, Any]]:
    """Each authority asked: whether it has answered, when it was reminded, and whether anybody could be told."""
    outside = {
        "waiting": _("here; word outside follows"),
        "sent": _("here and outside"),
        "nowhere": _("here; no address outside is settled"),
        "elsewhere": _("not told: it has no officer on this node"),
    }
    return [
        {
            "name": each.name,
            "answered": each.answered,
            "told": [{"on": one.on, "days": one.days, "outside": outside[one.outside]} for one in each.told],
        }
        for each in found
    ]


def _shown(desk: Desk, held: Held) -> dict[str, Any]:
    language, kinds = desk.language, answer_kinds()
    countries = {each.alpha3: each.label.in_(language) for each in desk.node.vocabulary.countries.values()}
    questions = held.kept.body.questions
    states = sorted({state for state, _question in held.cells}, key=lambda code: countries.get(code, code))

    def cell(state: str, question: Question) -> dict[str, str]:
        found = held.cells[state, question.key]
        if found.kind is None:
            return {"sign": "", "words": _("no reply"), "code": "silent"}
        words = kinds[found.kind].label.in_(language)
        joint = f" ({found.spoken_by})" if found.spoken_by != state else ""
        return {"sign": SIGNS[found.kind], "words": words + joint, "code": found.kind}

    return {
        "held": held,
        "title": said_in(held.kept.body.title, language)[0],
        "questions": [(each.key, said_in(each.text, language)[0]) for each in questions],
        "rows": [(countries.get(state, state), [cell(state, each) for each in questions]) for state in states],
        "counts": list(held.counts.values()),
        "total": {
            "asked": sum(each.asked for each in held.counts.values()),
            "answered": sum(each.answered for each in held.counts.values()),
            "done": sum(each.done for each in held.counts.values()),
            "silent": sum(each.silent for each in held.counts.values()),
        },
        "legend": [(SIGNS[code], each.label.in_(language)) for code, each in kinds.items()],
        "silent": sorted(countries.get(state, state) for state in held.silent),
        "compared": bool(held.kept.body.previous and held.previous),
        "changes": [
            {
                "state": countries.get(each.state, each.state),
                "question": each.question,
                "before": kinds[each.before].label.in_(language) if each.before else _("no reply"),
                "now": kinds[each.now].label.in_(language) if each.now else _("no reply"),
                "sign_before": SIGNS[each.before] if each.before else "",
                "sign_now": SIGNS[each.now] if each.now else "",
                "code_before": each.before or "silent",
                "code_now": each.now or "silent",
            }
            for each in held.changes
            if each.now is not None
        ],
        "fallen_silent": _fallen_silent(held, countries),
    }


def _fallen_silent(held: Held, countries: dict[str, str]) -> list[tuple[str, list[str]]]:
    """What was answered in the round before and not yet in this one: State by State, the questions."""
    found: dict[str, list[str]] = {}
    for each in held.changes:
        if each.now is None:
            found.setdefault(countries.get(each.state, each.state), []).append(each.question)
    return sorted(found.items())


@page("round_manage", personal=False, methods=("POST",))
def close(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take no more answers."""
    version = request.POST.get("version", "")
    try:
        close_round(desk.node, desk.administrator, reference, int(version) if version.isdigit() else 0)
    except (Invalid, Conflict) as error:
        messages.error(request, " ".join(part for part in told(error) if part))
    else:
        messages.success(request, _("Closed. No answer is taken any more."))
    return redirect("round", reference)


@page("round_manage", personal=False, methods=("POST",))
def press(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Remind everybody who has not answered."""
    try:
        told_now = remind(desk.node, desk.administrator, reference)
    except Conflict as error:
        messages.error(request, " ".join(part for part in told(error) if part))
    else:
        said = ngettext("Reminded %(count)d authority.", "Reminded %(count)d authorities.", len(told_now))
        messages.success(request, said % {"count": len(told_now)})
    return redirect("round", reference)


urlpatterns = [
    path("rounds/", overview, name="rounds"),
    path("rounds/new/", begin, name="round.begin"),
    path("rounds/<str:reference>/", one, name="round"),
    path("rounds/<str:reference>/close/", close, name="round.close"),
    path("rounds/<str:reference>/remind/", press, name="round.remind"),
]
