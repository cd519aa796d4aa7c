"""Same or different: what might be one thing, pairs side by side, rulings with all that came of them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.model.errors import AlidadeError, Conflict, Invalid
from alidade.model.handling import Handling, decode_handling, handling_bytes
from alidade.model.judgement import Ruling
from alidade.services.directory_entries import directory_entries
from alidade.services.picture.judgements import judgement_desk
from alidade.services.picture.judging import confirm, judging_rules, revoke, rule, set_judging_rules
from alidade.services.picture.pairs import compare_records, suggestions_for
from alidade.services.picture.suggesting import (
    Order,
    SuggestionPage,
    looks,
    order_suggestions,
    stop_look,
    suggestions,
)
from alidade.web import hits
from alidade.web.errors import told
from alidade.web.forms import Form
from alidade.web.handling_form import HandlingForm, handling_form
from alidade.web.judgement_view import RULINGS, pair_view, suggestion_lines
from alidade.web.place import Desk, page

_QUEUE: Final = "judgement-queue"  # references of the pairs of the list last shown, so that one leads to the next
_HANDLING: Final = "judgement-handling"
_UNDO: Final = "judgement-undo"
_LONGEST_QUEUE: Final = 50


@page("judge")
def judgements(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What might be the same, by doubt or certainty; a large desk is looked through while one does something else."""
    order: Order = "certainty" if request.GET.get("order") == "certainty" else "doubt"
    look, after = request.GET.get("look", ""), request.GET.get("after", "")
    found: SuggestionPage | None = None
    with suppress(Conflict):  # too large a desk: the page offers to look it through
        found = suggestions(desk.node, desk.actor, order=order, after=after, look=look)
    if found is not None:
        request.session[_QUEUE] = [f"{each.left}{each.right}" for each in found.suggestions][:_LONGEST_QUEUE]
    done = looks(desk.node, desk.actor)
    shown = {
        "lines": [] if found is None else suggestion_lines(found, desk.language, desk.node.vocabulary),
        "found": found,
        "order": order,
        "look": look,
        "looks": done,
        "running": any(not each.ended for each in done),
        "names": _names(desk),
        "undo": request.session.pop(_UNDO, ""),
    }
    return render(request, "web/judgements/list.html", shown)


@page("judge", methods=("POST",))
def look(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Have the whole desk looked through."""
    order_suggestions(desk.node, desk.actor)
    messages.success(request, _("Your desk is being looked through. You can go on with something else."))
    return redirect("judgements")


@page("judge", methods=("POST",))
def stop(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Stop looking through the desk."""
    stop_look(desk.node, desk.actor, reference)
    messages.success(request, _("The look through your desk is being stopped. Nothing of it is kept."))
    return redirect("judgements")


@page("judge")
def look_state(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How far looking through the desk has come."""
    done = looks(desk.node, desk.actor)
    shown = {"looks": done, "running": any(not each.ended for each in done)}
    return render(request, "web/judgements/looks.html", shown)


class PairForm(Form):
    """Two records by their references."""

    left = forms.CharField(label=gettext_lazy("Reference of one record"), max_length=32, min_length=32)
    right = forms.CharField(label=gettext_lazy("Reference of the other"), max_length=32, min_length=32)


@page("judge")
def choose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Put two records side by side that nothing has suggested."""
    sent = request.POST if request.method == "POST" else None
    initial = {"left": request.GET.get("left", "")[:32]}
    form = PairForm(sent, initial=initial)
    if sent is not None and form.is_valid():
        return redirect("judgements.pair", form.cleaned_data["left"], form.cleaned_data["right"])
    return render(request, "web/judgements/choose.html", {"form": form}, status=200 if sent is None else 422)


class JudgementForm(Form):
    """A ruling on two records: why, and whether a second officer confirms it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What makes you sure, or not. It is read by whoever may see the judgement."),
    )
    second_officer = forms.BooleanField(
        label=gettext_lazy("A second officer of ours must confirm it first"), required=False
    )


@page("judge")
def pair(request: HttpRequest, desk: Desk, left: str, right: str) -> HttpResponse:
    """Two records side by side, and the ruling on them."""
    sent = request.POST if request.method == "POST" else None
    found = compare_records(desk.node, desk.actor, left, right)
    start = _start(request, desk, pair_category(found))
    form, handling = JudgementForm(sent), handling_form(desk, "h", sent=sent, handling=start)
    status = 200
    if sent is not None:
        made = _rule(request, desk, left, right, form, handling)
        if made is not None:
            return made
        status = 422
    shown = {
        **pair_view(found, desk.language, desk.node.vocabulary),
        "left": left,
        "right": right,
        "form": form,
        "handling": handling,
        "chosen": set(sent.getlist("evidence")) if sent is not None else set(),
        "names": _names(desk),
        "following": _next(request, left + right),
        "undo": request.session.pop(_UNDO, "") if sent is None else "",
    }
    return render(request, "web/judgements/pair.html", shown, status=status)


def pair_category(found: Any) -> str | None:
    """The data-subject category that the records state, for the judgement on them."""
    statements = [each for line in found.lines for each in (*line.left, *line.right)]
    return next((each.handling.subject_category for each in statements if each.handling.subject_category), None)


def _start(request: HttpRequest, desk: Desk, category: str | None) -> Handling:
    """The conditions stated last, else that nobody else sees it; about the kind of person that the records state."""
    kept = request.session.get(_HANDLING)
    start = Handling(owner=desk.authority.id)
    if isinstance(kept, str):
        try:
            start = decode_handling(kept.encode())
        except Invalid:
            del request.session[_HANDLING]
    return _with(
        start,
        owner=desk.authority.id,
        subject_category=category,
        content="personal" if category else "non_personal",
    )


def _with(handling: Handling, **changes: Any) -> Handling:
    return Handling(**{name: getattr(handling, name) for name in handling.__struct_fields__} | changes)


def _rule(
    request: HttpRequest, desk: Desk, left: str, right: str, form: JudgementForm, handling: HandlingForm
) -> HttpResponse | None:
    ruling = request.POST.get("ruling", "")
    if not (form.is_valid() and handling.is_valid() and ruling in RULINGS):
        return None
    stated = handling.handling(desk.authority.id)
    try:
        made = rule(
            desk.node,
            desk.actor,
            left,
            right,
            cast(Ruling, ruling),
            form.cleaned_data["reason"],
            stated,
            evidence=request.POST.getlist("evidence"),
            second_officer=form.cleaned_data["second_officer"],
        )
    except Invalid as error:
        form.add_error(None, told(error)[0])
        return None
    # What a restriction says in words may be personal and does not stay in the session.
    codes = tuple(code for code in stated.codes if code != "H3")
    request.session[_HANDLING] = handling_bytes(_with(stated, codes=codes, restriction="", case=None)).decode()
    request.session[_UNDO] = made.judgement
    if made.waits:
        messages.success(request, _("Proposed. It has no effect until a second officer of yours confirms it."))
    else:
        messages.success(request, _SAID[ruling])
    following = _next(request, left + right)
    return redirect("judgements.pair", following[:32], following[32:]) if following else redirect("judgements")


_SAID: Final = {
    "same": gettext_lazy("Judged: same. Whoever may see your judgement and both records sees them as one thing."),
    "not_the_same": gettext_lazy("Judged: different. Nobody of your authority sees these two as one thing."),
    "unsure": gettext_lazy("Noted as unsure. The pair leaves the list until you rule again."),
}


def _next(request: HttpRequest, here: str) -> str:
    """The pair that follows in the list last shown; empty at its end."""
    queue = [each for each in request.session.get(_QUEUE, []) if isinstance(each, str) and len(each) == 64]
    place = queue.index(here) + 1 if here in queue else 0
    return queue[place] if place < len(queue) and queue[place] != here else ""


@page("judge")
def of_record(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """What might be the same as one record."""
    found = suggestions_for(desk.node, desk.actor, reference)
    lines = [
        {
            "side": each.side,
            "score": f"{each.score:.2f}",
            "bars": hits.waterfall(each.parts, desk.language, desk.node.vocabulary),
        }
        for each in found
    ]
    request.session[_QUEUE] = [f"{reference}{each.side.record}" for each in found][:_LONGEST_QUEUE]
    shown = {"lines": lines, "reference": reference, "names": _names(desk)}
    return render(request, "web/judgements/of_record.html", shown)


@page("judge")
def ruled(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The judgements that one may see: to confirm, to look at again, contradictions, in force, revoked."""
    found = judgement_desk(desk.node, desk.actor)
    shown = {
        "found": found,
        "counts": dict(found.counts),
        "rulings": RULINGS,
        "names": _names(desk),
        "undo": request.session.pop(_UNDO, ""),
    }
    return render(request, "web/judgements/ruled.html", shown)


@page("judge", methods=("POST",))
def confirm_it(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Confirm, as the second officer."""
    try:
        confirm(desk.node, desk.actor, reference)
    except Conflict as error:
        messages.error(request, " ".join(told(cast(AlidadeError, error))))
    else:
        messages.success(request, _("Confirmed. The judgement is in force from now on."))
    return redirect("judgements.ruled")


@page("judge")
def revoke_it(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Take a judgement back, with the reason."""
    if request.method != "POST":
        return render(request, "web/judgements/revoke.html", {"reference": reference})
    revoke(desk.node, desk.actor, reference, request.POST.get("reason", "").strip()[:4000])
    messages.success(request, _("Taken back. The two are apart again, except for whom another judgement joins them."))
    return redirect("judgements.ruled")


class RulesForm(Form):
    """How one's own authority judges."""

    four_eyes = forms.BooleanField(
        label=gettext_lazy("A second officer confirms every judgement of ours before it counts"), required=False
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose judgements join records for our officers"),
        choices=[
            ("all", gettext_lazy("ours, and those of every authority that we may see")),
            ("own", gettext_lazy("ours alone")),
            ("some", gettext_lazy("ours, and those of the authorities chosen here")),
        ],
        widget=forms.RadioSelect,
    )
    accepts = forms.MultipleChoiceField(
        label=gettext_lazy("These authorities"), required=False, widget=forms.CheckboxSelectMultiple
    )


@page("judge")
def rules(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How one's own authority judges, and whose judgements it accepts."""
    known = judging_rules(desk.node, desk.actor)
    may_set = desk.may("judgement_rules")
    sent = request.POST if request.method == "POST" else None
    whose = "all" if known.accepts is None else "some" if known.accepts else "own"
    form = RulesForm(sent, initial={"four_eyes": known.four_eyes, "whose": whose, "accepts": list(known.accepts or ())})
    cast(forms.ChoiceField, form.fields["accepts"]).choices = [(str(each.id), each.name) for each in known.authorities]
    if sent is not None and form.is_valid():
        chosen = {"all": None, "own": []}.get(form.cleaned_data["whose"], form.cleaned_data["accepts"])
        set_judging_rules(desk.node, desk.actor, four_eyes=form.cleaned_data["four_eyes"], accepts=chosen)
        messages.success(request, _("Set. What is joined follows it at once; no judgement was changed."))
        return redirect("judgements.rules")
    shown = {"form": form, "known": known, "whose": whose, "may_set": may_set}
    return render(request, "web/judgements/rules.html", shown, status=200 if sent is None else 422)


def _names(desk: Desk) -> dict[str, str]:
    return {str(each.id): each.name for each in directory_entries(desk.node, desk.actor)}


urlpatterns = [
    path("judgements/", judgements, name="judgements"),
    path("judgements/look/", look, name="judgements.look"),
    path("judgements/look/state/", look_state, name="judgements.looks"),
    path("judgements/look/<str:reference>/stop/", stop, name="judgements.stop"),
    path("judgements/choose/", choose, name="judgements.choose"),
    path("judgements/pair/<str:left>/<str:right>/", pair, name="judgements.pair"),
    path("judgements/of/<str:reference>/", of_record, name="judgements.of"),
    path("judgements/ruled/", ruled, name="judgements.ruled"),
    path("judgements/ruled/<str:reference>/confirm/", confirm_it, name="judgements.confirm"),
    path("judgements/ruled/<str:reference>/revoke/", revoke_it, name="judgements.revoke"),
    path("judgements/rules/", rules, name="judgements.rules"),
]
