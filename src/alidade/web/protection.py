"""Protection of every answer: nothing from elsewhere, nothing inline, nothing kept by the browser or a proxy."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": a browser then hides the origin of our own forms too, and they are all refused as forged.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_THIS_MACHINE = ("127.0.0.1", "[::1]")


class ProtectionMiddleware:
    """Puts the headers on every answer, errors included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        if not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store"
        if request.method == "POST" and request.path == reverse("account_logout"):
            # The language stays in its cookie; the session itself is gone from the server.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


def address_for_passkeys(request: HttpRequest) -> str:
    """The same page under the name of this machine, where it was opened under its number; else nothing.

    A browser makes passkeys for a name only. It matters on the machine itself alone: elsewhere there is a name.
    """
    host, colon, port = request.get_host().rpartition(":")
    if not colon or not port.isdigit():
        host, port = request.get_host(), ""
    if not settings.PLAIN or request.method != "GET" or host not in _THIS_MACHINE:
        return ""
    return f"http://localhost{':' + port if port else ''}{request.get_full_path()}"
