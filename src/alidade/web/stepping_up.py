"""Stepping up: what has grave effect is done only by one who has just shown who he is.

    @page("release")
    @fresh
    def release(request, desk): ...

Where the sign-in is older than ten minutes, the act waits: a page asks for the passkey (or the code, or the password)
and sends the same form again with it. What was typed goes through the browser and is kept nowhere in between.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as PasskeyForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alidade.web.accounts import has_code_app, has_passkey, is_fresh
from alidade.web.place import Desk, Page

P = ParamSpec("P")
PREFIX: Final = "confirm"


def fresh(view: Page[P]) -> Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]:
    """Behind the door of a page: what is sent to it is done only after a fresh sign-in. Looking needs none.

    Officers of invented authorities are not asked: there is nothing to protect.
    """

    @wraps(view)
    def behind(request: HttpRequest, desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method != "POST" or desk.authority.invented or is_fresh(request):
            return view(request, desk, *args, **kwargs)
        form = _form(request)
        if form.is_bound and form.is_valid():
            _note(request, form)
            return view(request, desk, *args, **kwargs)
        return _ask(request, form)

    return behind


def _form(request: HttpRequest) -> Form:
    """The one way in which this officer confirms: his passkey, else a code of his app, else his password."""
    kind: type[Form] = PasskeyForm if has_passkey(request) else CodeForm if has_code_app(request) else PasswordForm
    sent = any(name.startswith(f"{PREFIX}-") for name in request.POST)
    options: dict[str, Any] = {"user": request.user, "prefix": PREFIX, "label_suffix": ""}
    return kind(request.POST if sent else None, **options)


def _note(request: HttpRequest, form: Form) -> None:
    if isinstance(form, PasswordForm):
        reauthenticate_by_password(request)
    elif isinstance(form, (PasskeyForm, CodeForm)):
        form.save()
    request.session.cycle_key()  # who knew the session before knows it no longer


def _ask(request: HttpRequest, form: Form) -> HttpResponse:
    passkey = isinstance(form, PasskeyForm)
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
        for value in values
    ]
    shown = {
        "form": form,
        "sent": sent,
        "files": bool(request.FILES),
        "passkey": passkey,
        "options": {"request_options": begin_authentication(request.user)} if passkey else None,
    }
    return render(request, "web/sign_in/confirm.html", shown, status=403)
