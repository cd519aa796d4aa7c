"""Requests of programs: many questions at once, and a request whose answer was lost, sent again without doing it twice.

A program gives a request a key of its own making. Within a day the same request under the same key is answered with
what came of it the first time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from alidade.model.errors import Conflict, Invalid
from alidade.model.ids import CheckId, ContributionId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.answers import AnswerNow, answer_again
from alidade.services.check import Answer, HitWithoutContent, ask
from alidade.services.contribute import Giving, Outcome, give
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.store import requests, writing
from alidade.store.database import Transaction
from alidade.store.requests import CarriedOut

MOST_QUESTIONS = 50


def check_once(
    node: Node, actor: Actor, question: Question, *, key: str | None = None, language: str = "en", again: bool = False
) -> Answer:
    """Ask one question, as `check` does; under a key that was used already, the answer to that check again.

    Raises Conflict (code `key_used`) where something else was asked under this key.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "check")
        found = _ask_once(node, tx, actor, question, key, language, again)
    return answer_to_check(node, actor, found, language=language) if isinstance(found, str) else found


def check_many(
    node: Node,
    actor: Actor,
    questions: Sequence[Question],
    *,
    key: str | None = None,
    language: str = "en",
    again: Sequence[bool] = (),
) -> list[Answer | Invalid]:
    """Ask many questions, one ledger entry for each; the answers in their order.

    `again` says of each question whether it is asked again by itself where it meets nothing; none is where it is empty.

    A question that cannot be read is answered with what is wrong with it, and the others are asked all the same.
    Raises Invalid for none or for too many.
    """
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise Invalid(f"Between 1 and {MOST_QUESTIONS} questions are asked at once.", remedy="Divide the list.")
    found: list[Answer | Invalid | str] = []
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "check_batch")
        for place, question in enumerate(questions):
            try:
                one = None if key is None else f"{key}/{place}"
                found.append(_ask_once(node, tx, actor, question, one, language, bool(again) and again[place]))
            except Invalid as error:
                if error.code == "grounds_missing":
                    raise
                found.append(error)
        log(tx, actor, "check_batch", results=len(found))
    return [answer_to_check(node, actor, each, language=language) if isinstance(each, str) else each for each in found]


def answer_to_check(node: Node, actor: Actor, check: str, *, language: str = "en") -> Answer:
    """The answer to a check of one's own authority, read again with the rights of now, in the form of an answer.

    Nobody is told a second time. Raises NotFound as `answer_again` does, Conflict where the question was erased.
    """
    now = answer_again(node, actor, check, language=language)
    if now.question is None:
        raise Conflict("The question of this check was erased.", code="erased")
    return Answer(
        check=CheckId(now.check),
        question=now.question,
        asked_at=now.asked_at.isoformat(),
        understood=now.understood,
        hits=tuple(each.hit for each in now.hits if each.hit is not None),
        without_content=_in_order(now),
        again_until=now.again_until,
    )


def _in_order(now: AnswerNow) -> tuple[HitWithoutContent, ...]:
    closed = [each.closed for each in now.hits if each.closed is not None]
    return tuple(sorted(closed, key=lambda hit: (hit.owner, hit.reference)))


def _ask_once(
    node: Node, tx: Transaction, actor: Actor, question: Question, key: str | None, language: str, again: bool
) -> Answer | str:
    """The answer to a new check, or the reference of the one that was made under this key."""
    if key is None:
        return ask(node, tx, actor, question, language=language, again=again)
    digest, content = _digests(actor, key, question)
    done = _carried_out(tx, digest, content)
    if done is not None:
        return done.reference
    answer = ask(node, tx, actor, question, language=language, again=again)
    requests.keep_request(tx, digest, CarriedOut(content=content, reference=answer.check))
    return answer


def contribute_once(node: Node, actor: Actor, giving: Giving, *, key: str | None = None) -> Outcome:
    """Give, as `contribute` does; under a key that was used already, nothing is given and it says what was.

    With a key and without a list, the key stands for the list: what is given again after a day is recognised by its
    source keys. Raises Conflict (code `key_used`) where something else was given under this key.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "contribute")
        if key is None:
            outcome = give(node, tx, actor, giving)
        else:
            digest, content = _digests(actor, key, giving)
            listed = replace(giving, source_list=giving.source_list or f"request {digest[:16]}")
            done = _carried_out(tx, digest, content)
            if done is None:
                outcome = give(node, tx, actor, listed)
                requests.keep_request(tx, digest, CarriedOut(content=content, reference=outcome.contribution or ""))
            else:
                outcome = _given_before(tx, actor, listed, done)
        log(
            tx,
            actor,
            "contribute",
            objects=[outcome.contribution] if outcome.contribution else [],
            results=outcome.statements,
            details={"title": giving.title, "rejected": str(outcome.rejected)},
        )
    return outcome


def _given_before(tx: Transaction, actor: Actor, giving: Giving, done: CarriedOut) -> Outcome:
    keys = [draft.key for draft in giving.drafts]
    found = writing.records_of_list(tx, actor.viewer.authority, giving.source_list, keys)
    return Outcome(
        contribution=ContributionId(done.reference) if done.reference else None,
        unchanged=len(found),
        records={key: state.id for key, state in found.items()},
    )


def _digests(actor: Actor, key: str, asked: Question | Giving) -> tuple[str, str]:
    """Under which a request is kept, and what tells it from another; neither key nor content can be read from them."""
    secret = f"{actor.officer}\n{key}".encode()
    content = secret + b"\n" + msgspec.json.encode(asked, order="sorted")
    return hashlib.sha256(secret).hexdigest(), hashlib.sha256(content).hexdigest()


def _carried_out(tx: Transaction, digest: str, content: str) -> CarriedOut | None:
    done = requests.carried_out(tx, digest)
    if done is not None and done.content != content:
        raise Conflict(
            "Something else was sent under this key.", remedy="Take a new key for each request.", code="key_used"
        )
    return done
