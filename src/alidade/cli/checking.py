"""Check, rule on hits, and learn who asked about ours."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from alidade.cli.session import (
    acting,
    actor_of,
    as_json,
    ask_if_missing,
    console,
    emit,
    grounds,
    language,
    node_of,
    say,
    table,
)
from alidade.cli.statements import show_statements, statement_for_programs
from alidade.cli.uses import USES_SHOWN, measured, use
from alidade.matching.thresholds import Use
from alidade.model.viewer import Actor
from alidade.services.check import Answer
from alidade.services.check import check as check_one
from alidade.services.check_list import check_list
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.services.notices import notices as read_notices
from alidade.services.verdicts import hits_to_rule_on, rule_on_hit


@click.command()
@click.argument("text", required=False)
@click.option("--kind", help='"name" or a kind of identifier; found out where it is not said.')
@click.option("--born", help="Birth date: 1964-07-31, 1964-07 or 1964.")
@click.option("--nationality", help="ISO 3166 alpha-2.")
@click.option("--country", help="State in which a national number was noted.")
@use
@click.option("--file", "questions", type=click.Path(exists=True, path_type=Path), help="A table of questions.")
@click.option("--out", "answers", type=click.Path(path_type=Path), help="Where the answers to --file go.")
@click.option("--forget", is_flag=True, help="Do not ask again by itself what meets nothing.")
@grounds
@click.pass_context
def check(
    context: click.Context,
    text: str | None,
    kind: str | None,
    born: str | None,
    nationality: str | None,
    country: str | None,
    use: Use,
    questions: Path | None,
    answers: Path | None,
    forget: bool,
    ground: str | None,
    case: str | None,
    why: str | None,
    officer: str,
    purpose: str,
) -> None:
    """Ask whether a name, number, plate, document, vessel, account or address is known.

    \b
    alidade check "Joaquin Guzman Loera" --as nl-politie/j.devries \\
        --ground criminal_investigation --case 2026-118 --why "name on a bill of lading"
    alidade check --file names.csv --out answers.csv --as nl-politie/j.devries ...

    Answers: HIT (content, and why it met), HIT WITHOUT CONTENT (whom to ask), NO HIT (nothing that you may learn of).
    What meets nothing is kept under seal for a while and asked again; you are told once: alidade standing look.
    """
    ground = ask_if_missing(ground, "Legal ground (code)")
    case = ask_if_missing(case, "Case or control")
    why = ask_if_missing(why, "Justification")
    if (text is None) == (questions is None):
        raise click.UsageError("Give one text, or --file with --out.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose, ground=ground, case=case, why=why)
        if questions is not None:
            _check_file(context, node, actor, questions, answers, use, again=not forget)
            return
        question = Question(
            text=text or "", kind=kind, birth_date=born, nationality=nationality, country=country, use=use
        )
        answer = check_one(node, actor, question, language=language(context), again=not forget)
    if as_json(context):
        emit({"answer": answer.kind, **_as_shown(answer)})
    else:
        show_answer(answer)


def _check_file(
    context: click.Context,
    node: Node,
    actor: Actor,
    questions: Path,
    answers: Path | None,
    use: Use,
    *,
    again: bool,
) -> None:
    if answers is None:
        raise click.UsageError("Say with --out where the answers go.")
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed} asked"), TimeElapsedColumn())
    with Progress(*columns, console=console(), disable=as_json(context)) as bar:
        task = bar.add_task("Checking", total=None)
        done = check_list(
            node,
            actor,
            questions,
            answers,
            language=language(context),
            use=use,
            again=again,
            progress=lambda asked: bar.update(task, completed=asked),
        )
    if as_json(context):
        emit(done)
    else:
        say(
            f"{done.questions} questions: {done.hits} hits, {done.hits_without_content} hits without content,"
            f" {done.no_hits} no hit, {done.wrong} not asked. Answers: {answers}"
        )


def _as_shown(answer: Answer) -> dict[str, object]:
    return {
        "check": answer.check,
        "asked_at": answer.asked_at,
        "question": answer.question,
        "use": answer.use,
        "understood": [{"kind": u.kind, "shown": u.shown, "remark": u.remark} for u in answer.understood],
        "hits": [
            {
                "reference": hit.reference,
                "record": hit.record,
                "thing": hit.thing,
                "owner": hit.owner,
                "owner_name": hit.owner_name,
                "score": round(hit.score, 4),
                "parts": hit.parts,
                "words": hit.words,
                "verdict": hit.verdict,
                "statements": [statement_for_programs(s) for s in hit.statements],
            }
            for hit in answer.hits
        ],
        "without_content": answer.without_content,
        "again_until": answer.again_until,
    }


def show_answer(answer: Answer) -> None:
    """Print an answer: the three kinds have the same form."""
    kinds = ", ".join(f"{u.kind} {u.shown}" + (f" ({u.remark})" if u.remark else "") for u in answer.understood)
    heading = {"hit": "HIT", "hit_without_content": "HIT WITHOUT CONTENT", "no_hit": "NO HIT"}[answer.kind]
    say(f"{heading}   check {answer.check}   {answer.asked_at}")
    say(f"Understood as: {kinds}")
    say(f"Set to: {USES_SHOWN[answer.use]} {measured(answer.use)}")
    if answer.kind == "no_hit":
        say("Nothing that you may learn of.")
    if answer.again_until is not None:
        say(
            f"Asked again until {answer.again_until}; you are told once. To end it: alidade standing end {answer.check}"
        )
    for hit in answer.hits:
        show_statements(f"{hit.thing} {hit.record}, from {hit.owner_name}, score {hit.score:.2f}", hit.statements)
        for part in hit.parts:
            say(f"  {part.contribution:+.2f}  {part.evidence} {part.rule}: {part.left} / {part.right}")
        for word in hit.words:
            agreed = f"{word.rule}, {word.credit:.0%} of {word.weight:.2f}"
            say(f"         {word.left or '-'} / {word.right or '-'}: {agreed}")
        ruled = f"Your authority ruled: {hit.verdict}." if hit.verdict else "Nobody of yours has ruled on it yet."
        say(f"  {ruled} Rule with: alidade verdict {hit.reference} same|not_the_same|unsure --reason CODE")
    if answer.without_content:
        table(
            "Known to others, who decide what you may learn",
            ("reference", "owner", "ask"),
            [(closed.reference, closed.owner_name, closed.contact) for closed in answer.without_content],
        )


@click.command()
@click.argument("reference", required=False)
@click.argument("ruling", type=click.Choice(["same", "not_the_same", "unsure"]), required=False)
@click.option("--reason", help="See: alidade words verdict_reasons.")
@click.option("--note", default="", help="In your words.")
@acting
@click.pass_context
def verdict(
    context: click.Context,
    reference: str | None,
    ruling: str | None,
    reason: str | None,
    note: str,
    officer: str,
    purpose: str,
) -> None:
    """Rule on a hit; without arguments, list the hits that wait for a ruling."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if reference is None:
            waiting = hits_to_rule_on(node, actor)
            if as_json(context):
                emit([{"reference": h.reference, "record": h.record, "owner": h.owner} for h in waiting])
            elif not waiting:
                say("No hit waits for a ruling.")
            else:
                table(
                    "Hits that wait for a ruling",
                    ("hit", "record", "owner", "check"),
                    [(h.reference, h.record or "(without content)", h.owner, h.check_reference) for h in waiting],
                )
            return
        if ruling is None or reason is None:
            raise click.UsageError("Give the ruling and its --reason.")
        rule_on_hit(node, actor, reference, ruling, reason, note=note)  # type: ignore[arg-type]  # one of the choices
    if as_json(context):
        emit({"reference": reference, "ruling": ruling, "reason": reason})
    else:
        say(f"Ruled: {ruling}. The owner of what was hit sees the ruling. A later ruling takes its place.")


@click.command()
@click.option("--unseen", is_flag=True, help="Only those not yet shown.")
@acting
@click.pass_context
def notices(context: click.Context, unseen: bool, officer: str, purpose: str) -> None:
    """Who asked about what we gave, silent matches included, and how they ruled."""
    with node_of(context) as node:
        found = read_notices(node, actor_of(node, officer, purpose), unseen_only=unseen)
    if as_json(context):
        emit(found)
    elif not found:
        say("Nobody has asked about what we gave.")
    else:
        table(
            "Asked about ours",
            ("when", "asker", "contact", "purpose", "our record", "silent", "ruled"),
            [
                (
                    notice.asked_at.strftime("%d %b %Y %H:%M UTC"),
                    notice.asker,
                    notice.asker_contact,
                    notice.purpose,
                    f"{notice.thing} {notice.record}",
                    "yes: the asker does not know" if notice.silent else "no",
                    notice.verdict or "not yet",
                )
                for notice in found
            ],
        )
