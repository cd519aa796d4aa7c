"""Drafts: a contribution that is begun saves itself, sealed, for its officer alone, and is gone once it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from alidade.model.errors import Invalid, NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import Outcome, give
from alidade.services.giving_form import GivingForm, giving_of
from alidade.services.node import Node
from alidade.store import drafts as kept_drafts
from alidade.store.database import Transaction

KIND: Final = "contribution"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft in the list of its officer."""

    reference: str
    title: str
    things: Mapping[str, int]
    saved_at: datetime


def save_draft(node: Node, actor: Actor, form: GivingForm, reference: str = "") -> str:
    """Keep the form as it is, whatever is still wrong with it; its reference.

    Only the first saving leaves an entry in the ledger: a draft saves itself every few seconds. Raises NotFound for
    a reference that is not the officer's own.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        if reference:
            _own(tx, actor, reference)
        kept = kept_drafts.keep_draft(
            tx, actor.viewer.authority, actor.officer, KIND, msgspec.msgpack.encode(form), draft=reference
        )
        if not reference:
            log(tx, actor, "contribute", objects=[kept], details={"step": "draft begun"})
    return kept


def drafts(node: Node, actor: Actor) -> list[DraftLine]:
    """The officer's own drafts, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        kept = kept_drafts.drafts_of(tx, actor.viewer.authority, actor.officer, KIND)
        log(tx, actor, "contribute", results=len(kept), details={"list": "drafts"})
    return [_line(one) for one in kept]


def _line(one: kept_drafts.KeptDraft) -> DraftLine:
    form = msgspec.msgpack.decode(one.content, type=GivingForm)
    things: dict[str, int] = {}
    for thing in form.things:
        things[thing.thing] = things.get(thing.thing, 0) + 1
    return DraftLine(reference=one.id, title=form.title, things=things, saved_at=one.saved_at)


def draft(node: Node, actor: Actor, reference: str) -> GivingForm:
    """One draft of the officer's own. Raises NotFound for another's and for none."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        kept = _own(tx, actor, reference)
        log(tx, actor, "contribute", objects=[reference], details={"view": "draft"})
    return msgspec.msgpack.decode(kept.content, type=GivingForm)


def drop_draft(node: Node, actor: Actor, reference: str) -> None:
    """Remove a draft of the officer's own for good."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        _own(tx, actor, reference)
        keys = kept_drafts.drop_drafts(tx, [reference])
        log(tx, actor, "contribute", objects=[reference], details={"step": "draft dropped"})
    node.store.keys.destroy_field_keys(keys)


def send(node: Node, actor: Actor, form: GivingForm, reference: str = "") -> Outcome:
    """Give what the form says, signed and durable, and remove its draft in the same act.

    Raises Invalid where a fault must be mended first, or where nothing could be kept; then the draft stays.
    """
    giving, faults = giving_of(form, node.vocabulary)
    if giving is None:
        first = next(fault for fault in faults if fault.fatal)
        raise Invalid(first.sentence, remedy="Mend the form; nothing was given.", code="form_faults")
    keys: list[str] = []
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        if reference:
            _own(tx, actor, reference)
        outcome = give(node, tx, actor, giving)
        if outcome.contribution is None or outcome.rejected:
            reason = next((p.reason for p in outcome.problems if p.fatal), "Nothing could be kept of it.")
            raise Invalid(reason, remedy="Mend the form; nothing was given.", code="form_faults")
        if reference:
            keys = kept_drafts.drop_drafts(tx, [reference])
        log(
            tx,
            actor,
            "contribute",
            objects=[outcome.contribution],
            results=outcome.statements,
            details={"title": giving.title, "rejected": "0"},
        )
    if keys:
        node.store.keys.destroy_field_keys(keys)
    return outcome


def _own(tx: Transaction, actor: Actor, reference: str) -> kept_drafts.KeptDraft:
    kept = kept_drafts.draft_of(tx, actor.viewer.authority, actor.officer, KIND, reference)
    if kept is None:
        raise NotFound("You have no draft with this reference.")
    return kept
