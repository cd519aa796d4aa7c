"""Feedback: what became of each contribution of one's own authority: met, ruled on, released, taken out.

What is told: that a check of another authority met a record (who, when, for which purpose), in silence too, and how
that authority ruled, with the listed reason; a ruling is told to the owner like the notice that it belongs to. What is
not told: the question, the asker's officer, case and justification, and his note to the ruling. A judgement between
records stands under a handling of its own: it is shown where that handling lets this viewer see it, and not otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.policy.decision import permitted
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.notices import match_in_silence
from alidade.store import directory
from alidade.store import feedback as store
from alidade.store.database import Transaction
from alidade.store.feedback import GivenAtOnce, Met, ReleasedTo
from alidade.store.reading import SeenJudgement, reading

__all__ = ["Fate", "FateInDetail", "Met", "Use", "cleared_handlings", "feedback", "feedback_on"]

MOST = 200  # contributions in one list


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one contribution, in numbers. Nothing met it where `matched` is 0: "not matched yet"."""

    contribution: str
    title: str
    given_at: datetime
    officer: str
    state: str
    state_reason: str
    run: str
    source_list: str
    file_name: str
    records: int
    matched: int  # records that checks of others met
    checks: int  # times that they were met
    askers: tuple[str, ...]
    same: int
    not_the_same: int
    unsure: int
    not_ruled: int
    released: int
    taken_out: int
    last_met: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An export of another authority with records of this contribution."""

    authority: str
    at: datetime
    purpose: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FateInDetail:
    """What became of one contribution, with each time that somebody met, widened or took something of it."""

    fate: Fate
    met: tuple[Met, ...]
    releases: tuple[ReleasedTo, ...]
    uses: tuple[Use, ...]
    judgements: tuple[SeenJudgement, ...]


def feedback(node: Node, actor: Actor) -> list[Fate]:
    """What became of each contribution of one's own authority, newest first, as far as one is cleared for it."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "feedback_read")
        match_in_silence(node, tx, actor)
        cleared = cleared_handlings(tx, actor)
        given = store.given_by(tx, actor.viewer.authority, newest=MOST)
        found = _fates(tx, actor, given, cleared)
        log(tx, actor, "feedback_read", objects=[fate.contribution for fate, _ in found], results=len(found))
    return [fate for fate, _ in found]


def feedback_on(node: Node, actor: Actor, contribution: str) -> FateInDetail:
    """What became of one contribution, in detail. Raises NotFound for one of another authority, or none."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "feedback_read")
        match_in_silence(node, tx, actor)
        cleared = cleared_handlings(tx, actor)
        given = store.given_by(tx, actor.viewer.authority, newest=1, contribution=contribution)
        found = _fates(tx, actor, given, cleared)
        if not found:
            raise NotFound("Your authority has given no contribution with this reference.")
        ((fate, met),) = found
        records = store.record_ids(tx, given[0].number, cleared)
        detail = FateInDetail(
            fate=fate,
            met=tuple(met),
            releases=tuple(store.releases_of(tx, given[0].number, cleared)),
            uses=tuple(_uses(tx, actor, given[0].given_at, records)),
            judgements=_judgements(tx, actor, records),
        )
        log(tx, actor, "feedback_read", objects=[contribution], results=len(met), details={"view": "detail"})
    return detail


def cleared_handlings(tx: Transaction, actor: Actor) -> frozenset[int]:
    """The numbers of one's own authority's handlings under which the officer may correct, and so learn of it."""
    world = directory.world(tx)
    return frozenset(
        number
        for number, terms in store.handlings_of_owner(tx, actor.viewer.authority)
        if permitted("correct", actor.viewer, terms, tx.now, world)
    )


def _fates(
    tx: Transaction, actor: Actor, given: Sequence[GivenAtOnce], cleared: frozenset[int]
) -> list[tuple[Fate, list[Met]]]:
    owner = actor.viewer.authority
    met: dict[str, list[Met]] = {}
    for time in store.met_of(tx, owner, given, cleared):
        met.setdefault(time.contribution, []).append(time)
    exports = list(store.taken_out(tx, owner, min(one.given_at for one in given))) if given else []
    found = []
    for one in given:
        records = store.records_in(tx, one.number, cleared)
        if not records:
            continue  # nothing of it is within the officer's clearance: to him it is absent
        ids = store.record_ids(tx, one.number, cleared) if exports else set()
        used = sum(1 for each in exports if each.at >= one.given_at and not ids.isdisjoint(each.records))
        released = len(store.releases_of(tx, one.number, cleared))
        times = sorted(met.get(one.contribution, []), key=lambda each: (each.asked_at, each.record), reverse=True)
        found.append((_fate(one, times, records, released, used), times))
    return found


def _fate(one: GivenAtOnce, met: Sequence[Met], records: int, released: int, used: int) -> Fate:
    rulings = Counter(each.ruling for each in met)
    return Fate(
        contribution=one.contribution,
        title=one.title,
        given_at=one.given_at,
        officer=one.officer,
        state=one.state,
        state_reason=one.state_reason,
        run=one.run,
        source_list=one.source_list,
        file_name=one.file_name,
        records=records,
        matched=len({each.record for each in met}),
        checks=len(met),
        askers=tuple(sorted({each.asker for each in met})),
        same=rulings["same"],
        not_the_same=rulings["not_the_same"],
        unsure=rulings["unsure"],
        not_ruled=rulings[None],
        released=released,
        taken_out=used,
        last_met=max((each.asked_at for each in met), default=None),
    )


def _uses(tx: Transaction, actor: Actor, since: datetime, records: Iterable[str]) -> list[Use]:
    wanted = set(records)
    return [
        Use(authority=each.authority, at=each.at, purpose=each.purpose, records=held)
        for each in store.taken_out(tx, actor.viewer.authority, since)
        if (held := len(wanted.intersection(each.records)))
    ]


def _judgements(tx: Transaction, actor: Actor, records: Iterable[str]) -> tuple[SeenJudgement, ...]:
    with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
        return tuple(view.judgements_about(list(records)))
