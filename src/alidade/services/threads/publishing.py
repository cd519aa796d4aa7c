"""Publishing: an own procedure is proposed by one administrator and published by another, who has looked at it.

Every authority of the node can open threads of it from then on, and a version never changes: hence four eyes.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from alidade.model.errors import Conflict, NotFound
from alidade.model.viewer import Actor
from alidade.procedures import in_language, load_catalogue, read_definition
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.managing import CheckedProcedure, checked, require_usable
from alidade.store.database import Transaction
from alidade.store.threads import definitions
from alidade.store.threads.definitions import KeptDefinition

_ACT = "procedure_manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedProcedure:
    """A version that waits for a second administrator. `digest` (SHA-256, hex) says of which text one speaks."""

    code: str
    version: int
    title: str
    digest: str
    text: str
    proposed_by: str
    proposed_at: datetime
    own: bool  # by whoever asks: somebody else must publish it


def propose_procedure(node: Node, actor: Actor, content: bytes, file: str = "the file") -> CheckedProcedure:
    """Hand in a procedure; it can be used once another administrator has published it.

    Raises Unreadable, Invalid where it has errors, Conflict where this version is known already.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        found = checked(node, content, file)
        definition = require_usable(found)
        if definition.version in load_catalogue().versions(definition.code):
            raise Conflict(
                "The catalogue has this version already.", remedy="Give it the next number.", code="version_kept"
            )
        definitions.add_proposal(
            tx,
            code=definition.code,
            version=definition.version,
            content=content,
            authority=actor.viewer.authority,
            officer=str(actor.officer),
        )
        _log(tx, actor, "proposed", definition.code, definition.version, content)
    return found


def proposed_procedures(node: Node, actor: Actor, *, language: str = "en") -> tuple[ProposedProcedure, ...]:
    """What waits for a second administrator, with its text to be read."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        found = tuple(
            ProposedProcedure(
                code=each.code,
                version=each.version,
                title=in_language(read_definition(each.content).title, language),
                digest=digest_of(each.content),
                text=each.content.decode(),
                proposed_by=each.officer,
                proposed_at=each.kept_at,
                own=each.officer == str(actor.officer),
            )
            for each in definitions.proposals(tx)
        )
        log(tx, actor, _ACT, results=len(found), details={"list": "proposed procedures"})
    return found


def publish_procedure(node: Node, actor: Actor, code: str, version: int, digest: str) -> None:
    """Publish what another administrator proposed: threads of it can be opened here from now on.

    `digest` is that of the text which one has read, so that nothing else is published. Raises NotFound, Conflict for
    one's own proposal or another text.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        found = _proposal(tx, code, version)
        if found.officer == str(actor.officer):
            raise Conflict(
                "You have proposed this procedure yourself; another administrator must publish it.",
                remedy="Ask a second administrator of this node to read it.",
                code="four_eyes",
            )
        if not hmac.compare_digest(digest_of(found.content).encode(), digest.strip().lower().encode()):
            raise Conflict(
                "Another text was proposed meanwhile.", remedy="Read the proposal anew.", code="another_text"
            )
        require_usable(checked(node, found.content, "the proposal"))
        definitions.publish_proposal(tx, code, version, str(actor.officer))
        _log(tx, actor, "published", code, version, found.content)


def withdraw_procedure(node: Node, actor: Actor, code: str, version: int) -> None:
    """Take a proposal back, or turn it down: nothing of it is left, and its number is free again. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, _ACT)
        found = _proposal(tx, code, version)
        definitions.drop_proposal(tx, code, version)
        _log(tx, actor, "withdrawn", code, version, found.content)


def digest_of(content: bytes) -> str:
    """By what a text is known: SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def _proposal(tx: Transaction, code: str, version: int) -> KeptDefinition:
    found = next((each for each in definitions.proposals(tx) if (each.code, each.version) == (code, version)), None)
    if found is None:
        raise NotFound("No procedure of this code and version was proposed here.")
    return found


def _log(tx: Transaction, actor: Actor, change: str, code: str, version: int, content: bytes) -> None:
    details = {"change": change, "procedure": f"{code} {version}", "text": digest_of(content)}
    log(tx, actor, _ACT, results=1, details=details)
