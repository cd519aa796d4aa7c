"""Health: for whoever watches the machine. No sign-in, nothing personal, no counts of what anybody gave."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from alidade.services.health import health


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """How the node does; 503 where it cannot work."""
    found = health()
    told: dict[str, object] = {
        "ok": found.ok,
        "version": found.version,
        "begun": found.begun,
        "database": found.database,
        "disk": found.disk,
        "worker": found.worker,
    }
    if _on_this_machine(request):
        told["ledger_head"] = found.head  # tells how much is done here, which is nobody else's business
    return JsonResponse(told, status=200 if found.ok else 503)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; start it anew where it does not."""
    return JsonResponse({"ok": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Work may be sent here: the node has begun and can work."""
    found = health()
    ok = found.ok and found.begun
    return JsonResponse({"ok": ok}, status=200 if ok else 503)


def _on_this_machine(request: HttpRequest) -> bool:
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


urlpatterns = [
    path("health/", show, name="health"),
    path("health/live/", live, name="health.live"),
    path("health/ready/", ready, name="health.ready"),
]
