"""Grounds: purpose, legal ground, case and justification in force; and the language of the pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alidade.services.acting import act_as
from alidade.services.grounds import state_grounds
from alidade.services.node import Node
from alidade.web.forms import Form, choices
from alidade.web.place import GROUNDS, Desk, Grounds, onward, page


class GroundsForm(Form):
    """What goes into the ledger with everything that is read from here on (LED Art. 25)."""

    purpose = forms.ChoiceField(label=_("Purpose"))
    legal_ground = forms.ChoiceField(label=_("Legal ground"))
    case = forms.CharField(
        label=_("Case or control"), max_length=200, help_text=_("Your reference, such as a case number or a control.")
    )
    justification = forms.CharField(
        label=_("Justification"), max_length=500, help_text=_("Why this work needs it, in your words.")
    )

    def __init__(self, *args: Any, node: Node, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = node.vocabulary
        purpose, ground = self.fields["purpose"], self.fields["legal_ground"]
        if isinstance(purpose, forms.ChoiceField) and isinstance(ground, forms.ChoiceField):
            purpose.choices = choices(words, "purposes", language)
            ground.choices = choices(words, "legal_grounds", language)


@page(personal=False)
def grounds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """State or change purpose and case; it is logged and changes what is seen."""
    initial = asdict(desk.grounds) if desk.grounds else None
    form = GroundsForm(request.POST or None, node=desk.node, language=desk.language, initial=initial)
    if request.method == "POST" and form.is_valid():
        stated = Grounds(**form.cleaned_data)
        actor = act_as(
            desk.node,
            desk.officer.id,
            purpose=stated.purpose,
            case=stated.case,
            legal_ground=stated.legal_ground,
            justification=stated.justification,
        )
        state_grounds(desk.node, actor)
        request.session[GROUNDS] = asdict(stated)
        return onward(request)
    return render(
        request,
        "web/grounds.html",
        {"form": form, "onward": request.POST.get("onward", ""), "asked": False},
        status=422 if form.errors else 200,
    )


@page(personal=False, methods=("POST",))
def put_away(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Put the grounds away: from here on nothing personal is shown until they are stated again."""
    request.session.pop(GROUNDS, None)
    return onward(request)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language; kept in a cookie, which holds nothing else."""
    answer = onward(request)
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 24 * 3600,
            samesite="Strict",
            secure=not settings.PLAIN,
            httponly=True,
        )
    return answer


urlpatterns = [
    path("grounds/", grounds, name="grounds"),
    path("grounds/put-away/", put_away, name="grounds-put-away"),
    path("language/", language, name="language"),
]
