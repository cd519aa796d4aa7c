"""Answering a round for one's own State: on the page, or with a form that was filled in offline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from alidade.model.errors import Conflict, Invalid
from alidade.programme.register import said_in
from alidade.programme.rounds import Answer, Round
from alidade.services.programme.forms import FilledForm, form_document, form_workbook, merged, read_form
from alidade.services.programme.rounds import Held, answer_round, answer_to_fill
from alidade.web.errors import told
from alidade.web.place import Desk, page
from alidade.web.replies import fields_shown, given, questions_shown

LARGEST_FORM = 5 * 1024 * 1024
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@page("round_answer", personal=False)
def answer(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Answer a round for one's own State: question by question, with what was said last time beside."""
    held, before = answer_to_fill(desk.node, desk.administrator, reference)
    if request.method != "POST":
        return _draw(request, desk, held, before)
    stated = request.POST.get("version", "")
    version = int(stated) if stated.isdigit() else 0 if held.own_answer is None else held.own_answer.version
    file = request.FILES.get("form")
    if isinstance(file, UploadedFile):
        return _from_form(request, desk, held, before, file, version)
    language = desk.language.partition("_")[0]
    filled = _filled(held.kept.body, before, request.POST, language)
    problems: list[Invalid | Conflict] = list(filled.problems)
    if not problems:
        try:
            answer_round(desk.node, desk.administrator, filled.answer, version=version)
        except (Invalid, Conflict) as error:
            problems.append(error)
    if problems:
        shown = msgspec.structs.replace(filled.answer, submitted=before.submitted)
        return _draw(request, desk, held, shown, problems=problems, sent=request.POST)
    submitted = filled.answer.submitted
    said = _("Submitted.") if submitted else _("Kept as a draft; only your own authority sees it.")
    messages.success(request, said)
    return redirect("round" if submitted else "round.answer", reference)


def _from_form(
    request: HttpRequest, desk: Desk, held: Held, before: Answer, file: UploadedFile[Any], version: int
) -> HttpResponse:
    """Keep the good answers of a form as a draft, and name each that was not taken."""
    problems: list[Invalid | Conflict] = []
    filled = FilledForm(answer=before, taken=(), problems=())
    try:
        if before.submitted:
            raise Conflict("This was submitted already; amend it on the page.", code="submitted")
        if (file.size or 0) > LARGEST_FORM:
            raise Invalid("The form is too large.", remedy="Give the file that was made here.")
        filled = read_form(held.kept.body, before, file.read(), desk.language.partition("_")[0])
        if filled.answer != before:
            answer_round(desk.node, desk.administrator, filled.answer, version=version)
        problems.extend(filled.problems)
    except (Invalid, Conflict) as error:
        problems.append(error)
        filled = FilledForm(answer=before, taken=(), problems=())
    if problems:
        if filled.taken:
            held, before = answer_to_fill(desk.node, desk.administrator, held.kept.reference)
        return _draw(request, desk, held, before, problems=problems, taken=len(filled.taken))
    messages.success(request, _("Kept as a draft; only your own authority sees it."))
    return redirect("round.answer", held.kept.reference)


def _filled(round_: Round, before: Answer, sent: QueryDict, language: str) -> FilledForm:
    """The answer as the page tells it; a question of which every field is empty is not answered."""
    typed = given(sent, round_.questions)
    emptied = {key for key, fields in typed.items() if fields and not any(text.strip() for text in fields.values())}
    kept = msgspec.structs.replace(before, parts=tuple(part for part in before.parts if part.question not in emptied))
    filled = merged(round_, kept, typed, language)
    answer = msgspec.structs.replace(
        filled.answer,
        publish="publish" in sent,
        submitted="submit" in sent or before.submitted,
        contact=sent.get("contact", "").strip()[:200],
        amended_because=sent.get("because", "").strip()[:500],
    )
    return FilledForm(answer=answer, taken=filled.taken, problems=filled.problems)


def _draw(
    request: HttpRequest,
    desk: Desk,
    held: Held,
    filled: Answer,
    *,
    problems: Sequence[Invalid | Conflict] = (),
    sent: QueryDict | None = None,
    taken: int = 0,
) -> HttpResponse:
    body, today = held.kept.body, desk.node.store.clock.now().date()
    last = {key: cell for (state, key), cell in held.previous_asked.items() if state == filled.state}
    parts = {part.question: part for part in filled.parts}
    typed = None if sent is None else given(sent, body.questions)
    shown = {
        "held": held,
        "title": said_in(body.title, desk.language)[0],
        "filled": filled,
        "questions": questions_shown(body.questions, parts, desk.language, typed=typed, last=last),
        **fields_shown(body, desk.language),
        "version": held.own_answer.version if held.own_answer is not None else 0,
        "late": today > body.cut_off and filled.submitted,
        "refusals": [" ".join(part for part in told(each) if part) for each in problems],
        "taken": taken,
        "offline_open": bool(problems) and sent is None,
        "shares": held.speaks,
    }
    return render(request, "web/programme/answer.html", shown, status=422 if problems else 200)


@page("round_answer", personal=False, methods=("GET",))
def workbook(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The form of a round as a workbook, to be filled in elsewhere and brought back."""
    held, filled = answer_to_fill(desk.node, desk.administrator, reference)
    content = form_workbook(held.kept.body, filled, desk.language, _last(held, filled.state))
    return _file(content, WORKBOOK, "questions.xlsx")


@page("round_answer", personal=False, methods=("GET",))
def document(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The form of a round as a Word document, to be filled in elsewhere and brought back."""
    held, filled = answer_to_fill(desk.node, desk.administrator, reference)
    content = form_document(held.kept.body, filled, desk.language, _last(held, filled.state))
    return _file(content, DOCUMENT, "questions.docx")


def _last(held: Held, state: str) -> dict[str, Any]:
    return {key: cell.part for (of, key), cell in held.previous_asked.items() if of == state and cell.part is not None}


def _file(content: bytes, media: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("rounds/<str:reference>/answer/", answer, name="round.answer"),
    path("rounds/<str:reference>/form/", workbook, name="round.form"),
    path("rounds/<str:reference>/form/document/", document, name="round.document"),
]
