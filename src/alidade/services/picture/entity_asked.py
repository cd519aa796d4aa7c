"""What was asked about a thing, as far as one's own authority may know: checks, notices, exchanges that quote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.own import cleared_for
from alidade.services.picture.seeing import thing_of
from alidade.services.threads.finding import classifications_for, looker
from alidade.store import checks, directory, writing
from alidade.store.database import Transaction
from alidade.store.reading import reading
from alidade.store.threads import desks, steps

_MOST_ASKED: Final = 50
_MOST_THREADS: Final = 400


def no_entity() -> NotFound:
    """The one sentence for what is absent and for what is not for this viewer."""
    return NotFound("There is no record with this reference that you may see.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked about it, as far as one's own authority may know: its own checks, and others' about its records.

    `kind` "ours": a check of one's own authority hit it, `reference` is the check's. `kind` "theirs": `who` asked about
    a record of one's own authority, `reference` is the notice's.
    """

    kind: str
    who: str
    reference: str
    at: datetime | None
    purpose: str


def asked_about(
    node: Node, tx: Transaction, actor: Actor, records: Sequence[str], ours: Sequence[str]
) -> tuple[Asked, ...]:
    """What was asked about records that the viewer sees, of which `ours` are his authority's, newest first."""
    acts = node.vocabulary.roles[actor.role].acts
    own = str(actor.viewer.authority)
    cleared_to = classifications_for(node, actor.viewer.clearance)
    found = []
    if "check" in acts:
        found += [
            Asked(kind="ours", who=own, reference=hit.check_reference, at=hit.asked_at, purpose="")
            for hit in checks.hits_on(tx, own, records, _MOST_ASKED)
            if hit.clearance in cleared_to
        ]
    if "notices_read" in acts and ours:
        cleared = [
            record for record in ours if cleared_for(tx, actor, writing.handlings_of(tx, writing.record_number(record)))
        ]
        noticed = checks.notices_of(tx, own, unseen_only=False, records=cleared)
        found += [
            Asked(kind="theirs", who=each.asker, reference=each.reference, at=each.asked_at, purpose=each.purpose)
            for each in noticed[:_MOST_ASKED]
        ]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """An exchange of one's own authority that quotes a record of the thing."""

    reference: str
    procedure: str
    opened_at: datetime
    parties: tuple[str, ...]


def quoting_threads(node: Node, actor: Actor, record: str) -> tuple[Quoting, ...]:
    """The exchanges of one's own authority, of the newest 400, in which a record of the thing is quoted.

    Raises NotFound where the record is absent or not for this viewer.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            thing = thing_of(view, node.vocabulary, record)
        found: list[Quoting] = []
        wanted = [] if thing is None else [each.encode() for each in thing.records]
        for line in desks.all_of(tx, looker(node, tx, actor), size=_MOST_THREADS) if wanted else []:
            said = [step.content for step in steps.steps_of(tx, line.thread) if step.content is not None]
            if any(each in content for content in said for each in wanted):
                thread = line.thread
                found.append(
                    Quoting(
                        reference=thread.reference, procedure=thread.procedure, opened_at=thread.opened_at,
                        parties=tuple(sorted(str(each) for each in thread.parties)),
                    )
                )  # fmt: skip
        log(tx, actor, "thread_read", objects=[record, *(each.reference for each in found)], results=len(found),
            details={"list": "quoting"})  # fmt: skip
    if thing is None:
        raise no_entity()
    return tuple(found)
