"""Party view: whatever is asked inside it, rows of threads are those of one party, on the file and on the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError

from alidade.ledger.entry import Entry
from alidade.model.ids import AuthorityId
from alidade.services.machine import SystemClock, SystemRandomness
from alidade.services.node import open_store
from alidade.store import models
from alidade.store.database import Store, Transaction
from alidade.store.rights import epoch
from alidade.store.threads import attachments, clocks, desks, drafts, effects, kept, notes, steps
from alidade.store.threads.kept import KeptThread
from alidade.store.threads.party_view import as_party
from alidade.store.threads.policies import CONDITIONS
from databases import bytes_of

A, B, C = (AuthorityId(code) for code in ("a-police", "b-customs", "c-fiu"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path / "node", clock=SystemClock(), randomness=SystemRandomness())
    yield found
    found.close()


def _fill(store: Store) -> list[KeptThread]:
    made = []
    with store.transaction() as tx:
        for parties in ((A, B), (B, C), (A, C)):
            thread = kept.add_thread(
                tx,
                reference=tx.new_id(),
                procedure="p",
                version=1,
                opener=parties[0],
                parties=dict.fromkeys(parties, "role"),
                classification="BPL",
                state="sent",
                head=b"{}",
            )
            made.append(thread)
            for party in parties:
                kept.add_desk(tx, thread.number, party, "role", "BPL")
                desks.assign(tx, thread.number, party, officer=f"{party}/x", unit="", how="taken", by="")
                desks.note_read(tx, thread.number, party, f"{party}/x", 1)
                notes.add_note(tx, thread.number, party, f"{party}/x", "otherwise-nowhere")
                notes.add_news(tx, thread.number, party, "", "arrived", "")
                file = attachments.begin(tx, party, f"{party}/x", name="n", size=1, sha256="0" * 64)
                attachments.add_piece(tx, file, 0, b"x")
                if party == parties[0]:
                    attachments.settle(tx, file, "sent", thread=thread.number)
                drafts.keep_draft(
                    tx,
                    party,
                    f"{party}/x",
                    draft="",
                    thread=thread.number,
                    unit="",
                    procedure="p",
                    code="message",
                    classification="BPL",
                    state="draft",
                    urgent=False,
                    content=b"otherwise-nowhere",
                )
                row = steps.add_step(
                    tx,
                    thread,
                    author=party,
                    number=1,
                    code="open",
                    digest="0" * 64,
                    key_id="k",
                    signature=b"s",
                    content=b"otherwise-nowhere",
                    frame=b"frame",
                )
                effects.note_effect(tx, row, "acknowledge", party, "done", [])
            clocks.put_clocks(
                tx,
                thread.number,
                [
                    clocks.ClockRow(
                        use="answer",
                        clock="c",
                        owed_by=parties[1],
                        phase="running",
                        open=True,
                        due_at=tx.now,
                        ended_at=None,
                        met=None,
                        look_at=None,
                    )
                ],
            )
    return made


_TABLES = {
    model._meta.db_table: model
    for model in vars(models).values()
    if isinstance(model, type) and hasattr(model, "_meta")
}


def test_every_table_of_threads_is_narrowed_to_one_party(store: Store) -> None:
    _fill(store)
    expected = {
        "thread": 2, "thread_party": 2, "thread_step": 4, "thread_clock": 2, "thread_draft": 2,
        "thread_assignment": 2, "thread_reading": 2, "thread_note": 2, "thread_attachment": 2, "thread_chunk": 2,
        "thread_effect": 4, "thread_news": 2,
    }  # fmt: skip
    assert expected.keys() == CONDITIONS.keys()
    with store.transaction() as tx:
        whole = {table: _TABLES[table].objects.using(tx.alias).count() for table in CONDITIONS}
        for party in (A, B, C):
            with as_party(tx, party):
                for table in CONDITIONS:
                    rows = list(_TABLES[table].objects.using(tx.alias).all())
                    own = [row for row in rows if getattr(row, "authority", party) == party]
                    assert 0 < len(own) <= len(rows) < whole[table], table
        with as_party(tx, A):
            found = {table: _TABLES[table].objects.using(tx.alias).count() for table in CONDITIONS}
        assert found == expected
        with as_party(tx, AuthorityId("nobody")):
            assert all(_TABLES[table].objects.using(tx.alias).count() == 0 for table in CONDITIONS)
        assert {table: _TABLES[table].objects.using(tx.alias).count() for table in CONDITIONS} == whole
        _leave_entry(tx)


def test_nothing_is_written_inside_the_view(store: Store) -> None:
    _fill(store)
    with pytest.raises(DatabaseError), store.transaction() as tx, as_party(tx, A):
        models.ThreadParty.objects.using(tx.alias).update(officer="somebody")
    with store.transaction() as tx:
        assert not models.ThreadParty.objects.using(tx.alias).filter(officer="somebody").exists()


def test_the_view_ends_with_its_block_whatever_happens(store: Store) -> None:
    _fill(store)
    with store.transaction() as tx:
        try:
            with as_party(tx, A):
                raise KeyError("x")
        except KeyError:
            pass
        assert models.Thread.objects.using(tx.alias).count() == 3
        _leave_entry(tx)


def test_no_word_stands_in_the_file(store: Store) -> None:
    _fill(store)
    assert b"otherwise-nowhere" not in bytes_of(store.folder)


def _leave_entry(tx: Transaction) -> None:
    tx.log(Entry(act="thread_read", at=tx.now, authority=A, officer=f"{A}/x", epoch=epoch(tx), decision="allowed"))
