"""Judging: an officer rules whether two records are the same; it can be confirmed, contradicted, revoked, reopened.

A ruling stands under a handling of its own and joins records for whoever may see it and accepts its authority
(`joining` has the rule). Where two pairs of eyes are wished it waits, without effect, for a second officer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alidade.model.directory import Authority
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling, make_handling
from alidade.model.ids import HandlingId, JudgementId, RecordId
from alidade.model.judgement import Judgement, Ruling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.own import cleared_for
from alidade.store import directory
from alidade.store import judgements as kept
from alidade.store.database import Transaction
from alidade.store.judgements import KeptJudgement, OwnRules
from alidade.store.reading import ReaderView, SeenJudgement, reading

LONGEST_REASON = 4_000
_MOST_EVIDENCE = 50
_NO_PAIR = "There is no record with this reference that you may join with another."
_NO_JUDGEMENT = "Your authority has no judgement with this reference."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What a ruling came to: `waits` for a second officer, without effect until then."""

    judgement: JudgementId
    waits: bool


def judge(
    node: Node,
    actor: Actor,
    left: str,
    right: str,
    ruling: Ruling,
    reason: str,
    handling: Handling,
    *,
    evidence: Sequence[str] = (),
    second_officer: bool = False,
) -> JudgementId:
    """Rule whether two records speak of the same thing, under a handling of one's own; see `rule`."""
    return rule(
        node, actor, left, right, ruling, reason, handling, evidence=evidence, second_officer=second_officer
    ).judgement


def rule(
    node: Node,
    actor: Actor,
    left: str,
    right: str,
    ruling: Ruling,
    reason: str,
    handling: Handling,
    *,
    evidence: Sequence[str] = (),
    second_officer: bool = False,
) -> Ruled:
    """Rule whether two records speak of the same thing, under a handling of one's own.

    `evidence`: references of records and statements that the judge may see. It waits for a second officer where
    `second_officer` is wished, or always where the authority has set so. It takes the place of what the authority
    ruled on these two before. Raises NotFound unless the judge may join both records and see the evidence. Whoever may
    not see the ruling, or either record, goes on seeing them apart.
    """
    if left == right:
        raise Invalid("A record cannot be judged against itself.")
    if not reason.strip():
        raise Invalid("A judgement needs a reason.", remedy="Say what makes you sure.")
    if len(reason) > LONGEST_REASON or len(evidence) > _MOST_EVIDENCE:
        raise Invalid("The reason is too long, or there is too much evidence.", remedy="Shorten it.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        make_handling(handling, node.vocabulary)
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            both = view.mergeable([left, right]) == {left, right}
            seen = both and set(evidence) <= _visible(view, [left, right, *evidence])
            earlier = _own_on(view, actor, left, right) if both else []
        log(tx, actor, "judge", objects=[left, right], results=int(seen), details={"ruling": ruling})
        if seen:
            waits = second_officer or kept.rules_of(tx, actor.viewer.authority).four_eyes
            judgement = _kept(node, tx, actor, (left, right), ruling, reason, handling, evidence, waits)
            waiting = kept.own_judgements(tx, actor.viewer.authority, "waiting", by_pair=(left, right))
            replaced = [each.id for each in _cleared(tx, actor, waiting) if each.id != judgement]
            if not waits:
                replaced += [each.judgement for each in earlier]
            kept.replace_judgements(tx, actor.viewer.authority, replaced, judgement, actor.officer)
    if not seen:
        raise NotFound(_NO_PAIR)
    return Ruled(judgement=judgement, waits=waits)


def _kept(
    node: Node,
    tx: Transaction,
    actor: Actor,
    pair: tuple[str, str],
    ruling: Ruling,
    reason: str,
    handling: Handling,
    evidence: Sequence[str],
    waits: bool,
) -> JudgementId:
    interned = intern_all(node, tx, actor.viewer.authority, {"judgement": handling})["judgement"]
    judgement = Judgement(
        id=JudgementId(tx.new_id()),
        left=RecordId(pair[0]),
        right=RecordId(pair[1]),
        ruling=ruling,
        reason=reason,
        authority=actor.viewer.authority,
        officer=actor.officer,
        handling=HandlingId(interned.digest),
        at=tx.now.isoformat(),
    )
    kept.keep_judgement(tx, judgement, interned.number, evidence=list(dict.fromkeys(evidence)), waiting=waits)
    return judgement.id


def confirm(node: Node, actor: Actor, judgement: str) -> None:
    """Confirm, as a second officer of the same authority, a judgement that waits; from here on it has its effect.

    Raises NotFound where none waits that one may see with both its records, Conflict for who proposed it himself.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        found = _own_waiting(tx, actor, judgement)
        itself = found is not None and found.officer == actor.officer
        log(tx, actor, "judge", objects=[judgement], results=int(found is not None), details={"step": "confirm"})
        if found is not None and not itself:
            with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
                earlier = [each.judgement for each in _own_on(view, actor, found.left, found.right)]
            kept.confirm_judgement(tx, actor.viewer.authority, judgement, actor.officer)
            kept.replace_judgements(tx, actor.viewer.authority, earlier, judgement, actor.officer)
    if found is None:
        raise NotFound("Your authority has no judgement with this reference that waits.")
    if itself:
        raise Conflict(
            "Who proposed a judgement cannot confirm it.",
            remedy="Ask another officer of your authority.",
            code="same_officer",
        )


def _own_waiting(tx: Transaction, actor: Actor, judgement: str) -> KeptJudgement | None:
    """A judgement that waits, where the officer is cleared for it and may join both its records."""
    waiting = _cleared(tx, actor, kept.own_judgements(tx, actor.viewer.authority, "waiting"))
    found = next((each for each in waiting if each.id == judgement), None)
    if found is None:
        return None
    with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
        return found if view.mergeable([found.left, found.right]) == {found.left, found.right} else None


def revoke(node: Node, actor: Actor, judgement: str, reason: str = "") -> None:
    """Take back a judgement of one's own authority, also one that waits; the records are apart again at once.

    Who revoked it, when and why is kept. Raises NotFound for a judgement of another, revoked already, or none.
    """
    if len(reason) > LONGEST_REASON:
        raise Invalid("The reason is too long.", remedy="Shorten it.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        found = kept.own_judgement(tx, actor.viewer.authority, judgement)
        if not _cleared(tx, actor, [found]):
            raise NotFound(_NO_JUDGEMENT)
        kept.revoke_judgement(tx, actor.viewer.authority, judgement, actor.officer, reason)
        log(tx, actor, "judge", objects=[judgement], details={"ruling": "taken back"})


def take_back_judgement(node: Node, actor: Actor, judgement: str) -> None:
    """Take back a judgement of one's own authority; the records are apart again at once."""
    revoke(node, actor, judgement)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingRules:
    """How an authority judges, and who there is whose judgements it may accept. `accepts` None: all it may see."""

    four_eyes: bool
    accepts: tuple[str, ...] | None
    authorities: tuple[Authority, ...]


def judging_rules(node: Node, actor: Actor) -> JudgingRules:
    """How one's own authority judges. Without a word of its own: one officer, and all judgements it may see join."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        rules = kept.rules_of(tx, actor.viewer.authority)
        known = directory.authorities(tx).values()
        log(tx, actor, "judge", details={"view": "rules"})
    others = sorted((each for each in known if each.id != actor.viewer.authority), key=lambda each: each.name)
    return JudgingRules(four_eyes=rules.four_eyes, accepts=rules.accepts, authorities=tuple(others))


def set_judging_rules(node: Node, actor: Actor, *, four_eyes: bool, accepts: Iterable[str] | None) -> None:
    """Set whether a second officer confirms every judgement, and whose judgements join records for one's own viewers.

    `accepts` None: everybody's that they may see; one's own always count. It changes what is joined at once, and
    nothing that is kept. Raises Invalid for an authority that is not in the directory.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judgement_rules")
        chosen = None if accepts is None else sorted(set(accepts) - {actor.viewer.authority})
        known = {str(each) for each in directory.authorities(tx)}
        if chosen is not None and not set(chosen) <= known:
            raise Invalid("There is no such authority in the directory.")
        rules = OwnRules(four_eyes=four_eyes, accepts=None if chosen is None else tuple(chosen))
        kept.keep_rules(tx, actor.viewer.authority, rules)
        said = "all" if chosen is None else " ".join(chosen)
        log(tx, actor, "judgement_rules", details={"four_eyes": "yes" if four_eyes else "no", "accepts": said})


def cleared_judgements(tx: Transaction, actor: Actor, state: kept.State) -> list[KeptJudgement]:
    """One's own authority's judgements in a state, as far as the officer is cleared for them."""
    return _cleared(tx, actor, kept.own_judgements(tx, actor.viewer.authority, state))


def _cleared(tx: Transaction, actor: Actor, judgements: Sequence[KeptJudgement]) -> list[KeptJudgement]:
    cleared = cleared_for(tx, actor, {each.handling for each in judgements})
    return [each for each in judgements if each.handling in cleared]


def _own_on(view: ReaderView, actor: Actor, left: str, right: str) -> list[SeenJudgement]:
    """The rulings in force of one's own authority on two records."""
    return [
        each
        for each in view.judgements_about([left], said=False)
        if {each.left, each.right} == {left, right} and each.authority == actor.viewer.authority
    ]


def _visible(view: ReaderView, references: Sequence[str]) -> set[str]:
    """Those of the references that are records of which the viewer sees something, and the statements that he sees."""
    seen = view.statements_of([(reference, None) for reference in dict.fromkeys(references)])
    statements = {each.statement for every in seen.values() for each in every}
    return {*(record for record, every in seen.items() if every), *statements}


def visible_evidence(view: ReaderView, ruling: SeenJudgement) -> tuple[str, ...]:
    """The evidence of a ruling as far as the viewer sees it himself."""
    if not ruling.evidence:
        return ()
    seen = _visible(view, [ruling.left, ruling.right, *ruling.evidence])
    return tuple(each for each in ruling.evidence if each in seen)
