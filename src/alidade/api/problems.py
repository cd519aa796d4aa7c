"""Problems: every error of the API in one form (RFC 9457), which never repeats what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, ConfigDict, Field

from alidade.model.errors import AlidadeError, Conflict, Damaged, Invalid, NotAllowed, NotFound, TooMany
from alidade.services.threads.wording import StepRefused

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/problems/"

TITLES: Mapping[int, str] = {
    400: "The body cannot be read",
    401: "No token in force",
    403: "Not allowed",
    404: "Nothing that you may see",
    405: "Not done here",
    409: "Does not fit the present state",
    413: "Too much at once",
    415: "Not JSON",
    422: "Cannot be taken as it is",
    429: "Too many requests",
    500: "Unexpected error",
    503: "The node has stopped",
}
# (code, detail, remedy) of what this face itself finds wrong; everything else is said by the use cases.
OWN: Mapping[int, tuple[str, str, str]] = {
    400: ("body_unreadable", "The body is no JSON text that can be taken.", "Send JSON in UTF-8 (RFC 8259)."),
    401: ("token_missing", "The request carries no token.", "Send it as: Authorization: Bearer TOKEN."),
    404: ("not_found", "There is nothing at this address.", "The addresses stand in /api/v1/openapi.json."),
    405: ("method", "This address does not take this method.", "The header Allow says which it takes."),
    413: ("body_long", "The body is longer than is taken at once.", "Divide it."),
    415: ("body_type", "Only application/json in UTF-8 is taken, not compressed.", "Set the header Content-Type."),
    422: ("invalid", "The request does not fit its description.", "See errors, and /api/v1/openapi.json."),
    500: ("error", "Something went wrong here, and nothing of this act was kept.", "Try again."),
}
_STATUS: tuple[tuple[type[AlidadeError], int], ...] = (
    (TooMany, 429),
    (NotFound, 404),
    (NotAllowed, 403),
    (Invalid, 422),
    (Conflict, 409),
    (Damaged, 503),
)
_NO_TOKEN = "token_unknown"  # noqa: S105  # a code of an error


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Path of the field, parts divided by dots; names of your own are shown as *.")
    reason: str = Field(description="What is wrong, without the value.")


class Problem(BaseModel):
    """An error, in the form of RFC 9457."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Relative address that names the kind of problem; it ends in the code.")
    title: str = Field(description="The kind of problem in few words.")
    status: int = Field(description="The status code of the answer.")
    detail: str = Field(description="What is wrong, in a sentence.")
    code: str = Field(description="Stable code of the error; see the reference of errors.")
    remedy: str = Field(description="What to do next; empty where nothing can be done.")
    errors: list[FieldProblem] = Field(default_factory=list, description="The fields at fault (status 422).")


def problem(
    status: int,
    code: str,
    detail: str,
    remedy: str = "",
    *,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer for an error. Equal errors have equal bytes, whatever was asked."""
    said: dict[str, Any] = {
        "type": TYPES + code,
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
        "errors": list(errors),
    }
    return HttpResponse(msgspec.json.encode(said), status=status, content_type=MEDIA_TYPE, headers=headers)


def own(
    status: int, *, errors: Iterable[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The answer for what this face itself finds wrong."""
    code, detail, remedy = OWN[status]
    if status == 401:
        headers = {"WWW-Authenticate": "Bearer"}
    return problem(status, code, detail, remedy, errors=errors, headers=headers)


def of_error(error: AlidadeError) -> HttpResponse:
    """The answer for an error of a use case."""
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 500)
    headers = {}
    if isinstance(error, StepRefused):
        return _of_step(status, error)
    if error.code == _NO_TOKEN:
        status, headers = 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    if isinstance(error, TooMany):
        headers = {"Retry-After": str(error.retry_after)}
    return problem(status, error.code, error.message, error.remedy, headers=headers)


def _of_step(status: int, error: StepRefused) -> HttpResponse:
    """Everything that keeps a step from being sent, by field. A field that no form has was named by the sender."""
    found = [
        {
            "field": "values.*" if each.code == "unknown" else each.field,
            "reason": f"{each.sentence} {each.remedy}".strip(),
        }
        for each in error.preview.problems
    ]
    for each in error.preview.recipients:
        found += [{"field": "parties", "reason": f"{each.name}: {reason}"} for reason in each.withheld]
        blocked = (record for record in each.records if record.blocked)
        found += [{"field": "records", "reason": f"{each.name}: {why}"} for record in blocked for why in record.reasons]
    detail = "The step cannot be sent as it is."
    return problem(status, error.code, detail, error.remedy, errors=found[:100])


def unforeseen(request: HttpRequest) -> HttpResponse:
    """The answer for an error that nobody foresaw, without a word of its text; the server is told by the signal."""
    got_request_exception.send(sender=None, request=request)
    return own(500)
