"""Networks: the dossiers that one may open, one dossier, its members and what a person rules on them."""

from __future__ import annotations

import re
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec.structs import replace

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.services.picture.dossier_reading import KeptDossier, OpenDossier
from alidade.services.picture.dossier_state import Standing
from alidade.services.picture.dossier_terms import term
from alidade.services.picture.dossiers import (
    add_member,
    list_dossiers,
    make_dossier,
    open_dossier,
    remove_member,
    revise_dossier,
    rule_on_member,
)
from alidade.services.picture.products import Product, list_products
from alidade.web.forms_of_dossiers import (
    LEVEL_WORDS,
    STANDING_WORDS,
    DossierForm,
    EventForm,
    GapForm,
    MemberForm,
    listed,
)
from alidade.web.place import Desk, page
from alidade.web.table import Column, Table
from alidade.web.told import told

_REFERENCE = re.compile("[0-9a-f]{32}")


@page("picture_read", methods=("GET",))
def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The dossiers and products that this officer may open; with a record, the dossiers of ours it can go into."""
    found = list_dossiers(desk.node, desk.actor)
    record = request.GET.get("record", "")
    shown = {
        "table": _dossier_table(request, desk, found),
        "products": _product_table(request, list_products(desk.node, desk.actor)),
        "record": record if _REFERENCE.fullmatch(record) else "",
        "ours": [each for each in found if each.ours],
        "keeps": desk.may("dossier_manage"),
        "withdrawn": request.session.get("withdrawn-dossier", ""),
    }
    return render(request, "web/dossier/list.html", shown)


def _dossier_table(request: HttpRequest, desk: Desk, found: tuple[KeptDossier, ...]) -> Table[KeptDossier]:
    def state(each: KeptDossier) -> str:
        return term("life_events", each.state, desk.language) if each.state else _("not known")

    columns: list[Column[KeptDossier]] = [
        Column(key="name", title=gettext_lazy("Network"), value=lambda each: each.name or _("not known")),
        Column(key="state", title=gettext_lazy("State"), value=state, kind="tag"),
        Column(key="rounds", title=gettext_lazy("Mappings"), value=lambda each: ", ".join(each.rounds)),
        Column(key="members", title=gettext_lazy("Members you see"), value=lambda each: each.members, kind="number"),
        Column(key="authority", title=gettext_lazy("Kept by"), value=lambda each: each.authority),
        Column(key="changed", title=gettext_lazy("Changed"), value=lambda each: each.changed_at, kind="moment"),
        Column(key="handling", title=gettext_lazy("Handling"), value=lambda each: each.handling, kind="handling",
               sortable=False),
    ]  # fmt: skip
    return Table(
        name="dossiers", caption=gettext_lazy("Networks"), columns=columns, rows=found, request=request,
        link=lambda each: reverse("dossier", args=[each.piece]),
        empty=gettext_lazy("No dossier of a network is here that you may open. Begin one."),
    )  # fmt: skip


def _product_table(request: HttpRequest, found: tuple[Product, ...]) -> Table[Product]:
    columns: list[Column[Product]] = [
        Column(key="title", title=gettext_lazy("Title"), value=lambda each: each.title),
        Column(key="authority", title=gettext_lazy("Issued by"), value=lambda each: each.authority),
        Column(key="issued", title=gettext_lazy("Issued on"), value=lambda each: each.issued_on, kind="day"),
        Column(key="handling", title=gettext_lazy("Handling"), value=lambda each: each.handling, kind="handling",
               sortable=False),
    ]  # fmt: skip
    return Table(
        name="products", caption=gettext_lazy("Products"), columns=columns, rows=found, request=request,
        link=lambda each: reverse("dossiers.product", args=[each.piece]),
        empty=gettext_lazy("No product has been issued that you may read."),
    )  # fmt: skip


@page("dossier_manage")
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Begin a dossier."""
    form = DossierForm(request.POST or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            piece = make_dossier(desk.node, desk.actor, form.dossier())
        except Invalid as error:
            form.add_error(None, " ".join(told(error)))
        else:
            messages.success(request, _("Kept. Your authority alone can open it until you share it. Now add members."))
            return redirect("dossier", piece)
    return render(request, "web/dossier/change.html", {"form": form}, status=422 if form.errors else 200)


@page("dossier_manage")
def change(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Change what a dossier of ours says, apart from its members."""
    found = _ours(desk, reference)
    form = DossierForm(request.POST or None, desk=desk, before=found.dossier)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                revise_dossier(
                    desk.node, desk.actor, reference, form.dossier(), version=_version(request, found.kept.version),
                    reason=request.POST.get("reason", ""),
                )  # fmt: skip
            except (Invalid, Conflict) as error:
                form.add_error(None, " ".join(told(error)))
                status = 409 if isinstance(error, Conflict) else 422
            else:
                messages.success(request, _("Kept. The former version stays in the history."))
                return redirect("dossier", reference)
    shown = {"form": form, "kept": found.kept, "reference": reference, "version": found.kept.version}
    return render(request, "web/dossier/change.html", shown, status=status)


@page("picture_read", methods=("GET",))
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One dossier as this officer sees it."""
    return _drawn(request, desk, open_dossier(desk.node, desk.actor, reference))


def _drawn(
    request: HttpRequest, desk: Desk, found: OpenDossier, *, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    language = desk.language
    keeps = found.kept.ours and desk.may("dossier_manage")
    others = [(each.piece, each.name) for each in list_dossiers(desk.node, desk.actor)] if keeps else []
    shown: dict[str, Any] = {
        "found": found,
        "kept": found.kept,
        "dossier": found.dossier,
        "reference": found.kept.piece,
        "keeps": keeps,
        "measures": desk.may("network_measure"),
        "state": term("life_events", found.kept.state, language) if found.kept.state else "",
        "members": [
            (each, term("roles", each.member.role, language) if each.member.role else "",
             STANDING_WORDS[each.member.standing])
            for each in found.members
        ],
        "life": [
            (each, term("life_events", each.kind, language), [(one, found.linked.get(one, "")) for one in each.others])
            for each in sorted(found.dossier.life, key=lambda event: event.day)
        ],
        "structures": [term("structures", code, language) for code in found.dossier.structures],
        "traits": [(term("traits", each.trait, language), LEVEL_WORDS[each.level]) for each in found.dossier.traits],
        "products": [(each, found.linked.get(each.product, "")) for each in found.dossier.products],
        "roles": listed("roles", language),
        "member_form": MemberForm(desk=desk),
        "event_form": EventForm(desk=desk, others=[each for each in others if each[0] != found.kept.piece]),
        "gap_form": GapForm(),
    }  # fmt: skip
    return render(request, "web/dossier/one.html", shown | (forms or {}), status=status)


@page("dossier_manage", methods=("POST",))
def member(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Add a member by the reference of its record, or change what is said of one."""
    found = _ours(desk, reference)
    form = MemberForm(request.POST, desk=desk)
    if form.is_valid():
        before = found.dossier.member(form.cleaned_data["record"])
        try:
            add_member(desk.node, desk.actor, reference, form.member(before))
        except (Invalid, NotFound) as error:
            form.add_error("record", " ".join(told(error)))
        else:
            messages.success(request, _("The member is kept. It is a candidate until somebody rules on it."))
            return redirect("dossier", reference)
    return _drawn(request, desk, found, forms={"member_form": form, "opened": "member"}, status=422)


@page("dossier_manage", methods=("POST",))
def put(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Put a record into one of our dossiers, from the page of its thing."""
    record, piece = request.POST.get("record", ""), request.POST.get("dossier", "")
    found = _ours(desk, piece)
    form = MemberForm({"record": record}, desk=desk)
    if form.is_valid():
        add_member(desk.node, desk.actor, piece, form.member(found.dossier.member(record)))
        messages.success(request, _("The member is kept. It is a candidate until somebody rules on it."))
        return redirect("dossier", piece)
    raise NotFound("There is no record with this reference that you may see.")


@page("dossier_manage", methods=("POST",))
def rule(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Rule on a member: it belongs to the network, or not, in which role; or take a ruling back, or the member out."""
    record, said = request.POST.get("record", ""), request.POST.get("standing", "")
    evidence = [each[:2_000] for each in request.POST.getlist("evidence") if each.strip()]
    role = request.POST.get("role")
    if said == "out":
        remove_member(desk.node, desk.actor, reference, record)
        messages.success(request, _("The member is out. Earlier versions of the dossier still have it."))
    elif said in STANDING_WORDS:
        rule_on_member(desk.node, desk.actor, reference, record, cast(Standing, said), role=role, evidence=evidence)
        messages.success(request, _("Ruled. Your name and the day stand beside it; rule anew to change it."))
    else:
        raise Invalid("There is no such ruling.")
    return redirect("dossier", reference)


@page("dossier_manage", methods=("POST",))
def event(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Say what happened in the life of the network."""
    found = _ours(desk, reference)
    others = [(each.piece, each.name) for each in list_dossiers(desk.node, desk.actor)]
    form = EventForm(request.POST, desk=desk, others=[each for each in others if each[0] != reference])
    if not form.is_valid():
        return _drawn(request, desk, found, forms={"event_form": form, "opened": "event"}, status=422)
    wanted = replace(found.dossier, life=(*found.dossier.life, form.event()))
    revise_dossier(desk.node, desk.actor, reference, wanted, version=found.kept.version)
    messages.success(request, _("Kept. The former version stays in the history."))
    return redirect("dossier", reference)


@page("dossier_manage", methods=("POST",))
def gap(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Ask what to find out next, or say that it was found out."""
    found = _ours(desk, reference)
    today, gaps = desk.node.store.clock.now().date().isoformat(), list(found.dossier.gaps)
    answered = request.POST.get("answered", "")
    form = GapForm(request.POST)
    if answered.isdigit() and int(answered) < len(gaps):
        gaps[int(answered)] = replace(gaps[int(answered)], answered_on=today)
    elif form.is_valid():
        gaps.append(form.gap(today))
    else:
        return _drawn(request, desk, found, forms={"gap_form": form, "opened": "gap"}, status=422)
    wanted = replace(found.dossier, gaps=tuple(gaps))
    revise_dossier(desk.node, desk.actor, reference, wanted, version=found.kept.version)
    messages.success(request, _("Kept. The former version stays in the history."))
    return redirect("dossier", reference)


def _ours(desk: Desk, reference: str) -> OpenDossier:
    found = open_dossier(desk.node, desk.actor, reference)
    if not found.kept.ours:
        raise NotFound("There is no dossier with this reference that you may open.")
    return found


def _version(request: HttpRequest, newest: int) -> int:
    stated = request.POST.get("version", "")
    return int(stated) if stated.isdigit() else newest


urlpatterns = [
    path("dossiers/", overview, name="dossiers"),
    path("dossiers/new/", begin, name="dossiers.new"),
    path("dossiers/put/", put, name="dossiers.put"),
    path("dossier/<str:reference>/", one, name="dossier"),
    path("dossier/<str:reference>/change/", change, name="dossier.change"),
    path("dossier/<str:reference>/member/", member, name="dossier.member"),
    path("dossier/<str:reference>/rule/", rule, name="dossier.rule"),
    path("dossier/<str:reference>/event/", event, name="dossier.event"),
    path("dossier/<str:reference>/gap/", gap, name="dossier.gap"),
]
