"""Jump: what was typed into the one box of the top line: a command, a reference, an identifier or a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.finding import Question, understand
from alidade.services.node import Node
from alidade.store import checks, directory, standing, writing
from alidade.store.database import Transaction
from alidade.store.reading import reading

What = Literal[
    "command", "check", "standing", "hit", "contribution", "record", "reference", "identifier", "name", "text"
]
_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """What something typed is, and where it leads.

    `target` is the name of a command, or a reference; `kind` and `shown` say how an identifier is read. "reference":
    it looks like one, and leads to nothing that this officer may see. "text": it is nothing that can be searched for.
    """

    what: What
    target: str = ""
    kind: str = ""
    shown: str = ""


def jump(node: Node, actor: Actor, typed: str, commands: Mapping[str, str]) -> Jump:
    """Decide what was typed. `commands` has the words of the face, in small letters, with the names they lead to.

    Nothing is searched for: a name or an identifier is asked on the page of the check, with its grounds.
    """
    text = typed.strip()
    folded = " ".join(text.casefold().split()).lstrip("/")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "day_read")
        if folded in commands:
            found = Jump(what="command", target=commands[folded])
        elif is_reference(folded):
            found = _referred(node, tx, actor, folded)
        else:
            found = _understood(text)
        objects = [found.target] if found.target and found.what != "command" else []
        log(tx, actor, "day_read", objects=objects, details={"view": "jump", "what": found.what})
    return found


def is_reference(text: str) -> bool:
    """Whether this is written as our references are: 32 hex digits."""
    return len(text) == 32 and set(text) <= _DIGITS


def _referred(node: Node, tx: Transaction, actor: Actor, reference: str) -> Jump:
    """What a reference leads to among what is one's own authority's or may be read; absent and forbidden are one."""
    acts = node.vocabulary.roles[actor.role].acts
    authority = actor.viewer.authority
    record = False
    if "record_read" in acts and actor.case:
        # Asked before all else and whatever the rest comes to: the work is the same for any reference.
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            record = bool(view.record(reference))
    if "standing_check" in acts and standing.standing_with_reference(tx, authority, reference) is not None:
        return Jump(what="standing", target=reference)
    if "check" in acts and checks.made_check(tx, authority, reference) is not None:
        return Jump(what="check", target=reference)
    if "verdict" in acts and checks.is_own_hit(tx, authority, reference):
        return Jump(what="hit", target=reference)
    if "feedback_read" in acts and writing.contribution_of(tx, authority, reference) is not None:
        return Jump(what="contribution", target=reference)
    return Jump(what="record", target=reference) if record else Jump(what="reference")


def _understood(text: str) -> Jump:
    try:
        first = understand(Question(text=text))[0]
    except Invalid:
        return Jump(what="text")
    if first.kind == "name":
        return Jump(what="name", kind="name")
    return Jump(what="identifier", kind=first.kind, shown=first.shown)
