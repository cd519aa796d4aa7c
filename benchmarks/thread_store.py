"""The store of many threads: information requests between one authority and forty others, most of them closed.

The viewer's authority is a party to every thread, as a national desk is through which all requests go; each of the
forty to its part of them. Of every authority two threads in a hundred are open, and one more is there to be read only.
Heads are sealed and opened as the program does it; signatures, and the content of steps that no list opens, are random
bytes of about the right length. One more thread was run by the program itself, with fifty steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import msgspec

from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.threads.opening import open_thread
from alidade.services.threads.running import Head
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import StepOrder
from alidade.store import directory
from alidade.store.keystore import KeyStore
from alidade.store.models.threads import NEVER
from benchmarks import places, staging
from benchmarks.requests import ASKED, ASKS, PROCEDURE, handling, request

UNIT = "single point of contact"
LONG = 50  # steps of the thread that the program itself has run
CLOCK = "police_request_other"
_LONG_FILE = "long_thread"
_OTHER = OfficerId(f"{staging.owners()[0]}/case")
_FIRST = 1_001  # the rows of the program's own thread come before
_OFFICERS = 25
_TABLES = ("thread", "thread_party", "thread_step", "thread_clock", "thread_assignment", "thread_reading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thread that is to be written: who is asked, and how it stands for the viewer's authority."""

    number: int
    reference: str
    other: AuthorityId
    asks: bool  # whether the viewer's authority is the one who asks
    folder: str
    other_folder: str
    officer: str
    due_at: datetime
    opened_at: datetime
    urgent: bool
    classification: str

    @property
    def closed(self) -> bool:
        """Whether it is over."""
        return self.folder == "closed"


def store(size: int) -> Path:
    """The folder of a filled store, filled now unless an earlier run did."""
    return places.kept(f"threads-{size}", __file__, partial(_build, size=size))


def long_thread(folder: Path) -> str:
    """The reference of the thread of fifty steps."""
    return (folder / _LONG_FILE).read_text(encoding="ascii")


def other_actor(node: Node) -> Actor:
    """An officer of the first of the forty authorities."""
    return act_as(node, _OTHER, purpose="18.2.a", case="c1", legal_ground="criminal_investigation")


def rows_of(size: int, officer: str, now: datetime) -> Iterator[Row]:
    """What is to be written: the same for the same size and moment."""
    random, owners = Random(size), staging.owners()
    for place in range(size):
        folder = "closed" if place % 100 > 2 else ("todo", "awaited", "quiet")[place % 100]
        asks = folder == "awaited" or (folder != "todo" and place % 2 == 0)
        desk = random.randrange(_OFFICERS + 3)  # three parts lie on nobody's desk
        yield Row(
            number=_FIRST + place,
            reference=random.randbytes(16).hex(),
            other=owners[(place // 100 + place) % len(owners)],
            asks=asks,
            folder=folder,
            other_folder={"todo": "awaited", "awaited": "todo"}.get(folder, folder),
            officer=officer if desk == 0 else f"{staging.VIEWER}/officer-{desk}" if desk < _OFFICERS else "",
            due_at=now + timedelta(minutes=random.randrange(-10 * 1_440, 60 * 1_440)),
            opened_at=now - timedelta(minutes=random.randrange(1_440, 2_000 * 1_440)),
            urgent=random.random() < 0.05,
            classification=random.choices(("BPL", "RESTRICTED"), (7, 3))[0],
        )


def _build(folder: Path, size: int) -> None:
    node = Node.open(folder)
    try:
        staging.begin(node)
        officer = OfficerId(f"{staging.VIEWER}/case")
        with node.store.transaction() as tx:
            known = directory.officer(tx, officer)
            directory.set_officer(tx, replace(known, unit=UNIT))
            directory.add_officer(tx, replace(known, id=_OTHER, authority=staging.owners()[0], unit=UNIT))
        (folder / _LONG_FILE).write_text(_run_long(node), encoding="ascii")
        rows = list(rows_of(size, str(officer), node.store.clock.now()))
        heads = _heads(node.store.keys, rows)
    finally:
        node.close()
    with staging.filling(folder, _TABLES) as fill:
        _fill(fill, rows, heads)


def _run_long(node: Node) -> str:
    """A request that the program itself has run: opened, received, then messages to and fro."""
    own = staging.actor(node)
    thread = open_thread(node, own, request(staging.VIEWER, staging.owners()[0], 0, node.vocabulary)).thread
    actors = (other_actor(node), own)
    for place in range(LONG - 2):
        note = f"Message {place}: the lorry was seen again, on the same road and at the same hour as before."
        take_step(node, actors[place % 2], thread, StepOrder(code="message", note=note))
    return thread


def _heads(keys: KeyStore, rows: list[Row]) -> list[tuple[bytes, str]]:
    """The sealed head of each thread, and the key under which it lies."""
    found = []
    for row, (key_id, key) in zip(rows, keys.new_field_keys(len(rows)), strict=True):
        head = Head(
            title=f"Lorry {row.number} seen at the border", case=f"case-{row.number}", handling=handling(staging.VIEWER)
        )
        found.append((keys.seal(msgspec.json.encode(head), key, f"thread/{row.reference}"), key_id))
    return found


def _fill(fill: staging.Filling, rows: list[Row], heads: list[tuple[bytes, str]]) -> None:
    fill.insert(
        "thread",
        "id, reference, procedure, version, opener, parties, classification, urgent, state, final, head, field_key,"
        " frame_key, opened_at, moved_at, closed_at",
        (
            (row.number, row.reference, PROCEDURE, 1, _opener(row), _parties(row), row.classification,
             row.urgent, "closed" if row.closed else "sent", row.closed, head, key, key, _kept(row.opened_at),
             _kept(row.opened_at), _kept(row.opened_at) if row.closed else None)
            for row, (head, key) in zip(rows, heads, strict=True)
        ),
    )  # fmt: skip
    fill.insert(
        "thread_party",
        "thread_id, authority, role, classification, folder, urgent, turn, due_at, awaited_at, officer, unit",
        (desk for row in rows for desk in _desks(row)),
    )
    fill.insert(
        "thread_step",
        "id, thread_id, author, number, code, stored_at, digest, key_id, signature, frame, content, field_key,"
        " standing",
        (step for row in rows for step in _steps(row)),
    )
    fill.insert(
        "thread_clock",
        "thread_id, use, clock, owed_by, phase, open, due_at, ended_at, met, look_at, paused_by, paused_step",
        (
            (row.number, "answer", CLOCK, _asked(row), "met" if row.closed else "running", not row.closed,
             _kept(row.due_at), _kept(row.due_at) if row.closed else None, True if row.closed else None,
             _kept(NEVER if row.closed else row.due_at), "", "")
            for row in rows
        ),
    )  # fmt: skip
    fill.insert(
        "thread_assignment",
        "thread_id, authority, officer, unit, how, by, at, ended_at",
        (
            (row.number, staging.VIEWER, row.officer, UNIT, "duty_desk", "", _kept(row.opened_at), None)
            for row in rows
        ),
    )  # fmt: skip
    fill.insert(
        "thread_reading",
        "thread_id, authority, officer, read_to, read_at",
        (
            (row.number, staging.VIEWER, row.officer, _step_row(row, row.number % 3), _kept(row.opened_at))
            for row in rows
            if row.officer
        ),
    )


def _desks(row: Row) -> Iterator[tuple[object, ...]]:
    mine, theirs = (ASKS, ASKED) if row.asks else (ASKED, ASKS)
    for authority, role, folder, officer in (
        (staging.VIEWER, mine, row.folder, row.officer),
        (row.other, theirs, row.other_folder, str(_OTHER) if row.number % 10 == 0 else ""),
    ):
        owes = not row.closed and role == ASKED
        awaits = not row.closed and role == ASKS
        yield (
            row.number, authority, role, row.classification, folder, row.urgent, owes,
            _kept(row.due_at if owes else NEVER), _kept(row.due_at if awaits else NEVER), officer, UNIT,
        )  # fmt: skip


def _steps(row: Row) -> Iterator[tuple[object, ...]]:
    random = Random(row.number)
    codes = ((_opener(row), 1, "open"), (_asked(row), 1, "received"), (_asked(row), 2, "answer"))
    for place, (author, number, code) in enumerate(codes):
        yield (
            _step_row(row, place), row.number, author, number, code, _kept(row.opened_at),
            f"{random.getrandbits(256):064x}", "benchmark", random.randbytes(64), random.randbytes(250),
            random.randbytes(500), "", "effective",
        )  # fmt: skip


def _step_row(row: Row, place: int) -> int:
    return _FIRST + 3 * (row.number - _FIRST) + place


def _opener(row: Row) -> AuthorityId:
    return staging.VIEWER if row.asks else row.other


def _asked(row: Row) -> AuthorityId:
    return row.other if row.asks else staging.VIEWER


def _parties(row: Row) -> str:
    return msgspec.json.encode({_opener(row): ASKS, _asked(row): ASKED}).decode()


def _kept(moment: datetime) -> str:
    """A moment as Django writes it into SQLite."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))
