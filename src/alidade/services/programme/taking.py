"""Taking figures: a figure of a measure is counted by the platform and kept with what was counted; counted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.programme.register import Counting, Entry, Figure, Instrument, Source, check_entry
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.countings import Counted, Offer, count_now, offers_of
from alidade.services.programme.register import ENTRY, INSTRUMENT, audience_of
from alidade.store import directory
from alidade.store.reading import reading

__all__ = ["Recount", "recounted", "take_figure", "what_can_be_counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """A figure counted again: what it would be now; None where it cannot be said (`why` is a code of the refusal)."""

    value: float | None
    why: str = ""


def what_can_be_counted(node: Node, actor: Actor, language: str) -> list[Offer]:
    """What this officer may take figures from, as far as his role lets him count it elsewhere."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "figure_take")
        log(tx, actor, "figure_take", details={"what": "offers"})
    return offers_of(node, actor, _acts(node, actor), language)


def take_figure(node: Node, actor: Actor, draft: Entry, counting: Counting, handling: Handling | None = None) -> str:
    """Say something of a measure with a figure that the platform counts now, as the officer sees it; its reference.

    `draft` is the entry without its figure. The value is kept with the day, what was counted and who took it. Without
    a handling it stands under that of the paper's audience; what a kept question finds, for one's own authority alone.
    Raises NotFound, NotAllowed for what he may not count, and Invalid where the number may not be said.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "figure_take")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            paper = pieces.one(view, INSTRUMENT, draft.instrument, Instrument)
        log(tx, actor, "figure_take", objects=[draft.instrument], details={"what": "begun", "kind": counting.kind})
    counted = count_now(node, actor, counting)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "figure_take")
        source = Source(
            taken=counted.texts["en"][:200],
            taken_texts=counted.texts,
            taken_at=tx.now,
            taken_by=str(actor.officer),
            counting=counting,
        )
        figure = Figure(value=counted.value, unit=counted.unit, unit_texts=counted.unit_texts, source=source)
        day = draft.day or counting.until or tx.now.date()
        entry = msgspec.structs.replace(draft, figure=figure, day=day)
        check_entry(entry, paper.body, taken=True)
        how = handling or _handling(node, actor, paper.handling, counting)
        reference = pieces.keep(node, tx, actor, ENTRY, f"{paper.body.number} {entry.measure}", entry, how)
        details = {"what": "taken", "kind": counting.kind}
        log(tx, actor, "figure_take", objects=[reference, draft.instrument], results=1, details=details)
    return reference


def recounted(node: Node, actor: Actor, entries: Sequence[tuple[str, Counting]]) -> Mapping[str, Recount]:
    """What figures of one's own authority would be now, by the reference of their entries.

    What another authority counted is not counted again: it has other threads and sees other things.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "figure_take")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            own = {each.reference for each in pieces.every(view, ENTRY, Entry) if _own(each.authority, actor)}
        log(tx, actor, "figure_take", objects=[each for each, _ in entries if each in own], details={"what": "again"})
    return {reference: _again(node, actor, counting) for reference, counting in entries if reference in own}


def _own(authority: str, actor: Actor) -> bool:
    return authority == actor.viewer.authority


def _again(node: Node, actor: Actor, counting: Counting) -> Recount:
    needs = {"exchange": "thread_statistics", "deadline": "thread_statistics", "question": "picture_read"}
    if needs.get(counting.kind, "figure_take") not in _acts(node, actor):
        return Recount(value=None, why="role")
    try:
        counted: Counted = count_now(node, actor, counting)
    except (Invalid, NotAllowed, NotFound) as error:
        return Recount(value=None, why=error.code or "absent")
    return Recount(value=counted.value)


def _acts(node: Node, actor: Actor) -> frozenset[str]:
    return frozenset(node.vocabulary.roles[actor.role].acts)


def _handling(node: Node, actor: Actor, paper: Handling, counting: Counting) -> Handling:
    if counting.kind == "question":
        return pieces.default_handling(node, actor.viewer.authority, communities=())
    return audience_of(node, actor, paper)
