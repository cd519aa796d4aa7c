"""Access letter: the answer that neither confirms nor denies. Refused and absent read the same, to the last byte.

Source: Directive (EU) 2016/680 Art. 15(3): the person need not be told of a refusal where that would undermine its
purpose; Art. 15(4): the reasons are kept for the supervisory authority. They are kept in the ledger, not in the letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.store import directory

OUTCOMES: Final = ("absent", "refused")
Outcome = Literal["absent", "refused"]
_LONGEST_REFERENCE = 80
_LETTER = "neither_confirm_nor_deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The letter as text in UTF-8, and whether its wording was verified for use."""

    content: bytes
    verified: bool
    source: str


def write_letter(
    node: Node, actor: Actor, *, outcome: Outcome, request: str, reason: str = "", language: str = "en"
) -> Letter:
    """The letter in answer to a request (its number at the authority), the same for every outcome.

    Outcome and reason go into the ledger alone. Raises Invalid for an outcome that is none, and for a refusal without
    a reason.
    """
    if outcome not in OUTCOMES:
        raise Invalid("There is no such outcome.", remedy=f"Outcomes: {', '.join(OUTCOMES)}.")
    reference = " ".join(request.split())
    if not reference or len(reference) > _LONGEST_REFERENCE or not reference.isprintable():
        raise Invalid("State the number of the request, of at most 80 characters.", code="request_missing")
    if outcome == "refused" and not reason.strip():
        raise Invalid("A refusal needs its reason, for the supervisory authority.", code="reason_missing")
    body = node.vocabulary.codes("access_letters")[_LETTER]
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "person_export")
        authority = directory.authority(tx, actor.viewer.authority)
        day = tx.now.date().isoformat()
        details = {"view": "letter", "outcome": outcome, "request": reference, "reason": reason.strip()}
        log(tx, actor, "person_export", results=0, details=details)
    lines = (authority.name, authority.contact, "", reference, day, "", body.label.in_(language), "")
    return Letter(content="\n".join(lines).encode(), verified=body.verified, source=body.source)
