"""What is shown: values of others never steer the terminal, JSON is whole, missing grounds are asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from desk import ADMIN, ANALYST, CASE, DPO, GROUNDS, PORTUGUESE, Desk

HOSTILE = (
    "number,surname,first name,birth date\n"
    "1,Esc\x1b[31mape,An\x1b]0;title\x07n,1988-08-08\n"
    "2,[bold red]Markup[/bold red],Mia,1988-08-09\n"
    "3,Back\\[bold]slash,Bo,1988-08-10\n"
    "4,Right\u202eleft,Rob,1988-08-11\n"
    "5,C1\x9b31mcode,Cor,1988-08-12\n"
    "6,[link=file:///x]Link[/link],Lin,1988-08-13\n"
)
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def hostile(desk: Desk) -> Desk:
    desk.give("hostile.csv", HOSTILE, ANALYST, "--category", "suspect_or_convicted", "--community", "all")
    return desk


@pytest.mark.parametrize(
    "arguments",
    [
        ("record", "list", "--as", ANALYST),
        ("check", "Bo Back\\[bold]slash", *GROUNDS, "--as", ANALYST),
        ("check", "Ann Esc 31m ape", "--kind", "name", *GROUNDS, "--as", PORTUGUESE),
        ("record", "suggest", "a", "--as", ANALYST),
        ("notices", "--as", ANALYST),
        ("authority", "list"),
    ],
)
def test_no_value_steers_the_terminal(hostile: Desk, arguments: tuple[str, ...]) -> None:
    said = hostile.run(*arguments)

    assert said.code == 0
    assert STEERING.search(said.out) is None


def test_values_are_shown_as_they_stand(hostile: Desk) -> None:
    shown = hostile.run("record", "list", "--newest", "60", "--as", ANALYST).out

    for value in ("[bold red]Markup[/bold red]", "Back\\[bold]slash", "[link=file:///x]Link[/link]"):
        assert value in shown
    assert "Esc\N{REPLACEMENT CHARACTER}[31mape" in shown


def test_a_preview_shows_the_file_harmlessly(desk: Desk) -> None:
    said = desk.run("import", str(desk.table("hostile.csv", HOSTILE)), "--look", "--as", ANALYST)

    assert said.code == 0
    assert STEERING.search(said.out) is None
    assert "Back\\[bold]slash" in said.out


def test_names_of_authorities_steer_nothing(desk: Desk) -> None:
    entered = (
        "authority",
        "add",
        "evil",
        "--name",
        "Ev\x1b[31mil [red]x[/red]",
        "--function",
        "police",
        "--state",
        "NL",
    )
    proposed = desk.ask(*entered, "--contact", "\x1b]0;t\x07c [b]", officer=ADMIN)
    for concerned in proposed["waits_for"]:
        assert "\x1b" not in desk.run("authority", "proposals", "--as", f"{concerned}/admin").out
        desk.ask("authority", "consent", proposed["reference"], officer=f"{concerned}/admin")
    assert desk.run("authority", "officer", "evil/e", "--role", "case_officer", "--as", "evil/admin").code == 0
    kind = ("--category", "suspect_or_convicted")
    desk.give("evil.csv", "number,surname,first name\n1,Boosaardig,Evil\n", "evil/e", *kind, "--community", "all")
    desk.give("shut.csv", "number,surname,first name\n1,Verborgenaar,Evert\n", "evil/e", *kind)

    for text in ("Evil Boosaardig", "Evert Verborgenaar"):
        said = desk.run("check", text, *GROUNDS, "--as", ANALYST)
        assert said.code == 0
        assert said.out.startswith("HIT")
        assert "[red]x[/red]" in said.out.replace("\n", "")
        assert STEERING.search(said.out) is None


def test_an_error_steers_nothing(desk: Desk) -> None:
    said = desk.run("record", "list", "--as", "x\x1b[31m/y")

    assert said.code == 4
    assert STEERING.search(said.err) is None


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(_keys(each) for each in value.values()))
    return set().union(*(_keys(each) for each in value)) if isinstance(value, list) else set()


STATEMENT = {
    "statement", "record", "thing", "owner", "source_list", "source_key", "contribution", "given_at", "property",
    "value", "original", "language", "evaluation", "handling", "valid_from", "valid_to",
}  # fmt: skip


def test_answers_for_programs_keep_their_keys(desk: Desk) -> None:
    answer = desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=PORTUGUESE)
    record = desk.ask("record", "show", desk.names["Vermeer"], officer=PORTUGUESE)
    listed = desk.ask("record", "list", officer=PORTUGUESE)
    notices = desk.ask("notices", officer=ANALYST)

    assert set(answer) == {
        "answer", "check", "asked_at", "question", "use", "understood", "hits", "without_content", "again_until",
    }  # fmt: skip
    assert set(answer["hits"][0]) == {
        "reference", "record", "thing", "owner", "owner_name", "score", "parts", "words", "verdict", "statements",
    }  # fmt: skip
    assert set(answer["hits"][0]["parts"][0]) == {"evidence", "rule", "left", "right", "contribution"}
    assert set(record) == {"records", "statements", "judgements"}
    assert set(listed) == {"statements", "things", "newest"}
    assert all(
        set(s) == STATEMENT for s in (*record["statements"], *listed["newest"], *answer["hits"][0]["statements"])
    )
    assert set(notices[0]) == {
        "reference", "record", "source_list", "source_key", "thing", "asker", "asker_contact", "check", "purpose",
        "asked_at", "silent", "verdict", "verdict_reason",
    }  # fmt: skip


def test_no_answer_carries_a_number_of_the_store(desk: Desk) -> None:
    """A running number would tell how much lies between two answers, and so how much others gave."""
    for arguments, officer in (
        (("check", "Johannes Vermeer", *GROUNDS), PORTUGUESE),
        (("record", "show", desk.names["Vermeer"]), PORTUGUESE),
        (("record", "list"), PORTUGUESE),
        (("notices",), ANALYST),
        (("verdict",), PORTUGUESE),
        (("ledger", "list"), DPO),
    ):
        keys = _keys(desk.ask(*arguments, officer=officer))
        assert keys.isdisjoint({"number", "record_number", "sequence", "handling_id", "id"})


EVERY_ANSWER = [
    ("authority", "list"),
    ("authority", "add", "zz", "--name", "Z", "--function", "police", "--state", "NL", "--contact", "c", "--as", ADMIN),
    ("authority", "officer", "nl-politie/x", "--role", "analyst", "--as", ADMIN),
    ("authority", "join", "k", "--as", ADMIN),
    ("authority", "proposals", "--as", ADMIN),
    ("authority", "agreement", "K1", "--between", "NL", "EC", "--instrument", "I", "--flow", "personal", "--since",
     "2020-01-01", "--source", "S", "--as", ADMIN),
    ("import", "{work}/new.csv", "--yes", "--category", "witness", "--as", ANALYST),
    ("import", "{work}/new.csv", "--look", "--as", ANALYST),
    ("contribution", "quarantine", "--as", ANALYST),
    ("contribution", "categorise", "{Wachtkamer}", "--category", "witness", "--as", ANALYST),
    ("contribution", "withdraw", "{nl contribution}", "--reason", "wrong", "--as", CASE),
    ("erase", "record", "{Vermeer}", "--reason", "unlawful", "--yes", "--as", CASE),
    ("erase", "question", "{nl check}", "--reason", "unlawful", "--yes", "--as", CASE),
    ("check", "nobody known", *GROUNDS, "--as", ANALYST),
    ("check", "--file", "{work}/new.csv", "--out", "{work}/answers.csv", *GROUNDS, "--as", ANALYST),
    ("verdict", "--as", PORTUGUESE),
    ("verdict", "{pt hit}", "unsure", "--reason", "unsure_too_little", "--as", PORTUGUESE),
    ("notices", "--as", ANALYST),
    ("record", "show", "{Vermeer}", "--as", ANALYST),
    ("record", "list", "--as", ANALYST),
    ("record", "suggest", "verm", "--as", ANALYST),
    ("record", "who", "{Vermeer}", "--as", ANALYST),
    ("record", "why", "{Vermeer}", "--to", "pt-pj", "--as", ANALYST),
    ("record", "judge", "{Vermeer}", "{Achterberg}", "unsure", "--reason", "r", "--as", ANALYST),
    ("release", "{Vermeer}", "--to", "pt-pj", "--action", "read", "--for-purpose", "18.2.a", "--as", CASE),
    ("export", "--out", "{work}/e.csv", "--as", ANALYST),
    ("ledger", "verify"),
    ("ledger", "head"),
    ("ledger", "list", "--as", DPO),
    ("backup", "{work}/backup"),
    ("words",),
    ("words", "purposes"),
    ("words", "things"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", EVERY_ANSWER, ids=lambda words: " ".join(words)[:40])
def test_json_means_json(desk: Desk, arguments: tuple[str, ...]) -> None:
    desk.table("new.csv", "text\nGoedhart\n" if "--file" in arguments else "surname,first name\nGoedhart,Anna\n")
    words = [word.format(work=desk.folder, **desk.names) if "{" in word else word for word in arguments]
    said = desk.run("--json", *words)

    assert said.code == 0, said.err
    assert said.answer is not None
    assert said.err == ""


def test_taking_back_a_judgement_answers_in_json(desk: Desk) -> None:
    pair = (desk.names["Vermeer"], desk.names["Achterberg"])
    judgement = desk.ask("record", "judge", *pair, "same", "--reason", "r", officer=ANALYST)["judgement"]

    assert desk.run("--json", "record", "unjudge", judgement, "--as", ANALYST).answer


def test_a_program_is_not_asked(desk: Desk) -> None:
    said = desk.run("--json", "import", str(desk.table("n.csv", "surname\nx\n")), "--as", ANALYST)

    assert said.code == 2
    assert said.out == ""


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ((), ["Legal ground (code)", "Case or control", "Justification"]),
        (GROUNDS[:2], ["Case or control", "Justification"]),
        (GROUNDS[:4], ["Justification"]),
        (GROUNDS, []),
    ],
    ids=["nothing", "ground", "ground and case", "all"],
)
def test_missing_grounds_are_asked_for_at_a_terminal(desk: Desk, given: tuple[str, ...], asked: list[str]) -> None:
    answers = {
        "Legal ground (code)": "identity_check",
        "Case or control": "control 7",
        "Justification": "checked on the road",
    }
    call = ("check", "Johannes Vermeer", *given, "--as", ANALYST)
    said = desk.run(*call, typed="".join(answers[question] + "\n" for question in asked), terminal=True)
    alone = desk.run(*call)

    assert said.code == 0
    assert re.findall(r"(Legal ground \(code\)|Case or control|Justification): ", said.out) == asked
    assert alone.code == (2 if asked else 0)
    if asked:
        assert alone.err.startswith("alidade: Before a check, state: ")
        entry = desk.ask("ledger", "list", "--newest", "1", officer=DPO)[0]["entry"]
        assert entry["justification"] == answers["Justification"]


def test_a_mapping_is_confirmed_at_a_terminal(desk: Desk) -> None:
    call = ("import", str(desk.table("new.csv", "surname,first name\nGoedhart,Anna\n")), "--as", ANALYST)
    no = desk.run(*call, typed="n\n", terminal=True)
    yes = desk.run(*call, typed="y\n", terminal=True)

    assert (no.code, yes.code) == (1, 0)
    assert "Read it so?" in no.out
    assert "Importing" not in no.out
