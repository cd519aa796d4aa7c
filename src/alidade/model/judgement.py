"""Judgement: a person rules whether two records, or a question and a record, speak of the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alidade.model.ids import AuthorityId, CheckId, HandlingId, JudgementId, OfficerId, RecordId

Ruling = Literal["same", "not_the_same", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """ "These two records are the same / not the same / unsure", by an authority, with reason; revocable.

    It stands under a handling of its own: who may not see it sees the records apart.
    """

    id: JudgementId
    left: RecordId
    right: RecordId
    ruling: Ruling
    reason: str
    authority: AuthorityId
    officer: OfficerId
    handling: HandlingId
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the asker's officer rules on one hit of a check; until then the hit counts for nothing (LED Art. 11)."""

    check: CheckId
    record: RecordId
    ruling: Ruling
    reason: str
    note: str
    authority: AuthorityId
    officer: OfficerId
    at: str
