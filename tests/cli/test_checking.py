"""Checks one by one and by the file, rulings on hits, notices to owners."""

from __future__ import annotations

import csv

import pytest
from desk import ANALYST, CASE, FRONT, GROUNDS, PORTUGUESE, Desk

QUESTIONS = (
    "name,birth_date\r\nJohannes Vermeer,1970-02-01\r\nQuirijn Geslotenius,\r\nXanthippe Zwijgertjes,\r\n"
    "Nobody Atall,\r\n=1+1,not a date\r\n"
)


def test_the_three_answers(desk: Desk) -> None:
    hit = desk.run("check", "Johannes Vermeer", *GROUNDS, "--as", PORTUGUESE)
    closed = desk.run("check", "Quirijn Geslotenius", *GROUNDS, "--as", PORTUGUESE)
    silent = desk.run("check", "Xanthippe Zwijgertjes", *GROUNDS, "--as", PORTUGUESE)

    assert [said.out.split("   ")[0] for said in (hit, closed, silent)] == ["HIT", "HIT WITHOUT CONTENT", "NO HIT"]
    assert "+31612345678" in hit.out.replace(" ", "")
    assert "desk@politie.example" in closed.out
    assert "Quirijn Geslotenius" not in closed.out.replace("name Quirijn Geslotenius", "", 1)
    assert "Nothing that you may learn of." in silent.out


def test_a_hit_without_content_has_no_value(desk: Desk) -> None:
    answer = desk.ask("check", "Quirijn Geslotenius", *GROUNDS, officer=PORTUGUESE)

    assert set(answer["without_content"][0]) == {"reference", "owner", "owner_name", "contact"}
    assert answer["hits"] == []


def test_a_list_is_answered_in_a_file(desk: Desk) -> None:
    out = desk.folder / "answers.csv"
    call = ("check", "--file", str(desk.table("q.csv", QUESTIONS)), "--out", str(out), *GROUNDS, "--as", PORTUGUESE)
    done = desk.ask(*call)
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    twice = desk.run(*call)

    assert done == {"questions": 5, "hits": 1, "hits_without_content": 1, "no_hits": 2, "wrong": 1}
    assert [row["answer"] for row in rows] == ["hit", "hit without content", "no hit", "no hit", "not asked"]
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6"]
    assert rows[4]["question"] == "'=1+1", "no cell is a formula"
    assert all(row["record"] == "" for row in rows[1:])
    assert out.stat().st_mode & 0o777 == 0o600
    assert twice.code == 5


@pytest.mark.parametrize(
    ("officer", "code"), [(PORTUGUESE, 0), (ANALYST, 0), (FRONT, 3)], ids=["case officer", "analyst", "front line"]
)
def test_who_may_check_a_list(desk: Desk, officer: str, code: int) -> None:
    out = desk.folder / "answers.csv"
    said = desk.run(
        "check", "--file", str(desk.table("q.csv", QUESTIONS)), "--out", str(out), *GROUNDS, "--as", officer
    )

    assert said.code == code
    assert out.exists() == (code == 0)
    assert list(desk.folder.glob(".*.part")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ("", *GROUNDS),
        ("x" * 513, *GROUNDS),
        ("!!!", *GROUNDS),
        ("Vermeer", "--kind", "nonsense", *GROUNDS),
        ("Vermeer", "--kind", "iban", *GROUNDS),
        ("Vermeer", "--born", "31.31.1970", *GROUNDS),
        ("Vermeer", "--ground", "nonsense", *GROUNDS[2:]),
        ("Vermeer", "--purpose", "nonsense", *GROUNDS),
        ("Vermeer", *GROUNDS[:4], "--why", "  "),
        ("--file", "{here}", *GROUNDS),
        GROUNDS,
    ],
    ids=lambda words: " ".join(words)[:30],
)
def test_a_wrong_question_is_refused_without_being_repeated(desk: Desk, wrong: tuple[str, ...]) -> None:
    words = [word.replace("{here}", str(desk.table("q.csv", QUESTIONS))) for word in wrong]
    said = desk.run("check", *words, "--as", ANALYST)

    assert said.code == 2
    assert said.out == ""
    assert "xxxx" not in said.err


def test_a_ruling_reaches_the_owner(desk: Desk) -> None:
    waiting = desk.ask("verdict", officer=PORTUGUESE)
    reference = waiting[0]["reference"]
    wrong = desk.run("verdict", reference, "same", "--reason", "different_birth", "--as", PORTUGUESE)
    unfinished = desk.run("verdict", reference, "same", "--as", PORTUGUESE)
    done = desk.run("verdict", reference, "not_the_same", "--reason", "different_birth", "--as", PORTUGUESE)

    assert [h["reference"] for h in waiting] == [desk.names["pt hit"]]
    assert (wrong.code, unfinished.code, done.code) == (2, 2, 0)
    assert desk.ask("verdict", officer=PORTUGUESE) == []
    assert [notice["verdict"] for notice in desk.ask("notices", officer=ANALYST)] == ["not_the_same"]
    assert "No hit waits" in desk.run("verdict", "--as", PORTUGUESE).out
    again = desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=PORTUGUESE)
    assert again["hits"][0]["verdict"] == "not_the_same"


def test_only_the_owner_learns_of_a_silent_match(desk: Desk) -> None:
    desk.ask("check", "Xanthippe Zwijgertjes", *GROUNDS, officer=PORTUGUESE)
    told = desk.run("notices", "--unseen", "--as", CASE)
    again = desk.run("notices", "--unseen", "--as", CASE)

    assert "yes:" in told.out
    assert told.out.count("pt-pj ") == 2, "the hit that the asker saw, and the match that he did not"
    assert [notice["silent"] for notice in desk.ask("notices", officer=CASE)] == [True, False]
    assert again.out == "Nobody has asked about what we gave.\n"
    assert desk.ask("verdict", officer=PORTUGUESE)[0]["reference"] == desk.names["pt hit"]
