"""Other nodes: which peers there are, what waits to leave, what is held up, who has countersigned our ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from alidade.model.errors import AlidadeError, Conflict, Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.services.exchange.holding import LIST
from alidade.services.exchange.peers import list_peers, resume_peer, suspend_peer
from alidade.services.exchange.witnessing import (
    Status,
    note_alarm_seen,
    retry_parked,
    skip_parked,
    status,
    verify_heads,
)
from alidade.web.errors import told
from alidade.web.forms import choices
from alidade.web.place import Desk, page
from alidade.web.threads.names import authority_names


@page("exchange_manage", personal=False)
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How the exchange with other nodes stands; no content. Suspend and resume peers, look after what is held up."""
    if request.method == "POST":
        try:
            _act(request, desk)
        except (Invalid, Conflict, NotFound) as error:
            messages.error(request, _said(error))
        return redirect("exchange-status")
    found: Status | None = None
    wrong = ""
    try:
        found = status(desk.node, desk.administrator)
    except NotFound as error:
        wrong = _said(error)
    shown: dict[str, Any] = {
        "status": found,
        "refusal": wrong,
        "entered": list_peers(desk.node, desk.administrator),
        "heads": verify_heads(desk.node, desk.administrator) if desk.may("ledger_verify") else (),
        "names": authority_names(desk),
        "reasons": dict(choices(desk.node.vocabulary, LIST, desk.language)),
    }
    return render(request, "web/procedures/exchange_status.html", shown)


def _act(request: HttpRequest, desk: Desk) -> None:
    act, actor = request.POST.get("do", ""), desk.administrator
    peer, message = AuthorityId(request.POST.get("peer", "")), request.POST.get("message", "")
    number = request.POST.get("number", "")
    if act == "suspend":
        suspend_peer(desk.node, actor, peer, request.POST.get("reason", ""))
        messages.success(request, _("Suspended: nothing is sent there until you take it up again. Nothing is lost."))
    elif act == "resume":
        resume_peer(desk.node, actor, peer)
        messages.success(request, _("Taken up again: what waited is sent."))
    elif act == "retry":
        retry_parked(desk.node, actor, peer, message)
        messages.success(request, _("Tried again."))
    elif act == "skip":
        skip_parked(desk.node, actor, peer, message)
        messages.success(request, _("Given up for good; what comes after it goes on."))
    elif act == "seen" and number.isascii() and number.isdigit() and len(number) < 15:
        note_alarm_seen(desk.node, actor, int(number))


def _said(error: AlidadeError) -> str:
    return " ".join(part for part in told(error) if part)


urlpatterns = [path("exchange-status/", show, name="exchange-status")]
