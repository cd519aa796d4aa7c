"""View: the plain objects that the use cases of threads take and hand out. Nothing here decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.services.threads.clock_sign import ClockSign
from alidade.services.threads.orders import (
    Choice,
    Foreseen,
    ForeseenRecord,
    Form,
    FormField,
    OfferedProcedure,
    Opening,
    Preview,
    Problem,
    Sent,
    Standing,
    StepOrder,
)

__all__ = [
    "AssignmentView",
    "AttachmentView",
    "Awaited",
    "Choice",
    "ClockView",
    "DraftView",
    "EffectView",
    "Figure",
    "Folder",
    "Foreseen",
    "ForeseenRecord",
    "Form",
    "FormField",
    "Inbox",
    "InboxCounts",
    "InboxLine",
    "NoteView",
    "OfferedProcedure",
    "Opening",
    "PartyView",
    "Preview",
    "Printed",
    "Problem",
    "RecordView",
    "Sent",
    "Standing",
    "Statistics",
    "StepOrder",
    "StepView",
    "ThreadView",
    "Ticked",
    "TransitionView",
    "Upload",
    "ValueView",
]

Folder = Literal["mine", "unit", "unassigned", "urgent", "all", "awaited", "copies", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One clock of a thread. `left` is negative once it is overdue; None where nothing is due."""

    code: str
    label: str
    owed_by: AuthorityId
    owed_by_name: str
    phase: str
    due_at: datetime | None
    left: timedelta | None
    met: bool | None
    if_missed: str
    source: str
    verified: bool
    own: bool
    sign: ClockSign | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionView:
    """Something that one's own authority may do now: its letter key and its words."""

    code: str
    label: str
    key: str
    four_eyes: bool
    reasons: tuple[Choice, ...]
    reason_required: bool
    note_required: bool
    has_form: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file in a thread. `name` is empty once it was erased."""

    reference: str
    name: str
    size: int
    sha256: str
    media: str
    here: bool  # whether its content has arrived on this node
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """One value of a form, with its label in the reader's language."""

    field: str
    label: str
    kind: str
    value: Any
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A record attached to a step: its statements as far as this viewer may read them, else none."""

    record: str
    readable: bool
    statements: tuple[Any, ...] = ()  # store.reading.SeenStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step as a party reads it. `erased`: the words are gone, that it was taken remains."""

    id: str  # "authority/number"
    author: AuthorityId
    author_name: str
    number: int
    code: str
    label: str
    at: str
    stored_at: datetime
    officer: str  # of one's own authority only
    approved_by: str
    standing: Standing
    why: str  # why it had no effect; empty where it had
    values: tuple[ValueView, ...]
    reason: str
    reason_label: str
    note: str
    language: str
    attachments: tuple[AttachmentView, ...]
    records: tuple[RecordView, ...]
    quotes: tuple[str, ...]
    translates: str
    translations: tuple[str, ...]
    effects: tuple[EffectView, ...]
    new: bool
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectView:
    """What a step brought about here."""

    effect: str
    outcome: str
    done_at: datetime
    objects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """One party: its role, and whether the first step was received and how far it has read, by its own receipts."""

    authority: AuthorityId
    name: str
    role: str
    hosted: bool
    turn: bool
    received_at: str
    read_at: str
    role_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """An internal note."""

    id: str
    officer: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentView:
    """Who had the thread on his desk."""

    officer: str
    unit: str
    how: str
    by: str
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """Everything that one's own authority may see of a thread, in the order of what caused what."""

    reference: str
    procedure: str
    version: int
    procedure_title: str
    verified: bool
    title: str
    case: str
    handling: Handling | None
    handling_lines: tuple[str, ...]
    urgent: bool
    state: str
    state_label: str
    final: bool
    own_role: str
    turn: tuple[AuthorityId, ...]
    your_turn: bool
    opened_at: datetime
    closed_at: datetime | None
    parties: tuple[PartyView, ...]
    steps: tuple[StepView, ...]
    clocks: tuple[ClockView, ...]
    allowed: tuple[TransitionView, ...]
    drafts: tuple[DraftView, ...]
    notes: tuple[NoteView, ...]
    assignments: tuple[AssignmentView, ...]
    officer: str
    unit: str
    awaiting: int  # steps that wait for one that has not arrived


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A step that is not sent yet. `thread` is empty for a thread that is still to be opened."""

    id: str
    thread: str
    procedure: str
    code: str
    label: str
    state: Literal["draft", "waiting", "returned"]
    officer: str
    unit: str
    urgent: bool
    saved_at: datetime
    asked_at: datetime | None
    remark: str
    order: StepOrder
    opening: Opening | None
    yours: bool
    may_approve: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """One thread in a list."""

    reference: str
    procedure: str
    procedure_title: str
    title: str
    case: str
    state: str
    state_label: str
    role: str
    others: tuple[AuthorityId, ...]
    urgent: bool
    your_turn: bool
    due_at: datetime | None
    left: timedelta | None
    overdue: bool
    awaited_at: datetime | None
    officer: str
    unit: str
    moved_at: datetime
    unread: int
    final: bool
    sign: ClockSign | None = None
    allowed: tuple[LineAction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAction:
    """What one's own authority may do now in a thread of a list: its letter key and its words."""

    code: str
    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxCounts:
    """How many threads each list holds for this officer, and what else waits. `closed` is counted up to 10,001."""

    mine: int
    unit: int
    unassigned: int
    urgent: int
    all: int
    awaited: int
    copies: int
    closed: int
    overdue: int
    to_approve: int
    returned: int
    today: int = 0  # due before the day of one's own authority is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """A page of a list, sorted by what expires first. `next` leads to the next page; empty on the last."""

    folder: Folder
    lines: tuple[InboxLine, ...]
    counts: InboxCounts
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """One thing that another authority owes."""

    thread: str
    procedure: str
    title: str
    authority: AuthorityId
    authority_name: str
    clock: str
    label: str
    due_at: datetime | None
    left: timedelta | None
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An attachment on its way: how much has arrived, and in which pieces to send the rest."""

    reference: str
    size: int
    received: int
    piece: int
    next_piece: int
    state: str
    media: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of statistics. `count` is None where it is so small that it could point to a person."""

    measure: str
    label: str
    split: tuple[tuple[str, str], ...]
    count: int | None
    hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The figures of a procedure for a period, as its definition asks for them, and the source that asks."""

    procedure: str
    title: str
    source: str
    since: str
    until: str
    figures: tuple[Figure, ...]
    threads: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A thread for a file on paper or elsewhere: everything the reader may see, with its handling and its hash."""

    view: ThreadView
    printed_at: datetime
    officer: str
    authority_name: str
    handling_lines: tuple[str, ...]
    sha256: str  # of `content`
    content: bytes  # JSON, UTF-8: what the hash is of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What the clocks brought about at one look."""

    warned: int = 0
    overdue: int = 0
    silent: int = 0
    told: int = 0
