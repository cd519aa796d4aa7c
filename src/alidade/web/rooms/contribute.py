"""Contribute: by form, from a pasted text or by list; what each authority would learn is shown before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alidade.model.errors import Invalid
from alidade.model.handling import Handling
from alidade.services.drafts import DraftLine, draft, drafts, drop_draft, save_draft, send
from alidade.services.foreseeing import Foresight, foresee
from alidade.services.giving_form import DEFAULT, FormFault, GivingForm, giving_of
from alidade.services.pasting import BECOMES, Ticked, find_in_text, with_findings
from alidade.web.forms import choices
from alidade.web.giving_fields import GRADES, Drawing, changed, form_of, thing_choices
from alidade.web.handling_form import HandlingForm, handling_form, stated_handling
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import thing as thing_word
from alidade.web.told import told, translated

MOST_HANDLINGS = 5


@page("contribute")
def contribute(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The ways to contribute, and what was begun; begins a new one."""
    if request.method == "POST":
        words = desk.node.vocabulary
        begun = GivingForm(handlings={DEFAULT: Handling(owner=desk.authority.id)}, country=_own_state(desk))
        wanted = request.POST.get("thing", "")
        if wanted in words.things:
            begun = changed_with(begun, wanted, desk)
        reference = save_draft(desk.node, desk.actor, begun)
        return redirect("contribute.text" if request.POST.get("by") == "text" else "contribute.form", reference)
    columns: list[Column[DraftLine]] = [
        Column(key="title", title=gettext_lazy("Title"), value=lambda line: line.title or _("no title yet")),
        Column(key="things", title=gettext_lazy("What it speaks of"), value=_things_in_words),
        Column(key="saved", title=gettext_lazy("Saved"), value=lambda line: line.saved_at, kind="moment"),
    ]
    table = Table(
        name="drafts",
        caption=gettext_lazy("Begun and not yet given"),
        columns=columns,
        rows=drafts(desk.node, desk.actor),
        request=request,
        link=lambda line: reverse("contribute.form", args=[line.reference]),
        empty=gettext_lazy("Nothing is begun. What you begin saves itself here; only you can see it."),
    )
    quick = [(name, thing_word(name)) for name in ("Person", "Company", "Vessel", "Vehicle", "Phone", "BankAccount")]
    return render(request, "web/contribute/begin.html", {"table": table, "quick": quick})


def changed_with(form: GivingForm, thing: str, desk: Desk) -> GivingForm:
    """The form with one more thing."""
    from django.http import QueryDict

    sent = QueryDict(mutable=True)
    sent.update({"do": "add-thing", "new-thing": thing})
    return changed(form, sent, desk.node.vocabulary)


def _own_state(desk: Desk) -> str:
    state = desk.authority.party.state
    return state if state in desk.node.vocabulary.countries else ""


def _things_in_words(line: DraftLine) -> str:
    return ", ".join(f"{count} × {thing_word(name)}" for name, count in line.things.items())


@page("contribute")
def form(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The form of a contribution; every button keeps what is typed."""
    kept = draft(desk.node, desk.actor, reference)
    if request.method != "POST":
        return _draw(request, desk, reference, kept, _forms(desk, kept), ())
    filled, forms_of = _sent(request, desk, kept)
    act = request.POST.get("do", "")
    if act == "discard":
        drop_draft(desk.node, desk.actor, reference)
        messages.success(request, _("The draft is removed. Nothing of it was given."))
        return redirect("contribute")
    if act == "add-handling" and len(filled.handlings) < MOST_HANDLINGS:
        more = {f"handling-{len(filled.handlings) + 1}": filled.handlings[DEFAULT]}
        filled = msgspec.structs.replace(filled, handlings={**filled.handlings, **more})
        forms_of = _forms(desk, filled)
    filled = changed(filled, request.POST, desk.node.vocabulary)
    save_draft(desk.node, desk.actor, filled, reference)
    if act == "look" and all(each.is_valid() for _name, each in forms_of):
        return redirect("contribute.look", reference)
    if act == "text":
        return redirect("contribute.text", reference)
    wrong = act == "look"
    faults = giving_of(filled, desk.node.vocabulary)[1] if wrong else ()
    return _draw(request, desk, reference, filled, forms_of, faults, status=422 if wrong else 200)


@page("contribute", methods=("POST",))
def keep(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Keep the form as it is while somebody types."""
    filled, _forms_of = _sent(request, desk, draft(desk.node, desk.actor, reference))
    save_draft(desk.node, desk.actor, filled, reference)
    return HttpResponse(status=204)


Named = Sequence[tuple[str, HandlingForm]]


def _sent(request: HttpRequest, desk: Desk, kept: GivingForm) -> tuple[GivingForm, Named]:
    found = [(name, *stated_handling(desk, name, request.POST, each)) for name, each in kept.handlings.items()]
    handlings = {name: stated for name, _fields, stated in found if stated is not None}
    return form_of(request.POST, kept, handlings), [(name, fields) for name, fields, _stated in found]


def _forms(desk: Desk, kept: GivingForm) -> Named:
    return [(name, handling_form(desk, name, handling=handling)) for name, handling in kept.handlings.items()]


def _draw(
    request: HttpRequest,
    desk: Desk,
    reference: str,
    filled: GivingForm,
    named: Named,
    faults: Sequence[FormFault],
    *,
    status: int = 200,
) -> HttpResponse:
    words, language = desk.node.vocabulary, desk.language
    shown: dict[str, Any] = {
        "reference": reference,
        "form": filled,
        "things": Drawing(words, language, faults).things(filled),
        "handlings": [(name, letter, fields) for letter, (name, fields) in zip("ABCDE", named, strict=False)],
        "may_add_handling": len(named) < MOST_HANDLINGS,
        "letters": [(name, letter) for letter, (name, _fields) in zip("ABCDE", named, strict=False)],
        "grades": GRADES,
        "thing_groups": thing_choices(words, language),
        "countries": choices(words, "countries", language, empty=_("not known")),
        "whole": [translated(fault.sentence) for fault in faults if fault.thing is None],
        "faulty": bool(faults) or any(fields.errors for _name, fields in named),
    }
    return render(request, "web/contribute/form.html", shown, status=status)


@page("contribute")
def look(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What is about to be given, and what each authority would learn of it; gives it."""
    kept = draft(desk.node, desk.actor, reference)
    giving, faults = giving_of(kept, desk.node.vocabulary)
    if giving is None:
        return _draw(request, desk, reference, kept, _forms(desk, kept), faults, status=422)
    try:
        foresight = foresee(desk.node, desk.actor, giving, language=desk.language)
        if request.method == "POST":
            return _give(request, desk, reference, kept, foresight)
    except Invalid as error:
        said = " ".join(told(error)).strip()
        fault = FormFault(sentence=said)
        return _draw(request, desk, reference, kept, _forms(desk, kept), [*faults, fault], status=422)
    drawn = Drawing(desk.node.vocabulary, desk.language, faults).things(kept)
    shown = {
        "reference": reference,
        "form": kept,
        "foresight": foresight,
        "things": [(each, [line for line in each.lines if line.value.value.strip()]) for each in drawn],
        "remarks": [translated(fault.sentence) for fault in faults],
        "letters": dict(zip(kept.handlings, "ABCDE", strict=False)),
        "many": len(kept.handlings) > 1,
    }
    return render(request, "web/contribute/look.html", shown)


def _give(request: HttpRequest, desk: Desk, reference: str, kept: GivingForm, foresight: Foresight) -> HttpResponse:
    outcome = send(desk.node, desk.actor, kept, reference)
    readers = sum(1 for each in foresight.authorities if each.read and not each.own)
    hits = sum(1 for each in foresight.authorities if not each.read and each.hit_only)
    given = ngettext(
        "Given: %(count)d statement, signed by your authority.",
        "Given: %(count)d statements, signed by your authority.",
        outcome.statements,
    ) % {"count": outcome.statements}
    seen = _("%(readers)d other authorities can read of it; %(hits)d more would learn only that there is a hit.") % {
        "readers": readers,
        "hits": hits,
    }
    undo = _("To undo it, withdraw it below.")
    messages.success(request, f"{given} {seen} {undo}")
    return redirect("contributions.given", outcome.contribution)


@page("contribute")
def text(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Paste a text; a machine finds numbers in it; what the officer ticks goes into the form."""
    kept = draft(desk.node, desk.actor, reference)
    words, language = desk.node.vocabulary, desk.language
    pasted, country = request.POST.get("text", ""), request.POST.get("country", kept.country)
    shown: dict[str, Any] = {
        "reference": reference,
        "text": pasted,
        "country": country,
        "countries": choices(words, "countries", language, empty=_("not known")),
    }
    if request.method != "POST" or not pasted.strip():
        return render(request, "web/contribute/text.html", shown)
    try:
        found = find_in_text(desk.node, desk.actor, pasted, country=country)
    except Invalid as error:
        return render(request, "web/contribute/text.html", shown | {"wrong": " ".join(told(error))}, status=422)
    if request.POST.get("do") == "take":
        ticked = _ticked(request, len(found))
        save_draft(desk.node, desk.actor, with_findings(kept, found, ticked, words), reference)
        taken = ngettext("%(count)d finding is in the form.", "%(count)d findings are in the form.", len(ticked))
        messages.success(request, taken % {"count": len(ticked)})
        return redirect("contribute.form", reference)
    people = [(each.key, each.called) for each in Drawing(words, language, ()).things(kept)]
    rows = [(number, each, BECOMES[each.kind][0]) for number, each in enumerate(found)]
    return render(request, "web/contribute/text.html", shown | {"found": rows, "looked": True, "people": people})


def _ticked(request: HttpRequest, count: int) -> list[Ticked]:
    chosen: list[Ticked] = []
    for number in range(count):
        if request.POST.get(f"tick-{number}"):
            chosen.append(Ticked(number=number, about=request.POST.get(f"about-{number}", "")))
    return chosen


urlpatterns = [
    path("contribute/", contribute, name="contribute"),
    path("contribute/<str:reference>/", form, name="contribute.form"),
    path("contribute/<str:reference>/keep/", keep, name="contribute.keep"),
    path("contribute/<str:reference>/look/", look, name="contribute.look"),
    path("contribute/<str:reference>/text/", text, name="contribute.text"),
]
