"""Grounds: purpose, legal ground, case and justification in force; and the language of the pages."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from alidade.services.acting import act_as
from alidade.services.grounds import state_grounds
from alidade.web.forms_of_grounds import GroundsForm
from alidade.web.place import GROUNDS, Desk, Grounds, onward, page


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
