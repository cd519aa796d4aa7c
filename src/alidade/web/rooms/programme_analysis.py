"""Analysis: over all papers, and of one paper or round as tables that can be taken out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alidade.model.errors import NotAllowed, NotFound
from alidade.programme.register import said_in
from alidade.programme.sheets import SHEETS, Sheet, sheet
from alidade.services.programme.analysis import (
    FORMS,
    Analysed,
    PaperTotals,
    analyse,
    analyse_all,
    names_for,
    take_table_out,
)
from alidade.services.programme.rounds import rounds
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.told import told
from alidade.web.words_of_analysis import EXPLAINED, NOTHING, TITLES, VIEWS, left_out, table_words


@page("programme_read", personal=False)
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every paper with what its analysis comes to, and the rounds that stand on none."""
    table = Table(
        name="analysis",
        caption=gettext_lazy("Papers"),
        columns=_columns(desk),
        rows=analyse_all(desk.node, desk.administrator),
        request=request,
        link=lambda one: reverse("analysis.paper", args=[one.paper.reference]),
        empty=gettext_lazy("No paper is kept yet."),
    )
    alone = [
        (line.kept.reference, said_in(line.kept.body.title, desk.language)[0])
        for line in rounds(desk.node, desk.administrator)
        if not line.kept.body.instrument
    ]
    return render(request, "web/programme/analysis.html", {"table": table, "alone": alone})


def _columns(desk: Desk) -> list[Column[PaperTotals]]:
    def number(key: str, title: Any, value: Any) -> Column[PaperTotals]:
        return Column(key=key, title=title, value=value, kind="number")

    return [
        Column(key="number", title=gettext_lazy("Number"), value=lambda one: one.paper.body.number),
        Column(
            key="title",
            title=gettext_lazy("Title"),
            value=lambda one: said_in(one.paper.body.title, desk.language)[0],
        ),
        number("states", gettext_lazy("States"), lambda one: len(one.analysis.board.states)),
        number("asked", pgettext_lazy("States", "Asked"), lambda one: one.analysis.whole.asked),
        number("done", gettext_lazy("Done"), lambda one: one.analysis.whole.done),
        number("silent", gettext_lazy("No reply"), lambda one: one.analysis.whole.silent),
        number("late", gettext_lazy("Late"), lambda one: one.analysis.whole.late),
        number("unevidenced", gettext_lazy("Without evidence"), lambda one: one.analysis.whole.unevidenced),
        number("differ", gettext_lazy("Does not agree"), lambda one: len(one.analysis.contradictions)),
        number("obstacles", gettext_lazy("Obstacles"), lambda one: sum(g.times for g in one.analysis.obstacles)),
    ]


@page("programme_read", personal=False)
def of_paper(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The analysis of a paper, with the replies of its newest round or of the one chosen."""
    chosen = request.GET.get("round", "")
    found = analyse(desk.node, desk.administrator, paper=reference)
    if chosen in {each for each, _title in found.rounds} - {found.chosen}:
        found = analyse(desk.node, desk.administrator, paper=reference, round_=chosen)
    if found.paper is None:
        raise NotFound("There is nothing with this reference that you may see.")
    body = found.paper.body
    shown = {
        "title": f"{body.number}: {said_in(body.title, desk.language)[0]}",
        "here": reverse("analysis.paper", args=[reference]),
        "up": reverse("programme.paper", args=[reference]),
        "rounds": [(each, said_in(title, desk.language)[0], each == found.chosen) for each, title in found.rounds],
        "suffix": f"&round={found.chosen}" if found.chosen else "",
        "paper": reference,
    }
    return render(request, "web/programme/analysis_of.html", shown | _shown(request, desk, found))


@page("programme_read", personal=False)
def of_round(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The analysis of a round that stands on no paper; of one that does, it leads to that of the paper."""
    found = analyse(desk.node, desk.administrator, round_=reference)
    held = found.analysis.held[0].round
    if held.instrument:
        return redirect(f"{reverse('analysis.paper', args=[held.instrument])}?round={reference}")
    shown = {
        "title": said_in(held.title, desk.language)[0],
        "here": reverse("analysis.round", args=[reference]),
        "up": reverse("round", args=[reference]),
    }
    return render(request, "web/programme/analysis_of.html", shown | _shown(request, desk, found))


def _shown(request: HttpRequest, desk: Desk, found: Analysed) -> dict[str, Any]:
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "table"
    names = names_for(desk.node.vocabulary, found.authorities, desk.language, table_words())
    tables = [
        {
            "code": code,
            "title": TITLES[code],
            "explained": EXPLAINED.get(code, ""),
            "sheet": made,
            "heads": list(zip(made.head, made.hints or ("",) * len(made.head), _numeric(made), strict=True)),
            "grid": code in ("matrix", "heat"),
        }
        for code in VIEWS[view][1]
        for made in [sheet(code, found.analysis, names)]
    ]
    return {
        "view": view,
        "views": [(code, title, code == view) for code, (title, _tables) in VIEWS.items()],
        "whole": found.analysis.whole,
        "differ": len(found.analysis.contradictions),
        "tables": tables,
        "forms": list(FORMS),
        "nothing": NOTHING,
    }


def _numeric(made: Sheet) -> list[bool]:
    """Which columns hold numbers, so that their heads stand above them."""
    columns = zip(*(row.cells for row in made.rows), strict=True) if made.rows else [()] * (len(made.head) - 1)
    return [False, *(any(cell.number is not None or cell.tone == "number" for cell in column) for column in columns)]


@page("programme_read", personal=False, methods=("GET",))
def of_paper_file(request: HttpRequest, desk: Desk, reference: str, table: str, form: str) -> HttpResponse:
    """One table of the analysis of a paper as a file."""
    return _file(request, desk, table, form, paper=reference, round_=request.GET.get("round", ""))


@page("programme_read", personal=False, methods=("GET",))
def of_round_file(request: HttpRequest, desk: Desk, reference: str, table: str, form: str) -> HttpResponse:
    """One table of the analysis of a round as a file."""
    return _file(request, desk, table, form, round_=reference)


def _file(request: HttpRequest, desk: Desk, table: str, form: str, *, paper: str = "", round_: str) -> HttpResponse:
    if table not in SHEETS or form not in FORMS:
        raise NotFound("There is nothing with this reference that you may see.")
    try:
        made = take_table_out(
            desk.node,
            desk.administrator,
            table,
            form,
            paper=paper,
            round_=round_,
            language=desk.language,
            words=table_words(),
            left_out=left_out,
        )
    except NotAllowed as error:
        if error.code != "strictest_wins":
            raise
        shown = {"why": " ".join(told(error)), "back": "analysis", "title": TITLES[table]}
        return render(request, "web/picture/refused.html", shown, status=403)
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


urlpatterns = [
    path("analysis/", overview, name="analysis"),
    path("analysis/round/<str:reference>/", of_round, name="analysis.round"),
    path("analysis/round/<str:reference>/<str:table>/<str:form>/", of_round_file, name="analysis.round-file"),
    path("analysis/<str:reference>/", of_paper, name="analysis.paper"),
    path("analysis/<str:reference>/<str:table>/<str:form>/", of_paper_file, name="analysis.file"),
]
