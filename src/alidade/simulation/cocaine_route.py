"""The cocaine route: one invented network, from Guayas and the coast of Brazil to the ports of Europe.

Eight invented authorities each know a part. The agreements between their States are those of the vocabulary
and a few invented ones, so that three demo officers who ask the same ten questions get different answers, and
each answer has its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from alidade.model.directory import Authority, Officer
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Party
from alidade.simulation.dice import Dice
from alidade.simulation.reporting import Known, Registry, link_id, write_report
from alidade.simulation.scenario import (
    Asker,
    AuthoritySeed,
    Community,
    Entity,
    EntityId,
    Question,
    Scenario,
)
from alidade.simulation.story import (
    AskerPart,
    AuthorityPart,
    Cast,
    EntityPart,
    LinkPart,
    MentionPart,
    QuestionPart,
    RelationPart,
    ReportPart,
    Story,
    read_story,
)
from alidade.vocabulary import load_vocabulary

SIZE: Final = 200
BUNDLE: Final = 3
FIRST_DAY: Final = date(2025, 5, 19)
LAST_DAY: Final = date(2026, 11, 13)


def cocaine_route(seed: int = 2026) -> Scenario:
    """The whole rehearsal: eight authorities, exactly 200 contributions, the truth, and ten questions.

    The same seed gives the same scenario. What the questions turn on is written out in the data files and is
    the same for every seed; the seed decides how the rest is reported: when, how well, how openly.
    """
    story = read_story("cocaine_route")
    vocabulary = load_vocabulary()
    known = Known(
        authorities={part.id: part for part in story.cast.authorities},
        entities={part.id: part for part in story.entities},
        profiles={part.name: part for part in story.profiles},
        vocabulary=vocabulary,
    )
    reports = [*story.reports, *_further_reports(story, known, Dice(seed))]
    registry = Registry()
    ordered = sorted(reports, key=lambda report: (report.day, report.by, report.title))
    contributions = tuple(write_report(report, known, registry) for report in ordered)
    return Scenario(
        title=story.cast.title,
        today=story.cast.today,
        authorities=tuple(_authority(part, story.cast) for part in story.cast.authorities),
        communities=tuple(
            Community(code=part.code, label=part.label, members=part.members) for part in story.cast.communities
        ),
        agreements=story.cast.agreements,
        contributions=contributions,
        entities=_entities(story),
        truth=registry.truth,
        quarantined=frozenset(registry.quarantined),
        questions=tuple(_question(part) for part in story.questions),
        askers=tuple(_asker(part) for part in story.cast.askers),
    )


def _further_reports(story: Story, known: Known, dice: Dice) -> Iterator[ReportPart]:
    """Reports on the true links, each told once by everybody who knows it, until there are SIZE in all."""
    told = list(_bundles(story.relations, dice))
    missing = SIZE - len(story.reports)
    if missing > len(told):
        raise ValueError("the story has too few links to report")
    for author, relations in told[:missing]:
        yield _report(relations, known.authorities[author], story.cast, known, dice)


def _bundles(relations: Sequence[RelationPart], dice: Dice) -> Iterator[tuple[AuthorityId, Sequence[RelationPart]]]:
    """Who tells what at once: up to BUNDLE links that start at the same thing."""
    groups: dict[tuple[AuthorityId, str], list[RelationPart]] = {}
    for relation in relations:
        for author in relation.by:
            groups.setdefault((author, relation.source), []).append(relation)
    for (author, _), group in groups.items():
        mixed = dice.shuffled(group)
        for start in range(0, len(mixed), BUNDLE):
            yield author, mixed[start : start + BUNDLE]


def _report(
    relations: Sequence[RelationPart], author: AuthorityPart, cast: Cast, known: Known, dice: Dice
) -> ReportPart:
    begun = max(date.fromisoformat((each.day + "-01-01")[:10]) for each in relations)
    earliest = min(max(begun, FIRST_DAY), LAST_DAY)
    spread = min((LAST_DAY - earliest).days, 120)
    labels = dict.fromkeys(known.vocabulary.label("things", each.thing, "en").lower() for each in relations)
    mentioned = dict.fromkeys(end for each in relations for end in (each.source, each.target, *each.refer.values()))
    return ReportPart(
        by=author.id,
        day=(earliest + timedelta(days=dice.below(spread + 1))).isoformat(),
        title=f"Report: {', '.join(labels)}",
        profile=dice.one_of(author.profiles),
        grade=dice.one_of(cast.grades[author.scheme]) if dice.below(8) else None,
        things=tuple(_mention(known.entities[each], author, dice) for each in mentioned),
        links=tuple(
            LinkPart(
                thing=each.thing,
                source=each.source,
                target=each.target,
                say=each.say,
                refer=each.refer,
                profile=each.profile,
            )
            for each in relations
        ),
    )


def _mention(entity: EntityPart, author: AuthorityPart, dice: Dice) -> MentionPart:
    """The thing as this authority puts it: not all it could say, and birth dates at times only in part."""
    said = {**entity.properties, **entity.variants.get(author.id, {})}
    optional = [name for name in said if name != "name"]
    kept = [name for name in optional if dice.below(10) < 7]
    if "name" not in said and optional[0] not in kept:
        # What has no name is nothing without its number, which the data files put first.
        kept.insert(0, optional[0])
    claims: dict[str, str] = {}
    if "birthDate" in kept and dice.below(4) == 0:
        claims["birthDate"] = said["birthDate"][0][: dice.one_of((4, 7))]
    names = ("name",) if "name" in said else ()
    return MentionPart(of=entity.id, say=(*names, *kept), claims=claims)


def _authority(part: AuthorityPart, cast: Cast) -> AuthoritySeed:
    communities = tuple(each.code for each in cast.communities if part.id in each.members)
    authority = Authority(
        party=Party(id=part.id, function=part.function, state=part.state, areas=part.areas),
        name=part.name,
        contact=part.contact,
        communities=communities,
        languages=part.languages,
        duty_line=part.duty_line,
        last_confirmed=part.last_confirmed,
        invented=True,
    )
    officers = tuple(
        Officer(
            id=OfficerId(f"{part.id}/{each.name}"),
            authority=part.id,
            role=each.role,
            clearance=each.clearance,
            cases=each.cases,
        )
        for each in part.officers
    )
    return AuthoritySeed(authority=authority, officers=officers)


def _entities(story: Story) -> Mapping[EntityId, Entity]:
    found = {
        EntityId(part.id): Entity(
            id=EntityId(part.id),
            thing=part.thing,
            label=part.label,
            role=part.role,
            properties={**part.properties, **part.always},
            innocent=part.innocent,
        )
        for part in story.entities
    }
    labels = {part.id: part.label for part in story.entities}
    links = [(part.thing, part.source, part.target, part.say) for part in story.relations]
    links += [(link.thing, link.source, link.target, link.say) for part in story.reports for link in part.links]
    for thing, source, target, say in links:
        key = link_id(thing, source, target)
        found[key] = Entity(
            id=key,
            thing=thing,
            label=f"{labels[source]} - {labels[target]}",
            role="link",
            properties={name: (value,) for name, value in say.items()},
        )
    return found


def _question(part: QuestionPart) -> Question:
    return Question(
        text=part.text,
        kind=part.kind,
        about=part.about,
        expected={asker: answer for asker, (answer, _) in part.answers.items()},
        why={asker: why for asker, (_, why) in part.answers.items()},
        truth=None if part.truth is None else EntityId(part.truth),
    )


def _asker(part: AskerPart) -> Asker:
    return Asker(
        officer=part.officer,
        authority=part.authority,
        role=part.role,
        purpose=part.purpose,
        case=part.case,
        legal_ground=part.legal_ground,
        justification=part.justification,
    )
