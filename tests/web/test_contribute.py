"""Contribute: from an empty form to what was given, by form and from a text, with the preview and the way back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from personas import DE, FR, NL, Office

from alidade.services.drafts import drafts
from alidade.services.tidying import tidy

NONE = "0" * 32
TEXT = "Jan drove plate no. AB-123-CD to the Aurora Pearl (IMO 9074729) and phoned +31 6 12345678."


def _begin(client: Client, **fields: str) -> str:
    return str(client.post("/contribute/", fields)["Location"])


def _fields(name: str = "Jan Vermeulen", **more: Any) -> dict[str, Any]:
    return {
        "title": "Control on the A16",
        "evaluation": "B2",
        "country": "NL",
        "things": "1",
        "t-0-key": "person-1",
        "t-0-thing": "Person",
        "t-0-lines": "2",
        "v-0-0-property": "name",
        "v-0-0-value": name,
        "v-0-1-property": "birthDate",
        "v-0-1-value": "31 Jul 1964",
        "v-0-1-evaluation": "A1",
        "default-communities": ["all"],
        "default-hit": "visible",
        "default-classification": "BPL",
        "default-purposes": ["18.2.a"],
        "default-content": "personal",
        "default-subject_category": "suspect_or_convicted",
        **more,
    }


def test_from_the_empty_form_to_what_others_see(office: Office, visit: Any) -> None:
    client = visit(NL)
    address = _begin(client, thing="Person")
    empty = client.get(address).content.decode()
    assert 'name="v-0-0-value"' in empty
    assert "birthDate" in empty
    looked = client.post(address, _fields(do="look"))
    assert looked["Location"] == f"{address}look/"
    page = client.get(looked["Location"]).content.decode()
    assert "reads all" in page
    assert "Jan Vermeulen" in page
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"
    given = client.post(looked["Location"])
    assert given.status_code == 302
    after = client.get(given["Location"]).content.decode()
    assert "Given: 2 statements" in after
    assert "Withdraw this contribution" in after
    hit = office.ask(DE, "Jan Vermeulen").hits[0]
    assert {s.property: s.evaluation.code for s in hit.statements} == {"name": "B2", "birthDate": "A1"}
    assert drafts(office.node, office.officer(NL)) == []
    assert office.entries(NL)[0].act in ("feedback_read", "contribute")
    undone = client.post(given["Location"], {"reason": "wrong"}, follow=True).content.decode()
    assert "Withdrawn: 2 statements." in undone
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"


def test_buttons_add_and_take_out_and_lose_nothing(office: Office, visit: Any) -> None:
    client = visit(NL)
    address = _begin(client, thing="Person")
    more = client.post(address, _fields(do="add-line:0", **{"t-0-new": "nationality"})).content.decode()
    assert 'name="v-0-2-property" value="nationality"' in more
    assert 'value="Jan Vermeulen"' in more
    two = client.post(address, _fields(do="add-thing", **{"new-thing": "Directorship"})).content.decode()
    assert 'name="t-1-thing" value="Directorship"' in two
    assert "Person: Jan Vermeulen" in two  # an end may be chosen among the things of the form
    less = client.post(address, _fields(do="drop-line:0:1")).content.decode()
    assert 'name="v-0-1-value"' not in less
    none = client.post(address, _fields(do="drop-thing:0")).content.decode()
    assert 'name="t-0-key"' not in none
    second = client.post(address, _fields(do="add-handling")).content.decode()
    assert "Handling B" in second
    for nonsense in ("drop-line:0:99", "drop-thing:x", "add-line:7", "add-thing", "??"):
        assert client.post(address, _fields(do=nonsense)).status_code == 200


def test_what_is_wrong_stands_at_its_line(office: Office, visit: Any) -> None:
    client = visit(NL)
    address = _begin(client, thing="Person")
    wrong = client.post(f"{address}", _fields(do="save", **{"v-0-1-value": "never", "title": ""}))
    assert wrong.status_code == 200
    looked = client.get(f"{address}look/")
    assert looked.status_code == 422
    page = looked.content.decode()
    assert "This is no date that can be read." in page
    assert "Give the contribution a title" in page
    assert 'value="never"' in page
    assert client.post(f"{address}look/").status_code == 422
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"


def test_a_form_saves_itself_for_its_officer_alone(office: Office, visit: Any) -> None:
    client = visit(NL)
    address = _begin(client)
    size = office.ledger_size()
    assert client.post(f"{address}keep/", _fields()).status_code == 204
    assert office.ledger_size() == size + 1  # the look at the draft; the saving itself leaves none
    assert 'value="Jan Vermeulen"' in client.get(address).content.decode()
    assert "Control on the A16" in client.get("/contribute/").content.decode()
    for other in (visit(NL, "analyst"), visit(DE)):
        foreign, absent = other.get(address), other.get(f"/contribute/{NONE}/")
        assert (foreign.status_code, absent.status_code) == (404, 404)
        assert _bare(foreign.content, address) == _bare(absent.content, f"/contribute/{NONE}/")
        assert other.post(f"{address}keep/", _fields()).status_code == 404
        assert "Control on the A16" not in other.get("/contribute/").content.decode()
    assert visit(NL, "administrator", grounds=False).get("/contribute/").status_code == 404
    client.post(address, _fields(do="discard"))
    assert client.get(address).status_code == 404


def _bare(content: bytes, address: str) -> bytes:
    return re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", content.replace(address.encode(), b""))


def test_handling_is_kept_as_it_is_stated(office: Office, visit: Any) -> None:
    client = visit(NL)
    address = _begin(client, thing="Person")
    narrow = {"default-communities": [], "default-released_to": [DE], "default-hit": "silent", "default-codes": ["H2"]}
    client.post(address, _fields(do="look", **narrow))
    page = client.get(f"{address}look/").content.decode()
    assert "Authority fr-douane" in page
    client.post(f"{address}look/")
    assert office.ask(DE, "Jan Vermeulen").hits[0].statements[0].handling.codes == ("H0", "H2")
    assert office.ask(FR, "Jan Vermeulen").kind == "no_hit"


@pytest.mark.parametrize("change", [{"default-codes": ["H3"]}, {"default-expires_on": "soon"}, {"default-hit": "loud"}])
def test_a_handling_that_cannot_be_computed_is_said(office: Office, visit: Any, change: dict[str, Any]) -> None:
    client = visit(NL)
    address = _begin(client, thing="Person")
    answer = client.post(address, _fields(do="look", **change))
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert answer.status_code == 422
    assert 'value="Jan Vermeulen"' in answer.content.decode()


def test_numbers_from_a_text_wait_for_a_tick(office: Office, visit: Any) -> None:
    client = visit(NL)
    address = _begin(client, by="text")
    assert address.endswith("/text/")
    found = client.post(address, {"text": TEXT, "country": "NL", "do": "find"}).content.decode()
    assert "AB123CD" in found
    assert "check digit fits" in found
    taken = client.post(address, {"text": TEXT, "country": "NL", "do": "take", "tick-0": "1"})
    page = client.get(taken["Location"]).content.decode()
    assert "found by a machine" in page
    assert "AB123CD" in page
    assert "9074729" not in page.replace("AB-123-CD to the Aurora Pearl (IMO 9074729)", "")
    long = client.post(address, {"text": "x" * 100_001, "do": "find"})
    assert long.status_code == 422


def test_a_draft_is_gone_after_thirty_days(office: Office, visit: Any) -> None:
    client = visit(NL)
    address = _begin(client)
    office.clock.move(days=31)
    tidy(office.node)
    assert client.get(address).status_code == 404
