"""Reading, joining, explaining, releasing and exporting."""

from __future__ import annotations

import csv
import hashlib
import io

from desk import ANALYST, CASE, GROUNDS, PORTUGUESE, Desk


def test_who_may_and_why_not(desk: Desk) -> None:
    answers = desk.ask("record", "who", desk.names["Geslotenius"], "--action", "read", officer=CASE)
    told = {each["authority"]: each for each in answers}

    assert {code: each["allowed"] for code, each in told.items()} == {
        "nl-politie": True, "pt-pj": False, "be-customs": False,
    }  # fmt: skip
    assert any("not released" in reason for reason in told["pt-pj"]["reasons"])
    shown = desk.run("record", "who", desk.names["Geslotenius"], "--action", "read", "--as", CASE)
    assert "Polícia Judiciária" in shown.out


def test_may_i_pass_it_on(desk: Desk) -> None:
    kind = ("--category", "suspect_or_convicted", "--community", "all", "--code", "H2")
    desk.give("h2.csv", "number,surname,first name\n1,Voorwaarde,Vera\n", ANALYST, *kind)
    record = desk.ask("check", "Vera Voorwaarde", *GROUNDS, officer=PORTUGUESE)["hits"][0]["record"]
    refused = desk.run("record", "why", record, "--action", "forward", "--to", "be-customs", "--as", PORTUGUESE)
    allowed = desk.run("record", "why", record, "--action", "read", "--as", PORTUGUESE)
    unknown = desk.run("record", "why", record, "--to", "nobody", "--as", PORTUGUESE)

    assert (refused.code, allowed.code, unknown.code) == (0, 0, 4)
    assert refused.out.startswith("You may not:\n  ")
    assert allowed.out.startswith("You may.")


def test_a_release_opens_one_record_to_one_authority(desk: Desk) -> None:
    def answers() -> list[str]:
        return [
            str(desk.ask("check", "Quirijn Geslotenius", *GROUNDS, officer=officer)["answer"])
            for officer in (PORTUGUESE, "be-customs/a.peeters")
        ]

    before = answers()
    call = ("release", desk.names["Geslotenius"], "--to", "pt-pj", "--action", "read", "--for-purpose", "18.2.a")
    analyst, done = desk.run(*call, "--as", ANALYST), desk.run(*call, "--as", CASE)
    unknown = desk.run(*call[:2], "--to", "nobody", *call[4:], "--as", CASE)

    assert (analyst.code, done.code, unknown.code) == (3, 0, 4)
    assert before == ["hit_without_content"] * 2
    assert answers() == ["hit", "hit_without_content"]


def test_a_judgement_joins_and_can_be_taken_back(desk: Desk) -> None:
    left, right = desk.names["Vermeer"], desk.names["Achterberg"]
    himself = desk.run("record", "judge", left, left, "same", "--reason", "r", "--as", ANALYST)
    silent = desk.run("record", "judge", left, right, "same", "--reason", " ", "--as", ANALYST)
    said = desk.run("record", "judge", left, right, "same", "--reason", "one person, two names", "--as", ANALYST)
    joined = desk.ask("record", "show", left, officer=ANALYST)
    shown = desk.run("record", "show", left, "--as", ANALYST).out
    other = desk.ask("record", "show", left, officer=PORTUGUESE)
    judgement = joined["judgements"][0]["judgement"]
    back = desk.run("record", "unjudge", judgement, "--as", ANALYST)

    assert (himself.code, silent.code, said.code, back.code) == (2, 2, 0, 0)
    assert joined["records"] == sorted([left, right])
    assert "one person, two names" in shown
    assert other["records"] == [left], "the ruling is not given to the others"
    assert desk.ask("record", "show", left, officer=ANALYST)["records"] == [left]


def test_an_export_carries_the_handling_of_every_row(desk: Desk) -> None:
    desk.give("f.csv", "number,surname,first name,note\n1,Formule,Fred,=1+1\n", ANALYST, "--category",
              "suspect_or_convicted", "--code", "H3", "--restriction", "ask first")  # fmt: skip
    path = desk.folder / "e.csv"
    done = desk.ask("export", "--out", str(path), officer=ANALYST)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))

    assert done["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert done["rows"] == len(rows) > 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert {row["restriction"] for row in rows if row["value"] == "Formule"} == {"ask first"}
    assert all(row["classification"] and row["handling_codes"] and row["owner"] for row in rows)
    assert "'=1+1" in {row["value"] for row in rows}
    assert "Figueiroa" not in path.read_text(encoding="utf-8"), "what others keep closed is not in it"


def test_suggestions_come_from_what_one_may_read(desk: Desk) -> None:
    assert desk.ask("record", "suggest", "geslo", officer=ANALYST) == ["geslotenius"]
    assert desk.ask("record", "suggest", "geslo", officer=PORTUGUESE) == []
    assert desk.ask("record", "suggest", "zwijg", officer=PORTUGUESE) == []
    assert desk.run("record", "suggest", "", "--as", ANALYST).out == "No word that you may learn of begins so.\n"


def test_counts_are_ones_own(desk: Desk) -> None:
    seen = desk.ask("record", "list", officer=ANALYST)
    others = desk.ask("record", "list", officer="be-customs/a.peeters")

    assert dict(seen["things"]) == {"Person": 5}
    assert dict(others["things"]) == {"Person": 3}
