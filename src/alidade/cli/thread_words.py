"""How threads are shown in a terminal and on paper: lists, a whole thread, what a step would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import click

from alidade.cli.plain import plain
from alidade.cli.session import say, table
from alidade.cli.statements import show_statements, statement_for_programs
from alidade.services.threads.view import (
    ClockView,
    InboxLine,
    Preview,
    Printed,
    Sent,
    StepView,
    ThreadView,
)


def moment(at: datetime | None) -> str:
    """A moment as a person reads it, in UTC."""
    return "" if at is None else f"{at:%d %b %Y, %H:%M} UTC"


def lasting(left: timedelta | None) -> str:
    """How much time is left, or since when it is over."""
    if left is None:
        return ""
    hours = int(abs(left).total_seconds() // 3600)
    text = f"{hours // 24} d {hours % 24} h" if hours >= 48 else f"{hours} h"
    return f"overdue by {text}" if left < timedelta(0) else text


def show_lines(title: str, lines: Iterable[InboxLine]) -> None:
    """A list of threads, what expires first first."""
    table(
        title,
        ("thread", "procedure", "title", "with", "state", "left", "on the desk of", "new"),
        [
            (
                line.reference,
                line.procedure_title,
                f"{'URGENT ' if line.urgent else ''}{line.title}",
                ", ".join(line.others),
                line.state_label,
                lasting(line.left),
                line.officer or "duty desk",
                line.unread or "",
            )
            for line in lines
        ],
    )


def show_preview(preview: Preview, *, err: bool = False) -> None:
    """What would be sent to whom, and everything that keeps it from being sent."""
    for line in preview_lines(preview):
        click.echo(plain(line), err=err)


def preview_lines(preview: Preview) -> Iterator[str]:
    """The same, line by line."""
    for each in preview.recipients:
        place = "here" if each.hosted else "on another node"
        gets = "NOT SENT" if each.withheld else "gets it"
        yield f"To {each.name} ({each.authority}, as {each.role}, {place}): {gets}"
        yield from (f"  {reason}" for reason in each.withheld)
        for record in each.records:
            learns = "must not be passed on" if record.blocked else f"he will read: {record.learns}"
            yield f"  record {record.record} of {record.owner}: {learns}"
            yield from (f"    {reason}" for reason in record.reasons)
    for problem in preview.problems:
        yield f"To mend: {problem.field}: {problem.sentence} {problem.remedy}".rstrip()
    if preview.effects:
        yield f"It brings about: {', '.join(preview.effects)}."
    if preview.approval:
        yield f"A second officer must approve it first ({preview.approval})."
    yield "It can be sent as it is." if preview.ready else "It cannot be sent as it is."


def show_sent(sent: Sent) -> None:
    """What became of a step."""
    if sent.state == "waiting_for_approval":
        say(f"Waits for a second officer as draft {sent.draft}.")
        say(f"He reads and sends it with: alidade thread drafts, alidade thread approve {sent.draft}")
        return
    for reference in sent.threads or (sent.thread,):
        say(f"Sent: step {sent.step} of thread {reference}.")
    if sent.standing != "effective":
        say("Somebody acted in the meantime: the step is in the thread, and had no effect.")


def show_thread(view: ThreadView) -> None:
    """A whole thread: conditions, parties, deadlines, steps, what can be done now, and what is one's own."""
    say(f"{view.procedure_title}: {view.title}   ({view.reference}, case {view.case or 'none'})")
    if not view.verified:
        say("This procedure is not verified against its source.")
    for line in view.handling_lines:
        say(f"  {line}")
    turn = " It is your turn." if view.your_turn else ""
    say(f"State: {view.state_label}.{turn} On the desk of: {view.officer or 'the duty desk'}.")
    table(
        "Parties",
        ("authority", "role", "turn", "received", "read"),
        [(p.name, p.role_label or p.role, "yes" if p.turn else "", p.received_at, p.read_at) for p in view.parties],
    )
    if view.clocks:
        show_clocks(view.clocks)
    for step in view.steps:
        _show_step(step)
    _show_own(view)
    if view.allowed:
        show_allowed(view)


def _show_step(step: StepView) -> None:
    for line in step_lines(step):
        say(line)
    for record in step.records:
        if record.statements:
            show_statements(f"record {record.record}", record.statements)


def _show_own(view: ThreadView) -> None:
    if view.awaiting:
        say(f"{view.awaiting} steps are known of and have not arrived.")
    for note in view.notes:
        say(f"Note of {note.officer}, {moment(note.at)}: {note.text}")
    for draft in view.drafts:
        say(f"Draft {draft.id} of {draft.officer}: {draft.label} ({draft.state}) {draft.remark}".rstrip())


def show_clocks(clocks: Iterable[ClockView]) -> None:
    """The deadlines of a thread."""
    table(
        "Deadlines",
        ("deadline", "owed by", "phase", "due", "left", "source"),
        [
            (
                clock.label,
                clock.owed_by_name,
                clock.phase,
                moment(clock.due_at),
                lasting(clock.left) if clock.phase in ("running", "overrun_announced") else "",
                clock.source if clock.verified else f"{clock.source} (not verified)",
            )
            for clock in clocks
        ],
    )


def show_allowed(view: ThreadView) -> None:
    """What one's own authority may do now."""
    table(
        "You may now (alidade thread step REFERENCE CODE)",
        ("code", "does", "reasons", "asks for"),
        [
            (
                each.code,
                each.label,
                ", ".join(reason.code for reason in each.reasons),
                ", ".join(
                    word
                    for word, there in (
                        ("a form", each.has_form),
                        ("a reason", each.reason_required),
                        ("words", each.note_required),
                        ("a second officer", each.four_eyes),
                    )
                    if there
                ),
            )
            for each in view.allowed
        ],
    )


def step_lines(step: StepView) -> Iterator[str]:
    """A step in words."""
    who = f"{step.author_name}, {step.officer}" if step.officer else step.author_name
    approved = f", approved by {step.approved_by}" if step.approved_by else ""
    yield f"{step.id}  {step.at}  {who}{approved}: {step.label}{' (new)' if step.new else ''}"
    if step.erased:
        yield "    Its words were erased."
    if step.standing != "effective":
        yield f"    No effect: {step.why}"
    if step.reason:
        yield f"    Reason: {step.reason_label or step.reason}"
    yield from (f"    {value.label}: {value.shown}" for value in step.values)
    yield from (f"    {line}" for line in step.note.splitlines())
    for file in step.attachments:
        there = "" if file.here else ", not here yet"
        yield f"    File {file.reference}: {file.name or '(erased)'}, {file.size} bytes{there}. SHA-256 {file.sha256}"
    yield from (f"    Record {each.record}{'' if each.readable else ' (not for you)'}" for each in step.records)
    yield from (f"    Refers to {quote}" for quote in step.quotes)
    yield from (f"    Brought about here: {each.effect} ({each.outcome})" for each in step.effects)


def thread_for_programs(view: ThreadView) -> dict[str, object]:
    """A thread for JSON, without the numbers that statements have in the store."""
    shown: dict[str, object] = {name: getattr(view, name) for name in ThreadView.__dataclass_fields__}
    shown["steps"] = [_step_for_programs(step) for step in view.steps]
    return shown


def _step_for_programs(step: StepView) -> dict[str, object]:
    shown: dict[str, object] = {name: getattr(step, name) for name in StepView.__dataclass_fields__}
    shown["records"] = [
        {
            "record": each.record,
            "readable": each.readable,
            "statements": [statement_for_programs(s) for s in each.statements],
        }
        for each in step.records
    ]
    return shown


def paper(printed: Printed) -> str:
    """A thread as a text for the file, with its conditions above and below."""
    view = printed.view
    handling = "\n".join(printed.handling_lines)
    lines = [
        handling,
        "",
        f"{view.procedure_title}: {view.title}",
        f"Thread {view.reference}, case {view.case or 'none'}, state: {view.state_label}",
        f"Printed for {printed.authority_name} by {printed.officer}, {moment(printed.printed_at)}",
        "",
        *(f"{each.name}: {each.role_label or each.role}" for each in view.parties),
        "",
    ]
    lines += [
        f"{clock.label}, owed by {clock.owed_by_name}: {clock.phase} {moment(clock.due_at)}".rstrip()
        for clock in view.clocks
    ]
    for step in view.steps:
        lines += ["", *step_lines(step)]
        for record in step.records:
            lines += [f"      {each.property}: {each.value} ({each.owner})" for each in record.statements]
    lines += ["", f"SHA-256 of what was printed, as it stands in the ledger: {printed.sha256}", "", handling]
    return plain("\n".join(lines)) + "\n"
