"""The register: instruments, the measures in them, and what authorities say of each measure.

Each of these is kept on its own, under a handling of its own, by the authority that said it. Nothing here is summed up
for everybody: how a measure stands is computed for a viewer from the entries that he may see (`standing.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from alidade.model.errors import Invalid
from alidade.programme.lists import codes

__all__ = [
    "Carried",
    "Counting",
    "DocumentRef",
    "Entry",
    "Figure",
    "Instrument",
    "Measure",
    "Source",
    "Texts",
    "Verification",
    "check_entry",
    "check_instrument",
    "check_verification",
    "said_in",
]

Texts = dict[Annotated[str, Meta(pattern=r"^(en|fr|es|pt|pt_BR|ru)$")], Annotated[str, Meta(max_length=20_000)]]
"""A text in the languages in which it exists; which one is the original stands beside it."""

_Key = Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z.()_-]+$")]
_ORDER: Final = ("en", "fr", "es", "pt", "pt_BR", "ru")


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all parts of the register have in common: strict when read, short when written."""


class DocumentRef(Record, frozen=True, kw_only=True):
    """A paper by its number ("15571/25", "COM(2023) 641 final"), its day and its title as far as known."""

    number: Annotated[str, Meta(min_length=1, max_length=80)]
    date: dt.date | None = None
    title: Annotated[str, Meta(max_length=500)] = ""


class Counting(Record, frozen=True, kw_only=True):
    """What of this platform is counted, so that it can be counted again.

    `kind` "exchange": statistic `what` of procedure `of`; "deadline": how often clock `of` came to `what`; "round":
    replies `what` to question `question` ("" for all) of round `of`; "question": what a kept question `of` finds.
    `since` and `until` (both included) limit exchanges and deadlines.
    """

    kind: Literal["exchange", "deadline", "round", "question"]
    of: Annotated[str, Meta(min_length=1, max_length=80)]
    what: Annotated[str, Meta(max_length=80)] = ""
    question: Annotated[str, Meta(max_length=20)] = ""
    since: dt.date | None = None
    until: dt.date | None = None


class Source(Record, frozen=True, kw_only=True):
    """Where a figure or a claim was taken from.

    `document` and `paragraph`: a paper. `taken`: what of this platform it was counted from (a procedure, a round, a
    question), in `taken_texts` in other languages, with `taken_at` the moment and `taken_by` the officer; with
    `counting` it was taken by the platform itself and not typed, and can be counted again.
    """

    document: Annotated[str, Meta(max_length=80)] = ""
    paragraph: Annotated[str, Meta(max_length=40)] = ""
    taken: Annotated[str, Meta(max_length=200)] = ""
    taken_texts: Texts = msgspec.field(default_factory=dict)
    taken_at: dt.datetime | None = None
    taken_by: Annotated[str, Meta(max_length=120)] = ""
    counting: Counting | None = None

    @property
    def stated(self) -> bool:
        """Whether any source is given."""
        return bool(self.document or self.taken)


class Figure(Record, frozen=True, kw_only=True):
    """A number with its unit, and where it comes from.

    `parts`: what it is the sum of, where it is a sum. `unit_texts`: the unit in other languages than the paper's.
    """

    value: float
    unit: Annotated[str, Meta(min_length=1, max_length=80)]
    unit_texts: Texts = msgspec.field(default_factory=dict)
    of: Annotated[str, Meta(max_length=200)] = ""
    parts: tuple[float, ...] = ()
    source: Source = Source()


class Carried(Record, frozen=True, kw_only=True):
    """A measure of an earlier instrument that this one takes on. `how`: a code of carrying_ways."""

    instrument: Annotated[str, Meta(min_length=32, max_length=32)]
    measure: _Key
    how: str


class Measure(Record, frozen=True, kw_only=True):
    """One measure or recommendation.

    `key` is its number in the paper ("7", "2c"). `addressees` are States (ISO 3166 alpha-3) or bodies by acronym.
    `deadline` None with `deadline_said` empty is the finding "none set"; `deadline_said` holds words such as
    "by the end of the Presidency". `baseline` and `target` belong to `indicator`.
    """

    key: _Key
    title: Texts
    text: Texts = {}
    paragraph: Annotated[str, Meta(max_length=40)] = ""
    theme: Texts = {}
    aim: Texts = {}
    addressees: tuple[str, ...] = ()
    owner: Annotated[str, Meta(max_length=80)] = ""
    forum: tuple[str, ...] = ()
    deliverables: tuple[str, ...] = ()
    indicator: Annotated[str, Meta(max_length=500)] = ""
    baseline: Figure | None = None
    target: Figure | None = None
    deadline: dt.date | None = None
    deadline_said: Annotated[str, Meta(max_length=200)] = ""
    funding: Annotated[str, Meta(max_length=500)] = ""
    crime_areas: tuple[str, ...] = ()
    references: tuple[DocumentRef, ...] = ()
    carries: tuple[Carried, ...] = ()
    procedures: tuple[str, ...] = ()


class Instrument(Record, frozen=True, kw_only=True):
    """A paper with its measures: a plan, a report, a set of recommendations, a declaration.

    `kind` is a code of instrument_kinds; `predecessors` and `successors` are numbers of papers; `accepted_from` tells
    from which file a reader proposed it (SHA-256) and how many proposals a person accepted, changed and refused.
    """

    number: Annotated[str, Meta(min_length=1, max_length=80)]
    kind: str
    title: Texts
    body: Annotated[str, Meta(max_length=200)] = ""
    date: dt.date | None = None
    language: Annotated[str, Meta(pattern=r"^(en|fr|es|pt|pt_BR|ru)$")] = "en"
    markings: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    documents: tuple[DocumentRef, ...] = ()
    measures: tuple[Measure, ...] = ()
    accepted_from: Annotated[str, Meta(max_length=64)] = ""
    accepted: int = 0
    changed: int = 0
    refused: int = 0

    def measure(self, key: str) -> Measure | None:
        """The measure with this key."""
        return next((measure for measure in self.measures if measure.key == key), None)


class Entry(Record, frozen=True, kw_only=True):
    """What one authority says of one measure: a status, a commitment, an event, a document, a result, an obstacle.

    `instrument` is the reference of the kept instrument. `kind` is a code of entry_kinds, `status` (of a status) of
    measure_statuses, `obstacle` of obstacle_kinds. `state` is the State it is about (alpha-3), empty for all.
    """

    instrument: Annotated[str, Meta(min_length=32, max_length=32)]
    measure: _Key
    kind: str
    text: Texts = {}
    day: dt.date | None = None
    status: str = ""
    obstacle: str = ""
    state: Annotated[str, Meta(pattern=r"^([A-Z]{3})?$")] = ""
    figure: Figure | None = None
    document: DocumentRef | None = None
    source: Source = Source()
    evidence_of: Annotated[str, Meta(max_length=32)] = ""


class Verification(Record, frozen=True, kw_only=True):
    """What another authority rules on an entry. `ruling` is a code of verification_rulings."""

    entry: Annotated[str, Meta(min_length=32, max_length=32)]
    ruling: str
    reason: Annotated[str, Meta(max_length=4_000)] = ""


def check_instrument(instrument: Instrument) -> None:
    """Raises Invalid, naming the measure, where a code is unknown, a key stands twice, or a title is missing."""
    _known("instrument_kinds", instrument.kind, "The paper")
    if not any(text.strip() for text in instrument.title.values()):
        raise Invalid("The paper has no title.", remedy="Give its title in one language at least.")
    seen: set[str] = set()
    for measure in instrument.measures:
        where = f"Measure {measure.key}"
        if measure.key in seen:
            raise Invalid(f"{where} stands there twice.", remedy="Give each measure a number of its own.")
        seen.add(measure.key)
        if not any(text.strip() for text in measure.title.values()):
            raise Invalid(f"{where} has no title.", remedy="Give its title in one language at least.")
        for carried in measure.carries:
            _known("carrying_ways", carried.how, where)
        for figure in (measure.baseline, measure.target):
            _adds_up(figure, where)
        if measure.target is not None and not measure.indicator:
            raise Invalid(f"{where} has a target and no indicator.", remedy="Say what the target is measured by.")


def check_entry(entry: Entry, instrument: Instrument, *, taken: bool = False) -> None:
    """Raises Invalid where the measure is not in the paper, a code is unknown, or a figure has no source.

    A figure that says that the platform counted it is kept only where the platform did (`taken`).
    """
    counted = [entry.source, *([entry.figure.source] if entry.figure is not None else [])]
    if not taken and any(source.counting is not None for source in counted):
        raise Invalid(
            f"Measure {entry.measure}: a figure that was counted here is taken, not typed.",
            remedy="Take it from what is counted here, or name another source.",
            code="figure_not_taken",
        )
    if instrument.measure(entry.measure) is None:
        raise Invalid(f"The paper has no measure {entry.measure}.", remedy="Choose one of its measures.")
    where = f"Measure {entry.measure}"
    _known("entry_kinds", entry.kind, where)
    if (entry.kind == "status") != bool(entry.status):
        raise Invalid(f"{where}: a status needs its code, and only a status has one.")
    if entry.status:
        _known("measure_statuses", entry.status, where)
    if entry.obstacle:
        _known("obstacle_kinds", entry.obstacle, where)
    if entry.kind == "document" and entry.document is None:
        raise Invalid(f"{where}: a document needs its number.")
    if entry.figure is not None and not (entry.figure.source.stated or entry.source.stated):
        raise Invalid(
            f"{where}: a figure without a source is not kept.",
            remedy="Name the paper and paragraph, or take the figure from what was counted here.",
            code="figure_without_source",
        )
    _adds_up(entry.figure, where)
    if not (entry.status or entry.figure or entry.document or any(text.strip() for text in entry.text.values())):
        raise Invalid(f"{where}: nothing is said.", remedy="Write what happened, or give a status or a figure.")


def check_verification(verification: Verification) -> None:
    """Raises Invalid for an unknown ruling, and for a contested or unclear one without a reason."""
    _known("verification_rulings", verification.ruling, "The verification")
    if verification.ruling != "confirmed" and not verification.reason.strip():
        raise Invalid("What is contested or unclear needs a reason.", remedy="Say what speaks against it.")


def said_in(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """A text in the language asked for, else in another; and the language it is in ("" where there is none)."""
    for tag in _candidates(language):
        if texts.get(tag, "").strip():
            return texts[tag], tag
    return "", ""


def _candidates(language: str) -> Iterable[str]:
    wanted = language.replace("-", "_")
    near = {"pt_BR": "pt", "pt": "pt_BR"}.get(wanted, wanted.partition("_")[0])
    return dict.fromkeys((wanted, near, *_ORDER))


def _known(name: str, code: str, where: str) -> None:
    if code not in codes(name):
        known = ", ".join(codes(name))
        raise Invalid(f"{where}: {code!r} is not in the list {name}.", remedy=f"Choose one of: {known}.")


def _adds_up(figure: Figure | None, where: str) -> None:
    if figure is not None and figure.parts and abs(sum(figure.parts) - figure.value) > 0.5e-6 * max(1, figure.value):
        raise Invalid(
            f"{where}: the parts add up to {sum(figure.parts):g}, and {figure.value:g} is stated.",
            remedy="Correct a part or the total, or leave the parts out and say in the text that they do not add up.",
            code="does_not_add_up",
        )
