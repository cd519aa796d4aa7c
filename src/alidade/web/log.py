"""Log: one line of JSON for each request, for whoever runs the machine. It holds nothing personal.

What stands in a line: when, a number of the request, the method, the *name* of the page (never its address, never what
was typed), status, milliseconds, bytes, and of an error that nobody foresaw its class and where it arose, without its
text. Who read what stands in the ledger, which is made for that; neither officer nor authority stands here.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Final

import msgspec
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

SWITCH: Final = "ALIDADE_LOG"  # "0" writes no line for a request that went well
_PACKAGES: Final = Path(__file__).parents[2]


class LogMiddleware:
    """Stands before all others, so that what they answer themselves is seen too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        got_request_exception.connect(_note, dispatch_uid="alidade.web.log")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        number = secrets.token_hex(8)
        response = self._get_response(request)
        response["X-Request-Id"] = number
        if response.status_code >= 500 or os.environ.get(SWITCH) != "0":
            write(_line(request, response, number, began))
        return response


def write(line: dict[str, Any]) -> None:
    """Write one line to standard error, at once and as a whole."""
    stamped = {"at": timezone.now().isoformat(timespec="milliseconds"), **line}
    sys.stderr.write(msgspec.json.encode(stamped).decode() + "\n")
    sys.stderr.flush()


def _line(request: HttpRequest, response: HttpResponseBase, number: str, began: float) -> dict[str, Any]:
    line: dict[str, Any] = {
        "request": number,
        "method": request.method if request.method in _METHODS else "other",
        "page": _name_of(request),
        "status": response.status_code,
        "ms": round((perf_counter() - began) * 1000, 1),
    }
    if not response.streaming and isinstance(response, HttpResponse):
        line["bytes"] = len(response.content)
    return line | getattr(request, "unforeseen", {})


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _name_of(request: HttpRequest) -> str | None:
    """The name of the page as the addresses have it; None where no address met."""
    if request.path.startswith("/static/"):
        return "static"
    match = request.resolver_match
    if match is None:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return None
    return match.view_name or match.route


def _note(sender: object, request: HttpRequest | None = None, **more: object) -> None:
    """Keep of an error what kind it is and where it arose; its text may quote a value."""
    kind, _, trace = sys.exc_info()
    if request is not None and kind is not None:
        found = {"error": f"{kind.__module__}.{kind.__qualname__}", "at_code": _place_of(trace)}
        request.unforeseen = found  # type: ignore[attr-defined]  # for the line of this request


def _place_of(trace: TracebackType | None) -> list[str]:
    """The last places of the code that an error came through, innermost last."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        shown = path.relative_to(_PACKAGES) if path.is_relative_to(_PACKAGES) else Path(*path.parts[-2:])
        found.append(f"{shown.as_posix()}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-6:]
