"""Bring a list: dropped, recognised, mended, taken in, reported; and a hostile file costs nothing."""

from __future__ import annotations

import os
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from personas import DE, NL, Office

from alidade.services import uploads
from alidade.services.jobs import run_next

PEOPLE = b"reference,name,born\n1,Jan Vermeulen,1964-07-31\n2,Piet Hein,1577\n3,,\n"
NONE = "0" * 32


def _bare(content: bytes, address: str) -> bytes:
    """A page without its own address and the mark of the form, which is new each time."""
    return re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", content.replace(address.encode(), b""))


def _drop(client: Client, content: bytes = PEOPLE, name: str = "people.csv") -> str:
    answer = client.post("/import/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer["Location"])


def _settings(**more: str) -> dict[str, str | list[str]]:
    return {
        "thing": "Person",
        "c-0": "@key",
        "c-1": "name",
        "c-2": "birthDate",
        "o-2": "day_first",
        "source_list": "watch",
        "whole": "1",
        "handling-communities": ["all"],
        "handling-hit": "visible",
        "handling-classification": "BPL",
        "handling-purposes": ["18.2.a"],
        "handling-content": "personal",
        "handling-subject_category": "suspect_or_convicted",
        **more,
    }


def test_a_list_from_the_drop_to_the_hit(office: Office, visit) -> None:  # type: ignore[no-untyped-def]
    client = visit(NL)
    address = _drop(client)
    shown = client.get(address).content.decode()
    assert "A table of 3 columns" in shown
    assert "Jan Vermeulen" in shown
    assert 'value="birthDate" selected' in shown
    tried = client.post(address, _settings(do="look")).content.decode()
    assert "2 kept, 0 waiting for a category, 1 rejected." in tried
    started = client.post(address, _settings(do="start"))
    assert started.status_code == 302
    job = started["Location"]
    waiting = client.get(job).content.decode()
    assert 'data-poll="' in waiting
    assert run_next(office.node)
    report = client.get(job).content.decode()
    assert "data-done" in report
    assert "data-poll" not in report
    assert "rejected" in report
    assert "not a day" not in report
    rejects = client.post(f"{job}rejects/")
    assert rejects["Content-Disposition"].startswith('attachment; filename="rejects-')
    assert b'"3"' in rejects.content
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"
    # The next file with these columns is read as this one was, and the officer is warned of what would be delisted.
    again = client.get(_drop(client)).content.decode()
    assert "brought a file with these columns before" in again
    warned = client.post(_drop(client), _settings(do="look")).content.decode()
    assert "2 records of this list are in force" in warned


def test_a_mapping_with_a_fault_keeps_everything_typed(office: Office, visit) -> None:  # type: ignore[no-untyped-def]
    client = visit(NL)
    address = _drop(client)
    answer = client.post(address, _settings(do="start", **{"c-1": "imoNumber", "source_list": "my list"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This type of thing has no such property." in text
    assert "my list" in text
    unnamed = client.post(address, _settings(do="start", source_list=""))
    assert unnamed.status_code == 422
    assert "Name the list" in unnamed.content.decode()


def test_a_stop_and_a_forgotten_report(office: Office, visit) -> None:  # type: ignore[no-untyped-def]
    client = visit(NL)
    job = client.post(_drop(client), _settings(do="start"))["Location"]
    assert client.post(job, {"do": "cancel"}).status_code == 302
    assert "stopped" in client.get(job).content.decode()
    assert client.post(job, {"do": "forget"})["Location"] == "/import/"
    assert client.get(job).status_code == 404


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 x", b"MZ" + bytes(500), b"<html><script>alert(1)</script></html>", b"", b"PK\x03\x04junk"]
)
def test_a_hostile_file_is_refused_in_plain_words(office: Office, visit, content: bytes) -> None:  # type: ignore[no-untyped-def]
    client = visit(NL)
    answer = client.post("/import/", {"file": SimpleUploadedFile("../../etc/passwd.csv", content)})
    assert answer.status_code == 422
    assert "passwd" not in answer.content.decode()
    folder = office.store.folder / uploads.FOLDER
    assert not folder.exists() or os.listdir(folder) == []


def test_too_large_is_stopped_on_the_way(office: Office, visit, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(uploads, "LARGEST", 100_000)
    client = visit(NL)
    answer = client.post("/import/", {"file": SimpleUploadedFile("x.csv", b"a,b\n" * 100_000)})
    assert answer.status_code in (413, 422)
    assert "is larger than" in answer.content.decode()
    assert os.listdir(office.store.folder / uploads.FOLDER) == []


def test_a_file_without_the_mark_of_our_form_is_refused(office: Office, visit) -> None:  # type: ignore[no-untyped-def]
    visit(NL)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visit(NL).cookies
    answer = strict.post("/import/", {"file": SimpleUploadedFile("x.csv", PEOPLE)})
    assert answer.status_code == 403
    folder = office.store.folder / uploads.FOLDER
    assert not folder.exists() or os.listdir(folder) == []


def test_others_find_nothing_there(office: Office, visit) -> None:  # type: ignore[no-untyped-def]
    mine = _drop(visit(NL))
    for other in (visit(NL, "analyst"), visit(DE)):
        foreign = other.get(mine)
        absent = other.get(f"/import/file/{NONE}/")
        assert (foreign.status_code, absent.status_code) == (404, 404)
        assert _bare(foreign.content, mine) == _bare(absent.content, f"/import/file/{NONE}/")
    assert visit(NL, "front_line_officer").get("/import/").status_code == 404
