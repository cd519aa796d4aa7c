"""Threads: exchanges with other authorities by a procedure: the inbox, opening, steps, the desk."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Query, Router
from ninja.responses import Status
from pydantic import Field

from alidade.api.shapes import AuthorityCode, Given, Language, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.api.thread_shapes import (
    AwaitedList,
    AwaitedShape,
    DraftShape,
    DraftsShape,
    ExportedThread,
    InboxLineShape,
    InboxShape,
    LinesShape,
    Officer,
    OpeningGiven,
    PreviewShape,
    ProcedureCode,
    SentShape,
    StepGiven,
    ThreadShape,
)
from alidade.model.ids import OfficerId
from alidade.services.threads import assigning, drafts, noting, opening, printing, reading, searching, stepping
from alidade.services.threads import inbox as lists
from alidade.services.threads.repeating import Repeat
from alidade.services.threads.view import Folder, Inbox, Preview, Sent, ThreadView
from alidade.services.tokens import spend

router = Router(tags=["Threads"])

Place = Annotated[
    str, Query(max_length=80, pattern="^([0-9T:.+-]{1,40}/[0-9a-f]{32})?$", description="`next` of the page before.")
]

RepeatKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern="^[A-Za-z0-9_.:-]{0,64}$",
        description="Yours for this one act, at most 64 characters. Within 24 hours the same request with the same key"
        " is"
        " answered as before and does nothing; another request with it is refused (409, `key_used`).",
    ),
]


class SearchGiven(Given):
    """What is looked for in your authority's threads."""

    text: str = Field(default="", max_length=200, description="Beginning of a reference, or words of case or title.")
    procedure: ProcedureCode | None = Field(default=None, description="Only threads of this procedure.")
    authority: AuthorityCode | None = Field(default=None, description="Only threads with this authority.")


class NoteGiven(Given):
    """An internal note: no other party ever sees it."""

    text: str = Field(min_length=1, max_length=20_000, description="The note.")


class NoteKept(Told):
    """The note that was kept."""

    note: str = Field(description="Its reference.")


class DeskGiven(Given):
    """On whose desk a thread is put."""

    officer: Officer | None = Field(default=None, description="A colleague; null: back to the duty desk.")
    unit: str = Field(default="", max_length=80, description="The unit; empty: the colleague's, or that on duty.")


class HandOverGiven(Given):
    """To whom a desk is handed over."""

    colleague: Officer = Field(description="Who takes it.")
    officer: Officer | None = Field(default=None, description="Whose desk; null: that of the officer of the token.")


class HandedOver(Told):
    """What was handed over."""

    threads: int
    drafts: int


class RemarkGiven(Given):
    """Why a draft is given back."""

    remark: str = Field(min_length=1, max_length=2000, description="What its writer should mend.")


@router.get("/inbox", response=answers(InboxShape, 403), operation_id="inbox")
def inbox(
    request: HttpRequest,
    folder: Folder = "mine",
    after: Place = "",
    size: Annotated[int, Query(ge=1, le=lists.LARGEST_PAGE)] = 50,
    language: Language = "en",
) -> Inbox:
    """One list of threads, what expires first first, page by page, and how many each list holds.

    Needs the act `thread_read`.
    """
    node, actor = at_work(request)
    return lists.inbox(node, actor, folder, after=after, size=size, language=language)


@router.get("/awaited", response=answers(AwaitedList, 403), operation_id="awaited")
def awaited(request: HttpRequest, language: Language = "en") -> AwaitedList:
    """What other authorities owe in your threads, what expires first first. Needs the act `thread_read`."""
    node, actor = at_work(request)
    found = lists.awaited(node, actor, language=language)
    return AwaitedList(awaited=[AwaitedShape.model_validate(each) for each in found])


@router.post("/threads/search", response=answers(LinesShape, 403, body=True), operation_id="search_threads")
def search_threads(request: HttpRequest, given: SearchGiven, language: Language = "en") -> LinesShape:
    """Find threads of your authority by reference, case, title, procedure or party, newest first, at most 100.

    Needs the act `thread_read`.
    """
    node, actor = at_work(request)
    found = searching.search_threads(
        node, actor, given.text, procedure=given.procedure or "", authority=given.authority or "", language=language
    )
    return LinesShape(lines=[InboxLineShape.model_validate(each) for each in found])


@router.post("/threads/preview", response=answers(PreviewShape, 403, 404, body=True), operation_id="preview_opening")
def preview_opening(request: HttpRequest, given: OpeningGiven, language: Language = "en") -> Preview:
    """What would be sent to whom, and why not more, if the thread were opened now. Needs the act `thread_open`."""
    node, actor = at_work(request)
    return opening.preview_opening(node, actor, given.of(actor.viewer.authority), language=language)


@router.post("/threads", response=answers(SentShape, 403, 404, 409, body=True), operation_id="open_thread")
def open_thread(request: HttpRequest, given: OpeningGiven, key: RepeatKey = "") -> Sent:
    """Open a thread with its first step, or have it wait for a second officer. Needs the act `thread_open`.

    After a lost answer send it again with the same `Idempotency-Key`; without one look into the inbox first.
    """
    node, actor = at_work(request)
    return opening.open_thread(node, actor, given.of(actor.viewer.authority), repeat=_repeat(request, key))


@router.get("/threads/{reference}", response=answers(ThreadShape, 403, 404), operation_id="thread")
def thread(request: HttpRequest, reference: Reference, language: Language = "en") -> ThreadView:
    """Everything that your authority may see of a thread; it counts as read by the officer of the token.

    The first reading is told to the other parties as a receipt without a name. Needs the act `thread_read`.
    """
    node, actor = at_work(request)
    return reading.read_thread(node, actor, reference, language=language)


@router.get("/threads/{reference}/export", response=answers(ExportedThread, 403, 404), operation_id="export_thread")
def export_thread(request: HttpRequest, reference: Reference, language: Language = "en") -> ExportedThread:
    """A whole thread for another file, with its conditions; values that must not be exported are left out.

    Needs the acts `export` and `thread_read`; counts towards the allowance of exports.
    """
    node, actor = at_work(request)
    spend(node, actor, "exports")
    made = printing.export_thread(node, actor, reference, language=language)
    return ExportedThread(
        thread=ThreadShape.model_validate(made.view),
        exported_at=made.printed_at,
        authority_name=made.authority_name,
        handling_lines=list(made.handling_lines),
        sha256=made.sha256,
    )


@router.post(
    "/threads/{reference}/steps/preview",
    response=answers(PreviewShape, 403, 404, 409, body=True),
    operation_id="preview_step",
)
def preview_step(request: HttpRequest, reference: Reference, given: StepGiven, language: Language = "en") -> Preview:
    """What would be sent to whom, and why not more, if the step were taken now. Needs the act `thread_step`."""
    node, actor = at_work(request)
    return stepping.preview_step(node, actor, reference, given.of(), language=language)


@router.post(
    "/threads/{reference}/steps", response=answers(SentShape, 403, 404, 409, body=True), operation_id="take_step"
)
def take_step(request: HttpRequest, reference: Reference, given: StepGiven, key: RepeatKey = "") -> Sent:
    """Take a step, or have it wait for a second officer: answer, refuse, announce a delay, ask, remind, write.

    Status 409 (`not_now`) says that the thread has moved: read it again. After a lost answer send it again with the
    same `Idempotency-Key`. Needs the act `thread_step`.
    """
    node, actor = at_work(request)
    return stepping.take_step(node, actor, reference, given.of(), repeat=_repeat(request, key))


def _repeat(request: HttpRequest, key: str) -> Repeat | None:
    """The whole of what was asked: where, and the bytes of the body."""
    return Repeat(key=key, asked=request.path.encode() + b"\x00" + request.body) if key else None


@router.post("/threads/{reference}/notes", response=answers(NoteKept, 403, 404, body=True), operation_id="add_note")
def add_note(request: HttpRequest, reference: Reference, given: NoteGiven) -> NoteKept:
    """Keep a note for your own authority alone. Needs the act `thread_step`."""
    node, actor = at_work(request)
    return NoteKept(note=noting.add_note(node, actor, reference, given.text))


@router.post("/threads/{reference}/take", response=answers(None, 403, 404, status=204), operation_id="take_thread")
def take_thread(request: HttpRequest, reference: Reference) -> Status[None]:
    """Put a thread on the desk of the officer of the token. Needs the act `thread_step`."""
    node, actor = at_work(request)
    assigning.take_thread(node, actor, reference)
    return Status(204, None)


@router.post(
    "/threads/{reference}/desk",
    response=answers(None, 403, 404, body=True, status=204),
    operation_id="assign_thread",
)
def assign_thread(request: HttpRequest, reference: Reference, given: DeskGiven) -> Status[None]:
    """Put a thread on a colleague's desk, or back to the duty desk. Needs the act `thread_assign`."""
    node, actor = at_work(request)
    officer = None if given.officer is None else OfficerId(given.officer)
    assigning.assign_thread(node, actor, reference, officer, unit=given.unit)
    return Status(204, None)


@router.post("/hand-over", response=answers(HandedOver, 403, 404, body=True), operation_id="hand_over")
def hand_over(request: HttpRequest, given: HandOverGiven) -> HandedOver:
    """Hand a desk with all its threads and drafts to a colleague.

    Needs the act `thread_step`; for another officer's desk `thread_assign`.
    """
    node, actor = at_work(request)
    officer = None if given.officer is None else OfficerId(given.officer)
    threads, written = assigning.hand_over_threads(node, actor, OfficerId(given.colleague), officer=officer)
    return HandedOver(threads=threads, drafts=written)


@router.get("/drafts", response=answers(DraftsShape, 403), operation_id="drafts")
def list_drafts(request: HttpRequest, language: Language = "en") -> DraftsShape:
    """Own drafts, and those of colleagues that wait for approval. Needs the act `thread_read`."""
    node, actor = at_work(request)
    found = drafts.drafts_of(node, actor, language=language)
    return DraftsShape(drafts=[DraftShape.model_validate(each) for each in found])


@router.post("/drafts/{reference}/approve", response=answers(SentShape, 403, 404, 409), operation_id="approve_draft")
def approve_draft(request: HttpRequest, reference: Reference) -> Sent:
    """Send what a colleague wrote, as the second officer who has looked at it. Needs the act `thread_approve`.

    That a person has looked at it is for the officer of the token to see to.
    """
    node, actor = at_work(request)
    return drafts.approve_draft(node, actor, reference)


@router.post(
    "/drafts/{reference}/return", response=answers(None, 403, 404, body=True, status=204), operation_id="return_draft"
)
def return_draft(request: HttpRequest, reference: Reference, given: RemarkGiven) -> Status[None]:
    """Give a draft back to its writer, with words why. Needs the act `thread_approve`."""
    node, actor = at_work(request)
    drafts.return_draft(node, actor, reference, given.remark)
    return Status(204, None)
