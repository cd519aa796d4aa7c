"""Kept questions: what lies sealed of a question that is asked again, and for how long one without a hit is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from alidade.model.viewer import Actor
from alidade.services.desk_terms import DeskTerm
from alidade.services.node import Node
from alidade.store import directory, earlier
from alidade.store.database import Transaction
from alidade.store.earlier import Bucket
from alidade.store.standing import KeptStanding, keep_standing

if TYPE_CHECKING:
    from alidade.services.finding import Question, Understood

SALT = 32  # hex digits before a sealed question
_BUCKETS = 4096
_TAG = b"alidade kept question v1\x00"


class SealedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What lies sealed: the question with its salt, and why it is asked.

    `keys` are what an earlier check without a hit is looked for under, as (kind, key): worked out once, because a pass
    over thousands of questions would spend most of its time on it. The key of a name is the name.
    """

    salted: bytes
    justification: str
    keys: tuple[tuple[str, str], ...] = ()


class EarlierTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `data/earlier_checks.json`: for how many days a question without a hit is asked again.

    `usual` holds where neither the purpose nor the legal ground has a term of its own; the shortest of them counts, and
    nothing is kept for 0 days. `most` questions of one officer are kept at a time.
    """

    name: str
    version: str
    date: str
    licence: str
    most: int
    usual: DeskTerm
    purposes: Mapping[str, DeskTerm]
    legal_grounds: Mapping[str, DeskTerm]


@cache
def earlier_terms() -> EarlierTerms:
    """The terms that come with Alidade, read once."""
    return msgspec.json.decode((Path(__file__).parent / "data" / "earlier_checks.json").read_bytes(), type=EarlierTerms)


def earlier_term(purpose: str, legal_ground: str | None) -> DeskTerm:
    """For how long a question without a hit is asked again under these grounds, why, and who says so."""
    terms = earlier_terms()
    own = [terms.purposes.get(purpose), terms.legal_grounds.get(legal_ground or "")]
    return min([one for one in own if one is not None] or [terms.usual], key=lambda one: one.days)


def may_ask_again(node: Node, role: str) -> bool:
    """Whether a role permits what a standing check does."""
    known = node.vocabulary.roles.get(role)
    return known is not None and {"check", "standing_check"} <= set(known.acts)


def offered_term(node: Node, asker: Actor) -> DeskTerm | None:
    """The term under which a check of this officer without a hit would be asked again; None where it would not."""
    if not may_ask_again(node, asker.role) or (asker.acts is not None and "standing_check" not in asker.acts):
        return None
    term = earlier_term(asker.viewer.purpose, asker.legal_ground)
    return term if term.days > 0 else None


def last_day_again(node: Node, tx: Transaction, actor: Actor) -> str | None:
    """The last day on which a question without a hit would be asked again; None where it is not kept at all."""
    term = offered_term(node, actor)
    if term is None or earlier.count_of(tx, actor.officer, earlier_terms().most) >= earlier_terms().most:
        return None
    return (tx.now.date() + timedelta(days=term.days)).isoformat()


def keep_without_hit(
    tx: Transaction,
    actor: Actor,
    reference: str,
    question: Question,
    understood: Iterable[Understood],
    sealed: tuple[bytes, str],
    until: str,
) -> str:
    """Keep the question of a check without a hit under its reference; in the transaction of the check.

    The same question of the same officer for the same purpose, case and legal ground is kept once: under the newest
    check, so that erasing that one reaches it. Where a standing check asks it for longer, nothing is kept. `sealed`
    is the question with its salt and the commitment to both. Returns the last day on which it is asked.
    """
    bucket, same = _same(tx, actor, question)
    longer = [one.until for one in same if one.origin == "standing" and one.until >= until]
    if longer:
        return max(longer)
    earlier.drop(tx, [one.number for one in same if one.origin == "no_hit"])
    salted, commitment = sealed
    keys = tuple(
        (reading.kind, key)
        for reading in understood
        for key in ((question.text.strip(),) if reading.kind == "name" else reading.keys)
    )
    content = msgspec.json.encode(SealedQuestion(salted=salted, justification=actor.justification or "", keys=keys))
    compared = earlier.compared_now(tx, actor.viewer, directory.world(tx))
    keep_standing(
        tx, actor, reference, content, commitment, until, origin="no_hit", bucket=bucket.number, compared=compared
    )
    return until


def bucket_of(tx: Transaction, actor: Actor, question: Question) -> Bucket:
    """Twelve bits under the key of the authority: enough to find a question again among few, too few to test a guess.

    They are of a signature that is kept nowhere, so that nobody can work them out without the key.
    """
    key = tx.store.keys.signing_key(actor.viewer.authority)
    if key is None:
        return Bucket(number=0)
    asked = f"{actor.officer}\n{actor.viewer.purpose}\n{actor.case}\n{actor.legal_ground}\n".encode()
    signed = key.sign(_TAG + asked + msgspec.json.encode(question, order="sorted"))
    return Bucket(number=int.from_bytes(hashlib.sha256(signed).digest()[:4]) % _BUCKETS)


def forget_earlier(tx: Transaction, actor: Actor, question: Question) -> Bucket:
    """Forget the earlier checks of this question, because a standing check asks it from now on; its bucket."""
    bucket, same = _same(tx, actor, question)
    earlier.drop(tx, [one.number for one in same if one.origin == "no_hit"])
    return bucket


def _same(tx: Transaction, actor: Actor, question: Question) -> tuple[Bucket, list[KeptStanding]]:
    bucket = bucket_of(tx, actor, question)
    return bucket, [one for one in earlier.in_bucket(tx, actor, bucket) if _asks(one.content, question)]


def _asks(content: bytes | None, question: Question) -> bool:
    if content is None:
        return False
    sealed = msgspec.json.decode(content, type=SealedQuestion)
    return sealed.salted[SALT:] == msgspec.json.encode(question, order="sorted")
