"""My day: what waits for an officer. Counts and references only; content is read on the pages they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.deputies import stands_in_for, within_clearance
from alidade.services.feedback import cleared_handlings
from alidade.services.node import Node
from alidade.services.notices import match_in_silence
from alidade.services.own import cleared_for
from alidade.services.reviews import due_within
from alidade.store import checks, deputies, feedback, standing, standing_questions, writing
from alidade.store.database import Transaction

Whose = Literal["mine", "unit", "deputy", "authority"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHit:
    """A hit that waits for a ruling. Owner and day are said once purpose and case are in force."""

    reference: str
    check: str
    whose: Whose
    officer: str
    owner: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What waits. A number is None where the officer's role has nothing to do with it."""

    opened: bool  # purpose and case are in force
    stands_in_for: tuple[str, ...]
    hits: tuple[OpenHit, ...] | None = None
    notices: int | None = None
    standing_news: int | None = None
    standing_in_force: int | None = None
    question_news: int | None = None  # what one's own standing questions told of and one has not looked at
    feedback: int | None = None
    reviews: int | None = None
    reviews_passed: int | None = None
    quarantined: int | None = None
    drafts: int | None = None
    jobs: int | None = None
    proposals: int | None = None


def my_day(node: Node, actor: Actor) -> Day:
    """What waits for this officer, and for those for whom he stands in, as far as his role and clearance go.

    Without a case, nothing but counts and references. An administrator is told of administration alone.
    """
    opened = bool(actor.case and actor.legal_ground and actor.justification)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "day_read")
        acts = frozenset(node.vocabulary.roles[actor.role].acts)
        others = stands_in_for(tx, actor)
        if opened and "notices_read" in acts:
            match_in_silence(node, tx, actor)
        found = _day(node, tx, actor, acts, others, opened)
        log(tx, actor, "day_read", objects=[hit.reference for hit in found.hits or ()])
    return found


def _day(node: Node, tx: Transaction, actor: Actor, acts: frozenset[str], others: list[str], opened: bool) -> Day:
    officers = [actor.officer, *others]
    work = deputies.open_work(tx, officers, actor.viewer.authority)
    cleared = cleared_handlings(tx, actor) if "notices_read" in acts else frozenset()
    due = due_within(tx, actor) if "notices_read" in acts else []
    kept = [one for officer in officers for one in standing.in_force(tx, officer=officer)]
    told = standing.told_hits(tx, standing.numbers_of(tx, officers), unseen_only=True)
    gives = "contribute" in acts
    return Day(
        opened=opened,
        stands_in_for=tuple(others),
        hits=_hits(node, tx, actor, others, opened) if "verdict" in acts else None,
        notices=_unseen(tx, actor) if "notices_read" in acts else None,
        standing_news=len(told) if "standing_check" in acts else None,
        standing_in_force=len(kept) if "standing_check" in acts else None,
        question_news=standing_questions.count_news(tx, actor.officer) if "picture_read" in acts else None,
        feedback=_news(tx, actor, cleared) if "feedback_read" in acts else None,
        reviews=len({each.record for each in due}) if "notices_read" in acts else None,
        reviews_passed=len({each.record for each in due if each.passed}) if "notices_read" in acts else None,
        quarantined=_quarantined(tx, actor) if "categorise" in acts else None,
        drafts=work.drafts if gives else None,
        jobs=work.jobs if gives else None,
        proposals=work.proposals if "authority_manage" in acts else None,
    )


def _hits(node: Node, tx: Transaction, actor: Actor, others: list[str], opened: bool) -> tuple[OpenHit, ...]:
    unit = set(deputies.unit_of(tx, actor.officer))

    def whose(officer: str) -> Whose:
        if officer == actor.officer:
            return "mine"
        if officer in others:
            return "deputy"
        return "unit" if officer in unit else "authority"

    return tuple(
        OpenHit(
            reference=hit.reference,
            check=hit.check_reference,
            whose=whose(hit.officer),
            officer=hit.officer,
            owner=hit.owner if opened else "",
            asked_at=hit.asked_at if opened else None,
        )
        for hit in checks.waiting_hits(tx, actor.viewer.authority)
        if hit.officer == actor.officer or within_clearance(node, hit.clearance, actor.viewer.clearance)
    )


def _unseen(tx: Transaction, actor: Actor) -> int:
    return sum(
        1
        for notice in checks.notices_of(tx, actor.viewer.authority, unseen_only=True)
        if cleared_for(tx, actor, writing.handlings_of(tx, writing.record_number(notice.record)))
    )


def _news(tx: Transaction, actor: Actor, cleared: frozenset[int]) -> int:
    owner = actor.viewer.authority
    return feedback.news_since(tx, owner, feedback.last_look(tx, owner, "feedback_read"), cleared)


def _quarantined(tx: Transaction, actor: Actor) -> int:
    return sum(
        1
        for state in writing.quarantined(tx, actor.viewer.authority)
        if cleared_for(tx, actor, writing.handlings_of(tx, state.number, current_only=False))
    )
