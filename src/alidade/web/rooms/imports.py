"""Bring a list: drop a file, see what it is and how it would be read, mend that, and let it be taken in."""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from alidade.model.errors import AlidadeError, Conflict, Invalid
from alidade.model.handling import Handling
from alidade.services.import_job import ImportPlan, in_force, rejected_rows, start_import
from alidade.services.job_orders import Failure, ImportResult
from alidade.services.jobs import JobView, cancel_job, forget_job, job, jobs
from alidade.services.mappings import MappingFault, RowFate, mapping_faults
from alidade.services.uploads import LARGEST, Upload, discard, receive, settle, try_rows, upload, uploads
from alidade.web.forms import choices
from alidade.web.giving_fields import GRADES, thing_choices
from alidade.web.handling_form import HandlingForm, handling_form
from alidade.web.mapping_fields import mapping_of, shown_columns, targets
from alidade.web.place import Desk, page
from alidade.web.quarantine_upload import quarantined
from alidade.web.table import Column, Table
from alidade.web.told import told, translated

STATES = {
    "waiting": gettext_lazy("waiting"),
    "running": gettext_lazy("being taken in"),
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "cancelled": gettext_lazy("stopped"),
}
_MOST_PROBLEMS = 200


@csrf_exempt  # the check waits until the file has a place to go: see bring
@page("import")
def import_(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where a list is dropped, with the files that wait and the work that goes on."""
    handler = quarantined(request, desk) if request.method == "POST" else None

    @csrf_protect
    def bring(request: HttpRequest) -> HttpResponse:
        said = ""
        if handler is not None:
            said = _too_large() if handler.too_large else ""
            file = request.FILES.get("file")
            if not said and file is not None:
                try:
                    found = receive(desk.node, desk.actor, file.chunks(), declared=file.size)
                    return redirect("import.file", found.reference)
                except Invalid as error:
                    said = " ".join(told(error)).strip()
            said = said or _("Choose a file first.")
        return render(request, "web/imports/drop.html", _lists(request, desk, said), status=422 if said else 200)

    if handler is not None:
        request.POST  # noqa: B018  # read now, so that a file that is too large is stopped here
        if handler.too_large:
            return render(request, "web/imports/drop.html", _lists(request, desk, _too_large()), status=413)
    return bring(request)


def _too_large() -> str:
    return _("The file is larger than %(size)d MiB; nothing of it was kept. Give it in parts.") % {
        "size": LARGEST // (1024 * 1024)
    }


def _lists(request: HttpRequest, desk: Desk, said: str) -> dict[str, Any]:
    files: list[Column[Upload]] = [
        Column(key="what", title=gettext_lazy("What it is"), value=_what),
        Column(key="rows", title=gettext_lazy("Rows"), value=lambda each: each.waiting.looked.count, kind="number"),
        Column(key="at", title=gettext_lazy("Received"), value=lambda each: each.received_at, kind="moment"),
    ]
    waiting = Table(
        name="uploads",
        caption=gettext_lazy("Files that wait"),
        columns=files,
        rows=uploads(desk.node, desk.actor),
        request=request,
        link=lambda each: reverse("import.file", args=[each.reference]),
    )
    works: list[Column[JobView]] = [
        Column(key="list", title=gettext_lazy("List"), value=_list_of),
        Column(key="state", title=gettext_lazy("State"), value=lambda each: STATES[each.state], kind="tag"),
        Column(key="rows", title=gettext_lazy("Rows"), value=lambda each: each.done, kind="number"),
        Column(key="made", title=gettext_lazy("Ordered"), value=lambda each: each.made_at, kind="moment"),
    ]
    work = Table(
        name="jobs",
        caption=gettext_lazy("Taken in, or on the way"),
        columns=works,
        rows=jobs(desk.node, desk.actor),
        request=request,
        link=lambda each: reverse("import.job", args=[each.reference]),
        empty=gettext_lazy("No list was brought yet. Drop one above."),
    )
    return {"waiting": waiting, "work": work, "said": said, "largest": LARGEST // (1024 * 1024)}


def _what(each: Upload) -> str:
    return each.waiting.settings.get("source_list") or translated(each.waiting.looked.sentence)


def _list_of(each: JobView) -> str:
    return each.result.source_list if isinstance(each.result, ImportResult) else each.reference[:8]


@page("import")
def file(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """How a file would be read: its columns, its first rows, and what would become of them."""
    found = upload(desk.node, desk.actor, reference)
    if request.method != "POST":
        fields = handling_form(desk, "handling", handling=_earlier(desk, found))
        return _draw(request, desk, found, fields, tried=bool(found.waiting.settings))
    if request.POST.get("do") == "discard":
        discard(desk.node, desk.actor, reference)
        messages.success(request, _("The file is removed. Nothing of it was taken in."))
        return redirect("import")
    fields = handling_form(desk, "handling", sent=request.POST, handling=_earlier(desk, found))
    settings = {name: request.POST.get(name, "")[:80] for name in ("source_list", "whole", "accept")}
    if fields.is_valid():
        settings["handling"] = _text_of(fields.handling(desk.authority.id))
    mapping = mapping_of(request.POST, found.waiting) if found.waiting.looked.header else None
    found = settle(desk.node, desk.actor, reference, mapping, settings)
    if request.POST.get("do") != "start" or not fields.is_valid():
        return _draw(request, desk, found, fields, tried=True, status=200 if fields.is_valid() else 422)
    plan = ImportPlan(
        handling=fields.handling(desk.authority.id),
        source_list=settings["source_list"],
        whole=settings["whole"] == "1",
        accept_markings=settings["accept"] == "1",
    )
    try:
        made = start_import(desk.node, desk.actor, reference, plan)
    except (Invalid, Conflict) as error:
        said = " ".join(told(error)).strip()
        return _draw(request, desk, found, fields, tried=True, said=said, status=422)
    messages.success(request, _("The list is being taken in. You may go on with something else; it is kept here."))
    return redirect("import.job", made)


def _text_of(handling: Handling) -> str:
    return msgspec.json.encode(handling).decode()


def _earlier(desk: Desk, found: Upload) -> Handling | None:
    text = found.waiting.settings.get("handling", "")
    return msgspec.json.decode(text, type=Handling) if text else None


def _draw(
    request: HttpRequest,
    desk: Desk,
    found: Upload,
    fields: HandlingForm,
    *,
    tried: bool,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    words, language, waiting = desk.node.vocabulary, desk.language, found.waiting
    shown: dict[str, Any] = {
        "upload": found,
        "looked": waiting.looked,
        "sentence": translated(waiting.looked.sentence).rstrip("."),
        "settings": {"whole": "1"} | waiting.settings if not waiting.settings else waiting.settings,
        "fields": fields,
        "said": said,
    }
    faults: tuple[MappingFault, ...] = ()
    if waiting.mapping is not None and waiting.looked.header:
        faults = mapping_faults(waiting.mapping, waiting.looked.header, words)
        shown |= {
            "mapping": waiting.mapping,
            "columns": shown_columns(waiting, faults, words),
            "targets": targets(waiting.mapping, words, language),
            "thing_groups": thing_choices(words, language),
            "grades": GRADES,
            "countries": choices(words, "countries", language, empty=_("not known")),
            "whole_faults": [translated(fault.sentence) for fault in faults if not fault.column],
        }
    if tried and not faults and (not fields.is_bound or fields.is_valid()):
        shown |= _tried(desk, found, fields)
    name = waiting.settings.get("source_list", "")
    if name and shown["settings"].get("whole") == "1":
        shown["in_force"] = in_force(desk.node, desk.actor, name)
    return render(request, "web/imports/file.html", shown, status=status)


def _tried(desk: Desk, found: Upload, fields: HandlingForm) -> dict[str, Any]:
    stated = fields.handling(desk.authority.id) if fields.is_bound else _earlier(desk, found)
    try:
        fates = try_rows(desk.node, desk.actor, found.reference, stated or Handling(owner=desk.authority.id))
    except AlidadeError as error:
        return {"said": " ".join(told(error)).strip()}
    return {
        "fates": [(fate, _statements(desk, fate), _problems(fate)) for fate in fates],
        "counts": {state: sum(1 for fate in fates if fate.state == state) for state in _FATES},
    }


_FATES = ("kept", "quarantined", "rejected")


def _statements(desk: Desk, fate: RowFate) -> list[tuple[str, str]]:
    properties = desk.node.vocabulary.properties_of(fate.thing) if fate.thing else {}
    return [
        (properties[name].label.in_(desk.language) if name in properties else name, value)
        for name, value in fate.statements
    ]


def _problems(fate: RowFate) -> list[tuple[str, str, bool]]:
    return [(problem.field, translated(problem.reason), problem.fatal) for problem in fate.problems]


@page("import")
def job_(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """How far the work is, and what came of it; stops it, or forgets it."""
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            forget_job(desk.node, desk.actor, reference)
            messages.success(request, _("The report is removed. What was taken in stays."))
            return redirect("import")
        cancel_job(desk.node, desk.actor, reference)
        messages.success(request, _("It stops after the rows at hand. What is in stays."))
        return redirect("import.job", reference)
    found = job(desk.node, desk.actor, reference)
    shown: dict[str, Any] = {"job": found, "state": STATES[found.state]}
    if isinstance(found.result, ImportResult):
        shown |= {
            "result": found.result,
            "problems": [
                (problem.place.row, problem.field, translated(problem.reason), problem.fatal)
                for problem in found.result.problems[:_MOST_PROBLEMS]
            ],
        }
    elif isinstance(found.result, Failure):
        shown["failure"] = (translated(found.result.message), translated(found.result.remedy))
    return render(request, "web/imports/job.html", shown)


@page("import", methods=("POST",))
def rejects(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The rows that were not taken, as a file to mend and give again."""
    answer = HttpResponse(rejected_rows(desk.node, desk.actor, reference), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="rejects-{reference[:8]}.csv"'
    return answer


urlpatterns = [
    path("import/", import_, name="import"),
    path("import/file/<str:reference>/", file, name="import.file"),
    path("import/job/<str:reference>/", job_, name="import.job"),
    path("import/job/<str:reference>/rejects/", rejects, name="import.rejects"),
]
