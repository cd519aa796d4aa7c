"""Repeating: a program that lost the answer to an act asks again with the same key, and nothing is done twice."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.errors import Conflict
from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.signing import signing_key
from alidade.services.threads.view import Sent
from alidade.store.database import Transaction
from alidade.store.threads import answered

_TAG: Final = b"alidade asked once v1\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The key that a program chose for one act, and everything that it asked, as bytes."""

    key: str
    asked: bytes


def answer_before(node: Node, tx: Transaction, actor: Actor, repeat: Repeat | None) -> Sent | None:
    """What the same officer was answered under this key within 24 hours, as a step of a use case.

    Raises Conflict where something else was asked under it.
    """
    known = None if repeat is None else answered.answer_to(tx, str(actor.officer), repeat.key)
    if known is None or repeat is None:
        return None
    if not hmac.compare_digest(known.asked, _hash(node, actor, repeat)):
        raise Conflict(
            "Something else was asked under this key.", remedy="Choose a new key for each act.", code="key_used"
        )
    return msgspec.convert(known.answer, Sent)


def note_answer(node: Node, tx: Transaction, actor: Actor, repeat: Repeat | None, sent: Sent) -> Sent:
    """Keep what is answered, in the transaction of the act; gives it back."""
    if repeat is not None:
        asked = _hash(node, actor, repeat)
        answered.keep_answer(tx, str(actor.officer), repeat.key, asked, dataclasses.asdict(sent))
    return sent


def _hash(node: Node, actor: Actor, repeat: Repeat) -> str:
    """What was asked may name a person: without the key of the authority nobody can try names against the hash."""
    signed = signing_key(node, actor.viewer.authority).sign(_TAG + hashlib.sha256(repeat.asked).digest())
    return hashlib.sha256(signed).hexdigest()
