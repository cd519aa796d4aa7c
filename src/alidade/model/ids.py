"""Identifiers: what things are called outside the store. Public ones are random, so that none tells of another."""

from __future__ import annotations

from typing import NewType

from alidade.model.ports import Randomness

AuthorityId = NewType("AuthorityId", str)  # short stable code of the directory, such as "nl-politie"
OfficerId = NewType("OfficerId", str)  # "authority/name"
HandlingId = NewType("HandlingId", str)  # SHA-256 of the canonical bytes, 64 hex digits
RecordId = NewType("RecordId", str)  # random, 32 hex digits
StatementId = NewType("StatementId", str)  # random, 32 hex digits
ContributionId = NewType("ContributionId", str)  # random, 32 hex digits
JudgementId = NewType("JudgementId", str)  # random, 32 hex digits
CheckId = NewType("CheckId", str)  # random, 32 hex digits


def new_id(randomness: Randomness) -> str:
    """A new random public id: 128 bits as 32 hex digits, which tells neither order nor number of anything."""
    return randomness.token_bytes(16).hex()
