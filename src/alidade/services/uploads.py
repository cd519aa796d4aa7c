"""Uploads: a file from outside waits in quarantine until its officer has said how it is to be read, or for a day.

Its name and path are never used: it gets a random name in a folder that only the node may read, and is looked at
only by a process apart. What is known of it lies sealed, for its officer alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from alidade.formats.apart import Looked
from alidade.formats.mapping import Mapping
from alidade.model.draft import Draft, Problem
from alidade.model.errors import AlidadeError, Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.mappings import RowFate, mapping_faults, remembered, row_fates
from alidade.services.node import Node
from alidade.services.reading_apart import look_apart, read_apart
from alidade.store import drafts
from alidade.store.database import Transaction
from alidade.vocabulary import Vocabulary

LARGEST: Final = 256 * 1024 * 1024
KIND: Final = "import"
FOLDER: Final = "quarantine"
TRIED: Final = 50  # rows of a dry run


class Waiting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of an uploaded file and what its officer has settled so far; kept sealed."""

    sha256: str
    size: int
    looked: Looked
    mapping: Mapping | None = None
    remembered: bool = False
    settings: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded file under its reference."""

    reference: str
    received_at: datetime
    waiting: Waiting


def quarantined_file(node: Node, reference: str) -> Path:
    """Where an uploaded file lies."""
    return node.store.folder / FOLDER / reference


def receive(node: Node, actor: Actor, pieces: Iterable[bytes], *, declared: int | None = None) -> Upload:
    """Take a file into quarantine and say what it is; `declared` is the size that the sender states, if any.

    Raises Invalid for a file that is too large, before or while it is written, Unreadable for one that nobody here
    can read. A refused file is gone at once, and its refusal is in the ledger.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        reference = tx.new_id()
        log(tx, actor, "import", objects=[reference], details={"step": "upload begun"})
    path = incoming_folder(node) / reference
    try:
        if declared is not None and declared > LARGEST:
            raise _too_large()
        size, digest = _write(path, pieces)
        os.utime(path, (node.store.clock.now().timestamp(),) * 2)
        looked = look_apart(path, node.vocabulary)
        return _keep(node, actor, reference, size, digest, looked)
    except BaseException as error:
        discard_file(path)
        if isinstance(error, AlidadeError):
            with node.store.transaction() as tx:
                details = {"step": "upload refused", "reason": error.code}
                log(tx, actor, "import", objects=[reference], details=details)
        raise


def _keep(node: Node, actor: Actor, reference: str, size: int, digest: str, looked: Looked) -> Upload:
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        known = remembered(tx, actor, looked.header, node.vocabulary) if looked.header else None
        waiting = Waiting(
            sha256=digest,
            size=size,
            looked=looked,
            mapping=known or _at_home(looked.mapping, actor.viewer.party.state, node.vocabulary),
            remembered=known is not None,
        )
        _save(tx, actor, reference, waiting)
        log(tx, actor, "import", objects=[reference], details={"step": "uploaded", "sha256": digest})
        return Upload(reference=reference, received_at=tx.now, waiting=waiting)


def _at_home(guessed: Mapping | None, state: str, vocabulary: Vocabulary) -> Mapping | None:
    """The guess, with national numbers read as of the State of the one who brings the list."""
    if guessed is None or guessed.country or state not in vocabulary.countries:
        return guessed
    return msgspec.structs.replace(guessed, country=state)


def incoming_folder(node: Node) -> Path:
    """The folder for files that are still coming in; what a sender who breaks off leaves there is swept."""
    folder = node.store.folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _write(path: Path, pieces: Iterable[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > LARGEST:
                raise _too_large()
            digest.update(piece)
            file.write(piece)
    return size, digest.hexdigest()


def _too_large() -> Invalid:
    return Invalid(
        f"The file is larger than {LARGEST // (1024 * 1024)} MiB; nothing of it was kept.",
        remedy="Give it in parts, as CSV (UTF-8).",
        code="too_large",
    )


def discard_file(path: Path) -> None:
    """Remove a file from quarantine, if it is there."""
    with suppress(FileNotFoundError):
        path.unlink()


def _save(tx: Transaction, actor: Actor, reference: str, waiting: Waiting) -> None:
    drafts.keep_draft(tx, actor.viewer.authority, actor.officer, KIND, msgspec.msgpack.encode(waiting), draft=reference)


def own_upload(tx: Transaction, actor: Actor, reference: str) -> Upload:
    """The officer's own upload, inside a transaction. Raises NotFound for another's and for none."""
    kept = drafts.draft_of(tx, actor.viewer.authority, actor.officer, KIND, reference)
    if kept is None:
        raise NotFound("You have no uploaded file with this reference.")
    return _upload(kept)


def _upload(kept: drafts.KeptDraft) -> Upload:
    waiting = msgspec.msgpack.decode(kept.content, type=Waiting)
    return Upload(reference=kept.id, received_at=kept.saved_at, waiting=waiting)


def uploads(node: Node, actor: Actor) -> list[Upload]:
    """The officer's files that wait in quarantine, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        found = [_upload(kept) for kept in drafts.drafts_of(tx, actor.viewer.authority, actor.officer, KIND)]
        log(tx, actor, "import", results=len(found), details={"list": "uploads"})
    return found


def upload(node: Node, actor: Actor, reference: str) -> Upload:
    """One file that waits, with its first rows. Raises NotFound for another's and for none."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        found = own_upload(tx, actor, reference)
        log(tx, actor, "import", objects=[reference], details={"view": "upload"})
    return found


def settle(node: Node, actor: Actor, reference: str, mapping: Mapping | None, settings: dict[str, str]) -> Upload:
    """Keep how a file is to be read, as far as its officer has said so; the mapping may still have faults."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        found = own_upload(tx, actor, reference)
        waiting = msgspec.structs.replace(found.waiting, mapping=mapping, settings=settings)
        _save(tx, actor, reference, waiting)
        log(tx, actor, "import", objects=[reference], details={"step": "settled"})
        return Upload(reference=reference, received_at=tx.now, waiting=waiting)


def try_rows(node: Node, actor: Actor, reference: str, handling: Handling) -> tuple[RowFate, ...]:
    """What would become of the first rows under the mapping and this handling; nothing is kept.

    Raises Invalid where mapping or handling cannot be used, Conflict where the file is no longer there.
    """
    found = upload(node, actor, reference)
    items = list(_first(node, found))
    scheme = found.waiting.mapping.evaluation_scheme if found.waiting.mapping else "4x4"
    return row_fates(items, handling, scheme, node.vocabulary)


def _first(node: Node, found: Upload) -> Iterable[Draft | Problem]:
    looked, mapping = found.waiting.looked, found.waiting.mapping
    if looked.header:
        check_settled(node, found)
    path = quarantined_file(node, found.reference)
    if not path.exists():
        raise gone()
    return read_apart(path, looked.format, mapping, node.vocabulary, unmarked=True, most=TRIED)


def check_settled(node: Node, found: Upload) -> None:
    """Raises Invalid, with the first fault, where a table is to be read under a mapping that cannot be used."""
    faults = mapping_faults(found.waiting.mapping or Mapping(), found.waiting.looked.header, node.vocabulary)
    if faults:
        raise Invalid(faults[0].sentence, remedy="Mend the mapping, column by column.", code="mapping")


def gone() -> Conflict:
    """The file was removed: after a day, or because something of its authority was erased."""
    return Conflict(
        "The file is no longer here: it was removed after a day, or because of an erasure.",
        remedy="Give the file again.",
        code="upload_gone",
    )


def discard(node: Node, actor: Actor, reference: str) -> None:
    """Remove an uploaded file and all that is known of it, unread."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        own_upload(tx, actor, reference)
        keys = drafts.drop_drafts(tx, [reference])
        log(tx, actor, "import", objects=[reference], details={"step": "upload discarded"})
    discard_file(quarantined_file(node, reference))
    node.store.keys.destroy_field_keys(keys)
