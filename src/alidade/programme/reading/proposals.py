"""What the reader proposes: every proposal says where it stands and by which rule it was read. A person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AnswerKind = Literal[
    "done", "partly", "reported", "planned", "none", "not-competent", "cross-reference", "no-information", "other"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that stands in the paper: its value, the text as printed, and the place.

    `paragraph` is the number by which the paragraph is cited, `block` its ordinal in the paper, `start` and `end` the
    signs within the text of that block; `note` is the number of the footnote, where it stands in one. `rule` names
    what led to it and `confidence` (0 to 1) how far that rule is to be trusted.
    """

    value: str
    text: str
    paragraph: int
    block: int
    start: int
    end: int
    rule: str
    confidence: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate(Found):
    """A date: YYYY-MM-DD, YYYY-MM, YYYY-Qn, YYYY-Hn, YYYY-season, YYYY-start/mid/end, YYYY; from/to with a slash."""

    precision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundReference(Found):
    """A document number in its usual form, and the system of numbers to which it belongs."""

    system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFigure(Found):
    """A number with its unit; `amount` in that unit (EUR, t, persons ...)."""

    amount: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundActor(Found):
    """A body, network, programme or group of authorities; `label` is its short name in the paper's language."""

    label: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundState(Found):
    """A State, by its ISO 3166 alpha-3 code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The paper itself, its kind a code of `instrument_kinds`. Empty where the paper does not say."""

    kind: str
    kind_rule: str
    number: str = ""
    numbers: tuple[str, ...] = ()
    date: str = ""
    body: str = ""
    origin: str = ""
    addressees: tuple[str, ...] = ()
    language: str = ""
    original_language: str = ""
    title: str = ""
    predecessors: tuple[str, ...] = ()
    markings: tuple[str, ...] = ()
    subject_codes: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure or recommendation. `deadline` is None where none is set, and `deadline_finding` then says so."""

    number: str
    title: str
    kind: Literal["measure", "recommendation", "section"]
    section: str
    text: str
    paragraph: int
    block: int
    blocks: tuple[int, ...]
    addressees: tuple[FoundActor, ...] = ()
    owner: FoundActor | None = None
    forum: tuple[FoundActor, ...] = ()
    deliverables: tuple[Found, ...] = ()
    bullets: tuple[Found, ...] = ()
    dates: tuple[FoundDate, ...] = ()
    deadline: FoundDate | None = None
    deadline_finding: str = ""
    references: tuple[FoundReference, ...] = ()
    figures: tuple[FoundFigure, ...] = ()
    rule: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one State replied to one recommendation; a joint reply gives one for each State."""

    recommendation: str
    state: str
    kind: AnswerKind
    paragraph: int
    block: int
    start: int
    end: int
    text: str
    joint: tuple[str, ...] = ()
    points_to: str = ""
    rule: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of a declaration: preamble or operative, with its force."""

    force: Literal["preamble", "commits", "intends", "wishes", "calls", "states"]
    number: int
    text: str
    paragraph: int
    block: int
    start: int
    end: int
    actors: tuple[FoundActor, ...] = ()
    dates: tuple[FoundDate, ...] = ()
    rule: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands below it, down to the next of its level."""

    title: str
    number: str
    level: int
    paragraph: int
    block: int
    last_block: int
    dates: tuple[FoundDate, ...] = ()
    references: tuple[FoundReference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An acronym that the paper explains itself."""

    acronym: str
    meaning: str
    paragraph: int
    block: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A block of the paper as the proposals count it."""

    block: int
    paragraph: int
    kind: str
    number: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that was proposed from one paper. Nothing of it is final before a person has accepted it."""

    instrument: Instrument
    measures: tuple[Measure, ...] = ()
    answers: tuple[Answer, ...] = ()
    states: tuple[str, ...] = ()
    silent: tuple[tuple[str, tuple[str, ...]], ...] = ()
    commitments: tuple[Clause, ...] = ()
    clauses: tuple[Clause, ...] = ()
    sections: tuple[Section, ...] = ()
    references: tuple[FoundReference, ...] = ()
    chain: tuple[str, ...] = ()
    dates: tuple[FoundDate, ...] = ()
    figures: tuple[FoundFigure, ...] = ()
    actors: tuple[FoundActor, ...] = ()
    glossary: tuple[Term, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    warnings: tuple[str, ...] = ()
