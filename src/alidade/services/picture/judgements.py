"""Judgements at a desk: what is in force, waits, is new to be looked at again, contradicts itself, was revoked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.joining import joined
from alidade.services.picture.judging import cleared_judgements, visible_evidence
from alidade.services.picture.sides import Side, side_of
from alidade.store import directory
from alidade.store.judgements import KeptJudgement
from alidade.store.reading import ReaderView, SeenJudgement, SeenStatement, reading
from alidade.vocabulary import Vocabulary

MOST_SHOWN: Final = 200  # of each list, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledPair:
    """A judgement with both its records as the viewer sees them.

    `accepted`: it joins records for the viewer's authority. `new`: statements about one of them that were given after
    it. `officer`, `confirmed_by`, `revoked_by` are told of one's own authority's judgements alone.
    """

    judgement: str
    left: Side
    right: Side
    ruling: str
    reason: str
    evidence: tuple[str, ...]
    authority: str
    ruled_at: str
    own: bool
    accepted: bool = True
    new: tuple[SeenStatement, ...] = ()
    officer: str = ""
    mine: bool = False
    confirmed_by: str = ""
    revoked_by: str = ""
    revoked_at: str = ""
    revoked_because: str = ""
    replaced_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A "not the same" and the chain of "same" that leads round it; `joined`: they stand together all the same."""

    apart: RuledPair
    chain: tuple[RuledPair, ...]
    joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementDesk:
    """All judgements that an officer may see, by what is to be done; each list the newest first.

    `counts` has the number of each list before it was cut to `MOST_SHOWN`.
    """

    to_confirm: tuple[RuledPair, ...]
    look_again: tuple[RuledPair, ...]
    contradictions: tuple[Disagreement, ...]
    in_force: tuple[RuledPair, ...]
    revoked: tuple[RuledPair, ...]
    counts: tuple[tuple[str, int], ...]


def judgement_desk(node: Node, actor: Actor) -> JudgementDesk:
    """The judgements of one's own authority and those of others that one may see, with what is to be done."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        waiting = cleared_judgements(tx, actor, "waiting")
        revoked = cleared_judgements(tx, actor, "revoked")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            rulings = sorted(view.judgements(), key=lambda each: (each.ruled_at, each.judgement), reverse=True)
            desk = _Desk(view, node.vocabulary, actor)
            found = desk.of(rulings, waiting, revoked)
        shown = [*found.to_confirm, *found.look_again, *found.in_force, *found.revoked]
        objects = sorted({end for each in shown for end in (each.left.record, each.right.record)})
        log(tx, actor, "judge", objects=objects, results=len(shown), details={"view": "judgements"})
    return found


class _Desk:
    """Reads what is shown of the records, each once."""

    def __init__(self, view: ReaderView, vocabulary: Vocabulary, actor: Actor) -> None:
        self._view = view
        self._vocabulary = vocabulary
        self._actor = actor
        self._said: dict[str, list[SeenStatement]] = {}

    def of(
        self, rulings: Sequence[SeenJudgement], waiting: Sequence[KeptJudgement], revoked: Sequence[KeptJudgement]
    ) -> JudgementDesk:
        authority = self._actor.viewer.authority
        own = [each for each in rulings if each.authority == authority]
        ends = {end for each in rulings for end in (each.left, each.right)}
        groups = joined(ends, rulings, authority)
        to_confirm, gone = self._mergeable(waiting), self._mergeable(revoked)
        later = self._later(own)
        again = [each for each in own if each.judgement in later]
        contradictions = groups.contradictions
        shown = [
            *rulings[:MOST_SHOWN],
            *again[:MOST_SHOWN],
            *(each for found in contradictions[:MOST_SHOWN] for each in (found.apart, *found.chain)),
        ]
        kept = [*to_confirm[:MOST_SHOWN], *gone[:MOST_SHOWN]]
        self._load(end for each in shown for end in (each.left, each.right))
        self._load(end for each in kept for end in (each.left, each.right))
        return JudgementDesk(
            to_confirm=tuple(self._kept(each) for each in to_confirm[:MOST_SHOWN]),
            look_again=tuple(self._seen(each, later[each.judgement]) for each in again[:MOST_SHOWN]),
            contradictions=tuple(
                Disagreement(
                    apart=self._seen(each.apart),
                    chain=tuple(self._seen(one) for one in each.chain),
                    joined=each.joined,
                )
                for each in contradictions[:MOST_SHOWN]
            ),
            in_force=tuple(self._seen(each) for each in rulings[:MOST_SHOWN]),
            revoked=tuple(self._kept(each) for each in gone[:MOST_SHOWN]),
            counts=(
                ("to_confirm", len(to_confirm)),
                ("look_again", len(again)),
                ("contradictions", len(contradictions)),
                ("in_force", len(rulings)),
                ("revoked", len(gone)),
            ),
        )

    def _mergeable(self, kept: Sequence[KeptJudgement]) -> list[KeptJudgement]:
        known = self._view.mergeable([end for each in kept for end in (each.left, each.right)])
        return [each for each in kept if each.left in known and each.right in known]

    def _later(self, own: Sequence[SeenJudgement]) -> dict[str, tuple[SeenStatement, ...]]:
        """What was said about either record after each ruling, where anything was."""
        since = {end: 0 for each in own for end in (each.left, each.right)}
        for each in own:
            for end in (each.left, each.right):
                since[end] = min(since[end] or each.statements_to, each.statements_to)
        late = self._view.later("merge", since)
        self._load({record for record in late})
        found: dict[str, tuple[SeenStatement, ...]] = {}
        for each in own:
            new = [
                one
                for end in (each.left, each.right)
                if end in late
                for one in self._said.get(end, ())
                if one.number > each.statements_to
            ]
            if new:
                found[each.judgement] = tuple(sorted(new, key=lambda one: one.number))
        return found

    def _load(self, records: Iterable[str]) -> None:
        missing = sorted(set(records) - self._said.keys())
        self._said |= self._view.statements_of([(record, None) for record in missing])

    def _side(self, record: str) -> Side:
        return side_of(record, self._said.get(record, ()), self._vocabulary)

    def _seen(self, each: SeenJudgement, new: tuple[SeenStatement, ...] = ()) -> RuledPair:
        return RuledPair(
            judgement=each.judgement,
            left=self._side(each.left),
            right=self._side(each.right),
            ruling=each.ruling,
            reason=each.reason,
            evidence=visible_evidence(self._view, each),
            authority=each.authority,
            ruled_at=each.ruled_at,
            own=each.authority == self._actor.viewer.authority,
            accepted=each.accepted,
            new=new,
        )

    def _kept(self, each: KeptJudgement) -> RuledPair:
        return RuledPair(
            judgement=each.id,
            left=self._side(each.left),
            right=self._side(each.right),
            ruling=each.ruling,
            reason=each.reason,
            evidence=each.evidence,
            authority=each.authority,
            ruled_at=each.ruled_at.isoformat(),
            own=True,
            officer=each.officer,
            mine=each.officer == self._actor.officer,
            confirmed_by=each.confirmed_by,
            revoked_by=each.revoked_by,
            revoked_at="" if each.revoked_at is None else each.revoked_at.isoformat(),
            revoked_because=each.revoked_because,
            replaced_by=each.replaced_by,
        )
