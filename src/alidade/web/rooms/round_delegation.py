"""Sharing the questions of a round inside one's State: given, filled, handed in, taken or returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid
from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.delegation import Moved
from alidade.programme.register import said_in
from alidade.programme.reply_fields import figures_said
from alidade.programme.rounds import Answer, Part, Round
from alidade.services.programme.delegating import (
    Delegated,
    Given,
    delegate,
    delegated,
    end_delegation,
    fill_share,
    return_share,
    share_to_fill,
    take_share,
)
from alidade.services.programme.forms import merged
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.place import Desk, page
from alidade.web.replies import fields_shown, given, questions_shown


class DelegationForm(Form):
    """Which questions another authority of one's State is to answer."""

    to = forms.ChoiceField(label=gettext_lazy("Authority"))
    questions = forms.MultipleChoiceField(label=gettext_lazy("Questions"), widget=forms.CheckboxSelectMultiple)
    due = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=gettext_lazy("What is wanted"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, found: Delegated, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = {key for each in found.given if not each.kept.body.over for key in each.kept.body.questions}
        cast(forms.ChoiceField, self.fields["to"]).choices = list(found.others)
        cast(forms.MultipleChoiceField, self.fields["questions"]).choices = [
            (each.key, f"{each.key}: {said_in(each.text, language)[0]}")
            for each in found.held.body.questions
            if each.key not in taken
        ]


@page("round_answer", personal=False)
def shares(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Who in one's State answers what of a round; and the form to give questions to another authority."""
    found = delegated(desk.node, desk.administrator, reference)
    form = DelegationForm(request.POST or None, found=found, language=desk.language)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            delegate(
                desk.node, desk.administrator, reference, asked["to"], asked["questions"], note=asked["note"].strip(),
                due=cast(dt.date | None, asked["due"]),
            )  # fmt: skip
        except (Invalid, Conflict) as error:
            form.add_error(None, " ".join(part for part in told(error) if part))
        else:
            messages.success(request, _("Given. Only that authority and yours see what it fills in."))
            return redirect("round.shares", reference)
    return _draw(request, desk, found, form)


def _draw(
    request: HttpRequest, desk: Desk, found: Delegated, form: DelegationForm | None = None, refusal: str = ""
) -> HttpResponse:
    body, today = found.held.body, desk.node.store.clock.now().date()
    drawn = form or DelegationForm(found=found, language=desk.language)
    free = bool(cast(forms.MultipleChoiceField, drawn.fields["questions"]).choices)
    wrong = bool(refusal or (form is not None and form.errors))
    shown = {
        "held": found.held,
        "title": said_in(body.title, desk.language)[0],
        "given": [_given_shown(each, body, desk) for each in found.given],
        "tasks": [_given_shown(each, body, desk) for each in found.tasks],
        "form": drawn if found.others and free and body.closed_on is None else None,
        "free": free,
        "others": found.others,
        "late": today > body.cut_off,
        "refusal": refusal,
    }
    return render(request, "web/programme/round_shares.html", shown, status=422 if wrong else 200)


def _given_shown(each: Given, round_: Round, desk: Desk) -> dict[str, Any]:
    texts = {question.key: said_in(question.text, desk.language)[0] for question in round_.questions}
    parts = () if each.share is None else each.share.body.parts
    return {
        "line": each,
        "stage": _stages()[each.stage],
        "questions": [(key, texts.get(key, "")) for key in each.kept.body.questions],
        "parts": [_part_shown(part, desk.language) for part in parts],
        "history": _history(each.history),
        "version": 0 if each.share is None else each.share.version,
        "waits": each.stage == "handed_in",
        "over": each.kept.body.over,
    }


def _part_shown(part: Part, language: str) -> dict[str, str]:
    kind = answer_kinds().get(part.kind)
    said = [
        said_in(getattr(part, name), language)[0]
        for name in ("text", "obstacle_text", "good_practice", "training_need")
    ]
    said += [part.competent, figures_said(part.figures), ", ".join(each.number for each in part.evidence)]
    return {
        "question": part.question,
        "kind": part.kind if kind is None else kind.label.in_(language),
        "said": " · ".join(words for words in said if words),
    }


def _stages() -> dict[str, str]:
    return {
        "asked": _("not begun"),
        "begun": _("begun"),
        "handed_in": _("handed in"),
        "returned": _("returned"),
        "taken": _("taken"),
        "ended": _("taken back"),
    }


def _history(steps: Sequence[Moved]) -> list[dict[str, Any]]:
    words = {
        "asked": _("given"),
        "handed_in": _("handed in"),
        "returned": _("returned"),
        "taken": _("taken into the answer"),
        "ended": _("taken back"),
    }
    return [{"at": step.at, "what": words[step.what], "reason": step.reason} for step in steps]


@page("round_answer", personal=False)
def share(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Fill in the questions that the authority asked gave to one's own."""
    held, found, state = share_to_fill(desk.node, desk.administrator, reference)
    body, language = held.body, desk.language.partition("_")[0]
    asked = [question for question in body.questions if question.key in found.kept.body.questions]
    before = () if found.share is None else found.share.body.parts
    problems: list[Invalid | Conflict] = []
    typed = None
    if request.method == "POST":
        typed = given(request.POST, asked)
        cleared = {key for key, fields in typed.items() if not any(text.strip() for text in fields.values())}
        so_far = tuple(part for part in before if part.question not in cleared)
        filled = merged(body, Answer(round=held.reference, state=state, parts=so_far), typed, language)
        problems = list(filled.problems)
        handed_in = "submit" in request.POST
        stated = request.POST.get("version", "")
        if not problems:
            try:
                fill_share(
                    desk.node, desk.administrator, reference, filled.answer.parts, handed_in=handed_in,
                    version=int(stated) if stated.isdigit() else 0,
                )  # fmt: skip
            except (Invalid, Conflict) as error:
                problems.append(error)
            else:
                said = _("Handed in.") if handed_in else _("Kept. The authority that asked you can see it.")
                messages.success(request, said)
                return redirect("round.share", reference)
    shown = {
        "held": held,
        "found": _given_shown(found, body, desk),
        "title": said_in(body.title, desk.language)[0],
        "questions": questions_shown(asked, {part.question: part for part in before}, desk.language, typed=typed),
        **fields_shown(body, desk.language),
        "refusals": [" ".join(part for part in told(each) if part) for each in problems],
    }
    return render(request, "web/programme/round_share.html", shown, status=422 if problems else 200)


@page("round_answer", personal=False, methods=("POST",))
def settle(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take what was handed in, return it with a reason, or take the questions back."""
    stated, reason = request.POST.get("version", ""), request.POST.get("reason", "")
    version, what = int(stated) if stated.isdigit() else 0, request.POST.get("what", "")
    actor, round_ = desk.administrator, request.POST.get("round", "")
    try:
        if what == "take":
            take_share(desk.node, actor, reference, version=version, because=reason)
            messages.success(request, _("Taken into the answer of our State. Look at it, and submit it."))
        elif what == "return":
            return_share(desk.node, actor, reference, reason, version=version)
            messages.success(request, _("Returned with the reason."))
        else:
            end_delegation(desk.node, actor, reference, reason)
            messages.success(request, _("Taken back. The questions are yours again."))
    except (Invalid, Conflict) as error:
        found = delegated(desk.node, actor, round_)
        return _draw(request, desk, found, refusal=" ".join(part for part in told(error) if part))
    return redirect("round.shares", round_)


urlpatterns = [
    path("rounds/<str:reference>/shares/", shares, name="round.shares"),
    path("shares/<str:reference>/", share, name="round.share"),
    path("shares/<str:reference>/settle/", settle, name="round.settle"),
]
