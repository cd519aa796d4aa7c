"""A reference to what one may not see, and one to nothing, are answered alike: same bytes, same exit code."""

from __future__ import annotations

import re

import pytest
from desk import CASE, GROUNDS, PORTUGUESE, Desk, Said

ABSENT = "0123456789abcdef" * 2
RELEASE = ("release", "{reference}", "--to", "be-customs", "--action", "read", "--for-purpose", "18.2.a")
# Command, with {reference}; the name of what really exists and belongs to others; who asks.
COMMANDS = [
    (("record", "show", "{reference}"), "Geslotenius", PORTUGUESE),
    (("record", "show", "{reference}"), "Zwijgertjes", PORTUGUESE),
    (("record", "show", "{reference}"), "Wachtkamer", PORTUGUESE),
    (("record", "who", "{reference}"), "Geslotenius", PORTUGUESE),
    (("record", "who", "{reference}"), "Vermeer", PORTUGUESE),
    (("record", "why", "{reference}"), "Geslotenius", PORTUGUESE),
    (("record", "why", "{reference}", "--to", "be-customs"), "Geslotenius", PORTUGUESE),
    (("record", "judge", "{own}", "{reference}", "same", "--reason", "r"), "Geslotenius", PORTUGUESE),
    (("record", "judge", "{reference}", "{own}", "same", "--reason", "r"), "Zwijgertjes", PORTUGUESE),
    (("record", "unjudge", "{reference}"), "judgement", PORTUGUESE),
    (RELEASE, "Geslotenius", PORTUGUESE),
    (RELEASE, "Vermeer", PORTUGUESE),
    (("contribution", "withdraw", "{reference}", "--reason", "wrong"), "nl contribution", PORTUGUESE),
    (("contribution", "categorise", "{reference}", "--category", "witness"), "Wachtkamer", PORTUGUESE),
    (("erase", "record", "{reference}", "--reason", "unlawful", "--yes"), "Geslotenius", PORTUGUESE),
    (("erase", "record", "{reference}", "--reason", "unlawful", "--yes"), "Vermeer", PORTUGUESE),
    (("erase", "question", "{reference}", "--reason", "unlawful", "--yes"), "nl check", PORTUGUESE),
    (("verdict", "{reference}", "same", "--reason", "same_identifier"), "nl hit", PORTUGUESE),
    (("verdict", "{reference}", "same", "--reason", "same_identifier"), "pt hit", CASE),
]  # fmt: skip


@pytest.mark.parametrize("as_json", [False, True], ids=["for people", "for programs"])
@pytest.mark.parametrize(("command", "foreign", "officer"), COMMANDS, ids=lambda value: str(value)[:60])
def test_foreign_and_absent_answer_alike(
    desk: Desk, command: tuple[str, ...], foreign: str, officer: str, as_json: bool
) -> None:
    def ask(reference: str) -> Said:
        words = [word.format(reference=reference, own=desk.names["Figueiroa"]) for word in command]
        return desk.run(*(["--json"] if as_json else []), *words, "--as", officer)

    if foreign == "judgement":
        pair = (desk.names["Vermeer"], desk.names["Achterberg"])
        said = desk.ask("record", "judge", *pair, "unsure", "--reason", "r", officer=CASE)
        desk.names["judgement"] = said["judgement"]
    absent, hidden = ask(ABSENT), ask(desk.names[foreign])

    assert hidden == absent
    assert absent.code == 4
    assert absent.out == ""
    assert absent.err.startswith("alidade: ")


def test_the_owner_gets_another_answer(desk: Desk) -> None:
    shown = desk.run("record", "show", desk.names["Geslotenius"], "--as", CASE)

    assert shown.code == 0
    assert "Geslotenius" in shown.out


@pytest.mark.parametrize("name", ["Xanthippe Zwijgertjes", "+31 6 56789012", "Theodora Wachtkamer"])
def test_a_silent_or_waiting_record_is_checked_like_nothing(desk: Desk, name: str) -> None:
    def ask(text: str) -> Said:
        return desk.run("check", text, *GROUNDS, "--as", PORTUGUESE)

    nothing = "+31 6 56789013" if name.startswith("+") else "Balthasar Nergenshuizen"
    hidden, absent = ask(name), ask(nothing)

    assert (hidden.code, absent.code) == (0, 0)
    assert hidden.out.startswith("NO HIT ")
    # All but the random reference, the moment and the question itself is the same.
    assert _without_question(hidden.out, name) == _without_question(absent.out, nothing)


def _without_question(text: str, question: str) -> list[str]:
    lines = re.sub(r"\d", "#", text.replace(question, "?")).splitlines()
    again = r"(Asked again until .*) [0-9a-f#]{32}"  # the random reference by which it can be ended
    return [" ".join(lines[0].split()[:3]), *(re.sub(again, r"\1 REFERENCE", line) for line in lines[1:])]
