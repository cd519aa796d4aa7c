"""Scripted: answers to the script of a page. What went wrong is told as JSON, in the words of the page for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse

from alidade.model.errors import AlidadeError, Invalid
from alidade.web.errors import status_of
from alidade.web.place import Desk, Page
from alidade.web.told import told

P = ParamSpec("P")
_LONGEST = 1_000


def scripted(view: Page[P]) -> Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]:
    """Behind the door of a page: an error is answered as JSON, where JSON is asked for."""

    @wraps(view)
    def behind(request: HttpRequest, desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, desk, *args, **kwargs)
        except AlidadeError as error:
            if "application/json" not in request.headers.get("Accept", ""):
                raise
            message, remedy = told(error)
            content = {"told": f"{message} {remedy}".strip(), "code": error.code}
            return JsonResponse(content, status=status_of(error))

    return behind


def sent(request: HttpRequest, *names: str) -> dict[str, str]:
    """The texts that the script has sent under these names. Raises Invalid that names the first that is missing."""
    try:
        body = msgspec.json.decode(request.body, type=dict[str, object])
    except msgspec.DecodeError:
        body = {}
    found: dict[str, str] = {}
    for name in names:
        value = body.get(name)
        if not isinstance(value, str) or not value or len(value) > _LONGEST:
            raise Invalid("Something that was to be sent is missing.", code="field_missing")
        found[name] = value
    return found
