"""Entity export: everything about one thing as a file under its joined handling, or refused with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from alidade.formats.ftm_writer import FtmExport, write_ftm
from alidade.model.errors import Invalid, NotAllowed
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.exporting import drafts_of
from alidade.services.node import Node
from alidade.services.picture.entity import seen_entity, shown_statements
from alidade.services.picture.entity_asked import no_entity
from alidade.services.picture.entity_terms import exportable, one_handling, out_of_here, terms_by_id
from alidade.services.records import csv_of
from alidade.store import directory
from alidade.store.reading import SeenStatement, reading
from alidade.vocabulary import Vocabulary

EntityForm = Literal["csv", "ftm"]
FORMS: Final[tuple[EntityForm, ...]] = get_args(EntityForm)
_TYPES: Final = {"csv": ("csv", "text/csv; charset=utf-8"), "ftm": ("ftm.json", "application/json; charset=utf-8")}
_DATASET: Final = "alidade-entity"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFile:
    """A file to be taken out; `left_out` statements are not in it because their owners do not let this viewer."""

    content: bytes
    name: str
    content_type: str
    sha256: str
    rows: int
    left_out: int


def export_entity(
    node: Node, actor: Actor, record: str, form: EntityForm, *, part: bool = False, language: str = "en"
) -> EntityFile:
    """All that the viewer sees of a thing and its ties, as CSV or as FollowTheMoney in lines of JSON.

    With `part`, what may not be taken out is left out; without it, one value that may not keeps everything here.
    Raises NotAllowed, code `strictest_wins`, with the rules in the language asked for; Invalid, code
    `handling_not_carried`, where the form cannot carry the handling; NotFound where it is not for this viewer.
    """
    if form not in FORMS:
        raise Invalid("There is no such form of export.", remedy=f"Forms: {', '.join(FORMS)}.", code="form_unknown")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "export")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            seen = seen_entity(view, node.vocabulary, record, None)
        every = () if seen is None else shown_statements(seen)
        free = exportable(tx, actor, every, terms_by_id(tx, every))
        out = None if seen is None else out_of_here(node, tx, actor, every, language)
        refused = out is not None and not out.allowed and not (part and free)
        written = b"" if seen is None or refused else _written(free, form, node.vocabulary)
        digest = hashlib.sha256(written).hexdigest()
        details = {"sha256": digest, "form": form, "what": "entity"}
        if refused:
            details = {"form": form, "what": "entity", "refused": "strictest_wins"}
        log(tx, actor, "export", objects=sorted({each.record for each in free}) or [record],
            results=0 if refused else len(free), details=details)  # fmt: skip
    if out is None:
        raise no_entity()
    if refused:
        raise NotAllowed(" ".join(out.reasons), code="strictest_wins")
    ending, content_type = _TYPES[form]
    return EntityFile(
        content=written, name=f"alidade-entity.{ending}", content_type=content_type, sha256=digest, rows=len(free),
        left_out=len(every) - len(free),
    )  # fmt: skip


def _written(statements: Sequence[SeenStatement], form: EntityForm, vocabulary: Vocabulary) -> bytes:
    if form == "csv":
        return csv_of(statements)
    handling = one_handling(statements)
    if handling is None:
        raise Invalid(
            "These values stand under different handlings; FollowTheMoney can carry one for a whole file and none for"
            " single values, so nothing was exported.",
            remedy="Export as CSV, in which every row carries its handling.",
            code="handling_not_carried",
        )
    written = write_ftm(
        FtmExport(drafts=drafts_of(statements, vocabulary), joined=handling, dataset=_DATASET), vocabulary
    )
    return "".join(f"{line}\n" for line in (*filter(None, [written.dataset]), *written.lines)).encode()
