"""Translating: what a State answered, in other languages; nothing is published in them before a person approved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.programme.register import Texts
from alidade.programme.rounds import Answer, KeptAnswer, Round
from alidade.programme.translation import (
    TEXTS,
    Approval,
    KeptApproval,
    KeptTranslation,
    Standing,
    Translation,
    check_translation,
    digest,
    original,
    standing,
)
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.rounds import (
    ANSWER,
    APPROVAL,
    ROUND,
    TRANSLATION,
    approvals_of,
    kept_answers,
    translations_of,
)
from alidade.store import directory
from alidade.store.reading import ReaderView, reading

__all__ = ["Replies", "Said", "Translated", "replies", "rule_on_translation", "translate", "translations_waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A translation, how it stands, who ruled on it; `rules`: the viewer's authority may rule on it."""

    kept: KeptTranslation
    standing: Standing
    ruling: KeptApproval | None
    rules: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of a State: to which question, in which field, in the languages in which it wrote them.

    `translates`: the viewer's authority may enter a translation.
    """

    answer: str
    round: str
    state: str
    question: str
    kind: str
    field: str
    texts: Texts
    translations: Sequence[Translated]
    translates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """A round with the words of its replies, question by question."""

    held: Kept[Round]
    said: Sequence[Said]


def replies(node: Node, actor: Actor, reference: str) -> Replies:
    """The words of the replies to a round that the viewer may see, each with its translations. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            held = pieces.one(view, ROUND, reference, Round)
            said = _said(view, actor, {reference: held})
        shown = [reference, *dict.fromkeys(each.answer for each in said)]
        log(tx, actor, "programme_read", objects=shown, results=len(said), details={"what": "replies"})
    order = {question.key: place for place, question in enumerate(held.body.questions)}
    found = sorted(said, key=lambda each: (order.get(each.question, len(order)), each.state, TEXTS.index(each.field)))
    return Replies(held=held, said=found)


def translations_waiting(node: Node, actor: Actor) -> list[tuple[Kept[Round], Said, Translated]]:
    """Every translation on which the officer's authority may rule and on which nobody has, the oldest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            held = {kept.reference: kept for kept in pieces.every(view, ROUND, Round)}
            said = _said(view, actor, held)
        found = [
            (held[each.round], each, one)
            for each in said
            for one in each.translations
            if one.rules and one.standing == "waiting"
        ]
        shown = [one.kept.reference for _, _, one in found]
        log(tx, actor, "round_answer", objects=shown, results=len(found), details={"what": "translations"})
    return sorted(found, key=lambda line: (line[2].kept.said_at, line[2].kept.reference))


def translate(
    node: Node,
    actor: Actor,
    answer: str,
    *,
    question: str,
    field: str,
    language: str,
    text: str,
    made: Literal["person", "machine"],
) -> str:
    """Enter a translation of what a State said, by hand or as a machine made it; its reference. It waits for approval.

    For the authority that answered and the one that holds the round. Raises NotFound, and Invalid where there is
    nothing to translate or it cannot be taken as it is.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, ANSWER, answer, Answer)
            held = pieces.one(view, ROUND, kept.body.round, Round)
        if not kept.body.submitted or actor.viewer.authority not in (kept.authority, held.authority):
            raise _nothing()
        if field not in TEXTS:
            raise Invalid("There are no words here to translate.", remedy="Choose a reply with words.")
        fields = {
            "answer": answer, "question": question, "field": field, "language": language, "text": text.strip(),
            "made": made, "of": digest(original(kept.body, question, field)),
        }  # fmt: skip
        try:
            body = msgspec.convert(fields, Translation)
        except msgspec.ValidationError as error:
            raise Invalid(
                "The translation cannot be taken as it is.", remedy="Give its language and its words."
            ) from error
        check_translation(body, kept.body)
        how = _like(node, actor, kept.handling)
        reference = pieces.keep(node, tx, actor, TRANSLATION, f"{kept.body.state} {question}", body, how)
        details = {"what": "translated", "language": language, "made": made}
        log(tx, actor, "round_answer", objects=[answer, reference], results=1, details=details)
    return reference


def rule_on_translation(node: Node, actor: Actor, reference: str, *, approve: bool, of: str, reason: str = "") -> str:
    """Approve a translation, or refuse it with the reason; the reference of the ruling.

    `of` is the hash of the words that the officer looked at. For the authority that answered and the one that holds
    the round. Raises NotFound, Invalid, and Conflict where the words or their original are others by now.
    """
    if not approve and not reason.strip():
        raise Invalid("A refusal needs a reason.", remedy="Say what is wrong with the translation.")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "round_answer")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            kept = pieces.one(view, TRANSLATION, reference, Translation)
            answer = pieces.one(view, ANSWER, kept.body.answer, Answer)
            held = pieces.one(view, ROUND, answer.body.round, Round)
        if actor.viewer.authority not in (answer.authority, held.authority):
            raise _nothing()
        part = answer.body.part(kept.body.question)
        now = "" if part is None else digest(getattr(part, kept.body.field))
        if now != kept.body.of or digest(kept.body.text) != of:
            raise Conflict(
                "The words have changed in the meantime.", remedy="Look at them again.", code="changed_meanwhile"
            )
        ruling: Literal["approved", "refused"] = "approved" if approve else "refused"
        body = Approval(translation=reference, ruling=ruling, of=of, reason=reason.strip()[:500])
        how = _like(node, actor, kept.handling)
        made = pieces.keep(node, tx, actor, APPROVAL, ruling, body, how)
        details = {"what": f"translation {ruling}"}
        log(tx, actor, "round_answer", objects=[reference, made], results=1, details=details)
    return made


def _said(view: ReaderView, actor: Actor, held: dict[str, Kept[Round]]) -> list[Said]:
    """The words of every answer to these rounds that was submitted, as far as the viewer may see it."""
    translations, rulings, own = translations_of(view), approvals_of(view), actor.viewer.authority
    found = []
    for kept in kept_answers(view):
        round_ = held.get(kept.answer.round)
        if round_ is None or not kept.answer.submitted:
            continue
        concerned = own in (kept.authority, round_.authority)
        for part in kept.answer.parts:
            for field in TEXTS:
                texts: Texts = getattr(part, field)
                if not any(text.strip() for text in texts.values()):
                    continue
                lines = [
                    _translated(each, rulings, kept, round_.authority, concerned)
                    for each in translations
                    if (each.translation.answer, each.translation.question, each.translation.field)
                    == (kept.reference, part.question, field)
                ]
                found.append(
                    Said(
                        answer=kept.reference, round=round_.reference, state=kept.answer.state,
                        question=part.question, kind=part.kind, field=field, texts=texts, translations=lines,
                        translates=concerned,
                    )
                )  # fmt: skip
    return found


def _translated(
    each: KeptTranslation, rulings: Sequence[KeptApproval], kept: KeptAnswer, holder: str, concerned: bool
) -> Translated:
    how, ruling = standing(each, rulings, kept, holder)
    return Translated(kept=each, standing=how, ruling=ruling, rules=concerned and how != "outdated")


def _like(node: Node, actor: Actor, handling: Handling) -> Handling:
    """For those who see this, as something of one's own."""
    own = default_handling(node, actor.viewer.authority, communities=handling.communities)
    others = {*handling.released_to, AuthorityId(handling.owner)} - {actor.viewer.authority}
    return msgspec.structs.replace(
        own, released_to=tuple(sorted(others)), excluded=handling.excluded, classification=handling.classification
    )


def _nothing() -> NotFound:
    return NotFound("There is nothing with this reference that you may see.")
