"""Rights: the officers of one's own authority, what each may do, and the end of an access. Shows no content.

Addresses hold a reference made from the officer's name with the key of this place, since the name itself is personal.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from alidade.model.directory import Officer
from alidade.model.errors import AlidadeError, NotFound
from alidade.model.ids import OfficerId
from alidade.services.deputies import hand_over
from alidade.services.officers import (
    add_officer,
    begin_account,
    change_officer,
    end_access,
    leaving_of,
    officers_of,
    take_up_again,
)
from alidade.web.accounts import close_account, has_account, open_account
from alidade.web.errors import NO_PAGE, status_of
from alidade.web.forms import Form
from alidade.web.forms_of_officers import FilterForm, LeavingForm, NewOfficerForm, RightsForm
from alidade.web.place import Desk, once, page
from alidade.web.stepping_up import fresh
from alidade.web.table import Column, Table
from alidade.web.templatetags.alidade import day
from alidade.web.told import told

_ONCE = "first-sign-in"  # under which a password is kept for the next page alone


def reference_of(officer: OfficerId) -> str:
    """The reference under which an officer stands in addresses of this place."""
    return salted_hmac("alidade.web.rights", officer, algorithm="sha256").hexdigest()[:32]


@page("officer_manage", personal=False, methods=("GET",))
def show_all(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The officers of one's own authority."""
    every = officers_of(desk.node, desk.administrator)
    form = FilterForm(request.GET or None, desk=desk, officers=every)
    sought = form.cleaned_data if form.is_valid() else {}
    role, unit, access = (sought.get(name, "") for name in ("role", "unit", "access"))
    officers = [
        officer
        for officer in every
        if role in ("", officer.role)
        and unit in ("", officer.unit)
        and access in ("", "yes" if officer.active else "no")
    ]
    words, language = desk.node.vocabulary, desk.language
    columns: list[Column[Officer]] = [
        Column(key="name", title=_("Name"), value=lambda o: o.id.partition("/")[2]),
        Column(key="unit", title=_("Unit"), value=lambda o: o.unit),
        Column(key="role", title=_("Role"), value=lambda o: words.label("roles", o.role, language)),
        Column(
            key="clearance",
            title=_("Clearance"),
            value=lambda o: words.label("classifications", o.clearance, language),
            sort=lambda o: words.classifications[o.clearance].rank,
        ),
        Column(key="cases", title=_("Cases"), value=lambda o: len(o.cases), kind="number"),
        Column(key="account", title=_("Can sign in"), value=lambda o: _("yes") if has_account(o.id) else _("no")),
        Column(
            key="left",
            title=_("Access ended"),
            value=lambda o: day(o.left_on) if o.left_on else "",
            sort=lambda o: o.left_on,
        ),
    ]
    table = Table(
        name="officers",
        caption=_("Officers"),
        columns=columns,
        rows=officers,
        request=request,
        link=lambda o: reverse("rights.officer", args=[reference_of(o.id)]),
        default="name",
        empty=_("No officer of this kind. Enter one with the button above."),
    )
    return render(request, "web/rights/list.html", {"table": table, "form": form})


@page("officer_manage", personal=False)
@fresh
def enter(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Enter an officer and open the account."""
    form = NewOfficerForm(request.POST or None, desk=desk, initial={"role": "analyst", "clearance": "BPL"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        officer = Officer(
            id=OfficerId(f"{desk.authority.id}/{given['name']}"),
            authority=desk.authority.id,
            role=given["role"],
            clearance=given["clearance"],
            unit=given["unit"].strip(),
            cases=form.cases_given(),
        )
        try:
            add_officer(desk.node, desk.administrator, officer)
        except AlidadeError as error:
            return _again(request, "web/rights/enter.html", form, error, {})
        return _with_account(request, desk, officer.id, _("Entered. The officer can sign in with the password below."))
    return render(request, "web/rights/enter.html", {"form": form}, status=422 if form.errors else 200)


@page("officer_manage", personal=False)
@fresh
def show_one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One officer: the rights, and a form to change them."""
    officer = _found(desk, reference)
    own = officer.id == desk.officer.id
    initial = {
        "role": officer.role,
        "unit": officer.unit,
        "clearance": officer.clearance,
        "cases": "\n".join(officer.cases),
    }
    form = RightsForm(request.POST or None, desk=desk, initial=initial)
    shown = {"officer": officer, "reference": reference, "own": own, "account": has_account(officer.id)}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_officer(
                desk.node,
                desk.administrator,
                officer.id,
                unit=given["unit"],
                role=given["role"],
                clearance=given["clearance"],
                cases=form.cases_given(),
            )
        except AlidadeError as error:
            return _again(request, "web/rights/officer.html", form, error, shown)
        messages.success(request, _("Changed; in force with the officer's next request. Change it back here."))
        return redirect("rights.officer", reference)
    left = None if officer.active or own else leaving_of(desk.node, desk.administrator, officer.id)
    shown |= {"form": form, "password": once(request, _ONCE), "left": left}
    return render(request, "web/rights/officer.html", shown, status=422 if form.errors else 200)


@page("officer_manage", personal=False)
@fresh
def end(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """End the access of an officer: first what it will do, then, asked once, the end."""
    officer = _found(desk, reference)
    form = LeavingForm(request.POST if request.method == "POST" else None, colleagues=_takers(desk, officer))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["colleague"]:
            taker = _found(desk, form.cleaned_data["colleague"])
            hand_over(desk.node, desk.administrator, taker.id, officer=officer.id)
        left = end_access(desk.node, desk.administrator, officer.id)
        close_account(officer.id)
        messages.success(
            request, _("The access has ended, and every session with it. Let the officer work again here.")
        )
        if left.hand_over:
            messages.warning(request, _("Somebody must take over what the officer left open; it is listed below."))
        return redirect("rights.officer", reference)
    shown = {
        "officer": officer,
        "reference": reference,
        "form": form,
        "left": leaving_of(desk.node, desk.administrator, officer.id),
    }
    return render(request, "web/rights/end.html", shown, status=422 if form.errors else 200)


def _takers(desk: Desk, leaver: Officer) -> list[tuple[str, str]]:
    """The colleagues who may keep standing checks and drafts, by reference."""
    roles = desk.node.vocabulary.roles
    return [
        (reference_of(each.id), each.id)
        for each in officers_of(desk.node, desk.administrator, active=True)
        if each.id != leaver.id and {"standing_check", "contribute"} <= set(roles[each.role].acts)
    ]


@page("officer_manage", personal=False, methods=("POST",))
@fresh
def again(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Let an officer whose access ended work again, with a new password to begin with."""
    officer = take_up_again(desk.node, desk.administrator, _found(desk, reference).id)
    return _with_account(request, desk, officer.id, _("The officer works again, with the rights of before."))


@page("officer_manage", personal=False, methods=("POST",))
@fresh
def account(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Open the account of an officer, or begin it anew."""
    officer = _found(desk, reference)
    said = _("The account is open. Passkeys and sessions of before are void.")
    return _with_account(request, desk, officer.id, said)


def _with_account(request: HttpRequest, desk: Desk, officer: OfficerId, said: str) -> HttpResponseRedirect:
    begin_account(desk.node, desk.administrator, officer)  # entered first: no password without its entry
    request.session[f"once-{_ONCE}"] = open_account(officer)
    messages.success(request, said)
    return redirect("rights.officer", reference_of(officer))


def _found(desk: Desk, reference: str) -> Officer:
    for officer in officers_of(desk.node, desk.administrator):
        if constant_time_compare(reference_of(officer.id), reference):
            return officer
    raise NotFound(NO_PAGE)


def _again(request: HttpRequest, template: str, form: Form, error: AlidadeError, shown: dict[str, Any]) -> HttpResponse:
    """The form as it was typed, with what is wrong."""
    for sentence in told(error):
        if sentence:
            form.add_error(None, sentence)
    return render(request, template, shown | {"form": form}, status=status_of(error))


urlpatterns = [
    path("rights/", show_all, name="rights"),
    path("rights/new/", enter, name="rights.new"),
    path("rights/<slug:reference>/", show_one, name="rights.officer"),
    path("rights/<slug:reference>/end/", end, name="rights.end"),
    path("rights/<slug:reference>/again/", again, name="rights.again"),
    path("rights/<slug:reference>/account/", account, name="rights.account"),
]
