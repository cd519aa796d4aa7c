"""Description: what the generated OpenAPI text lacks, put in: media types of problems and an example for each answer.

The examples (`data/examples.json`) are what a node of invented authorities really answers; a test writes and holds
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from alidade.api.problems import MEDIA_TYPE, OWN, TITLES, TYPES

_EXAMPLES = Path(__file__).parent / "data" / "examples.json"
# One example for each status that a use case decides; those of this face stand in problems.OWN.
_DECIDED: Mapping[int, tuple[str, str, str]] = {
    403: ("token_act", "The token does not permit this (export).", "Make a token that lists it."),
    404: ("not_found", "There is no record with this reference that you may see.", ""),
    409: ("key_used", "Something else was sent under this key.", "Take a new key for each request."),
    429: (
        "too_many",
        "That is more than a token, or the tokens of an authority together, may ask in this time.",
        "Try again in 7 seconds.",
    ),
    503: (
        "damaged",
        "The store has stopped after a disk error.",
        "Check the disk, then start again.",
    ),
}
_HEADERS: Mapping[int, Mapping[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}
# The framework drops what is said of a parameter where its type says it.
_PARAMETERS: Mapping[str, str] = {
    "action": "What is done with a record.",
    "after": "`next` of the page before.",
    "earlier": "Reference of the report to compare with.",
    "file": "Reference of a file of the thread.",
    "form": "What kind of file.",
    "folder": "Which list: `mine` (on the officer's desk), `unit`, `unassigned` (the duty desk's), `urgent`, `all`"
    " (where your authority is to act), `awaited` (where others are), `copies`, `closed`.",
    "language": "Language of sentences in the answer and of the grounds as they are shown in the ledger.",
    "name": "Name of a list (see GET /api/v1/words).",
    "code": "Code of an own procedure.",
    "late": "Only what is late.",
    "look": "Reference of a look through the whole desk; empty: the newest.",
    "order": "By `doubt`, the most doubtful first, or by `certainty`.",
    "round": "Reference of a round; empty: the newest on the paper.",
    "sight": "`map`, `timeline` or `matrix`.",
    "measure": "Number of a measure in its paper.",
    "newest": "How many of the newest statements.",
    "number": "Which piece, counted from 0.",
    "paper": "Reference of a paper; empty: that of the round.",
    "procedure": "Code of a procedure (see GET /api/v1/procedures).",
    "recipient": "Code of the authority to which it would go.",
    "reference": "A random reference, 32 hex digits.",
    "since": "First day of the period.",
    "size": "How many lines of the list.",
    "submit": "Whether the answer is submitted; else it is a draft.",
    "step": "`open`, a step of the procedure, or `message`, `remind`, `reassure`.",
    "table": "Which table of the analysis; an unknown one is answered with their names.",
    "until": "Last day of the period.",
    "version": "Version of the procedure (0: the newest), or of your answer (0: there is none yet).",
    "unseen": "Only those that nobody has read.",
}


def _files(*kinds: str) -> dict[str, dict[str, Any]]:
    """A file in one of these media types, as the form asked for has it."""
    return {kind: {"schema": {} if kind.endswith("json") else {"type": "string"}} for kind in kinds}


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Answers that are no JSON.
_CONTENT: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "export": {"text/csv": {"schema": {"type": "string"}}},
    "entity_export": _files("text/csv", "application/json"),
    "chart_export": _files("text/csv", "image/svg+xml", "application/xml", "application/json"),
    "picture_export": _files("text/csv", "image/svg+xml", "application/geo+json"),
    "programme_form": _files(_WORKBOOK, _DOCUMENT),
    "programme_report_file": _files("text/html", _DOCUMENT, "application/pdf"),
    "programme_table_export": _files("text/csv", _WORKBOOK),
    "programme_feed": _files("text/calendar"),
    "read_attachment": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


@lru_cache(maxsize=1)
def examples() -> Mapping[str, Any]:
    """For each operation what is sent and what is answered, from a node of invented authorities."""
    found: Mapping[str, Any] = msgspec.json.decode(_EXAMPLES.read_bytes())
    return found


def example_problem(status: int) -> dict[str, Any]:
    """A problem of this status as it is answered."""
    code, detail, remedy = _DECIDED.get(status) or OWN[status]
    errors = [{"field": "body.text", "reason": "Field required"}] if status == 422 else []
    return {
        "type": TYPES + code,
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
        "errors": errors,
    }


def complete(schema: dict[str, Any]) -> None:
    """Put into a generated description what it lacks."""
    for operation in operations(schema):
        shown = examples().get(operation["operationId"], {})
        for parameter in operation.get("parameters", ()):
            listed = parameter.pop("examples", None)  # a list here, where OpenAPI wants a mapping
            if listed:
                parameter["example"] = listed[0]
            parameter.setdefault("description", _PARAMETERS.get(parameter["name"], ""))
        if "request" in shown:
            operation.get("requestBody", {}).get("content", {}).get("application/json", {})["example"] = shown[
                "request"
            ]
        for status, answer in operation["responses"].items():
            _complete_answer(operation["operationId"], int(status), answer, shown)


def operations(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of a description."""
    for methods in schema["paths"].values():
        yield from methods.values()


def _complete_answer(operation: str, status: int, answer: dict[str, Any], shown: Mapping[str, Any]) -> None:
    if status >= 400:
        answer["description"] = TITLES[status]
        (described,) = answer["content"].values()
        answer["content"] = {MEDIA_TYPE: described | {"example": example_problem(status)}}
        if status in _HEADERS:
            answer["headers"] = dict(_HEADERS[status])
        return
    if operation in _CONTENT:
        answer["content"] = {kind: dict(schema) for kind, schema in _CONTENT[operation].items()}
    if "response" in shown:
        for described in answer.get("content", {}).values():
            described["example"] = shown["response"]


def field_names(schema: Mapping[str, Any]) -> frozenset[str]:
    """Every name of a field or parameter that the description knows."""
    names = {name for one in schema["components"]["schemas"].values() for name in one.get("properties", ())}
    names |= {parameter["name"] for operation in operations(schema) for parameter in operation.get("parameters", ())}
    return frozenset(names)
