"""Sign-in: by passkey first, by name and password second; and what must be done before anything else can be opened.

After the first sign-in, with the password that was handed over, an officer makes a passkey (his password is void from
then on) or sets up an app for codes and a password of his own. Administrators need a passkey: they let others in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as passkeys
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alidade.model.errors import NotFound
from alidade.services import serving
from alidade.services.acting import officer_at_work
from alidade.web.accounts import (
    RECOVERED,
    has_code_app,
    has_one_time_password,
    has_passkey,
    is_secured,
    officer_of,
)
from alidade.web.errors import NO_PAGE
from alidade.web.models import OneTimePassword
from alidade.web.place import seat
from alidade.web.protection import address_for_passkeys
from alidade.web.sign_in_forms import PasskeyForm

View = Callable[..., HttpResponse]
HANDED_OVER = "handed-over"  # in the session: the one-time passwords of others, shown until the passkey is made


def _at_a_name(view: View) -> View:
    """Passkeys belong to a name, not to a number: 127.0.0.1 is led to localhost before anybody signs in."""

    @wraps(view)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        better = address_for_passkeys(request)
        return redirect(better) if better else view(request, *args, **kwargs)

    return behind


def _framed(view: View, *, early: bool = False) -> View:
    """A page of the library within the frame of the one who is signed in; `early`: also before he has a passkey."""

    @wraps(view)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if officer_of(request) is None:
            return redirect("account_login")
        seat(request)
        if not early and getattr(request, "desk", None) is None:
            return redirect("secure")
        return view(request, *args, **kwargs)

    return behind


def _not_for_administrators(view: View) -> View:
    """Codes are no way in for those who let others in: to them the page is absent."""

    @wraps(view)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if officer_of(request) is not None and _is_administrator(request):
            raise NotFound(NO_PAGE)
        return view(request, *args, **kwargs)

    return behind


def _is_administrator(request: HttpRequest) -> bool:
    officer = officer_of(request)
    node = serving.node()
    known = None if officer is None else officer_at_work(node, officer)
    return known is not None and "officer_manage" in node.vocabulary.roles[known[0].role].acts


@never_cache
@_at_a_name
def secure(request: HttpRequest) -> HttpResponse:
    """What comes before everything else: a passkey, or an app for codes and a password of one's own."""
    if officer_of(request) is None:
        return redirect("account_login")
    administrator = _is_administrator(request)
    if is_secured(request, administrator=administrator):
        return redirect("my-day")
    if not administrator and has_code_app(request) and has_one_time_password(request):
        return redirect("account_change_password")
    shown = {
        "administrator": administrator,
        "officer": officer_of(request),
        "handed_over": request.session.get(HANDED_OVER, []),
        "recovered": RECOVERED in request.session,
        "form": PasskeyForm(user=request.user),
        "options": {"creation_options": passkeys.begin_registration(request.user, passwordless=True)},
    }
    return render(request, "web/sign_in/secure.html", shown)


@never_cache
@require_POST
def make_passkey(request: HttpRequest) -> HttpResponse:
    """Keep the first passkey, or one in place of those that were lost. The password is void from here on."""
    user = request.user
    if not isinstance(user, User):
        return redirect("account_login")
    administrator = _is_administrator(request)
    if is_secured(request, administrator=administrator):
        return redirect("mfa_add_webauthn")
    form = PasskeyForm(request.POST, user=user)
    if not form.is_valid():
        messages.error(request, _("The passkey could not be made. Nothing has changed; try again."))
        return redirect("secure")
    Authenticator.objects.filter(user=user).delete()  # what was lost lets nobody in any more
    passkeys.WebAuthn.add(user, form.cleaned_data["name"] or _("Passkey"), form.cleaned_data["credential"])
    user.set_unusable_password()
    user.save()
    OneTimePassword.objects.filter(user=user).delete()
    end_sessions_elsewhere(request, user)
    request.session.pop(RECOVERED, None)
    record_authentication(request, user, "mfa", type=Authenticator.Type.WEBAUTHN)
    if administrator:
        return redirect("secure.done")
    RecoveryCodes.activate(user)
    return redirect("mfa_view_recovery_codes")


def end_sessions_elsewhere(request: HttpRequest, user: User) -> None:
    """End every session of an officer but this one, which goes on under a new key."""
    update_session_auth_hash(request, user)  # the others bear the hash of the password of before


@never_cache
@require_http_methods(["GET"])
def done(request: HttpRequest) -> HttpResponse:
    """The passkey is made; where to go from here."""
    if officer_of(request) is None:
        return redirect("account_login")
    seat(request)
    shown = {"administrator": _is_administrator(request), "handed_over": request.session.get(HANDED_OVER, [])}
    return render(request, "web/sign_in/done.html", shown)


@never_cache
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey, unless it is the only way in."""
    left = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN).exclude(pk=pk)
    if officer_of(request) is not None and not left.exists():
        messages.warning(request, _("This is your only passkey. Add another one before you remove it."))
        return redirect("mfa_list_webauthn")
    answer: HttpResponse = webauthn.remove_webauthn(request, pk=pk)
    return answer


@receiver(password_changed, dispatch_uid="alidade.web.password_changed")
def _own_password(sender: object, user: User, **more: object) -> None:
    OneTimePassword.objects.filter(user=user).delete()


def change_password(request: HttpRequest) -> HttpResponse:
    """Choose a password of one's own; absent for those who have a passkey and no password."""
    if officer_of(request) is None:
        return redirect("account_login")
    if isinstance(request.user, User) and not request.user.has_usable_password():
        raise NotFound(NO_PAGE)
    seat(request)
    answer: HttpResponse = account.password_change(request)
    return answer


@receiver(authenticator_added, dispatch_uid="alidade.web.authenticator_added")
def _passkey_instead(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **more: object
) -> None:
    """Whoever adds a passkey to password and codes has no use for these any more, and nor has anybody else."""
    if authenticator.type != Authenticator.Type.WEBAUTHN or not user.has_usable_password():
        return
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    user.set_unusable_password()
    user.save()
    OneTimePassword.objects.filter(user=user).delete()
    end_sessions_elsewhere(request, user)


def factors(request: HttpRequest) -> HttpResponse:
    """One's passkeys and codes."""
    kept = Authenticator.objects.filter(user_id=request.user.pk)
    spare = next((each.wrap() for each in kept if each.type == Authenticator.Type.RECOVERY_CODES), None)
    shown = {
        "passkeys": [each for each in kept if each.type == Authenticator.Type.WEBAUTHN],
        "app": has_code_app(request),
        "has_passkey": has_passkey(request),
        "password": isinstance(request.user, User) and request.user.has_usable_password(),
        "spare": None if spare is None else len(spare.get_unused_codes()),
        "administrator": _is_administrator(request),
    }
    return render(request, "mfa/index.html", shown)


_codes = [
    path(
        "sign-in/factor/totp/activate/",
        _not_for_administrators(_framed(totp.activate_totp, early=True)),
        name="mfa_activate_totp",
    ),
    path("sign-in/factor/totp/deactivate/", _framed(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "sign-in/factor/recovery-codes/", _framed(codes.view_recovery_codes, early=True), name="mfa_view_recovery_codes"
    ),
    path(
        "sign-in/factor/recovery-codes/generate/",
        _not_for_administrators(_framed(codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
]
urlpatterns = [
    path("sign-in/", _at_a_name(account.login), name="account_login"),
    path("sign-in/password/", change_password, name="account_change_password"),
    path("sign-in/secure/", secure, name="secure"),
    path("sign-in/secure/passkey/", make_passkey, name="secure.passkey"),
    path("sign-in/secure/done/", done, name="secure.done"),
    path("sign-in/factor/", _framed(factors), name="mfa_index"),
    path("sign-in/factor/webauthn/", _framed(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("sign-in/factor/webauthn/add/", _framed(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("sign-in/factor/webauthn/keys/<int:pk>/remove/", _framed(remove_passkey), name="mfa_remove_webauthn"),
    path("sign-in/factor/webauthn/keys/<int:pk>/edit/", _framed(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("sign-in/factor/reauthenticate/", _framed(mfa.reauthenticate, early=True), name="mfa_reauthenticate"),
    *_codes,
]
