"""Scenario: an invented case with the truth known, to rehearse with and to measure the platform against.

Everything in a scenario is invented: authorities (marked so), persons, companies, numbers. A scenario is
plain data; it needs no store. Who loads it gives each contribution in the name of its authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NewType

from alidade.model.directory import Authority, Officer
from alidade.model.draft import Draft
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor, Viewer
from alidade.vocabulary import Agreement

EntityId = NewType("EntityId", str)  # key of a true thing, such as "person-halvers"
Answer = Literal["hit", "hit_without_content", "no_hit"]
DraftRef = tuple[AuthorityId, str]  # who gave it, and the key of the draft


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySeed:
    """One invented authority and the officers who act for it."""

    authority: Authority
    officers: tuple[Officer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A group of invented authorities that share: its code, what it is called, who belongs to it."""

    code: str
    label: str
    members: tuple[AuthorityId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One true thing: what it is, what it is called in truth, which part it plays.

    `properties` are property names of the vocabulary with their true values. `innocent` marks namesakes who
    have nothing to do with the case.
    """

    id: EntityId
    thing: str
    label: str
    role: str
    properties: Mapping[str, tuple[str, ...]]
    innocent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionSeed:
    """What one authority gives at once: drafts under named handlings, of which the first is the default.

    `day` is the ISO 8601 day on which it was given; `scheme` the evaluation scheme of all its claims.
    """

    authority: AuthorityId
    title: str
    day: str
    scheme: str
    handlings: Mapping[str, Handling]
    drafts: tuple[Draft, ...]

    def handling_of(self, draft: Draft) -> Handling:
        """The handling of a draft as a whole: the one it names, else the default of the contribution."""
        name = draft.handling if draft.handling is not None else next(iter(self.handlings))
        return self.handlings[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A demo officer with purpose, case and justification filled in."""

    officer: OfficerId
    authority: AuthorityId
    role: str
    purpose: str
    case: str | None
    legal_ground: str
    justification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One check of the demo, with the answer that each demo asker must get and why.

    `kind` is "name" or a kind of identifier; `about` may give birth date and nationality, or the country of a
    number. `why` has a code of the list `policy_rules`, or "owner", "in_audience", "absent". `truth` is None
    where nobody knows the thing asked for.
    """

    text: str
    kind: str
    about: Mapping[str, str]
    expected: Mapping[AuthorityId, Answer]
    why: Mapping[AuthorityId, str]
    truth: EntityId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole rehearsal: who takes part, what each gives, what is true, and what to ask.

    `truth` says for every draft which entity it speaks of; `quarantined` names the drafts that speak of
    persons and lack a data-subject category, and must therefore not be worked with. `today` is the day of the
    rehearsal.
    """

    title: str
    today: str
    authorities: tuple[AuthoritySeed, ...]
    communities: tuple[Community, ...]
    agreements: tuple[Agreement, ...]
    contributions: tuple[ContributionSeed, ...]
    entities: Mapping[EntityId, Entity]
    truth: Mapping[DraftRef, EntityId]
    quarantined: frozenset[DraftRef]
    questions: tuple[Question, ...]
    askers: tuple[Asker, ...]

    def actor(self, asker: Asker) -> Actor:
        """The demo asker as an officer at work, ready to check with."""
        seed = next(seed for seed in self.authorities if seed.authority.id == asker.authority)
        officer = next(officer for officer in seed.officers if officer.id == asker.officer)
        viewer = Viewer(
            party=seed.authority.party,
            clearance=officer.clearance,
            purpose=asker.purpose,
            communities=seed.authority.communities,
            cases=officer.cases,
        )
        return Actor(
            officer=officer.id,
            role=officer.role,
            viewer=viewer,
            case=asker.case,
            legal_ground=asker.legal_ground,
            justification=asker.justification,
        )
