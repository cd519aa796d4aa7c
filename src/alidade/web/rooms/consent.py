"""Consent: proposals that wait for one's authority or for others, communities and agreements. Shows no content."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from alidade.model.errors import AlidadeError, Conflict, NotFound
from alidade.model.ids import OfficerId
from alidade.services.belonging import agreements_of, communities_of, end_agreement, leave_community
from alidade.services.concerned import Proposed
from alidade.services.consent import (
    begin_first_account,
    consent,
    proposals_of,
    propose_agreement,
    propose_authority,
    propose_membership,
    refuse,
    withdraw_proposal,
)
from alidade.web.accounts import open_account
from alidade.web.errors import NO_PAGE, status_of
from alidade.web.forms import Form
from alidade.web.forms_of_consent import AgreementForm, AuthorityForm, MembershipForm, RefusalForm
from alidade.web.place import Desk, once, page
from alidade.web.stepping_up import fresh
from alidade.web.table import Column, Table
from alidade.web.told import told

_ONCE = "first-administrator"  # under which a password is kept for the next page alone


def what(proposed: Proposed) -> str:
    """What is proposed, in a few words."""
    if proposed.agreement is not None:
        return _("Agreement %(code)s") % {"code": proposed.agreement.code}
    if proposed.kind == "membership":
        return _("Membership of %(authority)s in %(community)s") % {
            "authority": proposed.authority,
            "community": proposed.community,
        }
    return _("New authority %(authority)s") % {"authority": proposed.authority}


def state_word(proposed: Proposed) -> str | Promise:
    """How it stands with the proposal."""
    words = {
        "open": _("waits for you") if proposed.waits_for_you else _("waits for others"),
        "in_force": _("in force"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
    }
    return words[proposed.state]


@page("authority_manage", personal=False, methods=("GET",))
def show_all(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits, what was decided, and the communities and agreements of one's own authority."""
    actor = desk.administrator
    found = proposals_of(desk.node, actor)
    columns: list[Column[Proposed]] = [
        Column(key="what", title=_("What"), value=what),
        Column(key="by", title=_("Proposed by"), value=lambda p: p.by, kind="code"),
        Column(key="at", title=_("On"), value=lambda p: p.at, kind="day"),
        Column(key="state", title=_("State"), value=state_word, kind="tag"),
    ]

    def table(name: str, caption: str, rows: list[Proposed], empty: str) -> Table[Proposed]:
        return Table(
            name=name,
            caption=caption,
            columns=columns,
            rows=rows,
            request=request,
            link=lambda each: reverse("consent.proposal", args=[each.reference]),
            empty=empty,
        )

    yours = [each for each in found if each.waits_for_you]
    others = [each for each in found if each.state == "open" and not each.waits_for_you]
    decided = [each for each in found if each.state != "open"]
    shown = {
        "waiting": table("waiting", _("Waits for you"), yours, _("Nothing waits for your authority.")),
        "others": table("others", _("Waits for others"), others, _("Nothing waits for others.")),
        "decided": table("decided", _("Decided"), decided, _("Nothing was decided yet.")),
        "communities": communities_of(desk.node, actor),
        "agreements": agreements_of(desk.node, actor) if desk.may("agreement_manage") else (),
    }
    return render(request, "web/consent/list.html", shown)


@page("authority_manage", personal=False, methods=("GET",))
def show_one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One proposal: what it would open, who has said what, and one's own word on it."""
    return _proposal(request, desk, reference, RefusalForm())


def _proposal(request: HttpRequest, desk: Desk, reference: str, form: Form, status: int = 200) -> HttpResponse:
    proposed = next((each for each in proposals_of(desk.node, desk.administrator) if each.reference == reference), None)
    if proposed is None:
        raise NotFound(NO_PAGE)
    shown = {
        "proposed": proposed,
        "what": what(proposed),
        "state": state_word(proposed),
        "form": form,
        "last": proposed.waits_for is not None and proposed.waits_for == (desk.authority.id,),
        "begins_account": _begins_account(proposed),
        "password": once(request, _ONCE),
    }
    return render(request, "web/consent/proposal.html", shown, status=status)


def _begins_account(proposed: Proposed) -> bool:
    """Whether the first administrator of an authority that came in waits for an account, which is opened once."""
    new = proposed.yours and proposed.kind == "authority" and proposed.state == "in_force"
    return new and not User.objects.filter(username=f"{proposed.authority}/admin").exists()


@page("authority_manage", personal=False, methods=("POST",))
@fresh
def agree(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Consent in the name of one's authority."""
    return _told(request, consent(desk.node, desk.administrator, reference))


@page("authority_manage", personal=False, methods=("POST",))
@fresh
def decline(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Refuse, with the reason."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _proposal(request, desk, reference, form, status=422)
    return _told(request, refuse(desk.node, desk.administrator, reference, form.cleaned_data["reason"]))


@page("authority_manage", personal=False, methods=("POST",))
@fresh
def take_back(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Withdraw a proposal of one's own authority."""
    return _told(request, withdraw_proposal(desk.node, desk.administrator, reference))


@page("authority_manage", personal=False, methods=("POST",))
@fresh
def first_account(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Open the account of the first administrator of an authority that came in; once."""
    officer = begin_first_account(desk.node, desk.administrator, reference)
    if User.objects.filter(username=officer.id).exists():
        raise Conflict("This administrator has an account already.", code="account_exists")
    request.session[f"once-{_ONCE}"] = open_account(OfficerId(officer.id))
    messages.success(request, _("The account is open. Hand the password below to the administrator of that authority."))
    return redirect("consent.proposal", reference)


@page("authority_manage", personal=False)
@fresh
def join(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Propose a membership in a community."""
    form = MembershipForm(request.POST or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            proposed = propose_membership(desk.node, desk.administrator, given["community"], given["authority"] or None)
        except AlidadeError as error:
            return _again(request, "membership", form, error)
        return _told(request, proposed)
    return _form(request, "membership", form)


@page("authority_manage", personal=False)
@fresh
def invite(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Propose that this node host one more authority."""
    form = AuthorityForm(request.POST or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            proposed = propose_authority(desk.node, desk.administrator, form.authority(desk.node))
        except AlidadeError as error:
            return _again(request, "authority", form, error)
        return _told(request, proposed)
    return _form(request, "authority", form)


@page("agreement_manage", personal=False)
@fresh
def conclude(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Propose an agreement between States."""
    form = AgreementForm(request.POST or None, desk=desk)
    if request.method == "POST" and form.is_valid():
        try:
            proposed = propose_agreement(desk.node, desk.administrator, form.agreement())
        except AlidadeError as error:
            return _again(request, "agreement", form, error)
        return _told(request, proposed)
    return _form(request, "agreement", form)


@page("authority_manage", personal=False, methods=("POST",))
@fresh
def leave(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Leave a community: asked once, then done."""
    community = request.POST.get("community", "")
    if not request.POST.get("sure"):
        if community not in communities_of(desk.node, desk.administrator):
            raise NotFound(NO_PAGE)
        return render(request, "web/consent/leave.html", {"community": community})
    leave_community(desk.node, desk.administrator, community)
    messages.success(request, _("Your authority has left the community, from the next request on."))
    return redirect("consent")


@page("agreement_manage", personal=False, methods=("POST",))
@fresh
def end(request: HttpRequest, desk: Desk) -> HttpResponse:
    """End an agreement: asked once, then done."""
    code = request.POST.get("code", "")
    if not request.POST.get("sure"):
        agreement = next((each for each in agreements_of(desk.node, desk.administrator) if each.code == code), None)
        if agreement is None:
            raise NotFound(NO_PAGE)
        return render(request, "web/consent/end.html", {"agreement": agreement})
    end_agreement(desk.node, desk.administrator, code)
    messages.success(request, _("The agreement no longer counts, from the next request on."))
    return redirect("consent")


def _told(request: HttpRequest, proposed: Proposed) -> HttpResponseRedirect:
    said = {
        "open": _("Kept. It comes into force with the last consent; until then nobody sees more than before."),
        "in_force": _(
            "In force from the next request on. To narrow it again, leave or end it; nobody is asked for that."
        ),
        "refused": _("Refused. Nothing was opened; it may be proposed again."),
        "withdrawn": _("Withdrawn. Nothing was opened; it may be proposed again."),
    }
    messages.success(request, said[proposed.state])
    return redirect("consent.proposal", proposed.reference)


def _form(request: HttpRequest, kind: str, form: Form, status: int | None = None) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "kind": kind}
    return render(request, "web/consent/propose.html", shown, status=status or (422 if form.errors else 200))


def _again(request: HttpRequest, kind: str, form: Form, error: AlidadeError) -> HttpResponse:
    for sentence in told(error):
        if sentence:
            form.add_error(None, sentence)
    return _form(request, kind, form, status_of(error))


urlpatterns = [
    path("consent/", show_all, name="consent"),
    path("consent/membership/", join, name="consent.membership"),
    path("consent/authority/", invite, name="consent.authority"),
    path("consent/agreement/", conclude, name="consent.agreement"),
    path("consent/leave/", leave, name="consent.leave"),
    path("consent/end/", end, name="consent.end"),
    path("consent/<slug:reference>/", show_one, name="consent.proposal"),
    path("consent/<slug:reference>/agree/", agree, name="consent.agree"),
    path("consent/<slug:reference>/refuse/", decline, name="consent.refuse"),
    path("consent/<slug:reference>/withdraw/", take_back, name="consent.withdraw"),
    path("consent/<slug:reference>/account/", first_account, name="consent.account"),
]
