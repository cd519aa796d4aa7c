"""What a judgement says, as it lies sealed; and whose judgements an authority lets join records for its viewers."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from alidade.model.errors import Damaged
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.keystore import KeyStore


class JudgementContent(msgspec.Struct, frozen=True, kw_only=True):
    """Why it was ruled so, on what (references of records and statements), and why it was taken back."""

    reason: str
    evidence: tuple[str, ...] = ()
    revoked_because: str = ""


UNSAID: Final = JudgementContent(reason="")


def bound_to(judgement: str) -> str:
    """What the seal of a judgement is bound to."""
    return f"judgement/{judgement}"


def judgement_content(keys: KeyStore, judgement: str, reason: str, sealed: Any, key_id: str) -> JudgementContent:
    """What a judgement says; `reason` stands open in rows from before it was sealed. Nothing once it was erased."""
    if sealed is None:
        return JudgementContent(reason=reason)
    plain = keys.unseal(bytes(sealed), key_id, bound_to(judgement))
    if plain is None:
        return UNSAID
    try:
        return msgspec.json.decode(plain, type=JudgementContent)
    except msgspec.DecodeError as broken:
        raise Damaged("A judgement in the store cannot be read.") from broken


def accepted_by(tx: Transaction, authority: str) -> frozenset[str] | None:
    """Whose judgements join records for the viewers of an authority, its own always; None: all that they may see."""
    row = models.JudgingRule.objects.using(tx.alias).filter(authority=authority).first()
    return None if row is None or row.accepts is None else frozenset({authority, *row.accepts})
