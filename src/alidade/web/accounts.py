"""Accounts: who may sign in. An account belongs to one officer and bears the officer's name; nobody signs up.

Accounts, passkeys and sessions lie in a database of their own beside the store. Rights do not: what an officer may do
is read from the directory at each request, so that an account alone opens nothing.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from alidade.model.ids import OfficerId

# Letters and digits that are not taken for one another when read from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


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


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """No sign-up: accounts are opened by the administrator of the officer's authority."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class OfficerBackend(AuthenticationBackend):  # type: ignore[misc]  # the library is untyped
    """Signs an officer in under his name of the directory, authority/name."""


def make_tables() -> None:
    """Make or bring up to date the database of accounts."""
    call_command("migrate", database="default", verbosity=0)
    call_command("createcachetable", database="default", verbosity=0)


def open_account(officer: OfficerId) -> str:
    """Open the account of an officer, or begin it anew: a password for the first sign-in, shown once.

    Passkeys, codes and sessions of before are void.
    """
    password = "-".join("".join(secrets.choice(_READABLE) for _ in range(5)) for _ in range(4))
    user, _ = User.objects.get_or_create(username=officer)
    Authenticator.objects.filter(user=user).delete()
    user.set_password(password)
    user.is_active = True
    user.save()
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


def is_secured(request: HttpRequest) -> bool:
    """Whether the one who is signed in has a passkey or a device for one-time codes."""
    kinds = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
    return bool(Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).exists())


def officer_of(request: HttpRequest) -> OfficerId | None:
    """The officer who is signed in."""
    return OfficerId(request.user.get_username()) if request.user.is_authenticated else None
