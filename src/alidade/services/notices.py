"""Notices: the owner learns that somebody asked about what he gave; of silent matches, only he learns.

Questions are matched against what was given in silence when its owner looks, not when the question is asked: so
neither the asker's answer nor his machine's work depends on it. A standing check is matched at every look while it is
in force, and told of once for each record.
"""

from __future__ import annotations

from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor, Viewer
from alidade.services.acting import log, require_right, viewer_of
from alidade.services.asking_again import standing_question
from alidade.services.check import question_of
from alidade.services.finding import Question, find, understand
from alidade.services.kept_questions import may_ask_again
from alidade.services.node import Node
from alidade.services.own import cleared_for
from alidade.store import checks, directory, standing, writing
from alidade.store.checks import OpenNotice
from alidade.store.database import Transaction
from alidade.store.reading import reading
from alidade.store.standing import KeptStanding

__all__ = ["OpenNotice", "match_in_silence", "notices"]


def notices(node: Node, actor: Actor, *, unseen_only: bool = False) -> list[OpenNotice]:
    """Who asked about what this authority gave, newest first."""
    owner = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "notices_read")
        match_in_silence(node, tx, actor)
        found_notices = [
            notice
            for notice in checks.notices_of(tx, owner, unseen_only=unseen_only)
            if cleared_for(tx, actor, writing.handlings_of(tx, writing.record_number(notice.record)))
        ]
        checks.mark_seen(tx, [notice.reference for notice in found_notices])
        log(
            tx,
            actor,
            "notices_read",
            objects=[notice.reference for notice in found_notices],
            results=len(found_notices),
        )
    return found_notices


def match_in_silence(node: Node, tx: Transaction, actor: Actor) -> None:
    """Bring the notices of the actor's authority up to date with what was asked since the last look.

    The caller leaves the ledger entry.
    """
    owner = actor.viewer.authority
    world = directory.world(tx)
    met: list[tuple[int, int]] = []

    def match(number: int, viewer: Viewer, question: Question) -> None:
        with reading(tx, viewer, world, ("silent",), names=True) as view:
            found = find(view, "silent", question, understand(question), node.vocabulary, owner=owner)
        met.extend((number, each.candidate.record_number) for each in found)

    for past in checks.checks_to_match(tx, owner, world):
        match(past.number, past.viewer, question_of(past.question))
    for kept in standing.in_force(tx, not_of=owner):
        question, viewer = standing_question(kept), _viewer_of(node, tx, kept)
        if question is not None and viewer is not None:
            match(kept.check, viewer, question)
    checks.keep_silent_notices(tx, owner, met)


def _viewer_of(node: Node, tx: Transaction, kept: KeptStanding) -> Viewer | None:
    """The officer of a standing check as he is now; None for one who may ask nothing any more."""
    person = directory.officer(tx, OfficerId(kept.officer))
    if not person.active or not may_ask_again(node, person.role):
        return None
    return viewer_of(person, directory.authority(tx, person.authority), kept.purpose)
