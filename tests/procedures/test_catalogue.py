"""The catalogue: versions side by side, the node's own beside those that come with Alidade."""

from __future__ import annotations

from pathlib import Path

import pytest
from procedure_play import SMALL

from alidade.model.errors import Conflict, NotFound, Unreadable
from alidade.procedures import Catalogue, load_catalogue, read_definition

CODES = (
    "consent_request", "correction_and_erasure", "deconfliction_notice", "hit_follow_up", "information_request",
    "questionnaire_round",
    "spontaneous_information",
)  # fmt: skip


def test_the_catalogue_that_comes_with_alidade() -> None:
    catalogue = load_catalogue()
    assert catalogue.codes() == CODES
    assert load_catalogue() is catalogue
    for code in CODES:
        newest = catalogue.newest(code)
        assert newest == catalogue.get(code, newest.version)
        assert newest.source
    assert len(catalogue.digests()) == len(catalogue.all_versions())


def test_what_nobody_has_read_in_the_act_is_not_called_verified() -> None:
    request = load_catalogue().newest("information_request")
    assert not request.verified
    assert not any(choice.verified for choice in request.lists["refusal"])
    assert not any(each.verified for each in request.statistics)
    delay = request.transition("announce_delay")
    assert delay is not None
    assert delay.verified


def test_a_running_thread_keeps_its_version() -> None:
    old = read_definition(SMALL.encode())
    new = read_definition(SMALL.replace('"version": 1', '"version": 2').replace("House", "New house").encode())
    catalogue = load_catalogue([new, old, old])
    assert catalogue.versions("question") == (1, 2)
    assert catalogue.newest("question") is new
    assert catalogue.get("question", 1) == old
    assert [each.code for each in catalogue.all_newest()] == sorted([*CODES, "question"])
    assert load_catalogue().versions("question") == ()


def test_a_version_says_one_thing_only() -> None:
    changed = read_definition(SMALL.replace("House", "Other house").encode())
    with pytest.raises(Conflict, match="next version"):
        Catalogue([read_definition(SMALL.encode()), changed])


def test_own_procedures_may_lie_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "question.json").write_text(SMALL)
    (tmp_path / "notes.txt").write_text("not a procedure")
    assert load_catalogue(tmp_path).newest("question").version == 1
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(Unreadable, match=r"broken\.json, line 1"):
        load_catalogue(tmp_path)


def test_an_unknown_procedure_or_version_is_not_found() -> None:
    for ask in (lambda: load_catalogue().newest("nothing"), lambda: load_catalogue().get("information_request", 99)):
        with pytest.raises(NotFound):
            ask()
