"""Entity: everything that one viewer may know of a thing, on one page: who says what, with what it is tied, what was
asked about it, what joins its records, and whether all of it may be taken out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.entity_asked import Asked, asked_about, no_entity
from alidade.services.picture.entity_terms import OutOfHere, out_of_here
from alidade.services.picture.facts import Change, Fact, facts_of, held, history_of, missing, tie_held
from alidade.services.picture.joining import Contradiction, joined, rulings_around
from alidade.services.picture.seeing import Picture, SeenThing, SeenTie, around
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, SeenJudgement, SeenStatement, reading
from alidade.vocabulary import Label, Vocabulary

__all__ = ["Connection", "EntityPage", "Group", "Rulings", "SeenEntity", "SeenJudgement", "entity", "seen_entity"]

MOST_TIED: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One tie of the thing and what is at its other end; `outward` where the thing is the source."""

    tie: SeenTie
    other: SeenThing
    outward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The ties of one kind and direction. `directed`: the direction means something."""

    kind: str
    label: Label
    directed: bool
    outward: bool
    connections: tuple[Connection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """The judgements that join the records of the thing, those that were not followed, and what contradicts itself."""

    followed: tuple[SeenJudgement, ...]
    passed_over: tuple[SeenJudgement, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """A thing as one viewer sees it, today or as it stood on a day (`at`).

    `cut`: more is tied to it than is listed. `ours`: its records that are of one's own authority. `names` has the names
    of the authorities that appear. `out` says whether all that is shown may be taken out, and if not, why.
    `statements` are all that is shown, of the thing and of its ties.
    """

    thing: SeenThing
    at: str | None
    facts: tuple[Fact, ...]
    missing: tuple[Label, ...]
    history: tuple[Change, ...]
    documents: tuple[Connection, ...]
    groups: tuple[Group, ...]
    cut: bool
    rulings: Rulings
    asked: tuple[Asked, ...]
    ours: tuple[str, ...]
    names: Mapping[str, str]
    out: OutOfHere
    statements: tuple[SeenStatement, ...]


def entity(node: Node, actor: Actor, record: str, *, at: str | None = None, language: str = "en") -> EntityPage:
    """Everything that the viewer may know of the thing of a record; `at` a day (YYYY-MM-DD): as it stood then.

    Of a past day it shows what had been given by then, holds to this day, and held on that day: what was corrected or
    withdrawn since is not brought back. Raises NotFound where the record is absent or not for this viewer, Invalid for
    a day that is none. `language`: of the reasons why it may not be taken out.
    """
    day = _day(at)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        world = directory.world(tx)
        with reading(tx, actor.viewer, world, ("read", "merge")) as view:
            seen = seen_entity(view, node.vocabulary, record, day)
        if seen is None:
            log(tx, actor, "picture_read", objects=[record], results=0, details={"view": "entity"})
        else:
            found = _page(node, tx, actor, seen, day, language)
            log(tx, actor, "picture_read", objects=_shown(found), results=len(found.statements),
                details={"view": "entity", "at": day or ""})  # fmt: skip
    if seen is None:
        raise no_entity()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntity:
    """What the view gives: the thing, what is tied to it, and the rulings about its records."""

    thing: SeenThing
    picture: Picture
    rulings: Rulings


def seen_entity(view: ReaderView, vocabulary: Vocabulary, record: str, day: str | None) -> SeenEntity | None:
    """The thing of a record with its ties, as of a day where one is given; None where it is not for this viewer."""
    picture = around(view, vocabulary, [record], most=MOST_TIED + 1)
    thing = next((each for each in picture.things.values() if record in each.records), None)
    if thing is None:
        return None
    found = joined(thing.records, rulings_around(view, thing.records), view.authority)
    own = set(thing.records)
    rulings = Rulings(
        followed=tuple(each for each in found.followed if own & {each.left, each.right}),
        passed_over=tuple(each for each in found.passed_over if own & {each.left, each.right}),
        contradictions=tuple(each for each in found.contradictions if own & {each.apart.left, each.apart.right}),
    )
    if day is not None:
        thing = SeenThing(
            id=thing.id, records=thing.records, thing=thing.thing, caption=thing.caption, owners=thing.owners,
            statements=tuple(each for each in thing.statements if held(each, day)),
        )  # fmt: skip
        picture = Picture(
            things=picture.things, ties=tuple(tie for tie in picture.ties if tie_held(tie, day)), cut=picture.cut
        )
    return SeenEntity(thing=thing, picture=picture, rulings=rulings)


def shown_statements(seen: SeenEntity) -> tuple[SeenStatement, ...]:
    """Everything that is shown of a thing: what is said of it, and of its ties."""
    ties = [each.tie for each in _connections(seen.thing, seen.picture)]
    every = [*seen.thing.statements, *(said for tie in ties for said in tie.statements)]
    return tuple(sorted({each.statement: each for each in every}.values(), key=lambda each: each.number))


def _day(at: str | None) -> str | None:
    if not at:
        return None
    try:
        return date.fromisoformat(at).isoformat()
    except ValueError as error:
        raise Invalid("This is no day.", remedy="Write it as YYYY-MM-DD.", code="day_wrong") from error


def _page(node: Node, tx: Transaction, actor: Actor, seen: SeenEntity, day: str | None, language: str) -> EntityPage:
    thing, picture, vocabulary = seen.thing, seen.picture, node.vocabulary
    connections = _connections(thing, picture)
    documents = tuple(each for each in connections if _is_document(each.other, vocabulary))
    groups = _groups([each for each in connections if each not in documents])
    owners = {each.record: each.owner for each in thing.statements}
    ours = tuple(sorted(record for record, owner in owners.items() if owner == actor.viewer.authority))
    asked = asked_about(node, tx, actor, thing.records, ours)
    known = directory.authorities(tx)
    every = shown_statements(seen)
    rulings = (*seen.rulings.followed, *seen.rulings.passed_over, *(c.apart for c in seen.rulings.contradictions))
    named = {each.owner for each in every} | {each.authority for each in rulings} | {each.who for each in asked}
    return EntityPage(
        thing=thing,
        at=day,
        facts=facts_of(thing.thing, thing.statements, vocabulary),
        missing=missing(thing.thing, thing.statements, vocabulary),
        history=history_of(thing, picture, vocabulary),
        documents=documents,
        groups=groups,
        cut=picture.cut,
        rulings=seen.rulings,
        asked=asked,
        ours=ours,
        names={each: known[key].name for each in sorted(named) if (key := AuthorityId(each)) in known},
        out=out_of_here(node, tx, actor, every, language),
        statements=every,
    )


def _connections(thing: SeenThing, picture: Picture) -> list[Connection]:
    found: list[Connection] = []
    for tie in picture.ties:
        if thing.id in (tie.source, tie.target):
            outward = tie.source == thing.id
            other = picture.things.get(tie.target if outward else tie.source)
            if other is not None:
                found.append(Connection(tie=tie, other=other, outward=outward))
        elif any(each.record in thing.records for each in tie.statements):
            # The thing is a link itself: what it ties together are its connections.
            ends = ((tie.source, False), (tie.target, True))
            found += [
                Connection(tie=tie, other=picture.things[end], outward=outward)
                for end, outward in ends
                if end in picture.things
            ]
    return found


def _is_document(thing: SeenThing, vocabulary: Vocabulary) -> bool:
    return thing.thing in vocabulary.things and any(
        vocabulary.is_a(thing.thing, each) for each in ("Document", "Identification")
    )


def _groups(connections: Sequence[Connection]) -> tuple[Group, ...]:
    by_kind: dict[tuple[str, bool], list[Connection]] = {}
    for each in connections:
        by_kind.setdefault((each.tie.kind, each.outward or not each.tie.directed), []).append(each)
    groups = [
        Group(
            kind=kind,
            label=several[0].tie.label,
            directed=several[0].tie.directed,
            outward=outward,
            connections=tuple(sorted(several, key=lambda c: (c.tie.valid_from or "", c.other.caption, c.tie.id))),
        )
        for (kind, outward), several in by_kind.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.connections), group.kind, group.outward)))


def _shown(page: EntityPage) -> list[str]:
    return sorted({*page.thing.records, *(each.record for each in page.statements)})
