"""Threads in tests: openings that fit each procedure, and one call of each use case for the walk over the roles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from personas import DE, FR, NL, Office, draft, words

from alidade.model.canonical import canonical_bytes
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.procedures import Definition, Value, load_catalogue
from alidade.procedures.dry_run import sample_values
from alidade.services.threads.acknowledging import demands
from alidade.services.threads.assigning import (
    assign_thread,
    colleagues_for,
    duty_desk,
    hand_over_threads,
    load,
    take_thread,
)
from alidade.services.threads.attachments import (
    add_piece,
    begin_attachment,
    discard_attachment,
    finish_attachment,
    read_attachment,
    upload_state,
)
from alidade.services.threads.desk_choices import desk_choices
from alidade.services.threads.drafts import approve_draft, discard_draft, drafts_of, return_draft, save_draft
from alidade.services.threads.erasing import erase_step
from alidade.services.threads.figures import deadlines_kept, thread_statistics
from alidade.services.threads.following import follow_hit
from alidade.services.threads.inbox import awaited, counts, inbox
from alidade.services.threads.managing import (
    DeskRules,
    check_procedure,
    desk_rules,
    offer_procedure,
    procedures_known,
    rehearse_procedure,
    settle_desk_rules,
)
from alidade.services.threads.noting import add_note
from alidade.services.threads.offered import form_for, procedures_offered
from alidade.services.threads.opening import open_thread, preview_opening
from alidade.services.threads.printing import export_thread, print_thread
from alidade.services.threads.procedure_files import procedure_file, walk_procedure
from alidade.services.threads.publishing import (
    digest_of,
    propose_procedure,
    proposed_procedures,
    publish_procedure,
    withdraw_procedure,
)
from alidade.services.threads.reading import mark_read, read_thread
from alidade.services.threads.searching import search_threads
from alidade.services.threads.stepping import preview_step, take_step
from alidade.services.threads.view import Opening, StepOrder

# Which answers a form of the catalogue gets beside the invented ones, so that nobody unknown is named.
ANSWERS: Mapping[str, Value] = {"sent_by_spoc": True, "europol_copy": False, "urgent": False, "about_somebody": False}


def definition(code: str) -> Definition:
    """The newest version of a procedure of the catalogue."""
    return load_catalogue().newest(code)


def answers(of: Definition, code: str, facts: Mapping[str, Value] | None = None, **given: Value) -> dict[str, Value]:
    """Answers with which the form of a step can be sent."""
    form = of.form_of_step(code)
    if form is None:
        return {}
    asked = {field.code for field in form.fields}
    fixed = {name: value for name, value in {**ANSWERS, **given}.items() if name in asked}
    return sample_values(form, words(), fixed, facts=facts)


def opening(office: Office, code: str = "information_request", *, by: str = NL, to: str = DE, **given: Any) -> Opening:
    """An opening between two authorities, its form filled in."""
    of = definition(code)
    own = of.opening.by[0]
    other = next(role.code for role in of.roles if role.code != own)
    more = {name: given.pop(name) for name in ("title", "case", "parties", "handling") if name in given}
    return Opening(
        procedure=code,
        parties=more.get("parties", {AuthorityId(to): other}),
        title=more.get("title", "Lorry seen at the border"),
        case=more.get("case", "case-7"),
        order=StepOrder(code="open", values=answers(of, "open", **given)),
        handling=more.get("handling", office.handling(by, communities=())),
    )


def request(office: Office, *, by: str = NL, to: str = DE, **given: Any) -> str:
    """An information request that was sent; its reference."""
    return open_thread(office.node, office.officer(by), opening(office, by=by, to=to, **given)).thread


def answer(office: Office, thread: str, *, by: str = DE, text: str = "Nothing is known here.", **more: Any) -> Any:
    """An answer to an information request."""
    order = StepOrder(code="answer", values={"answer": text}, **more)
    return take_step(office.node, office.officer(by), thread, order)


def upload(office: Office, actor: Actor, content: bytes, name: str = "note.txt") -> str:
    """A file that was sent in pieces and checked; its reference."""
    digest = hashlib.sha256(content).hexdigest()
    begun = begin_attachment(office.node, actor, name=name, size=len(content), sha256=digest)
    for number in range(-(-len(content) // begun.piece)):
        piece = content[number * begun.piece : (number + 1) * begun.piece]
        add_piece(office.node, actor, begun.reference, number, piece)
    return finish_attachment(office.node, actor, begun.reference).reference


class ThreadScene:
    """What the use cases of threads work on, made by officers who may."""

    def __init__(self, office: Office) -> None:
        writer = office.officer(NL, "front_line_officer")
        office.give(draft("x", name="Otto Kunz"), by=DE, handling=office.handling(DE, communities=()))
        self.hit = hit = office.ask(NL, "Otto Kunz").without_content[0].reference
        propose_procedure(office.node, office.officer(FR, "administrator"), _file(10))
        self.thread = request(office)
        self.other = request(office)
        self.came = request(office, by=DE, to=NL)
        self.file = upload(office, office.officer(NL), b"seen at the border\n")
        order = StepOrder(code="message", note="With a file.", attachments=(self.file,))
        take_step(office.node, office.officer(NL), self.other, order)
        settle_desk_rules(office.node, office.officer(NL, "administrator"), DeskRules(approval=("hit_follow_up",)))
        asking = opening(office, "hit_follow_up", hit=hit)
        self.waiting = [open_thread(office.node, writer, asking).draft for _ in range(2)]


NO_FILE = "0" * 32  # a file that nobody has: who may send files does not find it
CONTENT = load_catalogue().newest("spontaneous_information")


def _file(version: int) -> bytes:
    return canonical_bytes(msgspec.structs.replace(CONTENT, version=version))


def _publish_of_another(scene: Any, actor: Actor) -> None:
    """What another administrator of the node has proposed."""
    publish_procedure(scene.office.node, actor, CONTENT.code, 10, digest_of(_file(10)))


THREAD_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    procedures_offered: ("thread_read", lambda s, a: procedures_offered(s.office.node, a)),
    form_for: ("thread_read", lambda s, a: form_for(s.office.node, a, "information_request")),
    preview_opening: ("thread_open", lambda s, a: preview_opening(s.office.node, a, opening(s.office))),
    open_thread: ("thread_open", lambda s, a: open_thread(s.office.node, a, opening(s.office))),
    follow_hit: ("thread_open", lambda s, a: follow_hit(s.office.node, a, s.threads.hit)),
    preview_step: (
        "thread_step",
        lambda s, a: preview_step(s.office.node, a, s.threads.thread, StepOrder(code="message", note="Hello")),
    ),
    take_step: (
        "thread_step",
        lambda s, a: take_step(s.office.node, a, s.threads.thread, StepOrder(code="message", note="Hello")),
    ),
    save_draft: (
        "thread_step",
        lambda s, a: save_draft(s.office.node, a, StepOrder(code="message"), thread=s.threads.thread),
    ),
    drafts_of: ("thread_read", lambda s, a: drafts_of(s.office.node, a)),
    approve_draft: ("thread_approve", lambda s, a: approve_draft(s.office.node, a, s.threads.waiting[0])),
    return_draft: ("thread_approve", lambda s, a: return_draft(s.office.node, a, s.threads.waiting[1], "Say more.")),
    discard_draft: ("thread_step", lambda s, a: discard_draft(s.office.node, a, "0" * 32)),
    read_thread: ("thread_read", lambda s, a: read_thread(s.office.node, a, s.threads.thread)),
    mark_read: ("thread_read", lambda s, a: mark_read(s.office.node, a, s.threads.came)),
    inbox: ("thread_read", lambda s, a: inbox(s.office.node, a, "all")),
    counts: ("thread_read", lambda s, a: counts(s.office.node, a)),
    awaited: ("thread_read", lambda s, a: awaited(s.office.node, a)),
    search_threads: ("thread_read", lambda s, a: search_threads(s.office.node, a, "lorry")),
    duty_desk: ("thread_read", lambda s, a: duty_desk(s.office.node, a)),
    demands: ("thread_read", lambda s, a: demands(s.office.node, a)),
    take_thread: ("thread_step", lambda s, a: take_thread(s.office.node, a, s.threads.came)),
    assign_thread: (
        "thread_assign",
        lambda s, a: assign_thread(s.office.node, a, s.threads.came, OfficerId(f"{NL}/analyst")),
    ),
    hand_over_threads: (
        "thread_step",
        lambda s, a: hand_over_threads(s.office.node, a, OfficerId(f"{NL}/liaison_officer")),
    ),
    load: ("thread_assign", lambda s, a: load(s.office.node, a)),
    colleagues_for: ("thread_assign", lambda s, a: colleagues_for(s.office.node, a)),
    add_note: ("thread_step", lambda s, a: add_note(s.office.node, a, s.threads.thread, "Ask the desk.")),
    begin_attachment: (
        "thread_step",
        lambda s, a: begin_attachment(s.office.node, a, name="n.txt", size=5, sha256="0" * 64),
    ),
    add_piece: ("thread_step", lambda s, a: add_piece(s.office.node, a, NO_FILE, 0, b"12345")),
    upload_state: ("thread_step", lambda s, a: upload_state(s.office.node, a, NO_FILE)),
    finish_attachment: ("thread_step", lambda s, a: finish_attachment(s.office.node, a, NO_FILE)),
    discard_attachment: ("thread_step", lambda s, a: discard_attachment(s.office.node, a, NO_FILE)),
    read_attachment: (
        "thread_read",
        lambda s, a: read_attachment(s.office.node, a, s.threads.other, s.threads.file),
    ),
    print_thread: ("thread_read", lambda s, a: print_thread(s.office.node, a, s.threads.thread)),
    export_thread: ("export", lambda s, a: export_thread(s.office.node, a, s.threads.thread)),
    thread_statistics: (
        "thread_statistics",
        lambda s, a: thread_statistics(s.office.node, a, "information_request", "2026-06-01", "2026-06-30"),
    ),
    deadlines_kept: (
        "thread_statistics",
        lambda s, a: deadlines_kept(s.office.node, a, "2026-06-01", "2026-06-30"),
    ),
    erase_step: (
        "erase",
        lambda s, a: erase_step(s.office.node, a, s.threads.other, f"{NL}/1", "unlawful"),
    ),
    procedures_known: ("procedure_manage", lambda s, a: procedures_known(s.office.node, a)),
    check_procedure: ("procedure_manage", lambda s, a: check_procedure(s.office.node, a, _file(8))),
    rehearse_procedure: ("procedure_manage", lambda s, a: rehearse_procedure(s.office.node, a, _file(8), ())),
    propose_procedure: ("procedure_manage", lambda s, a: propose_procedure(s.office.node, a, _file(9))),
    proposed_procedures: ("procedure_manage", lambda s, a: proposed_procedures(s.office.node, a)),
    withdraw_procedure: ("procedure_manage", lambda s, a: withdraw_procedure(s.office.node, a, CONTENT.code, 9)),
    publish_procedure: ("procedure_manage", lambda s, a: _publish_of_another(s, a)),
    offer_procedure: (
        "procedure_manage",
        lambda s, a: offer_procedure(s.office.node, a, CONTENT.code, 10, offered=False),
    ),
    procedure_file: ("procedure_manage", lambda s, a: procedure_file(s.office.node, a, CONTENT.code)),
    walk_procedure: ("procedure_manage", lambda s, a: walk_procedure(s.office.node, a, _file(8))),
    desk_rules: ("procedure_manage", lambda s, a: desk_rules(s.office.node, a)),
    desk_choices: ("procedure_manage", lambda s, a: desk_choices(s.office.node, a)),
    settle_desk_rules: (
        "procedure_manage",
        lambda s, a: settle_desk_rules(s.office.node, a, DeskRules(duty_unit="SPOC")),
    ),
}
