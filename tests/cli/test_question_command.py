"""Questions in the terminal: asked from a file, kept, shared, asked again; each viewer his own answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from desk import ANALYST, CASE, CLOSED, FRONT, PORTUGUESE, Desk

from alidade.services import jobs
from alidade.services.picture import questions

NAMED = {"things": ["Person"], "where": {"conditions": [{"kind": "said", "property": "lastName", "how": "known"}]}}
NOWHERE = "0" * 32
SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


def _file(desk: Desk, question: object, name: str = "question.json") -> str:
    return str(desk.table(name, json.dumps(question)))


def _save(desk: Desk, *more: str, question: object = NAMED) -> str:
    kept = desk.ask("question", "save", _file(desk, question), "--title", "Known by name", *more, officer=ANALYST)
    assert kept["version"] == 1
    return str(kept["piece"])


def _names(answer: dict[str, Any]) -> str:
    return " ".join(sorted(each["caption"] for each in answer["found"]))


def test_each_is_answered_from_what_he_may_see(desk: Desk) -> None:
    file = _file(desk, NAMED)
    ours, theirs = (desk.ask("question", "ask", file, officer=officer) for officer in (ANALYST, PORTUGUESE))
    assert "Geslotenius" in _names(ours)
    assert "Geslotenius" not in json.dumps(theirs)
    assert "Figueiroa" in _names(theirs)
    assert theirs["total"] == len(theirs["found"])
    shown = desk.run("question", "ask", file, "--as", ANALYST).out
    assert "Vermeer" in shown
    assert f"{ours['total']} found." in shown
    french = desk.run("--language", "fr", "--json", "question", "ask", file, "--as", ANALYST).answer
    assert french["question"] != ours["question"]
    assert french["found"] == ours["found"]


def test_a_question_is_kept_shared_and_run_by_another(desk: Desk) -> None:
    closed, shared = _save(desk), _save(desk, "--community", "all", "--content", "non_personal")
    listed = desk.ask("question", "list", officer=ANALYST)["questions"]
    assert {each["piece"] for each in listed} == {closed, shared}
    assert shared in desk.run("question", "list", "--as", ANALYST).out.replace("\n", "")
    (seen,) = desk.ask("question", "list", officer=PORTUGUESE)["questions"]
    assert (seen["piece"], seen["authority"]) == (shared, "nl-politie")
    theirs = desk.ask("question", "run", shared, officer=PORTUGUESE)
    assert "Geslotenius" not in _names(theirs)
    assert "Geslotenius" in _names(desk.ask("question", "run", shared, officer=ANALYST))
    for words in (("run",), ("stand", "--until", SOON)):
        hidden, absent = (
            desk.run("question", words[0], each, *words[1:], "--as", PORTUGUESE) for each in (closed, NOWHERE)
        )
        assert (hidden.code, hidden.err) == (4, absent.err)


def test_a_standing_question_tells_of_what_is_new_until_it_is_ended(desk: Desk) -> None:
    piece = _save(desk)
    begun = desk.ask("question", "stand", piece, "--until", SOON, officer=ANALYST)["reference"]
    desk.ask("question", "look", begun, officer=ANALYST)
    desk.give("new.csv", CLOSED.replace("Geslotenius", "Nieuweling"), ANALYST, "--category", "suspect_or_convicted")
    look = desk.ask("question", "look", begun, officer=ANALYST)
    (new,) = [each["caption"] for each in look["found"] if each["id"] in look["new"]]
    assert "Nieuweling" in new
    assert desk.ask("question", "look", begun, officer=ANALYST)["new"] == []
    assert "0 new." in desk.run("question", "look", begun, "--as", ANALYST).out
    (line,) = desk.ask("question", "standing", officer=ANALYST)["standing"]
    assert (line["reference"], line["state"]) == (begun, "in_force")
    assert begun in desk.run("question", "standing", "--as", ANALYST).out.replace("\n", "")

    assert desk.ask("question", "standing", officer=CASE)["standing"] == [], "it is its officer's own"
    theirs, absent = (desk.run("question", "end", each, "--as", CASE) for each in (begun, NOWHERE))
    assert (theirs.code, theirs.err) == (4, absent.err)
    assert desk.ask("question", "end", begun, officer=ANALYST)["state"] == "ended"
    (line,) = desk.ask("question", "standing", officer=ANALYST)["standing"]
    assert line["state"] == "ended"


def test_long_work_is_done_by_the_terminal_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _file(desk, NAMED)
    at_once = desk.ask("question", "ask", file, officer=ANALYST)
    monkeypatch.setattr(questions, "MOST_AT_ONCE", 1)
    assert desk.ask("question", "ask", file, officer=ANALYST) == at_once


def test_a_question_that_was_stopped_elsewhere_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST_AT_ONCE", 1)
    run_next = jobs.run_next

    def stopped(node: Any) -> Any:
        from alidade.cli.session import actor_of

        actor = actor_of(node, ANALYST, "18.2.a")
        for each in questions.question_runs(node, actor):
            questions.stop_question(node, actor, each.reference)
        return run_next(node)

    monkeypatch.setattr(jobs, "run_next", stopped)
    assert "not answered: cancelled" in desk.run("question", "ask", _file(desk, NAMED), "--as", ANALYST).out


def _wrong() -> Iterator[tuple[str, object]]:
    yield "empty", {}
    yield "another field", {"things": ["Person"], "colour": "red"}
    yield "no value", {"things": ["Person"], "where": {"conditions": [{"kind": "said", "property": "name"}]}}


@pytest.mark.parametrize("wrong", [each for _, each in _wrong()], ids=[name for name, _ in _wrong()])
def test_what_is_no_question_is_neither_asked_nor_kept(desk: Desk, wrong: object) -> None:
    file = _file(desk, wrong)
    for words in (("ask", file), ("save", file, "--title", "t")):
        said = desk.run("question", *words, "--as", ANALYST)
        assert said.code == 2, words
        assert said.err.startswith("alidade: ")
    assert desk.ask("question", "list", officer=ANALYST)["questions"] == []


def test_who_may_not_read_the_picture_is_refused(desk: Desk) -> None:
    piece = _save(desk, "--community", "all", "--content", "non_personal")
    for words in (("ask", _file(desk, NAMED)), ("list",), ("run", piece), ("standing",), ("look", piece)):
        assert desk.run("question", *words, "--as", FRONT).code == 3, words
    assert desk.run("question", "stand", piece, "--until", "2020-01-01", "--as", ANALYST).code == 2
    assert desk.run("question", "stand", piece, "--until", "never", "--as", ANALYST).code == 2
