"""Foreseeing: what is about to be given, and what each authority of the node would learn of it, and why no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from alidade.model.canonical import sha256_hex
from alidade.model.directory import Authority
from alidade.model.handling import Handling, handling_bytes, make_handling
from alidade.model.ids import AuthorityId, HandlingId
from alidade.model.viewer import Actor
from alidade.policy.actions import Action
from alidade.policy.decision import Decision, may
from alidade.policy.explanation import explain
from alidade.policy.terms import Terms
from alidade.policy.world import World
from alidade.services.acting import log, require_right
from alidade.services.contribute import Giving, require_owner
from alidade.services.explaining import typical
from alidade.services.node import Node
from alidade.services.preparing import InternedHandling, Preparer
from alidade.store import directory
from alidade.store.database import Transaction

Learns = Literal["read", "part", "hit_only", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """How many of the values an authority could read, how many would only be a hit to it, and why not more.

    `silent` values give it neither. Taken for an officer with the clearance and cases of the one who asks.
    """

    authority: AuthorityId
    name: str
    own: bool
    read: int
    hit_only: int
    silent: int
    reasons: tuple[str, ...]

    @property
    def learns(self) -> Learns:
        """The short word for it."""
        if self.read:
            return "part" if self.hit_only or self.silent else "read"
        return "hit_only" if self.hit_only else "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What would become of a contribution: for each authority, and how many records would wait for a category."""

    values: int
    quarantined: int
    authorities: tuple[Foreseen, ...]


def foresee(node: Node, actor: Actor, giving: Giving, *, language: str = "en") -> Foresight:
    """What each authority on this node would learn of a contribution if it were given now; nothing is kept.

    Raises Invalid where a handling cannot be computed, NotAllowed where one names another owner.
    """
    handlings = {name: make_handling(handling, node.vocabulary) for name, handling in giving.handlings.items()}
    for handling in handlings.values():
        require_owner(actor.viewer.authority, handling)
    counts, quarantined = _values_by_handling(node, giving, handlings)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        world = directory.world(tx)
        everybody = directory.authorities(tx)
        names = {key: authority.name for key, authority in everybody.items()}
        asked = _Asked(node=node, tx=tx, actor=actor, world=world, names=names, language=language)
        found = tuple(asked.one(authority, handlings, counts) for authority in everybody.values())
        log(tx, actor, "contribute", results=len(found), details={"step": "foreseen"})
    return Foresight(values=sum(counts.values()), quarantined=quarantined, authorities=found)


def _values_by_handling(node: Node, giving: Giving, handlings: Mapping[str, Handling]) -> tuple[Counter[str], int]:
    interned = {
        name: InternedHandling(number=0, digest=sha256_hex(handling_bytes(handling)), handling=handling)
        for name, handling in handlings.items()
    }
    preparer = Preparer(node.vocabulary, interned, giving.scheme)
    counts: Counter[str] = Counter()
    quarantined = 0
    default = next(iter(handlings))
    for draft in giving.drafts:
        record, _ = preparer.prepare(draft)
        if record is None:
            continue
        quarantined += record.quarantined
        for claim in () if record.quarantined else record.claims:
            counts[claim.claim.handling or draft.handling or default] += 1
    return counts, quarantined


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One question to the rules, put for each authority in turn."""

    node: Node
    tx: Transaction
    actor: Actor
    world: World
    names: Mapping[AuthorityId, str]
    language: str

    def one(self, authority: Authority, handlings: Mapping[str, Handling], counts: Counter[str]) -> Foreseen:
        """What one authority would learn."""
        read = hit = silent = 0
        reasons: list[str] = []
        for name, count in counts.items():
            decision = self._may("read", authority, handlings[name])
            if decision.allowed:
                read += count
                continue
            reasons.extend(explain(decision, self.node.vocabulary, self.language, self.names))
            if self._may("hit_notify", authority, handlings[name]).allowed:
                hit += count
            else:
                silent += count
        return Foreseen(
            authority=authority.id,
            name=authority.name,
            own=authority.id == self.actor.viewer.authority,
            read=read,
            hit_only=hit,
            silent=silent,
            reasons=tuple(dict.fromkeys(reasons)),
        )

    def _may(self, action: Action, authority: Authority, handling: Handling) -> Decision:
        viewer = typical(authority, self.actor.viewer, self.actor.viewer.purpose)
        digest = HandlingId(sha256_hex(handling_bytes(handling)))
        return may(action, viewer, Terms(id=digest, handling=handling, verified=True), self.tx.now, self.world)
