"""Link chart: begin one, open a kept one, and what the script of its page asks for. A chart works as tables, too."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Invalid
from alidade.services.directory_entries import directory_entries
from alidade.services.picture.chart import Drawn, draw, named
from alidade.services.picture.chart_state import MOST_STARTS, ChartState, decode_state, encode_state
from alidade.services.picture.chart_walks import find_things, openings, shortest_ways
from alidade.services.picture.charts import KeptChart, list_charts, open_chart
from alidade.services.picture.seeing import SeenThing
from alidade.web.chart_view import (
    Glossary,
    ShownTie,
    chart_for_script,
    codes_of,
    openings_for_script,
    table_rows,
    thing_address,
    ways_for_script,
)
from alidade.web.chart_words import script_words
from alidade.web.errors import status_of
from alidade.web.forms import Form
from alidade.web.place import Desk, page
from alidade.web.scripted import scripted, sent
from alidade.web.table import Column, Table
from alidade.web.told import told

_DIGITS: Final = frozenset("0123456789abcdef")
_ROWS: Final = 50  # of a table on one page without script; with it the script makes them of all
FORMS: Final = (
    ("png", gettext_lazy("Picture (PNG)")),
    ("svg", gettext_lazy("Picture for print (SVG)")),
    ("csv", gettext_lazy("Table (CSV)")),
    ("graphml", gettext_lazy("Graph (GraphML)")),
    ("gexf", gettext_lazy("Graph for Gephi (GEXF)")),
    ("ftm", gettext_lazy("FollowTheMoney")),
    ("stix", gettext_lazy("STIX 2.1")),
)


class SearchForm(Form):
    """What the chart is to begin with: a name or a number of something that one may read."""

    text = forms.CharField(label=gettext_lazy("Name or number"), max_length=200)


@page("picture_read")
def picture(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Begin a chart: from records named in the address, from a search, or with everything; and the kept ones."""
    records = [each for each in request.GET.getlist("record") if len(each) == 32 and set(each) <= _DIGITS]
    if request.method == "GET" and (records or "everything" in request.GET):
        state = ChartState(starts=named(records[:MOST_STARTS]), everything="everything" in request.GET)
        return _canvas(request, desk, draw(desk.node, desk.actor, state), None)
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: tuple[SeenThing, ...] | None = None
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            found = find_things(desk.node, desk.actor, form.cleaned_data["text"])
        except Invalid as error:
            form.add_error(None, told(error)[0])
            status = status_of(error)
    elif request.method == "POST":
        status = 422
    names = glossary(desk)
    shown = {
        "form": form,
        "found": None if found is None else [(each, names.thing(each.thing), _owners(each, names)) for each in found],
        "kept": _kept_table(request, list_charts(desk.node, desk.actor), names),
        "withdrawn": request.session.get("withdrawn-chart", ""),
    }
    return render(request, "web/chart/begin.html", shown, status=status)


@page("picture_read")
def chart(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """A kept chart, drawn from what this officer may see."""
    found = open_chart(desk.node, desk.actor, reference)
    return _canvas(request, desk, found.drawn, found.kept)


def _canvas(request: HttpRequest, desk: Desk, drawn: Drawn, kept: KeptChart | None) -> HttpResponse:
    names = glossary(desk)
    made = chart_for_script(drawn, names)
    things, ties = table_rows(drawn, names)
    addresses = {
        name: reverse(f"chart.{name}") for name in ("draw", "openings", "ways", "keep", "export", "drawing")
    } | {"chart": reverse("chart", args=["0" * 32]), "thing": thing_address("0" * 32)}
    ours = kept is None or kept.ours
    shown = {
        "chart": made,
        "words": script_words(),
        "addresses": addresses,
        "kept": kept,
        "piece": {"piece": kept.piece, "version": kept.version, "ours": kept.ours} if kept else None,
        "keeps": "piece_keep" in desk.acts and ours,
        "copies": "piece_keep" in desk.acts,
        "exports": FORMS if "export" in desk.acts else (),
        "state": "" if kept else encode_state(drawn.state).decode(),  # a kept one is named, not sent twice
        "classification": made["classification"],
        "by": names.owner(kept.authority) if kept else "",
        "things": _things_table(request, things, names),
        "ties": _ties_table(request, ties),
        "count": len(drawn.things),
    }
    return render(request, "web/chart/chart.html", shown)


@page("picture_read", methods=("POST",))
@scripted
def drawn(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The chart of the state that the script sends."""
    made = draw(desk.node, desk.actor, decode_state(request.body))
    return JsonResponse(chart_for_script(made, glossary(desk)))


@page("picture_read", methods=("POST",))
@scripted
def opened(request: HttpRequest, desk: Desk) -> HttpResponse:
    """By which kinds of tie a thing can be opened."""
    wanted = sent(request, "record")
    found = openings(desk.node, desk.actor, wanted["record"], language=desk.language)
    return JsonResponse({"openings": openings_for_script(found, glossary(desk))})


@page("picture_read", methods=("POST",))
@scripted
def ways(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The shortest ways between two things."""
    wanted = sent(request, "start", "end")
    found = shortest_ways(desk.node, desk.actor, wanted["start"], wanted["end"])
    return JsonResponse(ways_for_script(found, glossary(desk)))


def glossary(desk: Desk) -> Glossary:
    """The words, the language and the names of the authorities for this officer."""
    authorities = {str(each.id): each.name for each in directory_entries(desk.node, desk.actor)}
    return Glossary(words=desk.node.vocabulary, language=desk.language, authorities=authorities)


def _owners(thing: SeenThing, names: Glossary) -> str:
    return ", ".join(names.owner(each) for each in thing.owners)


def _kept_table(request: HttpRequest, kept: tuple[KeptChart, ...], names: Glossary) -> Table[KeptChart]:
    columns: list[Column[KeptChart]] = [
        Column(key="title", title=gettext_lazy("Title"), value=lambda each: each.title or _("without a title")),
        Column(key="by", title=gettext_lazy("Made by"), value=lambda each: names.owner(each.authority)),
        Column(key="changed", title=gettext_lazy("Changed"), value=lambda each: each.changed_at, kind="moment"),
        Column(key="version", title=gettext_lazy("Version"), value=lambda each: each.version, kind="number"),
        Column(key="handling", title=gettext_lazy("Handling"), value=lambda each: each.handling, kind="handling",
               sortable=False),
    ]  # fmt: skip
    return Table(
        name="charts", caption=gettext_lazy("Kept charts"), columns=columns, rows=kept, request=request,
        link=lambda each: reverse("chart", args=[each.piece]), default="-changed",
        empty=gettext_lazy("No chart has been kept that you may open. Begin one above, and keep it."),
    )  # fmt: skip


def _things_table(
    request: HttpRequest, rows: list[tuple[SeenThing, int]], names: Glossary
) -> Table[tuple[SeenThing, int]]:
    columns: list[Column[tuple[SeenThing, int]]] = [
        Column(key="name", title=gettext_lazy("Name"), value=lambda row: row[0].caption or _("not known")),
        Column(key="what", title=gettext_lazy("What it is"), value=lambda row: names.thing(row[0].thing)),
        Column(key="ties", title=gettext_lazy("Ties here"), value=lambda row: row[1], kind="number"),
        Column(key="by", title=gettext_lazy("Given by"), value=lambda row: _owners(row[0], names)),
        Column(key="codes", title=gettext_lazy("Handling"), value=lambda row: codes_of(row[0].statements) or "H0"),
    ]
    return Table(
        name="things", caption=gettext_lazy("Things on the chart"), columns=columns, rows=rows, request=request,
        link=lambda row: thing_address(row[0].id), default="-ties", per_page=_ROWS,
        empty=gettext_lazy("Nothing is in sight."),
    )  # fmt: skip


def _ties_table(request: HttpRequest, rows: list[ShownTie]) -> Table[ShownTie]:
    columns: list[Column[ShownTie]] = [
        Column(key="source", title=gettext_lazy("From"), value=lambda row: row.source),
        Column(key="kind", title=gettext_lazy("Tie"), value=lambda row: row.label),
        Column(key="target", title=gettext_lazy("To"), value=lambda row: row.target),
        Column(key="evaluation", title=gettext_lazy("Evaluation"), value=lambda row: row.tie.evaluation,
               sort=lambda row: row.tie.evaluation.code, kind="evaluation"),
        Column(key="since", title=gettext_lazy("Since"), value=lambda row: row.tie.valid_from or "", kind="day"),
        Column(key="until", title=gettext_lazy("Until"), value=lambda row: row.tie.valid_to or "", kind="day"),
        Column(key="by", title=gettext_lazy("Given by"), value=lambda row: row.owners),
        Column(key="codes", title=gettext_lazy("Handling"), value=lambda row: row.codes or "H0"),
    ]  # fmt: skip
    return Table(
        name="ties", caption=gettext_lazy("Ties on the chart"), columns=columns, rows=rows, request=request,
        per_page=_ROWS, empty=gettext_lazy("No ties are in sight."),
    )  # fmt: skip


canvas = _canvas  # drawn by other rooms, too

urlpatterns = [
    path("picture/", picture, name="picture"),
    path("picture/chart/draw/", drawn, name="chart.draw"),
    path("picture/chart/openings/", opened, name="chart.openings"),
    path("picture/chart/ways/", ways, name="chart.ways"),
    path("picture/chart/<str:reference>/", chart, name="chart"),
]
