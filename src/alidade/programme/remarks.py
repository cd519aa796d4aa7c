"""Remarks: what authorities name as obstacles, good practices and training needs, in entries and replies alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.programme.analysis import HeldRound
from alidade.programme.lists import codes
from alidade.programme.register import Source, Texts
from alidade.programme.standing import KeptEntry, entry_day

__all__ = ["KINDS", "ObstacleGroup", "Remark", "obstacle_groups", "remarks"]

KINDS: Final = ("obstacle", "good_practice", "training_need")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One obstacle, good practice or training need, with who named it.

    `obstacle` is a code of obstacle_kinds (of an obstacle). `round` is the reference of the round of a reply, empty
    for an entry; `publish`: whether it may be published as received (an entry stands under its own handling).
    """

    kind: str
    key: str
    state: str
    authority: str
    text: Texts
    day: dt.date
    obstacle: str = ""
    round: str = ""
    source: Source | None = None
    publish: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleGroup:
    """What was named of one kind of obstacle. `states` are those that named it; `times` how often it was named."""

    code: str
    times: int
    states: tuple[str, ...]
    remarks: tuple[Remark, ...]


def remarks(entries: Iterable[KeptEntry], held: Iterable[HeldRound]) -> list[Remark]:
    """Every remark, the newest first; a joint reply counts once, for the State that spoke."""
    found = [_of_entry(kept) for kept in entries if kept.entry.kind in KINDS or kept.entry.obstacle]
    for each in held:
        keys = {question.key: question.measure or question.key for question in each.round.questions}
        for kept in each.answers:
            if not kept.answer.submitted:
                continue
            for part in kept.answer.parts:
                texts: dict[str, Texts] = {
                    "obstacle": part.obstacle_text,
                    "good_practice": part.good_practice,
                    "training_need": part.training_need,
                }
                found += [
                    Remark(
                        kind=kind,
                        key=keys.get(part.question, part.question),
                        state=kept.answer.state,
                        authority=kept.authority,
                        text=text,
                        day=kept.said_at.date(),
                        obstacle=(part.obstacle or "other") if kind == "obstacle" else "",
                        round=each.reference,
                        publish=kept.answer.publish,
                    )
                    for kind, text in texts.items()
                    if any(text.values()) or (kind == "obstacle" and part.obstacle)
                ]
    return sorted(found, key=lambda each: (each.day, each.state, each.key, each.kind), reverse=True)


def _of_entry(kept: KeptEntry) -> Remark:
    entry = kept.entry
    return Remark(
        kind=entry.kind if entry.kind in KINDS else "obstacle",
        key=entry.measure,
        state=entry.state,
        authority=kept.authority,
        text=entry.text,
        day=entry_day(kept),
        obstacle=(entry.obstacle or "other") if entry.kind not in ("good_practice", "training_need") else "",
        source=entry.source,
    )


def obstacle_groups(found: Sequence[Remark]) -> list[ObstacleGroup]:
    """The obstacles by the closed list, the most frequent first; kinds that nobody named are left out."""
    groups = []
    for code in codes("obstacle_kinds"):
        of_kind = tuple(each for each in found if each.kind == "obstacle" and each.obstacle == code)
        if of_kind:
            states = tuple(sorted({each.state for each in of_kind if each.state}))
            groups.append(ObstacleGroup(code=code, times=len(of_kind), states=states, remarks=of_kind))
    return sorted(groups, key=lambda group: (-group.times, group.code))
