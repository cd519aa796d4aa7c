"""Records: what a viewer may read of one thing and of everything, joined as he may join it, never kept as one truth."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

from alidade.formats.formula import neutralise
from alidade.matching.folding import fold
from alidade.model.errors import NotFound
from alidade.model.handling import handling_bytes
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.joining import joined, rulings_around
from alidade.store import directory
from alidade.store.reading import ReaderView, SeenJudgement, SeenStatement, reading

__all__ = [
    "Export",
    "Overview",
    "SeenEntity",
    "SeenJudgement",
    "SeenStatement",
    "csv_of",
    "export",
    "overview",
    "show_record",
    "suggest_words",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntity:
    """A thing as one viewer sees it: its records, their statements, and the rulings that join them."""

    records: tuple[str, ...]
    statements: tuple[SeenStatement, ...]
    judgements: tuple[SeenJudgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts and the newest, of what this viewer may read."""

    statements: int
    things: tuple[tuple[str, int], ...]
    newest: tuple[SeenStatement, ...]


def show_record(node: Node, actor: Actor, record: str) -> SeenEntity:
    """One record and what is joined with it. Raises NotFound where it is absent, or not for this viewer."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "record_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            entity = _as_seen(view, record, actor.viewer.authority)
        log(tx, actor, "record_read", objects=entity.records or [record], results=len(entity.statements))
    if not entity.statements:
        raise NotFound("There is no record with this reference that you may see.")
    return entity


def _as_seen(view: ReaderView, record: str, authority: str) -> SeenEntity:
    if not view.record(record):
        return SeenEntity(records=(), statements=(), judgements=())
    groups = joined([record], rulings_around(view, [record]), authority)
    records = groups.of(record)
    said = view.statements_of([(each, None) for each in records])
    statements = sorted((s for seen in said.values() for s in seen), key=lambda s: s.number)
    used = tuple(each for each in groups.followed if each.left in records)
    return SeenEntity(records=tuple(sorted(said)), statements=tuple(statements), judgements=used)


def overview(node: Node, actor: Actor, *, newest: int = 50) -> Overview:
    """How much there is for this viewer, and what came last."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "record_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = Overview(statements=view.count(), things=tuple(view.facets()), newest=tuple(view.newest(newest)))
        shown = sorted({statement.record for statement in found.newest})
        log(tx, actor, "record_read", objects=shown, results=len(found.newest), details={"view": "overview"})
    return found


def suggest_words(node: Node, actor: Actor, prefix: str, *, limit: int = 10) -> list[str]:
    """Words of names that begin so, from what this viewer may read."""
    folded = fold(prefix).replace(" ", "")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "record_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            words = view.suggest(folded, limit) if folded else []
        log(tx, actor, "record_read", results=len(words), details={"view": "suggestions"})
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file of statements with their handling, and its SHA-256."""

    content: bytes
    rows: int
    sha256: str


_EXPORTED = (
    "record", "thing", "property", "value", "original", "language", "evaluation", "evaluation_given", "owner",
    "given_at", "valid_from", "valid_to", "handling_codes", "restriction", "conditions", "classification", "purposes",
    "subject_category", "expires_on", "handling",
)  # fmt: skip


def export(node: Node, actor: Actor) -> Export:
    """Everything this viewer may take out, as CSV in which every row carries its whole handling, H3 text included."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "export")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "export")) as view:
            statements = list(view.everything("export"))
        content = csv_of(statements)
        digest = hashlib.sha256(content).hexdigest()
        log(
            tx,
            actor,
            "export",
            objects=sorted({statement.record for statement in statements}),
            results=len(statements),
            details={"sha256": digest},
        )
    return Export(content=content, rows=len(statements), sha256=digest)


def csv_of(statements: Iterable[SeenStatement]) -> bytes:
    """Statements as CSV, one row each, with its whole handling."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_EXPORTED)
    for statement in statements:
        writer.writerow(neutralise(cell) for cell in _row(statement))
    return text.getvalue().encode()


def _row(statement: SeenStatement) -> tuple[str, ...]:
    handling = statement.handling
    return (
        statement.record, statement.thing, statement.property, statement.value, statement.original or "",
        statement.language or "", statement.evaluation.code, "yes" if statement.evaluation.given else "not given",
        statement.owner, statement.given_at, statement.valid_from or "", statement.valid_to or "",
        " ".join(handling.codes), handling.restriction, " ".join(handling.conditions), handling.classification,
        " ".join(handling.purposes), handling.subject_category or "", handling.expires_on or "",
        handling_bytes(handling).decode(),
    )  # fmt: skip
