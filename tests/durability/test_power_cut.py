"""After a power cut at any moment, what was acknowledged is there, provable, logged; nothing is half done.

Simulated are both files, alidade.db and keys.db, with their journals: one log of writes and syncs in the
order in which the store asked for them. The file node.key is synced before either and is taken to be there.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from acts import Dice, Receipt, begin, one_after_the_other, open_node
from inspection import inspect
from power_cut_vfs import Disk, Operation, Replay

from alidade.store.engines import sqlite

ENGINE = "apsw_backend"
ACTS = 40
# Carry the journal over every few acts, so that cuts fall into that as well.
CHECKPOINT = ("wal_autocheckpoint", "40", 40)

Simulated = Callable[[Disk], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What one run asked of the disk, and after how many operations each act was acknowledged."""

    base: dict[str, bytes]
    operations: list[Operation]
    receipts: list[tuple[int, Receipt]]
    founded: int


@pytest.fixture
def record(tmp_path: Path, simulated: Simulated, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str, int], History]:
    """Record a history of a node made with these dice, under this setting of `synchronous`."""

    def recorded(seed: int, synchronous: str = "FULL", value: int = 2) -> History:
        folder = tmp_path / f"recorded-{seed}-{synchronous}"
        disk = Disk()
        pragmas = [one for one in sqlite.PRAGMAS if one[0] != "synchronous"]
        pragmas += [("synchronous", synchronous, value), CHECKPOINT]
        with monkeypatch.context() as patch, simulated(disk):
            patch.setattr(sqlite, "PRAGMAS", tuple(pragmas))
            node = open_node(folder, engine=ENGINE, randomness=Dice(seed))
            begin(node)
            founded = len(disk.operations)
            receipts = [(len(disk.operations), receipt) for receipt in one_after_the_other(node, ACTS)]
            node.close()
        base = {"node.key": (folder / "node.key").read_bytes()}
        return History(base=base, operations=disk.operations, receipts=receipts, founded=founded)

    return recorded


def _cuts(history: History, count: int, dice: random.Random) -> Iterator[int]:
    """Points of the history, in order: half of them anywhere, half just after a receipt."""
    end = len(history.operations)
    marks = [mark for mark, _ in history.receipts]
    anywhere = [dice.randint(history.founded, end) for _ in range(count - count // 2)]
    close = [min(end, dice.choice(marks) + dice.choice((0, 0, 0, 1, 2, 5))) for _ in range(count // 2)]
    return iter(sorted(anywhere + close))


def _lay_out(folder: Path, image: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for name, content in image.items():
        (folder / name).write_bytes(content)
    (folder / "node.key").chmod(0o600)


def _cut_through(history: History, count: int, seed: int, folder: Path) -> tuple[dict[int, list[str]], int]:
    """The problems after each of `count` cuts, and how many cuts met writes in doubt."""
    dice = random.Random(seed)
    replay = Replay(history.base, history.operations)
    problems: dict[int, list[str]] = {}
    doubtful = 0
    for number, cut in enumerate(_cuts(history, count, dice)):
        replay.advance(cut)
        doubtful += replay.pending() > 0
        _lay_out(folder, replay.image(dice))
        try:
            found = inspect(folder, [receipt for mark, receipt in history.receipts if mark <= cut])
        except Exception as error:  # a store that cannot be opened at all is a finding, not an accident of the test
            found = [f"cannot be opened: {type(error).__name__} {error}"]
        if found:
            problems[number] = [f"cut at operation {cut}", *found]
    return problems, doubtful


def test_power_cuts_lose_nothing_acknowledged(
    record: Callable[..., History], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    history = record(1)
    assert len(history.receipts) >= ACTS
    problems, doubtful = _cut_through(history, 200, 20_001, tmp_path / "image")
    record_property("cuts", 200)
    assert problems == {}
    assert doubtful > 60, "most cuts met no write in doubt; the simulation tests nothing"


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 12))
def test_ten_thousand_power_cuts(record: Callable[..., History], tmp_path: Path, seed: int) -> None:
    problems, _ = _cut_through(record(seed), 1000, 20_000 + seed, tmp_path / "image")
    assert problems == {}


def test_power_cut_while_the_node_is_founded(record: Callable[..., History], tmp_path: Path) -> None:
    """Nothing is promised yet, but the node opens again and its first act is whole or absent."""
    history = record(21)
    dice = random.Random(21)
    replay = Replay(history.base, history.operations)
    for cut in sorted(dice.randint(0, history.founded) for _ in range(25)):
        replay.advance(cut)
        _lay_out(tmp_path / "image", replay.image(dice))
        assert inspect(tmp_path / "image", []) == [], f"cut at operation {cut}"


@pytest.mark.parametrize(("synchronous", "value"), [("NORMAL", 1), ("OFF", 0)])
def test_less_durable_settings_are_found_out(
    record: Callable[..., History], tmp_path: Path, synchronous: str, value: int
) -> None:
    """A test of the tests above: with the usual advice they fail."""
    problems, _ = _cut_through(record(30 + value, synchronous, value), 25, 30, tmp_path / "image")
    lost = [text for found in problems.values() for text in found if "is lost" in text or "rollback" in text]
    assert len(problems) > 5
    if synchronous == "NORMAL":
        assert lost
    else:
        assert any("is lost" not in text for found in problems.values() for text in found[1:])


def test_a_recorded_history_replays_to_the_files_it_left(record: Callable[..., History], tmp_path: Path) -> None:
    """A test of the recorder: with no cut, the replayed files are the true ones."""
    history = record(40)
    replay = Replay(history.base, history.operations)
    replay.advance(len(history.operations))
    image = replay.image(random.Random(0))
    for name in ("alidade.db", "keys.db"):
        assert image[name] == (tmp_path / "recorded-40-FULL" / name).read_bytes()


def test_a_torn_write_mixes_old_and_new_sectors() -> None:
    old, new = b"o" * 2048, b"n" * 2048
    replay = Replay({"f": old}, [Operation("write", "f", data=new)])
    replay.advance(1)
    images = {replay.image(random.Random(seed))["f"] for seed in range(60)}
    assert old in images
    assert new in images
    torn = images - {old, new}
    assert torn
    assert all(set(image[at : at + 512]) in ({ord("o")}, {ord("n")}) for image in torn for at in range(0, 2048, 512))


def test_what_was_synced_is_certain() -> None:
    replay = Replay({}, [Operation("write", "f", data=b"n" * 2048), Operation("sync", "f")])
    replay.advance(2)
    assert {replay.image(random.Random(seed))["f"] for seed in range(20)} == {b"n" * 2048}
    with pytest.raises(ValueError, match="forwards"):
        replay.advance(1)
