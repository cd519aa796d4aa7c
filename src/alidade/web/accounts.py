"""Accounts: who may sign in. An account belongs to one officer and bears the officer's name; nobody signs up.

Accounts, passkeys and sessions lie in a database of their own beside the store. Rights do not: what an officer may do
is read from the directory at each request, so that an account alone opens nothing.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from alidade.model.ids import OfficerId
from alidade.services import serving
from alidade.services.entering import note_sign_in
from alidade.web.models import OneTimePassword
from alidade.web.patience import Counted, counted_for, forgive, wait_before

# Letters and digits that are not taken for one another when read from paper.
READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_LASTS: Final = timedelta(days=14)
FRESH: Final = 10 * 60  # seconds for which whoever has just shown who he is need not show it again
RECOVERED: Final = "recovered"  # in the session of one who came in with a recovery code


class AccountsRouter:
    """Accounts and sessions lie in a database of their own; the store's tables are reached through the store alone."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Accounts are read from their own database."""
        return None if model._meta.app_label == "store" else "default"

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """Accounts are written to their own database."""
        return self.db_for_read(model, **hints)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """The store's tables are made in stores, all others in the database of accounts."""
        return (app_label == "store") == (db != "default")


class SecondFactor(AuthenticateStage):  # type: ignore[misc]  # the library is untyped
    """Asks for the second factor, but of one who came in with a recovery code: he has lost it."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not getattr(self.login.user, RECOVERED, False) and bool(super()._should_handle(request))


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """No sign-up: accounts are opened by the administrator of the officer's authority. Guessing is slowed down."""

    _counted: Counted | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try, or refuse it where one must wait; unknown names are counted like known ones."""
        counted = counted_for(request, str(credentials.get("username", "")))
        if wait_before(counted) > 0:
            raise self.validation_error("too_many_login_attempts")
        self._counted = counted

    def _rollback_login_failed_rl_usage(self) -> None:
        if self._counted is not None:
            forgive(self._counted)

    def get_login_stages(self) -> list[str]:
        """The steps of a sign-in."""
        ours = f"{SecondFactor.__module__}.{SecondFactor.__name__}"
        return [ours if step.endswith(".AuthenticateStage") else step for step in super().get_login_stages()]

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session, under a new key; one who came in with a recovery code must make a new passkey first.

        It is in the ledger before it begins: who cannot be noted does not come in.
        """
        shown = get_authentication_records(request, user)
        ways = [str(one.get("type") or one.get("method")) for one in shown]
        note_sign_in(serving.node(), OfficerId(user.username), ", ".join(ways) or "password")
        super().login(request, user)
        if getattr(user, RECOVERED, False):
            request.session[RECOVERED] = True

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether the one who is signed in must show anew who he is before he changes passkeys and codes."""
        return not is_fresh(context.request)


class OfficerBackend(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """Signs an officer in under his name of the directory, authority/name, with his password.

    An officer who signs in by passkey has no password; in its place one of his recovery codes lets him in once. An
    unknown name, an account that was closed and a wrong password cost the same work and are answered alike.
    """

    def _check_password(self, user: User | None, password: str) -> User | None:
        if user is None:
            return None
        self._did_check_password = True
        right = user.check_password(password)  # hashes even where there is no password to compare with
        if not user.has_usable_password() and _is_recovery_code(user, password):
            setattr(user, RECOVERED, True)
            right = user.is_active
        return user if right and user.is_active and not _has_expired(user) else None


def _is_recovery_code(user: User, text: str) -> bool:
    if not user.is_active:
        return False
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return found is not None and bool(found.wrap().validate_code(text))


def _has_expired(user: User) -> bool:
    kept = OneTimePassword.objects.filter(user=user).first()
    return kept is not None and timezone.now() - kept.made_at > ONE_TIME_LASTS


def is_fresh(request: HttpRequest) -> bool:
    """Whether the one who is signed in has shown within the last ten minutes who he is."""
    shown = get_authentication_records(request, request.user)
    return bool(shown) and timezone.now().timestamp() - shown[-1]["at"] < FRESH


def make_tables() -> None:
    """Make or bring up to date the database of accounts."""
    call_command("migrate", database="default", verbosity=0)
    call_command("createcachetable", database="default", verbosity=0)


def open_account(officer: OfficerId) -> str:
    """Open the account of an officer, or begin it anew: a password for the first sign-in, shown once.

    Passkeys, codes and sessions of before are void. The password is good for fourteen days.
    """
    password = "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(4))
    user, _ = User.objects.get_or_create(username=officer)
    Authenticator.objects.filter(user=user).delete()
    user.set_password(password)
    user.is_active = True
    user.save()
    OneTimePassword.objects.update_or_create(user=user, defaults={"made_at": timezone.now()})
    end_sessions(officer)
    return password


def close_account(officer: OfficerId) -> None:
    """Close the account of one who leaves: no sign-in from here on, and every session ends."""
    User.objects.filter(username=officer).update(is_active=False)
    end_sessions(officer)


def end_sessions(officer: OfficerId) -> None:
    """End every session of an officer."""
    user = User.objects.filter(username=officer).first()
    if user is None:
        return
    for session in Session.objects.filter(expire_date__gte=timezone.now()):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def has_account(officer: OfficerId) -> bool:
    """Whether the officer can sign in at all."""
    return User.objects.filter(username=officer, is_active=True).exists()


def has_passkey(request: HttpRequest) -> bool:
    """Whether the one who is signed in has a passkey."""
    return _has(request, Authenticator.Type.WEBAUTHN)


def has_code_app(request: HttpRequest) -> bool:
    """Whether the one who is signed in has an app for one-time codes."""
    return _has(request, Authenticator.Type.TOTP)


def _has(request: HttpRequest, kind: str) -> bool:
    return bool(Authenticator.objects.filter(user_id=request.user.pk, type=kind).exists())


def has_one_time_password(request: HttpRequest) -> bool:
    """Whether the one who is signed in still has the password that was handed over to him."""
    return OneTimePassword.objects.filter(user__pk=request.user.pk or 0).exists()


def is_secured(request: HttpRequest, *, administrator: bool = False) -> bool:
    """Whether the one who is signed in may go on: he has a passkey, or an app for codes and a password of his own.

    An administrator needs a passkey: he lets others in. Whoever came in with a recovery code must make a new one.
    """
    if request.session.get(RECOVERED):
        return False
    if has_passkey(request):
        return True
    return not administrator and has_code_app(request) and not has_one_time_password(request)


def officer_of(request: HttpRequest) -> OfficerId | None:
    """The officer who is signed in; nobody where the request was refused before that was looked at."""
    user = getattr(request, "user", None)
    return OfficerId(user.get_username()) if user is not None and user.is_authenticated else None
