"""Import job: an uploaded file is taken in as long work, while its officer does something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from alidade.formats.mapping import Mapping
from alidade.formats.recognise import Format
from alidade.model.errors import AlidadeError, Invalid, NotFound
from alidade.model.handling import Handling, make_handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import require_owner
from alidade.services.import_file import ImportReport, Order, Reading, Source, import_file
from alidade.services.job_orders import ImportResult, order_job
from alidade.services.mappings import remember
from alidade.services.node import Node
from alidade.services.reading_apart import read_apart
from alidade.services.uploads import check_settled, discard_file, gone, own_upload, quarantined_file
from alidade.store import drafts, jobs, writing

KIND: Final = "import"
_REJECTS: Final = "rejects"


class ImportErrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that an import needs to run without its officer."""

    upload: str
    format: Format
    handling: Handling
    source_list: str
    mapping: Mapping | None = None
    header: tuple[str, ...] = ()
    delimiter: str = ","
    whole: bool = True
    accept_markings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What the officer has decided: under which handling, as which list, and whether the file is the whole list."""

    handling: Handling
    source_list: str
    whole: bool = True
    accept_markings: bool = False


def start_import(node: Node, actor: Actor, reference: str, plan: ImportPlan) -> str:
    """Put the import of an uploaded file into the queue; the reference of the job. The mapping is remembered.

    Raises Invalid where list name, mapping or handling cannot be used, Conflict where the file is no longer there.
    """
    name = plan.source_list.strip()
    if not name or len(name) > 80:
        raise Invalid("Name the list, in at most 80 characters.", remedy="Its next version comes under the same name.")
    handling = make_handling(plan.handling, node.vocabulary)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        require_owner(actor.viewer.authority, handling)
        found = own_upload(tx, actor, reference)
        waiting = found.waiting
        if waiting.looked.header:
            check_settled(node, found)
        if not quarantined_file(node, reference).exists():
            raise gone()
        if waiting.mapping is not None:
            remember(tx, actor, waiting.looked.header, name, waiting.mapping)
        errand = ImportErrand(
            upload=reference,
            format=waiting.looked.format,
            handling=handling,
            source_list=name,
            mapping=waiting.mapping,
            header=waiting.looked.header,
            delimiter=waiting.looked.delimiter,
            whole=plan.whole,
            accept_markings=plan.accept_markings,
        )
        job = order_job(tx, actor, KIND, msgspec.msgpack.encode(errand), total=waiting.looked.count)
        keys = drafts.drop_drafts(tx, [reference])
        log(tx, actor, "import", objects=[reference, job], details={"step": "ordered", "list": name})
    node.store.keys.destroy_field_keys(keys)
    return job


def in_force(node: Node, actor: Actor, source_list: str) -> int:
    """How many records of a list of one's own are in force: those that a whole list without them would delist."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        states = writing.records_of_list(tx, actor.viewer.authority, source_list.strip()[:80])
        count = sum(1 for state in states.values() if state.state in ("active", "quarantined"))
        log(tx, actor, "import", results=count, details={"view": "list in force"})
    return count


def run_import(
    node: Node, actor: Actor, job: str, content: bytes, progress: Callable[[int], None], stop: Callable[[], bool]
) -> ImportResult:
    """Take in the file of an errand, with the rights that the actor has now.

    The file is removed once it is in or refused; it stays where the work breaks off and will be taken up again.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
    errand = msgspec.msgpack.decode(content, type=ImportErrand)
    path = quarantined_file(node, errand.upload)
    if not path.exists():
        raise gone()
    rejects = rejects_file(node, job)
    rejects.parent.mkdir(mode=0o700, exist_ok=True)
    discard_file(rejects)  # of a run that broke off: the import is repeated as a whole
    items = read_apart(path, errand.format, errand.mapping, node.vocabulary, unmarked=errand.accept_markings)
    try:
        report = import_file(
            node,
            actor,
            Source(path=path, format=errand.format, sentence=""),
            Order(
                handling=errand.handling,
                source_list=errand.source_list,
                mapping=errand.mapping,
                whole=errand.whole,
                accept_markings=errand.accept_markings,
                rejects=rejects,
            ),
            progress,
            stop=stop,
            reading=Reading(items=items, header=errand.header, delimiter=errand.delimiter),
        )
    except AlidadeError:
        discard_file(path)
        raise
    finally:
        items.close()
    discard_file(path)
    return _result(report, stopped=stop())


def _result(report: ImportReport, *, stopped: bool) -> ImportResult:
    return ImportResult(
        source_list=report.source_list,
        read=report.read,
        new=report.new,
        altered=report.altered,
        unchanged=report.unchanged,
        delisted=report.delisted,
        quarantined=report.quarantined,
        rejected=report.rejected,
        remarks=report.remarks,
        statements=report.statements,
        stopped=stopped,
        rejects=report.rejects is not None,
        problems=report.problems,
    )


def rejects_file(node: Node, job: str) -> Path:
    """Where the rejected rows of a job lie; erasures reach them there through the run of the import."""
    return node.store.folder / _REJECTS / f"{job}.csv"


def rejected_rows(node: Node, actor: Actor, job: str) -> bytes:
    """The rows that an import of the officer's did not take, as a file that can be mended and given again.

    Raises NotFound where there are none, or the job is another's.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        kept = jobs.job_of(tx, actor.viewer.authority, actor.officer, job)
        path = rejects_file(node, job) if kept is not None else None
        if path is None or not path.exists():
            raise NotFound("There are no rejected rows under this reference.")
        log(tx, actor, "import", objects=[job], details={"view": "rejects"})
        return path.read_bytes()
