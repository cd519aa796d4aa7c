"""Guard: what is refused before an address is reached, and the form in which every refusal goes out."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.parser import Parser
from ninja.types import DictStrAny

from alidade.api.problems import own, problem, unforeseen

LONGEST_BODY = 1024 * 1024  # bytes
_JSON = "application/json"
BYTES = "application/octet-stream"
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_NO_TEXT = frozenset(chr(number) for number in range(32)) - {"\t", "\n", "\r"}

_NO_PARAMETER = {"field": "query.*", "reason": "There is no such parameter."}

View = Callable[..., HttpResponse]


def guarded(
    view: View,
    parameters: Callable[[str], Set[str]] = lambda method: frozenset(),
    body: Callable[[str], str] = lambda method: _JSON,
    longest: Callable[[str], int] = lambda method: LONGEST_BODY,
) -> View:
    """The view behind the limits on what is sent; whatever it answers that is no answer of ours becomes a problem.

    `parameters` says which names may stand in the address after the question mark, for a method; `body` the media type
    of what is sent, empty where nothing is; `longest` how many bytes.
    """

    @csrf_exempt  # programs carry a token in a header, which no page of another site can add
    @wraps(view)
    def behind(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = _unfit(request, body(str(request.method)), longest(str(request.method)))
        if refusal is not None:
            return refusal
        if not set(request.GET) <= parameters(str(request.method)):
            return own(422, errors=[_NO_PARAMETER])  # perhaps a question, which does not belong in an address
        try:
            response = view(request, *args, **kwargs)
        except Exception:  # the address itself failed, outside of what the framework catches
            return unforeseen(request)
        if response.status_code == 405:
            return own(405, headers={"Allow": response["Allow"]})
        return response

    return behind


def _unfit(request: HttpRequest, kind: str, longest: int) -> HttpResponse | None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > longest:
        return own(413)
    if request.method in _WITH_BODY and not (kind == "" and length in ("", "0")):
        if kind == BYTES:
            return None if request.content_type == BYTES and not _encoded(request) else _not_bytes()
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if request.content_type != _JSON or charset not in ("utf-8", "utf8") or _encoded(request):
            return own(415)
    return None


def _encoded(request: HttpRequest) -> bool:
    return str(request.META.get("HTTP_CONTENT_ENCODING", "identity")) != "identity"


def _not_bytes() -> HttpResponse:
    return problem(
        415,
        "body_type",
        "Only application/octet-stream is taken here, not compressed.",
        "Set the header Content-Type.",
    )


class StrictParser(Parser):
    """Reads bodies strictly: UTF-8, no nesting without end, no half letters, no control characters."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The decoded body. Any error is answered with status 400."""
        decoded = msgspec.json.decode(request.body)
        if not _is_text(decoded):
            raise ValueError("control characters")
        found: DictStrAny = decoded
        return found


def _is_text(decoded: object) -> bool:
    """Whether every string of a decoded body can be stored, shown and searched."""
    waiting = [decoded]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if not _NO_TEXT.isdisjoint(value):
                return False
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
    return True


def nothing_here(request: HttpRequest, **_: Any) -> HttpResponse:
    """The answer at an address that leads nowhere."""
    return own(404)
