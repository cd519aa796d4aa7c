"""Releasing: the owner, and only the owner, widens what one authority may do with what he gave; signed and dated."""

from __future__ import annotations

from alidade.model.errors import Invalid, NotFound
from alidade.model.ids import AuthorityId, HandlingId
from alidade.model.viewer import Actor
from alidade.policy.actions import ACTIONS, Action
from alidade.policy.release import Release
from alidade.policy.terms import parse_day
from alidade.services.acting import log, require_right
from alidade.services.exchange.posting import send_released
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.services.signing import signing_key
from alidade.store import directory, rights
from alidade.store.database import Transaction


def release(
    node: Node,
    actor: Actor,
    record: str,
    grantee: AuthorityId,
    action: Action,
    purposes: tuple[str, ...],
    *,
    until: str | None = None,
) -> tuple[str, ...]:
    """Let one authority do one thing with the handlings under which one's own record stands; the releases' ids.

    Raises NotFound for a record of another or none, and for an unknown authority.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "release")
        return release_within(node, tx, actor, record, grantee, action, purposes, until=until)


def release_within(
    node: Node,
    tx: Transaction,
    actor: Actor,
    record: str,
    grantee: AuthorityId,
    action: Action,
    purposes: tuple[str, ...],
    *,
    until: str | None = None,
) -> tuple[str, ...]:
    """The same inside a transaction of an act for which the actor's right to release has been asked; logged here."""
    if action not in ACTIONS:
        raise Invalid("There is no such action.", remedy=f"Actions: {', '.join(ACTIONS)}.")
    if not purposes or set(purposes) - set(node.vocabulary.purposes):
        raise Invalid("A release names purposes of the list.", remedy="See: alidade words purposes.")
    if until is not None and parse_day(until) is None:
        raise Invalid("The last day of a release is written as YYYY-MM-DD.", remedy="For example: 2027-01-31.")
    owner = actor.viewer.authority
    signer = signing_key(node, owner)
    if grantee not in directory.authorities(tx):
        raise NotFound(f"There is no authority {grantee} in the directory.")
    _, kept = own_record(tx, actor, record)
    digests = sorted({one.statement.handling for one in kept if one.current})
    releases = tuple(
        rights.add_release(
            tx,
            Release(
                handling=HandlingId(digest),
                owner=owner,
                grantee=grantee,
                action=action,
                purposes=purposes,
                until=until,
                verified=True,
            ),
            signer,
            signer.public,
        )
        for digest in digests
    )
    log(
        tx,
        actor,
        "release",
        objects=[record, *releases],
        details={
            "grantee": grantee,
            "action": action,
            "purposes": " ".join(purposes),
            "until": until or "",
        },
    )
    send_released(node, tx, owner, grantee, record, releases, action)
    return releases
