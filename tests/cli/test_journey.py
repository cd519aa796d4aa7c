"""One whole journey at the command line, from an empty folder to a restored backup."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from desk import GROUNDS, Desk

OFFICER, CASE, DPO = "nl-politie/j.devries", "nl-politie/case", "nl-politie/dpo"
PARTNER = "pt-pj/m.silva"
LIST = (
    "ref,achternaam,first name,birth date,phone\n"
    "1,Vermeer,Johannes,1970-02-01,+31 6 12345678\n"
    "2,Vermeer,Jan,1970-02-01,+31 6 12345678\n"
    "3,Teveel,Piet,1980-01-03,+31 6 23456789,one cell too many\n"
)


def begin(desk: Desk) -> None:
    """A node of two authorities."""
    officers = ("--officer", "j.devries:analyst", "--officer", "case:case_officer",
                "--officer", "dpo:data_protection_officer")  # fmt: skip
    who = ("init", "--authority", "nl-politie", "--name", "Politie", "--function", "police", "--state", "NL")
    assert desk.run(*who, "--contact", "desk@politie.example", *officers).code == 0
    entered = (
        "authority",
        "add",
        "pt-pj",
        "--name",
        "PJ",
        "--function",
        "police",
        "--state",
        "PT",
        "--contact",
        "c@pj",
    )
    assert desk.run(*entered, "--contact", "c@pj", "--as", "nl-politie/admin").code == 0
    assert desk.run("authority", "officer", PARTNER, "--role", "case_officer", "--as", "pt-pj/admin").code == 0


def give(desk: Desk) -> None:
    """Look, correct, import, mend what was rejected, say the category of what waits."""
    table = desk.table("list.csv", LIST)
    corrections = ("--set", "achternaam=lastName", "--set", "ref=@key", "--set", "@thing=Person")
    look = desk.run("import", str(table), "--look", *corrections, "--as", OFFICER)
    assert look.code == 0
    assert "lastName" in look.out
    options = (*corrections, "--list", "Rotterdam", "--community", "task-force", "--as", OFFICER)
    first = desk.run("import", str(table), "--yes", *options)
    assert first.code == 7
    rejects = Path(f"{table}.rejects.csv")
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        head = next(csv.reader(file))
    mended = desk.folder / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, ["3", "Teveel", "Piet", "1980-01-03", "+31 6 23456789", "", "", ""]])
    rejects.unlink()
    assert desk.run("import", str(mended), "--yes", *options).code == 0
    waiting = [each["record"] for each in desk.ask("contribution", "quarantine", officer=OFFICER)]
    assert len(waiting) == 3
    assert desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=OFFICER)["answer"] == "no_hit"
    assert (
        desk.run("contribution", "categorise", *waiting, "--category", "suspect_or_convicted", "--as", OFFICER).code
        == 0
    )


@pytest.fixture
def travelled(tmp_path: Path) -> Desk:
    desk = Desk(home=tmp_path / "home", folder=tmp_path)
    begin(desk)
    give(desk)
    return desk


def test_from_an_empty_folder_to_a_restored_backup(travelled: Desk) -> None:
    desk = travelled
    head = desk.folder / "head.json"
    assert desk.run("ledger", "head", "--out", str(head)).code == 0

    closed = desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=PARTNER)
    assert closed["answer"] == "hit_without_content"
    own = desk.ask("check", "+31 6 12345678", "--kind", "phone", *GROUNDS, officer=OFFICER)
    records = sorted(hit["record"] for hit in own["hits"])
    assert len(records) == 2
    hit = closed["without_content"][0]["reference"]
    ruled = desk.run("verdict", hit, "unsure", "--reason", "unsure_owner_asked", "--as", PARTNER)
    assert ruled.code == 0
    told = desk.ask("notices", officer=CASE)
    assert {(each["asker"], each["silent"]) for each in told} == {("pt-pj", False)}
    assert "unsure" in {each["verdict"] for each in told}
    record = next(each["record"] for each in told if each["verdict"] == "unsure")

    who = {each["authority"]: each["allowed"] for each in desk.ask("record", "who", record, officer=CASE)}
    assert who == {"nl-politie": True, "pt-pj": False}
    assert desk.run("record", "why", record, "--action", "court", "--as", OFFICER).code == 0
    opened = ("release", record, "--to", "pt-pj", "--action", "read", "--for-purpose", "18.2.a", "--as", CASE)
    assert desk.run(*opened).code == 0
    assert desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=PARTNER)["answer"] == "hit"

    judged = ("record", "judge", *records, "same", "--reason", "same phone and birth date", "--as", OFFICER)
    assert desk.run(*judged).code == 0
    assert desk.ask("record", "show", records[0], officer=OFFICER)["records"] == records
    exported = desk.folder / "export.csv"
    assert desk.run("export", "--out", str(exported), "--as", OFFICER).code == 0
    assert "Johannes" in exported.read_text(encoding="utf-8")

    backup = desk.folder / "backup"
    assert desk.run("backup", str(backup)).code == 0
    mended = desk.ask("check", "Piet Teveel", *GROUNDS, officer=OFFICER)["hits"][0]["record"]
    contribution = desk.ask("record", "show", mended, officer=OFFICER)["statements"][0]["contribution"]
    assert desk.run("contribution", "withdraw", contribution, "--reason", "wrong", "--as", CASE).code == 0
    assert desk.ask("check", "Piet Teveel", *GROUNDS, officer=OFFICER)["answer"] == "no_hit"
    for erased in (records[0], mended):
        assert desk.run("erase", "record", erased, "--reason", "unlawful", "--yes", "--as", CASE).code == 0
    assert desk.run("erase", "question", own["check"], "--reason", "retention_over", "--yes", "--as", DPO).code == 0

    ledger = desk.run("ledger", "verify", "--since", str(head))
    assert (ledger.code, "(1 erased)" in ledger.out) == (0, True)
    acts = {
        each["entry"]["act"] for each in desk.ask("ledger", "list", "--newest", "1000", officer=DPO) if each["entry"]
    }
    assert {"import", "categorise", "check", "notices_read", "release", "judge", "export", "withdraw", "erase"} <= acts

    there = Desk(home=desk.folder / "there", folder=desk.folder)
    restored = there.run("--json", "restore", str(backup), "--keys", str(desk.home))
    assert restored.code == 0
    assert restored.answer["unreadable"] > 0
    assert there.run("record", "show", records[0], "--as", OFFICER).code == 4
    assert there.run("ledger", "verify", "--since", str(head)).code == 0
