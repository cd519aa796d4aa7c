"""Erasing in threads: what one's own authority wrote is gone for good; that it was written, and its hash, remain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alidade.model.errors import Conflict, Invalid
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node, finish_erasures
from alidade.services.threads.finding import no_thread, own_thread
from alidade.store import erasing as acts
from alidade.store.database import Transaction
from alidade.store.threads import erasing, steps
from alidade.store.threads.erasing import Reached

_SHORTEST: Final = 3  # a shorter value may be anybody's


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedStep:
    """The act of erasing one step, and how many other parties had it: they erase it themselves."""

    erasure: str
    told: int


def erase_step(node: Node, actor: Actor, thread: str, step: str, reason: str) -> ErasedStep:
    """Erase the words and files of a step ("authority/number") that one's own authority wrote. It cannot be undone.

    Gone from rows and keys at once, from backups with the field key. Its frame remains: codes, moments and the
    answers by which the procedure goes. Raises NotFound where thread or step is absent, another's, or not for this
    officer; Conflict where it is erased already; Invalid for a reason that is not listed.
    """
    if reason not in node.vocabulary.codes("erasure_reasons"):
        raise Invalid(
            "The reason is not in the list.", remedy="See: alidade words erasure_reasons.", code="reason_unknown"
        )
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "erase")
        found, _ = own_thread(node, tx, actor, thread)
        own = actor.viewer.authority
        row = next(
            (each for each in steps.steps_of(tx, found) if each.author == own and f"{own}/{each.number}" == step), None
        )
        if row is None:
            raise no_thread()
        if row.content is None:
            raise Conflict("This step is erased already.", code="erased")
        keys = erasing.erase_step(tx, row.row)
        erasure = acts.note_erasure(tx, authority=own, officer=actor.officer, reason=reason, field_keys=keys)
        details = {"reason": reason, "erasure": erasure, "step": row.code}
        log(tx, actor, "erase", objects=[thread, step], results=1, details=details)
        others = len(found.parties) - 1
    finish_erasures(node.store)
    return ErasedStep(erasure=erasure, told=others)


def reach_threads(tx: Transaction, authority: AuthorityId, values: Iterable[str]) -> Reached:
    """Erase what one's own authority wrote in threads that says one of these values: steps, files, notes, drafts.

    For the erasure of a record, in its transaction: the caller destroys the field keys with the act.
    """
    wanted = {value.casefold() for value in values if len(value) >= _SHORTEST}
    if not wanted:
        return Reached(field_keys=(), steps=(), files=0, notes=0, drafts=0)

    def mentions(text: str) -> bool:
        return any(value in text.casefold() for value in wanted)

    def searched(content: bytes) -> bool:
        return mentions(content.decode("utf-8", "replace"))

    return erasing.reach(tx, authority, mentions, searched)
