"""Jobs: long work goes on while its officer does something else, can be followed, stopped and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

import msgspec

from alidade.model.errors import AlidadeError, Conflict, Damaged, NotFound
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as, log, require_right
from alidade.services.import_job import KIND as IMPORT
from alidade.services.import_job import rejects_file, run_import
from alidade.services.job_orders import Failure, JobOrder, JobResult
from alidade.services.node import Node
from alidade.services.picture.questions import KIND as QUESTION
from alidade.services.picture.questions import run_question
from alidade.services.picture.suggesting import KIND as SUGGEST
from alidade.services.picture.suggesting import run_suggestions
from alidade.services.tidying import tidy
from alidade.services.uploads import discard_file
from alidade.store import jobs as kept_jobs
from alidade.store.database import Transaction
from alidade.store.jobs import OPEN, KeptJob

Run = Callable[[Node, Actor, str, bytes, Callable[[int], None], Callable[[], bool]], JobResult]
SILENT: Final = timedelta(minutes=5)  # after which a running job counts as broken off
MOST_TRIES: Final = 3
_PAUSE: Final = 2.0  # seconds between two looks into an empty queue
_TIDY_EVERY: Final = 150  # looks


# Every kind of long work; each asks itself whether its officer may do it now.
KINDS: Final[Mapping[str, Run]] = MappingProxyType(
    {IMPORT: run_import, SUGGEST: run_suggestions, QUESTION: run_question}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job as its officer sees it. `total` is None where it cannot be told; `stopping` once a stop was asked for."""

    reference: str
    kind: str
    state: str
    stopping: bool
    done: int
    total: int | None
    made_at: datetime
    ended_at: datetime | None
    result: JobResult | None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state not in OPEN


def jobs(node: Node, actor: Actor) -> list[JobView]:
    """The officer's own jobs, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        mine = kept_jobs.jobs_of(tx, actor.viewer.authority, actor.officer)
        found = [_view(job) for job in mine if job.kind == IMPORT]
        log(tx, actor, "import", results=len(found), details={"list": "jobs"})
    return found


def job(node: Node, actor: Actor, reference: str) -> JobView:
    """How far a job of the officer's is, and what came of it. Raises NotFound for another's and for none.

    Only the look at a result leaves an entry in the ledger; the mere numbers of a running job are asked for often.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        found = _view(_own(tx, actor, reference))
        if found.ended:
            log(tx, actor, "import", objects=[reference], details={"view": "job"})
    return found


def cancel_job(node: Node, actor: Actor, reference: str) -> JobView:
    """Ask for the end of a job: it stops after the portion at hand, and what is in stays. Conflict if it has ended."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        if _own(tx, actor, reference).state not in OPEN:
            raise Conflict("This work has ended already.", code="job_ended")
        kept_jobs.ask_to_stop(tx, reference)
        log(tx, actor, "import", objects=[reference], details={"step": "stop asked for"})
        return _view(_own(tx, actor, reference))


def forget_job(node: Node, actor: Actor, reference: str) -> None:
    """Remove an ended job with its report and its rejected rows; what was taken in stays."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "import")
        if _own(tx, actor, reference).state in OPEN:
            raise Conflict("This work has not ended.", remedy="Stop it first.", code="job_open")
        keys = kept_jobs.drop_jobs(tx, [reference])
        log(tx, actor, "import", objects=[reference], details={"step": "job forgotten"})
    discard_file(rejects_file(node, reference))
    node.store.keys.destroy_field_keys(keys)


def _own(tx: Transaction, actor: Actor, reference: str) -> KeptJob:
    found = kept_jobs.job_of(tx, actor.viewer.authority, actor.officer, reference)
    if found is None:
        raise NotFound("You have no work under this reference.")
    return found


def _view(found: KeptJob) -> JobView:
    result = None
    if found.result is not None:
        result = msgspec.msgpack.decode(found.result, type=JobResult)
    return JobView(
        reference=found.id,
        kind=found.kind,
        state=found.state,
        stopping=found.cancel and found.state == "running",
        done=found.done,
        total=found.total,
        made_at=found.made_at,
        ended_at=found.ended_at,
        result=result,
    )


class Stop(Protocol):
    """Says that the worker shall end; threading.Event is one."""

    def is_set(self) -> bool: ...

    def wait(self, timeout: float, /) -> object: ...


def work(node: Node, stop: Stop) -> None:
    """Do what is in the queue until `stop` is set: the loop of the server's worker. Raises Damaged only."""
    looks = 0
    while not stop.is_set():
        if looks % _TIDY_EVERY == 0:
            take_up_again(node)
            tidy(node)
        looks += 1
        while not stop.is_set() and run_next(node, stop.is_set):
            pass
        stop.wait(_PAUSE)


class _Leaving(Exception):
    """The worker is told to end while it is at a job, which waits for the next one."""


def run_next(node: Node, leaving: Callable[[], bool] = lambda: False) -> bool:
    """Do the next job, with the rights that its officer has now; False where none can be begun.

    Once `leaving` says so, the job at hand goes back into the queue after the portion that is being taken in.
    """
    with node.store.transaction() as tx:
        found = kept_jobs.take_next(tx)
    if found is None:
        return False
    beat = _Beat(node, found, leaving)
    state = "failed"
    result: JobResult = _LOST
    try:
        if found.order is not None:
            result = _do(node, found, msgspec.msgpack.decode(found.order, type=JobOrder), beat)
            state = "cancelled" if beat.stop() else "done"
    except Damaged:
        raise
    except _Leaving:
        with node.store.transaction() as tx:
            kept_jobs.put_back(tx, found.id, found.order or b"")
        return False
    except AlidadeError as error:
        result = Failure(code=error.code, message=error.message, remedy=error.remedy)
    except Exception:  # the queue must go on, and an error text could hold a value
        result = _BROKEN
    with node.store.transaction() as tx:
        kept_jobs.end_job(tx, found.id, state, msgspec.msgpack.encode(result))
    return True


def _do(node: Node, found: KeptJob, order: JobOrder, beat: _Beat) -> JobResult:
    grounds = order.grounds
    actor = act_as(
        node,
        OfficerId(found.officer),
        purpose=grounds.purpose,
        case=grounds.case,
        legal_ground=grounds.legal_ground,
        justification=grounds.justification,
    )
    return KINDS[found.kind](node, actor, found.id, order.content, beat.progress, beat.stop)


class _Beat:
    """Notes that a job is alive, and hears whether it shall stop."""

    def __init__(self, node: Node, found: KeptJob, leaving: Callable[[], bool]) -> None:
        self._node = node
        self._job = found.id
        self._stop = False
        self._leaving = leaving

    def progress(self, done: int) -> None:
        """So much is done."""
        with self._node.store.transaction() as tx:
            self._stop = kept_jobs.beat(tx, self._job, done)
        if self._leaving() and not self._stop:
            raise _Leaving

    def stop(self) -> bool:
        """Whether a stop has been asked for."""
        return self._stop


_LOST: Final = Failure(
    code="order_gone", message="What was to be done was erased before it began.", remedy="Order it again."
)
_BROKEN: Final = Failure(
    code="job_broken",
    message="The work broke off at an error of ours; what had been taken in stays.",
    remedy="Give the file again: rows that are in already are passed over. Tell your administrator if it recurs.",
)


def take_up_again(node: Node) -> int:
    """Let jobs whose worker died wait again, or end them where that happens again and again; how many there were."""
    with node.store.transaction() as tx:
        found = kept_jobs.silent_jobs(tx, tx.now - SILENT)
        for silent in found:
            order = None if silent.order is None else msgspec.msgpack.decode(silent.order, type=JobOrder)
            if order is None or order.broken_off + 1 >= MOST_TRIES:
                kept_jobs.end_job(tx, silent.id, "failed", msgspec.msgpack.encode(_BROKEN))
            else:
                again = msgspec.structs.replace(order, broken_off=order.broken_off + 1)
                kept_jobs.put_back(tx, silent.id, msgspec.msgpack.encode(again))
    return len(found)
