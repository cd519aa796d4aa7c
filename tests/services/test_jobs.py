"""Jobs: an import goes on by itself, reports, can be stopped and forgotten, and survives the death of its worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from personas import DE, NL, Office

from alidade.model.errors import Conflict, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import OfficerId
from alidade.services import import_file as importing
from alidade.services.correcting import erase_record
from alidade.services.import_job import ImportPlan, in_force, rejected_rows, rejects_file, start_import
from alidade.services.job_orders import Failure, ImportResult
from alidade.services.jobs import cancel_job, forget_job, job, jobs, run_next, take_up_again, work
from alidade.services.officers import change_officer
from alidade.services.tidying import tidy
from alidade.services.uploads import FOLDER, receive
from alidade.store import jobs as kept_jobs

PEOPLE = b"no,name,born\n1,Jan Vermeulen,1964-07-31\n2,Piet Hein,1577\n3,,\n"


def _order(
    office: Office,
    content: bytes = PEOPLE,
    *,
    by: str = NL,
    role: str = "case_officer",
    handling: Handling | None = None,
    whole: bool = True,
) -> str:
    actor = office.officer(by, role)
    found = receive(office.node, actor, [content])
    plan = ImportPlan(handling=handling or office.handling(by), source_list="watch", whole=whole)
    return start_import(office.node, actor, found.reference, plan)


def test_an_import_runs_and_reports(office: Office) -> None:
    reference, actor = _order(office), office.officer(NL)
    waiting = job(office.node, actor, reference)
    assert (waiting.state, waiting.total, waiting.ended) == ("waiting", 3, False)
    assert run_next(office.node)
    assert not run_next(office.node)
    done = job(office.node, actor, reference)
    assert (done.state, done.done) == ("done", 3)
    result = done.result
    assert isinstance(result, ImportResult)
    assert (result.read, result.new, result.rejected, result.stopped) == (3, 2, 1, False)
    assert any(problem.place.row == 4 for problem in result.problems)
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"
    assert list((office.store.folder / FOLDER).iterdir()) == []  # the file is gone
    rejects = rejected_rows(office.node, actor, reference).decode("utf-8-sig")
    assert rejects.splitlines()[0].startswith('"no","name","born"')
    assert len(rejects.splitlines()) == 2


def test_a_list_that_comes_again_changes_what_changed(office: Office) -> None:
    keyed = PEOPLE.replace(b"no,", b"reference,")
    _order(office, keyed)
    run_next(office.node)
    assert in_force(office.node, office.officer(NL), "watch") == 2
    again = _order(office, keyed.replace(b"Piet Hein", b"Piet Heyn").replace(b"1,Jan", b"9,Jan"))
    run_next(office.node)
    result = job(office.node, office.officer(NL), again).result
    assert isinstance(result, ImportResult)
    assert (result.new, result.altered, result.unchanged, result.delisted) == (1, 1, 0, 1)


def test_only_its_officer_sees_a_job(office: Office) -> None:
    reference = _order(office)
    run_next(office.node)
    for other in (office.officer(NL, "analyst"), office.officer(DE)):
        assert jobs(office.node, other) == []
        for look in (job, cancel_job, forget_job, rejected_rows):
            with pytest.raises(NotFound):
                look(office.node, other, reference)


def test_one_job_of_an_authority_at_a_time(office: Office) -> None:
    _order(office), _order(office)
    foreign = _order(office, by=DE)
    with office.store.transaction() as tx:
        first = kept_jobs.take_next(tx)
        second = kept_jobs.take_next(tx)
        third = kept_jobs.take_next(tx)
    assert first is not None
    assert first.authority == NL
    assert second is not None
    assert second.id == foreign
    assert third is None


def test_rights_are_those_of_the_moment_it_runs(office: Office) -> None:
    reference = _order(office, role="analyst")
    admin = office.officer(NL, "administrator")
    change_officer(office.node, admin, OfficerId(f"{NL}/analyst"), role="front_line_officer")
    assert run_next(office.node)
    with office.store.transaction() as tx:
        (kept,) = kept_jobs.jobs_of(tx, NL, f"{NL}/analyst")
    assert (kept.id, kept.state) == (reference, "failed")
    assert office.ask(DE, "Jan Vermeulen").kind == "no_hit"


def test_a_stop_takes_effect_between_portions(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "PORTION", 2)
    rows = b"no,name\n" + b"".join(b"%d,Name Number%d\n" % (n, n) for n in range(10))
    reference, actor = _order(office, rows), office.officer(NL)
    beat = kept_jobs.beat

    def beat_after_commit(tx: object, reference: str, done: int) -> bool:
        if done == 4:
            kept_jobs.ask_to_stop(tx, reference)  # type: ignore[arg-type]  # the officer presses the button now
        return beat(tx, reference, done)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_jobs, "beat", beat_after_commit)
    run_next(office.node)
    stopped = job(office.node, actor, reference)
    assert stopped.state == "cancelled"
    assert isinstance(stopped.result, ImportResult)
    assert (stopped.result.read, stopped.result.new, stopped.result.stopped) == (4, 4, True)
    assert stopped.result.delisted == 0


def test_a_waiting_job_is_stopped_at_once(office: Office) -> None:
    reference, actor = _order(office), office.officer(NL)
    assert cancel_job(office.node, actor, reference).state == "cancelled"
    assert not run_next(office.node)
    with pytest.raises(Conflict):
        cancel_job(office.node, actor, reference)


def test_a_job_whose_worker_died_is_taken_up_again(office: Office) -> None:
    reference, actor = _order(office), office.officer(NL)
    with office.store.transaction() as tx:
        kept_jobs.take_next(tx)
    assert take_up_again(office.node) == 0  # it may be alive
    office.clock.move(hours=1)
    assert take_up_again(office.node) == 1
    assert run_next(office.node)
    assert job(office.node, actor, reference).state == "done"


def test_a_job_that_breaks_off_again_and_again_ends(office: Office) -> None:
    reference, actor = _order(office), office.officer(NL)
    for _ in range(3):
        with office.store.transaction() as tx:
            kept_jobs.take_next(tx)
        office.clock.move(hours=1)
        take_up_again(office.node)
    ended = job(office.node, actor, reference)
    assert ended.state == "failed"
    assert isinstance(ended.result, Failure)
    assert not run_next(office.node)


def test_a_half_done_import_is_repeatable(office: Office) -> None:
    """The rows of the first try are unchanged in the second; the list is whole afterwards."""
    first = _order(office)
    run_next(office.node)
    assert job(office.node, office.officer(NL), first).state == "done"
    second = _order(office)
    run_next(office.node)
    result = job(office.node, office.officer(NL), second).result
    assert isinstance(result, ImportResult)
    assert (result.new, result.unchanged, result.statements, result.delisted) == (0, 2, 0, 0)


def test_an_erasure_reaches_the_rejected_rows(office: Office) -> None:
    rows = b"no,name,born\n1,Jan Vermeulen,1964\n2,Jan Vermeulen,never\n"
    reference, actor = _order(office, rows), office.officer(NL)
    run_next(office.node)
    assert b"Vermeulen" in rejected_rows(office.node, actor, reference)
    record = office.ask(NL, "Jan Vermeulen").hits[0].record
    erase_record(office.node, actor, record, "unlawful")
    assert b"Vermeulen" not in rejected_rows(office.node, actor, reference)


def test_a_job_is_forgotten_with_its_rejects_and_after_thirty_days(office: Office) -> None:
    first, actor = _order(office), office.officer(NL)
    with pytest.raises(Conflict):
        forget_job(office.node, actor, first)
    run_next(office.node)
    forget_job(office.node, actor, first)
    assert not rejects_file(office.node, first).exists()
    second = _order(office)
    run_next(office.node)
    office.clock.move(**{"days": timedelta(days=31).days})
    assert tidy(office.node) == 1
    assert jobs(office.node, actor) == []
    assert not rejects_file(office.node, second).exists()


def test_what_is_ordered_lies_sealed(office: Office) -> None:
    _order(office, PEOPLE, handling=office.handling(restriction="only Vermeulen's team", codes=("H3",)))
    assert b"Vermeulen" not in office.files()


def test_a_worker_that_is_told_to_end_leaves_the_job_to_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PORTION", 1)
    reference, actor = _order(office), office.officer(NL)
    asked = iter([False, True])
    assert not run_next(office.node, lambda: next(asked, True))
    waiting = job(office.node, actor, reference)
    assert (waiting.state, waiting.done) == ("waiting", 2)
    assert run_next(office.node)
    result = job(office.node, actor, reference).result
    assert isinstance(result, ImportResult)
    assert (result.new, result.unchanged, result.rejected) == (0, 2, 1)


class _After:
    """Stops the worker after so many looks."""

    def __init__(self, looks: int) -> None:
        self._looks: Iterator[int] = iter(range(looks))

    def is_set(self) -> bool:
        return next(self._looks, None) is None

    def wait(self, timeout: float, /) -> None:
        """No time passes in a test."""


def test_the_worker_does_what_is_in_the_queue(office: Office) -> None:
    first, second = _order(office), _order(office, by=DE)
    work(office.node, _After(8))
    assert job(office.node, office.officer(NL), first).state == "done"
    assert job(office.node, office.officer(DE), second).state == "done"
