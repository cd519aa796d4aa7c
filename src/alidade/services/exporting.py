"""Exporting: what may be taken out, in a form that carries its handling, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from alidade.formats.ftm_writer import FtmExport, write_ftm
from alidade.model.draft import Claim, Draft
from alidade.model.errors import Invalid
from alidade.model.handling import handling_id
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.records import Export
from alidade.store import directory
from alidade.store.reading import SeenStatement, reading
from alidade.vocabulary import Vocabulary

_DATASET: Final = "alidade-export"


def export_ftm(node: Node, actor: Actor) -> tuple[Export, tuple[str, ...]]:
    """Everything this viewer may take out as FollowTheMoney entities, and what that form could not say.

    The form can carry one handling for a whole file and none for single values. Raises Invalid, and says so, where
    the statements stand under several; then take CSV, in which every row carries its own.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "export")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "export")) as view:
            statements = list(view.everything("export"))
        handlings = {handling_id(statement.handling): statement.handling for statement in statements}
        if len(handlings) > 1:
            raise Invalid(
                f"These values stand under {len(handlings)} different handlings; FollowTheMoney can carry one for a"
                " whole file and none for single values, so nothing was exported.",
                remedy="Export as CSV, in which every row carries its handling.",
                code="handling_not_carried",
            )
        joined = next(iter(handlings.values()), None)
        drafts = drafts_of(statements, node.vocabulary)
        written = write_ftm(FtmExport(drafts=drafts, joined=joined, dataset=_DATASET), node.vocabulary)
        content = "".join(f"{line}\n" for line in (*filter(None, [written.dataset]), *written.lines)).encode()
        digest = hashlib.sha256(content).hexdigest()
        log(
            tx,
            actor,
            "export",
            objects=sorted({statement.record for statement in statements}),
            results=len(statements),
            details={"sha256": digest, "form": "ftm"},
        )
    losses = tuple(dict.fromkeys(loss.reason for loss in written.losses))
    return Export(content=content, rows=len(written.lines), sha256=digest), losses


def drafts_of(statements: Sequence[SeenStatement], vocabulary: Vocabulary) -> list[Draft]:
    """Statements gathered by their record, as the writers of other forms take them."""
    records: dict[str, tuple[str, list[Claim]]] = {}
    for each in statements:
        known = vocabulary.properties_of(each.thing).get(each.property)
        claim = Claim(
            property=each.property,
            value=each.value,
            original=each.original,
            language=each.language,
            evaluation=each.evaluation.code if each.evaluation.given else None,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            refers=known is not None and known.kind == "entity",
        )
        records.setdefault(each.record, (each.thing, []))[1].append(claim)
    return [Draft(key=key, thing=thing, claims=tuple(claims)) for key, (thing, claims) in records.items()]
