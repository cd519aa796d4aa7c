"""Notices: the owner learns that somebody asked about what he gave; of silent matches, only he learns.

Questions are matched against what was given in silence when its owner looks, not when the question is asked: so
neither the asker's answer nor his machine's work depends on it.
"""

from __future__ import annotations

import msgspec

from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.finding import Question, find, understand
from alidade.services.node import Node
from alidade.services.own import cleared_for
from alidade.store import checks, directory, writing
from alidade.store.checks import OpenNotice
from alidade.store.reading import reading

_SALT = 32  # hex digits before the sealed question


def notices(node: Node, actor: Actor, *, unseen_only: bool = False) -> list[OpenNotice]:
    """Who asked about what this authority gave, newest first."""
    owner = actor.viewer.authority
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "notices_read")
        world = directory.world(tx)
        met: list[tuple[int, int]] = []
        for past in checks.checks_to_match(tx, owner, world):
            question = msgspec.json.decode(past.question[_SALT:], type=Question)
            with reading(tx, past.viewer, world, ("silent",)) as view:
                found = find(view, "silent", question, understand(question), node.vocabulary, owner=owner)
            met.extend((past.number, f.candidate.record_number) for f in found)
        checks.keep_silent_notices(tx, owner, met)
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
