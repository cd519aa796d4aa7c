"""Keeping questions: in versions, under a handling of their own. Whoever opens one gets his own answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.picture.question_terms import PictureQuestion, checked, decode_question, encode_question
from alidade.store import directory, workpieces
from alidade.store.database import Transaction
from alidade.store.reading import SeenPiece, reading

KIND: Final = "question"
_LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestionLine:
    """A kept question in a list. `ours`: one's own authority made it, and may change it."""

    piece: str
    title: str
    authority: str
    officer: str
    version: int
    changed_at: str
    handling: Handling
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A kept question as it was left."""

    kept: KeptQuestionLine
    question: PictureQuestion


def list_questions(node: Node, actor: Actor) -> tuple[KeptQuestionLine, ...]:
    """The kept questions that this viewer may open, the one changed last first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = tuple(_kept(actor, piece) for piece in view.pieces(KIND))
        log(tx, actor, "picture_read", objects=[each.piece for each in found], results=len(found),
            details={"view": "questions"})  # fmt: skip
    return found


def open_question(node: Node, actor: Actor, piece: str) -> OpenQuestion:
    """A kept question. Raises NotFound where it is absent, or not for this viewer; Conflict where a part was erased."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        seen = seen_question(tx, actor, piece)
        log(tx, actor, "picture_read", objects=[piece], details={"view": "question"})
    if seen is None:
        raise _absent()
    return OpenQuestion(kept=_kept(actor, seen), question=decode_question(seen.body))


def keep_question(
    node: Node,
    actor: Actor,
    question: PictureQuestion,
    title: str,
    *,
    piece: str | None = None,
    version: int = 0,
    handling: Handling | None = None,
) -> KeptQuestionLine:
    """Keep a new question, or leave one of one's own authority in a new version.

    A new one stands under `handling`; without it one's own authority alone opens it, for the purpose in force. Raises
    Invalid without a title, NotFound for a question that is not one's own, Conflict where it was changed meanwhile.
    """
    named = title.strip()
    if not named or len(named) > _LONGEST_TITLE:
        raise Invalid("A question needs a title of at most 120 letters.", code="title_missing")
    checked(question, node.vocabulary)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        body = encode_question(question)
        if piece is None:
            stated = handling or Handling(owner=actor.viewer.authority, purposes=(actor.viewer.purpose,))
            interned = intern_all(node, tx, actor.viewer.authority, {KIND: stated})[KIND]
            piece = workpieces.keep_piece(
                tx, kind=KIND, authority=actor.viewer.authority, officer=actor.officer, title=named, body=body,
                handling_number=interned.number, mentions=question.named(),
            )  # fmt: skip
        else:
            _own(tx, actor, piece)
            workpieces.change_piece(
                tx, actor.viewer.authority, piece, officer=actor.officer, title=named, body=body, version=version,
                mentions=question.named(),
            )  # fmt: skip
        seen = seen_question(tx, actor, piece)
        log(tx, actor, "piece_keep", objects=[piece], details={"kind": KIND})
    if seen is None:
        raise _absent()
    return _kept(actor, seen)


def share_question(node: Node, actor: Actor, piece: str, handling: Handling) -> None:
    """Say who may open a question of one's own authority; each gets his own answer. Raises NotFound, Invalid."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        _own(tx, actor, piece)
        interned = intern_all(node, tx, actor.viewer.authority, {KIND: handling})[KIND]
        workpieces.reclassify_piece(tx, actor.viewer.authority, piece, interned.number)
        log(tx, actor, "piece_keep", objects=[piece], details={"kind": KIND, "change": "shared"})


def withdraw_question(node: Node, actor: Actor, piece: str) -> None:
    """Take a question of one's own authority away from everybody; `bring_back_question` undoes it. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        _own(tx, actor, piece)
        workpieces.withdraw_piece(tx, actor.viewer.authority, piece)
        log(tx, actor, "piece_keep", objects=[piece], details={"kind": KIND, "change": "withdrawn"})


def bring_back_question(node: Node, actor: Actor, piece: str) -> None:
    """Bring a withdrawn question of one's own authority back. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        workpieces.restore_piece(tx, actor.viewer.authority, piece)
        if seen_question(tx, actor, piece) is None:
            raise _absent()
        log(tx, actor, "piece_keep", objects=[piece], details={"kind": KIND, "change": "brought back"})


def seen_question(tx: Transaction, actor: Actor, piece: str) -> SeenPiece | None:
    """The piece, where this viewer may open it and it is a question."""
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        found = view.piece(piece)
    return found if found is not None and found.kind == KIND else None


def _own(tx: Transaction, actor: Actor, piece: str) -> None:
    found = seen_question(tx, actor, piece)
    if found is None or found.authority != actor.viewer.authority:
        raise _absent()


def _absent() -> NotFound:
    return NotFound("There is no question with this reference that you may open.")


def _kept(actor: Actor, piece: SeenPiece) -> KeptQuestionLine:
    return KeptQuestionLine(
        piece=piece.piece, title=piece.title, authority=piece.authority, officer=piece.officer, version=piece.version,
        changed_at=piece.changed_at, handling=piece.handling, ours=piece.authority == actor.viewer.authority,
    )  # fmt: skip
