"""Explaining: who may see this, and why can I not do that? In words: the rule, whose it is, what would lift it.

Only about what the asker may see anyway, or has given himself: a refusal is never explained to somebody who may not
know that there is something.
"""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.canonical import sha256_hex
from alidade.model.directory import Authority
from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import handling_bytes
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor, Viewer
from alidade.policy.actions import ACTIONS, Action
from alidade.policy.decision import may
from alidade.policy.explanation import explain
from alidade.policy.terms import Joined, Terms, join
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Whether an authority may do something with a record, and the reasons in words."""

    authority: AuthorityId
    name: str
    allowed: bool
    reasons: tuple[str, ...]


def who_may(
    node: Node, actor: Actor, record: str, action: Action, *, purpose: str, language: str = "en"
) -> tuple[Explained, ...]:
    """For a record of one's own authority: who may do this for a purpose, and why the others may not.

    The others are taken with the clearance and cases of the officer who asks. Raises NotFound for another's record.
    """
    if action not in ACTIONS:
        raise Invalid("There is no such action.", remedy=f"Actions: {', '.join(ACTIONS)}.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "record_read")
        _, kept = own_record(tx, actor, record)
        shown = [one for one in kept if one.current] or kept  # of one in quarantine nothing is current
        terms = _joined(tx, {str(one.statement.handling) for one in shown})
        world = directory.world(tx)
        everybody = directory.authorities(tx)
        names = {key: authority.name for key, authority in everybody.items()}
        answers = []
        for authority in everybody.values():
            viewer = typical(authority, actor.viewer, purpose)
            decision = may(
                action,
                viewer,
                terms,
                tx.now,
                world,
                recipient=authority.party if action in ("forward", "third_country") else None,
                releases=rights.releases_for(tx, authority.id),
            )
            answers.append(
                Explained(
                    authority=authority.id,
                    name=authority.name,
                    allowed=decision.allowed,
                    reasons=explain(decision, node.vocabulary, language, names),
                )
            )
        log(tx, actor, "record_read", objects=[record], details={"view": f"who may {action}"})
    return tuple(answers)


def why_not(
    node: Node,
    actor: Actor,
    record: str,
    action: Action,
    *,
    recipient: AuthorityId | None = None,
    language: str = "en",
) -> Explained:
    """Whether I may do this with a record that I can read (pass it on, use it in court ...), and if not, why.

    Raises NotFound where the record is absent, or not for this viewer.
    """
    if action not in ACTIONS:
        raise Invalid("There is no such action.", remedy=f"Actions: {', '.join(ACTIONS)}.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "record_read")
        world = directory.world(tx)
        everybody = directory.authorities(tx)
        if recipient is not None and recipient not in everybody:
            raise NotFound(f"There is no authority {recipient} in the directory.")
        with reading(tx, actor.viewer, world) as view:
            statements = view.record(record)
        log(
            tx,
            actor,
            "record_read",
            objects=[record],
            results=len(statements),
            details={"view": f"may I {action}"},
        )
        if statements:
            digests = {sha256_hex(handling_bytes(statement.handling)) for statement in statements}
            terms = _joined(tx, digests)
            decision = may(
                action,
                actor.viewer,
                terms,
                tx.now,
                world,
                recipient=None if recipient is None else everybody[recipient].party,
                releases=rights.releases_for(tx, actor.viewer.authority),
            )
    if not statements:
        raise NotFound("There is no record with this reference that you may see.")
    names = {key: authority.name for key, authority in everybody.items()}
    return Explained(
        authority=actor.viewer.authority,
        name=names[actor.viewer.authority],
        allowed=decision.allowed,
        reasons=explain(decision, node.vocabulary, language, names),
    )


def _joined(tx: Transaction, digests: set[str]) -> Joined:
    terms: list[Terms] = []
    for digest in sorted(digests):
        found = rights.handling_by_digest(tx, digest)
        if found is not None:
            terms.append(found[1])
    return join(*terms)


def typical(authority: Authority, like: Viewer, purpose: str) -> Viewer:
    """An officer of an authority with the clearance and cases of another, for a purpose."""
    return Viewer(
        party=authority.party,
        clearance=like.clearance,
        purpose=purpose,
        communities=tuple(sorted({*authority.communities, "all"})),
        cases=like.cases,
    )
