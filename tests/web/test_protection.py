"""Headers of every answer, the set-up code, and the address under which passkeys work."""

from __future__ import annotations

import dataclasses
import re
import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the node is shared by the tests of this folder

from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from personas import Office
from real_node import real_node

from alidade.services import serving
from alidade.simulation import cocaine_route
from alidade.web import invented, setup_code
from alidade.web.patience import OFFICER_HERE
from alidade.web.protection import HEADERS, address_for_passkeys


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which nothing has begun."""
    monkeypatch.setenv("ALIDADE_HOME", str(tmp_path / "empty"))
    serving.serve(None)
    cache.clear()
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


@pytest.mark.parametrize("address", ["/sign-in/", "/help/", "/nothing/", "/health/", "/", "/static/web/mark.svg"])
def test_every_answer_bears_the_headers(office: Office, address: str) -> None:
    answer = Client().get(address)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert (answer.headers["Cache-Control"] == "no-store") is not address.startswith("/static/")
    answer.close()


def test_forms_are_accepted_from_here_alone(office: Office) -> None:
    """A browser that hides the origin of our own forms would lock everybody out; a foreign one is refused."""
    assert HEADERS["Referrer-Policy"] == "same-origin"
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    sent = {"language": "fr", "csrfmiddlewaretoken": token}

    assert client.post("/language/", sent, headers={"origin": "http://testserver"}).status_code == 302
    assert client.post("/language/", sent, headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert client.post("/language/", {"language": "fr"}, headers={"origin": "http://testserver"}).status_code == 403


@pytest.mark.parametrize(
    ("host", "led_to"),
    [
        ("127.0.0.1:8420", "http://localhost:8420/sign-in/?next=/check/"),
        ("127.0.0.1", "http://localhost/sign-in/?next=/check/"),
        ("localhost:8420", ""),
    ],
)
def test_passkeys_need_a_name(host: str, led_to: str) -> None:
    request = RequestFactory().get("/sign-in/?next=/check/", headers={"host": host})

    assert address_for_passkeys(request) == led_to


def test_the_code_is_for_the_account_of_the_machine_alone(empty: Path) -> None:
    code = setup_code.make(empty)

    assert (empty / setup_code.FILE).stat().st_mode & 0o777 == 0o600
    assert setup_code.make(empty) == code, "it stays until the node has begun"
    assert setup_code.is_right(empty, f" {code.upper().replace('-', ' ')}")
    assert not setup_code.is_right(empty, "")
    setup_code.void(empty)
    assert not setup_code.is_right(empty, code)


def test_nobody_begins_without_the_code(empty: Path) -> None:
    setup_code.make(empty)
    client = Client()
    wrong = client.post("/begin/", {"code": "aaaa-bbbb-cccc", "choice": "real"})

    assert wrong.status_code == 422
    assert "This is not the code" in wrong.content.decode()
    assert client.get("/begin/real/").headers["Location"] == "/begin/"
    assert client.get("/begin/invented/").headers["Location"] == "/begin/"
    assert client.get("/check/").headers["Location"] == "/begin/"


def test_the_code_cannot_be_guessed_in_a_hurry(empty: Path) -> None:
    code = setup_code.make(empty)
    client = Client()
    for _ in range(OFFICER_HERE.free + 1):
        client.post("/begin/", {"code": "aaaa-bbbb-cccc", "choice": "real"})
    slowed = client.post("/begin/", {"code": code, "choice": "real"})

    assert "Too many tries" in slowed.content.decode()


def test_what_is_wrong_stands_at_the_form_and_nothing_has_begun(empty: Path) -> None:
    client = Client()
    client.post("/begin/", {"code": setup_code.make(empty), "choice": "real"})
    typed = {
        "state": "NL",
        "name": "Politie",
        "function": "police",
        "contact": "desk@politie.example",
        "code": "Not A Code",
        "officer": "j.devries",
        "role": "case_officer",
        "administrator": "admin",
    }
    wrong = client.post("/begin/real/", typed)
    right = client.post("/begin/real/", typed | {"code": ""})

    assert wrong.status_code == 422
    assert "small letters, digits and hyphens" in wrong.content.decode()
    assert 'value="Politie"' in wrong.content.decode()
    assert right.headers["Location"] == "/sign-in/secure/"
    assert client.get("/begin/").status_code == 404
    assert not (empty / setup_code.FILE).exists()
    assert "nl-politie/j.devries" in client.get("/sign-in/secure/").content.decode()
    serving.serve(None)


def test_begin_is_absent_where_a_node_has_begun(tmp_path: Path) -> None:
    with real_node(tmp_path / "real"):
        client = Client()
        shown = [client.get(f"/begin/{page}") for page in ("", "real/", "invented/", "ready/", "no-such-page/")]
        shown.append(client.post("/begin/go-on/", {"officer": "nl-politie/j.devries"}))

    assert {answer.status_code for answer in shown} == {404}
    assert len({re.sub(rb'value="[^"]*"', b"", answer.content) for answer in shown}) == 1


def test_invented_data_is_there_as_a_whole_or_not_at_all(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*given: object) -> None:
        raise OSError

    monkeypatch.setattr(invented, "load", breaks)
    with pytest.raises(OSError, match=r"^$"):
        invented.load_into(empty, lambda done, total: None)

    assert list(empty.iterdir()) == []


@pytest.mark.sqlite_only("the loaded files are put beside the others")
def test_looking_around(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data is loaded in the background; three sign-ins are shown; each opens a desk with its grounds stated."""
    whole = cocaine_route()
    short = dataclasses.replace(whole, contributions=whole.contributions[:8])  # the rest takes only longer
    monkeypatch.setattr(invented, "cocaine_route", lambda: short)
    monkeypatch.setattr(invented, "rehearse_threads", lambda *given: None)  # they need the whole scenario
    client = Client()
    client.post("/begin/", {"code": setup_code.make(empty), "choice": "invented"})
    for thread in [each for each in threading.enumerate() if each.name == "invented-data"]:
        thread.join(120)
    assert client.get("/begin/invented/").headers["Location"] == "/begin/ready/"
    page = client.get("/begin/ready/").content.decode()
    officers = ("nl-police/analyst", "cv-judicial/harbour", "ec-police/investigator")
    assert all(officer in page for officer in officers)
    titles = []
    for officer in officers:
        assert client.post("/begin/go-on/", {"officer": officer}).status_code == 302
        titles.append(client.get("/check/").content.decode())
    assert all(officer in title for officer, title in zip(officers, titles, strict=True))
    assert Client().get("/begin/ready/").status_code == 404, "only whoever began is shown the passwords"
    serving.serve(None)
