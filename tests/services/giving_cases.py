"""One exercise for each use case of giving: uploads, jobs, drafts, pasted text, corrections, what was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from alidade.model.viewer import Actor
from alidade.services.contributions import contribution, contributions
from alidade.services.drafts import draft, drafts, drop_draft, save_draft, send
from alidade.services.exporting import export_ftm
from alidade.services.foreseeing import foresee
from alidade.services.giving_form import FormThing, FormValue, GivingForm, giving_of
from alidade.services.import_job import ImportErrand, ImportPlan, in_force, rejected_rows, run_import, start_import
from alidade.services.jobs import cancel_job, forget_job, job, jobs
from alidade.services.mending import correct_record, own
from alidade.services.pasting import find_in_text
from alidade.services.uploads import discard, receive, settle, try_rows, upload, uploads

NONE = "0" * 32


def _form(s: Any) -> GivingForm:
    value = FormValue(property="name", value="Klaas Bakker")
    return GivingForm(
        title="form",
        handlings={"default": s.office.handling()},
        things=(FormThing(key="p", thing="Person", values=(value,)),),
    )


def _foresee(s: Any, actor: Actor) -> object:
    giving, _ = giving_of(_form(s), s.office.vocabulary)
    assert giving is not None
    return foresee(s.office.node, actor, giving)


def _run(s: Any, actor: Actor) -> object:
    errand = ImportErrand(upload=NONE, format="table", handling=s.office.handling(), source_list="x")
    content = msgspec.msgpack.encode(errand)
    return run_import(s.office.node, actor, NONE, content, lambda done: None, lambda: False)


def _start(s: Any, actor: Actor) -> object:
    plan = ImportPlan(handling=s.office.handling(), source_list="x")
    return start_import(s.office.node, actor, NONE, plan)


GIVING_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    receive: ("import", lambda s, a: receive(s.office.node, a, [b"name\nKlaas Bakker\n"])),
    uploads: ("import", lambda s, a: uploads(s.office.node, a)),
    upload: ("import", lambda s, a: upload(s.office.node, a, NONE)),
    settle: ("import", lambda s, a: settle(s.office.node, a, NONE, None, {})),
    try_rows: ("import", lambda s, a: try_rows(s.office.node, a, NONE, s.office.handling())),
    discard: ("import", lambda s, a: discard(s.office.node, a, NONE)),
    start_import: ("import", _start),
    in_force: ("import", lambda s, a: in_force(s.office.node, a, "watch")),
    run_import: ("import", _run),
    rejected_rows: ("import", lambda s, a: rejected_rows(s.office.node, a, NONE)),
    jobs: ("import", lambda s, a: jobs(s.office.node, a)),
    job: ("import", lambda s, a: job(s.office.node, a, NONE)),
    cancel_job: ("import", lambda s, a: cancel_job(s.office.node, a, NONE)),
    forget_job: ("import", lambda s, a: forget_job(s.office.node, a, NONE)),
    save_draft: ("contribute", lambda s, a: save_draft(s.office.node, a, _form(s))),
    drafts: ("contribute", lambda s, a: drafts(s.office.node, a)),
    draft: ("contribute", lambda s, a: draft(s.office.node, a, NONE)),
    drop_draft: ("contribute", lambda s, a: drop_draft(s.office.node, a, NONE)),
    send: ("contribute", lambda s, a: send(s.office.node, a, _form(s))),
    foresee: ("contribute", _foresee),
    find_in_text: ("contribute", lambda s, a: find_in_text(s.office.node, a, "IMO 9074729")),
    contributions: ("feedback_read", lambda s, a: contributions(s.office.node, a)),
    contribution: ("feedback_read", lambda s, a: contribution(s.office.node, a, s.contribution)),
    own: ("record_read", lambda s, a: own(s.office.node, a, s.record)),
    correct_record: ("contribute", lambda s, a: correct_record(s.office.node, a, s.record, {})),
    export_ftm: ("export", lambda s, a: export_ftm(s.office.node, a)),
}
