"""Job orders: what is put into the queue of long work, under whose grounds, and what comes out of it."""

from __future__ import annotations

import msgspec

from alidade.model.draft import Problem
from alidade.model.viewer import Actor
from alidade.store import jobs
from alidade.store.database import Transaction


class Grounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which purpose and case the work was ordered; the officer's rights are looked up when it runs."""

    purpose: str
    case: str | None = None
    legal_ground: str | None = None
    justification: str | None = None


class JobOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sealed order: grounds, what the kind of work needs, and how often it was begun and broke off."""

    grounds: Grounds
    content: bytes
    broken_off: int = 0


class ImportResult(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What came of an import. Problems are named by row and field, never by value; `rejects` says whether rows wait."""

    source_list: str
    read: int
    new: int
    altered: int
    unchanged: int
    delisted: int
    quarantined: int
    rejected: int
    remarks: int
    statements: int
    stopped: bool
    rejects: bool
    problems: tuple[Problem, ...]


class SuggestedPair(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Two records that may be one thing, by their references, with the chance and what speaks for and against."""

    left: str
    right: str
    thing: str
    score: float
    explanation: tuple[tuple[str, float], ...]


class SuggestionResult(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What a look through the whole desk proposed, best first; looked at again under the rights of each who opens it.

    `cut`: there were more than are kept. `rights`: under which rights it was made; under others it is not shown.
    """

    records: int
    rights: str
    pairs: tuple[SuggestedPair, ...]
    stopped: bool
    cut: bool


class QuestionResult(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What a question to the picture found: things with the records that show why; shown under these rights alone.

    `question` is the question as it is kept, `total` how many there were, of which the first are here.
    """

    question: bytes
    rights: str
    found: tuple[tuple[str, tuple[str, ...]], ...]
    total: int
    looked: int
    stopped: bool


class Failure(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Why work could not be done, and what to do. What had been taken in before stays."""

    code: str
    message: str
    remedy: str


JobResult = ImportResult | SuggestionResult | QuestionResult | Failure


def order_job(tx: Transaction, actor: Actor, kind: str, content: bytes, *, total: int | None = None) -> str:
    """Put work into the queue in the actor's name; its reference. The caller has checked the right and logs."""
    order = JobOrder(
        grounds=Grounds(
            purpose=actor.viewer.purpose,
            case=actor.case,
            legal_ground=actor.legal_ground,
            justification=actor.justification,
        ),
        content=content,
    )
    return jobs.add_job(
        tx,
        authority=actor.viewer.authority,
        officer=actor.officer,
        kind=kind,
        order=msgspec.msgpack.encode(order),
        total=total,
    )
