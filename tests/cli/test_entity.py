"""The commands about a thing: shown with who says what, on a past day, taken out whole or refused."""

from __future__ import annotations

import csv
import io
import json

from desk import ANALYST, CASE, PORTUGUESE, Desk


def test_a_thing_is_shown_with_who_says_what(desk: Desk) -> None:
    record = desk.names["Vermeer"]
    told = desk.ask("entity", "show", record, officer=ANALYST)
    assert told["records"] == [record]
    assert told["entity"] == record
    assert "Vermeer" in told["caption"]
    assert {each["owner"] for fact in told["facts"] for each in fact["statements"]} == {"nl-politie"}
    assert told["out"]["allowed"]
    shown = desk.run("entity", "show", record, "--exchanges", "--as", ANALYST)
    assert (shown.code, "Vermeer" in shown.out) == (0, True)


def test_a_past_day_shows_nothing_that_was_given_later(desk: Desk) -> None:
    record = desk.names["Vermeer"]
    before = desk.ask("entity", "show", record, "--at", "2001-01-01", officer=ANALYST)
    assert (before["at"], before["facts"], before["ties"]) == ("2001-01-01", [], [])
    wrong = desk.run("entity", "show", record, "--at", "soon", "--as", ANALYST)
    assert (wrong.code, "This is no day." in wrong.err) == (2, True)


def test_absent_and_forbidden_are_one_sentence(desk: Desk) -> None:
    closed = desk.names["Geslotenius"]
    hidden, absent = (desk.run("entity", "show", one, "--as", PORTUGUESE) for one in (closed, "0" * 32))
    assert (hidden.code, hidden.out, hidden.err) == (absent.code, absent.out, absent.err)
    assert hidden.code == 4


def test_everything_about_it_is_taken_out_with_its_handling(desk: Desk) -> None:
    record = desk.names["Vermeer"]
    for form in ("csv", "ftm"):
        done = desk.run("entity", "export", record, "--form", form, "--out", str(desk.folder / form), "--as", CASE)
        assert (done.code, done.err) == (0, "")
        again = desk.run("entity", "export", record, "--form", form, "--out", str(desk.folder / form), "--as", CASE)
        assert again.code == 5
    rows = list(csv.DictReader(io.StringIO((desk.folder / "csv").read_text())))
    assert {row["record"] for row in rows} == {record}
    assert all(json.loads(row["handling"])["owner"] == "nl-politie" for row in rows)
    assert json.loads((desk.folder / "ftm").read_text().splitlines()[1])["schema"] == "Person"
    assert (desk.folder / "csv").stat().st_mode & 0o777 == 0o600
