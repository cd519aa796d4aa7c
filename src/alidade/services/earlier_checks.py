"""Earlier checks without a hit: asked again for a while when something was given, released or is found differently.

The node compares them by portions with what was said since they were asked last, under the rights that their officers
have at that moment, and asks in full only what could meet something. Whoever is told of a hit is told once; then the
question is forgotten, as it is on its last day or when its officer ends it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec

from alidade.ledger.entry import Entry
from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as, viewer_of
from alidade.services.check import Met, grounds_as_shown, keep_answer, meet, question_of
from alidade.services.finding import Question
from alidade.services.kept_questions import SealedQuestion, may_ask_again
from alidade.services.node import Node
from alidade.store import directory, earlier
from alidade.store import standing as store
from alidade.store.database import Transaction
from alidade.store.earlier import Marks
from alidade.store.given_since import GivenSince, given_since
from alidade.store.rights import epoch
from alidade.store.standing import Compared, KeptStanding

PORTION = 200  # questions in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRun:
    """What came of a pass: questions asked, not asked (their officers may not), asked in full, met, forgotten."""

    asked: int = 0
    not_asked: int = 0
    in_full: int = 0
    met: int = 0
    forgotten: int = 0


@dataclass(slots=True, kw_only=True)
class _Pass:
    """One pass: how far the tables went when it began, what was given since other marks, and what came of it."""

    to: Marks
    by: str
    version: str
    given: dict[str, GivenSince | None] = field(default_factory=dict)
    asked: int = 0
    not_asked: int = 0
    in_full: int = 0
    met: int = 0

    def since(self, tx: Transaction, marks: Marks) -> GivenSince | None:
        """What was given since these marks, worked out once."""
        text = str(marks)
        if text not in self.given:
            self.given[text] = given_since(tx, marks)
        return self.given[text]


@dataclass(slots=True, kw_only=True)
class _Asker:
    """An officer with his grounds as he is now, and what he may see at this moment."""

    actor: Actor
    visible: frozenset[int]
    digests: dict[int, str] = field(default_factory=dict)

    def rights(self, handling: int) -> str:
        """The digest of what he may see of the handlings up to this one."""
        if handling not in self.digests:
            self.digests[handling] = earlier.digest_of_rights(self.visible, handling)
        return self.digests[handling]


_Grounds = tuple[str, str, str, str]


def ask_earlier_again(node: Node, *, officer: OfficerId | None = None, by: str = "node") -> EarlierRun:
    """Ask every earlier check without a hit again, or those of one officer, where it could be answered otherwise now.

    That is: where something was said since of a record that its officer may learn of; where more is visible to him than
    before (a release, another handling, other rights); and after a change of the index of names or of what it rests on.
    Forgets those whose last day has passed or that were ended.
    """
    with node.store.transaction() as tx:
        forgotten = earlier.drop_over(tx)
        work = _Pass(to=earlier.marks(tx), by=by, version=tx.store.names.version)
    last = 0
    while True:
        with node.store.transaction() as tx:
            portion = earlier.earlier_in_force(tx, officer=officer, after=last, most=PORTION)
        if not portion:
            break
        _ask_portion(node, work, portion)
        last = portion[-1].number
    return EarlierRun(
        asked=work.asked, not_asked=work.not_asked, in_full=work.in_full, met=work.met, forgotten=forgotten
    )


def _ask_portion(node: Node, work: _Pass, portion: list[KeptStanding]) -> None:
    actors = {grounds: _actor(node, grounds) for grounds in dict.fromkeys(_grounds(kept) for kept in portion)}
    compared: dict[str, list[int]] = {}
    met = 0
    with node.store.transaction() as tx:
        askers = {grounds: _asker(tx, actor) for grounds, actor in actors.items()}
        for kept in portion:
            asker = askers[_grounds(kept)]
            if asker is None or kept.content is None:
                work.not_asked += 1
                continue
            met += _ask_one(node, tx, work, kept, asker)
            work.asked += 1
            compared.setdefault(asker.rights(work.to.handling), []).append(kept.number)
        for rights, numbers in compared.items():
            earlier.note_compared(tx, numbers, Compared(to=str(work.to), rights=rights))
        if tx.read:
            _log_pass(tx, work.by, len(portion), met)
    work.met += met


def _ask_one(node: Node, tx: Transaction, work: _Pass, kept: KeptStanding, asker: _Asker) -> int:
    """How many records it met; with a hit its officer is told."""
    sealed = msgspec.json.decode(kept.content or b"", type=SealedQuestion)
    if not _could_meet(tx, work, kept, sealed, asker):
        return 0
    work.in_full += 1
    question = question_of(sealed.salted)
    met = meet(node, tx, asker.actor, question)
    if met.count:
        _tell(node, tx, work, kept, replace(asker.actor, justification=sealed.justification), question, met)
    return met.count


def _could_meet(tx: Transaction, work: _Pass, kept: KeptStanding, sealed: SealedQuestion, asker: _Asker) -> bool:
    then = None if kept.compared is None else earlier.marks_of(kept.compared.to)
    if then is None or kept.compared is None or kept.asked_with != work.version:
        return True
    if asker.rights(then.handling) != kept.compared.rights:
        return True  # of what stood there before, he sees something that he did not see, or no longer sees
    if then == work.to:
        return False
    given = work.since(tx, then)
    if given is None:
        return True
    names = [key for kind, key in sealed.keys if kind == "name"]
    return given.may_meet(names, [one for one in sealed.keys if one[0] != "name"], asker.visible)


def _tell(
    node: Node, tx: Transaction, work: _Pass, kept: KeptStanding, actor: Actor, question: Question, met: Met
) -> None:
    """Keep what was met as a check like any other, tell the officer, and forget the question here."""
    shown = grounds_as_shown(node, actor, "en")
    details = {"standing": kept.reference, "asked_by": work.by}
    answer = keep_answer(node, tx, actor, question, met, {**shown, **details})
    store.tell(tx, kept.number, answer.check, seen=False)
    earlier.drop(tx, [kept.number])


def _grounds(kept: KeptStanding) -> _Grounds:
    return kept.officer, kept.purpose, kept.case, kept.legal_ground


def _actor(node: Node, grounds: _Grounds) -> Actor | None:
    """The officer as he is now; None where he may ask nothing any more."""
    officer, purpose, case, legal_ground = grounds
    try:
        actor = act_as(node, OfficerId(officer), purpose=purpose, case=case, legal_ground=legal_ground)
    except (NotAllowed, NotFound, Invalid):  # a code that is no longer in the lists, a right lost in between
        return None
    return actor if may_ask_again(node, actor.role) else None


def _asker(tx: Transaction, actor: Actor | None) -> _Asker | None:
    """What he may see, by the directory as it stands in this transaction."""
    if actor is None:
        return None
    person = directory.officer(tx, actor.officer)
    viewer = viewer_of(person, directory.authority(tx, person.authority), actor.viewer.purpose)
    if not person.active or person.role != actor.role or viewer != actor.viewer:
        return None  # changed a moment ago: the next pass asks with what he may then
    return _Asker(actor=actor, visible=earlier.visible_handlings(tx, viewer, directory.world(tx)))


def _log_pass(tx: Transaction, by: str, compared: int, met: int) -> None:
    """One entry for all that was compared in a transaction: nothing was shown; each hit has an entry of its own."""
    tx.log(
        Entry(
            act="standing_check",
            at=tx.now,
            authority="node",
            officer="node",
            results=met,
            details=tuple(sorted({"asked_by": by, "earlier_checks": str(compared)}.items())),
            epoch=epoch(tx),
            decision="allowed",
        )
    )
