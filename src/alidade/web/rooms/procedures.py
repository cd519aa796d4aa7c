"""Procedures: which the node offers, with their source; and the editor that checks, plays and takes in a new one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import AlidadeError, Conflict, Invalid
from alidade.procedures.findings import with_lines
from alidade.services.threads.managing import (
    CheckedProcedure,
    KnownProcedure,
    check_procedure,
    offer_procedure,
    procedures_known,
)
from alidade.services.threads.offered import procedures_offered
from alidade.services.threads.procedure_files import ProcedureWalk, procedure_file, walk_procedure
from alidade.services.threads.publishing import (
    propose_procedure,
    proposed_procedures,
    publish_procedure,
    withdraw_procedure,
)
from alidade.web.errors import told
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.threads.clock_words import length_words
from alidade.web.told import translated

LARGEST = 1024 * 1024


@page("thread_read")
def offered(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The procedures of which one may open a thread here."""
    found = procedures_offered(desk.node, desk.actor, language=desk.language)
    return render(request, "web/procedures/offered.html", {"procedures": found})


@page("procedure_manage", personal=False)
def manage(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every version of every procedure that the node knows; offer one no more, or again."""
    if request.method == "POST":
        code, version = request.POST.get("code", ""), request.POST.get("version", "")
        if version.isascii() and version.isdigit() and len(version) < 9:
            _change(request, desk, code, int(version))
        return redirect("procedures.manage")
    columns: list[Column[KnownProcedure]] = [
        Column(key="title", title=gettext_lazy("Procedure"), value=lambda one: one.title),
        Column(key="code", title=gettext_lazy("Code"), value=lambda one: one.code, kind="code"),
        Column(key="version", title=gettext_lazy("Version"), value=lambda one: one.version, kind="number"),
        Column(key="source", title=gettext_lazy("Source"), value=lambda one: one.source),
        Column(
            key="verified",
            title=gettext_lazy("Checked against the act"),
            value=lambda one: _("verified") if one.verified else _("not verified"),
            kind="tag",
        ),
        Column(
            key="from",
            title=gettext_lazy("From"),
            value=lambda one: _("the catalogue") if one.from_catalogue else _("taken in here"),
        ),
        Column(key="offered", title=gettext_lazy("Offered"), value=lambda one: _("yes") if one.offered else _("no")),
    ]
    known = procedures_known(desk.node, desk.administrator, language=desk.language)
    table = Table(
        name="procedures",
        caption=gettext_lazy("Procedures"),
        columns=columns,
        rows=known,
        request=request,
        link=lambda one: f"{reverse('procedures.editor')}?from={one.code}&version={one.version}",
    )
    shown = {
        "table": table,
        "own": [each for each in known if not each.from_catalogue],
        "proposed": proposed_procedures(desk.node, desk.administrator, language=desk.language),
    }
    return render(request, "web/procedures/manage.html", shown)


def _change(request: HttpRequest, desk: Desk, code: str, version: int) -> None:
    act = request.POST.get("do", "")
    if act == "publish":
        publish_procedure(desk.node, desk.administrator, code, version, request.POST.get("digest", ""))
        messages.success(request, _("Published. Everybody on this node can open exchanges with it now."))
    elif act == "withdraw":
        withdraw_procedure(desk.node, desk.administrator, code, version)
        messages.success(request, _("It is proposed no longer."))
    else:
        offer_procedure(desk.node, desk.administrator, code, version, offered=act == "offer")
        messages.success(request, _("Changed. What runs already goes on as it was begun."))


@page("procedure_manage", personal=False)
def editor(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write a procedure: it is checked line by line and played through before anybody can use it."""
    actor = desk.administrator
    if request.method != "POST":
        code, version = request.GET.get("from", ""), request.GET.get("version", "")
        text = ""
        if code:
            number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
            text = procedure_file(desk.node, actor, code, number)
        return _draw(request, desk, text)
    text = request.POST.get("text", "")[:LARGEST]
    act = request.POST.get("do", "check")
    content = text.encode()
    try:
        if act == "keep":
            kept = propose_procedure(desk.node, actor, content)
            messages.success(
                request,
                _("Proposed: %(code)s, version %(version)d. Another administrator must publish it.")
                % {"code": kept.definition.code, "version": kept.definition.version},
            )
            return redirect("procedures.manage")
        checked = _with_lines(check_procedure(desk.node, actor, content), text)
        walks = walk_procedure(desk.node, actor, content) if act == "rehearse" and checked.usable else ()
    except (Invalid, Conflict) as error:
        return _draw(request, desk, text, wrong=_said(error), status=422)
    return _draw(request, desk, text, checked=checked, walks=walks)


@page("procedure_manage", personal=False, methods=("POST",))
def look(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The findings while somebody types: for the script of the page, the same sentences."""
    try:
        text = request.POST.get("text", "")[:LARGEST]
        checked = _with_lines(check_procedure(desk.node, desk.administrator, text.encode()), text)
    except AlidadeError as error:
        return JsonResponse({"wrong": _said(error), "findings": [], "usable": False})
    findings = [
        {
            "severity": each.severity,
            "line": each.line,
            "path": each.path,
            "message": translated(each.message),
            "remedy": translated(each.remedy),
        }
        for each in checked.findings
    ]
    return JsonResponse({"wrong": "", "findings": findings, "usable": checked.usable})


def _with_lines(checked: CheckedProcedure, text: str) -> CheckedProcedure:
    return replace(checked, findings=tuple(with_lines(list(checked.findings), text)))


def _said(error: AlidadeError) -> str:
    return " ".join(part for part in told(error) if part)


def _draw(
    request: HttpRequest,
    desk: Desk,
    text: str,
    *,
    checked: CheckedProcedure | None = None,
    walks: tuple[ProcedureWalk, ...] = (),
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    shown: dict[str, Any] = {
        "text": text,
        "checked": checked,
        "refusal": wrong,
        "walks": walks,
        "words": json.dumps(
            {"clean": _("Nothing is wrong with it."), "line": _("line"), "error": _("error"), "warning": _("warning")}
        ),
    }
    if checked is not None:
        shown["clocks"] = [
            {"one": each, "length": length_words(each.length)} for each in checked.definition.all_clocks({}).values()
        ]
    return render(request, "web/procedures/editor.html", shown, status=status)


urlpatterns = [
    path("procedures/", offered, name="procedures"),
    path("procedures/all/", manage, name="procedures.manage"),
    path("procedures/editor/", editor, name="procedures.editor"),
    path("procedures/look/", look, name="procedures.look"),
]
