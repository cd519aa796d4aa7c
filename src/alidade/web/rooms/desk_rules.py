"""Rules of the desk: what an authority settles for its exchanges: duty, approval by a second officer, notices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from alidade.model.errors import Invalid, NotFound
from alidade.services.threads.desk_choices import DeskChoices, desk_choices
from alidade.services.threads.managing import DeskRules, settle_desk_rules
from alidade.web.errors import status_of, told
from alidade.web.place import Desk, page

_ADDRESS = "address:"  # before the name of the officer, in the name of the field


@page("procedure_manage", personal=False)
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who is on duty, what a second officer approves, and who is told outside that something waits."""
    refusal, status = "", 200
    stated: DeskRules | None = None
    if request.method == "POST":
        stated = _stated(request.POST)
        try:
            settle_desk_rules(desk.node, desk.administrator, stated)
        except (Invalid, NotFound) as error:
            refusal, status = " ".join(part for part in told(error) if part), status_of(error)
        else:
            messages.success(request, _("Settled; in force from now on for your whole authority. Change it here."))
            return redirect("inbox.rules")
    found = desk_choices(desk.node, desk.administrator, language=desk.language)
    shown = _drawn(found, stated or found.rules) | {"refusal": refusal}
    return render(request, "web/threads/desk_rules.html", shown, status=status)


def _stated(given: QueryDict) -> DeskRules:
    """The rules that a form states."""
    addresses = {
        name.removeprefix(_ADDRESS): text.strip()
        for name, text in given.items()
        if name.startswith(_ADDRESS) and isinstance(text, str) and text.strip()
    }
    return DeskRules(
        approval=tuple(dict.fromkeys(given.getlist("approval"))),
        duty_unit=given.get("unit", "").strip(),
        duty_officers=tuple(dict.fromkeys(given.getlist("on_duty"))),
        desk_address=given.get("desk_address", "").strip(),
        addresses=addresses,
    )


def _drawn(found: DeskChoices, rules: DeskRules) -> dict[str, Any]:
    """What the page shows: each choice, and whether it is taken."""
    taken = set(rules.approval)
    procedures = []
    for each in found.procedures:
        steps = [
            {"value": f"{each.code}:{one.code}", "label": one.label, "taken": f"{each.code}:{one.code}" in taken}
            for one in each.steps
        ]
        single = sum(bool(one["taken"]) for one in steps)
        procedures.append(
            {"code": each.code, "title": each.title, "taken": each.code in taken, "steps": steps, "single": single}
        )
    officers = [
        {
            "id": each.id,
            "name": each.id.partition("/")[2],
            "unit": each.unit,
            "role": each.role,
            "active": each.active,
            "on_duty": each.id in rules.duty_officers,
            "field": f"{_ADDRESS}{each.id}",
            "address": rules.addresses.get(str(each.id), ""),
        }
        for each in found.officers
    ]
    return {
        "rules": rules,
        "units": found.units,
        "strange_unit": bool(rules.duty_unit) and rules.duty_unit not in found.units,
        "everything": "*" in taken,
        "procedures": procedures,
        "officers": officers,
        "nobody_else": found.approvers < 2,
    }


urlpatterns = [path("inbox/desk/rules/", rules, name="inbox.rules")]
