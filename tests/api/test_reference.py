"""The reference of the API, written from its description; after a change: ALIDADE_UPDATE_REFERENCE=1."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callers import Callers
from personas import NL, Office

from alidade.api.face import api
from alidade.api.problems import TITLES

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "reference" / "api.md"
GUIDE = ROOT / "docs" / "guides" / "developer.md"
UPDATE = "ALIDADE_UPDATE_REFERENCE"


def _reference() -> str:
    schema = api.get_openapi_schema()
    lines = [
        "# The API",
        "",
        "Written by `tests/api/test_reference.py` from the code; do not edit it. After a change:",
        "",
        f"```sh\n{UPDATE}=1 script/test tests/api\n```",
        "",
        "How to begin stands in the [guide for developers](../guides/developer.md). Every request carries a token",
        "(`Authorization: Bearer TOKEN`); bodies are `application/json`. The same description in OpenAPI is given",
        "without a token at `/api/v1/openapi.json`. Examples come from a node of invented authorities; lists in them",
        "are cut after two entries.",
        "",
        "| address | does | may answer |",
        "| --- | --- | --- |",
    ]
    found = list(_operations(schema))
    for method, path, operation in found:
        statuses = ", ".join(str(status) for status in operation["responses"])
        summary = operation["description"].strip().splitlines()[0]
        lines.append(f"| [{method} {path}](#{_anchor(f'{method} {path}')}) | {_cell(summary)} | {statuses} |")
    lines += ["", "| status | problem |", "| --- | --- |"]
    lines += [f"| {status} | {title} |" for status, title in TITLES.items()]
    for method, path, operation in found:
        lines += ["", *_section(method, path, operation)]
    lines += ["", "## What is sent and what is told", ""]
    for name, shape in sorted(schema["components"]["schemas"].items()):
        lines += [
            f"### {name}",
            "",
            shape.get("description", ""),
            "",
            "| field | type | meaning |",
            "| --- | --- | --- |",
        ]
        required = set(shape.get("required", ()))
        for field, described in shape.get("properties", {}).items():
            kind = _kind(described) + ("" if field in required or not name.endswith("Given") else ", optional")
            lines.append(f"| `{field}` | {_cell(kind)} | {_cell(described.get('description', ''))} |")
        lines.append("")
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _section(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"## {method} {path}"
    yield ""
    yield " ".join(operation["description"].split())
    parameters = operation.get("parameters", ())
    if parameters:
        yield from ("", "| parameter | in | type | meaning |", "| --- | --- | --- | --- |")
    for one in parameters:
        kind = _kind(one["schema"]) + ("" if one["required"] else ", optional")
        yield f"| `{one['name']}` | {one['in']} | {_cell(kind)} | {_cell(one.get('description', ''))} |"
    if "requestBody" in operation:
        ((media, sent),) = operation["requestBody"]["content"].items()
        kind = _kind(sent["schema"]) + ("" if media == "application/json" else f", `{media}`")
        yield from ("", f"Send ({kind}):", "", *_example(sent["example"]))
    for status, answer in operation["responses"].items():
        for kind, told in answer.get("content", {}).items():
            if int(status) < 400:
                yield from ("", f"Answer {status} ({_kind(told['schema'])}, `{kind}`):", "", *_example(told["example"]))
        if int(status) == 204:
            yield from ("", "Answer 204, without a body.")


def _example(shown: Any) -> Iterator[str]:
    if isinstance(shown, str):
        yield from ("```text", *shown.splitlines(), "```")
    else:
        yield from ("```json", json.dumps(shown, indent=1, ensure_ascii=False), "```")


def _kind(described: dict[str, Any]) -> str:
    if "$ref" in described:
        name = described["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in described:
        return " or ".join(_kind(one) for one in described["anyOf"])
    if "enum" in described:
        return ", ".join(f"`{one}`" for one in described["enum"])
    if "const" in described:
        return f"`{described['const']}`"
    if described.get("type") == "array":
        return f"list of {_kind(described.get('items', {}))}"
    if described.get("type") == "object" and isinstance(described.get("additionalProperties"), dict):
        return f"names to {_kind(described['additionalProperties'])}"
    return str(described.get("format") or described.get("type", "anything"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


def test_the_reference_of_the_api_is_true() -> None:
    text = _reference()
    if os.environ.get(UPDATE):
        PAPER.write_text(text, encoding="utf-8")

    assert PAPER.read_text(encoding="utf-8") == text, f"run with {UPDATE}=1 and look at the difference"


def _curls() -> Iterator[tuple[str, str, object, dict[str, str]]]:
    for block in re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for command in re.findall(r"^curl .*?(?=^curl |\Z)", block, re.MULTILINE | re.DOTALL):
            words = shlex.split(command)
            options = dict(itertools.pairwise(words))
            headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
            (address,) = [word for word in words if word.startswith("$NODE")]
            body = json.loads(options["--data"]) if "--data" in options else None
            yield options.get("-X", "GET"), address.removeprefix("$NODE"), body, headers


def test_what_the_guide_does_with_curl_works(callers: Callers, office: Office) -> None:
    caller = callers(NL)
    done = 0
    for method, path, body, headers in _curls():
        assert headers.pop("Authorization") == "Bearer $TOKEN"
        assert (headers.pop("Content-Type", None) == "application/json") == (body is not None)
        answer = caller(method, path, body, **headers)
        assert answer.status_code == 200, (path, answer.content)
        done += 1
    assert done == 9
