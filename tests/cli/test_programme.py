"""Reading a paper at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alidade.cli.main import run

PAPERS = Path(__file__).resolve().parents[1] / "programme" / "papers"


def test_json_says_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["programme", "read", str(PAPERS / "note_es.md"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert list(answer)[:3] == ["instrument", "measures", "answers"]
    assert answer["instrument"]["number"] == "UNODC/HONLAC/33/2"
    first = answer["answers"][0]
    assert {"recommendation", "state", "kind", "paragraph", "text"} <= set(first)
    assert (first["recommendation"], first["state"], first["kind"], first["paragraph"]) == ("1a", "ARG", "reported", 4)
    measure = answer["measures"][0]
    assert {"number", "title", "addressees", "dates", "references", "figures", "paragraph"} <= set(measure)
    assert all("paragraph" in each and "span" in each for each in measure["addressees"])
    assert answer["silent"]["1b"] == ["BOL", "CRI", "DOM"]


def test_a_person_reads_what_is_proposed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["programme", "read", str(PAPERS / "report_en.txt")]) == 0
    shown = capsys.readouterr().out
    assert "8123/1/27 REV 1" in shown
    assert "Nothing is kept before a person has accepted it." in shown


def test_what_is_no_paper_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert run(["programme", "read", str(tmp_path / "broken.pdf")]) == 2
    assert "broken.pdf is damaged." in capsys.readouterr().err
