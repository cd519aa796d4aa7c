"""A disk that fails at any write or sync: the act is refused, the node stops, nothing promised is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import apsw
import pytest
from acts import Receipt, ask, begin, case_officer, give, open_node
from inspection import inspect
from power_cut_vfs import Disk, DiskError, DiskFull

from alidade.model.errors import Damaged
from alidade.services.correcting import erase_question
from alidade.services.node import Node

ENGINE = "apsw_backend"
Simulated = Callable[[Disk], AbstractContextManager[None]]
FAILURES = pytest.mark.parametrize("failure", [DiskError, DiskFull], ids=["io", "no-room"])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with something in it, to be copied."""
    folder = tmp_path_factory.mktemp("begun") / "node"
    node = open_node(folder)
    begin(node)
    give(node, case_officer(node), 1000, things=2)
    node.close()
    return folder


def _acts(node: Node, receipts: list[Receipt]) -> None:
    """What the officer was about to do; each act adds its receipt once it has returned."""
    actor = case_officer(node)
    for number in range(3):
        receipts.append(give(node, actor, number, things=2))
        receipts.append(ask(node, actor, number))
        receipts.append(give(node, actor, number, things=3, version=number))
    made = ask(node, actor, 4)
    receipts.append(made)
    erased = erase_question(node, actor, made.reference, "court_order")
    receipts.append(Receipt("erasure", erased.erasure, gone=made.reference))


def _until_it_fails(
    begun: Path, folder: Path, simulated: Simulated, n: int, failure: type[apsw.Error]
) -> tuple[Disk, list[str]]:
    """Let the n-th write, sync or cut of a node at work fail; what is wrong with how it took it."""
    shutil.copytree(begun, folder)
    disk = Disk(failure=failure)
    receipts: list[Receipt] = []
    wrong: list[str] = []
    with simulated(disk):
        node = open_node(folder, engine=ENGINE)
        disk.fail_in = n
        try:
            _acts(node, receipts)
        except Damaged as error:
            if error.code != "disk":
                wrong.append(f"the act was refused as {error.code}")
        except Exception as error:
            wrong.append(f"the act broke off with {type(error).__name__}: {error}")
        # A checkpoint only carries over what the journal holds already; it is tried again later.
        if disk.failed_at is not None and disk.failed_at.file != "alidade.db":
            if not node.store.stopped:
                wrong.append("the node goes on")
            receipts_before = len(receipts)
            with suppress(Damaged):
                receipts.append(ask(node, case_officer(node), 5))
            if len(receipts) != receipts_before:
                wrong.append("the node acts after the disk failed")
        node.close()
    if disk.failed_at is not None:
        wrong.extend(inspect(folder, receipts))
        at = disk.failed_at
        wrong = [f"call {n}, {at.kind} {at.file}: {text}" for text in wrong]
    return disk, wrong


@FAILURES
def test_the_node_stops_at_the_first_error(
    begun: Path, tmp_path: Path, simulated: Simulated, failure: type[apsw.Error]
) -> None:
    wrong: list[str] = []
    for n in range(1, 71):
        disk, found = _until_it_fails(begun, tmp_path / str(n), simulated, n, failure)
        assert disk.failed_at is not None
        wrong.extend(found)
    assert wrong == []


@pytest.mark.full
@FAILURES
def test_the_node_stops_at_the_first_error_wherever(
    begun: Path, tmp_path: Path, simulated: Simulated, failure: type[apsw.Error]
) -> None:
    wrong: list[str] = []
    for n in range(71, 900):
        disk, found = _until_it_fails(begun, tmp_path / str(n), simulated, n, failure)
        if disk.failed_at is None:
            break
        wrong.extend(found)
        shutil.rmtree(tmp_path / str(n))
    else:
        pytest.fail("the acts ask more of the disk than was tried")
    assert n > 200
    assert wrong == []
