"""Procedure files: the text of a procedure to begin another from, and its steps played with invented parties."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from alidade.model.viewer import Actor
from alidade.procedures.dry_run import Rehearsed, covering_walks, dry_run
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.managing import checked, require_usable
from alidade.services.threads.running import catalogue

MOST_WALKS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureWalk:
    """One way through a procedure, from the opening on: its moves, what came of each, and the deadlines that ran."""

    moves: tuple[Rehearsed, ...]
    clocks: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def clean(self) -> bool:
        """Whether every move took effect with a form that could have been sent."""
        return all(each.why == "" and not each.problems for each in self.moves)


def procedure_file(node: Node, actor: Actor, code: str, version: int = 0) -> str:
    """The text of a procedure as JSON, its version raised by one. Raises NotFound where it is not known."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        known = catalogue(tx)
        found = known.get(code, version) if version else known.newest(code)
        following = msgspec.structs.replace(found, version=max(known.versions(code)) + 1)
        log(tx, actor, "procedure_manage", results=1, details={"view": "file", "procedure": code})
    return msgspec.json.format(msgspec.json.encode(following), indent=1).decode()


def walk_procedure(node: Node, actor: Actor, content: bytes) -> tuple[ProcedureWalk, ...]:
    """Ways that together take every step that can be taken, with invented answers; nothing is kept.

    At most 60. Raises Unreadable where the file cannot be read, Invalid where it has errors.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        definition = require_usable(checked(node, content, "the file"))
        scripts = covering_walks(definition, node.vocabulary)[:MOST_WALKS]
        played = [dry_run(definition, script, node.vocabulary) for script in scripts]
        log(tx, actor, "procedure_manage", results=len(played), details={"change": "rehearsed"})
    return tuple(
        ProcedureWalk(
            moves=each.moves,
            clocks=tuple((clock.clock, tuple(event.kind for event in clock.events)) for clock in each.course.clocks),
        )
        for each in played
    )
