"""Procedures: those offered and their forms; an own one checked, tried out and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.procedures.dry_run import Move, Rehearsal, covering_walks
from alidade.procedures.findings import Finding, with_lines
from alidade.services.node import Node
from alidade.services.threads.managing import (
    LARGEST,
    CheckedProcedure,
    procedures_known,
    rehearse_procedure,
)
from alidade.services.threads.managing import check_procedure as read_and_check
from alidade.services.threads.offered import form_for, procedures_offered
from alidade.services.threads.publishing import (
    digest_of,
    propose_procedure,
    proposed_procedures,
    publish_procedure,
    withdraw_procedure,
)
from alidade.services.threads.view import Form, FormField

WRONG: Final = 7

_FILE = click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a script: who does what, and how many hours after the line before it."""

    role: str
    code: str
    values: Mapping[str, bool | int | str | tuple[str, ...]] = {}
    reason: str | None = None
    note: str = ""
    approved: bool = False
    after_hours: int = 1


@click.group()
def procedure() -> None:
    """Kinds of exchange: which are offered, their forms; check, try out and publish an own one."""


@procedure.command("list")
@click.option("--all", "every", is_flag=True, help="Every version, offered or not; for who manages procedures.")
@acting
@click.pass_context
def list_(context: click.Context, every: bool, officer: str, purpose: str) -> None:
    """The procedures of which a thread can be opened."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if every:
            known = procedures_known(node, actor, language=language(context))
        else:
            offered = procedures_offered(node, actor, language=language(context))
    if as_json(context):
        emit(known if every else offered)
    elif every:
        table(
            "Procedures",
            ("code", "version", "title", "source", "verified", "from", "offered"),
            [
                (
                    each.code,
                    each.version,
                    each.title,
                    each.source,
                    "yes" if each.verified else "not verified",
                    "Alidade" if each.from_catalogue else each.kept_by,
                    "yes" if each.offered else "no",
                )
                for each in known
            ],
        )
    else:
        table(
            "Procedures",
            ("code", "version", "title", "for", "source", "verified"),
            [
                (
                    each.code, each.version, each.title, each.purpose, each.source,
                    "yes" if each.verified else "not verified",
                )
                for each in offered
            ],
        )  # fmt: skip


@procedure.command()
@click.argument("code")
@click.option("--step", default="open", show_default=True, help="Which step; alidade thread show lists what can be.")
@click.option("--version", type=click.IntRange(0, 1_000_000), default=0, help="0: the newest.")
@acting
@click.pass_context
def show(context: click.Context, code: str, step: str, version: int, officer: str, purpose: str) -> None:
    """The form of a step: its fields, its closed list of reasons, and who may take part."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        form = form_for(node, actor, code, step, version=version, language=language(context))
    if as_json(context):
        emit(form)
    else:
        _show_form(form)


def _show_form(form: Form) -> None:
    say(f"{form.procedure} {form.version}, {form.code}: {form.label}")
    if form.own_roles:
        say(f"You are: {', '.join(f'{each.code} ({each.label})' for each in form.own_roles)}")
    for each in form.roles:
        say(f"  role {each.code}: {each.label}")
    if form.fields:
        table(
            "Form (--set FIELD=VALUE, or --form FILE)",
            ("field", "asks", "kind", "required", "choices"),
            [(each.code, each.label, _kind(each), _required(each), _choices(each)) for each in form.fields],
        )
    if form.reasons:
        required = "required" if form.reason_required else "optional"
        table(f"Reasons (--reason, {required})", ("code", "meaning"), [(r.code, r.label) for r in form.reasons])
    if form.note_required:
        say("Words of your own are required (--note).")
    if form.four_eyes:
        say("A second officer must approve it.")


def _kind(field: FormField) -> str:
    words = f", at most {field.max_words} words" if field.max_words else ""
    return f"{field.kind}{', several' if field.many else ''}{words}"


def _required(field: FormField) -> str:
    if field.required:
        return "yes"
    return "under a condition" if field.required_if is not None else "no"


def _choices(field: FormField) -> str:
    if field.code_list or field.kind == "country":
        return f"alidade words {field.code_list or 'countries'}"
    return "true, false" if field.kind == "boolean" else ", ".join(each.code for each in field.choices)


@procedure.command()
@_FILE
@acting
@click.pass_context
def check(context: click.Context, path: Path, officer: str, purpose: str) -> int:
    """Read an own procedure and say everything that is wrong with it. Exit code 7 where it cannot be used so."""
    content = _content(path)
    with node_of(context) as node:
        checked = read_and_check(node, actor_of(node, officer, purpose), content, path.name)
    findings = with_lines(list(checked.findings), content.decode())
    if as_json(context):
        emit({**_identity(checked), "usable": checked.usable, "findings": findings})
    else:
        _show_findings(checked, findings)
    return 0 if checked.usable else WRONG


def _identity(checked: CheckedProcedure) -> dict[str, object]:
    return {"code": checked.definition.code, "version": checked.definition.version}


def _show_findings(checked: CheckedProcedure, findings: Sequence[Finding]) -> None:
    for each in findings:
        where = f"line {each.line}, {each.path}" if each.line else each.path
        say(f"{each.severity}: {where}: {each.message} {each.remedy} ({each.code})")
    verdict = "It can be published." if checked.usable else "It cannot be published."
    say(f"{checked.definition.code} {checked.definition.version}: {len(findings)} findings. {verdict}")


@procedure.command("dry-run")
@_FILE
@click.option(
    "--script",
    type=click.Path(exists=True, path_type=Path),
    help="Who does what, as a JSON list of moves; without it, every step is taken once.",
)
@acting
@click.pass_context
def dry_run(context: click.Context, path: Path, script: Path | None, officer: str, purpose: str) -> int:
    """Play an own procedure with invented parties; nothing is kept. Exit code 7 where a move had no effect."""
    content = _content(path)
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        checked = read_and_check(node, actor, content, path.name)
        if not checked.usable:
            raise Invalid("The procedure has errors.", remedy="See: alidade procedure check.", code="procedure_wrong")
        played = _play(node, actor, checked, content, path.name, script)
    clean = all(each.clean for each in played)
    if as_json(context):
        emit({"clean": clean, "walks": [_walk(each) for each in played]})
    else:
        for each in played:
            _show_walk(each)
        say("Every move took effect." if clean else "Not every move took effect.")
    return 0 if clean else WRONG


def _play(
    node: Node, actor: Actor, checked: CheckedProcedure, content: bytes, name: str, script: Path | None
) -> list[Rehearsal]:
    if script is not None:
        return [rehearse_procedure(node, actor, content, _moves(script), name)]
    walks = covering_walks(checked.definition, node.vocabulary)
    return [rehearse_procedure(node, actor, content, walk, name) for walk in walks]


def _moves(script: Path) -> list[Move]:
    try:
        lines = msgspec.json.decode(_content(script), type=list[Line])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            "A script is a JSON list of moves: role, code, values, reason, note, approved, after_hours.",
            remedy="See the guide for writing procedures.",
            code="script",
        ) from error
    return [
        Move(
            role=line.role,
            code=line.code,
            values=line.values,
            reason=line.reason,
            note=line.note,
            approved=line.approved,
            after=timedelta(hours=min(max(line.after_hours, 0), 100_000)),
        )
        for line in lines
    ]


def _walk(played: Rehearsal) -> list[dict[str, Any]]:
    return [
        {
            "role": each.move.role,
            "code": each.move.code,
            "why": each.why,
            "sentence": each.sentence,
            "state": each.state,
            "problems": each.problems,
            "allowed": each.allowed,
        }
        for each in played.moves
    ]


def _show_walk(played: Rehearsal) -> None:
    table(
        "Walk",
        ("who", "does", "then", "effect", "form"),
        [
            (
                each.move.role,
                each.move.code,
                each.state or "",
                each.sentence if each.why else "yes",
                "; ".join(f"{problem.field}: {problem.message}" for problem in each.problems),
            )
            for each in played.moves
        ],
    )


@procedure.command()
@_FILE
@acting
@click.pass_context
def propose(context: click.Context, path: Path, officer: str, purpose: str) -> None:
    """Hand in an own procedure: it can be used once another administrator has published it."""
    content = _content(path)
    with node_of(context) as node:
        checked = propose_procedure(node, actor_of(node, officer, purpose), content, path.name)
    if as_json(context):
        emit({**_identity(checked), "digest": digest_of(content)})
    else:
        say(f"{checked.definition.code} {checked.definition.version} is proposed. Another administrator publishes it:")
        say(f"alidade procedure publish {checked.definition.code} {checked.definition.version} --digest DIGEST")


@procedure.command()
@click.option("--text", is_flag=True, help="With their texts.")
@acting
@click.pass_context
def proposed(context: click.Context, text: bool, officer: str, purpose: str) -> None:
    """What waits for a second administrator, with the digest of its text."""
    with node_of(context) as node:
        found = proposed_procedures(node, actor_of(node, officer, purpose), language=language(context))
    if as_json(context):
        emit(found)
        return
    for each in found:
        say(f"{each.code} {each.version}: {each.title}, by {each.proposed_by}. Digest of its text:")
        say(each.digest)
        if text:
            say(each.text)
    if not found:
        say("Nothing waits to be published.")


_PROPOSAL = (click.argument("code"), click.argument("version", type=click.IntRange(1, 1_000_000)))


@procedure.command()
@_PROPOSAL[0]
@_PROPOSAL[1]
@click.option("--digest", required=True, help="Of the text that you have read; see: alidade procedure proposed.")
@acting
@click.pass_context
def publish(context: click.Context, code: str, version: int, digest: str, officer: str, purpose: str) -> None:
    """Publish what another administrator proposed: threads of it can be opened from now on. It never changes."""
    with node_of(context) as node:
        publish_procedure(node, actor_of(node, officer, purpose), code, version, digest)
    if as_json(context):
        emit({"code": code, "version": version})
    else:
        say(f"{code} {version} can be used from now on.")


@procedure.command()
@_PROPOSAL[0]
@_PROPOSAL[1]
@acting
@click.pass_context
def withdraw(context: click.Context, code: str, version: int, officer: str, purpose: str) -> None:
    """Take a proposal back, or turn it down."""
    with node_of(context) as node:
        withdraw_procedure(node, actor_of(node, officer, purpose), code, version)
    if as_json(context):
        emit({"code": code, "version": version})
    else:
        say(f"{code} {version} is proposed no longer.")


def _content(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise Invalid("The file of a procedure may have at most 1 MiB.", code="too_large")
    return path.read_bytes()
