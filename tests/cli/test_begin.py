"""Beginning a node, and administering it."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ADMIN, ANALYST, GROUNDS, PORTUGUESE, Desk

BEGIN = ("init", "--authority", "xx-police", "--name", "X", "--function", "police", "--state", "NL", "--contact", "c@x")


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    return Desk(home=tmp_path / "home", folder=tmp_path)


def test_beginning_makes_a_folder_for_one_account_only(empty: Desk) -> None:
    answer = empty.run("--json", *BEGIN, "--officer", "a:analyst").answer

    assert answer == {"authority": "xx-police", "officers": ["xx-police/admin", "xx-police/a"]}
    assert empty.home.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in empty.home.iterdir()} == {"alidade.db", "keys.db", "node.key"}
    assert (empty.home / "node.key").stat().st_mode & 0o777 == 0o600
    assert (empty.home / "keys.db").stat().st_mode & 0o777 == 0o600
    assert empty.run(*BEGIN).code == 5


@pytest.mark.parametrize(
    "wrong",
    [
        ("--officer", "a:nonsense"),
        ("--officer", "no role"),
        ("--officer", "a:analyst", "--officer", "b:nonsense"),
        ("--state", "ZZ"),
        ("--function", "nonsense"),
        ("--authority", "Upper Case"),
        ("--name", " "),
        ("--contact", ""),
    ],
    ids=" ".join,
)
def test_a_beginning_that_fails_leaves_nothing_begun(empty: Desk, wrong: tuple[str, ...]) -> None:
    failed = empty.run(*BEGIN, *wrong)
    mended = empty.run(*BEGIN, "--officer", "a:analyst")

    assert (failed.code, mended.code) == (2, 0)


def test_an_administrator_enters_officers_of_his_own_authority_only(desk: Desk) -> None:
    own = desk.run("authority", "officer", "nl-politie/new", "--role", "analyst", "--as", ADMIN)
    foreign = desk.run("authority", "officer", "pt-pj/new", "--role", "analyst", "--as", ADMIN)
    analyst = desk.run("authority", "officer", "nl-politie/new2", "--role", "analyst", "--as", ANALYST)
    twice = desk.run("authority", "officer", "nl-politie/new", "--role", "analyst", "--as", ADMIN)

    assert (own.code, foreign.code, analyst.code, twice.code) == (0, 3, 3, 5)


def test_an_access_that_was_ended_ends_at_once(desk: Desk) -> None:
    before = desk.run("record", "list", "--as", ANALYST)
    desk.run("authority", "officer", ANALYST, "--end", "--as", ADMIN)
    after = desk.run("record", "list", "--as", ANALYST)

    assert (before.code, after.code) == (0, 3)
    assert ANALYST in desk.run("authority", "list").out


def test_a_community_opens_and_closes(desk: Desk) -> None:
    kind = ("--category", "suspect_or_convicted", "--community", "task-force")
    desk.give("t.csv", "number,surname,first name\n1,Gemeenschap,Gerda\n", ANALYST, *kind)

    def answer() -> str:
        return str(desk.ask("check", "Gerda Gemeenschap", *GROUNDS, officer=PORTUGUESE)["answer"])

    first = answer()
    assert desk.run("authority", "communities", "pt-pj", "task-force", "--as", ADMIN).code == 0
    second = answer()
    assert desk.run("authority", "communities", "pt-pj", "--as", ADMIN).code == 0

    assert (first, second, answer()) == ("hit_without_content", "hit", "hit_without_content")


AGREEMENT = {
    "--between": ("NL", "EC"), "--instrument": ("I",), "--flow": ("personal",), "--since": ("2020-01-01",),
    "--source": ("S",),
}  # fmt: skip


def _agreement(code: str, changed: dict[str, tuple[str, ...]]) -> list[str]:
    words = ["authority", "agreement", code, "--as", ADMIN]
    for option, values in {**AGREEMENT, **changed}.items():
        words += [option, *values]
    return words


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("", {}),
        ("K", {"--between": ("", "NL")}),
        ("K", {"--between": ("NL", "no such party")}),
        ("K", {"--instrument": ("",)}),
        ("K", {"--source": ("",)}),
        ("K", {"--crime-area": ("",)}),
        ("K", {"--crime-area": ("no such area",)}),
        ("K", {"--since": ("yesterday",)}),
    ],
    ids=str,
)
def test_a_wrong_agreement_is_refused_and_stops_nobody(
    desk: Desk, code: str, changed: dict[str, tuple[str, ...]]
) -> None:
    wrong = desk.run(*_agreement(code, changed))

    assert wrong.code == 2
    assert desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=PORTUGUESE)["answer"] == "hit"
    assert desk.run(*_agreement("K", {})).code == 0
