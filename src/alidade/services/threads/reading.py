"""Reading: a thread as one's own authority sees it, its steps in the order of what caused what, and its receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alidade.clocks import ClockState
from alidade.model.directory import Authority
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import COPY, Course, RunningClock, in_language
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.clock_sign import ClockSign, sign_of_state
from alidade.services.threads.drafts import visible_drafts
from alidade.services.threads.finding import find_thread, no_thread, own_thread
from alidade.services.threads.leaving import is_hosted
from alidade.services.threads.offered import BUILT_IN_LABELS, choices_of_reasons, vocabulary_label
from alidade.services.threads.running import Running, clock_states, holding_up, run
from alidade.services.threads.step_view import StepReader
from alidade.services.threads.view import (
    AssignmentView,
    ClockView,
    NoteView,
    PartyView,
    ThreadView,
    TransitionView,
)
from alidade.services.threads.writing import NODE, Words, write_step
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import desks, notes
from alidade.store.threads.kept import Desk


def read_thread(node: Node, actor: Actor, thread: str, *, language: str = "en") -> ThreadView:
    """Everything that one's own authority may see of a thread; it counts as read by this officer.

    The first reading by an officer is told to the other parties as a receipt without a name. Attached records are
    shown as far as this officer may read them. Raises NotFound where it is absent or not for this officer; the
    attempt is in the ledger.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        found = find_thread(node, tx, actor, thread)
        if found is None:
            log(tx, actor, "thread_read", objects=[thread], results=0)
            view = None
        else:
            kept_thread, desk = found
            running = run(tx, kept_thread)
            view = view_of(node, tx, actor, running, desk, language=language)
            _mark_read(node, tx, actor, running)
            shown = [record.record for step in view.steps for record in step.records if record.readable]
            log(tx, actor, "thread_read", objects=[thread, *shown], results=len(view.steps))
    if view is None:
        raise no_thread()
    return view


def mark_read(node: Node, actor: Actor, thread: str) -> None:
    """Note that this officer has read the thread, without showing it. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        _mark_read(node, tx, actor, run(tx, own_thread(node, tx, actor, thread)[0]))
        log(tx, actor, "thread_read", objects=[thread], details={"view": "marked"})


def view_of(node: Node, tx: Transaction, actor: Actor, running: Running, desk: Desk, *, language: str) -> ThreadView:
    """The thread in words, for a party; the caller has found it for the officer, and logs."""
    course, head, own = running.course, running.head, actor.viewer.authority
    everybody = directory.authorities(tx)
    names = {key: each.name for key, each in everybody.items()}
    parties = course.parties or running.thread.parties
    turn = course.turn
    state = None if course.state is None else course.definition.state(course.state)
    handling = None if head is None else head.handling
    reader = StepReader.of(node, tx, actor, running, names, language=language)
    return ThreadView(
        reference=running.thread.reference,
        procedure=running.definition.code,
        version=running.definition.version,
        procedure_title=in_language(running.definition.title, language),
        verified=running.definition.verified,
        title="" if head is None else head.title,
        case="" if head is None else head.case,
        handling=handling,
        handling_lines=handling_lines(node, handling, names, language),
        urgent=running.thread.urgent,
        state=course.state or "",
        state_label="" if state is None else in_language(state.label, language),
        final=course.final,
        own_role=desk.role,
        turn=() if turn is None else turn.authorities,
        your_turn=desk.turn,
        opened_at=running.thread.opened_at,
        closed_at=running.thread.closed_at,
        parties=_parties(node, running, parties, names, language),
        steps=reader.steps(),
        clocks=tuple(
            _clock(
                clock,
                state_of,
                own,
                names,
                language,
                _sign(tx, course, clock, state_of, everybody, language),
            )
            for clock, state_of in clock_states(tx, course, tx.now)
        ),
        allowed=_allowed(node, running, desk.role, language),
        drafts=tuple(visible_drafts(node, tx, actor, thread=running.thread.number, language=language)),
        notes=tuple(
            NoteView(id=each.id, officer=each.officer, at=each.at, text=each.text)
            for each in notes.notes_of(tx, running.thread.number, own)
        ),
        assignments=tuple(
            AssignmentView(
                officer=each.officer, unit=each.unit, how=each.how, by=each.by, at=each.at, ended_at=each.ended_at
            )
            for each in desks.assignments_of(tx, running.thread.number, own)
        ),
        officer=desk.officer,
        unit=desk.unit,
        awaiting=len(course.missing),
    )


def _sign(
    tx: Transaction,
    course: Course,
    clock: RunningClock,
    state: ClockState,
    everybody: Mapping[AuthorityId, Authority],
    language: str,
) -> ClockSign:
    cause = holding_up(course, clock, state.phase)
    return sign_of_state(clock, state, course.definition, everybody, tx.now, language, cause)


def _mark_read(node: Node, tx: Transaction, actor: Actor, running: Running) -> None:
    own = actor.viewer.authority
    newest = max((each.row for each in running.steps), default=0)
    desks.note_read(tx, running.thread.number, own, str(actor.officer), newest)
    notes.mark_seen(tx, running.thread.number, own, str(actor.officer))
    told = any(each.author == own and each.code in ("read", "open") for each in running.steps)
    role = node.vocabulary.roles.get(actor.role)
    # Who supervises has read it, but not for the authority that is to act.
    if role is not None and "thread_step" in role.acts and not told and running.course.state is not None:
        write_step(node, tx, running, own, Words(code="read"), officer=NODE)


def _parties(
    node: Node, running: Running, parties: Mapping[AuthorityId, str], names: Mapping[AuthorityId, str], language: str
) -> tuple[PartyView, ...]:
    turn = running.course.turn
    labels = {role.code: in_language(role.label, language) for role in running.definition.roles}
    receipts = {
        (each.step.author, each.step.code): each.step.at
        for each in running.course.steps
        if each.step.code in ("received", "read", "open") and each.status == "effective"
    }
    return tuple(
        PartyView(
            authority=party,
            name=names.get(party, party),
            role=role,
            hosted=is_hosted(node, party),
            turn=turn is not None and party in turn.authorities,
            received_at=receipts.get((party, "received"), receipts.get((party, "open"), "")),
            read_at=receipts.get((party, "read"), receipts.get((party, "open"), "")),
            role_label=labels.get(role, ""),
        )
        for party, role in sorted(parties.items(), key=lambda each: (each[1] == COPY, each[0]))
    )


def _clock(
    clock: RunningClock,
    state: ClockState,
    own: AuthorityId,
    names: Mapping[AuthorityId, str],
    language: str,
    sign: ClockSign,
) -> ClockView:
    definition = state.definition
    missed = definition.if_missed.label
    return ClockView(
        code=clock.clock,
        label=in_language(clock.use.label, language),
        owed_by=clock.owed_by,
        owed_by_name=names.get(clock.owed_by, clock.owed_by),
        phase=state.phase,
        due_at=state.due_at,
        left=state.left,
        met=state.met,
        if_missed=vocabulary_label(missed, language),
        source=" ".join(part for part in (definition.source.act, definition.source.article) if part),
        verified=definition.verified,
        own=clock.owed_by == own,
        sign=sign,
    )


def _allowed(node: Node, running: Running, role: str, language: str) -> tuple[TransitionView, ...]:
    course = running.course
    built_in = tuple(
        TransitionView(
            code=code,
            label=BUILT_IN_LABELS[code],
            key="",
            four_eyes=False,
            reasons=(),
            reason_required=False,
            note_required=code == "message",
            has_form=False,
        )
        for code in course.allowed_built_in(role)
    )
    return (
        *(
            TransitionView(
                code=each.code,
                label=in_language(each.verb, language),
                key=each.key,
                four_eyes=each.four_eyes,
                reasons=choices_of_reasons(node, running.definition, each.code, language),
                reason_required=each.reason_required,
                note_required=each.note_required,
                has_form=each.form is not None,
            )
            for each in course.allowed(role)
        ),
        *built_in,
    )


def handling_lines(
    node: Node, handling: Handling | None, names: Mapping[AuthorityId, str], language: str
) -> tuple[str, ...]:
    """The conditions of a thread, line by line, as they stand on everything that leaves it."""
    if handling is None:
        return ()
    words = node.vocabulary

    def labels(list_name: str, codes: Sequence[str]) -> list[str]:
        known = words.codes(list_name)
        return [f"{code}: {vocabulary_label(known[code].label, language)}" if code in known else code for code in codes]

    lines = [names.get(handling.owner, handling.owner)]
    lines += labels("classifications", [handling.classification])
    lines += labels("handling", handling.codes)
    lines += [handling.restriction] if handling.restriction else []
    lines += labels("conditions", handling.conditions)
    lines += labels("purposes", handling.purposes)
    lines += [handling.expires_on] if handling.expires_on else []
    return tuple(lines)
