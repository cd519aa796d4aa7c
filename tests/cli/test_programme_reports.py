"""Reports and calendar at the command line: frozen, written once, listed, shown, compared; two authorities."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ANALYST, OTHER_POLICY, PAPERS, POLICY, Desk
from icalendar import Calendar


@pytest.fixture
def paper(register: Desk) -> str:
    """A paper of the register."""
    return str(register.ask("programme", "accept", str(PAPERS / "report_en.txt"), officer=POLICY)["reference"])


@pytest.mark.parametrize(("form", "start"), [("html", b"<!doctype"), ("docx", b"PK"), ("pdf", b"%PDF")])
def test_a_draft_is_written_in_every_form_and_never_over_a_file(
    register: Desk, paper: str, tmp_path: Path, form: str, start: bytes
) -> None:
    path = tmp_path / f"report.{form}"
    words = ("programme", "report", "make", paper, "--draft", "--form", form, "--out", str(path))
    made = register.ask(*words, officer=POLICY)
    assert (made["frozen"], path.read_bytes().startswith(start)) == ("", True)
    before = path.read_bytes()
    assert register.run(*words, "--as", POLICY).code == 5
    assert path.read_bytes() == before
    assert register.ask("programme", "report", "list", officer=POLICY)["reports"] == []


def test_a_report_is_frozen_listed_shown_and_compared(register: Desk, paper: str, tmp_path: Path) -> None:
    make = ("programme", "report", "make", paper, "--language", "en")
    first = register.ask(*make, officer=POLICY)["frozen"]
    second = register.ask(*make, "--out", str(tmp_path / "second.html"), "--form", "html", officer=POLICY)["frozen"]
    listed = register.ask("programme", "report", "list", officer=POLICY)["reports"]
    assert {each["reference"] for each in listed} == {first, second}
    assert second in register.run("programme", "report", "list", "--as", POLICY).out.replace("\n", "")

    shown = register.ask("programme", "report", "show", second, officer=POLICY)["content"]
    assert shown["blocks"][0]["type"]
    assert shown["title"] in register.run("programme", "report", "show", second, "--as", POLICY).out
    written = tmp_path / "again.html"
    show = ("programme", "report", "show", second, "--output", str(written), "--format", "html")
    assert register.ask(*show, officer=POLICY)["file"] == str(written)
    assert written.read_bytes() == (tmp_path / "second.html").read_bytes()
    alike = register.ask("programme", "report", "show", second, "--against", first, officer=POLICY)
    assert alike["differences"] == []

    for words in (("show", second), ("show", second, "--against", first)):  # frozen for its own authority
        hidden = register.run("programme", "report", *words, "--as", OTHER_POLICY)
        absent = register.run("programme", "report", words[0], "0" * 32, *words[2:], "--as", OTHER_POLICY)
        assert (hidden.code, hidden.err) == (absent.code, absent.err)
        assert hidden.code == 4
    assert register.ask("programme", "report", "list", officer=OTHER_POLICY)["reports"] == []


def test_what_may_not_or_cannot_be_made(register: Desk, paper: str, tmp_path: Path) -> None:
    make = ("programme", "report", "make")
    refused = register.run(*make, paper, "--out", str(tmp_path / "no.pdf"), "--as", ANALYST)
    assert (refused.code, (tmp_path / "no.pdf").exists()) == (3, False)
    assert register.run(*make, "0" * 32, "--as", POLICY).code == 4
    assert register.run(*make, paper, "--draft", "--as", POLICY).code == 2
    french = register.run(*make, paper, "--in", "fr", "--as", POLICY)
    assert (french.code, "language of the report" in french.err) == (2, True)
    assert register.ask(*make, paper, "--in", "fr", "--untranslated", officer=POLICY)["frozen"]


def test_the_calendar_is_one_that_can_be_read(register: Desk, paper: str, tmp_path: Path) -> None:
    path = tmp_path / "calendar.ics"
    register.ask("programme", "calendar", "--output", str(path), officer=POLICY)
    assert Calendar.from_ical(path.read_bytes()).get("version") == "2.0"
    assert register.run("programme", "calendar", "--out", str(path), "--as", POLICY).code == 5
