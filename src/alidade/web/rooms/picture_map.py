"""Map: places, seizures, events and movements that this officer may see, on outlines that need no network."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.formats.map_svg import map_figure
from alidade.formats.sight import grade
from alidade.services.picture.clustering import FARTHEST, NEAREST, clustered
from alidade.services.picture.mapping import Leg, Map, Mark, Present, draw_map
from alidade.services.picture.places import port_names
from alidade.services.picture.sight_files import Words, map_file
from alidade.services.picture.sights import firm
from alidade.web.chart_view import codes_of, thing_address
from alidade.web.place import Desk, page
from alidade.web.sight_view import GROUPS, NO_HEAD, AskForm, around, asked, when, words_of
from alidade.web.table import Column, Table

_MOST_LISTED = 40  # movements of one leg beside the map; the page of each has more


@page("picture_read", methods=("GET",))
def map_(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the officer sees that has a place; drawn by the script, and without it by the server, with its tables."""
    ask, wrong = asked(request)
    found = draw_map(desk.node, desk.actor, ask)
    words = words_of(desk)
    said = [each for mark in found.marks for each in mark.statements]
    said += [each for leg in found.legs for move in leg.moves for each in move.statements]
    said += [each for present in found.presences for each in present.tie.statements]
    types = sorted(((name, words.thing(name)) for name in found.types), key=lambda each: each[1])
    form = AskForm(request.GET, kinds=[(key, str(word)) for key, word in GROUPS.items()], types=types)
    file = map_file(found, words, NO_HEAD, outlines=static("web/map/outlines.svg"))
    names = _names(found, words)
    shown = around(request, ask, desk, "map", said) | {
        "form": form,
        "wrong": wrong,
        "found": found,
        "figure": mark_safe(map_figure(file)),  # noqa: S308 - every text in it is written by the XML library
        "map": _for_script(found, words),
        "words": _script_words(),
        "marks": _marks_table(request, found, words),
        "legs": _legs_table(request, found, words),
        "presences": _presences_table(request, found),
        "ways": [(" → ".join(names.get(place, place) for place in way.places), way) for way in found.ways],
    }
    return render(request, "web/picture/map.html", shown, status=422 if wrong else 200)


def _names(found: Map, words: Words) -> dict[str, str]:
    names = dict(port_names())
    for leg in found.legs:
        names[leg.source.key] = words.spot(leg.source, leg.source_name)
        names[leg.target.key] = words.spot(leg.target, leg.target_name)
    return names


def _for_script(found: Map, words: Words) -> dict[str, Any]:
    number = {mark.thing: place for place, mark in enumerate(found.marks)}
    return {
        "marks": [_mark(each, words) for each in found.marks],
        "levels": {
            zoom: [
                [each.latitude, each.longitude, [number[mark.thing] for mark in each.marks]]
                for each in clustered(found.marks, zoom)
            ]
            for zoom in range(FARTHEST, NEAREST + 1)
        },
        "legs": [_leg(each, words) for each in found.legs],
        "outlines": static("web/vendor/countries-50m.json"),
    }


def _mark(mark: Mark, words: Words) -> dict[str, Any]:
    return {
        "group": mark.group, "label": mark.caption, "word": words.thing(mark.type),
        "address": thing_address(mark.thing),
        "at": [mark.spot.latitude, mark.spot.longitude], "exactness": mark.spot.exactness,
        "begin": mark.begin, "end": mark.end, "when": when(mark.begin, mark.end),
        "grade": mark.evaluation.code if mark.evaluation.given else "", "codes": codes_of(mark.statements),
    }  # fmt: skip


def _leg(leg: Leg, words: Words) -> dict[str, Any]:
    return {
        "from": [leg.source.latitude, leg.source.longitude], "to": [leg.target.latitude, leg.target.longitude],
        "source": words.spot(leg.source, leg.source_name), "target": words.spot(leg.target, leg.target_name),
        "firm": firm(leg.evaluation), "grade": leg.evaluation.code if leg.evaluation.given else "",
        "moves": [
            {"label": each.caption, "what": each.subject_caption, "begin": each.begin, "end": each.end,
             "when": when(each.begin, each.end), "address": thing_address(each.thing)}
            for each in leg.moves[:_MOST_LISTED]
        ],
        "count": len(leg.moves),
    }  # fmt: skip


def _script_words() -> dict[str, str]:
    return {
        "not_known": _("not known"),
        "things": _("%(n)s things at this place"),
        "near": _("%(n)s things near here. Open to see them apart."),
        "leg": _("%(from)s to %(to)s: %(n)s movements"),
        "country": _("only the country is known"),
        "all_time": _("All of the time"),
        "until": _("Until %(day)s"),
        "choose": _("Choose a place, a seizure or a line to see what it is."),
        "outlines": _("The outlines could not be loaded. What is on the map stands at its place all the same."),
        "more": _("and %(n)s more"),
    }


def _marks_table(request: HttpRequest, found: Map, words: Words) -> Table[Mark]:
    exactness = {"position": _("position"), "port": _("port"), "country": _("country only")}
    columns: list[Column[Mark]] = [
        Column(key="name", title=gettext_lazy("Name"), value=lambda row: row.caption or _("not known")),
        Column(key="what", title=gettext_lazy("What it is"), value=lambda row: words.thing(row.type)),
        Column(key="country", title=gettext_lazy("Country"),
               value=lambda row: words.country(row.spot.country) if row.spot.country else _("not known")),
        Column(key="exact", title=gettext_lazy("Known by"), value=lambda row: exactness[row.spot.exactness]),
        Column(key="where", title=gettext_lazy("Latitude, longitude"),
               value=lambda row: f"{row.spot.latitude:.2f}, {row.spot.longitude:.2f}",
               sort=lambda row: row.spot.latitude),
        Column(key="when", title=gettext_lazy("When"), value=lambda row: when(row.begin, row.end),
               sort=lambda row: row.begin),
        Column(key="evaluation", title=gettext_lazy("Evaluation"), value=lambda row: row.evaluation,
               sort=lambda row: row.evaluation.code, kind="evaluation"),
        Column(key="codes", title=gettext_lazy("Handling"), value=lambda row: codes_of(row.statements) or "H0"),
    ]  # fmt: skip
    return Table(
        name="marks", caption=gettext_lazy("Places, seizures and events on the map"), columns=columns,
        rows=found.marks, request=request, link=lambda row: thing_address(row.thing),
        empty=gettext_lazy("Nothing that you may see has a place within these filters."),
    )  # fmt: skip


def _legs_table(request: HttpRequest, found: Map, words: Words) -> Table[Leg]:
    columns: list[Column[Leg]] = [
        Column(key="from", title=gettext_lazy("From"), value=lambda row: words.spot(row.source, row.source_name)),
        Column(key="to", title=gettext_lazy("To"), value=lambda row: words.spot(row.target, row.target_name)),
        Column(key="count", title=gettext_lazy("Movements"), value=lambda row: len(row.moves), kind="number"),
        Column(key="what", title=gettext_lazy("What moved"), value=_what),
        Column(key="first", title=gettext_lazy("First"), value=lambda row: row.first, kind="day"),
        Column(key="last", title=gettext_lazy("Last"), value=lambda row: row.last, kind="day"),
        Column(key="evaluation", title=gettext_lazy("Evaluation"), value=lambda row: row.evaluation,
               sort=lambda row: grade(row.evaluation), kind="evaluation"),
    ]  # fmt: skip
    return Table(
        name="legs", caption=gettext_lazy("Movements from place to place"), columns=columns, rows=found.legs,
        request=request, link=lambda row: thing_address(row.moves[0].thing), default="-count",
        empty=gettext_lazy("No movement that you may see leads from one known place to another."),
    )  # fmt: skip


def _what(leg: Leg) -> str:
    return ", ".join(dict.fromkeys(each.subject_caption or each.caption or _("not known") for each in leg.moves[:5]))


def _presences_table(request: HttpRequest, found: Map) -> Table[Present]:
    columns: list[Column[Present]] = [
        Column(key="who", title=gettext_lazy("Who or what"), value=lambda row: row.caption or _("not known")),
        Column(key="where", title=gettext_lazy("Where"), value=lambda row: row.place_caption or _("not known")),
        Column(key="when", title=gettext_lazy("When"),
               value=lambda row: when(row.tie.valid_from or "", row.tie.valid_to or "")),
        Column(key="evaluation", title=gettext_lazy("Evaluation"), value=lambda row: row.tie.evaluation,
               sort=lambda row: row.tie.evaluation.code, kind="evaluation"),
    ]  # fmt: skip
    return Table(
        name="presences", caption=gettext_lazy("Who was where"), columns=columns, rows=found.presences,
        request=request, link=lambda row: thing_address(row.thing),
        empty=gettext_lazy("Nobody that you may see was seen at a place within these filters."),
    )  # fmt: skip


urlpatterns = [path("picture/map/", map_, name="picture.map")]
