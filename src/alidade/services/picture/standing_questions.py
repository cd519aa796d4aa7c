"""Standing questions: a kept question is asked again until a day, and its officer is told once of each new answer.

It is asked with the rights that its officer has at that moment, whenever something was contributed, judged or released
since. What it asks lies in the kept question; where that is withdrawn or a part of it was erased, it is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as, log, require_right
from alidade.services.desk_terms import desk_terms, last_day
from alidade.services.job_orders import Grounds
from alidade.services.node import Node
from alidade.services.picture.question_keeping import seen_question
from alidade.services.picture.question_terms import decode_question
from alidade.services.picture.questions import QuestionAnswer, run_question, shown
from alidade.store import directory
from alidade.store import standing_questions as store
from alidade.store.database import Transaction
from alidade.store.reading import reading
from alidade.store.standing_questions import KeptStandingQuestion

_EVERY: Final = timedelta(hours=1)  # the node asks no standing question more often
State = Literal["in_force", "ended", "expired", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """A standing question of one's own. `new` is how many answers its officer has not looked at."""

    reference: str
    piece: str
    title: str
    made_at: datetime
    until: str
    asked_at: datetime | None
    state: State
    told: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLook:
    """What a standing question has told of, as one sees it now; `new` are the things told for the first time."""

    line: StandingLine
    answer: QuestionAnswer
    new: frozenset[str]


def make_question_standing(node: Node, actor: Actor, piece: str, until: str) -> str:
    """Let a kept question be asked again until a day (YYYY-MM-DD); its reference. What it finds now counts as known.

    Raises NotFound for a question that one may not open, Invalid for the day, Conflict where a part was erased.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        last_day(until, tx.now, desk_terms().standing_check_days, "a standing question")
        seen = seen_question(tx, actor, piece)
        if seen is None:
            raise NotFound("There is no question with this reference that you may open.")
        decode_question(seen.body)
        grounds = Grounds(
            purpose=actor.viewer.purpose, case=actor.case, legal_ground=actor.legal_ground,
            justification=actor.justification,
        )  # fmt: skip
        reference = store.keep_standing_question(
            tx, piece=piece, authority=actor.viewer.authority, officer=actor.officer,
            grounds=msgspec.msgpack.encode(grounds), until=until,
        )  # fmt: skip
        log(tx, actor, "piece_keep", objects=[piece, reference], details={"kind": "question", "change": "standing"})
        kept = store.standing_question_with(tx, actor.officer, reference)
    if kept is not None:
        _ask(node, kept, first=True)
    return reference


def standing_questions(node: Node, actor: Actor) -> list[StandingLine]:
    """One's own standing questions, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        found = [_line(tx, actor, each) for each in store.standing_questions_of(tx, actor.officer)]
        log(tx, actor, "picture_read", results=len(found), details={"view": "standing questions"})
    return found


def look_at_standing_question(node: Node, actor: Actor, reference: str) -> StandingLook:
    """Ask it again and show all it has told of, the new marked; from then on they are no longer new. NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        kept = _own(tx, actor, reference)
    if kept.ended_at is None:
        _ask(node, kept, first=False)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        line = _line(tx, actor, kept)
        told = store.told_things(tx, kept.number)
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            answer = shown(view, node.vocabulary, [(each, ()) for each in told], len(told), 0)
        store.mark_things_seen(tx, kept.number)
        log(tx, actor, "picture_read", objects=[each.thing.id for each in answer.found], results=answer.total,
            details={"view": "standing question", "standing": reference})  # fmt: skip
    fresh = {each.thing.id for each in answer.found if any(told.get(r) is False for r in each.thing.records)}
    return StandingLook(line=line, answer=answer, new=frozenset(fresh))


def end_standing_question(node: Node, actor: Actor, reference: str) -> None:
    """End one's own standing question: it is not asked again; what it told stays. Raises NotFound, Conflict."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        kept = _own(tx, actor, reference)
        if kept.ended_at is not None:
            raise Conflict("This standing question has ended already.", code="ended")
        store.end_standing_question(tx, kept.number)
        log(tx, actor, "piece_keep", objects=[reference], details={"kind": "question", "change": "ended"})


def run_due_questions(node: Node, *, every: timedelta = _EVERY) -> int:
    """Ask again every standing question in force for which something has changed; how many things were newly told."""
    with node.store.transaction() as tx:
        due = store.due_questions(tx, tx.now - every)
    return sum(_ask(node, each, first=False) for each in due)


def _ask(node: Node, kept: KeptStandingQuestion, *, first: bool) -> int:
    """How many things its officer is newly told of; 0 where he may no longer ask, or it cannot be asked."""
    if kept.grounds is None:
        return 0
    grounds = msgspec.msgpack.decode(kept.grounds, type=Grounds)
    try:
        actor = act_as(
            node, OfficerId(kept.officer), purpose=grounds.purpose, case=grounds.case,
            legal_ground=grounds.legal_ground, justification=grounds.justification,
        )  # fmt: skip
        with node.store.transaction() as tx:
            require_right(node, tx, actor, "picture_read")
            seen = seen_question(tx, actor, kept.piece)
            log(tx, actor, "picture_read", objects=[kept.reference], details={"view": "question", "step": "again"})
        if seen is None or kept.until < node.store.clock.now().date().isoformat():
            return 0
        result = run_question(node, actor, kept.reference, seen.body, lambda done: None, lambda: False)
        with node.store.transaction() as tx:
            told = store.told_things(tx, kept.number)
            with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
                answer = shown(view, node.vocabulary, result.found, result.total, 0)
            # A thing that was joined with another since is no new one.
            new = [each.thing.id for each in answer.found if not told.keys() & set(each.thing.records)]
            store.tell_things(tx, kept.number, new, seen=first)
            store.note_question_asked(tx, kept.number)
            log(tx, actor, "picture_read", objects=new, results=len(new), details={"standing": kept.reference})
    except (NotAllowed, NotFound, Invalid, Conflict):  # a right lost in between, a code gone, a part erased
        return 0
    return 0 if first else len(new)


def _own(tx: Transaction, actor: Actor, reference: str) -> KeptStandingQuestion:
    found = store.standing_question_with(tx, actor.officer, reference)
    if found is None:
        raise NotFound("You have no standing question with this reference.")
    return found


def _line(tx: Transaction, actor: Actor, kept: KeptStandingQuestion) -> StandingLine:
    seen = seen_question(tx, actor, kept.piece)
    told = store.told_things(tx, kept.number)
    state: State = "in_force"
    if kept.ended_at is not None:
        state = "ended"
    elif kept.until < tx.now.date().isoformat():
        state = "expired"
    elif seen is None:
        state = "gone"
    return StandingLine(
        reference=kept.reference, piece=kept.piece, title="" if seen is None else seen.title, made_at=kept.made_at,
        until=kept.until, asked_at=kept.asked_at, state=state, told=len(told),
        new=sum(1 for each in told.values() if not each),
    )  # fmt: skip
