"""The register at the command line: papers and how their measures stand; all commands of the follow-up together."""

from __future__ import annotations

from pathlib import Path

import click

from alidade.cli.programme import programme
from alidade.cli.programme_answers import round_
from alidade.cli.programme_reports import calendar, report
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.errors import Invalid
from alidade.programme.lists import term
from alidade.programme.register import said_in
from alidade.services.programme.accepting import LARGEST, accept, proposal, propose
from alidade.services.programme.register import PaperLine, papers, read_paper

__all__ = ["programme"]

_LANGUAGES = ("en", "fr", "es", "pt")


@programme.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The papers that you may read, and how their measures stand."""
    with node_of(context) as node:
        found = papers(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit({"papers": [_line(each) for each in found]})
        return
    table(
        "Papers",
        ("number", "title", "date", "measures", "done", "not known", "findings", "kept by", "reference"),
        [
            (
                each.kept.body.number, said_in(each.kept.body.title, language(context))[0], each.kept.body.date or "",
                each.measures, each.statuses.get("done", 0), each.not_known, each.findings, each.kept.authority,
                each.kept.reference,
            )
            for each in found
        ],
    )  # fmt: skip


def _line(each: PaperLine) -> dict[str, object]:
    body = each.kept.body
    return {
        "reference": each.kept.reference, "number": body.number, "kind": body.kind, "title": body.title,
        "date": body.date.isoformat() if body.date else "", "authority": each.kept.authority,
        "version": each.kept.version, "measures": each.measures, "statuses": each.statuses,
        "not_known": each.not_known, "findings": each.findings,
    }  # fmt: skip


@programme.command("show")
@click.argument("reference")
@acting
@click.pass_context
def show(context: click.Context, reference: str, officer: str, purpose: str) -> None:
    """One paper with its measures: how each stands, since when, and what there is to find fault with."""
    with node_of(context) as node:
        found = read_paper(node, actor_of(node, officer, purpose), reference)
    tongue, body = language(context), found.kept.body
    rows = [
        {
            "key": key, "title": said_in(each.measure.title, tongue)[0], "status": each.status or "",
            "since": str(each.since or ""), "deadline": str(each.measure.deadline or ""), "verified": each.verified,
            "findings": [finding.code for finding in each.findings],
        }
        for key, each in found.standings.items()
    ]  # fmt: skip
    if as_json(context):
        emit({"reference": reference, "number": body.number, "title": body.title, "version": found.kept.version,
              "own": found.own, "measures": rows, "uncarried": found.uncarried})  # fmt: skip
        return
    say(f"{body.number}: {said_in(body.title, tongue)[0]}")
    table(
        "Measures",
        ("no.", "title", "status", "since", "deadline", "findings"),
        [
            (
                row["key"], row["title"],
                term("measure_statuses", str(row["status"]), tongue) if row["status"] else "not known",
                row["since"], row["deadline"] or "none set", ", ".join(finding.code for finding in each.findings),
            )
            for row, each in zip(rows, found.standings.values(), strict=True)
        ],
    )  # fmt: skip


@programme.command("accept")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--paper-language", type=click.Choice(_LANGUAGES), help="Language of the paper; else recognised.")
@click.option("--number", help="Number of the paper, where it was not read right.")
@click.option("--only", multiple=True, metavar="MEASURE", help="Only these measures; else all that were read.")
@click.option("--without-answers", is_flag=True, help="Leave out the answers of States that the paper tells.")
@acting
@click.pass_context
def accept_(
    context: click.Context,
    file: Path,
    paper_language: str | None,
    number: str | None,
    only: tuple[str, ...],
    without_answers: bool,
    officer: str,
    purpose: str,
) -> None:
    """Read a paper and keep what it proposes; who runs this has looked at `programme read` before."""
    if file.stat().st_size > LARGEST:
        raise Invalid(f"{file.name} is larger than {LARGEST} bytes.", remedy="Give a smaller file.")
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        draft = propose(node, actor, file.read_bytes(), file.name, paper_language)
        known = [each.number for each in proposal(node, actor, draft).measures]
        unknown = sorted(set(only) - set(known))
        if unknown:
            raise Invalid("A measure that is to be kept was not read.", remedy="Look with: alidade programme read.")
        chosen = only or known
        head = {"number": number} if number else None
        kept = accept(node, actor, draft, chosen, head=head, answers=not without_answers)
    if as_json(context):
        emit({"reference": kept, "measures": len(chosen)})
    else:
        say(f"Kept as {kept} with {len(chosen)} measures. All authorities of the federation can see it.")


programme.add_command(report)
programme.add_command(calendar)
programme.add_command(round_)
