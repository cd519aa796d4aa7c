"""The demonstration: every answer is right, or it says so and fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import Desk, Said

from alidade.cli import demo
from alidade.cli.serve import Service
from alidade.services.rehearsal import Told
from alidade.services.sign_ins import SIGN_INS
from alidade.simulation import cocaine_route

pytestmark = pytest.mark.sqlite_only("the demonstration lies in a file of its own")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Said:
    folder = tmp_path_factory.mktemp("demo")
    return Desk(home=folder / "none", folder=folder).run("--json", "demo", "--once")


def test_all_thirty_answers_are_right(told: Said) -> None:
    answers = told.answer["answers"]

    assert told.code == 0
    assert told.err == ""
    assert len(answers) == 30
    assert all(each["answer"] == each["expected"] for each in answers)


def test_three_askers_get_different_answers(told: Said) -> None:
    answers = told.answer["answers"]
    by_question: dict[str, set[str]] = {}
    for each in answers:
        by_question.setdefault(each["question"], set()).add(each["answer"])

    assert len({each["asker"] for each in answers}) == 3
    assert len(by_question) == 10
    assert sum(len(kinds) > 1 for kinds in by_question.values()) >= 5
    assert {each["answer"] for each in answers} == {"hit", "hit_without_content", "no_hit"}


def test_the_ledger_is_verified(told: Said) -> None:
    assert told.answer["ledger"]["sound"] is True
    assert told.answer["ledger"]["entries"] > 200
    assert told.answer["loaded"]["quarantined"] > 0


def test_the_pages_answered(told: Said) -> None:
    assert told.answer["pages"] is True


def test_pages_that_do_not_answer_fail_the_walk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def nothing(service: Service) -> Iterator[None]:
        yield

    monkeypatch.setattr(demo, "serving", nothing)
    monkeypatch.setattr(demo, "ask_web", lambda *given: {})
    monkeypatch.setattr(demo, "ask_everything", lambda *given: [])
    said = desk.run("--json", "demo", "--once")

    assert said.code == 1
    assert said.answer["pages"] is False


def test_without_once_it_serves_three_sign_ins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is served and printed; that serving works is tested where the server is."""
    asked: list[tuple[str, ...]] = []

    @contextmanager
    def nothing(service: Service) -> Iterator[list[int]]:
        assert service.plain
        yield []

    def answer(service: Service, *arguments: str) -> dict[str, str]:
        asked.append(arguments)
        return {each.officer: f"password of {each.officer}" for each in SIGN_INS}

    monkeypatch.setattr(demo, "serving", nothing)
    monkeypatch.setattr(demo, "ask_web", answer)
    monkeypatch.setattr(demo, "wait", lambda processes: 0)
    said = desk.run("demo")

    assert said.code == 0
    assert [arguments[0] for arguments in asked] == ["prepare", "account"]
    assert len({each.officer.partition("/")[0] for each in SIGN_INS}) == 3
    for each in SIGN_INS:
        assert f"password of {each.officer}" in said.out
        assert " ".join(each.sees.split()) in " ".join(said.out.split())
    assert "http://localhost:" in said.out


def test_the_sign_ins_are_officers_of_the_scenario() -> None:
    scenario = cocaine_route()
    askers = {asker.officer for asker in scenario.askers}
    roles = {officer.id: officer.role for seed in scenario.authorities for officer in seed.officers}

    assert {each.officer for each in SIGN_INS} - askers == {"nl-police/policy"}
    assert roles[SIGN_INS[-1].officer] == "policy_officer"


def test_the_walk_for_people_and_a_wrong_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One answer is made wrong: it is shown as wrong, and the exit code says so. The node is kept to go on with."""
    kept = desk.folder / "kept"
    first: list[Told] = []

    def wrong_once(self: Told) -> bool:
        if not first:
            first.append(self)
        return self is not first[0]

    monkeypatch.setattr(Told, "right", property(wrong_once))
    said = desk.run("demo", "--once", "--keep", str(kept))
    shown = " ".join(said.out.split())

    assert said.code == 1
    assert said.out.count("WRONG") == 1
    assert "The same questions, asked by three authorities" in shown
    assert "signed heads, every one verified." in shown
    assert f"alidade --home {kept}" in said.out
    again = Desk(home=kept, folder=desk.folder)
    assert again.run("authority", "list").code == 0
    assert again.run("ledger", "verify").code == 0
    assert desk.run("demo", "--once", "--keep", str(kept)).code == 5, "a rehearsal needs a node of its own"
    assert desk.run("demo", "--once", "--keep", str(desk.home)).code == 5, "nothing invented beside what is real"


def test_nothing_is_left_behind(told: Said, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not (Path(tmp_path_factory.getbasetemp()) / "demo0" / "none").exists()
