"""Attachments between nodes: a file goes in pieces, goes on after a break, and is checked before anybody sees it."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
from federation import DE, NL, Place, settle
from personas import SetClock
from thread_cases import request, upload

from alidade.exchange.content import Chunk
from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.services.exchange import posting
from alidade.services.exchange.witnessing import status
from alidade.services.threads.attachments import check_arrivals, read_attachment
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import AttachmentView, StepOrder

CONTENT = b"Container ABCU 1234567 was seen at the terminal.\n" * 50_000  # three pieces of the protocol


def sent(place: Place) -> str:
    """A thread with a file that waits to be sent; its reference."""
    thread = request(place.office, by=NL, to=DE)
    file = upload(place.office, place.office.officer(NL), CONTENT, "list.txt")
    take_step(
        place.node, place.office.officer(NL), thread, StepOrder(code="message", note="List.", attachments=(file,))
    )
    return thread


def file_of(place: Place, own: AuthorityId, thread: str) -> AttachmentView:
    view = read_thread(place.node, place.office.officer(own), thread)
    (file,) = next(step for step in view.steps if step.attachments).attachments
    return file


def test_a_file_arrives_after_a_break_and_is_checked(pair: tuple[Place, Place], clock: SetClock) -> None:
    one, other = pair
    settle(pair)
    thread = sent(one)
    carried = list[int]()

    def breaks(sender: AuthorityId, recipient: AuthorityId, frames: list[bytes]) -> list[bytes]:
        """The line breaks after the first large piece."""
        large = [frame for frame in frames if len(frame) > 500_000]
        carried.append(len(large))
        return [frame for frame in frames if frame not in large[1:]]

    settle(pair, breaks, rounds=2)
    assert max(carried) >= 2
    assert not file_of(other, DE, thread).here
    assert check_arrivals(other.node) == 0
    clock.move(hours=2)
    settle(pair)

    assert not file_of(other, DE, thread).here, "it is in quarantine until it was looked at"
    assert check_arrivals(other.node) == 1
    file = file_of(other, DE, thread)
    assert (file.name, file.size, file.here) == ("list.txt", len(CONTENT), True)
    got = read_attachment(other.node, other.office.officer(DE), thread, file.reference)
    assert b"".join(got.pieces) == CONTENT
    assert hashlib.sha256(CONTENT).hexdigest() == got.sha256
    assert b"ABCU 1234567" not in other.office.files()
    assert status(other.node, other.admin()).parked == ()


def test_a_file_that_is_not_the_one_named_is_forgotten(
    pair: tuple[Place, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its author's node sends other bytes than the step names: each piece fits its own hash, the whole does not."""
    one, other = pair
    settle(pair)
    true = posting._chunk

    def altered(*given: object) -> tuple[Chunk, bytes]:
        chunk, blob = true(*given)  # type: ignore[arg-type]
        blob = blob.replace(b"ABCU", b"ABCX")
        return _with_hash(chunk, blob), blob

    monkeypatch.setattr(posting, "_chunk", altered)
    thread = sent(one)
    settle(pair)

    assert check_arrivals(other.node) == 0
    assert not file_of(other, DE, thread).here
    with pytest.raises(NotFound):
        read_attachment(other.node, other.office.officer(DE), thread, file_of(other, DE, thread).reference)


def _with_hash(chunk: Chunk, blob: bytes) -> Chunk:
    return msgspec.structs.replace(chunk, sha256=hashlib.sha256(blob).hexdigest())
