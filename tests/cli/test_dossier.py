"""Dossiers in the terminal: made, filled, ruled on, read elsewhere; a round opened and answered."""

from __future__ import annotations

from desk import ANALYST, FRONT, PORTUGUESE, Desk


def test_a_dossier_is_made_filled_and_read_elsewhere(desk: Desk) -> None:
    open_, closed = desk.names["Vermeer"], desk.names["Geslotenius"]
    kind = ("--community", "all", "--category", "suspect_or_convicted")
    made = desk.ask("dossier", "make", "--name", "Ring", "--mapping", "2026", "--member", open_, *kind, officer=ANALYST)
    assert desk.ask("dossier", "member", made["piece"], closed, "--certainty", "B2", officer=ANALYST)["version"] == 2
    ruled = ("dossier", "member", made["piece"], open_, "--ruling", "confirmed", "--role", "broker")
    assert desk.ask(*ruled, officer=ANALYST)["version"] == 3

    assert desk.ask("dossier", "list", officer=ANALYST)["dossiers"][0]["members"] == 2
    theirs = desk.ask("dossier", "show", made["piece"], officer=PORTUGUESE)
    assert [each["record"] for each in theirs["dossier"]["members"]] == [open_]
    assert closed not in str(theirs)
    compared = desk.ask("dossier", "compare", "1", "3", "--dossier", made["piece"], officer=ANALYST)
    assert compared["difference"]["come"] == [closed]
    assert desk.run("dossier", "show", made["piece"], "--as", FRONT).code == 3
    hidden = desk.run("dossier", "show", "0" * 32, "--as", PORTUGUESE)
    assert hidden.code == 4


def test_a_round_is_opened_and_listed(desk: Desk) -> None:
    how = ("--community", "all", "--content", "non_personal")
    held = desk.ask("dossier", "nominate", "--open", "Round", "--closes", "2099-01-01", *how, officer=ANALYST)
    numbers = [one for each in ("IMO 9074729", "+31205550101", "+31205550102") for one in ("--identifier", each)]
    made = desk.ask("dossier", "nominate", held["piece"], "--contact", "Desk", *numbers, officer=ANALYST)
    assert made["members"] == 3
    assert desk.ask("dossier", "nominate", officer=PORTUGUESE)["rounds"][0]["nominations"] == []
