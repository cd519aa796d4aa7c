"""Reporting: how an authority writes down what it knows, in its own words and under its own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from alidade.model.draft import Claim, Draft
from alidade.model.handling import Handling, make_handling
from alidade.model.ids import AuthorityId
from alidade.simulation.scenario import ContributionSeed, DraftRef, EntityId
from alidade.simulation.story import (
    AuthorityPart,
    EntityPart,
    LinkPart,
    MentionPart,
    ProfilePart,
    ReportPart,
)
from alidade.vocabulary import Vocabulary

UNSORTED = "unsorted"
THINGS = "things"
_PLACES = ("Port", "Place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything that reports are written from: who writes, what is true, which profiles there are."""

    authorities: Mapping[AuthorityId, AuthorityPart]
    entities: Mapping[str, EntityPart]
    profiles: Mapping[str, ProfilePart]
    vocabulary: Vocabulary


@dataclass(slots=True)
class Registry:
    """The truth while reports are written: what each draft speaks of, and which stay in quarantine."""

    truth: dict[DraftRef, EntityId] = field(default_factory=dict)
    quarantined: set[DraftRef] = field(default_factory=set)
    numbers: dict[AuthorityId, int] = field(default_factory=dict)

    def next_number(self, authority: AuthorityId) -> int:
        """The next number in the authority's own register of reports."""
        self.numbers[authority] = self.numbers.get(authority, 0) + 1
        return self.numbers[authority]


def link_id(thing: str, source: str, target: str) -> EntityId:
    """The id of a true link."""
    return EntityId(f"{thing}:{source}>{target}")


def write_report(report: ReportPart, known: Known, registry: Registry) -> ContributionSeed:
    """The contribution that comes of a report; what its drafts speak of goes into the registry."""
    return _Writer(report, known, registry).contribution()


class _Writer:
    """Writes one report: numbers its items and collects the handlings that they use."""

    def __init__(self, report: ReportPart, known: Known, registry: Registry) -> None:
        self.report = report = _with_places(report, known)
        self.known = known
        self.registry = registry
        self.author = known.authorities[report.by]
        number = registry.next_number(report.by)
        self.reference = f"{self.author.prefix}-{report.day[:4]}-{number:04d}"
        self.keys = {mention.of: f"{self.reference}/{place:02d}" for place, mention in enumerate(report.things, 1)}
        self.categories: dict[str, str | None] = {mention.of: self._category(mention) for mention in report.things}
        self.handlings: dict[str, Handling] = {}

    def contribution(self) -> ContributionSeed:
        drafts = [self._thing(mention) for mention in self.report.things]
        drafts += [self._link(place, link) for place, link in enumerate(self.report.links, 1)]
        return ContributionSeed(
            authority=self.report.by,
            title=f"{self.report.title} ({self.reference})",
            day=self.report.day,
            scheme=self.report.scheme or self.author.scheme,
            handlings=self.handlings,
            drafts=tuple(drafts),
        )

    def _category(self, mention: MentionPart) -> str | None:
        """The category of the person it is or whose it is; None for things that speak of no person."""
        if mention.category is not None:
            return mention.category or UNSORTED
        entity = self.known.entities[mention.of]
        kept_as = self.known.entities[entity.of] if entity.of else entity
        return kept_as.category or (UNSORTED if kept_as.thing == "Person" else None)

    def _thing(self, mention: MentionPart) -> Draft:
        entity = self.known.entities[mention.of]
        claims = tuple(self._claims(mention, entity))
        key = self.keys[mention.of]
        self.registry.truth[(self.report.by, key)] = EntityId(entity.id)
        category = self.categories[mention.of]
        if category == UNSORTED:
            self.registry.quarantined.add((self.report.by, key))
        handling = self._handling(mention.profile or self.report.profile, category)
        return Draft(key=key, thing=entity.thing, claims=claims, handling=handling)

    def _claims(self, mention: MentionPart, entity: EntityPart) -> Iterator[Claim]:
        said = {**entity.properties, **entity.variants.get(self.report.by, {})}
        said |= {name: (value,) for name, value in mention.claims.items()}
        grade = mention.grade or self.report.grade
        for name, values in said.items():
            if mention.say and name not in mention.say and name not in mention.claims:
                continue
            for value in values:
                yield Claim(property=name, value=value, original=_as_typed(name, value), evaluation=grade)
        for name, values in entity.always.items():
            yield from (Claim(property=name, value=value, evaluation=grade) for value in values)
        for name, other in entity.refers.items():
            if other in self.keys:
                yield Claim(property=name, value=self.keys[other], evaluation=grade, refers=True)
        if entity.of in self.keys and "holder" in self.known.vocabulary.properties_of(entity.thing):
            yield Claim(property="holder", value=self.keys[entity.of], evaluation=grade, refers=True)

    def _link(self, place: int, link: LinkPart) -> Draft:
        ends = self.known.vocabulary.things[link.thing].link
        if ends is None:
            raise ValueError(f"{link.thing} is no type of link")
        key = f"{self.reference}/L{place:02d}"
        self.registry.truth[(self.report.by, key)] = link_id(link.thing, link.source, link.target)
        grade = self.report.grade
        claims = [
            Claim(property=ends.source, value=self.keys[link.source], evaluation=grade, refers=True),
            Claim(property=ends.target, value=self.keys[link.target], evaluation=grade, refers=True),
        ]
        claims += [
            Claim(property=name, value=self.keys[other], evaluation=grade, refers=True)
            for name, other in link.refer.items()
        ]
        claims += [Claim(property=name, value=value, evaluation=grade) for name, value in link.say.items()]
        category = self.categories[link.source] or self.categories[link.target]
        if UNSORTED in (self.categories[link.source], self.categories[link.target]):
            category = UNSORTED
            self.registry.quarantined.add((self.report.by, key))
        handling = self._handling(link.profile or self.report.profile, category)
        return Draft(key=key, thing=link.thing, claims=tuple(claims), handling=handling)

    def _handling(self, profile_name: str, category: str | None) -> str:
        """The name of the handling for a profile and a category, made when first used."""
        profile = self.known.profiles[profile_name]
        if profile.content == "strategic":
            category = None
        name = f"{profile_name}: {category or THINGS}"
        if name not in self.handlings:
            self.handlings[name] = self._make(profile, category)
        return name

    def _make(self, profile: ProfilePart, category: str | None) -> Handling:
        content = profile.content if profile.content == "strategic" or category else "non_personal"
        handling = Handling(
            owner=self.report.by,
            codes=profile.codes,
            restriction=profile.restriction,
            conditions=profile.conditions,
            hit=profile.hit,
            classification=profile.classification,
            purposes=profile.purposes,
            released_to=profile.released_to,
            excluded=profile.excluded,
            communities=profile.communities,
            case=profile.case,
            content=content,
            subject_category=None if category == UNSORTED else category,
            crime_areas=profile.crime_areas,
            review_on=profile.review_on,
            expires_on=profile.expires_on,
        )
        return make_handling(handling, self.known.vocabulary)


def _with_places(report: ReportPart, known: Known) -> ReportPart:
    """The report with the ports and places to which what it mentions refers, after everything else."""
    mentioned = {mention.of: None for mention in report.things}
    referred = {other: None for each in mentioned for other in known.entities[each].refers.values()}
    missing = [other for other in referred if other not in mentioned and known.entities[other].thing in _PLACES]
    further = tuple(MentionPart(of=other) for other in missing)
    return msgspec.structs.replace(report, things=(*report.things, *further)) if further else report


def _as_typed(name: str, value: str) -> str | None:
    """How sources write a number, where that differs from its normal form."""
    if name == "imoNumber":
        return f"IMO {value}"
    if name == "containerNumber":
        return f"{value[:4]} {value[4:10]}-{value[10:]}"
    if name == "iban":
        return " ".join(value[start : start + 4] for start in range(0, len(value), 4))
    return None
