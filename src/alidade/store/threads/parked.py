"""Steps that came before the first step of their thread: kept sealed until it is here, then taken up."""

from __future__ import annotations

import msgspec

from alidade.procedures import SignedStep, decode_step, step_bytes, step_id
from alidade.store import models
from alidade.store.database import Transaction


class _Sealed(msgspec.Struct, frozen=True, kw_only=True):
    step: bytes
    key_id: str
    signature: bytes


def park(tx: Transaction, signed: SignedStep) -> None:
    """Keep a step whose thread is not here yet; once."""
    digest = step_id(signed.step)
    rows = models.ParkedStep.objects.using(tx.alias)
    if rows.filter(digest=digest).exists():
        return
    ((key_id, key),) = tx.store.keys.new_field_keys(1)
    content = _Sealed(step=step_bytes(signed.step), key_id=signed.key_id, signature=signed.signature)
    rows.create(
        thread=signed.step.thread,
        digest=digest,
        content=tx.store.keys.seal(msgspec.msgpack.encode(content), key, f"parked_step/{digest}"),
        field_key=key_id,
        at=tx.now,
    )


def parked_of(tx: Transaction, thread: str) -> list[SignedStep]:
    """The steps that wait for a thread, oldest first."""
    found = []
    for row in models.ParkedStep.objects.using(tx.alias).filter(thread=thread).order_by("id"):
        plain = tx.store.keys.unseal(bytes(row.content), row.field_key, f"parked_step/{row.digest}")
        if plain is not None:
            sealed = msgspec.msgpack.decode(plain, type=_Sealed)
            found.append(SignedStep(step=decode_step(sealed.step), key_id=sealed.key_id, signature=sealed.signature))
    return found


def unpark(tx: Transaction, signed: SignedStep) -> None:
    """Forget a step that has been taken up."""
    models.ParkedStep.objects.using(tx.alias).filter(digest=step_id(signed.step)).delete()
