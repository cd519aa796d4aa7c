"""A procedure as data: its roles, forms, states, transitions, clocks, products and statistics. No law stands in code.

One file is one procedure in one version (`catalogue/*.json`); `reading.read_definition` reads it strictly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from alidade.clocks import ClockDefinition

__all__ = [
    "BUILT_IN",
    "COPY",
    "DOES",
    "EFFECTS",
    "FIELD_TYPES",
    "Choice",
    "ClockChoice",
    "ClockRule",
    "ClockUse",
    "Code",
    "Condition",
    "Copy",
    "Definition",
    "Effect",
    "Field",
    "FieldType",
    "Form",
    "Opening",
    "Product",
    "Role",
    "Section",
    "State",
    "Statistic",
    "Text",
    "Transition",
    "in_language",
]

Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""A code of a procedure's file: small letters, digits, underscores."""

COPY: Final = "copy"
"""The role that every procedure has without saying so: may read and write messages, and nothing else."""

BUILT_IN: Final = ("open", "message", "received", "read", "remind", "reassure")
"""Steps that every procedure has without saying so."""

EFFECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "attach_contribution": (),
    "release_records": ("records", "purpose", "until"),
    "lift_condition": ("records", "lift", "until"),
    "refuse_release": (),
    "erase_or_correct": ("records",),
    "acknowledge": (),
    "copy_to": ("authority",),
    "none": (),
}
"""What a step may do beyond the thread, with the arguments that each effect must be given.

`refuse_release` refuses what was asked (argument `hit`) or ends what had been given (argument `records`)."""

FieldType = Literal[
    "text", "long_text", "code", "code_list", "thing", "date", "moment", "boolean", "number", "country", "authority",
    "record", "check_hit", "contribution",
]  # fmt: skip
FIELD_TYPES: Final[tuple[str, ...]] = (
    "text", "long_text", "code", "code_list", "thing", "date", "moment", "boolean", "number", "country", "authority",
    "record", "check_hit", "contribution",
)  # fmt: skip

DOES: Final = ("start", "suspend", "resume", "extend", "overrun", "stop")


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Text(_Part, frozen=True, kw_only=True):
    """What a person reads, in up to four languages; a translation that is missing is a finding, not an error."""

    en: str = ""
    fr: str = ""
    es: str = ""
    pt: str = ""
    pt_BR: str = ""


def in_language(text: Text, language: str) -> str:
    """The text in the language asked for (`fr`, `fr-BE`, `pt_BR`), else English, else what there is, else empty."""
    tag = language.replace("-", "_").casefold()
    wanted = {"en": text.en, "fr": text.fr, "es": text.es, "pt": text.pt}.get(tag.partition("_")[0], "")
    if tag == "pt_br" and text.pt_BR:
        wanted = text.pt_BR
    return wanted or text.en or text.fr or text.es or text.pt or text.pt_BR


class Condition(_Part, frozen=True, kw_only=True):
    """A test on the values of a form: exactly one of `field`, `all`, `any`, `no` is given.

    With `field`: `is` lists the values of which one must be there; without `is` the field must be filled.
    """

    field: str | None = None
    is_: tuple[str | bool | int, ...] | None = msgspec.field(default=None, name="is")
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    no: Condition | None = None


class Choice(_Part, frozen=True, kw_only=True):
    """One entry of a closed list that stands in the file itself."""

    code: Code
    label: Text
    help: Text | None = None
    source: str = ""
    verified: bool = False


class Role(_Part, frozen=True, kw_only=True):
    """A part that an authority plays in the thread.

    `many`: several authorities may hold it. `apart`: who is addressed must not learn who else is, so every
    addressee gets a thread of his own. `optional`: the thread can do without.
    """

    code: Code
    label: Text
    help: Text | None = None
    many: bool = False
    apart: bool = False
    optional: bool = False


class Section(_Part, frozen=True, kw_only=True):
    """A block of a form."""

    code: Code
    title: Text
    help: Text | None = None
    source: str = ""
    verified: bool = False


class Field(_Part, frozen=True, kw_only=True):
    """One typed question of a form.

    `choices` for type `code`; `list` names a list of the vocabulary for `code_list`; `things` limits the types of
    records or of `thing`; `body` names the body that an `authority` should belong to. `shown_if`: asked only then.
    `required_if`: must be answered only then. `must_be`: the only values with which the form can be sent.
    """

    code: Code
    type: FieldType
    label: Text
    help: Text | None = None
    section: str | None = None
    required: bool = False
    required_if: Condition | None = None
    shown_if: Condition | None = None
    many: bool = False
    max_words: Annotated[int, Meta(ge=1)] | None = None
    choices: tuple[Choice, ...] = ()
    list: str | None = None
    things: tuple[str, ...] = ()
    body: str | None = None
    min: int | None = None
    max: int | None = None
    must_be: tuple[str | bool | int, ...] | None = None
    source: str = ""


class Form(_Part, frozen=True, kw_only=True):
    """What a step asks to be filled in."""

    code: Code
    title: Text
    help: Text | None = None
    sections: tuple[Section, ...] = ()
    fields: tuple[Field, ...]
    source: str = ""
    verified: bool = False


class Effect(_Part, frozen=True, kw_only=True):
    """What an effective step does beyond the thread.

    `arguments` says which field of the thread gives which argument; `fixed` gives arguments that never change;
    `when` limits the effect.
    """

    code: str
    arguments: Mapping[str, str] = {}
    fixed: Mapping[str, str] = {}
    when: Condition | None = None


class Copy(_Part, frozen=True, kw_only=True):
    """Who gets a copy of the thread from this step on: the authority named in `field`, unless the condition fails."""

    field: str
    when: Condition | None = None


class Opening(_Part, frozen=True, kw_only=True):
    """How a thread begins: who may open it, with which form, and the state it is then in."""

    by: tuple[str, ...]
    form: str
    to_state: str
    verb: Text
    help: Text | None = None
    four_eyes: bool = False
    effects: tuple[Effect, ...] = ()
    copies: tuple[Copy, ...] = ()
    source: str = ""


class State(_Part, frozen=True, kw_only=True):
    """Where a thread stands. `final`: nothing can change it any more. `turn`: the role that is to act."""

    code: Code
    label: Text
    help: Text | None = None
    final: bool = False
    turn: str | None = None


class Transition(_Part, frozen=True, kw_only=True):
    """A step that a role may take in some states. `to_state` None: the state stays as it is.

    `reasons` names a list of the file or of the vocabulary; `reason_required`: one of them must be given.
    `note_required`: words of one's own must be given. `four_eyes`: a second officer must have approved.
    """

    code: Code
    key: Annotated[str, Meta(pattern=r"^[a-z]$")]
    verb: Text
    help: Text | None = None
    by: tuple[str, ...]
    from_states: tuple[str, ...]
    to_state: str | None = None
    form: str | None = None
    reasons: str | None = None
    reason_required: bool = False
    note_required: bool = False
    four_eyes: bool = False
    effects: tuple[Effect, ...] = ()
    copies: tuple[Copy, ...] = ()
    source: str = ""
    verified: bool = False


class ClockChoice(_Part, frozen=True, kw_only=True):
    """Which clock of `clocks.json` runs; the first whose condition holds on the values of the thread."""

    clock: str
    when: Condition | None = None


class ClockRule(_Part, frozen=True, kw_only=True):
    """What a step does to a clock.

    `by`: only when this role took the step. `until` names the field with the new end; `count` and `unit` the
    fields with the length added. `void`, with `stop`: nobody owes anything any more, so that no statistic counts it.
    """

    on: str
    does: Literal["start", "suspend", "resume", "extend", "overrun", "stop"]
    by: str | None = None
    when: Condition | None = None
    until: str | None = None
    count: str | None = None
    unit: str | None = None
    void: bool = False


class ClockUse(_Part, frozen=True, kw_only=True):
    """A deadline of the procedure: which clock, who owes it, and which steps move it."""

    code: Code
    label: Text
    owed_by: str
    choices: tuple[ClockChoice, ...]
    events: tuple[ClockRule, ...]


class Product(_Part, frozen=True, kw_only=True):
    """A document that can be printed from a thread: which steps it shows."""

    code: Code
    title: Text
    steps: tuple[str, ...]


class Statistic(_Part, frozen=True, kw_only=True):
    """One table that the law or the unit asks for.

    Counts threads (`threads`) or steps (`steps`, those of `of`) in which the authority played `as_role`, once for
    each combination of `by`: a field of the thread, or `reason`, `state_of:<role>` (its State), `month`.
    `per_thread`: a thread in which the step happened several times counts once.
    """

    code: Code
    label: Text
    count: Literal["threads", "steps"]
    as_role: str
    of: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    when: Condition | None = None
    per_thread: bool = True
    source: str = ""
    verified: bool = False


class Definition(_Part, frozen=True, kw_only=True):
    """One procedure in one version, complete.

    `source` names act and article; `verified` is false until somebody has read it there. `lists` are the closed
    lists of reasons. `own_clocks` are deadlines that stand in no list of the law, such as those that a house sets
    itself; their codes may not be those of the law. A thread keeps the version with which it was opened.
    """

    code: Code
    version: Annotated[int, Meta(ge=1)]
    title: Text
    purpose: Text
    source: str
    date: dt.date
    verified: bool
    note: str = ""
    roles: tuple[Role, ...]
    lists: Mapping[str, tuple[Choice, ...]] = {}
    forms: tuple[Form, ...]
    opening: Opening
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    own_clocks: tuple[ClockDefinition, ...] = ()
    clocks: tuple[ClockUse, ...] = ()
    products: tuple[Product, ...] = ()
    statistics: tuple[Statistic, ...] = ()

    def form(self, code: str | None) -> Form | None:
        """The form of this code, or None."""
        return next((form for form in self.forms if form.code == code), None)

    def state(self, code: str) -> State:
        """The state of this code; KeyError where the file has none."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)

    def transition(self, code: str) -> Transition | None:
        """The transition of this code, or None."""
        return next((each for each in self.transitions if each.code == code), None)

    def role(self, code: str) -> Role | None:
        """The role of this code, or None (the role `copy` stands in no file)."""
        return next((each for each in self.roles if each.code == code), None)

    def all_clocks(self, clocks: Mapping[str, ClockDefinition]) -> Mapping[str, ClockDefinition]:
        """The deadlines that its clocks may name: those of the law (`alidade.clocks.load_clocks()`) and its own."""
        return {**{each.code: each for each in self.own_clocks}, **clocks}

    def form_of_step(self, code: str) -> Form | None:
        """The form that a step of this code fills in, or None where it has none."""
        if code == "open":
            return self.form(self.opening.form)
        transition = self.transition(code)
        return None if transition is None else self.form(transition.form)

    def reasons_of(self, code: str) -> tuple[Choice, ...] | None:
        """The closed list of a transition where it stands in this file; None where the vocabulary has it, or none."""
        transition = self.transition(code)
        if transition is None or transition.reasons is None:
            return None
        return self.lists.get(transition.reasons)
