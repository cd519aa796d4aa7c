"""Files: what is attached to a step: sent whole with the form, or in pieces by the script of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from alidade.model.errors import AlidadeError, NotFound
from alidade.services.threads.attachments import add_piece, begin_attachment, finish_attachment, upload_state
from alidade.web.place import Desk
from alidade.web.told import told


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file that is attached to what is being written; `name` is empty where only its reference is known."""

    reference: str
    name: str
    size: int
    media: str


def take_files(desk: Desk, files: Iterable[UploadedFile[Any]]) -> tuple[list[AttachedFile], list[str]]:
    """Take files that came with a form and check them; those taken, and why others were not."""
    taken: list[AttachedFile] = []
    refused: list[str] = []
    for number, file in enumerate(files, start=1):
        try:
            taken.append(_take(desk, file))
        except AlidadeError as error:
            # By its place: a name may be somebody's.
            refused.append(" ".join((f"{number}.", *(part for part in told(error) if part))))
    return taken, refused


def _take(desk: Desk, file: UploadedFile[Any]) -> AttachedFile:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    begun = begin_attachment(
        desk.node, desk.actor, name=file.name or "", size=file.size or 0, sha256=digest.hexdigest()
    )
    file.seek(0)
    for number in range(-(-begun.size // begun.piece)):
        add_piece(desk.node, desk.actor, begun.reference, number, file.read(begun.piece))
    done = finish_attachment(desk.node, desk.actor, begun.reference)
    return AttachedFile(reference=done.reference, name=file.name or "", size=done.size, media=done.media)


def attached_files(desk: Desk, references: Iterable[str], names: Iterable[str] = ()) -> list[AttachedFile]:
    """The files of what is being written; one that is not the officer's any more is left out.

    `names` are "reference name" as the form keeps them between two looks.
    """
    called = dict(each.partition(" ")[::2] for each in names)
    found = []
    for reference in references:
        try:
            state = upload_state(desk.node, desk.actor, reference)
        except NotFound:
            continue
        found.append(
            AttachedFile(reference=reference, name=called.get(reference, ""), size=state.size, media=state.media)
        )
    return found
