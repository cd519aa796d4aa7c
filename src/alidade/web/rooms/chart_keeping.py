"""Keeping charts: kept in versions, shared under a handling, brought back, and taken out as a file."""

from __future__ import annotations

from typing import cast

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from alidade.model.errors import Conflict, Invalid
from alidade.services.picture.chart_state import ChartState, decode_state
from alidade.services.picture.charts import (
    bring_back_chart,
    chart_versions,
    keep_chart,
    open_chart,
    restore_chart,
    share_chart,
    withdraw_chart,
)
from alidade.services.picture.exporting import Form, export_chart, export_picture
from alidade.web.handling_form import handling_form
from alidade.web.place import Desk, page
from alidade.web.scripted import scripted
from alidade.web.stepping_up import fresh
from alidade.web.told import told


class Keeping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the script sends to have a chart kept."""

    state: ChartState
    title: str = ""
    reason: str = ""
    piece: str | None = None
    version: int = 0


@page("piece_keep", methods=("POST",))
@scripted
def keep(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep a chart as a new one, or in a new version."""
    try:
        wanted = msgspec.json.decode(request.body, type=Keeping)
    except msgspec.MsgspecError as error:
        raise Invalid("The chart cannot be read.", remedy="Open it anew.", code="chart_unreadable") from error
    saved = keep_chart(
        desk.node, desk.actor, wanted.state, wanted.title, piece=wanted.piece, version=wanted.version,
        reason=wanted.reason,
    )  # fmt: skip
    return JsonResponse(
        {"piece": saved.piece, "version": saved.version, "address": reverse("chart", args=[saved.piece]),
         "share": reverse("chart.share", args=[saved.piece]), "versions": reverse("chart.versions", args=[saved.piece])}
    )  # fmt: skip


@page("export", methods=("POST",))
@scripted
@fresh
def export(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The chart as a file, or the reason why this form cannot carry its handling."""
    sent, reference = request.POST.get("state", ""), request.POST.get("piece", "")
    if reference and not sent:  # without script: the kept chart as it stands
        state = open_chart(desk.node, desk.actor, reference).drawn.state
    else:
        state = decode_state(sent.encode())
    form, title = request.POST.get("form", ""), request.POST.get("title", "")[:120]
    # A picture drawn in the browser needs its script; without it the one that is drawn here is as good.
    chosen = cast(Form, "svg" if form == "png" else form)
    made = export_chart(desk.node, desk.actor, state, chosen, title=title, language=desk.language, left_out=_left_out)
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@page("export", methods=("POST",))
@scripted
def drawing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What a picture drawn in the browser may show and must say; the ledger has it before it is drawn."""
    made = export_picture(desk.node, desk.actor, decode_state(request.body), language=desk.language, left_out=_left_out)
    return JsonResponse({"things": made.things, "ties": made.ties, "heading": made.heading, "terms": made.terms})


def _left_out(things: int, ties: int) -> str:
    return _("Left out, because their owners do not let us take them out: %(things)s things and %(ties)s ties.") % {
        "things": things,
        "ties": ties,
    }


@page("piece_keep")
def share(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Say who may open a chart of one's own authority; each of them sees on it what he may see."""
    found = open_chart(desk.node, desk.actor, reference).kept
    sent = request.POST if request.method == "POST" else None
    form = handling_form(desk, "h", sent=sent, handling=found.handling)
    status = 200
    if sent is not None and form.is_valid():
        try:
            share_chart(desk.node, desk.actor, reference, form.handling(desk.authority.id))
        except Invalid as error:
            form.add_error(None, " ".join(told(error)))
            status = 422
        else:
            said = _("Shared. Whoever may open the chart sees on it what he may see, and reads your notes on that.")
            messages.success(request, said)
            return redirect("chart", reference)
    elif sent is not None:
        status = 422
    shown = {"form": form, "kept": found, "reference": reference}
    return render(request, "web/chart/share.html", shown, status=status)


@page("piece_keep")
def versions(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The versions of a chart of one's own authority; an earlier one can be made the newest again."""
    found = chart_versions(desk.node, desk.actor, reference)
    newest = next(each for each in found if each.newest)
    problem = ""
    if request.method == "POST":
        try:
            wanted, held = int(request.POST.get("version", "")), int(request.POST.get("newest", ""))
            saved = restore_chart(desk.node, desk.actor, reference, wanted, newest=held)
        except ValueError as error:
            raise Invalid("There is no such version.") from error
        except Conflict as error:
            problem = " ".join(told(error))
        else:
            said = _("Version %(old)s is the newest again, as version %(new)s. Nothing in between is lost.")
            messages.success(request, said % {"old": wanted, "new": saved.version})
            return redirect("chart", reference)
    shown = {"versions": found, "newest": newest, "reference": reference, "problem": problem}
    return render(request, "web/chart/versions.html", shown, status=409 if problem else 200)


@page("piece_keep", methods=("POST",))
def withdraw(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take a chart away from everybody."""
    withdraw_chart(desk.node, desk.actor, reference)
    request.session["withdrawn-chart"] = reference
    messages.success(request, _("The chart is withdrawn: nobody opens it any more. It can be brought back."))
    return redirect("picture")


@page("piece_keep", methods=("POST",))
def bring_back(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Bring a withdrawn chart back."""
    bring_back_chart(desk.node, desk.actor, reference)
    request.session.pop("withdrawn-chart", None)
    messages.success(request, _("The chart is back. Those may open it who could before."))
    return redirect("chart", reference)


urlpatterns = [
    path("picture/chart/keep/", keep, name="chart.keep"),
    path("picture/chart/export/", export, name="chart.export"),
    path("picture/chart/drawing/", drawing, name="chart.drawing"),
    path("picture/chart/<str:reference>/share/", share, name="chart.share"),
    path("picture/chart/<str:reference>/versions/", versions, name="chart.versions"),
    path("picture/chart/<str:reference>/withdraw/", withdraw, name="chart.withdraw"),
    path("picture/chart/<str:reference>/bring-back/", bring_back, name="chart.bring-back"),
]
