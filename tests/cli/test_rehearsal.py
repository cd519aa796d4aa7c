"""A rehearsal with networks on the command line: made, scored, refused where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, Said

pytestmark = pytest.mark.sqlite_only("a rehearsal lies in a file of its own")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rehearsal")


@pytest.fixture(scope="module")
def made(place: Path) -> Said:
    return _desk(place).run(
        "--json", "rehearsal", "make", "--authorities", "5", "--records", "400", "--seed", "4", str(place / "node")
    )


def _desk(place: Path) -> Desk:
    return Desk(home=place / "none", folder=place)


def test_a_scenario_is_made_and_loaded(made: Said) -> None:
    assert made.code == 0
    assert made.answer["records"] == 400
    assert made.answer["loaded"]["authorities"] == 5
    assert made.answer["networks"] >= 1


def test_it_is_scored_as_each_authority(made: Said, place: Path) -> None:
    said = _desk(place).run("--json", "rehearsal", "score", str(place / "node"))

    assert said.code == (0 if said.answer["reached"] else 1)
    assert len(said.answer["shares"]) == 5
    assert said.answer["leaked"] == said.answer["withheld"] == 0
    assert 0 < said.answer["found"] <= 1
    assert said.answer["false"] < 0.05


def test_the_table_names_what_was_found(made: Said, place: Path) -> None:
    said = _desk(place).run("rehearsal", "score", str(place / "node"), "--viewer", "nl-police")

    assert "nl-police" in said.out
    assert "Leaks: 0" in said.out
    assert "be-customs" not in said.out


def test_a_node_in_use_is_refused(made: Said, place: Path) -> None:
    assert _desk(place).run("rehearsal", "make", "--records", "100", str(place / "node")).code == 5


def test_a_folder_without_rehearsal_is_not_scored(place: Path) -> None:
    (place / "empty").mkdir()
    assert _desk(place).run("rehearsal", "score", str(place / "empty")).code == 4
    assert list((place / "empty").iterdir()) == []
