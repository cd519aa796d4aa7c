"""Verdicts and judgements: people decide. A hit counts once somebody has ruled on it; a ruling can be taken back."""

from __future__ import annotations

from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling, make_handling
from alidade.model.ids import CheckId, HandlingId, JudgementId, RecordId
from alidade.model.judgement import Judgement, Ruling, Verdict
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.store import checks, directory
from alidade.store.checks import MadeHit
from alidade.store.database import Transaction
from alidade.store.reading import reading


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


def judge(
    node: Node, actor: Actor, left: str, right: str, ruling: Ruling, reason: str, handling: Handling
) -> JudgementId:
    """Rule whether two records speak of the same thing, under a handling of one's own.

    Raises NotFound unless the judge may join both records. Whoever may not see the ruling, or either record, goes on
    seeing them apart.
    """
    if left == right:
        raise Invalid("A record cannot be judged against itself.")
    if not reason.strip():
        raise Invalid("A judgement needs a reason.", remedy="Say what makes you sure.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        make_handling(handling, node.vocabulary)
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            both = all(view.record_to_merge(record) for record in (left, right))
        log(tx, actor, "judge", objects=[left, right], results=int(both), details={"ruling": ruling})
        if both:
            judgement = _keep(node, tx, actor, RecordId(left), RecordId(right), ruling, reason, handling)
    if not both:
        raise NotFound("There is no record with this reference that you may join with another.")
    return judgement


def _keep(
    node: Node,
    tx: Transaction,
    actor: Actor,
    left: RecordId,
    right: RecordId,
    ruling: Ruling,
    reason: str,
    handling: Handling,
) -> JudgementId:
    interned = intern_all(node, tx, actor.viewer.authority, {"judgement": handling})["judgement"]
    judgement = Judgement(
        id=JudgementId(tx.new_id()),
        left=left,
        right=right,
        ruling=ruling,
        reason=reason,
        authority=actor.viewer.authority,
        officer=actor.officer,
        handling=HandlingId(interned.digest),
        at=tx.now.isoformat(),
    )
    checks.keep_judgement(tx, judgement, interned.number)
    return judgement.id


def take_back_judgement(node: Node, actor: Actor, judgement: str) -> None:
    """Take back a judgement of one's own authority; the records are apart again at once."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        checks.revoke_judgement(tx, actor.viewer.authority, judgement)
        log(tx, actor, "judge", objects=[judgement], details={"ruling": "taken back"})
