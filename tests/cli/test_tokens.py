"""Tokens at the command line: the secret is shown once, and ends when its officer says so."""

from __future__ import annotations

from desk import CASE, FRONT, GROUNDS, Desk

MAKE = ("token", "make", "border gate 4", "--act", "check")


def test_a_token_is_made_listed_and_ended(desk: Desk) -> None:
    made = desk.ask(*MAKE, "--days", "30", *GROUNDS, officer=CASE)
    (listed,) = desk.ask("token", "list", officer=CASE)

    assert made["secret"].startswith("alidade_")
    assert (listed["token"], listed["name"], listed["acts"]) == (made["token"], "border gate 4", ["check"])
    assert (listed["in_force"], listed["used_at"], listed["case"]) == (True, None, "2026-118")
    assert desk.ask("token", "end", made["token"], officer=CASE) == {"token": made["token"], "in_force": False}
    assert desk.ask("token", "list", officer=CASE)[0]["in_force"] is False


def test_the_secret_is_shown_once_to_people_as_well(desk: Desk) -> None:
    said = desk.run(*MAKE, *GROUNDS, "--as", CASE)
    secret = said.out.split()[-1]
    listed = desk.run("token", "list", "--as", CASE)

    assert said.code == 0
    assert secret.startswith("alidade_")
    assert "border gate 4" in listed.out
    assert secret not in listed.out
    assert "Ended." in desk.run("token", "end", said.out.split()[1].rstrip(","), "--as", CASE).out


def test_what_is_missing_is_asked_for_at_a_terminal(desk: Desk) -> None:
    answers = "criminal_investigation\n2026-118\nlorries\n"
    assert desk.run(*MAKE, "--as", CASE, typed=answers, terminal=True).code == 0
    refused = desk.run(*MAKE, "--as", CASE)
    assert (refused.code, "legal ground" in refused.err) == (2, True)


def test_who_may_not_is_refused(desk: Desk) -> None:
    assert desk.run(*MAKE, *GROUNDS, "--as", FRONT).code == 3
    assert desk.run("token", "list", "--as", FRONT).code == 3
    assert desk.run("token", "end", "0" * 32, "--as", CASE).code == 4
    assert desk.run(*MAKE, "--days", "91", *GROUNDS, "--as", CASE).code == 2
