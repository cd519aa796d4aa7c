"""Duty desk: what lies on nobody's desk, at every hour; who takes it, who gets it, who hands over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alidade.model.errors import NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.services.threads.assigning import (
    assign_thread,
    colleagues_for,
    duty_desk,
    hand_over_threads,
    load,
    take_thread,
)
from alidade.services.threads.inbox import inbox
from alidade.web.errors import told
from alidade.web.place import Desk, page
from alidade.web.threads.names import authority_names

MOST = 200
SETTLE = "procedure_manage"  # the act of settling what the duty desk is


@page("thread_read")
def desk_on_duty(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who is on duty, what is unassigned, how the load lies; take, assign several at once, hand over."""
    if request.method == "POST" and (answer := _act(request, desk)) is not None:
        return answer
    found = duty_desk(desk.node, desk.actor, language=desk.language)
    assigns = desk.may("thread_assign")
    taken = inbox(desk.node, desk.actor, "all", size=MOST, language=desk.language).lines if assigns else ()
    shown: dict[str, Any] = {
        "duty": found,
        "lines": found.lines,
        "taken": [line for line in taken if line.officer],
        "loads": load(desk.node, desk.actor) if assigns else (),
        "colleagues": colleagues_for(desk.node, desk.actor) if assigns else (),
        "names": authority_names(desk),
        "reads_only": not desk.may("thread_step"),
        "settles": desk.may(SETTLE),
        "settlers": ", ".join(_settlers(desk)),
    }
    return render(request, "web/threads/desk.html", shown)


def _settlers(desk: Desk) -> list[str]:
    """The roles that settle the rules of the desk."""
    words = desk.node.vocabulary
    return [words.label("roles", code, desk.language) for code, role in words.roles.items() if SETTLE in role.acts]


def _act(request: HttpRequest, desk: Desk) -> HttpResponse | None:
    act, chosen = request.POST.get("do", ""), list(dict.fromkeys(request.POST.getlist("chosen")))
    officer = request.POST.get("officer", "")
    try:
        if act == "hand_over" and officer:
            return _handed_over(request, desk, officer)
        if act not in ("take", "assign", "let_go") or not chosen:
            return None
        for thread in chosen:
            if act == "take":
                take_thread(desk.node, desk.actor, thread)
            else:
                assign_thread(desk.node, desk.actor, thread, OfficerId(officer) if act == "assign" else None)
    except (NotAllowed, NotFound) as error:
        messages.error(request, " ".join(part for part in told(error) if part))
        return redirect("inbox.desk")
    count = len(chosen)
    messages.success(
        request,
        ngettext("%(count)d exchange has another desk now.", "%(count)d exchanges have another desk now.", count)
        % {"count": count},
    )
    return redirect("inbox.desk")


def _handed_over(request: HttpRequest, desk: Desk, officer: str) -> HttpResponse:
    giver = request.POST.get("from", "")
    threads, drafts = hand_over_threads(
        desk.node, desk.actor, OfficerId(officer), officer=OfficerId(giver) if giver else None
    )
    messages.success(
        request,
        _("Handed over: %(threads)d exchanges and %(drafts)d drafts. The colleague can hand them back.")
        % {"threads": threads, "drafts": drafts},
    )
    return redirect("inbox.desk")


urlpatterns = [path("inbox/desk/", desk_on_duty, name="inbox.desk")]
