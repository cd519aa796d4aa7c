"""Promises: what the description of the API says is asked of it at random, right and wrong, and held against it."""

from __future__ import annotations

import itertools
import json
import warnings
from typing import Any

import pytest
import schemathesis
from callers import Callers
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from personas import NL, Office, draft
from programme_things import programme_things
from programme_walk import PROGRAMME_WALK
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from thread_cases import request as ask_for
from thread_cases import upload

from alidade.api.description import operations
from alidade.api.face import api

ADDRESS = "/api/v1/openapi.json"
NAMES = tuple(operation["operationId"] for operation in operations(api.get_openapi_schema()))
# The first: the law and the vocabulary refuse much that has the right form. The others go over several addresses,
# which test_walk does.
OF_THREADS = (
    "thread", "export_thread", "preview_step", "take_step", "add_note", "take_thread", "assign_thread",
    "read_attachment",
)  # fmt: skip
OF_FILES = ("send_piece", "upload_state", "finish_attachment", "discard_attachment")
OF_PROGRAMME = {
    **dict.fromkeys(("entry_correct", "entry_withdraw"), "said"),
    **dict.fromkeys(("round", "round_change", "round_close", "comparison", "form", "form_put", "answer", "answer_put"),
                    "asked"),
    **dict.fromkeys(("report", "report_file", "report_differences"), "report"),
    **dict.fromkeys(("meeting_change", "meeting_withdraw"), "meeting"),
    **dict.fromkeys(("reading", "accept"), "proposals"),
    "verify": "to_verify",
    "evaluation": "evaluation",
}  # fmt: skip
LEFT_OUT = {"positive_data_acceptance", "use_after_free", "ensure_resource_availability", "object_level_authorization"}


def _operation(name: str) -> Any:
    schema = schemathesis.openapi.from_wsgi(ADDRESS, get_wsgi_application())
    for found in schema.get_all_operations():
        if found.ok().definition.raw["operationId"] == name:
            return found.ok()
    raise AssertionError(name)


def _references(office: Office, operation: str) -> list[str]:
    """What is really there, so that more than absence is asked for."""
    if operation in PROGRAMME_WALK:
        return [programme_things(office, NL)[OF_PROGRAMME.get(operation.removeprefix("programme_"), "paper")]]
    given = office.give(draft("1", name="Jan Vermeulen"), draft("2", name="Jan Vermeulen"))
    answer = office.ask(NL, "Jan Vermeulen")
    thread, file = ask_for(office), upload(office, office.officer(NL), b"Seen at the border.\n")
    found = {
        **{name: [thread] for name in OF_THREADS},
        **{name: [file] for name in OF_FILES},
        "answer_again": [answer.check],
        "rule": [hit.reference for hit in answer.hits],
        "withdraw": [str(given.contribution)],
    }
    return found.get(operation, list(given.records.values()))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", NAMES)
def test_the_api_keeps_what_its_description_promises(
    callers: Callers, office: Office, name: str, mode: GenerationMode, request: pytest.FixtureRequest
) -> None:
    operation = _operation(name)
    caller = callers(NL, "policy_officer" if name in PROGRAMME_WALK else "case_officer")
    there = itertools.cycle([None, *_references(office, name)])
    checks = [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]

    @settings(
        max_examples=200 if request.config.getoption("--full") else 10,
        phases=[Phase.explicit, Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        office.clock.move(hours=1)
        reference = next(there)
        if mode is GenerationMode.POSITIVE and reference is not None and "reference" in case.path_parameters:
            case.path_parameters["reference"] = reference
        case.call_and_validate(headers={"Authorization": f"Bearer {caller.secret}"}, checks=checks)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ask()


def test_the_description_is_given_without_a_token_and_names_nobody(callers: Callers, office: Office) -> None:
    office.give(draft("1", name="Klaas Bakker"))
    answer = callers.nobody()("GET", "/openapi.json")
    described = json.loads(answer.content)

    assert answer.status_code == 200
    assert described["openapi"].startswith("3.1")
    assert "Bakker" not in answer.content.decode()
    assert described["components"]["securitySchemes"]["Token"]["scheme"] == "bearer"


def test_every_answer_is_described_with_an_example() -> None:
    for operation in operations(api.get_openapi_schema()):
        assert operation["description"], operation["operationId"]
        assert operation["security"] == [{"Token": []}]
        assert all(parameter["description"] for parameter in operation["parameters"]), operation["operationId"]
        for status, answer in operation["responses"].items():
            for described in answer.get("content", {}).values():
                assert "example" in described, (operation["operationId"], status)
        if "requestBody" in operation:
            for described in operation["requestBody"]["content"].values():
                assert "example" in described, operation["operationId"]


def test_every_field_that_is_taken_is_described() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    silent = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        if name.endswith("Given")
        for field, described in schema["properties"].items()
        if not ({"description", "$ref"} & set(described))
    ]
    assert silent == []
