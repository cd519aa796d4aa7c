"""Compiled set: the decision taken once for all handlings, so that rows are filtered by a join with a set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from alidade.model.viewer import Viewer
from alidade.policy.actions import Action
from alidade.policy.decision import asked, holds
from alidade.policy.release import Release, ends_on
from alidade.policy.terms import Joined, Terms, parts_of
from alidade.policy.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledSet:
    """The numbers of all handlings that permit it, and the moment (UTC) when the set must be built anew.

    `valid_until` is None where no handling, release or agreement has a date after the moment of building.
    """

    ids: frozenset[int]
    valid_until: datetime | None


def compile_set(
    action: Action,
    viewer: Viewer,
    terms: Iterable[tuple[int, Terms | Joined]],
    now: datetime,
    world: World,
    releases: Sequence[Release] = (),
) -> CompiledSet:
    """The decision for many handlings at once, each under its own number; equal to may() for each of them.

    A number that comes twice is in the set only if both are permitted. Raises Invalid for a time without
    zone.
    """
    ask = asked(action, viewer, now, world, None)
    by_handling: dict[str, list[Release]] = {}
    for release in releases:
        by_handling.setdefault(release.handling, []).append(release)
    day = ask.day
    allowed: set[int] = set()
    refused: set[int] = set()
    change = min((*world.agreements.changes_after(day), *_release_ends(releases, day)), default=None)
    for number, each in terms:
        parts = parts_of(each)
        lifted = [release for part in parts for release in by_handling.get(part.id, ())] if by_handling else ()
        (allowed if holds(ask, each, lifted) else refused).add(number)
        for part in parts:
            ends = None if part.reading is None else part.reading.ends
            if ends is not None and ends > day and (change is None or ends < change):
                change = ends
    return CompiledSet(ids=frozenset(allowed - refused), valid_until=_midnight(change))


def _release_ends(releases: Sequence[Release], day: date) -> Iterator[date]:
    for release in releases:
        ends = ends_on(release)
        if ends is not None and ends > day:
            yield ends


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
