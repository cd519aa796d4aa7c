"""Taking out a map, a timeline or a matrix: a file under the handling of all that goes out, or the reason why not."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.services.picture.sight_export import SIGHTS, Sight, SightForm, export_sight
from alidade.services.picture.sights import decode_ask
from alidade.web.place import Desk, page
from alidade.web.sight_view import printed
from alidade.web.stepping_up import fresh
from alidade.web.told import told


@page("export", methods=("POST",))
@fresh
def take_out(request: HttpRequest, desk: Desk, sight: str) -> HttpResponse:
    """What is in sight as a file; what its owners do not let us take out is left out, and the file says how much."""
    if sight not in SIGHTS:
        raise NotFound("There is no such page.")
    titles = {"map": _("Map"), "timeline": _("Timeline"), "matrix": _("Countries")}
    ask = decode_ask(request.POST.get("ask", "").encode())
    form = cast(SightForm, request.POST.get("form", ""))
    wanted: Sight = sight
    try:
        made = export_sight(
            desk.node, desk.actor, wanted, ask, form, language=desk.language, printed=printed(titles[sight])
        )
    except NotAllowed as error:
        if error.code != "strictest_wins":
            raise
        shown = {"why": " ".join(told(error)), "back": f"picture.{sight}", "title": titles[sight]}
        return render(request, "web/picture/refused.html", shown, status=403)
    except Invalid as error:
        shown = {"why": " ".join(told(error)), "back": f"picture.{sight}", "title": titles[sight]}
        return render(request, "web/picture/refused.html", shown, status=422)
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


urlpatterns = [path("picture/take-out/<str:sight>/", take_out, name="picture.take-out")]
