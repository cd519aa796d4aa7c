"""The addresses of the pages: those of every room, those of sign-in, and the API."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from alidade.web import rooms
from alidade.web.errors import broken, not_found


def home(request: HttpRequest) -> HttpResponse:
    """The first page is the officer's day."""
    return redirect("my-day")


def absent(request: HttpRequest) -> HttpResponse:
    """Pages of the sign-in library that this product does not have; it needs their names."""
    return not_found(request)


urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/password/", account.password_change, name="account_change_password"),
    path("sign-in/ended/", account.account_inactive, name="account_inactive"),
    path("sign-up/", absent, name="account_signup"),
    path("sign-in/forgotten/", absent, name="account_reset_password"),
    path("sign-in/set/", absent, name="account_set_password"),
    path("sign-in/e-mail/", absent, name="account_email"),
    path("sign-in/factor/", include("allauth.mfa.urls")),
]
if importlib.util.find_spec("alidade.api") and importlib.util.find_spec("alidade.api.urls"):
    from alidade.api.urls import elsewhere

    urlpatterns += [path("api/v1/", include(("alidade.api.urls", "api"))), elsewhere]
for _found in sorted(pkgutil.iter_modules(rooms.__path__), key=lambda found: found.name):
    _module = importlib.import_module(f"{rooms.__name__}.{_found.name}")
    urlpatterns[:0] = getattr(_module, "urlpatterns", [])  # before those of the library, so that ours are found first

handler400 = not_found
handler403 = not_found
handler404 = not_found
handler500 = broken
