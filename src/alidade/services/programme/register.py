"""The register of measures: papers are kept, said something of, verified by others, and carried over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.errors import Conflict, Invalid
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.programme import carrying
from alidade.programme.register import (
    Carried,
    Entry,
    Instrument,
    Measure,
    Verification,
    check_entry,
    check_instrument,
    check_verification,
    said_in,
)
from alidade.programme.standing import KeptEntry, KeptVerification, Standing, stand, successors_of
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept, default_handling
from alidade.store import directory
from alidade.store.reading import ReaderView, reading
from alidade.store.workpieces import withdraw_piece

__all__ = ["Paper", "PaperLine", "add_entry", "carry_over", "change_paper", "keep_paper", "papers", "read_paper"]
__all__ += ["audience_of", "entries_of", "origins_of", "take_back", "verifications_of", "verify"]

INSTRUMENT: Final = "instrument"
ENTRY: Final = "entry"
VERIFICATION: Final = "verification"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper in the list: how many measures it has, how many stand how, and how many findings there are."""

    kept: Kept[Instrument]
    measures: int
    statuses: Mapping[str, int]
    not_known: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as its viewer reads it: how each measure stands, and where each has come from and gone to.

    `earlier` and `later` are by key of the measure: reference of the other paper, its measure, and the mapping.
    `uncarried` are keys that no later paper carries on, where there is one.
    """

    kept: Kept[Instrument]
    standings: Mapping[str, Standing]
    earlier: Mapping[str, Sequence[tuple[str, str, Measure, Carried]]]
    later: Mapping[str, Sequence[tuple[str, str, Measure, Carried]]]
    uncarried: Sequence[str]
    own: bool


def keep_paper(node: Node, actor: Actor, paper: Instrument, handling: Handling | None = None) -> str:
    """Keep a paper with its measures, for those whom the handling names (everybody, unless said); its reference.

    Raises Invalid naming the measure that is wrong, and Conflict where one's authority keeps a paper of this number.
    """
    check_instrument(paper)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            known = pieces.every(view, INSTRUMENT, Instrument)
        if any(each.authority == actor.viewer.authority and each.body.number == paper.number for each in known):
            raise Conflict(
                f"Your authority keeps a paper {paper.number} already.",
                remedy="Open it and change it there.",
                code="paper_kept_already",
            )
        how = handling or default_handling(node, actor.viewer.authority)
        reference = pieces.keep(node, tx, actor, INSTRUMENT, _title(paper), paper, how)
        log(tx, actor, "programme_write", objects=[reference], results=len(paper.measures), details={"what": "paper"})
    return reference


def change_paper(node: Node, actor: Actor, reference: str, paper: Instrument, version: int, reason: str = "") -> int:
    """Leave a paper of one's own authority in a new version; its number.

    Raises Invalid where a measure goes of which somebody has said something, Conflict where `version` is not the
    newest, NotFound for a paper of another.
    """
    check_instrument(paper)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            spoken_of = {kept.entry.measure for kept in entries_of(view, reference)}
        gone = sorted(key for key in spoken_of if paper.measure(key) is None)
        if gone:
            raise Invalid(
                f"Something has been said of measure {gone[0]}; it cannot go from the paper.",
                remedy="Keep it, and say that it was stopped.",
            )
        number = pieces.change(tx, actor, reference, _title(paper), paper, version, reason)
        log(tx, actor, "programme_write", objects=[reference], details={"what": "paper", "version": str(number)})
    return number


def papers(node: Node, actor: Actor) -> list[PaperLine]:
    """Every paper that the viewer may read, with how its measures stand for him."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        today = tx.now.date()
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = pieces.every(view, INSTRUMENT, Instrument)
            entries, rulings = entries_of(view), verifications_of(view)
        lines = [_line(kept, entries, rulings, today) for kept in found]
        log(tx, actor, "programme_read", objects=[kept.reference for kept in found], results=len(found))
    return lines


def read_paper(node: Node, actor: Actor, reference: str) -> Paper:
    """One paper with everything that the viewer may see of it. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, INSTRUMENT, reference, Instrument)
            others = {each.reference: each.body for each in pieces.every(view, INSTRUMENT, Instrument)}
            entries, rulings = entries_of(view, reference), verifications_of(view)
        standings = stand(kept.body, entries, rulings, tx.now.date())
        shown = [reference, *(entry.reference for entry in entries)]
        log(tx, actor, "programme_read", objects=shown, results=len(standings))
    successors = {other: body for other, body in others.items() if other != reference}
    later = {key: _named(successors_of(reference, key, successors), others) for key in standings}
    follows = any(
        step.instrument == reference for body in successors.values() for m in body.measures for step in m.carries
    )
    return Paper(
        kept=kept,
        standings=standings,
        earlier={measure.key: origins_of(measure, others) for measure in kept.body.measures},
        later=later,
        uncarried=[m.key for m in carrying.uncarried(reference, kept.body, successors)] if follows else [],
        own=kept.authority == actor.viewer.authority,
    )


def add_entry(node: Node, actor: Actor, entry: Entry, handling: Handling | None = None) -> str:
    """Say something of a measure, in the name of one's authority, under a handling of one's own; its reference.

    Without a handling it is given under that of the paper's audience. Raises NotFound for a paper that the officer
    may not read, Invalid for an entry that cannot be.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            paper = pieces.one(view, INSTRUMENT, entry.instrument, Instrument)
        check_entry(entry, paper.body)
        how = handling or audience_of(node, actor, paper.handling)
        reference = pieces.keep(node, tx, actor, ENTRY, f"{paper.body.number} {entry.measure}", entry, how)
        log(tx, actor, "programme_write", objects=[reference, entry.instrument], details={"what": entry.kind})
    return reference


def verify(node: Node, actor: Actor, said: Verification, handling: Handling | None = None) -> str:
    """Confirm or contest what another authority says; its reference.

    Raises NotFound for an entry that the officer may not read, Conflict for one of his own authority.
    """
    check_verification(said)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_verify")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            entry = pieces.one(view, ENTRY, said.entry, Entry)
        if entry.authority == actor.viewer.authority:
            raise Conflict(
                "Your own authority said this; somebody else must verify it.",
                remedy="Ask another authority.",
                code="own_entry",
            )
        how = handling or audience_of(node, actor, entry.handling)
        reference = pieces.keep(node, tx, actor, VERIFICATION, said.ruling, said, how)
        log(tx, actor, "programme_verify", objects=[said.entry, reference], details={"ruling": said.ruling})
    return reference


def take_back(node: Node, actor: Actor, reference: str) -> None:
    """Take back an entry or a verification of one's own authority. Raises NotFound for anything else."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            piece = view.piece(reference)
        kind = piece.kind if piece is not None and piece.kind in (ENTRY, VERIFICATION) else ""
        withdraw_piece(tx, actor.viewer.authority, reference if kind else "")
        log(tx, actor, "programme_write", objects=[reference], details={"what": "taken back"})


def carry_over(node: Node, actor: Actor, earlier: str, later: str, steps: Sequence[carrying.Step], version: int) -> int:
    """Carry the measures of one paper over to its successor, which one's authority keeps; the successor's version.

    Raises NotFound, Invalid for a mapping that cannot be, Conflict where `version` of the successor is not the newest.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            old = pieces.one(view, INSTRUMENT, earlier, Instrument)
            new = pieces.one(view, INSTRUMENT, later, Instrument)
        changed = carrying.carry_over(earlier, old.body, new.body, steps)
        number = pieces.change(tx, actor, later, _title(changed), changed, version, f"Carries on {old.body.number}")
        log(tx, actor, "programme_write", objects=[earlier, later], details={"what": "carried over"})
    return number


def _line(
    kept: Kept[Instrument], entries: Sequence[KeptEntry], rulings: Sequence[KeptVerification], today: dt.date
) -> PaperLine:
    own = [entry for entry in entries if entry.entry.instrument == kept.reference]
    standings = stand(kept.body, own, rulings, today)
    statuses: dict[str, int] = {}
    for standing in standings.values():
        if standing.status is not None:
            statuses[standing.status] = statuses.get(standing.status, 0) + 1
    return PaperLine(
        kept=kept,
        measures=len(standings),
        statuses=statuses,
        not_known=sum(standing.status is None for standing in standings.values()),
        findings=sum(len(standing.findings) for standing in standings.values()),
    )


def entries_of(view: ReaderView, instrument: str | None = None) -> list[KeptEntry]:
    """What the viewer may see of what was said, of one paper or of all."""
    return [
        KeptEntry(
            reference=each.reference, authority=each.authority, said_at=each.changed_at, entry=each.body,
            version=each.version,
        )
        for each in pieces.every(view, ENTRY, Entry)
        if instrument in (None, each.body.instrument)
    ]  # fmt: skip


def verifications_of(view: ReaderView) -> list[KeptVerification]:
    """What the viewer may see of what was verified."""
    return [
        KeptVerification(
            reference=each.reference, authority=each.authority, said_at=each.changed_at, verification=each.body
        )
        for each in pieces.every(view, VERIFICATION, Verification)
    ]


def audience_of(node: Node, by: Actor, handling: Handling) -> Handling:
    """The same audience as another handling, for something of one's own."""
    others = (handling.owner,) if handling.owner != by.viewer.authority else ()
    own = default_handling(node, by.viewer.authority, handling.communities)
    return msgspec.structs.replace(
        own,
        released_to=tuple(sorted({*handling.released_to, *others} - {by.viewer.authority})),
        excluded=handling.excluded,
        classification=handling.classification,
    )


def _title(paper: Instrument) -> str:
    return f"{paper.number} {said_in(paper.title, paper.language)[0]}"[:200]


def origins_of(measure: Measure, known: Mapping[str, Instrument]) -> list[tuple[str, str, Measure, Carried]]:
    """Which measures of earlier papers a measure carries on, as far as they are known: reference, number, how."""
    found = []
    for step in measure.carries:
        origin = known.get(step.instrument)
        before = None if origin is None else origin.measure(step.measure)
        if origin is not None and before is not None:
            found.append((step.instrument, origin.number, before, step))
    return found


def _named(
    steps: Sequence[tuple[str, Measure, Carried]], known: Mapping[str, Instrument]
) -> list[tuple[str, str, Measure, Carried]]:
    return [(reference, known[reference].number, measure, step) for reference, measure, step in steps]
