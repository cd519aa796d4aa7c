"""Answers read again: the kept question of a check, and its hits as they may be read now.

An answer is not kept: it would outlive the rights under which it was given. What is kept is the question, sealed, and
which records it met. They are read again with the rights of whoever looks, and shown "as seen now".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.check import Hit, HitWithoutContent, Kind, grounds_as_shown, last_verdict, meet, question_of
from alidade.services.deputies import within_clearance
from alidade.services.finding import Question, Understood
from alidade.services.ledger import newest_head
from alidade.services.node import Node
from alidade.store import checks, directory, standing
from alidade.store.checks import MadeCheck, MadeHit
from alidade.store.database import Transaction
from alidade.store.standing import KeptStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """One ruling on a hit of the check."""

    ruling: str
    reason: str
    note: str
    officer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HitNow:
    """A hit of the check as it stands now: with content, without, or no longer shown to whoever looks.

    `hit` is there where its content may be read, `closed` where only the owner can be named.
    """

    reference: str
    hit: Hit | None
    closed: HitWithoutContent | None
    rulings: tuple[Ruled, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNow:
    """A check of one's own authority as it can be shown now. `question` is None once it was erased."""

    check: str
    officer: str
    purpose: str
    legal_ground: str  # this and the next two as the ledger has them; empty once the entry was erased
    case: str
    justification: str
    asked_at: datetime
    seen_at: datetime
    question: Question | None
    understood: tuple[Understood, ...]
    hits: tuple[HitNow, ...]
    commitment: str
    mine: bool
    standing: str | None  # the reference of the standing check that it belongs to
    again_until: str | None  # the last day on which it is asked again by itself, because it met nothing
    earlier: bool  # whether an earlier check without a hit led to this one, asked again
    ledger_head: str  # size and root of the ledger when it was read again

    @property
    def kind(self) -> Kind:
        """The best that came out, as it was kept."""
        if any(each.hit for each in self.hits):
            return "hit"
        return "hit_without_content" if self.hits else "no_hit"

    @property
    def waiting(self) -> int:
        """How many of its hits nobody has ruled on."""
        return sum(1 for each in self.hits if not each.rulings)


def answer_again(node: Node, actor: Actor, check: str, *, language: str = "en") -> AnswerNow:
    """A check of one's own authority with its hits, read again with one's rights of this moment.

    Raises NotFound for a check of another authority or none, and for one asked under a clearance that one lacks.
    Needs the grounds of a check: it shows what a check shows.
    """
    head = newest_head(node)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "check")
        grounds_as_shown(node, actor, language)
        made = checks.made_check(tx, actor.viewer.authority, check)
        if made is None or not _may_see(node, actor, made):
            raise NotFound("Your authority has made no check with this reference that you may see.")
        question = None if made.question is None else question_of(made.question)
        hits, readings = _hits_now(node, tx, actor, made, question)
        stated = standing.grounds_of_check(tx, check)
        log(
            tx,
            actor,
            "record_read",  # nothing is asked: supervisors count checks by their own entries
            objects=[each.hit.record if each.hit else each.reference for each in hits],
            results=len(hits),
            commitment=made.commitment,
            details={"check": check, "view": "answer read again"},
        )
        found = standing.standing_to_which(tx, check)
        kept = None if found is None else standing.standing_with_reference(tx, actor.viewer.authority, found)
        light = kept is not None and kept.origin == "no_hit"
        return AnswerNow(
            check=check,
            officer=made.officer,
            purpose=made.purpose,
            legal_ground=stated[0],
            case=stated[1],
            justification=stated[2],
            asked_at=made.asked_at,
            seen_at=tx.now,
            question=question,
            understood=readings,
            hits=hits,
            commitment=made.commitment,
            mine=made.officer == actor.officer,
            standing=None if light else found,
            again_until=_again_until(tx, kept) if kept is not None and light else None,
            earlier=light and found != check,
            ledger_head="" if head is None else f"{head.size} {head.root.hex()}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMade:
    """One of one's own checks in a list: what was asked, when, and how much of what it met waits for a ruling."""

    check: str
    question: Question | None
    purpose: str
    asked_at: datetime
    hits: int
    waiting: int


def checks_made(node: Node, actor: Actor, *, newest: int = 200) -> list[CheckMade]:
    """One's own newest checks, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "check")
        found = [
            CheckMade(
                check=made.reference,
                question=None if made.question is None else question_of(made.question),
                purpose=made.purpose,
                asked_at=made.asked_at,
                hits=hits,
                waiting=hits - ruled,
            )
            for made, hits, ruled in checks.checks_by(tx, actor.officer, newest)
        ]
        objects = [one.check for one in found]
        log(tx, actor, "record_read", objects=objects, results=len(found), details={"view": "checks made"})
    return found


def check_of_hit(node: Node, actor: Actor, hit: str) -> str:
    """The check that made a hit of one's own authority. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "verdict")
        found = checks.own_hit(tx, actor.viewer.authority, hit).check_reference
        log(tx, actor, "verdict", objects=[hit], results=1, details={"view": "check of a hit"})
    return found


def _again_until(tx: Transaction, kept: KeptStanding) -> str | None:
    over = kept.ended_at is not None or kept.content is None or kept.until < tx.now.date().isoformat()
    return None if over else kept.until


def _may_see(node: Node, actor: Actor, made: MadeCheck) -> bool:
    return made.officer == actor.officer or within_clearance(node, made.clearance, actor.viewer.clearance)


def _hits_now(
    node: Node, tx: Transaction, actor: Actor, made: MadeCheck, question: Question | None
) -> tuple[tuple[HitNow, ...], tuple[Understood, ...]]:
    kept = checks.hits_of_check(tx, made.number)
    if question is None:
        return tuple(_gone(tx, each) for each in kept), ()
    met = meet(node, tx, actor, question)
    names = directory.authorities(tx)
    opened = {found.record: (found, statements) for found, statements in met.open_records}
    closed = {found.record for found in met.closed}
    found_now = []
    for each in kept:
        record = checks.record_of_hit(tx, each.reference)
        owner = names[AuthorityId(each.owner)]
        hit = without = None
        if record in opened:
            found, statements = opened[record]
            hit = Hit(
                reference=each.reference,
                record=record,
                thing=found.thing,
                owner=owner.id,
                owner_name=owner.name,
                understood=found.understood,
                score=found.score,
                parts=found.parts,
                statements=statements,
                verdict=last_verdict(tx, actor, record),
                words=found.words,
            )
        elif record in closed or not each.content:
            without = HitWithoutContent(
                reference=each.reference, owner=owner.id, owner_name=owner.name, contact=owner.contact
            )
        found_now.append(HitNow(reference=each.reference, hit=hit, closed=without, rulings=_rulings(tx, each)))
    return tuple(sorted(found_now, key=_order)), met.understood


def _order(one: HitNow) -> tuple[bool, float, str, str, str]:
    """Content first, the best first; the rest by owner, and nothing by how well it met."""
    score = -one.hit.score if one.hit else 0.0
    owner = one.closed.owner if one.closed else ""
    return (one.hit is None, score, one.hit.record if one.hit else "", owner, one.reference)


def _gone(tx: Transaction, hit: MadeHit) -> HitNow:
    return HitNow(reference=hit.reference, hit=None, closed=None, rulings=_rulings(tx, hit))


def _rulings(tx: Transaction, hit: MadeHit) -> tuple[Ruled, ...]:
    return tuple(
        Ruled(ruling=ruling, reason=reason, note=note, officer=officer, at=at)
        for ruling, reason, note, officer, at in checks.verdicts_of_hit(tx, hit.reference)
    )
