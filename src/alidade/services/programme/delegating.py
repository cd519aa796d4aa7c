"""Delegating: the authority asked gives questions to others of its State, and takes or returns what they hand in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.directory import Authority
from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling, handling_id
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.policy.decision import may
from alidade.policy.terms import Terms
from alidade.programme.delegation import (
    Delegation,
    Moved,
    Share,
    Stage,
    check_delegation,
    check_share,
    history,
    stage,
    with_share,
)
from alidade.programme.rounds import Answer, Part, Round
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.explaining import typical
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.rounds import ROUND, kept_answers, put_answer, speaks, state_of
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading
from alidade.store.workpieces import reclassify_piece

__all__ = ["DELEGATION", "Delegated", "Given", "delegate", "delegated", "end_delegation", "fill_share"]
__all__ += ["given_to", "return_share", "share_to_fill", "take_share"]

DELEGATION: Final = "round_delegation"
SHARE: Final = "round_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Questions that one authority gave another, what came of it, and how far it is."""

    kept: Kept[Delegation]
    share: Kept[Share] | None
    stage: Stage
    name: str

    @property
    def history(self) -> list[Moved]:
        """Every step that either took."""
        return history(self.kept.body, None if self.share is None else self.share.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegated:
    """A round as it is shared inside the viewer's State.

    `given` by his authority to others, `tasks` given to it, `others`: authorities of his State to which it may give
    questions (reference and name); none where it is not for his authority to answer.
    """

    held: Kept[Round]
    given: Sequence[Given]
    tasks: Sequence[Given]
    others: Sequence[tuple[str, str]]


def delegated(node: Node, actor: Actor, reference: str) -> Delegated:
    """Who in one's State answers which questions of a round, and how far they are. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        own = actor.viewer.authority
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            held = pieces.one(view, ROUND, reference, Round)
            found = _given(tx, view, reference)
        others = _others(tx, actor, held) if speaks(node, tx, held.body, own) else []
        shown = [reference, *(each.kept.reference for each in found)]
        log(tx, actor, "round_answer", objects=shown, results=len(found), details={"what": "shares looked at"})
    return Delegated(
        held=held,
        given=[each for each in found if each.kept.authority == own],
        tasks=[each for each in found if each.kept.body.to == own],
        others=others,
    )


def delegate(
    node: Node, actor: Actor, reference: str, to: str, questions: Sequence[str], *, note: str = "", due: dt.date | None
) -> str:
    """Give questions of a round to another authority of one's own State; the reference of the delegation.

    It sees the round already, or is shown it where the conditions are one's own; what others gave is not passed on
    here. Raises NotFound, Invalid, and Conflict for a question that lies with an authority already.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            held = pieces.one(view, ROUND, reference, Round)
            found = [each.kept.body for each in _given(tx, view, reference) if _is_own(each, actor)]
        _may_take(node, tx, actor, held, to)
        first = Moved(at=tx.now, what="asked", reason=note[:500])
        body = Delegation(
            round=reference, to=to, questions=tuple(questions), note=note[:500], due=due, history=(first,)
        )
        check_delegation(body, held.body, found)
        shown = _show(node, tx, actor, held, to)
        how = _between(node, actor, held, AuthorityId(to))
        kept = pieces.keep(node, tx, actor, DELEGATION, to, body, how)
        details = {"what": "delegated", "to": to, "shown": "now" if shown else "before"}
        log(tx, actor, "round_answer", objects=[reference, kept], results=len(questions), details=details)
    return kept


def share_to_fill(node: Node, actor: Actor, reference: str) -> tuple[Kept[Round], Given, str]:
    """The round, what was given to one's authority, and the State for which it speaks. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        found, held = _one(tx, actor, reference)
        if found.kept.body.to != actor.viewer.authority:
            raise _nothing()
        state = state_of(node, tx, actor.viewer.authority)
        log(tx, actor, "round_answer", objects=[held.reference, reference], details={"what": "share opened"})
    return held, found, state


def fill_share(
    node: Node, actor: Actor, reference: str, parts: Sequence[Part], *, handed_in: bool, version: int
) -> int:
    """Keep what one's authority says of the questions given to it, as a draft or handed in; its version.

    Only one's own authority and the one that gave them see it. `version` is that of the share so far, 0 for the first.
    Raises Invalid naming the question, Conflict where it is over or was changed in the meantime, NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        found, held = _one(tx, actor, reference)
        if found.kept.body.to != actor.viewer.authority:
            raise _nothing()
        before = None if found.share is None else found.share.body
        steps = () if before is None else before.history
        if handed_in:
            steps = (*steps, Moved(at=tx.now, what="handed_in", version=version + 1))
        share = Share(
            delegation=reference, round=held.reference, parts=tuple(parts), handed_in=handed_in, history=steps
        )
        check_share(share, found.kept.body, held.body, state_of(node, tx, actor.viewer.authority))
        if found.share is None:
            if version:
                raise _nothing()
            how = _between(node, actor, held, AuthorityId(found.kept.authority))
            kept, number = pieces.keep(node, tx, actor, SHARE, found.kept.authority, share, how), 1
        else:
            kept = found.share.reference
            number = pieces.change(tx, actor, kept, found.kept.authority, share, version, "")
        details = {"what": "handed in" if handed_in else "share kept", "version": str(number)}
        log(tx, actor, "round_answer", objects=[reference, kept], results=len(parts), details=details)
    return number


def take_share(node: Node, actor: Actor, reference: str, *, version: int, because: str = "") -> tuple[str, int]:
    """Take what was handed in into the answer of one's State; reference and version of the answer.

    `version` is that of the share that was looked at; `because` is needed where the answer was submitted and the
    cut-off is over. Raises Conflict where nothing is handed in or it has changed since, Invalid, NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        found, held = _one(tx, actor, reference)
        share = _handed_in(found, actor, version)
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            own = next(
                (each for each in kept_answers(view, held.reference) if each.authority == actor.viewer.authority), None
            )
        state = state_of(node, tx, actor.viewer.authority)
        before = Answer(round=held.reference, state=state, parts=()) if own is None else own.answer
        answer = with_share(before, share.parts, found.kept.body.to, held.body)
        answer = msgspec.structs.replace(answer, amended_because=because.strip()[:500])
        kept, number = put_answer(node, tx, actor, answer, 0 if own is None else own.version)
        _move(tx, actor, found, Moved(at=tx.now, what="taken", version=version))
    return kept, number


def return_share(node: Node, actor: Actor, reference: str, reason: str, *, version: int) -> None:
    """Give what was handed in back, with the reason. Raises Invalid without one, Conflict, NotFound."""
    if not reason.strip():
        raise Invalid("What is returned needs a reason.", remedy="Say what is missing or wrong.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        found, _ = _one(tx, actor, reference)
        _handed_in(found, actor, version)
        _move(tx, actor, found, Moved(at=tx.now, what="returned", reason=reason.strip()[:500], version=version))


def end_delegation(node: Node, actor: Actor, reference: str, reason: str = "") -> None:
    """Take questions back that one's authority gave away. Raises NotFound, Conflict where it is over already."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        found, _ = _one(tx, actor, reference)
        if not _is_own(found, actor):
            raise _nothing()
        if found.kept.body.over:
            raise Conflict("This was taken or ended already.", code="delegation_over")
        _move(tx, actor, found, Moved(at=tx.now, what="ended", reason=reason.strip()[:500]))


def given_to(view: ReaderView, authority: str) -> list[Kept[Delegation]]:
    """What was given to an authority and waits for it: neither handed in nor over."""
    shares = _shares(view)
    found = []
    for kept in pieces.every(view, DELEGATION, Delegation):
        share = shares.get((kept.reference, kept.body.to))
        how_far = stage(kept.body, None if share is None else share.body, 0 if share is None else share.version)
        if kept.body.to == authority and how_far in ("asked", "begun", "returned"):
            found.append(kept)
    return found


def _given(tx: Transaction, view: ReaderView, round_: str) -> list[Given]:
    names = directory.authorities(tx)
    shares = _shares(view)
    found = []
    for kept in pieces.every(view, DELEGATION, Delegation):
        if kept.body.round == round_ and _inside(kept, names):
            found.append(_put_together(kept, shares.get((kept.reference, kept.body.to)), names))
    return sorted(found, key=lambda each: (each.kept.made_at, each.kept.reference))


def _shares(view: ReaderView) -> dict[tuple[str, str], Kept[Share]]:
    """By the delegation and by who hands in: a share counts only of the authority to which it was given."""
    return {(kept.body.delegation, kept.authority): kept for kept in pieces.every(view, SHARE, Share)}


def _inside(kept: Kept[Delegation], names: Mapping[AuthorityId, Authority]) -> bool:
    """Whether both are authorities of one State; nobody gives questions to those of another."""
    giver, taker = names.get(AuthorityId(kept.authority)), names.get(AuthorityId(kept.body.to))
    return giver is not None and taker is not None and giver.party.state == taker.party.state


def _put_together(kept: Kept[Delegation], share: Kept[Share] | None, names: Mapping[AuthorityId, Authority]) -> Given:
    known = names.get(AuthorityId(kept.body.to))
    return Given(
        kept=kept,
        share=share,
        stage=stage(kept.body, None if share is None else share.body, 0 if share is None else share.version),
        name=kept.body.to if known is None else known.name,
    )


def _one(tx: Transaction, actor: Actor, reference: str) -> tuple[Given, Kept[Round]]:
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        kept = pieces.one(view, DELEGATION, reference, Delegation)
        held = pieces.one(view, ROUND, kept.body.round, Round)
        share = _shares(view).get((reference, kept.body.to))
    names = directory.authorities(tx)
    if not _inside(kept, names):
        raise _nothing()
    return _put_together(kept, share, names), held


def _handed_in(found: Given, actor: Actor, version: int) -> Share:
    if not _is_own(found, actor):
        raise _nothing()
    if found.stage != "handed_in" or found.share is None:
        raise Conflict("Nothing is handed in here that waits for you.", code="not_handed_in")
    if found.share.version != version:
        raise Conflict("It was changed in the meantime.", remedy="Look at it again.", code="changed_meanwhile")
    return found.share.body


def _move(tx: Transaction, actor: Actor, found: Given, step: Moved) -> None:
    body = msgspec.structs.replace(found.kept.body, history=(*found.kept.body.history, step))
    pieces.change(tx, actor, found.kept.reference, body.to, body, found.kept.version, step.reason)
    log(tx, actor, "round_answer", objects=[body.round, found.kept.reference], details={"what": f"share {step.what}"})


def _may_take(node: Node, tx: Transaction, actor: Actor, held: Kept[Round], to: str) -> None:
    """Raises Invalid where questions cannot be given to this authority, or not by one's own."""
    if not speaks(node, tx, held.body, actor.viewer.authority):
        raise Invalid("Another authority of your State was asked; it gives the questions away.", code="not_asked")
    known, own = directory.authorities(tx), actor.viewer.authority
    if to == own or AuthorityId(to) not in known or known[AuthorityId(to)].party.state != known[own].party.state:
        raise Invalid("Questions are given to another authority of your own State.", remedy="Choose one from the list.")
    if to not in dict(_others(tx, actor, held)):
        raise Invalid(
            "This authority may not see the round, and what others gave is not passed on here.",
            remedy="Ask the authority that holds the round to show it to that one, too.",
            code="may_not_see_round",
        )


def _show(node: Node, tx: Transaction, actor: Actor, held: Kept[Round], to: str) -> bool:
    """Show the round to the other authority where it does not see it and the conditions are one's own."""
    own, other = actor.viewer.authority, directory.authorities(tx)[AuthorityId(to)]
    if held.handling.owner != own or _reads(tx, actor, held, other):
        return False
    how = msgspec.structs.replace(held.handling, released_to=tuple(sorted({*held.handling.released_to, other.id})))
    reclassify_piece(tx, held.authority, held.reference, intern_all(node, tx, own, {"round": how})["round"].number)
    return True


def _others(tx: Transaction, actor: Actor, held: Kept[Round]) -> list[tuple[str, str]]:
    """The other authorities of one's State that see the round, or may be shown it, by name."""
    known, own = directory.authorities(tx), actor.viewer.authority
    found = [
        (str(key), each.name)
        for key, each in known.items()
        if key != own
        and each.party.state == known[own].party.state
        and (_reads(tx, actor, held, each) or _may_be_shown(actor, held, each))
    ]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _may_be_shown(actor: Actor, held: Kept[Round], other: Authority) -> bool:
    return held.handling.owner == actor.viewer.authority and other.id not in held.handling.excluded


def _reads(tx: Transaction, actor: Actor, held: Kept[Round], other: Authority) -> bool:
    viewer = typical(other, actor.viewer, actor.viewer.purpose)
    terms = Terms(id=handling_id(held.handling), handling=held.handling, verified=True)
    releases = rights.releases_for(tx, other.id)
    return may("read", viewer, terms, tx.now, directory.world(tx), releases=releases).allowed


def _between(node: Node, actor: Actor, held: Kept[Round], other: AuthorityId) -> Handling:
    """For one's own authority and one other alone, as high as the round is classified."""
    own = default_handling(node, actor.viewer.authority, communities=())
    return msgspec.structs.replace(own, released_to=(other,), classification=held.handling.classification)


def _is_own(found: Given, actor: Actor) -> bool:
    return found.kept.authority == actor.viewer.authority


def _nothing() -> NotFound:
    return NotFound("There is nothing with this reference that you may see.")
