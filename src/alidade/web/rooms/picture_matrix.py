"""Countries: which are tied to which, by ties that this officer may see, and the things behind each figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.services.picture.matrix import Crossing, Matrix, draw_matrix
from alidade.services.picture.sight_files import Words
from alidade.web.chart_view import codes_of, thing_address
from alidade.web.place import Desk, page
from alidade.web.sight_view import AskForm, around, asked, when, words_of
from alidade.web.table import Column, Table

_STEPS = 5  # of heat
_ORDERS = {"weight": gettext_lazy("most ties first"), "name": gettext_lazy("by name"), "code": gettext_lazy("by code")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure of the grid: from where to where, how warm, and the address that lists what is behind it."""

    source: str
    target: str
    count: int
    heat: int
    address: str
    chosen: bool


@page("picture_read", methods=("GET",))
def matrix(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Countries by countries, and of a chosen pair the list of ties with the pages of their things."""
    ask, wrong = asked(request)
    found = draw_matrix(desk.node, desk.actor, ask)
    words = words_of(desk)
    order = request.GET.get("order", "")
    order = order if order in _ORDERS else "weight"
    countries = list(found.countries)
    if order != "weight":
        countries.sort(key=words.country if order == "name" else str)
    pair = (request.GET.get("from", ""), request.GET.get("to", ""))
    pair = pair if pair in found.cells else ("", "")
    kinds = [(kind, f"{label.in_(desk.language)} ({count})") for kind, label, count in found.kinds]
    said = [each for crossing in found.crossings for each in crossing.statements]
    names = {code: words.country(code) for code in countries}
    shown = around(request, ask, desk, "matrix", said) | {
        "form": AskForm(request.GET, kinds=kinds),
        "wrong": wrong,
        "found": found,
        "countries": list(names.items()),
        "rows": [(code, names[code], _row(request, found, code, countries, pair)) for code in countries],
        "orders": [(_address(request, order=key), word, key == order) for key, word in _ORDERS.items()],
        "most": _most(found, words),
        "pair": tuple(names[code] for code in pair) if pair[0] else None,
        "listed": _listed(request, found.listed(*pair), desk.language) if pair[0] else None,
    }
    return render(request, "web/picture/matrix.html", shown, status=422 if wrong else 200)


def _row(
    request: HttpRequest, found: Matrix, source: str, countries: list[str], pair: tuple[str, str]
) -> list[Cell]:  # fmt: skip
    most = max(found.cells.values(), default=1)
    cells = []
    for target in countries:
        count = found.cells.get((source, target), 0)
        heat = 0 if not count else 1 + (count - 1) * (_STEPS - 1) // max(most - 1, 1)
        address = _address(request, **{"from": source, "to": target}) if count else ""
        cells.append(
            Cell(source=source, target=target, count=count, heat=heat, address=address, chosen=pair == (source, target))
        )
    return cells


def _address(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}" + ("#behind" if "from" in changed else "")


def _most(found: Matrix, words: Words) -> list[tuple[str, str, int]]:
    """The pairs with the most ties, for the sentence that says what the grid shows."""
    pairs = sorted(found.cells, key=lambda pair: (-found.cells[pair], pair))
    return [(words.country(one), words.country(other), found.cells[one, other]) for one, other in pairs[:3]]


def _listed(request: HttpRequest, crossings: tuple[Crossing, ...], language: str) -> Table[Crossing]:
    columns: list[Column[Crossing]] = [
        Column(key="source", title=gettext_lazy("From"), value=lambda row: row.source_caption or _("not known")),
        Column(key="kind", title=gettext_lazy("Tie"), value=lambda row: row.label.in_(language)),
        Column(key="target", title=gettext_lazy("To"), value=lambda row: row.target_caption or _("not known")),
        Column(key="when", title=gettext_lazy("When"), value=lambda row: when(row.begin, row.end),
               sort=lambda row: row.begin),
        Column(key="evaluation", title=gettext_lazy("Evaluation"), value=lambda row: row.evaluation,
               sort=lambda row: row.evaluation.code, kind="evaluation"),
        Column(key="codes", title=gettext_lazy("Handling"), value=lambda row: codes_of(row.statements) or "H0"),
    ]  # fmt: skip
    return Table(
        name="behind", caption=gettext_lazy("The ties behind this figure"), columns=columns, rows=crossings,
        request=request, link=lambda row: thing_address(row.source), default="source",
    )  # fmt: skip


urlpatterns = [path("picture/matrix/", matrix, name="picture.matrix")]
