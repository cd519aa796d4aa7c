"""Nominations as the node itself compares them: whose they are and what they say, whoever asks; and a round's key.

No face and no list reads this: what comes of it is the bare answer of `services.picture.nominations`.
"""

from __future__ import annotations

from dataclasses import dataclass

from alidade.model.errors import Damaged
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.workpieces import bound_to, opened

KIND = "nomination"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNomination:
    """A nomination by its reference, whose it is, and its JSON body."""

    piece: str
    authority: str
    body: bytes


def all_nominations(tx: Transaction) -> list[KeptNomination]:
    """Every nomination of everybody that was not taken back, in the order of their references."""
    rows = models.Workpiece.objects.using(tx.alias).filter(kind=KIND, withdrawn=False).order_by("public_id")
    return [found for row in rows if (found := _read(tx, row)) is not None]


def made_by(tx: Transaction, authority: str) -> list[KeptNomination]:
    """Every nomination that an authority ever made, those taken back included."""
    rows = models.Workpiece.objects.using(tx.alias).filter(kind=KIND, authority=authority).order_by("id")
    return [found for row in rows if (found := _read(tx, row)) is not None]


def round_key(tx: Transaction, round_: str) -> bytes:
    """The secret key of a round (32 bytes), made on first use. It lives in the key store and in no backup of the data.

    It is drawn from a field key that seals nothing else: one block of its key stream, always the same.
    """
    name = f"nomination-round/{round_}"
    key = tx.store.keys.named_field_keys([name]).get(name)
    if key is None:
        raise Damaged("The key of this round is gone.")
    return key.encrypt(bytes(12), bytes(32), b"fingerprints of nominations")[:32]


def _read(tx: Transaction, row: models.Workpiece) -> KeptNomination | None:
    plain = tx.store.keys.unseal(bytes(row.content), row.field_key, bound_to(row.public_id, row.version))
    if plain is None:
        return None
    return KeptNomination(piece=row.public_id, authority=row.authority, body=bytes(opened(plain).body))
