"""Second look: checks drawn by chance are looked at by a second person: in order, to be explained, or not in order.

Review is where misuse is found, not logging. Source: Directive (EU) 2016/680 Art. 25(2), 34(a). The draw can be
repeated from what its ledger entry says; each look and each finding has an entry of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.queries import LARGEST_PAGE, Opened, Wanted, opened_check, own_check, require_sensible
from alidade.services.sampling import choose, digest_of, size_of_share
from alidade.store import second_look as kept
from alidade.store.database import Transaction
from alidade.store.second_look import Drawn, Remark

__all__ = [
    "FINDINGS",
    "Draw",
    "Drawings",
    "Drawn",
    "Finding",
    "Looked",
    "Remark",
    "draw_checks",
    "explain_check",
    "explanations_asked",
    "look_again",
    "record_finding",
    "second_looks",
]  # fmt: skip

Finding = Literal["in_order", "to_explain", "not_in_order"]
FINDINGS: Final = ("in_order", "to_explain", "not_in_order")
STATES: Final = ("open", "to_explain", "explained", "in_order", "not_in_order")
LARGEST_DRAW = 1_000
_LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What was drawn, and what it takes to repeat the draw.

    `seed` in hex; `population` says from how many checks it was drawn, `population_digest` from which.
    """

    checks: int
    officers: int
    population: int
    population_digest: str
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawings:
    """A page of drawn checks, how many there are, and how many have come to which finding."""

    drawn: tuple[Drawn, ...]
    total: int
    findings: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A drawn check with what was asked, its grounds and kinds of answer, and what was written about it."""

    drawn: Drawn
    opened: Opened
    remarks: tuple[Remark, ...]


def draw_checks(
    node: Node,
    actor: Actor,
    *,
    since: str,
    until: str,
    size: int | None = None,
    share: float | None = None,
    zone: str = "UTC",
) -> Draw:
    """Draw checks of one's own authority by chance, from those of a period that were never drawn.

    Either `size`, a number of checks, or `share`, between 0 and 1; a share draws at least one check of every officer.
    Raises Invalid for a wrong period, size or share, Conflict where there is nothing to draw from.
    """
    require_sensible(Wanted(since=since, until=until, zone=zone), 0, 1)
    if (size is None) == (share is None):
        raise Invalid("State either how many checks, or which share of them.")
    if size is not None and not 1 <= size <= LARGEST_DRAW:
        raise Invalid(f"A draw takes between 1 and {LARGEST_DRAW} checks.")
    if share is not None and not 0 < share <= 1:
        raise Invalid("A share lies above 0 and is at most 1.", remedy="For example: 0.02.")
    seed = node.store.randomness.token_bytes(16)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "second_look")
        found = kept.population(tx, actor.viewer.authority, since, until, zone)
        if not found:
            raise Conflict("There is no check of this period that could still be drawn.", code="nothing_to_draw")
        wished = size if size is not None else size_of_share(share or 0, found)
        drawn = choose(seed, found, min(wished, LARGEST_DRAW))
        kept.keep_draw(tx, actor.viewer.authority, actor.officer, drawn)
        details = {
            "view": "draw",
            "seed": seed.hex(),
            "population": str(len(found)),
            "population_digest": digest_of(found),
            "since": since,
            "until": until,
            "zone": zone,
            "wished": str(size) if size is not None else f"share {share}",
        }
        log(tx, actor, "second_look", objects=drawn, results=len(drawn), details=details)
    officers = {officer for reference, officer in found if reference in set(drawn)}
    return Draw(
        checks=len(drawn),
        officers=len(officers),
        population=len(found),
        population_digest=details["population_digest"],
        seed=seed.hex(),
    )


def second_looks(node: Node, actor: Actor, *, finding: str | None = None, start: int = 0, size: int = 50) -> Drawings:
    """The checks of one's own authority that were drawn, newest draw first, without their questions."""
    if finding is not None and finding not in STATES:
        raise Invalid("There is no such finding.", remedy=f"Findings: {', '.join(STATES)}.")
    require_sensible(Wanted(), start, size)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "second_look")
        drawn, total = kept.drawn_checks(tx, actor.viewer.authority, start, size, finding=finding)
        findings = kept.counts(tx, actor.viewer.authority)
        log(
            tx,
            actor,
            "second_look",
            objects=[one.check for one in drawn],
            results=len(drawn),
            details={"view": "list", **({"finding": finding} if finding else {})},
        )
    return Drawings(drawn=tuple(drawn), total=total, findings=findings)


def look_again(node: Node, actor: Actor, reference: str) -> Looked:
    """Read one drawn check: what was asked, on which grounds, which kinds of answer came. Raises NotFound.

    Nobody looks at a check of his own: NotAllowed.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "second_look")
        drawn, remarks = _anothers(tx, actor, reference)
        opened = opened_check(tx, own_check(tx, actor, drawn.check))
        log(tx, actor, "second_look", objects=[drawn.check], results=1, details={"view": "question"})
    return Looked(drawn=drawn, opened=opened, remarks=remarks)


def record_finding(node: Node, actor: Actor, reference: str, finding: Finding, note: str = "") -> None:
    """Say what the second look came to; the officer is shown the note where an explanation is asked for.

    A later finding takes the place of this one; what was written stays. Raises Invalid without a note where the check
    is not simply in order.
    """
    if finding not in FINDINGS:
        raise Invalid("There is no such finding.", remedy=f"Findings: {', '.join(FINDINGS)}.")
    text = _written(note, needed=finding != "in_order")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "second_look")
        drawn, _ = _anothers(tx, actor, reference)
        remark = Remark(by=actor.officer, at=tx.now.isoformat(), text=text)
        kept.keep_finding(tx, reference, finding, remark, looked=True)
        log(tx, actor, "second_look", objects=[drawn.check], details={"finding": finding})


def explanations_asked(node: Node, actor: Actor) -> tuple[Looked, ...]:
    """One's own checks of which an explanation is asked, with the question and what the reviewer wrote."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "check")
        asked, _ = kept.drawn_checks(
            tx, actor.viewer.authority, 0, LARGEST_PAGE, finding="to_explain", officer=actor.officer
        )
        found = [
            Looked(drawn=one, opened=opened_check(tx, own_check(tx, actor, one.check)), remarks=each[1])
            for one in asked
            if (each := kept.drawn_check(tx, actor.viewer.authority, one.reference)) is not None
        ]
        log(
            tx,
            actor,
            "second_look",
            objects=[one.drawn.check for one in found],
            results=len(found),
            details={"view": "asked_of_me"},
        )
    return tuple(found)


def explain_check(node: Node, actor: Actor, reference: str, text: str) -> None:
    """Explain a check of one's own. Raises NotFound unless an explanation of it is asked of this very officer."""
    written = _written(text, needed=True)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "check")
        found = kept.drawn_check(tx, actor.viewer.authority, reference)
        if found is None or found[0].officer != actor.officer or found[0].finding != "to_explain":
            raise NotFound("No explanation is asked of you under this reference.")
        remark = Remark(by=actor.officer, at=tx.now.isoformat(), text=written)
        kept.keep_finding(tx, reference, "explained", remark, looked=False)
        log(tx, actor, "second_look", objects=[found[0].check], details={"finding": "explained"})


def _anothers(tx: Transaction, actor: Actor, reference: str) -> tuple[Drawn, tuple[Remark, ...]]:
    found = kept.drawn_check(tx, actor.viewer.authority, reference)
    if found is None:
        raise NotFound("No check of your authority was drawn under this reference.")
    if found[0].officer == actor.officer:
        raise NotAllowed(
            "Nobody takes the second look at a check of his own.",
            remedy="Ask another reviewer of your authority.",
            code="own_check",
        )
    return found


def _written(note: str, *, needed: bool) -> str:
    text = note.strip()
    if needed and not text:
        raise Invalid("Say what has to be explained, or why it is not in order.", code="note_missing")
    if len(text) > _LONGEST_NOTE or "\x00" in text:
        raise Invalid(f"A note has at most {_LONGEST_NOTE} characters.")
    return text
