"""About a person: search, choice, file and letter as pages; nothing personal in an address or a session."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from django.test import Client
from personas import DE, NL, Office, draft

Visit = Callable[..., Client]
DPO = "data_protection_officer"
ASKED = {"names": "Jan Vermeulen", "identifiers": "", "birth_date": "1964-07-31", "country": ""}


def _jan(office: Office) -> str:
    given = office.give(
        draft("jan", name="Jan Vermeulen", birthDate="1964-07-31", notes="seen with Piet Hein"),
        draft("piet", name="Piet Hein"),
    )
    office.give(draft("x", name="Jan Vermeulen", notes="BKA-SECRET"), by=DE, handling=office.handling(DE))
    return given.records["jan"]


def test_from_a_search_to_the_file(office: Office, visit: Visit) -> None:
    record = _jan(office)
    office.ask(NL, "Jan Vermeulen")
    client = visit(NL, DPO)
    assert client.post("/person-export/", {"names": " "}).status_code == 422
    found = client.post("/person-export/", ASKED)
    assert found.content.count(b'name="record"') == 1
    assert record.encode() in found.content
    assert "Vermeulen" not in json.dumps(dict(client.session))
    page = client.post("/person-export/made/", ASKED | {"record": record})
    assert page.status_code == 200
    assert b"BKA-SECRET" not in page.content
    assert f"Authority {DE}".encode() in page.content
    printed = page.content.split(b"For us alone")[0]
    assert b"Piet Hein" not in printed
    assert f"Authority {DE}".encode() not in printed
    saved = client.post("/person-export/made/", ASKED | {"record": record, "file": "1"})
    assert saved["Content-Disposition"] == 'attachment; filename="person-export.json"'
    assert b"Piet Hein" not in saved.content
    assert json.loads(saved.content)["format"] == "alidade-person-export/1"
    assert office.newest_entry() == ("person_export", "allowed")


def test_what_is_typed_is_kept_and_strangers_records_are_absent(office: Office, visit: Visit) -> None:
    record = _jan(office)
    client = visit(NL, DPO)
    none = client.post("/person-export/made/", ASKED)
    assert none.status_code == 422
    assert b"Jan Vermeulen" in none.content
    other = visit(DE, DPO)
    absent = [other.post("/person-export/made/", ASKED | {"record": one}) for one in (record, "f" * 32)]
    assert [one.status_code for one in absent] == [404, 404]
    shown = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one.content.decode()) for one in absent]
    assert shown[0] == shown[1]
    assert client.get("/person-export/made/").status_code == 302


def test_both_letters_are_the_same_bytes(office: Office, visit: Visit) -> None:
    client = visit(NL, DPO)
    stated = {"request": "2026/17", "language": "en", "file": "1"}
    absent = client.post("/person-export/letter/", stated | {"outcome": "absent"})
    refused = client.post("/person-export/letter/", stated | {"outcome": "refused", "reason": "live investigation"})
    assert absent.status_code == 200
    assert absent.content == refused.content
    headers = [{k: v for k, v in one.headers.items() if k != "X-Request-Id"} for one in (absent, refused)]
    assert headers[0] == headers[1]
    assert client.post("/person-export/letter/", stated | {"outcome": "refused"}).status_code == 422
    shown = client.post(
        "/person-export/letter/", {k: v for k, v in stated.items() if k != "file"} | {"outcome": "absent"}
    )
    assert b"not verified" in shown.content
