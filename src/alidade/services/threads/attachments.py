"""Attachments: a file comes in pieces, after a break as well, and is checked before anybody else can be given it.

Its type is told by its content, never by its name; text and tables are looked at by a process apart. Nothing of it is
shown or opened here: who receives it gets the bytes, to be saved.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from alidade.formats.filetype import HEAD
from alidade.model.errors import Conflict, Invalid, NotFound, Unreadable
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.reading_apart import look_apart
from alidade.services.threads.finding import no_thread, own_thread
from alidade.services.threads.limits import Media, limits
from alidade.services.threads.view import Upload
from alidade.services.uploads import discard_file, incoming_folder
from alidade.store.database import Transaction
from alidade.store.threads import attachments as store
from alidade.store.threads.attachments import KeptAttachment

_HASH: Final = re.compile(r"^[0-9a-f]{64}$")
_LONGEST_NAME: Final = 200
_ACTIVE: Final = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file as it is handed out: its name as it was given, its media type, its hash, its bytes in pieces."""

    name: str
    media: str
    size: int
    sha256: str
    pieces: tuple[bytes, ...]


def begin_attachment(node: Node, actor: Actor, *, name: str, size: int, sha256: str) -> Upload:
    """Announce a file; what to send comes back. Raises Invalid where it is too large or its hash is none."""
    if not 0 < size <= limits().largest.bytes:
        raise Invalid(
            f"A file may have at most {limits().largest.bytes // (1024 * 1024)} MiB, and at least one byte.",
            remedy="Divide it, or leave out what is not needed.",
            code="too_large",
        )
    if not _HASH.match(sha256):
        raise Invalid("The SHA-256 of the file is written as 64 hexadecimal digits.", code="hash")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        taken = store.unsent_bytes(tx, actor.viewer.authority)
        if taken + size > limits().unsent.bytes:
            raise Conflict(
                "Your authority has no room left for files that are not sent.",
                remedy="Send or discard some first.",
                code="no_room",
            )
        reference = store.begin(
            tx, actor.viewer.authority, str(actor.officer), name=_clean_name(name), size=size, sha256=sha256
        )
        log(tx, actor, "thread_step", objects=[reference], details={"step": "file begun"})
        return _upload(tx, _own(tx, actor, reference))


def add_piece(node: Node, actor: Actor, attachment: str, number: int, piece: bytes) -> Upload:
    """Take one piece (numbered from 0; each as long as `Upload.piece`, but the last); again does no harm.

    Raises NotFound for a file of another officer or none, Invalid for a piece that does not fit.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        found = _own(tx, actor, attachment)
        if found.state != "coming":
            raise Conflict("This file is complete.", code="complete")
        length = limits().piece.bytes
        expected = min(length, found.size - number * length)
        if number < 0 or expected <= 0 or len(piece) != expected:
            raise Invalid("This piece does not fit the file as it was announced.", code="piece")
        store.add_piece(tx, attachment, number, piece)
        log(tx, actor, "thread_step", objects=[attachment], details={"step": "file piece"})
        return _upload(tx, _own(tx, actor, attachment))


def upload_state(node: Node, actor: Actor, attachment: str) -> Upload:
    """How much of a file has arrived, to go on after a break. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        found = _upload(tx, _own(tx, actor, attachment))
        log(tx, actor, "thread_step", objects=[attachment], details={"step": "file state"})
    return found


def finish_attachment(node: Node, actor: Actor, attachment: str) -> Upload:
    """Check the whole file: its hash, its type by content, and that nobody here refuses it. Then it can be attached.

    Raises Unreadable, and forgets the file, where it is refused; Conflict where pieces are missing.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        found = _own(tx, actor, attachment)
        if found.state == "checked":
            return _upload(tx, found)
        if found.state != "coming" or found.received != found.size:
            raise Conflict("Pieces of this file are missing.", remedy="Send the rest.", code="incomplete")
        content = b"".join(store.pieces(tx, attachment))
    try:
        if hashlib.sha256(content).hexdigest() != found.sha256:
            raise Unreadable("The file is not the one that was announced: its hash differs.", code="hash")
        media = media_of(node, content)
    except Unreadable as error:
        with node.store.transaction() as tx:
            keys = store.drop(tx, [attachment])
            log(tx, actor, "thread_step", objects=[attachment], details={"step": "file refused", "reason": error.code})
        node.store.keys.destroy_field_keys(keys)
        raise
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        store.settle(tx, attachment, "checked", media=media)
        log(tx, actor, "thread_step", objects=[attachment], details={"step": "file checked", "media": media})
        return _upload(tx, _own(tx, actor, attachment))


def discard_attachment(node: Node, actor: Actor, attachment: str) -> None:
    """Forget a file that was not sent. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_step")
        if _own(tx, actor, attachment).state not in ("coming", "checked"):
            raise Conflict("This file was sent: it can only be erased.", code="sent")
        keys = store.drop(tx, [attachment])
        log(tx, actor, "thread_step", objects=[attachment], details={"step": "file discarded"})
    node.store.keys.destroy_field_keys(keys)


def read_attachment(node: Node, actor: Actor, thread: str, attachment: str) -> FileContent:
    """A file of a thread, to be saved. Raises NotFound where thread or file is absent or not for this officer."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        found, _ = own_thread(node, tx, actor, thread)
        file = next(
            (each for each in store.of_thread(tx, actor.viewer.authority, found.number) if each.id == attachment), None
        )
        if file is None or file.state != "sent":
            raise no_thread()
        pieces = tuple(store.pieces(tx, attachment))
        log(tx, actor, "thread_read", objects=[thread, attachment], results=1, details={"view": "file"})
    return FileContent(name=file.name or file.id, media=file.media, size=file.size, sha256=file.sha256, pieces=pieces)


def check_arrived(node: Node, attachment: str) -> bool:
    """Look at a file that came whole from another node; whether it may be shown. What is refused is forgotten."""
    with node.store.transaction() as tx:
        found = store.with_id(tx, attachment)
        if found is None or found.state != "arriving" or found.received < found.size:
            return False
        content = b"".join(store.pieces(tx, attachment))
    try:
        fits = hashlib.sha256(content).hexdigest() == found.sha256
        media = media_of(node, content) if fits else ""
    except Unreadable:
        fits, media = False, ""
    with node.store.transaction() as tx:
        if fits:
            store.settle(tx, attachment, "sent", media=media)
            return True
        keys = store.drop(tx, [attachment])
    node.store.keys.destroy_field_keys(keys)
    return False


def check_arrivals(node: Node) -> int:
    """Look at every file that came whole from another node; how many may be shown now."""
    with node.store.transaction() as tx:
        waiting = store.arrived_whole(tx)
    return sum(check_arrived(node, attachment) for attachment in waiting)


def tidy_attachments(node: Node) -> int:
    """Forget files that were begun and not sent in time; how many."""
    with node.store.transaction() as tx:
        old = store.outlived(tx, tx.now - timedelta(days=limits().unsent_days.count))
        keys = store.drop(tx, old)
    node.store.keys.destroy_field_keys(keys)
    return len(old)


def media_of(node: Node, content: bytes) -> str:
    """The media type of a file by its content. Raises Unreadable for what is not taken here."""
    known = limits().media
    for media, kind in known.items():
        if any(content.startswith(bytes.fromhex(begins)) for begins in kind.begins):
            if media == "application/pdf" and any(word in content for word in _ACTIVE):
                raise Unreadable(
                    "The PDF holds a program or another file.", remedy="Print it into a plain PDF.", code="active"
                )
            return media
    looked = _look_apart(node, content)
    if looked is not None:
        return looked
    raise Unreadable(
        "A file of this kind is not taken here.",
        remedy=f"Give one of: {', '.join(kind.label for kind in known.values())}.",
        code="media",
    )


def _look_apart(node: Node, content: bytes) -> str | None:
    """The kinds that only a look inside can tell; done by the process apart, on a file that only the node can read."""
    known = limits().media
    path = incoming_folder(node) / f"look-{hashlib.sha256(content).hexdigest()[:32]}"
    discard_file(path)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        return _media_at(node, path, content, known)
    finally:
        discard_file(path)


def _media_at(node: Node, path: Path, content: bytes, known: dict[str, Media]) -> str | None:
    try:
        looked = look_apart(path, node.vocabulary)
    except Unreadable as error:
        if error.code == "too_heavy":
            raise
        return "text/plain" if "text/plain" in known and _is_text(content) else None
    if looked.format == "workbook":
        return next(media for media, kind in known.items() if kind.workbook)
    if looked.format in ("table", "table-rejects"):
        columns = len(looked.header) > 1  # lines without columns are read as a table of one, and are a text
        return "text/csv" if columns else "text/plain" if _is_text(content) else None
    structured = "application/json" if content.lstrip()[:1] in (b"{", b"[") else "application/xml"
    return structured if structured in known else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    head = text[:HEAD]
    if re.match(r"\s*<(!doctype|html|script|svg|\?xml)", head, re.IGNORECASE):
        return False
    return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in head)


def _own(tx: Transaction, actor: Actor, attachment: str) -> KeptAttachment:
    found = store.own(tx, actor.viewer.authority, attachment)
    if found is None or found.officer != actor.officer or found.state == "erased":
        raise NotFound("You have no file with this reference.")
    return found


def _upload(tx: Transaction, found: KeptAttachment) -> Upload:
    here = store.pieces_here(tx, found.id)
    length = limits().piece.bytes
    missing = _missing(here, (found.size + length - 1) // length)
    return Upload(
        reference=found.id,
        size=found.size,
        received=found.received,
        piece=length,
        next_piece=next(missing, -1),
        state=found.state,
        media=found.media,
    )


def _missing(here: set[int], count: int) -> Iterator[int]:
    return (number for number in range(count) if number not in here)


def _clean_name(name: str) -> str:
    """The last part of the name, without characters that steer a terminal or a folder."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" .")
    return plain[-_LONGEST_NAME:] or "file"
