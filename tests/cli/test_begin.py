"""Beginning a node, and administering it."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ADMIN, ANALYST, GROUNDS, PORTUGUESE, Desk

from databases import address_of

BEGIN = ("init", "--authority", "xx-police", "--name", "X", "--function", "police", "--state", "NL", "--contact", "c@x")


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    return Desk(home=tmp_path / "home", folder=tmp_path)


def test_beginning_makes_a_folder_for_one_account_only(empty: Desk) -> None:
    answer = empty.run("--json", *BEGIN, "--officer", "a:analyst").answer

    assert answer == {"authority": "xx-police", "officers": ["xx-police/admin", "xx-police/a"]}
    assert empty.home.stat().st_mode & 0o777 == 0o700
    files = {path.name for path in empty.home.iterdir()}
    assert files == {"keys.db", "node.key"} | (set() if address_of(empty.home) else {"alidade.db"})
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in empty.home.iterdir())
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
    proposed = desk.ask("authority", "join", "task-force", officer="pt-pj/admin")
    assert answer() == first  # who gave to the community is asked first
    assert (proposed["state"], proposed["waits_for"]) == ("open", None)
    desk.ask("authority", "consent", proposed["reference"], officer=ADMIN)
    second = answer()
    assert desk.run("authority", "leave", "task-force", "--as", "pt-pj/admin").code == 0

    assert (first, second, answer()) == ("hit_without_content", "hit", "hit_without_content")


def test_a_proposal_is_told_listed_refused_and_withdrawn(desk: Desk) -> None:
    add = ("authority", "add", "xx-new", "--name", "N", "--function", "police", "--state", "ES", "--contact", "c")
    told = desk.run(*add, "--as", ADMIN)
    assert "waits for be-customs pt-pj" in told.out
    (listed,) = [each for each in desk.ask("authority", "proposals", officer="pt-pj/admin") if each["state"] == "open"]
    reference = listed["reference"]
    assert (listed["authority"], listed["waits_for_you"]) == ("xx-new", True)
    assert reference in desk.run("authority", "proposals", "--as", "pt-pj/admin").out
    analyst = desk.run("authority", "consent", reference, "--as", ANALYST)
    foreign = desk.run("authority", "withdraw", reference, "--as", "pt-pj/admin")
    unknown = desk.run("authority", "consent", "0" * 32, "--as", ADMIN)
    silent = desk.run("authority", "refuse", reference, "--reason", " ", "--as", "pt-pj/admin")
    refused = desk.run("authority", "refuse", reference, "--reason", "unknown to us", "--as", "pt-pj/admin")
    late = desk.run("authority", "consent", reference, "--as", "be-customs/admin")
    again = desk.run(*add, "--as", ADMIN)
    (waiting,) = [each for each in desk.ask("authority", "proposals", officer=ADMIN) if each["state"] == "open"]
    withdrawn = desk.run("authority", "withdraw", waiting["reference"], "--as", ADMIN)

    codes = [said.code for said in (analyst, foreign, unknown, silent, refused, late, again, withdrawn)]
    assert codes == [3, 4, 4, 2, 0, 4, 0, 0]
    assert "refused: authority xx-new" in refused.out
    assert "xx-new" not in desk.run("authority", "list").out


def test_rights_change_end_and_begin_again(desk: Desk) -> None:
    change = ("authority", "officer", ANALYST, "--change-role", "liaison_officer", "--unit", "Harbour", "--case", "c")
    assert desk.run(*change, "--as", ADMIN).code == 0
    (person,) = [each for each in desk.ask("authority", "list")["officers"] if each["id"] == ANALYST]
    assert (person["role"], person["unit"], person["cases"]) == ("liaison_officer", "Harbour", ["c"])
    assert desk.run("authority", "officer", ANALYST, "--no-cases", "--as", ADMIN).code == 0
    ended = desk.ask("authority", "officer", ANALYST, "--end", officer=ADMIN)
    assert ended == {"officer": ANALYST, "ended": [], "to_hand_over": []}
    assert "ended 20" in desk.run("authority", "list").out
    assert desk.run("authority", "officer", ANALYST, "--end", "--as", ADMIN).code == 5
    assert desk.run("authority", "officer", ANALYST, "--again", "--as", ADMIN).code == 0
    assert desk.run("record", "list", "--as", ANALYST).code == 0
    assert desk.run("authority", "officer", ADMIN, "--change-role", "analyst", "--as", ADMIN).code == 3


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
    assert desk.run(*_agreement("K", {})).code == 5
    assert desk.run("authority", "end-agreement", "K", "--as", ADMIN).code == 0
