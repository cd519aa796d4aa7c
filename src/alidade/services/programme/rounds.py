"""Rounds at work: one authority holds them, each of those asked answers for its State, and all see what they may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.programme.register import Instrument
from alidade.programme.rounds import (
    Answer,
    Cell,
    Change,
    Count,
    KeptAnswer,
    Question,
    Round,
    amended,
    check_answer,
    check_round,
    compare,
    counts,
    matrix,
)
from alidade.programme.translation import (
    Approval,
    KeptApproval,
    KeptTranslation,
    Translation,
    standing,
    with_approved,
)
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.register import INSTRUMENT
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading

__all__ = [
    "Held",
    "RoundLine",
    "answer_round",
    "answer_to_fill",
    "answers_of",
    "change_round",
    "close_round",
    "hold_round",
]
__all__ += [
    "approvals_of",
    "kept_answers",
    "put_answer",
    "questions_of",
    "read_round",
    "rounds",
    "speaks",
    "state_of",
    "translations_of",
]

ROUND: Final = "round"
ANSWER: Final = "answer"
TRANSLATION: Final = "round_translation"
APPROVAL: Final = "round_translation_ruling"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLine:
    """A round in the list: how many of those asked have answered for what the viewer may see, and his own answer."""

    kept: Kept[Round]
    asked: int
    answering: int
    own: bool
    own_answer: str
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A round as its viewer reads it.

    `cells` are by State and question, `counts` by question, `changes` against the round before (where there is one
    that he may see), whose cells are `previous`, and `previous_asked` by the questions of this one. `silent` are
    States of which he sees no answer. `own_answer` is his authority's, sent or not; `speaks`: it is for his authority
    to answer for its State.
    """

    kept: Kept[Round]
    answers: Sequence[KeptAnswer]
    cells: Mapping[tuple[str, str], Cell]
    counts: Mapping[str, Count]
    changes: Sequence[Change]
    previous: Mapping[tuple[str, str], Cell]
    previous_asked: Mapping[tuple[str, str], Cell]
    silent: Sequence[str]
    own: bool
    own_answer: KeptAnswer | None
    speaks: bool = True


def questions_of(paper: Instrument) -> tuple[Question, ...]:
    """One question for each measure of a paper, with every field; a person changes the words before it goes out."""
    return tuple(Question(key=each.key, measure=each.key, text=each.text or each.title) for each in paper.measures)


def hold_round(node: Node, actor: Actor, round_: Round, handling: Handling | None = None) -> str:
    """Open a round of questions; its reference. Raises Invalid naming what is wrong, NotFound for an unknown paper."""
    check_round(round_)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            _known(view, round_)
        asked = _asked(node, tx, round_)
        how = handling or default_handling(node, actor.viewer.authority)
        reference = pieces.keep(node, tx, actor, ROUND, _title(asked), asked, how)
        log(tx, actor, "round_manage", objects=[reference], results=len(asked.states), details={"what": "opened"})
    return reference


def change_round(node: Node, actor: Actor, reference: str, round_: Round, version: int, reason: str = "") -> int:
    """Leave one's own round in a new version; its number.

    Raises Invalid where a question goes that somebody has answered, Conflict where `version` is not the newest.
    """
    check_round(round_)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            pieces.one(view, ROUND, reference, Round)
            _known(view, round_)
            answered = {part.question for kept in answers_of(view, reference) for part in kept.answer.parts}
        gone = sorted(key for key in answered if round_.question(key) is None)
        if gone:
            raise Invalid(f"Question {gone[0]} has been answered; it cannot go.", remedy="Keep it in the round.")
        asked = _asked(node, tx, round_)
        number = pieces.change(tx, actor, reference, _title(asked), asked, version, reason)
        log(tx, actor, "round_manage", objects=[reference], details={"what": "changed", "version": str(number)})
    return number


def close_round(node: Node, actor: Actor, reference: str, version: int) -> int:
    """Take no more answers from today on; the round's new version. Raises Conflict where it is closed already."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_manage")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, ROUND, reference, Round)
        if kept.body.closed_on is not None:
            raise Conflict("This round is closed already.", code="round_closed")
        closed = msgspec.structs.replace(kept.body, closed_on=tx.now.date())
        number = pieces.change(tx, actor, reference, _title(closed), closed, version, "closed")
        log(tx, actor, "round_manage", objects=[reference], details={"what": "closed"})
    return number


def rounds(node: Node, actor: Actor) -> list[RoundLine]:
    """Every round that the viewer may read, the one that closes first first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        today = tx.now.date()
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = pieces.every(view, ROUND, Round)
            answers = answers_of(view)
        log(tx, actor, "programme_read", objects=[kept.reference for kept in found], results=len(found))
    lines = [_line(kept, answers, actor.viewer.authority, today) for kept in found]
    return sorted(lines, key=lambda line: (line.kept.body.closed_on is not None, line.kept.body.cut_off))


def read_round(node: Node, actor: Actor, reference: str) -> Held:
    """One round with the answers that the viewer may see. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, ROUND, reference, Round)
            answers = answers_of(view, reference)
            raw = kept_answers(view, reference)
            before = _before(view, kept.body)
        ours = speaks(node, tx, kept.body, actor.viewer.authority)
        shown = [reference, *(each.reference for each in answers)]
        log(tx, actor, "programme_read", objects=shown, results=len(answers))
    cells = matrix(kept.body, answers)
    earlier, same = before
    return Held(
        kept=kept,
        answers=answers,
        cells=cells,
        counts=counts(kept.body, answers),
        changes=compare(earlier, cells, same) if kept.body.previous and earlier else (),
        previous=earlier,
        previous_asked={(s, q): cell for (s, old), cell in earlier.items() for q, was in same.items() if was == old},
        silent=sorted({s for s, _ in cells} - {s for (s, _), cell in cells.items() if cell.kind is not None}),
        own=kept.authority == actor.viewer.authority,
        own_answer=_own(raw, actor.viewer.authority),
        speaks=ours,
    )


def answer_to_fill(node: Node, actor: Actor, reference: str) -> tuple[Held, Answer]:
    """The round, and what its officer goes on with: his authority's answer so far, or an empty one for its State."""
    held = read_round(node, actor, reference)
    if held.own_answer is not None:
        return held, held.own_answer.answer
    with node.store.transaction() as tx:
        state = state_of(node, tx, actor.viewer.authority)
    return held, Answer(round=reference, state=state, parts=())


def answer_round(
    node: Node, actor: Actor, answer: Answer, *, version: int = 0, handling: Handling | None = None
) -> tuple[str, int]:
    """Keep the answer of one's authority for its State, as a draft or submitted; its reference and version.

    `version` is that of the answer so far, 0 for the first. A draft is seen by one's own authority alone; what is
    submitted by those who see the round, or with `publish` False by the holder of the round alone. Raises Invalid
    naming the question, Conflict where somebody has changed the answer in the meantime, NotFound.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        return put_answer(node, tx, actor, answer, version, handling)


def put_answer(
    node: Node, tx: Transaction, actor: Actor, answer: Answer, version: int, handling: Handling | None = None
) -> tuple[str, int]:
    """The same within an act whose right was looked at already; it leaves the ledger entry."""
    authority = actor.viewer.authority
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        held = pieces.one(view, ROUND, answer.round, Round)
        own = _own(kept_answers(view, answer.round), authority)
    check_answer(answer, held.body)
    state = state_of(node, tx, authority)
    if answer.state != state:
        raise Invalid("An authority answers for its own State.", remedy="Use a joint answer for others.")
    if own is None and not speaks(node, tx, held.body, authority):
        raise Invalid(
            "Another authority of your State was asked and answers for it.",
            remedy="It can give you the questions that are yours.",
            code="not_asked",
        )
    before = Answer(round=answer.round, state=answer.state, parts=()) if own is None else own.answer
    changed = amended(before, answer, held.body, tx.now.date())
    how = handling or _handling_of(node, actor, held, answer)
    if own is None:
        if version:
            raise NotFound("There is nothing with this reference that you may see.")
        reference, number = pieces.keep(node, tx, actor, ANSWER, answer.state, answer, how), 1
    else:
        reference = own.reference
        pieces.put_under(node, tx, actor, reference, how)
        number = pieces.change(tx, actor, reference, answer.state, answer, version, answer.amended_because)
    details = {"what": "submitted" if answer.submitted else "draft", "version": str(number)}
    log(tx, actor, "round_answer", objects=[answer.round, reference], results=len(changed), details=details)
    return reference, number


def speaks(node: Node, tx: Transaction, round_: Round, authority: AuthorityId) -> bool:
    """Whether an authority answers for its State: it was asked, or no authority of its State was."""
    if authority in round_.asked or not round_.asked:
        return True
    known = directory.authorities(tx)
    own = known[authority].party.state
    return all(AuthorityId(each) not in known or known[AuthorityId(each)].party.state != own for each in round_.asked)


def _handling_of(node: Node, actor: Actor, held: Kept[Round], answer: Answer) -> Handling:
    """A draft is one's own; a reply that is not to be published is for the holder of the round; else as the round."""
    own = default_handling(node, actor.viewer.authority, communities=())
    if not answer.submitted:
        return own
    holder = (AuthorityId(held.authority),) if held.authority != actor.viewer.authority else ()
    if not answer.publish:
        return msgspec.structs.replace(own, released_to=holder)
    return msgspec.structs.replace(
        own,
        communities=held.handling.communities,
        released_to=tuple(sorted({*held.handling.released_to, *holder} - {actor.viewer.authority})),
        classification=held.handling.classification,
    )


def _known(view: ReaderView, round_: Round) -> None:
    if round_.instrument:
        pieces.one(view, INSTRUMENT, round_.instrument, Instrument)
    if round_.previous:
        pieces.one(view, ROUND, round_.previous, Round)


def _asked(node: Node, tx: Transaction, round_: Round) -> Round:
    """The round with the States of the authorities that are asked. Raises NotFound for an unknown authority."""
    states = [state_of(node, tx, AuthorityId(each)) for each in round_.asked]
    return msgspec.structs.replace(round_, states=tuple(dict.fromkeys((*round_.states, *states))))


def state_of(node: Node, tx: Transaction, authority: AuthorityId) -> str:
    """The State of an authority, by three letters. Raises NotFound for none, Invalid for one that is of no State."""
    state = directory.authority(tx, authority).party.state
    country = node.vocabulary.countries.get(state or "")
    if country is None:
        raise Invalid(f"The authority {authority} belongs to no State; a round is answered by States.")
    return country.alpha3


def answers_of(view: ReaderView, round_: str | None = None) -> list[KeptAnswer]:
    """The answers that the viewer may see, to one round or to all, with the translations that somebody approved."""
    found = kept_answers(view, round_)
    said = translations_of(view)
    if not said or not found:
        return found
    rulings, holders = approvals_of(view), {kept.reference: kept.authority for kept in pieces.every(view, ROUND, Round)}
    by_answer: dict[str, list[KeptTranslation]] = {}
    for each in said:
        by_answer.setdefault(each.translation.answer, []).append(each)
    return [
        with_approved(kept, [
            each.translation
            for each in by_answer.get(kept.reference, ())
            if standing(each, rulings, kept, holders.get(kept.answer.round, ""))[0] == "approved"
        ])
        for kept in found
    ]  # fmt: skip


def kept_answers(view: ReaderView, round_: str | None = None) -> list[KeptAnswer]:
    """The same in the words of the answering authorities alone: what they go on with."""
    return [
        KeptAnswer(
            reference=kept.reference, authority=kept.authority, version=kept.version, said_at=kept.changed_at,
            answer=kept.body,
        )
        for kept in pieces.every(view, ANSWER, Answer)
        if round_ in (None, kept.body.round)
    ]  # fmt: skip


def translations_of(view: ReaderView) -> list[KeptTranslation]:
    """The translations that the viewer may see, the oldest first."""
    found = [
        KeptTranslation(
            reference=kept.reference, authority=kept.authority, version=kept.version, said_at=kept.changed_at,
            translation=kept.body,
        )
        for kept in pieces.every(view, TRANSLATION, Translation)
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.said_at, each.reference))


def approvals_of(view: ReaderView) -> list[KeptApproval]:
    """The rulings on translations that the viewer may see."""
    return [
        KeptApproval(reference=kept.reference, authority=kept.authority, said_at=kept.changed_at, approval=kept.body)
        for kept in pieces.every(view, APPROVAL, Approval)
    ]


def _own(answers: Sequence[KeptAnswer], authority: str) -> KeptAnswer | None:
    return next((kept for kept in answers if kept.authority == authority), None)


def _before(view: ReaderView, round_: Round) -> tuple[dict[tuple[str, str], Cell], dict[str, str]]:
    """The cells of the round before as far as they may be seen, and which of its questions is which of ours."""
    piece = view.piece(round_.previous) if round_.previous else None
    if piece is None or piece.kind != ROUND:
        return {}, {}
    before = pieces.one(view, ROUND, round_.previous, Round).body
    by_measure = {question.measure: question.key for question in before.questions if question.measure}
    if before.instrument and round_.instrument and before.instrument != round_.instrument:
        # Another paper: a number says nothing. Only what that measure carries on was asked before.
        paper = pieces.one(view, INSTRUMENT, round_.instrument, Instrument).body
        same = {
            question.key: next(
                (by_measure[origin] for origin in _carried(paper, question.measure, before.instrument)
                 if origin in by_measure),
                "",
            )
            for question in round_.questions
        }  # fmt: skip
    else:
        same = {
            question.key: by_measure.get(question.measure, question.key if before.question(question.key) else "")
            for question in round_.questions
        }
    return matrix(before, answers_of(view, round_.previous)), same


def _carried(paper: Instrument, key: str, earlier: str) -> list[str]:
    """The measures of an earlier paper that this measure carries on."""
    measure = paper.measure(key)
    return [] if measure is None else [each.measure for each in measure.carries if each.instrument == earlier]


def _line(kept: Kept[Round], answers: Sequence[KeptAnswer], authority: str, today: dt.date) -> RoundLine:
    ours = [each for each in answers if each.answer.round == kept.reference]
    own = _own(ours, authority)
    cells = matrix(kept.body, ours)
    return RoundLine(
        kept=kept,
        asked=len({state for state, _ in cells}),
        answering=len({state for (state, _), cell in cells.items() if cell.kind is not None}),
        own=kept.authority == authority,
        own_answer="" if own is None else "submitted" if own.answer.submitted else "draft",
        days_left=(kept.body.cut_off - today).days,
    )


def _title(round_: Round) -> str:
    return next(text for text in round_.title.values() if text.strip())[:200]
