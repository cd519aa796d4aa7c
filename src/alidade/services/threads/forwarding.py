"""Forwarding: what each recipient would see of the records attached to a step, and what must not reach him."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from alidade.model.canonical import sha256_hex
from alidade.model.directory import Authority
from alidade.model.errors import NotFound
from alidade.model.handling import Handling, handling_bytes
from alidade.model.ids import AuthorityId, HandlingId
from alidade.model.viewer import Actor
from alidade.policy.decision import Decision, may, permitted
from alidade.policy.explanation import explain
from alidade.policy.terms import Terms
from alidade.policy.world import World
from alidade.services.explaining import typical
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.services.threads.leaving import is_hosted
from alidade.services.threads.view import Foreseen, ForeseenRecord
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import reading


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedRecord:
    """A record that the sender may name: whose it is, and under which handlings it stands."""

    record: str
    owner: AuthorityId
    terms: tuple[Terms, ...]


def attached_records(tx: Transaction, actor: Actor, records: Iterable[str]) -> list[AttachedRecord]:
    """The records with their terms. Raises NotFound for one that is absent, or that the officer may not read."""
    found: list[AttachedRecord] = []
    wanted = list(dict.fromkeys(records))
    if not wanted:
        return found
    world = directory.world(tx)
    with reading(tx, actor.viewer, world) as view:
        seen = {record: view.record(record) for record in wanted}
    for record in wanted:
        statements = seen[record]
        if statements:
            digests = {sha256_hex(handling_bytes(each.handling)) for each in statements}
            owner = AuthorityId(statements[0].owner)
        else:
            try:
                _, kept = own_record(tx, actor, record)
            except NotFound:
                raise NotFound("There is no record with this reference that you may see.") from None
            digests = {str(one.statement.handling) for one in kept if one.current}
            owner = actor.viewer.authority
        terms = (rights.handling_by_digest(tx, digest) for digest in sorted(digests))
        found.append(AttachedRecord(record=record, owner=owner, terms=tuple(each[1] for each in terms if each)))
    return found


def foresee_parties(
    node: Node,
    tx: Transaction,
    actor: Actor,
    parties: Mapping[AuthorityId, str],
    records: Iterable[AttachedRecord],
    handling: Handling | None,
    *,
    language: str,
) -> tuple[Foreseen, ...]:
    """For each recipient: whether he gets the step, and what he sees of each record. Nothing is kept."""
    everybody = directory.authorities(tx)
    asked = _Asked(
        node=node,
        tx=tx,
        actor=actor,
        world=directory.world(tx),
        names={key: each.name for key, each in everybody.items()},
        language=language,
    )
    attached = list(records)
    return tuple(
        Foreseen(
            authority=party,
            name=everybody[party].name,
            role=role,
            hosted=is_hosted(node, party),
            records=tuple(asked.record(everybody[party], each) for each in attached),
            withheld=() if handling is None else asked.withheld(everybody[party], handling),
        )
        for party, role in sorted(parties.items())
        if party != actor.viewer.authority and party in everybody
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The questions to the rules, put for each recipient in turn."""

    node: Node
    tx: Transaction
    actor: Actor
    world: World
    names: Mapping[AuthorityId, str]
    language: str

    def record(self, recipient: Authority, attached: AttachedRecord) -> ForeseenRecord:
        """What one recipient sees of one record."""
        if recipient.id == attached.owner:
            return ForeseenRecord(record=attached.record, owner=attached.owner, learns="read", blocked=False)
        viewer = typical(recipient, self.actor.viewer, self.actor.viewer.purpose)
        granted = rights.releases_for(self.tx, recipient.id)
        reasons: list[str] = []
        readable = 0
        for terms in attached.terms:
            decision = may("read", viewer, terms, self.tx.now, self.world, releases=granted)
            readable += decision.allowed
            reasons.extend(self._why(decision))
        blocked = False
        if attached.owner != self.actor.viewer.authority:
            own = rights.releases_for(self.tx, self.actor.viewer.authority)
            for terms in attached.terms:
                passing = may(
                    "forward",
                    self.actor.viewer,
                    terms,
                    self.tx.now,
                    self.world,
                    recipient=recipient.party,
                    releases=own,
                )
                blocked = blocked or not passing.allowed
                reasons.extend(self._why(passing))
        return ForeseenRecord(
            record=attached.record,
            owner=attached.owner,
            learns="read" if readable == len(attached.terms) else "part" if readable else "nothing",
            blocked=blocked,
            reasons=tuple(dict.fromkeys(reasons)),
        )

    def withheld(self, recipient: Authority, handling: Handling) -> tuple[str, ...]:
        """Why the thread's own handling keeps a step from a recipient; empty where it does not."""
        viewer = typical(recipient, self.actor.viewer, self.actor.viewer.purpose)
        # A thread speaks of several people: what kind each is stands with the records, not with the letter.
        category = handling.subject_category
        if handling.content == "personal" and category is None:
            category = next(iter(self.node.vocabulary.subject_categories))
        judged = msgspec.structs.replace(handling, subject_category=category)
        terms = Terms(id=HandlingId(sha256_hex(handling_bytes(judged))), handling=judged, verified=True)
        decision = may("read", viewer, terms, self.tx.now, self.world)
        return self._why(decision)

    def _why(self, decision: Decision) -> tuple[str, ...]:
        if decision.allowed:
            return ()
        return explain(decision, self.node.vocabulary, self.language, self.names)


def may_read_all(tx: Transaction, actor: Actor, attached: AttachedRecord) -> bool:
    """Whether the officer may read everything that a record says."""
    granted = rights.releases_for(tx, actor.viewer.authority)
    world = directory.world(tx)
    return all(permitted("read", actor.viewer, terms, tx.now, world, releases=granted) for terms in attached.terms)
