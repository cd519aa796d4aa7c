"""Printing: a whole thread as one plain object, for paper or another file, with its handling on it and its hash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.handling import handling_bytes
from alidade.model.ids import HandlingId
from alidade.model.viewer import Actor
from alidade.policy.decision import permitted
from alidade.policy.terms import Terms
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.finding import find_thread, no_thread
from alidade.services.threads.reading import view_of
from alidade.services.threads.running import run
from alidade.services.threads.view import Printed, RecordView, ThreadView
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import SeenStatement


def print_thread(node: Node, actor: Actor, thread: str, *, language: str = "en") -> Printed:
    """Everything of a thread that this officer may read, with its conditions and a hash of what was printed.

    Own drafts, notes and desks are left out: they are not part of the file. Raises NotFound.
    """
    return _printed(node, actor, thread, "thread_read", language)


def export_thread(node: Node, actor: Actor, thread: str, *, language: str = "en") -> Printed:
    """The same for another program (`content` is JSON); needs the right to export.

    Values of records that must not be exported are left out. Raises NotFound.
    """
    return _printed(node, actor, thread, "export", language)


def _printed(node: Node, actor: Actor, thread: str, act: str, language: str) -> Printed:
    with node.store.transaction() as tx:
        require_right(node, tx, actor, act)
        if act == "export":
            require_right(node, tx, actor, "thread_read")
        found = find_thread(node, tx, actor, thread)
        printed = None
        details = {"view": "thread printed" if act == "thread_read" else "thread exported"}
        if found is not None:
            view = view_of(node, tx, actor, run(tx, found[0]), found[1], language=language)
            if act == "export":
                view = _exportable(tx, actor, view)
            printed = _print(tx, actor, view)
            details["sha256"] = printed.sha256
        log(tx, actor, act, objects=[thread], results=0 if found is None else 1, details=details)
    if printed is None:
        raise no_thread()
    return printed


def _print(tx: Transaction, actor: Actor, view: ThreadView) -> Printed:
    file = replace(view, drafts=(), notes=(), assignments=(), allowed=(), officer="", unit="")
    content = canonical_bytes(_plain(file))
    return Printed(
        view=file,
        printed_at=tx.now,
        officer=str(actor.officer),
        authority_name=directory.authority(tx, actor.viewer.authority).name,
        handling_lines=file.handling_lines,
        sha256=sha256_hex(content),
        content=content,
    )


def _exportable(tx: Transaction, actor: Actor, view: ThreadView) -> ThreadView:
    """The view less the values of records that the rules do not let out of the application."""
    world = directory.world(tx)
    granted = rights.releases_for(tx, actor.viewer.authority)

    def may_leave(statement: SeenStatement) -> bool:
        digest = HandlingId(sha256_hex(handling_bytes(statement.handling)))
        terms = Terms(id=digest, handling=statement.handling, verified=True)
        return permitted("export", actor.viewer, terms, tx.now, world, releases=granted)

    def of(record: RecordView) -> RecordView:
        return replace(record, statements=tuple(each for each in record.statements if may_leave(each)))

    steps = tuple(replace(step, records=tuple(of(record) for record in step.records)) for step in view.steps)
    return replace(view, steps=steps)


def _plain(view: ThreadView) -> Any:
    """As JSON says it: moments as ISO 8601 in UTC, lengths of time as ISO 8601 durations."""
    return msgspec.json.decode(msgspec.json.encode(view))
