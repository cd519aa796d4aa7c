"""Verdicts: people decide. A hit counts once somebody has ruled on it. Records are ruled on in `picture.judging`."""

from __future__ import annotations

from alidade.model.errors import Invalid
from alidade.model.ids import CheckId, RecordId
from alidade.model.judgement import Ruling, Verdict
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.store import checks
from alidade.store.checks import MadeHit


def rule_on_hit(node: Node, actor: Actor, reference: str, ruling: Ruling, reason: str, *, note: str = "") -> MadeHit:
    """Rule whether what was hit is what was asked about: same, not the same, or unsure, with a reason of the list.

    Raises NotFound for a hit that is not of one's own authority's checks, Invalid for a reason that is not in the
    list or belongs to another ruling.
    """
    listed = node.vocabulary.codes("verdict_reasons").get(reason)
    if listed is None or getattr(listed, "verdict", None) != ruling:
        raise Invalid(
            "The reason is not one of those listed for this ruling.",
            remedy="See: alidade words verdict_reasons.",
            code="reason_unknown",
        )
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "verdict")
        hit = checks.own_hit(tx, actor.viewer.authority, reference)
        verdict = Verdict(
            check=CheckId(hit.check_reference),
            record=RecordId(hit.record),
            ruling=ruling,
            reason=reason,
            note=note,
            authority=actor.viewer.authority,
            officer=actor.officer,
            at=tx.now.isoformat(),
        )
        checks.keep_verdict(tx, reference, verdict)
        log(tx, actor, "verdict", objects=[reference], details={"ruling": ruling, "reason": reason})
    return hit


def hits_to_rule_on(node: Node, actor: Actor) -> list[MadeHit]:
    """The hits of one's own authority that wait for a ruling."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "verdict")
        hits = checks.waiting_hits(tx, actor.viewer.authority)
        log(
            tx,
            actor,
            "verdict",
            objects=[hit.reference for hit in hits],
            results=len(hits),
            details={"list": "waiting"},
        )
    return hits
