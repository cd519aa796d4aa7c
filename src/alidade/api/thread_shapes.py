"""Shapes of threads: what is sent to open one and to step in it, and how it is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from alidade.api.shapes import AuthorityCode, Given, HandlingGiven, HandlingShape, Reference, StatementShape, Told
from alidade.model.ids import AuthorityId
from alidade.services.threads.view import Opening, StepOrder

ProcedureCode = Annotated[
    str, Field(pattern="^[a-z][a-z0-9_]{0,59}$", description="Code of a procedure.", examples=["information_request"])
]
StepCode = Annotated[
    str,
    Field(
        pattern="^[a-z][a-z0-9_]{0,59}$",
        description="`open`, a step of the procedure, or `message`, `remind`, `reassure`.",
        examples=["answer"],
    ),
]
Officer = Annotated[
    str, Field(pattern="^[a-z0-9-]{1,64}/[^/\\s]{1,120}$", description="An officer, as authority/name.")
]
Answer = bool | int | str | list[str]
_LONGEST = 100_000  # characters of words of one's own


class StepGiven(Given):
    """A step as an officer decided on it."""

    code: StepCode = Field(description="Which step: what `allowed` of the thread lists.", examples=["answer"])
    values: dict[str, Answer] = Field(
        default={},
        max_length=200,
        description="Answers by field of the form of that step.",
        examples=[{"answer": "Nothing."}],
    )
    reason: str = Field(default="", max_length=80, description="Code of the closed list of reasons of that step.")
    note: str = Field(default="", max_length=_LONGEST, description="Words of one's own; of a message, the message.")
    language: Annotated[str, Field(pattern="^[A-Za-z_-]{2,12}$")] = Field(
        default="en", description="Language of the words (list `languages`)."
    )
    attachments: list[Reference] = Field(
        default=[], max_length=200, description="References of files that were sent and checked."
    )
    records: list[Reference] = Field(default=[], max_length=1000, description="Records to attach.")
    quotes: list[Reference] = Field(
        default=[], max_length=200, description="Checks of your authority, or hits without content, to refer to."
    )
    translates: Annotated[str, Field(pattern="^([a-z0-9-]{1,64}/[0-9]{1,9})?$")] = Field(
        default="", description="The step (authority/number) of which this is a translation."
    )

    def of(self) -> StepOrder:
        """The step as the use cases know it."""
        return StepOrder(
            code=self.code,
            values=dict(self.values),
            reason=self.reason,
            note=self.note,
            language=self.language,
            attachments=tuple(self.attachments),
            records=tuple(self.records),
            quotes=tuple(self.quotes),
            translates=self.translates,
        )


class OpeningGiven(Given):
    """A thread as an officer decided to open it."""

    procedure: ProcedureCode
    version: Annotated[int, Field(ge=0, le=1_000_000)] = Field(default=0, description="0: the newest.")
    parties: dict[AuthorityCode, Annotated[str, Field(max_length=60)]] = Field(
        min_length=1,
        max_length=200,
        description="The other authorities, each with its role in the procedure.",
        examples=[{"de-bka": "requested"}],
    )
    title: str = Field(min_length=1, max_length=300, description="What it is about; names nobody.")
    case: str = Field(default="", max_length=200, description="Your own reference of the case.")
    own_role: Annotated[str, Field(max_length=60)] = Field(
        default="", description="Your role; empty: the one that the procedure gives to who opens."
    )
    handling: HandlingGiven = Field(description="The conditions of the thread; whoever is written to may read.")
    step: StepGiven = Field(description="The first step; its code is `open`.")

    def of(self, owner: AuthorityId) -> Opening:
        """The opening as the use cases know it."""
        return Opening(
            procedure=self.procedure,
            version=self.version,
            parties={AuthorityId(party): role for party, role in self.parties.items()},
            title=self.title,
            case=self.case,
            own_role=self.own_role,
            handling=self.handling.of(owner),
            order=self.step.of(),
        )


class ProblemShape(Told):
    """One thing to mend before a step can be sent."""

    field: str = Field(description="Field of the form, or `reason`, `note`, `attachments`, `records`, `quotes` ...")
    code: str = Field(description="Stable code.")
    sentence: str = Field(description="What is wrong, without the value.")
    remedy: str = Field(description="What to do.")


class ForeseenRecordShape(Told):
    """What one recipient will see of one attached record."""

    record: str = Field(description="Reference of the record.")
    owner: str = Field(description="Authority that gave it.")
    learns: Literal["read", "part", "nothing"] = Field(description="How much of it he will read.")
    blocked: bool = Field(description="Whether it must not be passed on to him, so that the step cannot be sent.")
    reasons: list[str] = Field(description="The rules that decide, in words.")


class ForeseenShape(Told):
    """What one recipient will get of a step."""

    authority: str
    name: str
    role: str = Field(description="His role in the thread; `copy` only reads and writes messages.")
    hosted: bool = Field(description="Whether he works on this node.")
    records: list[ForeseenRecordShape]
    withheld: list[str] = Field(description="Why he may not get the step at all; empty: he gets it.")


class PreviewShape(Told):
    """What would happen if the step were sent now; nothing has been kept."""

    procedure: str
    code: str
    ready: bool = Field(description="Whether it can be sent.")
    recipients: list[ForeseenShape]
    problems: list[ProblemShape]
    approval: str = Field(description="Why a second officer must approve: `four_eyes`, `unit_rule`, or empty.")
    effects: list[str] = Field(description="What it would bring about beyond the thread.")


class SentShape(Told):
    """What became of a step."""

    thread: str = Field(description="Reference of the thread; empty where its opening waits for approval.")
    state: Literal["sent", "waiting_for_approval"]
    threads: list[str] = Field(description="Of an opening: the threads; one for each who must not learn of the others.")
    step: str = Field(description="The step, as authority/number.")
    draft: str = Field(description="The draft that waits for approval.")
    standing: Literal["effective", "crossed", "waiting"] = Field(
        description="`crossed`: somebody acted in the meantime, and the step had no effect."
    )


class ClockSignShape(Told):
    """A deadline in its own unit."""

    label: str
    unit: str = Field(description="As the law words it: hours, calendar_days, working_days ...")
    phase: str = Field(description="not_started, running, suspended, met, late, overrun_announced, missed, silence.")
    owed_by: str
    due_at: datetime | None
    left: timedelta | None = Field(description="ISO 8601 duration; negative once it is over.")
    working_days: int | None = Field(description="Whole working days left of the one who owes.")
    last_day: date | None = Field(description="The last day by the wall of the one who owes.")
    share: float | None = Field(description="How much of the time is left, from 0 to 1.")
    paused_since: datetime | None
    paused_why: str = Field(description="What was done that holds it up, or announced a delay.")
    paused_by: str = Field(description="The name of who did it.")
    overdue: bool


class ClockShape(Told):
    """One deadline of a thread."""

    code: str = Field(description="Code of the clock.")
    label: str
    owed_by: str = Field(description="Authority that is to act.")
    owed_by_name: str
    phase: str
    due_at: datetime | None
    left: timedelta | None
    met: bool | None
    if_missed: str = Field(description="What it means when nobody acts.")
    source: str = Field(description="Act and article.")
    verified: bool = Field(description="Whether somebody has read it in the source.")
    own: bool = Field(description="Whether your authority owes it.")
    sign: ClockSignShape | None


class LineActionShape(Told):
    """Something that your authority may do now."""

    code: str
    key: str = Field(description="Its letter key on the pages.")
    label: str


class InboxLineShape(Told):
    """One thread in a list."""

    reference: str
    procedure: str
    procedure_title: str
    title: str
    case: str
    state: str
    state_label: str
    role: str = Field(description="Your authority's role.")
    others: list[str] = Field(description="The other parties.")
    urgent: bool
    your_turn: bool
    due_at: datetime | None = Field(description="When your authority must have acted.")
    left: timedelta | None
    overdue: bool
    awaited_at: datetime | None = Field(description="When others must have acted.")
    officer: str = Field(description="On whose desk it lies; empty: the duty desk's.")
    unit: str
    moved_at: datetime = Field(description="When the last step came.")
    unread: int = Field(description="Steps of others that the officer of the token has not read.")
    final: bool
    sign: ClockSignShape | None
    allowed: list[LineActionShape]


class CountsShape(Told):
    """How many threads each list holds, and what else waits."""

    mine: int
    unit: int
    unassigned: int
    urgent: int
    all: int
    awaited: int
    copies: int
    closed: int = Field(description="Counted up to 10,001.")
    overdue: int
    to_approve: int = Field(description="Drafts of colleagues that wait for the officer of the token.")
    returned: int = Field(description="Own drafts that were given back.")


class InboxShape(Told):
    """A page of a list, what expires first first."""

    folder: str
    lines: list[InboxLineShape]
    counts: CountsShape
    next: str = Field(description="Send it as `after` for the next page; empty on the last.")


class LinesShape(Told):
    """Threads that were found."""

    lines: list[InboxLineShape]


class AwaitedShape(Told):
    """One thing that another authority owes."""

    thread: str
    procedure: str
    title: str
    authority: str
    authority_name: str
    clock: str
    label: str
    due_at: datetime | None
    left: timedelta | None
    overdue: bool


class AwaitedList(Told):
    """What others owe, what expires first first."""

    awaited: list[AwaitedShape]


class ChoiceShape(Told):
    """One entry of a closed list."""

    code: str
    label: str
    help: str


class AttachmentShape(Told):
    """A file in a thread."""

    reference: str
    name: str = Field(description="Empty once it was erased.")
    size: int = Field(description="Bytes.")
    sha256: str
    media: str = Field(description="Media type, told by its content.")
    here: bool = Field(description="Whether its content has arrived on this node.")
    erased: bool


class ValueShape(Told):
    """One answer of a form."""

    field: str
    label: str
    kind: str = Field(description="Type of the field.")
    value: Any = Field(description="As it was given.")
    shown: str = Field(description="In words.")


class AttachedRecord(Told):
    """A record attached to a step."""

    record: str = Field(description="Reference of the record.")
    readable: bool
    statements: list[StatementShape] = Field(description="As far as you may read them.")


class EffectShape(Told):
    """What a step brought about here."""

    effect: str
    outcome: str
    done_at: datetime
    objects: int


class StepShape(Told):
    """One step, in the order of what caused what."""

    id: str = Field(description="authority/number.")
    author: str
    author_name: str
    number: int
    code: str
    label: str
    at: str = Field(description="When its author says that he took it.")
    stored_at: datetime = Field(description="When it came here.")
    officer: str = Field(description="Of your own authority only.")
    approved_by: str
    standing: Literal["effective", "crossed", "waiting"]
    why: str = Field(description="Why it had no effect; empty where it had.")
    values: list[ValueShape]
    reason: str
    reason_label: str
    note: str
    language: str
    attachments: list[AttachmentShape]
    records: list[AttachedRecord]
    quotes: list[str]
    translates: str
    translations: list[str]
    effects: list[EffectShape]
    new: bool = Field(description="Whether the officer of the token had not read it.")
    erased: bool = Field(description="The words are gone; that the step was taken remains.")


class PartyShape(Told):
    """One party, and its receipts."""

    authority: str
    name: str
    role: str
    role_label: str
    hosted: bool
    turn: bool = Field(description="Whether it is to act.")
    received_at: str = Field(description="When it received the first step; empty: no receipt yet.")
    read_at: str = Field(description="When it first read the thread; empty: not yet.")


class TransitionShape(Told):
    """A step that your authority may take now."""

    code: str
    label: str
    key: str
    four_eyes: bool = Field(description="A second officer must approve.")
    reasons: list[ChoiceShape]
    reason_required: bool
    note_required: bool
    has_form: bool = Field(description="Whether GET /api/v1/procedures/{procedure}/forms/{step} has fields.")


class NoteShape(Told):
    """An internal note of your authority."""

    id: str
    officer: str
    at: datetime
    text: str


class AssignmentShape(Told):
    """Who had the thread on his desk."""

    officer: str
    unit: str
    how: str
    by: str
    at: datetime
    ended_at: datetime | None


class DraftShape(Told):
    """A step that is not sent yet."""

    id: str
    thread: str = Field(description="Empty for a thread that is still to be opened.")
    procedure: str
    code: str
    label: str
    state: Literal["draft", "waiting", "returned"]
    officer: str
    unit: str
    urgent: bool
    saved_at: datetime
    asked_at: datetime | None
    remark: str = Field(description="Why it was given back.")
    yours: bool
    may_approve: bool


class DraftsShape(Told):
    """Own drafts, and those of colleagues that wait for the officer of the token."""

    drafts: list[DraftShape]


class ThreadShape(Told):
    """Everything that your authority may see of a thread."""

    reference: str
    procedure: str
    version: int
    procedure_title: str
    verified: bool = Field(description="Whether somebody has read the procedure in its source.")
    title: str
    case: str
    handling: HandlingShape | None = Field(description="Null once its words were erased.")
    handling_lines: list[str] = Field(description="The conditions in words.")
    urgent: bool
    state: str
    state_label: str
    final: bool
    own_role: str
    turn: list[str] = Field(description="Authorities that are to act.")
    your_turn: bool
    opened_at: datetime
    closed_at: datetime | None
    parties: list[PartyShape]
    steps: list[StepShape]
    clocks: list[ClockShape]
    allowed: list[TransitionShape]
    drafts: list[DraftShape]
    notes: list[NoteShape]
    assignments: list[AssignmentShape]
    officer: str
    unit: str
    awaiting: int = Field(description="Steps that are known of and have not arrived.")


class ExportedThread(Told):
    """A thread for another file: what may be taken out of it, with its conditions and a hash."""

    thread: ThreadShape
    exported_at: datetime
    authority_name: str
    handling_lines: list[str]
    sha256: str = Field(description="Hash of what was exported, as it stands in the ledger.")
