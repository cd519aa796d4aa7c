"""Rounds at the command line: held on a paper, answered on forms and from a file, compared, closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from desk import ANALYST, FRONT, OTHER_POLICY, PAPERS, POLICY, Desk
from openpyxl import load_workbook

KINDS = {"1": "done", "2": "partly"}


@pytest.fixture
def held(register: Desk) -> dict[str, str]:
    """A round on a paper, asked of two authorities."""
    paper = register.ask("programme", "accept", str(PAPERS / "report_en.txt"), officer=POLICY)["reference"]
    return {"paper": paper, "round": _hold(register, paper)["reference"]}


def _hold(desk: Desk, paper: str, *more: str) -> Any:
    words = ("hold", paper, "--title", "Follow-up", "--ask", "nl-politie", "--ask", "pt-pj", "--until", "2099-01-01")
    return desk.ask("programme", "round", *words, *more, officer=POLICY)


def _parts(desk: Desk, **kinds: str) -> str:
    parts = [{"question": key.removeprefix("q"), "kind": kind} for key, kind in kinds.items()]
    return str(desk.table("parts.json", json.dumps(parts)))


def _keys(desk: Desk, reference: str) -> list[str]:
    return list(desk.ask("programme", "round", "show", reference, officer=POLICY)["counts"])


def test_a_draft_is_ones_own_and_what_is_submitted_is_counted(register: Desk, held: dict[str, str]) -> None:
    reference = held["round"]
    first, *others = _keys(register, reference)
    parts = _parts(register, **{f"q{first}": "done"})
    answer = ("programme", "round", "answer", reference)
    kept = register.ask(*answer, parts, officer=OTHER_POLICY)
    assert (kept["version"], kept["submitted"]) == (1, False)
    count = register.ask("programme", "round", "show", reference, officer=POLICY)["counts"][first]
    assert (count["answered"], count["silent"]) == (0, 2)

    sent = register.ask(*answer, "--submit", "--publish", officer=OTHER_POLICY)
    assert (sent["version"], sent["submitted"], sent["publish"]) == (2, True, True)
    shown = register.ask("programme", "round", "show", reference, officer=POLICY)
    assert (shown["counts"][first]["done"], shown["silent"]) == (1, ["NLD"])
    assert all(shown["counts"][key]["answered"] == 0 for key in others)
    own = register.ask(*answer, officer=OTHER_POLICY)
    assert (own["state"], own["submitted"], own["parts"][0]["kind"]) == ("PRT", True, "done")
    assert "Submitted." in register.run(*answer, "--as", OTHER_POLICY).out
    assert "Silent: NLD." in register.run("programme", "round", "show", reference, "--as", POLICY).out


def test_what_changed_meanwhile_is_not_written_over(register: Desk, held: dict[str, str]) -> None:
    (first, *_) = _keys(register, held["round"])
    parts = _parts(register, **{f"q{first}": "planned"})
    answer = ("programme", "round", "answer", held["round"], parts, "--as", OTHER_POLICY)
    assert register.run(*answer).code == 0
    assert register.run(*answer, "--version", "1").code == 0
    late = register.run(*answer, "--version", "1")
    assert (late.code, "changed" in late.err) == (5, True)
    wrong = register.run("programme", "round", "answer", held["round"], _parts(register, q999="done"), "--as", POLICY)
    assert (wrong.code, "999" in wrong.err) == (2, True)
    register.table("parts.json", "[{]")
    assert register.run(*answer).code == 2


def test_a_form_is_taken_along_filled_in_and_brought_back(register: Desk, held: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "questions.xlsx"
    form = ("programme", "round", "form", held["round"], "--out", str(path))
    assert register.ask(*form, officer=OTHER_POLICY)["file"] == str(path)
    assert register.run(*form, "--as", OTHER_POLICY).code == 5
    book = load_workbook(path)
    sheet = book["answers"]
    first = str(sheet.cell(4, 1).value)
    sheet.cell(4, 3).value = "done"
    book.save(path)
    taken = register.ask("programme", "round", "take-form", held["round"], str(path), "--submit", officer=OTHER_POLICY)
    assert (taken["submitted"], taken["problems"]) == (True, [])
    counts = register.ask("programme", "round", "show", held["round"], officer=POLICY)["counts"]
    assert counts[first]["done"] == 1  # the holder sees what is not published as well

    other = _hold(register, held["paper"])["reference"]
    strange = register.run("programme", "round", "take-form", other, str(path), "--as", OTHER_POLICY)
    assert (strange.code, "another round" in strange.err) == (2, True)
    document = tmp_path / "questions.docx"
    words = ("programme", "round", "form", other, "--form", "docx", "--out", str(document))
    register.ask(*words, officer=OTHER_POLICY)
    assert document.read_bytes()[:2] == b"PK"


def test_a_round_is_compared_with_the_one_before_and_closed_by_its_holder(register: Desk, held: dict[str, str]) -> None:
    (first, *_) = _keys(register, held["round"])
    later = _hold(register, held["paper"], "--previous", held["round"], "--only", first)
    assert later["questions"] == 1
    for reference, kind in ((held["round"], "planned"), (later["reference"], "done")):
        parts = _parts(register, **{f"q{first}": kind})
        register.ask("programme", "round", "answer", reference, parts, "--submit", "--publish", officer=OTHER_POLICY)
    shown = register.ask("programme", "round", "show", later["reference"], officer=POLICY)
    (change,) = [each for each in shown["changes"] if each["state"] == "PRT"]
    assert (change["before"], change["now"]) == ("planned", "done")
    assert "planned" in register.run("programme", "round", "show", later["reference"], "--as", POLICY).out

    close = ("programme", "round", "close", later["reference"])
    assert register.run(*close, "--as", OTHER_POLICY).code == 4
    assert register.ask(*close, officer=POLICY)["version"] == 2
    assert register.run(*close, "--as", POLICY).code == 5
    parts = _parts(register, **{f"q{first}": "none"})
    late = register.run("programme", "round", "answer", later["reference"], parts, "--submit", "--as", OTHER_POLICY)
    assert (late.code, "closed" in late.err) == (2, True)


def test_questions_of_ones_own_and_what_cannot_be(register: Desk, held: dict[str, str]) -> None:
    asked = json.dumps([{"key": "x", "text": {"en": "Who leads?"}}])
    own = _hold(register, held["paper"], "--questions", str(register.table("asked.json", asked)))
    assert _keys(register, own["reference"]) == ["x"]
    hold = ("programme", "round", "hold", held["paper"], "--title", "t", "--as", POLICY)
    assert register.run(*hold, "--until", "soon").code == 2
    assert register.run(*hold, "--until", "2099-01-01", "--only", "999").code == 2
    assert register.run(*hold, "--until", "2099-01-01", "--ask", "nobody").code == 4


@pytest.mark.parametrize("words", [("form", "--out", "x.xlsx"), ("answer",), ("close",), ("show",)])
def test_an_absent_round_and_a_forbidden_one(register: Desk, words: tuple[str, ...], tmp_path: Path) -> None:
    more = ("--out", str(tmp_path / "x.xlsx")) if "--out" in words else ()
    call = ("programme", "round", words[0], "0" * 32, *more)
    absent = register.run(*call, "--as", POLICY)
    assert absent.code == 4
    refused = register.run(*call, "--as", FRONT)
    assert (refused.code, (tmp_path / "x.xlsx").exists()) == (3, False)
    if words[0] == "close":
        assert register.run(*call, "--version", "1", "--as", ANALYST).code == 3
