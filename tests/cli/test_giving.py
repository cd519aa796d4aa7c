"""Import, quarantine, category, withdrawal and erasure at the command line."""

from __future__ import annotations

import csv
from pathlib import Path

from desk import ANALYST, CASE, GROUNDS, LIAISON, PORTUGUESE, Desk

from databases import bytes_of

MIXED = (
    "number,surname,first name,birth date\n"
    "1,Goedhart,Anna,1980-01-02\n"
    "2,Teveel,Piet,1980-01-03,one cell too many\n"
    "3,Zuiver,Cato,1980-01-04\n"
)
KIND = ("--category", "suspect_or_convicted", "--community", "all")


def test_what_we_gave_is_listed_with_its_state(desk: Desk) -> None:
    desk.ask(
        "import", str(desk.table("n.csv", MIXED.replace(",one cell too many", ""))), "--yes", *KIND, officer=ANALYST
    )
    newest = desk.ask("contribution", "list", officer=ANALYST)[0]
    said = desk.run("contribution", "list", "--as", ANALYST)

    assert (newest["records"], newest["state"]) == (3, "active")
    assert newest["reference"] in said.out


def test_a_look_keeps_nothing(desk: Desk) -> None:
    before = desk.ask("record", "list", officer=ANALYST)["statements"]
    said = desk.run("import", str(desk.table("n.csv", MIXED)), "--look", "--as", ANALYST)

    assert said.code == 0
    assert "It would be read so" in said.out
    assert desk.ask("record", "list", officer=ANALYST)["statements"] == before


def test_a_correction_of_the_mapping_counts(desk: Desk) -> None:
    table = desk.table("odd.csv", "column a,column b\nGoedhart,Anna\n")
    options = ("--yes", "--set", "@thing=Person", "--set", "column a=lastName", "--set", "column b=firstName", *KIND)
    wrong = desk.run("import", str(table), "--yes", "--set", "column c=lastName", "--as", ANALYST)
    desk.ask("import", str(table), *options, officer=ANALYST)

    assert wrong.code == 2
    assert desk.ask("check", "Anna Goedhart", *GROUNDS, officer=PORTUGUESE)["answer"] == "hit"


def test_a_mapping_is_kept_and_used_again(desk: Desk) -> None:
    mapping = desk.folder / "mapping.json"
    table = desk.table("a.csv", "column a\nGoedhart\n")
    look = ("import", str(table), "--look", "--set", "@thing=Person", "--set", "column a=lastName")
    assert desk.run(*look, "--save-mapping", str(mapping), "--as", ANALYST).code == 0
    kept = mapping.read_bytes()
    report = desk.ask("import", str(table), "--mapping", str(mapping), *KIND, officer=ANALYST)
    again = desk.run("import", str(table), "--look", "--save-mapping", str(mapping), "--as", ANALYST)

    assert report["new"] == 1
    assert again.code == 5, "a file that is there is not overwritten"
    assert mapping.read_bytes() == kept


def test_rejected_rows_are_mended_and_given_again(desk: Desk) -> None:
    table = desk.table("mixed.csv", MIXED)
    first = desk.run("import", str(table), "--yes", *KIND, "--as", ANALYST)
    rejects = Path(str(table) + ".rejects.csv")
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    mended = rejects.with_name("mended.csv")
    with mended.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, ["2", "Teveel", "Piet", "1980-01-03", "", "", ""]])
    again = desk.run("--json", "import", str(mended), "--yes", "--list", "mixed.csv", "--part", *KIND, "--as", ANALYST)

    assert first.code == 7
    assert "Teveel" in row[-1], "the row stands there as it was read"
    assert (again.code, again.answer["new"], again.answer["delisted"]) == (0, 1, 0)
    for name in ("Anna Goedhart", "Piet Teveel", "Cato Zuiver"):
        assert desk.ask("check", name, *GROUNDS, officer=ANALYST)["answer"] == "hit"


def test_a_reject_file_is_never_overwritten(desk: Desk) -> None:
    table = desk.table("mixed.csv", MIXED)
    desk.run("import", str(table), "--yes", *KIND, "--as", ANALYST)
    again = desk.run("import", str(table), "--yes", *KIND, "--as", ANALYST)
    elsewhere = desk.folder / "elsewhere.csv"
    third = desk.run("import", str(table), "--yes", *KIND, "--rejects", str(elsewhere), "--as", ANALYST)

    assert (again.code, third.code) == (5, 7)
    assert elsewhere.exists()


def test_the_same_list_again_changes_nothing_and_a_newer_one_what_changed(desk: Desk) -> None:
    head, options = "number,surname,first name\n", ("--list", "L", "--set", "number=@key", *KIND)
    desk.give("l.csv", head + "1,Goedhart,Anna\n2,Zuiver,Cato\n", ANALYST, *options)
    same = desk.give("l.csv", head + "1,Goedhart,Anna\n2,Zuiver,Cato\n", ANALYST, *options)
    newer = desk.give("l2.csv", head + "1,Goedhart,Annie\n3,Nieuw,Bea\n", ANALYST, *options)

    assert (same["unchanged"], same["new"], same["statements"]) == (2, 0, 0)
    assert (newer["altered"], newer["new"], newer["delisted"]) == (1, 1, 1)
    assert desk.ask("check", "Cato Zuiver", *GROUNDS, officer=ANALYST)["answer"] == "no_hit"


def test_a_person_without_category_waits(desk: Desk) -> None:
    before = desk.ask("check", "Theodora Wachtkamer", *GROUNDS, officer=ANALYST)["answer"]
    wrong = desk.run("contribution", "categorise", desk.names["Wachtkamer"], "--category", "villain", "--as", ANALYST)
    said = desk.run("contribution", "categorise", desk.names["Wachtkamer"], "--category", "witness", "--as", ANALYST)
    twice = desk.run("contribution", "categorise", desk.names["Wachtkamer"], "--category", "witness", "--as", ANALYST)

    assert (before, wrong.code, said.code, twice.code) == ("no_hit", 2, 0, 5)
    assert "can be found now" in said.out
    assert desk.ask("contribution", "quarantine", officer=ANALYST) == []
    assert desk.ask("check", "Theodora Wachtkamer", *GROUNDS, officer=PORTUGUESE)["answer"] == "hit"


def test_what_is_withdrawn_is_found_no_more(desk: Desk) -> None:
    contribution = desk.ask("record", "show", desk.names["Geslotenius"], officer=ANALYST)["statements"][0][
        "contribution"
    ]
    wrong = desk.run("contribution", "withdraw", contribution, "--reason", "no such reason", "--as", LIAISON)
    refused = desk.run("contribution", "withdraw", contribution, "--reason", "wrong", "--as", ANALYST)
    done = desk.run("contribution", "withdraw", contribution, "--reason", "wrong", "--as", LIAISON)
    twice = desk.run("contribution", "withdraw", contribution, "--reason", "wrong", "--as", LIAISON)

    assert (wrong.code, refused.code, done.code, twice.code) == (2, 3, 0, 5)
    assert desk.run("record", "show", desk.names["Geslotenius"], "--as", ANALYST).code == 4
    assert desk.ask("check", "Quirijn Geslotenius", *GROUNDS, officer=PORTUGUESE)["answer"] == "no_hit"


def test_erasing_one_property_leaves_the_others(desk: Desk) -> None:
    record = desk.names["Vermeer"]
    done = desk.ask("erase", "record", record, "--property", "phone", "--reason", "inaccurate", "--yes", officer=CASE)
    left = {statement["property"] for statement in desk.ask("record", "show", record, officer=CASE)["statements"]}

    assert done["statements"] == 1
    assert "phone" not in left
    assert "lastName" in left
    assert desk.ask("check", "+31 6 12345678", "--kind", "phone", *GROUNDS, officer=CASE)["answer"] == "no_hit"


def test_an_erased_value_is_in_no_file_of_the_node(desk: Desk) -> None:
    assert b"Achterberg" in bytes_of(desk.home)
    desk.ask("erase", "record", desk.names["Achterberg"], "--reason", "unlawful", "--yes", officer=CASE)

    assert b"Achterberg" not in bytes_of(desk.home)
    assert desk.run("record", "show", desk.names["Achterberg"], "--as", CASE).code == 4


def test_erasing_asks_once_more(desk: Desk) -> None:
    said = desk.run("erase", "record", desk.names["Vermeer"], "--reason", "unlawful", "--as", CASE, typed="y\n")

    assert said.code == 0
    assert "Erase?" in said.out


def test_erasing_a_question_leaves_the_ledger_whole(desk: Desk) -> None:
    done = desk.ask("erase", "question", desk.names["nl check"], "--reason", "retention_over", "--yes", officer=CASE)
    ledger = desk.ask("ledger", "verify")

    assert done["questions"] == 1
    assert (ledger["sound"], ledger["erased"]) == (True, 1)
    assert desk.run("erase", "record", desk.names["Vermeer"], "--reason", "no reason", "--yes", "--as", CASE).code == 2
