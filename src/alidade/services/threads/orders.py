"""Orders: what an officer writes, the forms he fills in, and what he is told before and after it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId

Standing = Literal["effective", "crossed", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOrder:
    """A step as an officer writes it.

    code          a transition of the procedure, or `message`, `remind`, `reassure`
    values        by field of the form of that step
    attachments   references of checked files (`attachments.finish`)
    records       public ids of records to attach: one's own, or others' that may be passed on
    quotes        references of checks of one's own authority or of hits without content
    translates    the step of which this is a translation, as "authority/number"; the original stays
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    language: str = "en"
    attachments: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    translates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A thread as an officer opens it: the procedure, the other parties with their roles, and the first step.

    `own_role` is the role of one's own authority; empty: the one that the procedure gives to who opens. `version` 0:
    the newest.
    """

    procedure: str
    parties: Mapping[AuthorityId, str]
    title: str
    order: StepOrder
    handling: Handling
    case: str = ""
    version: int = 0
    own_role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a closed list, in words."""

    code: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a form, in the reader's language. `required_if` is what the definition says, for the page."""

    code: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    required_if: Any = None
    choices: tuple[Choice, ...] = ()
    code_list: str = ""
    things: tuple[str, ...] = ()
    section: str = ""
    shown_if: Any = None
    many: bool = False
    max_words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form of one step."""

    procedure: str
    version: int
    code: str
    label: str
    fields: tuple[FormField, ...]
    reasons: tuple[Choice, ...] = ()
    reason_required: bool = False
    note_required: bool = False
    four_eyes: bool = False
    sections: tuple[Choice, ...] = ()
    roles: tuple[Choice, ...] = ()  # of an opening: which roles the other parties may have
    own_roles: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedProcedure:
    """A procedure that one may open a thread of."""

    code: str
    version: int
    title: str
    purpose: str
    source: str
    verified: bool
    from_catalogue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What one recipient will get of a step.

    role       his role in the thread; "copy" may only read and write messages
    hosted     whether he works on this node
    records    for each record attached: whether he will read it, and if not, why
    withheld   why the handling of the thread forbids that he gets the step at all; empty: he gets it
    """

    authority: AuthorityId
    name: str
    role: str
    hosted: bool
    records: tuple[ForeseenRecord, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenRecord:
    """What one recipient will see of one attached record.

    learns: read, part, nothing (he sees only that something is attached); blocked: it must not be passed on to him.
    """

    record: str
    owner: AuthorityId
    learns: Literal["read", "part", "nothing"]
    blocked: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a form: which field, why, and what to do. Never the value.

    `field` is a field of the form, or `reason`, `note`, `attachments`, `records`, `quotes`, `translates`, `parties`.
    """

    field: str
    code: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What will happen if the step is sent as it is now; nothing has been kept.

    `approval` says why somebody else must approve it first: "four_eyes", "unit_rule", or empty.
    """

    procedure: str
    code: str
    recipients: tuple[Foreseen, ...]
    problems: tuple[Problem, ...]
    approval: str
    effects: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether it may be sent."""
        blocked = any(record.blocked for each in self.recipients for record in each.records)
        return not (self.problems or blocked or any(each.withheld for each in self.recipients))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a step: sent, or kept as a draft that waits for approval.

    An opening to several addressees who must not learn of each other makes a thread for each: `threads`.
    """

    thread: str
    state: Literal["sent", "waiting_for_approval"]
    threads: tuple[str, ...] = ()
    step: str = ""  # "authority/number"
    draft: str = ""
    standing: Standing = "effective"
