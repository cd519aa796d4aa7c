"""The index of names at the command line: how it stands, and making it anew."""

from __future__ import annotations

from desk import Desk

from alidade.store.name_index import kept_file


def test_it_is_shown_built_and_found_damaged(desk: Desk) -> None:
    before = desk.ask("index", "show")
    assert before["kept"] == 0
    assert before["names"] > 0
    assert "There is no file" in desk.run("index", "show").out
    built = desk.ask("index", "build")
    assert (built["kept"], built["sound"]) == (before["names"], True)
    assert "as they were written" in desk.run("index", "show").out
    (names,) = (desk.home / kept_file.FOLDER).glob("names-*/names")
    names.write_bytes(names.read_bytes()[:-1] + b"\x7f")
    assert "alidade index build" in desk.run("index", "show").out
    assert desk.ask("index", "build")["sound"]


def test_an_answer_says_what_it_is_for(desk: Desk) -> None:
    said = desk.run(
        "check", "Johannes Vermeer", "--use", "must_be_sure", "--ground", "criminal_investigation", "--case", "c",
        "--why", "w", "--as", "pt-pj/m.silva",
    )  # fmt: skip
    assert said.code == 0
    assert "must be sure" in said.out
    assert "johannes / johannes: equal" in said.out
