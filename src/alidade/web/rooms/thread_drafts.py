"""Drafts of the exchange: what waits for a second officer, looked at as it would be sent; and files on their way."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from alidade.model.errors import AlidadeError, Conflict, Invalid, NotAllowed, NotFound
from alidade.services.threads.attachments import (
    add_piece,
    begin_attachment,
    discard_attachment,
    finish_attachment,
    upload_state,
)
from alidade.services.threads.drafts import approve_draft, discard_draft, drafts_of, return_draft
from alidade.services.threads.offered import form_for
from alidade.services.threads.opening import preview_opening
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import preview_step
from alidade.services.threads.view import DraftView, Upload
from alidade.web.errors import status_of, told
from alidade.web.place import Desk, page
from alidade.web.threads.composing import drawn_preview
from alidade.web.threads.fields import drawn_sections
from alidade.web.threads.names import authority_names


@page("thread_step")
def draft(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One draft as it would be sent: a second officer approves or gives it back; its writer goes on or removes it."""
    found = next(
        (each for each in drafts_of(desk.node, desk.actor, language=desk.language) if each.id == reference), None
    )
    if found is None:
        raise NotFound("There is no draft with this reference that waits for you.")
    wrong = ""
    if request.method == "POST":
        try:
            if (answer := _ruled(request, desk, found)) is not None:
                return answer
        except (Invalid, Conflict, NotAllowed) as error:
            wrong = " ".join(part for part in told(error) if part)
    return _draw(request, desk, found, wrong)


def _ruled(request: HttpRequest, desk: Desk, found: DraftView) -> HttpResponse | None:
    act = request.POST.get("do", "")
    if act == "approve":
        sent = approve_draft(desk.node, desk.actor, found.id)
        messages.success(request, _("Approved and sent, signed by your authority. It cannot be taken back."))
        return redirect("thread", sent.thread)
    if act == "return":
        return_draft(desk.node, desk.actor, found.id, request.POST.get("remark", ""))
        messages.success(request, _("Given back to its writer with your words. Nothing was sent."))
        return redirect("inbox.approve")
    if act == "discard":
        discard_draft(desk.node, desk.actor, found.id)
        messages.success(request, _("The draft is removed. Nothing of it was sent."))
        return redirect("inbox.approve")
    return None


def _draw(request: HttpRequest, desk: Desk, found: DraftView, wrong: str) -> HttpResponse:
    version = found.opening.version if found.opening else 0
    thread = None
    if found.thread:
        thread = read_thread(desk.node, desk.actor, found.thread, language=desk.language)
        version = thread.version
    form = form_for(desk.node, desk.actor, found.procedure, found.code, version=version, language=desk.language)
    shown: dict[str, Any] = {
        "draft": found,
        "form": form,
        "thread": thread,
        "sections": drawn_sections(desk, form, found.order.values),
        "reason": next((each.label for each in form.reasons if each.code == found.order.reason), found.order.reason),
        "names": authority_names(desk),
        "refusal": wrong,
        "preview": _preview(desk, found, form, thread),
        "go_on": _go_on(found),
    }
    return render(request, "web/threads/draft.html", shown, status=422 if wrong else 200)


def _preview(desk: Desk, found: DraftView, form: Any, thread: Any) -> dict[str, Any] | None:
    roles = {} if thread is None else {each.role: each.role_label for each in thread.parties}
    try:
        if found.opening is not None:
            preview = preview_opening(desk.node, desk.actor, found.opening, language=desk.language)
        else:
            preview = preview_step(desk.node, desk.actor, found.thread, found.order, language=desk.language)
    except AlidadeError:
        return None
    return drawn_preview(preview, form, roles)


def _go_on(found: DraftView) -> str:
    if found.opening is not None:
        return f"{reverse('thread.compose', args=[found.procedure])}?draft={found.id}"
    return f"{reverse('thread.step', args=[found.thread, found.code])}?draft={found.id}"


def _told(upload: Upload) -> JsonResponse:
    return JsonResponse(
        {
            "reference": upload.reference,
            "size": upload.size,
            "received": upload.received,
            "piece": upload.piece,
            "next": upload.next_piece,
            "state": upload.state,
        }
    )


def _refused(error: AlidadeError) -> JsonResponse:
    message, remedy = told(error)
    return JsonResponse({"message": message, "remedy": remedy}, status=status_of(error))


@page("thread_step", methods=("POST",))
def file_begun(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Announce a file that the script of the page will send in pieces."""
    try:
        told_of = json.loads(request.body)
        name, size, sha256 = str(told_of["name"]), int(told_of["size"]), str(told_of["sha256"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"message": _("This is not how a file is announced.")}, status=422)
    try:
        return _told(begin_attachment(desk.node, desk.actor, name=name, size=size, sha256=sha256))
    except AlidadeError as error:
        return _refused(error)


@page("thread_step")
def file_piece(request: HttpRequest, desk: Desk, file: str, number: int) -> HttpResponse:
    """Take one piece of a file; with GET, say which piece is wanted next."""
    try:
        if request.method != "POST":
            return _told(upload_state(desk.node, desk.actor, file))
        return _told(add_piece(desk.node, desk.actor, file, number, request.body))
    except AlidadeError as error:
        return _refused(error)


@page("thread_step", methods=("POST",))
def file_ended(request: HttpRequest, desk: Desk, file: str) -> HttpResponse:
    """Check a file that is whole, or forget it."""
    try:
        if request.POST.get("do") == "discard":
            discard_attachment(desk.node, desk.actor, file)
            return HttpResponse(status=204)
        return _told(finish_attachment(desk.node, desk.actor, file))
    except AlidadeError as error:
        return _refused(error)


urlpatterns = [
    path("threads/drafts/<str:reference>/", draft, name="thread.draft"),
    path("threads/files/", file_begun, name="thread.file-begin"),
    path("threads/files/<str:file>/<int:number>/", file_piece, name="thread.file-piece"),
    path("threads/files/<str:file>/end/", file_ended, name="thread.file-end"),
]
