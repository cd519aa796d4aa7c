"""Writing in the exchange: a new thread in two stages, a step, a translation; looked at before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alidade.model.errors import AlidadeError, Conflict, Invalid, NotFound
from alidade.services.threads.drafts import drafts_of, save_draft
from alidade.services.threads.following import follow_hit
from alidade.services.threads.inbox import inbox
from alidade.services.threads.offered import form_for, procedures_offered
from alidade.services.threads.opening import open_thread, preview_opening
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import preview_step, take_step
from alidade.services.threads.view import DraftView, Form, Opening, Preview, Sent, StepOrder, ThreadView
from alidade.services.threads.wording import StepRefused
from alidade.web.errors import told
from alidade.web.handling_form import HandlingForm, handling_form
from alidade.web.place import Desk, page
from alidade.web.threads.composing import (
    default_handling,
    drawn_parties,
    drawn_writing,
    empty_order,
    facts_of,
    sent_opening,
    sent_order,
)


@page("thread_open")
def choose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """First stage: which procedure. What is to be quoted or attached comes along, or goes into a running thread."""
    carried = _carried(request.GET)
    lines = inbox(desk.node, desk.actor, "mine", size=20, language=desk.language).lines if carried else ()
    shown = {
        "procedures": procedures_offered(desk.node, desk.actor, language=desk.language),
        "carried": carried.urlencode(),
        "threads": [line for line in lines if not line.final],
    }
    return render(request, "web/threads/choose.html", shown)


def _carried(asked: QueryDict) -> QueryDict:
    carried = QueryDict(mutable=True)
    for name in ("quote", "record"):
        carried.setlist(name, asked.getlist(name)) if asked.getlist(name) else None
    return carried


@page("thread_open")
def compose(request: HttpRequest, desk: Desk, procedure: str) -> HttpResponse:
    """Second stage: the form, the parties, the handling; then the preview, then it is sent."""
    form = form_for(desk.node, desk.actor, procedure, language=desk.language)
    if request.method != "POST":
        kept = _own_draft(desk, request.GET.get("draft", ""))
        opening = kept.opening if kept else None
        if opening is not None and opening.version:
            form = form_for(desk.node, desk.actor, procedure, version=opening.version, language=desk.language)
        order = opening.order if opening else empty_order(desk, form, request.GET)
        return _draw_opening(request, desk, form, order, opening, draft=kept.id if kept else "")
    order, names, refused = sent_order(request, desk, form)
    opening, fields = sent_opening(desk, request.POST, form, order)
    draft, act = request.POST.get("draft", ""), request.POST.get("do", "")
    more: dict[str, Any] = {"names": names, "refused": refused, "draft": draft, "fields": fields, "more": act == "more"}
    if not fields.is_valid():
        return _draw_opening(request, desk, form, order, opening, status=422, **more)
    if act == "save":
        kept_as = save_draft(desk.node, desk.actor, order, opening=opening, draft=draft)
        messages.success(request, _("Kept as a draft. Only you can see it; nothing was sent."))
        return redirect(f"{reverse('thread.compose', args=[procedure])}?draft={kept_as}")
    if act not in ("preview", "send") or refused:
        return _draw_opening(request, desk, form, order, opening, status=422 if refused else 200, **more)
    preview, wrong = _tried(lambda: preview_opening(desk.node, desk.actor, opening, language=desk.language))
    if act == "send" and preview is not None and preview.ready:
        sent, wrong = _sent(lambda: open_thread(desk.node, desk.actor, opening, draft=draft))
        if sent is not None:
            return _told_sent(request, sent)
    status = 200 if preview is not None and preview.ready and not wrong else 422
    return _draw_opening(request, desk, form, order, opening, preview=preview, wrong=wrong, status=status, **more)


@page("thread_open")
def follow(request: HttpRequest, desk: Desk, hit: str) -> HttpResponse:
    """Ask the owner of a hit without content: the form of the procedure, with the hit in it already."""
    opening = follow_hit(desk.node, desk.actor, hit)
    form = form_for(desk.node, desk.actor, opening.procedure, language=desk.language)
    grounds = desk.grounds
    stated = {"purpose": grounds.purpose, "legal_ground": grounds.legal_ground} if grounds else {}
    fields = {each.code for each in form.fields}
    values = {**opening.order.values, **{name: value for name, value in stated.items() if name in fields and value}}
    opening = replace(
        opening,
        title=_("Hit %(hit)s") % {"hit": hit[:8]},
        order=replace(opening.order, values=values, language=empty_order(desk, form, QueryDict()).language),
    )
    return _draw_opening(request, desk, form, opening.order, opening)


@page("thread_step")
def step(request: HttpRequest, desk: Desk, reference: str, code: str) -> HttpResponse:
    """The form of one step of a thread; then the preview, then it is sent."""
    thread = read_thread(desk.node, desk.actor, reference, language=desk.language)
    if code not in {each.code for each in thread.allowed}:
        return redirect(f"{reverse('thread', args=[reference])}?not-now")
    form = form_for(desk.node, desk.actor, thread.procedure, code, version=thread.version, language=desk.language)
    if request.method != "POST":
        wanted = request.GET.get("draft", "")
        kept = next((each for each in thread.drafts if each.id == wanted and each.yours), None)
        order = kept.order if kept else empty_order(desk, form, request.GET)
        return _draw_step(request, desk, thread, form, order, draft=kept.id if kept else "")
    order, names, refused = sent_order(request, desk, form)
    draft, act = request.POST.get("draft", ""), request.POST.get("do", "")
    more: dict[str, Any] = {"names": names, "refused": refused, "draft": draft}
    if act == "save":
        kept_as = save_draft(desk.node, desk.actor, order, thread=reference, draft=draft)
        messages.success(request, _("Kept as a draft. Only you can see it; nothing was sent."))
        return redirect(f"{reverse('thread.step', args=[reference, code])}?draft={kept_as}")
    if act not in ("preview", "send") or refused:
        return _draw_step(request, desk, thread, form, order, status=422 if refused else 200, **more)
    preview, wrong = _tried(lambda: preview_step(desk.node, desk.actor, reference, order, language=desk.language))
    if act == "send" and preview is not None and preview.ready:
        sent, wrong = _sent(lambda: take_step(desk.node, desk.actor, reference, order, draft=draft))
        if sent is not None:
            return _told_sent(request, sent)
    status = 200 if preview is not None and preview.ready and not wrong else 422
    return _draw_step(request, desk, thread, form, order, preview=preview, wrong=wrong, status=status, **more)


@page("thread_step", methods=("POST",))
def keep(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep what is being written while somebody types; the draft in which it lies."""
    thread, code = request.POST.get("thread", ""), request.POST.get("code", "")
    draft = request.POST.get("draft", "")
    if thread:
        found = read_thread(desk.node, desk.actor, thread, language=desk.language)
        form = form_for(desk.node, desk.actor, found.procedure, code, version=found.version, language=desk.language)
        order, _names, _refused = sent_order(request, desk, form)
        kept = save_draft(desk.node, desk.actor, order, thread=thread, draft=draft)
    else:
        form = form_for(desk.node, desk.actor, request.POST.get("procedure", ""), language=desk.language)
        order, _names, _refused = sent_order(request, desk, form)
        opening, _fields = sent_opening(desk, request.POST, form, order)
        kept = save_draft(desk.node, desk.actor, order, opening=opening, draft=draft)
    return JsonResponse({"draft": kept})


def _own_draft(desk: Desk, wanted: str) -> DraftView | None:
    if not wanted:
        return None
    found = next(
        (each for each in drafts_of(desk.node, desk.actor, language=desk.language) if each.id == wanted and each.yours),
        None,
    )
    if found is None:
        raise NotFound("There is no draft with this reference that waits for you.")
    return found


def _tried(act: Callable[[], Preview]) -> tuple[Preview | None, str]:
    """The preview, or why there can be none."""
    try:
        return act(), ""
    except (Invalid, Conflict, NotFound) as error:
        return None, _said(error)


def _sent(act: Callable[[], Sent]) -> tuple[Sent | None, str]:
    try:
        return act(), ""
    except StepRefused as error:
        return None, _said(error)
    except (Invalid, Conflict) as error:
        return None, _said(error)


def _said(error: AlidadeError) -> str:
    return " ".join(part for part in told(error) if part)


def _told_sent(request: HttpRequest, sent: Sent) -> HttpResponse:
    if sent.state == "waiting_for_approval":
        messages.success(request, _("A second officer must look first. It waits for approval; nothing has left yet."))
        return redirect("inbox.approve")
    if len(sent.threads) > 1:
        messages.success(
            request,
            ngettext("Sent: %(count)d exchange.", "Sent: %(count)d exchanges, one for each.", len(sent.threads))
            % {"count": len(sent.threads)},
        )
        return redirect("inbox.awaited")
    messages.success(
        request, _("Sent, signed by your authority. All parties can read it now; it cannot be taken back.")
    )
    return redirect("thread", sent.thread)


def _draw_opening(
    request: HttpRequest,
    desk: Desk,
    form: Form,
    order: StepOrder,
    opening: Opening | None,
    *,
    preview: Preview | None = None,
    wrong: str = "",
    fields: HandlingForm | None = None,
    more: bool = False,
    status: int = 200,
    **drawn: Any,
) -> HttpResponse:
    handling = opening.handling if opening is not None else default_handling(desk)
    titles = {each.code: each for each in procedures_offered(desk.node, desk.actor, language=desk.language)}
    shown = drawn_writing(desk, form, order, preview=preview, **drawn) | {
        "opening": opening,
        "title": opening.title if opening is not None else "",
        "case": opening.case if opening is not None else (desk.grounds.case if desk.grounds else ""),
        "parties": drawn_parties(desk, form, opening, more=more),
        "fields": fields or handling_form(desk, "handling", handling=handling),
        "procedure": titles.get(form.procedure),
        "refusal": wrong,
        "facts": {},
        "address": reverse("thread.compose", args=[form.procedure]),
    }
    return render(request, "web/threads/compose.html", shown, status=status)


def _draw_step(
    request: HttpRequest,
    desk: Desk,
    thread: ThreadView,
    form: Form,
    order: StepOrder,
    *,
    preview: Preview | None = None,
    wrong: str = "",
    status: int = 200,
    **drawn: Any,
) -> HttpResponse:
    roles = {each.role: each.role_label for each in thread.parties if each.role_label}
    shown = drawn_writing(desk, form, order, preview=preview, roles=roles, **drawn) | {
        "thread": thread,
        "refusal": wrong,
        "facts": facts_of(thread),
        "original": next((each for each in thread.steps if each.id == order.translates), None),
        "address": reverse("thread.step", args=[thread.reference, form.code]),
    }
    return render(request, "web/threads/step.html", shown, status=status)


urlpatterns = [
    path("threads/new/", choose, name="thread.open"),
    path("threads/new/<slug:procedure>/", compose, name="thread.compose"),
    path("threads/follow/<str:hit>/", follow, name="thread.follow"),
    path("threads/keep/", keep, name="thread.keep"),
    path("threads/<str:reference>/step/<slug:code>/", step, name="thread.step"),
]
