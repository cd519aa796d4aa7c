"""What the law says about one deadline, as data: how long, from when, counted how, and what happens if it is missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from alidade.vocabulary import DamagedVocabulary, Label
from alidade.vocabulary.labels import Word

__all__ = ["ClockDefinition", "ClockFile", "Consequence", "Counting", "IfMissed", "Length", "Source", "Start"]
__all__ += ["Unit", "load_clocks", "load_counting", "load_starts", "read_clocks"]

FILE: Final = Path(__file__).parent / "data" / "clocks.json"

Unit = Literal["minutes", "hours", "calendar_days", "weeks", "months", "working_days", "years"]
"""In what a length is expressed; `calendar.counting` says how each is counted."""

Counting = Literal["exact", "regulation_1182_71"]
"""`exact`: from moment to moment. `regulation_1182_71`: whole days, as Regulation (EEC, Euratom) No 1182/71 Art. 3."""

Consequence = Literal["breach", "delete", "silence", "notify", "lapse", "none"]
"""What a missed clock means: a breach, a duty to delete, a meaning of silence, a duty to tell, an effect that ends."""


class Length(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stretch of time as the law words it: 8 hours, 7 calendar days, 15 working days, 3 years."""

    unit: Unit
    count: Annotated[int, Meta(ge=1, le=10_000)]


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a rule stands: act, article, and the day of the act (or of the paper) as far as known."""

    act: Word
    article: str = ""
    date: dt.date | None = None


class IfMissed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What follows if nobody acts in time: of what kind, in words, and whether it counts in the statistics."""

    kind: Consequence
    label: Label
    statistic: bool = False


class Start(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event from which clocks run, such as the receipt of a request."""

    code: Word
    label: Label


class ClockDefinition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One deadline of the law, in the words of the law and with its source.

    starts             code of the event from which it runs (`Start`)
    counting           how its time is counted; `counting_verified` says whether anybody checked that for this act
    if_missed          what follows when the time is over
    warn_before        how long before the end the one who owes is warned; longest first
    suspendable, extendable, may_overrun   whether the law lets it stand still, be prolonged, or be overrun with notice;
                       an event that the law does not allow has no effect
    at_most            the longest time from the start that extensions can reach
    repeats            a new round begins with each start, also while the last still runs (reviews)
    agreed             the parties themselves set the end: a start may carry another length or an `until`
    first_due_on       a day that the law itself names for the first time; without a start the clock runs towards it
    verified           whether somebody read this rule in the act; what is not verified is shown as unverified
    """

    code: Word
    label: Label
    length: Length
    starts: Word
    if_missed: IfMissed
    source: Source
    verified: bool
    counting: Counting
    counting_verified: bool = False
    warn_before: tuple[Length, ...] = ()
    suspendable: bool = False
    extendable: bool = False
    may_overrun: bool = False
    at_most: Length | None = None
    repeats: bool = False
    agreed: bool = False
    first_due_on: dt.date | None = None
    note: str = ""

    @property
    def unit(self) -> Unit:
        """In what the length is expressed."""
        return self.length.unit


class ClockFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file of clocks, with the rules of counting in words and the events from which clocks run."""

    name: Literal["clocks"]
    version: Word
    source: Word
    date: dt.date
    licence: Word
    note: str = ""
    counting: dict[Counting, Source]
    starts: tuple[Start, ...]
    entries: tuple[ClockDefinition, ...]


def read_clocks(content: bytes, file: str = FILE.name) -> ClockFile:
    """The clocks in a file, checked strictly.

    Raises DamagedVocabulary naming file, entry and reason where a field is unknown, missing or wrong, a code stands
    twice, or a clock runs from an event that the file does not name.
    """
    try:
        found = msgspec.json.decode(content, type=ClockFile)
    except msgspec.DecodeError as error:
        raise DamagedVocabulary(file, None, str(error)) from error
    starts = {each.code for each in found.starts}
    seen: set[str] = set()
    for each in found.entries:
        entry = f"entry {each.code!r}"
        if each.code in seen:
            raise DamagedVocabulary(file, entry, "stands twice")
        seen.add(each.code)
        if each.starts not in starts:
            raise DamagedVocabulary(file, entry, f"runs from {each.starts!r}, which the file does not name")
        if each.first_due_on is not None and not each.repeats:
            raise DamagedVocabulary(file, entry, "names a first day but does not repeat")
        if each.at_most is not None and not each.extendable:
            raise DamagedVocabulary(file, entry, "has a longest time but cannot be extended")
    return found


@lru_cache(maxsize=1)
def _shipped() -> ClockFile:
    return read_clocks(FILE.read_bytes())


def load_clocks() -> Mapping[str, ClockDefinition]:
    """All deadlines that Alidade knows, by code."""
    return MappingProxyType({each.code: each for each in _shipped().entries})


def load_starts() -> Mapping[str, Start]:
    """The events from which deadlines run, by code."""
    return MappingProxyType({each.code: each for each in _shipped().starts})


def load_counting() -> Mapping[Counting, Source]:
    """Where each rule of counting stands."""
    return MappingProxyType(dict(_shipped().counting))
