"""Story: the data files of a scenario, read into typed values. The files are the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from alidade.model.ids import AuthorityId, OfficerId
from alidade.vocabulary import Agreement

T = TypeVar("T")
DATA = Path(__file__).parent / "data"


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that stands in a data file; an unknown field is an error."""


class OfficerPart(Part, frozen=True, kw_only=True):
    """An officer of an invented authority."""

    name: str
    role: str
    clearance: str = "BPL"
    cases: tuple[str, ...] = ()


class AuthorityPart(Part, frozen=True, kw_only=True):
    """An invented authority and its habits: the prefix of its own numbers, its scheme, its usual profiles."""

    id: AuthorityId
    name: str
    function: str
    state: str
    areas: tuple[str, ...] = ()
    contact: str
    duty_line: str
    languages: tuple[str, ...]
    last_confirmed: str
    prefix: str
    scheme: str
    profiles: tuple[str, ...]
    officers: tuple[OfficerPart, ...]


class CommunityPart(Part, frozen=True, kw_only=True):
    """A group of authorities that share."""

    code: str
    label: str
    members: tuple[AuthorityId, ...]


class AskerPart(Part, frozen=True, kw_only=True):
    """A demo officer with purpose, case and justification."""

    officer: OfficerId
    authority: AuthorityId
    role: str
    purpose: str
    case: str | None
    legal_ground: str
    justification: str


class Cast(Part, frozen=True, kw_only=True):
    """Who takes part."""

    title: str
    version: str
    source: str
    verified: bool
    today: str
    authorities: tuple[AuthorityPart, ...]
    communities: tuple[CommunityPart, ...]
    askers: tuple[AskerPart, ...]
    grades: Mapping[str, tuple[str, ...]]
    agreements: tuple[Agreement, ...]


class ProfilePart(Part, frozen=True, kw_only=True):
    """Conditions that an authority uses again and again; the owner and the category are added when used."""

    name: str
    content: Literal["personal", "strategic"] = "personal"
    codes: tuple[str, ...] = ("H0",)
    restriction: str = ""
    conditions: tuple[str, ...] = ()
    hit: Literal["visible", "silent"] = "visible"
    classification: str = "BPL"
    purposes: tuple[str, ...]
    released_to: tuple[AuthorityId, ...] = ()
    excluded: tuple[AuthorityId, ...] = ()
    communities: tuple[str, ...] = ()
    case: str | None = None
    crime_areas: tuple[str, ...] = ()
    review_on: str | None = None
    expires_on: str | None = None


class EntityPart(Part, frozen=True, kw_only=True):
    """One true thing. `of` is the person whose thing it is, `category` the data-subject category of a person.

    `category` is also given for things that speak of a person by their nature, such as a meeting. `variants`
    gives, by authority, the properties as that authority has them: misspelt, in other letters, in part. `always` has
    properties that everybody gives who speaks of it (where a port lies); `refers` the things that its own properties
    name: places are given with it, others where the report mentions them.
    """

    id: str
    thing: str
    label: str
    role: str
    properties: Mapping[str, tuple[str, ...]]
    variants: Mapping[AuthorityId, Mapping[str, tuple[str, ...]]] = {}
    innocent: bool = False
    category: str | None = None
    of: str | None = None
    always: Mapping[str, tuple[str, ...]] = {}
    refers: Mapping[str, str] = {}


class RelationPart(Part, frozen=True, kw_only=True):
    """One true link, and which authorities know of it. `day` is when it began, a partial ISO 8601 date."""

    thing: str
    source: str
    target: str
    day: str
    by: tuple[AuthorityId, ...]
    say: Mapping[str, str] = {}
    refer: Mapping[str, str] = {}
    profile: str | None = None


class MentionPart(Part, frozen=True, kw_only=True):
    """One thing in a report. `say` picks properties (all where empty); `claims` overrides what is said of it.

    `category` "" leaves a person without data-subject category; None takes the true one.
    """

    of: str
    say: tuple[str, ...] = ()
    claims: Mapping[str, str] = {}
    category: str | None = None
    profile: str | None = None
    grade: str | None = None


class LinkPart(Part, frozen=True, kw_only=True):
    """One link in a report between two things that it mentions; `refer` names further things by property."""

    thing: str
    source: str
    target: str
    say: Mapping[str, str] = {}
    refer: Mapping[str, str] = {}
    profile: str | None = None


class ReportPart(Part, frozen=True, kw_only=True):
    """One report as an authority gives it."""

    by: AuthorityId
    day: str
    title: str
    profile: str
    grade: str | None = None
    scheme: str | None = None
    things: tuple[MentionPart, ...]
    links: tuple[LinkPart, ...] = ()


class QuestionPart(Part, frozen=True, kw_only=True):
    """One check of the demo: for each asker the answer and the reason."""

    text: str
    kind: str
    about: Mapping[str, str] = {}
    truth: str | None
    answers: Mapping[AuthorityId, tuple[Literal["hit", "hit_without_content", "no_hit"], str]]


class Story(Part, frozen=True, kw_only=True):
    """All data files of one scenario."""

    cast: Cast
    profiles: tuple[ProfilePart, ...]
    entities: tuple[EntityPart, ...]
    relations: tuple[RelationPart, ...]
    reports: tuple[ReportPart, ...]
    questions: tuple[QuestionPart, ...]


def read_story(name: str, folder: Path = DATA) -> Story:
    """The story of that name; its files are `<name>_<part>.json` in the folder.

    Raises msgspec.ValidationError where a file does not have the shape described here.
    """

    def read(part: str) -> bytes:
        return (folder / f"{name}_{part}.json").read_bytes()

    def listed(part: str, kind: type[T]) -> tuple[T, ...]:
        content: dict[str, Any] = msgspec.json.decode(read(part))
        return msgspec.convert(content[part], tuple[kind, ...])  # type: ignore[valid-type]

    return Story(
        cast=msgspec.json.decode(read("cast"), type=Cast),
        profiles=listed("profiles", ProfilePart),
        entities=listed("entities", EntityPart),
        relations=listed("relations", RelationPart),
        reports=listed("reports", ReportPart),
        questions=listed("questions", QuestionPart),
    )
