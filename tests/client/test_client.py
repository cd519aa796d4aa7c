"""The client against a node that listens: the day of a program, what it is refused, and answers that were lost."""

from __future__ import annotations

import ast
import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from listening import Application, listening
from personas import DE, NL, Office, draft

import alidade.client
from alidade.client import Client, ClientError, NoAnswer, Refused
from alidade.services.notices import notices

HANDLING = {"communities": ["all"], "subject_category": "suspect_or_convicted"}
RECORDS = [{"key": "p-1", "thing": "Person", "claims": [{"property": "name", "value": "Jan Vermeulen"}]}]
Clients = Callable[..., Client]


def test_the_day_of_a_program(client: Clients, office: Office) -> None:
    owner, asker = client(NL), client(DE)
    given = owner.contribute("Controls of June", RECORDS, HANDLING, source_list="controls")
    answer = asker.check("Jan Vermeulen", nationality="NL")
    many = asker.check_many(["Jan Vermeulen", {"text": "..."}, *["Piet Hein"] * 50])
    hit = answer["hits"][0]

    assert (given["new"], answer["kind"], hit["record"]) == (1, "hit", given["records"]["p-1"])
    assert [one["answer"]["kind"] if one["answer"] else one["problem"]["code"] for one in many[:3]] == [
        "hit",
        "question_wrong",
        "no_hit",
    ]
    assert len(many) == 52
    assert asker.answer(answer["check"])["hits"] == answer["hits"]
    assert hit["reference"] in {one["reference"] for one in asker.hits()}
    assert asker.rule(hit["reference"], "same", "same_context", note="seen")["ruling"] == "same"
    assert {one["asker"] for one in owner.notices()} == {DE}
    assert owner.notices(unseen=True) == []
    assert asker.record(hit["record"])["statements"][0]["value"] == "Jan Vermeulen"
    assert [row["value"] for row in csv.DictReader(io.StringIO(owner.export().decode()))] == ["Jan Vermeulen"]
    assert "criminal_investigation" in {entry["code"] for entry in owner.words("legal_grounds")}
    assert owner.withdraw(given["contribution"], "wrong")["statements"] == 1
    assert asker.check("Jan Vermeulen")["kind"] == "no_hit"


def test_a_refusal_has_its_code_and_its_remedy(client: Clients) -> None:
    caller = client(NL, acts=("check",))
    with pytest.raises(Refused) as refused:
        caller.export()
    assert (refused.value.status, refused.value.code) == (403, "token_act")
    assert refused.value.remedy == "Make a token that lists it."
    with pytest.raises(Refused) as refused:
        caller.check("Jan Vermeulen", born="1964")
    assert (refused.value.status, refused.value.errors[0]["field"]) == (422, "body.*")


def test_a_token_of_no_force_and_one_used_up(client: Clients, address: str) -> None:
    with pytest.raises(Refused) as refused:
        Client(address, "alidade_nothing").hits()
    assert (refused.value.status, refused.value.code) == (401, "token_unknown")
    caller = client(NL)
    for _ in range(5):
        caller.export()
    with pytest.raises(Refused) as refused:
        caller.export()
    assert (refused.value.code, refused.value.retry_after) == ("too_many", 720)


class _Loses:
    """Carries out every request, and loses the answers to the first so many."""

    def __init__(self, application: Application, count: int) -> None:
        self._application = application
        self.left = count
        self.keys: list[str | None] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        self.keys.append(environ.get("HTTP_IDEMPOTENCY_KEY"))
        if not self.left:
            return self._application(environ, start)
        self.left -= 1
        for _ in self._application(environ, lambda *_: None):
            continue
        start("502 Bad Gateway", [("Content-Type", "text/html")])
        return [b"<h1>no answer</h1>"]


def _losing(office: Office, count: int, act: Callable[[str], Any]) -> tuple[Any, _Loses]:
    made: list[_Loses] = []

    def wrap(application: Application) -> Application:
        made.append(_Loses(application, count))
        return made[0]

    with listening(office, wrap) as address:
        return act(address), made[0]


def test_a_lost_answer_is_asked_for_again_under_the_same_key(office: Office, secret: Callable[..., str]) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    token = secret(DE)
    answer, server = _losing(office, 1, lambda address: Client(address, token).check("Jan Vermeulen"))

    assert answer["kind"] == "hit"
    assert len(server.keys) == 2
    assert len(set(server.keys)) == 1
    assert len(notices(office.node, office.officer(NL))) == 1


def test_a_contribution_whose_answer_was_lost_is_given_once(office: Office, secret: Callable[..., str]) -> None:
    token = secret(NL)
    given, _ = _losing(office, 1, lambda address: Client(address, token).contribute("June", RECORDS, HANDLING))

    assert (given["new"], given["unchanged"]) == (0, 1)
    assert given["contribution"]
    assert len(office.ask(DE, "Jan Vermeulen").hits) == 1


def test_what_is_lost_twice_is_said(office: Office, secret: Callable[..., str]) -> None:
    token = secret(DE)

    def ask(address: str) -> str:
        with pytest.raises(NoAnswer) as refused:
            Client(address, token).check("Jan Vermeulen")
        return refused.value.code

    assert _losing(office, 2, ask)[0] == "no_node"


def test_a_token_does_not_follow_where_an_answer_points(office: Office, secret: Callable[..., str]) -> None:
    token, seen = secret(DE), []

    def wrap(application: Application) -> Application:
        def elsewhere(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
            seen.append(environ["PATH_INFO"])
            start("302 Found", [("Location", "/elsewhere")])
            return [b""]

        return elsewhere

    with listening(office, wrap) as address, pytest.raises(NoAnswer):
        Client(address, token).record("0" * 32)
    assert set(seen) == {f"/api/v1/records/{'0' * 32}"}


def test_nobody_at_the_address_is_said(office: Office) -> None:
    with listening(office) as address:
        pass
    with pytest.raises(NoAnswer) as refused:
        Client(address, "alidade_x").hits()
    assert refused.value.code == "no_answer"


@pytest.mark.parametrize(
    "url", ["http://node.example", "ftp://node.example", "node.example", "http://127.0.0.1.example"]
)
def test_a_token_never_goes_out_in_the_clear(url: str) -> None:
    with pytest.raises(ClientError) as refused:
        Client(url, "alidade_x")
    assert refused.value.code == "plain_http"


@pytest.mark.parametrize("url", ["https://node.example/api", "https://node.example?x=1", "https://a:b@node.example"])
def test_an_address_is_that_of_a_node_alone(url: str) -> None:
    with pytest.raises(ClientError):
        Client(url, "alidade_x")


def test_the_client_needs_nothing_but_the_standard_library() -> None:
    for path in Path(str(alidade.client.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [str(node.module)]
            for module in modules:
                assert module.split(".")[0] in sys.stdlib_module_names or module.startswith("alidade.client"), path
