"""Networks over time and beyond us: versions, mappings compared, measures, products, sharing, nominations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.services.directory_entries import directory_entries
from alidade.services.picture.dossier_keeping import (
    bring_back_dossier,
    compare_versions,
    dossier_versions,
    restore_dossier,
    share_dossier,
    withdraw_dossier,
)
from alidade.services.picture.dossier_state import FieldChange
from alidade.services.picture.dossier_terms import term
from alidade.services.picture.dossiers import list_dossiers, open_dossier
from alidade.services.picture.mappings_compared import compare_mappings, rounds_of
from alidade.services.picture.measures import measure_dossier
from alidade.services.picture.nominations import (
    close_matching,
    hold_matching,
    list_matchings,
    nominate,
    take_back_nomination,
)
from alidade.services.picture.products import issue_product, read_product, withdraw_product
from alidade.web.forms_of_dossiers import LEVEL_WORDS, NominationForm, ProductForm, RoundForm
from alidade.web.handling_form import handling_form
from alidade.web.measured_words import compared_said, evidence_said, how_said
from alidade.web.place import Desk, page
from alidade.web.told import told

FATES = {
    "continue": gettext_lazy("continues"),
    "grow": gettext_lazy("continues, larger"),
    "shrink": gettext_lazy("continues, smaller"),
    "split": gettext_lazy("split"),
    "merge": gettext_lazy("merged"),
    "succeed": gettext_lazy("succeeded by another"),
    "dissolve": gettext_lazy("dissolved"),
    "born": gettext_lazy("new"),
}
FIELDS = {
    "names": gettext_lazy("Names"),
    "rounds": gettext_lazy("Mappings"),
    "structures": gettext_lazy("Structure"),
    "summary": gettext_lazy("Summary"),
    "crime_areas": gettext_lazy("Crime areas"),
    "countries": gettext_lazy("Countries"),
    "traits": gettext_lazy("Traits"),
    "life": gettext_lazy("Life"),
    "gaps": gettext_lazy("Open questions"),
}


@page("dossier_manage")
def share(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Say who may open a dossier of ours; each of them sees the members that he may see."""
    found = open_dossier(desk.node, desk.actor, reference).kept
    sent = request.POST if request.method == "POST" else None
    form = handling_form(desk, "h", sent=sent, handling=found.handling)
    if sent is not None and form.is_valid():
        try:
            share_dossier(desk.node, desk.actor, reference, form.handling(desk.authority.id))
        except Invalid as error:
            form.add_error(None, " ".join(told(error)))
        else:
            said = _("Shared. Whoever may open it sees the members whose records he may see, and no others.")
            messages.success(request, said)
            return redirect("dossier", reference)
    elif not found.ours:
        raise NotFound("There is no dossier with this reference that you may open.")
    shown = {"form": form, "kept": found, "reference": reference}
    return render(request, "web/dossier/share.html", shown, status=422 if form.errors else 200)


@page("dossier_manage")
def versions(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The versions of a dossier of ours; two can be compared, an earlier one made the newest again."""
    found = dossier_versions(desk.node, desk.actor, reference)
    problem = ""
    if request.method == "POST":
        try:
            wanted, held = int(request.POST.get("version", "")), int(request.POST.get("newest", ""))
            made = restore_dossier(desk.node, desk.actor, reference, wanted, newest=held)
        except ValueError as error:
            raise Invalid("There is no such version.") from error
        except Conflict as error:
            problem = " ".join(told(error))
        else:
            said = _("Version %(old)s is the newest again, as version %(new)s. Nothing in between is lost.")
            messages.success(request, said % {"old": wanted, "new": made})
            return redirect("dossier", reference)
    shown = {"versions": found, "newest": found[0].version, "reference": reference, "problem": problem}
    return render(request, "web/dossier/versions.html", shown, status=409 if problem else 200)


@page("dossier_manage", methods=("GET",))
def compare(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What stayed, left and came between two versions."""
    pair = (request.GET.get("from", ""), request.GET.get("to", ""))
    if not all(each.isdigit() and len(each) < 9 for each in pair):
        raise NotFound("This dossier has no such version.")
    found = compare_versions(desk.node, desk.actor, reference, int(pair[0]), int(pair[1]))
    language = desk.language

    def role(code: str) -> str:
        return term("roles", code, language) if code else _("not known")

    differs = found.difference
    shown = {
        "found": found,
        "reference": reference,
        "fields": [(FIELDS[each.field], *_in_words(each, desk)) for each in differs.fields],
        "parts": [
            (_("Came"), [found.things[each] for each in differs.come if each in found.things]),
            (_("Left"), [found.things[each] for each in differs.left if each in found.things]),
            (_("Stayed"), [found.things[each] for each in differs.stayed if each in found.things]),
        ],
        "roles": [
            (found.things[record], role(was), role(now)) for record, was, now in differs.roles if record in found.things
        ],
    }
    return render(request, "web/dossier/compare.html", shown)


def _in_words(change: FieldChange, desk: Desk) -> tuple[list[str], list[str]]:
    words, language = desk.node.vocabulary, desk.language

    def said(text: str) -> str:
        code, _mark, rest = text.partition(":" if change.field == "traits" else " ")
        match change.field:
            case "crime_areas" | "countries":
                return words.label(change.field, text, language)
            case "structures":
                return term("structures", text, language)
            case "traits":
                return f"{term('traits', code, language)}: {LEVEL_WORDS[rest]}"
            case "life":
                return f"{term('life_events', code, language)} {rest}".strip()
        return text

    return [said(each) for each in change.gone], [said(each) for each in change.come]


@page("picture_read", methods=("GET",))
def mappings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What became of the networks of one mapping in another."""
    rounds = rounds_of(desk.node, desk.actor)
    earlier, later = request.GET.get("from", ""), request.GET.get("to", "")
    shown: dict[str, Any] = {"rounds": rounds, "earlier": earlier, "later": later}
    status = 200
    if earlier and later:
        try:
            found = compare_mappings(desk.node, desk.actor, earlier, later)
        except Invalid as error:
            shown["problem"], status = " ".join(told(error)), 422
        else:
            shown |= {
                "found": found,
                "method": compared_said(found),
                "fates": [(FATES[each.kind], each) for each in found.fates],
                "parts": [(_("Came"), found.come), (_("Left"), found.left), (_("Stayed"), found.stayed)],
            }
    elif len(rounds) > 1:
        shown |= {"earlier": rounds[-2], "later": rounds[-1]}
    return render(request, "web/dossier/mappings.html", shown, status=status)


@page("network_measure", methods=("GET",))
def measures(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The network of a dossier, measured as this officer sees it."""
    found = measure_dossier(desk.node, desk.actor, reference)
    measured, language = found.measured, desk.language
    dossier = found.dossier.dossier
    things = found.things
    member_of = {each.thing.id: each.member.record for each in found.dossier.members}
    shown = {
        "found": found,
        "reference": reference,
        "kept": found.dossier.kept,
        "measured": measured,
        "how": how_said(measured.computed),
        "keeps": found.dossier.kept.ours and desk.may("dossier_manage"),
        "groups": [[things[each] for each in group] for group in measured.groups],
        "alone": [things[each] for each in measured.alone],
        "key": [(things[each.member], each.stability) for each in measured.key.members] if measured.key else [],
        "roles": [
            (things[each.member], each, term("roles", each.role, language), member_of[each.member],
             (dossier.member(member_of[each.member]) or each).role == each.role, evidence_said(each))
            for each in sorted(measured.roles, key=lambda one: -one.support)
        ],
        "steps": [(at, things[each.removed], each) for at, each in enumerate(measured.disruption, start=1)],
        "hidden": [(things[each.one], things[each.other], each) for each in measured.hidden.ties]
        if measured.hidden
        else [],
    }  # fmt: skip
    return render(request, "web/dossier/measures.html", shown)


@page("dossier_manage")
def product_new(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Write a product from a dossier of ours, in two parts."""
    found = open_dossier(desk.node, desk.actor, reference).kept
    if not found.ours:
        raise NotFound("There is no dossier with this reference that you may open.")
    form = ProductForm(request.POST or None)
    start = Handling(owner=desk.authority.id, content="strategic", purposes=(desk.actor.viewer.purpose,))
    audience = handling_form(desk, "h", sent=request.POST or None, handling=start)
    if request.method == "POST" and form.is_valid() and audience.is_valid():
        said = form.cleaned_data
        try:
            piece = issue_product(
                desk.node, desk.actor, reference, title=said["title"], above=said["above"], below=said["below"],
                handling=audience.handling(desk.authority.id), version=found.version,
            )  # fmt: skip
        except (Invalid, Conflict) as error:
            form.add_error(None, " ".join(told(error)))
        else:
            messages.success(request, _("Issued. Each reader sees the part that he may see; withdraw it on its page."))
            return redirect("dossiers.product", piece)
    shown = {"form": form, "audience": audience, "kept": found, "reference": reference}
    return render(request, "web/dossier/product_new.html", shown, status=422 if request.method == "POST" else 200)


@page("picture_read", methods=("GET",))
def product(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One product, as far as this officer may read it."""
    found = read_product(desk.node, desk.actor, reference)
    keeps = found.ours and desk.may("dossier_manage")
    return render(request, "web/dossier/product.html", {"product": found, "keeps": keeps})


@page("dossier_manage", methods=("POST",))
def product_withdraw(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take a product of ours away from everybody."""
    withdraw_product(desk.node, desk.actor, reference)
    messages.success(request, _("The product is withdrawn: nobody reads it any more, neither part."))
    return redirect("dossiers")


@page("dossier_manage", methods=("POST",))
def withdraw(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take a dossier of ours away from everybody."""
    withdraw_dossier(desk.node, desk.actor, reference)
    request.session["withdrawn-dossier"] = reference
    messages.success(request, _("The dossier is withdrawn: nobody opens it any more. It can be brought back."))
    return redirect("dossiers")


@page("dossier_manage", methods=("POST",))
def bring_back(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Bring a withdrawn dossier back."""
    bring_back_dossier(desk.node, desk.actor, reference)
    request.session.pop("withdrawn-dossier", None)
    messages.success(request, _("The dossier is back. Those may open it who could before."))
    return redirect("dossier", reference)


@page("dossier_manage")
def nominations(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The rounds of nominations, what we nominated, and what came of it; nominate a network."""
    rounds = list_matchings(desk.node, desk.actor)
    form = NominationForm(
        request.POST or None, offered=_offered(desk, rounds), initial={"contact": desk.authority.contact}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                made = nominate(
                    desk.node, desk.actor, said["round"], said["contact"], dossier=said["dossier"],
                    identifiers=form.identifier_lines(), excluded=said["excluded"],
                )  # fmt: skip
            except (Invalid, Conflict) as error:
                form.add_error(None, " ".join(told(error)))
            else:
                said_so = _(
                    "Nominated: %(members)s members take part, %(left_out)s cannot be recognised."
                    " The answer is given after the last day."
                )
                messages.success(request, said_so % {"members": made.members, "left_out": made.left_out})
                return redirect("dossiers.nominations")
    names = {each.piece: each.name for each in list_dossiers(desk.node, desk.actor)}
    shown = {"rounds": rounds, "form": form, "names": names, "open": any(not each.over for each in rounds)}
    return render(request, "web/dossier/nominations.html", shown, status=status)


def _offered(desk: Desk, rounds: Any) -> dict[str, list[tuple[str, str]]]:
    ours = [(each.piece, each.name) for each in list_dossiers(desk.node, desk.actor) if each.ours]
    others = [
        (str(each.id), f"{each.name} ({each.state})")
        for each in directory_entries(desk.node, desk.actor)
        if each.id != desk.authority.id
    ]
    return {
        "round": [(each.piece, each.title) for each in rounds if not each.over],
        "dossier": [("", _("none")), *ours],
        "excluded": others,
    }


@page("dossier_manage")
def round_new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open a round of nominations."""
    form = RoundForm(request.POST or None)
    start = Handling(
        owner=desk.authority.id, content="non_personal", purposes=tuple(sorted(desk.node.vocabulary.purposes))
    )
    audience = handling_form(desk, "h", sent=request.POST or None, handling=start)
    if request.method == "POST" and form.is_valid() and audience.is_valid():
        said = form.cleaned_data
        try:
            hold_matching(
                desk.node, desk.actor, said["title"], said["closes"], audience.handling(desk.authority.id),
                said["at_least"],
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, " ".join(told(error)))
        else:
            messages.success(request, _("The round is open for all whom you named, until the end of its last day."))
            return redirect("dossiers.nominations")
    shown = {"form": form, "audience": audience}
    return render(request, "web/dossier/round_new.html", shown, status=422 if request.method == "POST" else 200)


@page("dossier_manage", methods=("POST",))
def round_close(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Close a round of ours before its day."""
    close_matching(desk.node, desk.actor, reference)
    messages.success(request, _("The round is over. Everybody who nominated now reads his answer."))
    return redirect("dossiers.nominations")


@page("dossier_manage", methods=("POST",))
def take_back(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take back a nomination of ours."""
    take_back_nomination(desk.node, desk.actor, reference)
    messages.success(request, _("The nomination is taken back. It still counts among those that you may make."))
    return redirect("dossiers.nominations")


urlpatterns = [
    path("dossiers/mappings/", mappings, name="dossiers.mappings"),
    path("dossiers/nominations/", nominations, name="dossiers.nominations"),
    path("dossiers/nominations/new/", round_new, name="dossiers.round-new"),
    path("dossiers/nominations/<str:reference>/close/", round_close, name="dossiers.round-close"),
    path("dossiers/nominations/<str:reference>/take-back/", take_back, name="dossiers.take-back"),
    path("dossiers/product/<str:reference>/", product, name="dossiers.product"),
    path("dossiers/product/<str:reference>/withdraw/", product_withdraw, name="dossiers.product-withdraw"),
    path("dossier/<str:reference>/share/", share, name="dossier.share"),
    path("dossier/<str:reference>/versions/", versions, name="dossier.versions"),
    path("dossier/<str:reference>/compare/", compare, name="dossier.compare"),
    path("dossier/<str:reference>/measures/", measures, name="dossier.measures"),
    path("dossier/<str:reference>/product/", product_new, name="dossier.product-new"),
    path("dossier/<str:reference>/withdraw/", withdraw, name="dossier.withdraw"),
    path("dossier/<str:reference>/bring-back/", bring_back, name="dossier.bring-back"),
]
