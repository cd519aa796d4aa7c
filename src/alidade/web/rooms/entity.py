"""Entity: a thing as this viewer may know it, on one page: who says what, its ties, what was asked about it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid, NotAllowed
from alidade.services.picture.entity import entity
from alidade.services.picture.entity_asked import quoting_threads
from alidade.services.picture.entity_export import FORMS, EntityForm, export_entity
from alidade.services.picture.judging import take_back_judgement
from alidade.web.entity_view import change_rows, connected, documents, fact_rows, ruling_rows, source_rows
from alidade.web.hits import classification_line
from alidade.web.place import Desk, page
from alidade.web.stepping_up import fresh
from alidade.web.told import told

_FORM_NAMES: Final = {"csv": gettext_lazy("As CSV"), "ftm": gettext_lazy("As FollowTheMoney")}


@page("picture_read", methods=("GET",))
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The page of a thing, as it is known today, or of what held on a past day."""
    return _drawn(request, desk, reference, request.GET.get("at", ""))


def _drawn(
    request: HttpRequest, desk: Desk, reference: str, at: str = "", *, more: dict[str, Any] | None = None
) -> HttpResponse:
    status, said = 200, ""
    try:
        found = entity(desk.node, desk.actor, reference, at=at, language=desk.language)
    except Invalid as error:
        status, said = 422, told(error)[0]
        found = entity(desk.node, desk.actor, reference, language=desk.language)
    words, language = desk.node.vocabulary, desk.language
    facts = fact_rows(found, language, words)
    shown = {
        "page": found,
        "reference": reference,
        "thing": found.thing.thing,
        "called": found.thing.caption,
        "at": at,
        "said": said,
        "facts": facts,
        "differ": sum(fact.conflict for fact in found.facts),
        "missing": [label.in_(language) for label in found.missing],
        "history": change_rows(found, language, words),
        "groups": connected(found, language, words),
        "documents": documents(found, language, words),
        "rulings": ruling_rows(found, desk.authority.id),
        "sources": source_rows(found),
        "others": [each for each in found.thing.records if each != reference],
        "classification": classification_line(found.statements, language, words),
        "forms": _FORM_NAMES if "export" in desk.acts else {},
    }
    return render(request, "web/entity/one.html", shown | (more or {}), status=status)


@page("thread_read", methods=("POST",))
def threads(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The same page with the exchanges that quote a record of the thing, which are looked for only on demand."""
    quoting = quoting_threads(desk.node, desk.actor, reference)
    return _drawn(request, desk, reference, more={"quoting": quoting, "looked": True})


@page("judge", methods=("POST",))
def take_back(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take back a judgement of ours that joins the thing; the records are apart again at once."""
    take_back_judgement(desk.node, desk.actor, request.POST.get("judgement", ""))
    messages.success(
        request,
        _("Taken back: the records stand apart again for everybody who saw them joined. Judge anew to undo this."),
    )
    return redirect("entity", reference)


@page("export", methods=("POST",))
@fresh
def take_out(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Everything about the thing as one file under its joined handling; refused with the rule that forbids it."""
    form: EntityForm = "ftm" if request.POST.get("form") == FORMS[1] else "csv"
    part = request.POST.get("part") == "yes"
    try:
        made = export_entity(desk.node, desk.actor, reference, form, part=part, language=desk.language)
    except (NotAllowed, Invalid) as error:
        if error.code not in ("strictest_wins", "handling_not_carried"):
            raise
        answer = _drawn(request, desk, reference, more={"refused": error.code, "why": " ".join(told(error))})
        answer.status_code = 403 if isinstance(error, NotAllowed) else 422
        return answer
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


urlpatterns = [
    path("entity/<str:reference>/", one, name="entity"),
    path("entity/<str:reference>/exchanges/", threads, name="entity.threads"),
    path("entity/<str:reference>/take-back/", take_back, name="entity.take-back"),
    path("entity/<str:reference>/take-out/", take_out, name="entity.take-out"),
]
