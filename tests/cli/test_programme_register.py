"""The register at the command line: a paper is kept, read, reported on; rounds and the calendar are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ADMIN, ANALYST, FRONT, Desk
from icalendar import Calendar

PAPERS = Path(__file__).resolve().parents[1] / "programme" / "papers"
POLICY = "nl-politie/policy"
OTHER = "pt-pj/policy"


@pytest.fixture
def register(desk: Desk) -> Desk:
    """A desk with a policy officer in each of two authorities."""
    for officer, admin in ((POLICY, ADMIN), (OTHER, "pt-pj/admin")):
        assert desk.run("authority", "officer", officer, "--role", "policy_officer", "--as", admin).code == 0
    return desk


def test_a_paper_is_accepted_listed_and_shown(register: Desk) -> None:
    kept = register.ask("programme", "accept", str(PAPERS / "report_en.txt"), officer=POLICY)
    assert kept["measures"] > 2

    (line,) = register.ask("programme", "list", officer=OTHER)["papers"]
    assert (line["reference"], line["measures"]) == (kept["reference"], kept["measures"])
    assert line["not_known"] + sum(line["statuses"].values()) == kept["measures"]

    shown = register.ask("programme", "show", kept["reference"], officer=OTHER)
    assert (len(shown["measures"]), shown["own"]) == (kept["measures"], False)
    for command in (("list",), ("show", kept["reference"])):
        assert line["number"] in register.run("programme", *command, "--as", POLICY).out.replace("\n", "")

    again = register.run("programme", "accept", str(PAPERS / "report_en.txt"), "--as", POLICY)
    assert (again.code, "already" in again.err) == (5, True)
    one = ("accept", str(PAPERS / "report_en.txt"), "--number", "1/99", "--only", shown["measures"][0]["key"])
    assert register.ask("programme", *one, officer=POLICY)["measures"] == 1


def test_a_measure_that_was_not_read_is_not_kept(register: Desk) -> None:
    said = register.run("programme", "accept", str(PAPERS / "report_en.txt"), "--only", "999z", "--as", POLICY)
    assert said.code == 2
    assert register.ask("programme", "list", officer=POLICY)["papers"] == []


def test_a_report_is_written_once_and_frozen_where_that_is_said(register: Desk, tmp_path: Path) -> None:
    reference = register.ask("programme", "accept", str(PAPERS / "report_en.txt"), officer=POLICY)["reference"]
    for form, start in (("html", b"<!doctype"), ("docx", b"PK"), ("pdf", b"%PDF")):
        path = tmp_path / f"report.{form}"
        made = register.ask(
            "programme", "report", reference, "--form", form, "--out", str(path), officer=POLICY
        )  # fmt: skip
        assert (made["frozen"], path.read_bytes().startswith(start)) == ("", True)
    before = path.read_bytes()
    again = register.run("programme", "report", reference, "--out", str(path), "--as", POLICY)
    assert (again.code, path.read_bytes()) == (5, before)
    kept = tmp_path / "frozen.html"
    words = ("report", reference, "--form", "html", "--freeze", "--out", str(kept))
    assert len(register.ask("programme", *words, officer=POLICY)["frozen"]) == 32
    refused = register.run("programme", "report", reference, "--out", str(tmp_path / "no.pdf"), "--as", ANALYST)
    assert (refused.code, (tmp_path / "no.pdf").exists()) == (3, False)


def test_answers_of_states_become_a_round_that_is_shown(register: Desk) -> None:
    register.ask("programme", "accept", str(PAPERS / "note_es.md"), officer=POLICY)
    (line,) = register.ask("round", "list", officer=OTHER)["rounds"]
    shown = register.ask("round", "show", line["reference"], officer=OTHER)
    assert any(cell["kind"] == "reported" for cell in shown["cells"])
    for count in shown["counts"].values():
        assert count["answered"] + count["silent"] == count["asked"]
    assert line["reference"] in register.run("round", "list", "--as", POLICY).out.replace("\n", "")
    assert "Silent:" in register.run("round", "show", line["reference"], "--as", POLICY).out


def test_the_calendar_is_one_that_can_be_read(register: Desk, tmp_path: Path) -> None:
    register.ask("programme", "accept", str(PAPERS / "report_en.txt"), officer=POLICY)
    path = tmp_path / "calendar.ics"
    register.ask("programme", "calendar", "--out", str(path), officer=POLICY)
    assert Calendar.from_ical(path.read_bytes()).get("version") == "2.0"
    assert register.run("programme", "calendar", "--out", str(path), "--as", POLICY).code == 5


def test_absent_and_forbidden(register: Desk) -> None:
    for command in (("programme", "show"), ("round", "show")):
        assert register.run(*command, "0" * 32, "--as", POLICY).code == 4
        assert register.run(*command, "0" * 32, "--as", FRONT).code == 3
