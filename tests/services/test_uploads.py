"""Uploads: a file waits in quarantine, is read apart, and a hostile one is refused with nothing lost."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta

import bombs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from personas import DE, NL, Office, draft

from alidade.formats.mapping import Column, Mapping
from alidade.model.errors import AlidadeError, Conflict, Invalid, NotAllowed, NotFound, Unreadable
from alidade.model.viewer import Actor
from alidade.services import uploads as use
from alidade.services.correcting import erase_record
from alidade.services.import_job import ImportPlan, start_import
from alidade.services.jobs import jobs
from alidade.services.tidying import tidy
from alidade.services.uploads import Upload, discard, receive, settle, try_rows, upload, uploads

PEOPLE = b"no,name,born\n1,Jan Vermeulen,1964-07-31\n2,Piet Hein,1577\n3,,not a day\n"


def _receive(office: Office, content: bytes = PEOPLE, *, by: str = NL, declared: int | None = None) -> Upload:
    pieces = [content[start : start + 7000] for start in range(0, len(content), 7000)]
    return receive(office.node, office.officer(by), pieces, declared=declared)


def _quarantine(office: Office) -> list[str]:
    folder = office.store.folder / use.FOLDER
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_a_table_waits_in_quarantine_with_its_mapping_guessed(office: Office) -> None:
    found = _receive(office)
    looked = found.waiting.looked
    assert (looked.format, looked.header, looked.count) == ("table", ("no", "name", "born"), 3)
    assert looked.rows[0] == ("1", "Jan Vermeulen", "1964-07-31")
    assert found.waiting.mapping is not None
    assert {column.property for column in found.waiting.mapping.columns} == {"name", "birthDate"}
    (name,) = _quarantine(office)
    assert name == found.reference
    mode = (office.store.folder / use.FOLDER / name).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert b"Vermeulen" not in office.files()  # what is known of it lies sealed


def test_only_its_officer_sees_an_upload(office: Office) -> None:
    found = _receive(office)
    others = (office.officer(NL, "analyst"), office.officer(DE))
    for other in others:
        assert uploads(office.node, other) == []
        with pytest.raises(NotFound) as absent:
            upload(office.node, other, found.reference)
        with pytest.raises(NotFound) as unknown:
            upload(office.node, other, "0" * 32)
        assert str(absent.value) == str(unknown.value)
        with pytest.raises(NotFound):
            discard(office.node, other, found.reference)
    assert [each.reference for each in uploads(office.node, office.officer(NL))] == [found.reference]


@pytest.mark.parametrize("kind", bombs.REFUSED)
def test_a_hostile_file_is_refused_and_gone(office: Office, kind: str) -> None:
    with pytest.raises(Unreadable) as refused:
        _receive(office, bombs.REFUSED[kind]())
    assert _quarantine(office) == []
    assert uploads(office.node, office.officer(NL)) == []
    text = str(refused.value)
    assert "The file" in text
    assert "/" not in refused.value.message.replace("UTF-16/32", "")
    assert refused.value.message.endswith(".")
    assert office.entries(NL)[1].details[-1] == ("step", "upload refused")


@pytest.mark.parametrize("content", [bombs.billion_laughs(), bombs.outside_entity(), bombs.nested_json()])
def test_entities_and_depths_are_never_followed(office: Office, content: bytes) -> None:
    """Either it is refused at once, or nothing of it comes through as a value."""
    try:
        found = _receive(office, content)
    except Unreadable:
        assert _quarantine(office) == []
        return
    try:
        fates = try_rows(office.node, office.officer(NL), found.reference, office.handling())
    except Unreadable:
        return
    assert all(fate.state == "rejected" for fate in fates)
    assert all("root:" not in value for fate in fates for _, value in fate.statements)


def test_an_endless_quote_costs_its_row_and_not_the_node(office: Office) -> None:
    found = _receive(office, bombs.endless_quote())
    assert found.waiting.looked.count is not None


def test_too_large_is_refused_before_and_while_it_is_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use, "LARGEST", 10_000)
    taken: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            taken.append(number)
            yield b"x" * 3000

    with pytest.raises(Invalid, match="larger"):
        receive(office.node, office.officer(NL), pieces(), declared=10_001)
    assert taken == []
    with pytest.raises(Invalid, match="larger"):
        receive(office.node, office.officer(NL), pieces())
    assert len(taken) == 4  # no piece is asked for beyond the first that is too much
    assert _quarantine(office) == []


def test_a_sender_who_breaks_off_leaves_nothing(office: Office) -> None:
    def pieces() -> Iterator[bytes]:
        yield PEOPLE
        raise ConnectionError

    with pytest.raises(ConnectionError):
        receive(office.node, office.officer(NL), pieces())
    assert _quarantine(office) == []


def test_who_may_not_import_writes_nothing(office: Office) -> None:
    with pytest.raises(NotAllowed):
        receive(office.node, office.officer(NL, "front_line_officer"), [PEOPLE])
    assert _quarantine(office) == []


def test_a_dry_run_says_what_becomes_of_each_row(office: Office) -> None:
    actor, found = office.officer(NL), _receive(office)
    fates = try_rows(office.node, actor, found.reference, office.handling())
    assert [(fate.row, fate.state) for fate in fates] == [(2, "kept"), (3, "kept"), (4, "rejected")]
    assert ("name", "Jan Vermeulen") in fates[0].statements
    assert any(problem.field == "born" for problem in fates[2].problems)
    assert all("not a day" not in problem.reason for fate in fates for problem in fate.problems)
    assert office.ask(NL, "Jan Vermeulen").kind == "no_hit"  # nothing is kept
    waiting = try_rows(office.node, actor, found.reference, office.handling(subject_category=None))
    assert [fate.state for fate in waiting] == ["quarantined", "quarantined", "rejected"]


def test_a_mapping_with_a_fault_is_not_tried(office: Office) -> None:
    actor, found = office.officer(NL), _receive(office)
    settle(office.node, actor, found.reference, Mapping(thing="Person", columns=()), {})
    with pytest.raises(Invalid, match="No column is read"):
        try_rows(office.node, actor, found.reference, office.handling())


def test_a_mapping_is_remembered_by_the_header(office: Office) -> None:
    actor, found = office.officer(NL), _receive(office)
    mine = Mapping(thing="Person", keys=("no",), columns=(Column(column="name", property="alias"),))
    settle(office.node, actor, found.reference, mine, {"source_list": "watch"})
    assert upload(office.node, actor, found.reference).waiting.settings == {"source_list": "watch"}
    start_import(office.node, actor, found.reference, ImportPlan(handling=office.handling(), source_list="watch"))
    again = _receive(office, PEOPLE.replace(b"no,name,born", b"No.,NAME,Born"))
    assert not again.waiting.remembered  # other names of columns cannot be read with it
    again = _receive(office, PEOPLE)
    assert again.waiting.remembered
    assert again.waiting.mapping == mine
    assert not _receive(office, PEOPLE, by=DE).waiting.remembered  # each authority remembers its own


def test_uploads_are_gone_after_a_day(office: Office) -> None:
    _receive(office)
    assert tidy(office.node) == 0
    office.clock.move(days=1, hours=1)
    assert tidy(office.node) == 1
    assert _quarantine(office) == []
    assert uploads(office.node, office.officer(NL)) == []


def test_what_a_cut_upload_left_is_swept(office: Office) -> None:
    _receive(office)
    stray = office.store.folder / use.FOLDER / ("f" * 32)
    stray.write_bytes(b"half")
    past = (office.clock.now() - timedelta(days=2)).timestamp()
    os.utime(stray, (past, past))
    assert tidy(office.node) == 1
    assert not stray.exists()
    assert len(_quarantine(office)) == 1


def test_erasure_reaches_what_waits(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    actor = office.officer(NL)
    _receive(office)
    ordered = _receive(office)
    job = start_import(
        office.node, actor, ordered.reference, ImportPlan(handling=office.handling(), source_list="watch")
    )
    foreign = _receive(office, by=DE)
    erase_record(office.node, actor, record, "unlawful")
    assert _quarantine(office) == [foreign.reference]
    assert uploads(office.node, actor) == []
    assert [(each.reference, each.state) for each in jobs(office.node, actor)] == [(job, "cancelled")]


def test_a_file_that_is_no_longer_there_is_said_so(office: Office) -> None:
    actor, found = office.officer(NL), _receive(office)
    (office.store.folder / use.FOLDER / found.reference).unlink()
    with pytest.raises(Conflict, match="no longer here"):
        try_rows(office.node, actor, found.reference, office.handling())
    with pytest.raises(Conflict, match="no longer here"):
        start_import(office.node, actor, found.reference, ImportPlan(handling=office.handling(), source_list="w"))


def _survives(office: Office, actor: Actor, content: bytes) -> None:
    refused = ""
    try:
        found = receive(office.node, actor, [content])
        try_rows(office.node, actor, found.reference, office.handling())
    except AlidadeError as error:
        refused = error.code
    assert refused != "too_heavy"  # the process apart ends by itself
    for each in uploads(office.node, actor):
        discard(office.node, actor, each.reference)
    assert _quarantine(office) == []


_STARTS = (b"", b"PK\x03\x04", b"<?xml version='1.0'?>", b'{"type": "bundle"', b"\xff\xfe", b"a;b\n", b"%PDF")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(start=st.sampled_from(_STARTS), rest=st.binary(max_size=300))
def test_no_file_brings_the_node_down(office: Office, start: bytes, rest: bytes) -> None:
    _survives(office, office.officer(NL), start + rest)
