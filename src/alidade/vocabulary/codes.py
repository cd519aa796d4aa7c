"""The entries of the code lists: a code, its term in four languages, its source and its dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from alidade.vocabulary.labels import Label, Word

__all__ = [
    "Act",
    "Agreement",
    "Area",
    "Classification",
    "Code",
    "Condition",
    "Country",
    "CrimeArea",
    "DirectoryRule",
    "Flow",
    "Grade",
    "HandlingCode",
    "LegalGround",
    "PolicyRule",
    "Purpose",
    "Role",
    "Search",
    "Status",
    "SubjectCategory",
    "VerdictReason",
]

Flow = Literal["personal", "non_personal", "strategic"]
Search = Literal["direct", "hit_only", "none"]
Status = Literal["in_force", "signed", "in_talks", "ended"]
Verdict = Literal["same", "not_the_same", "unsure"]


class Code(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a code list.

    `source` names the act and article or the system; `verified` is false until somebody has read it there.
    `valid_from` is null only for an agreement that is not in force. `valid_until` is the last valid day.
    """

    code: Word
    label: Label
    source: Word
    valid_from: dt.date | None
    verified: bool
    valid_until: dt.date | None = None
    note: Word | None = None

    def in_force(self, day: dt.date) -> bool:
        """Whether the entry may be used on that day."""
        if self.valid_from is None or day < self.valid_from:
            return False
        return self.valid_until is None or day <= self.valid_until


class HandlingCode(Code, frozen=True, kw_only=True):
    """A Europol handling code H0 to H3, with what it binds the reader to."""

    meaning: Label
    always: bool = False


class Condition(Code, frozen=True, kw_only=True):
    """A condition that the machine itself enforces, whatever the handling code says."""

    meaning: Label


class Classification(Code, frozen=True, kw_only=True):
    """A level of protective marking; a higher `rank` is more secret."""

    rank: Annotated[int, Meta(ge=0)]
    abbreviation: Word | None = None


class Grade(Code, frozen=True, kw_only=True):
    """One grade of the 4x4 evaluation; `rank` 1 is best."""

    rank: Annotated[int, Meta(ge=1)]


class Purpose(Code, frozen=True, kw_only=True):
    """A purpose of processing, with the search that the law opens for it."""

    search: Search


class SubjectCategory(Code, frozen=True, kw_only=True):
    """What a person is in a case, and which groups of facts may be kept about such a person.

    `fields` are codes of the list field_groups. `vulnerable`: victims, witnesses and the like.
    `justify`: a question about such a person needs a reason beyond the ordinary.
    """

    fields: tuple[str, ...]
    vulnerable: bool
    justify: bool


class CrimeArea(Code, frozen=True, kw_only=True):
    """A form of crime; `parent` is the wider form it belongs to, `empact` marks a priority of 2026-29."""

    parent: str | None = None
    empact: bool = False


class DirectoryRule(Code, frozen=True, kw_only=True):
    """A period by which the directory of authorities is kept up to date, in days."""

    days: Annotated[int, Meta(ge=1)]


class Area(Code, frozen=True, kw_only=True):
    """A group of States that acts or agrees as one."""


class Country(Code, frozen=True, kw_only=True):
    """A country or territory: alpha-2 and alpha-3 code, other names in use, and the groups it belongs to."""

    alpha3: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
    aliases: tuple[Word, ...] = ()
    areas: tuple[Word, ...] = ()


class LegalGround(Code, frozen=True, kw_only=True):
    """A ground that an officer may state for a check, with act and article."""

    act: Word
    article: Word | None = None


class VerdictReason(Code, frozen=True, kw_only=True):
    """A reason that an officer may give for a ruling on two records."""

    verdict: Verdict


class Act(Code, frozen=True, kw_only=True):
    """A thing that a person can do here; `content` marks acts that show or change what authorities gave."""

    content: bool


class Role(Code, frozen=True, kw_only=True):
    """A role, with the acts that it permits; what is not listed is refused."""

    acts: tuple[Word, ...]


class Agreement(Code, frozen=True, kw_only=True):
    """What two parties have agreed to exchange, in both directions, from which day.

    A party is an alpha-2 country code, the code of an area, or the code of a body. `EU` with `EU` means any
    two Member States. Empty `crime_areas` means everything in the mandate.
    """

    party_a: Word
    party_b: Word
    instrument: Word
    flow: Flow
    status: Status
    onward_transfer: bool
    crime_areas: tuple[Word, ...] = ()


class PolicyRule(Code, frozen=True, kw_only=True):
    """Why the decision function says no (or yes), and what would lift it, as sentences with named places."""

    text: Label
    remedy: Label
    placeholders: tuple[Word, ...] = ()

    def sentence(self, language: str, values: Mapping[str, str]) -> str:
        """The reason as a sentence; KeyError when a value for a named place is missing."""
        return self.text.in_(language).format_map(values)

    def advice(self, language: str, values: Mapping[str, str]) -> str:
        """What would lift the refusal, as a sentence; KeyError when a value for a named place is missing."""
        return self.remedy.in_(language).format_map(values)
