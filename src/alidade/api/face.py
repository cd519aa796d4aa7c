"""Face: all addresses of the API together, its description, and its errors as problems."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from alidade import __version__
from alidade.api import (
    attachments,
    charts,
    checks,
    contributions,
    dossiers,
    judgements,
    lists,
    picture,
    problems,
    procedures,
    programme,
    programme_answers,
    programme_calendar,
    programme_entries,
    programme_looks,
    programme_readings,
    programme_reports,
    programme_rounds,
    questions,
    records,
    sights,
    threads,
)
from alidade.api.description import complete, field_names
from alidade.api.guard import LONGEST_BODY, StrictParser
from alidade.api.sign_in import Token
from alidade.model.errors import AlidadeError

PREFIX = "/api/v1/"
_DESCRIPTION = (
    "What several authorities know, crossed under each owner's rules. A program acts for an officer, with a token bound"
    " to purpose, legal ground, case and acts. What you may not see and what is not there answer alike."
)


class Face(NinjaAPI):
    """The API with its description completed: problems in their own media type, and examples."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description in OpenAPI 3.1; it holds nothing personal and is given without a token."""
        if self._described is None:  # half a second of work, and always the same
            self._described = super().get_openapi_schema(path_prefix=PREFIX)
            complete(self._described)
        return self._described


api = Face(
    title="Alidade",
    version=__version__,
    description=_DESCRIPTION,
    docs_url=None,  # such pages fetch their scripts from elsewhere; docs/reference/api.md is written from the same
    urls_namespace="api",
    auth=Token(),
    parser=StrictParser(),
)
for _part in (
    checks, contributions, records, judgements, picture, sights, charts, questions, dossiers,
    threads, attachments, procedures, programme, programme_entries, programme_readings, programme_rounds,
    programme_answers, programme_reports, programme_looks, programme_calendar, lists,
):  # fmt: skip
    api.add_router("", _part.router)


@api.exception_handler(AlidadeError)
def _said(request: HttpRequest, error: AlidadeError) -> HttpResponse:
    return problems.of_error(error)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problems.own(401)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.own(error.status_code if error.status_code in problems.OWN else 400)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.own(404)


@api.exception_handler(ValidationError)
def _wrong_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [{"field": _field(one["loc"]), "reason": str(one["msg"])} for one in error.errors[:20]]
    return problems.own(422, errors=found)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    return problems.unforeseen(request)


def _field(place: Sequence[str | int]) -> str:
    """The path of a field. A part that the description does not know was named by the sender, and is not repeated."""
    source, *parts = place
    known = _known()
    shown = parts[1:] if source == "body" else parts  # the first part within a body is a name of ours
    return ".".join([str(source), *(str(p) if isinstance(p, int) or p in known else "*" for p in shown)])


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return field_names(api.get_openapi_schema())


def query_parameters(path: str, method: str) -> frozenset[str]:
    """The names that may stand in this address after the question mark."""
    operation = api.get_openapi_schema()["paths"].get(path, {}).get(method.lower(), {})
    return frozenset(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")


def body_type(path: str, method: str) -> str:
    """The media type of what this address takes with a method; empty: nothing. JSON for a method that it lacks."""
    operation = api.get_openapi_schema()["paths"].get(path, {}).get(method.lower())
    if operation is None:
        return "application/json"
    return next(iter(operation.get("requestBody", {}).get("content", {})), "")


def longest_body(path: str, method: str) -> int:
    """How many bytes this address takes with a method; a file may be longer than what is written."""
    operation = api.get_openapi_schema()["paths"].get(path, {}).get(method.lower(), {})
    return int(operation.get("x-longest-body", LONGEST_BODY))
