"""A list of questions: every row answered, in order, each with its own ledger entry, and nothing runs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from personas import DE, FR, NL, VE, Office, draft

from alidade.model.errors import Conflict, Invalid, NotAllowed, Unreadable
from alidade.services.check_list import ANSWER_COLUMNS, PORTION, check_list


def _ask(office: Office, who: str, text: str, folder: Path, **more: object) -> tuple[object, list[dict[str, str]]]:
    questions, answers = folder / "questions.csv", folder / f"answers {who}.csv"
    questions.write_text(text, encoding="utf-8")
    told = check_list(office.node, office.officer(who), questions, answers, **more)  # type: ignore[arg-type]
    with answers.open(encoding="utf-8-sig", newline="") as file:
        return told, list(csv.DictReader(file))


QUESTIONS = (
    "Name,kind,born,nationality,country\n"
    "Jan Vermeulen,,1964-07-31,nl,\n"
    "0612345678,phone,,,NL\n"
    "Diederik Zandstra,name,,,\n"
    "XX00,iban,,,\n"
    "one,cell,too,many,here,now\n"
    "=Jan Vermeulen,name,,,\n"
)


def test_every_row_is_answered_in_order(office: Office, tmp_path: Path) -> None:
    closed = office.handling(communities=("otf-lime",))
    record = office.give(
        draft("1", name="Jan Vermeulen", birthDate="1964-07-31", phone="+31612345678"), handling=closed
    ).records["1"]
    told, rows = _ask(office, NL, QUESTIONS, tmp_path)
    assert (told.questions, told.hits, told.no_hits, told.wrong) == (6, 3, 1, 2)  # type: ignore[attr-defined]
    assert tuple(rows[0]) == ANSWER_COLUMNS
    assert [(row["row"], row["answer"]) for row in rows] == [
        ("2", "hit"), ("3", "hit"), ("4", "no hit"), ("5", "not asked"), ("6", "not asked"), ("7", "hit"),
    ]  # fmt: skip
    assert rows[0]["record"] == record
    assert "birthDate equal" in rows[0]["matched"]
    assert rows[3]["remark"]
    assert rows[5]["question"] == "'=Jan Vermeulen"

    told, rows = _ask(office, DE, QUESTIONS, tmp_path)
    assert (told.hits, told.hits_without_content) == (0, 3)  # type: ignore[attr-defined]
    assert {(row["answer"], row["record"], row["contact"]) for row in rows if row["owner"]} == {
        ("hit without content", "", f"desk@{NL}.example")
    }
    told, rows = _ask(office, VE, QUESTIONS, tmp_path)
    assert told.no_hits == 4  # type: ignore[attr-defined]


def test_one_entry_for_each_question(office: Office, tmp_path: Path) -> None:
    office.give(draft("1", name="Jan Vermeulen"))
    steps: list[int] = []
    count = PORTION + 3
    _ask(office, FR, "Jan Vermeulen\n" * count, tmp_path, progress=steps.append)
    entries = [entry for entry in office.entries(FR) if entry.act == "check"]
    assert len(entries) in (count, count - 1)  # a list of one column without a name may begin with its first row
    assert steps[0] == PORTION
    assert len({dict(entry.details)["check"] for entry in entries}) == len(entries)


def test_nothing_is_overwritten_or_left_half(office: Office, tmp_path: Path) -> None:
    (tmp_path / "questions.csv").write_text("text\nJan Vermeulen\n")
    (tmp_path / "taken.csv").write_text("mine")
    (tmp_path / "wrong.csv").write_text("colour,size\nred,9\n")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    node = office.node
    for questions, answers, officer, error in (
        ("questions.csv", "taken.csv", office.officer(DE), Conflict),
        ("wrong.csv", "a.csv", office.officer(DE), Invalid),
        ("picture.csv", "a.csv", office.officer(DE), Unreadable),
        ("questions.csv", "a.csv", office.officer(DE, "front_line_officer"), NotAllowed),
        ("questions.csv", "a.csv", office.officer(DE, case=None), Invalid),
    ):
        with pytest.raises(error):
            check_list(node, officer, tmp_path / questions, tmp_path / answers)
        assert not (tmp_path / "a.csv").exists()
    assert (tmp_path / "taken.csv").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {
        "questions.csv",
        "taken.csv",
        "wrong.csv",
        "picture.csv",
    }
