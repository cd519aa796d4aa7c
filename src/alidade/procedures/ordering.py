"""The order of steps: the same for everybody who holds the same steps, whatever the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alidade.model.ids import AuthorityId
from alidade.procedures.steps import Step, step_id

__all__ = ["Key", "Ordered", "in_order"]

Key = tuple[AuthorityId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Steps sorted out.

    ready     in order: what an author had seen comes before his step; steps that knew nothing of each other stand by
              the number of steps before them, then by author. `past[key]` says how many steps of each author came
              before or with the step
    waiting   steps that have seen something which is not here yet
    forked    steps that an author wrote under a number that he had already used (the one with the smaller hash counts)
    missing   the steps that are waited for
    """

    ready: tuple[Step, ...]
    past: Mapping[Key, Mapping[AuthorityId, int]]
    waiting: tuple[Step, ...]
    forked: tuple[Step, ...]
    missing: tuple[Key, ...]


def _before(step: Step) -> set[Key]:
    before: set[Key] = {(author, number) for author, number in step.seen.items() if author != step.author}
    if step.number > 1:
        before.add((step.author, step.number - 1))
    return before


def _apart(steps: Iterable[Step]) -> tuple[dict[Key, Step], tuple[Step, ...]]:
    """One step for each author and number, and the others."""
    by_id = {step_id(step): step for step in steps}
    kept: dict[Key, Step] = {}
    forked: list[Step] = []
    for _, step in sorted(by_id.items()):
        key = (step.author, step.number)
        if key in kept:
            forked.append(step)
        else:
            kept[key] = step
    return kept, tuple(forked)


def in_order(steps: Iterable[Step]) -> Ordered:
    """The steps of a thread in their order. Takes time in proportion to steps times authors."""
    kept, forked = _apart(steps)
    needs = {key: _before(step) for key, step in kept.items()}
    followers: dict[Key, list[Key]] = {}
    for key, before in needs.items():
        for each in before:
            followers.setdefault(each, []).append(key)
    past: dict[Key, dict[AuthorityId, int]] = {}
    open_needs = {key: len(before) for key, before in needs.items()}
    ready = [key for key, count in open_needs.items() if count == 0]
    while ready:
        key = ready.pop()
        seen: dict[AuthorityId, int] = {}
        for each in needs[key]:
            for author, number in past[each].items():
                seen[author] = max(seen.get(author, 0), number)
        seen[key[0]] = key[1]
        past[key] = seen
        for follower in followers.get(key, ()):
            open_needs[follower] -= 1
            if open_needs[follower] == 0:
                ready.append(follower)
    # What a step has seen adds up to more than what any step before it had seen: the sum alone keeps cause before
    # effect, and never changes when further steps arrive.
    order = sorted(past, key=lambda key: (sum(past[key].values()), key))
    return Ordered(
        ready=tuple(kept[key] for key in order),
        past=past,
        waiting=tuple(kept[key] for key in sorted(kept) if key not in past),
        forked=forked,
        missing=tuple(sorted({each for key in kept if key not in past for each in needs[key] if each not in kept})),
    )
