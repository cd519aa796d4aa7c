"""Attachments: files for threads, sent in pieces, so that after a break only the rest is sent."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from ninja.responses import Status
from pydantic import Field

from alidade.api.guard import BYTES
from alidade.api.shapes import Given, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.services.threads import attachments
from alidade.services.threads.view import Upload

router = Router(tags=["Attachments"])

Number = Annotated[int, Path(ge=0, le=1_000_000, description="Which piece, counted from 0.")]
_PIECE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The bytes of the piece.",
        "content": {BYTES: {"schema": {"type": "string", "format": "binary"}, "example": "the bytes of the piece"}},
    }
}


class FileGiven(Given):
    """A file that is to be sent."""

    name: str = Field(min_length=1, max_length=200, description="Its name; names nobody.", examples=["photograph.jpg"])
    size: Annotated[int, Field(ge=1, le=1 << 40)] = Field(description="How many bytes it has.")
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] = Field(description="Its SHA-256, 64 hex digits.")


class UploadShape(Told):
    """How much of a file has arrived, and what to send next."""

    reference: str = Field(description="Reference of the file, for `attachments` of a step once it is checked.")
    size: int = Field(description="Bytes of the whole file.")
    received: int = Field(description="Bytes that have arrived.")
    piece: int = Field(description="Bytes of each piece but the last.")
    next_piece: int = Field(description="The first piece that is missing; -1: none.")
    state: str = Field(description="`coming`, `checked` (can be attached), `sent`.")
    media: str = Field(description="Media type, told by its content once it is checked.")


@router.post("/attachments", response=answers(UploadShape, 403, 409, body=True), operation_id="begin_attachment")
def begin(request: HttpRequest, given: FileGiven) -> Upload:
    """Announce a file. Needs the act `thread_step`."""
    node, actor = at_work(request)
    return attachments.begin_attachment(node, actor, name=given.name, size=given.size, sha256=given.sha256)


@router.put(
    "/attachments/{reference}/pieces/{number}",
    response=answers(UploadShape, 403, 404, 409, body=True),
    operation_id="send_piece",
    openapi_extra=_PIECE,
)
def send_piece(request: HttpRequest, reference: Reference, number: Number) -> Upload:
    """Send one piece as it is (application/octet-stream); the same piece again does no harm.

    Piece n begins at byte n times `piece`. Needs the act `thread_step`.
    """
    node, actor = at_work(request)
    return attachments.add_piece(node, actor, reference, number, request.body)


@router.get("/attachments/{reference}", response=answers(UploadShape, 403, 404), operation_id="upload_state")
def state(request: HttpRequest, reference: Reference) -> Upload:
    """How much of a file has arrived, to go on after a break. Needs the act `thread_step`."""
    node, actor = at_work(request)
    return attachments.upload_state(node, actor, reference)


@router.post(
    "/attachments/{reference}/finish", response=answers(UploadShape, 403, 404, 409), operation_id="finish_attachment"
)
def finish(request: HttpRequest, reference: Reference) -> Upload:
    """Have the whole file checked: its hash, its kind by content. Then it can be attached to a step.

    A file that is refused is forgotten. Needs the act `thread_step`.
    """
    node, actor = at_work(request)
    return attachments.finish_attachment(node, actor, reference)


@router.delete(
    "/attachments/{reference}", response=answers(None, 403, 404, 409, status=204), operation_id="discard_attachment"
)
def discard(request: HttpRequest, reference: Reference) -> Status[None]:
    """Forget a file that was not sent. Needs the act `thread_step`."""
    node, actor = at_work(request)
    attachments.discard_attachment(node, actor, reference)
    return Status(204, None)


@router.get("/threads/{reference}/attachments/{file}", response=answers(str, 403, 404), operation_id="read_attachment")
def read(request: HttpRequest, reference: Reference, file: Reference) -> HttpResponse:
    """A file of a thread, to be saved; the header Repr-Digest (RFC 9530) has its SHA-256.

    Needs the act `thread_read`.
    """
    node, actor = at_work(request)
    found = attachments.read_attachment(node, actor, reference, file)
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "Repr-Digest": f"sha-256=:{digest}:",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(b"".join(found.pieces), content_type=BYTES, headers=headers)
