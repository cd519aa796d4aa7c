"""Apart: the process that reads files from outside has no database, no network and no other file to do harm with."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from alidade.formats import apart
from alidade.formats.apart import Confinement, End, Errand, Items, Looked, Message, Refused, frame, read_frame
from alidade.formats.mapping import Column, Mapping
from alidade.vocabulary import load_vocabulary

PROBE = """
import json, os, socket, sys
from pathlib import Path
from alidade.formats.confinement import Limits, confine
import alidade.formats.apart
named, other, folder = map(Path, sys.argv[1:4])
held = confine([named], Limits(memory=768 * 1024 * 1024))
def tried(act):
    try:
        act()
    except (OSError, MemoryError):
        return False
    return True
print(json.dumps({
    "network": held.network, "files": held.files,
    "named": tried(named.read_bytes), "other": tried(other.read_bytes), "listed": tried(lambda: os.listdir(folder)),
    "written": tried(lambda: (folder / "new").write_text("x")),
    "connected": tried(lambda: socket.create_connection(("192.0.2.1", 9), timeout=1)),
    "memory": tried(lambda: bytearray(1024 * 1024 * 1024)),
    "database": sorted({name.split(".")[0] for name in sys.modules} & {"django", "sqlite3", "psycopg"}),
}), flush=True)
"""


def _probe(tmp_path: Path) -> dict[str, object]:
    named, other = tmp_path / "named", tmp_path / "other"
    named.write_text("x")
    other.write_text("x")
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROBE, str(named), str(other), str(tmp_path)], capture_output=True, check=True
    )
    answers: dict[str, object] = json.loads(done.stdout)
    return answers


def test_a_confined_process_has_nothing_to_do_harm_with(tmp_path: Path) -> None:
    answers = _probe(tmp_path)
    assert answers["named"] is True
    assert answers["memory"] is False
    assert answers["database"] == []
    assert answers["written"] is False  # no file may grow, whatever the kernel is
    if answers["network"]:
        assert answers["connected"] is False
    if answers["files"]:
        assert (answers["other"], answers["listed"]) == (False, False)


def _run(errand: Errand) -> list[Message]:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "alidade.formats.apart"],
        input=frame(msgspec.msgpack.encode(errand)),
        capture_output=True,
        check=True,
    )
    source = BytesIO(done.stdout)
    found: list[Message] = []
    while (content := read_frame(source)) is not None:
        found.append(msgspec.msgpack.decode(content, type=Message))
    return found


WORDS = str(load_vocabulary().folder)


def test_a_look_says_what_a_table_is(tmp_path: Path) -> None:
    path = tmp_path / "0123abc"
    path.write_text("name,born\nJan Vermeulen,1964\nPiet Hein,1577\n")
    first, looked, last = _run(Errand(path=str(path), act="look", vocabulary=WORDS))
    assert isinstance(first, Confinement)
    assert isinstance(looked, Looked)
    assert isinstance(last, End)
    assert (looked.header, looked.count, looked.format) == (("name", "born"), 2, "table")
    assert "0123abc" not in looked.sentence


def test_rows_come_as_drafts_and_problems(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"name,born\nJan,1964\n,never\n" + b"Piet,1577\n" * 150)
    mapping = Mapping(
        thing="Person", columns=(Column(column="name", property="name"), Column(column="born", property="birthDate"))
    )
    errand = Errand(path=str(path), act="read", vocabulary=WORDS, format="table", mapping=mapping)
    items = [item for message in _run(errand) if isinstance(message, Items) for item in message.items]
    kinds = [type(item).__name__ for item in items]
    assert kinds.count("ReadDraft") == 151
    assert "ReadProblem" in kinds
    few = _run(msgspec.structs.replace(errand, most=2))
    assert sum(len(message.items) for message in few if isinstance(message, Items)) == 2


def test_what_cannot_be_read_is_refused_without_its_path(tmp_path: Path) -> None:
    path = tmp_path / "secret-name"
    path.write_bytes(b"PK\x03\x04" + bytes(50))
    refused = next(
        message
        for message in _run(Errand(path=str(path), act="look", vocabulary=WORDS))
        if isinstance(message, (Refused, Looked))
    )
    text = refused.message if isinstance(refused, Refused) else refused.sentence
    assert "secret-name" not in text
    assert str(tmp_path) not in text


def test_half_a_letter_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text('{"id": "a", "schema": "Person", "properties": {"name": ["\\ud800x"]}}\n')
    messages = _run(Errand(path=str(path), act="read", vocabulary=WORDS, format="ftm"))
    assert isinstance(messages[-1], (End, Refused))


@pytest.mark.parametrize("content", [b"\x00", b"\x00\x00\x00\x05ab", b"\xff\xff\xff\xff"])
def test_a_frame_that_is_cut_off_or_too_long_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="message"):
        read_frame(BytesIO(content))


def test_frames_survive_the_way() -> None:
    source = BytesIO(frame(b"one") + frame(b""))
    assert (read_frame(source), read_frame(source), read_frame(source)) == (b"one", b"", None)
    assert apart.LONGEST_MESSAGE < 2**32
