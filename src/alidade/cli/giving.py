"""Give, withdraw, categorise, erase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from alidade.cli.handling_options import handling_from, handling_options
from alidade.cli.session import acting, actor_of, as_json, console, emit, node_of, say, table
from alidade.formats.mapping import Mapping, correct, read_mapping, show, write_mapping
from alidade.model.errors import Conflict
from alidade.model.viewer import Actor
from alidade.services import correcting as use
from alidade.services.contributions import contributions
from alidade.services.import_file import ImportReport, Order, Preview, Source, import_file, look_at, preview
from alidade.services.node import Node

REJECTED = 7


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--list", "source_list", default="", help="Name of the list; the same name again brings a new version.")
@click.option("--part", is_flag=True, help="The file is a part of the list: nothing is delisted.")
@click.option("--mapping", "mapping_file", type=click.Path(path_type=Path), help="Mapping file of a table.")
@click.option("--save-mapping", type=click.Path(path_type=Path), help="Keep the mapping used in this file.")
@click.option("--set", "corrections", multiple=True, metavar="COLUMN=PROPERTY", help="Correct the mapping.")
@click.option("--yes", is_flag=True, help="Use the mapping shown without asking.")
@click.option("--look", is_flag=True, help="Only show what the file is and how it would be read.")
@click.option("--accept-markings", is_flag=True, help="The handling stated here does justice to every foreign marking.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Where rejected rows go.")
@handling_options
@acting
@click.pass_context
def import_(
    context: click.Context,
    /,
    path: Path,
    source_list: str,
    part: bool,
    mapping_file: Path | None,
    save_mapping: Path | None,
    corrections: tuple[str, ...],
    yes: bool,
    look: bool,
    accept_markings: bool,
    rejects: Path | None,
    officer: str,
    purpose: str,
    **options: Any,
) -> int:
    """Take in a table (CSV, XLSX), a sanctions list (OFAC, UN, EU), FollowTheMoney, STIX 2.1 or MISP.

    \b
    alidade import ofac/ --as us-ofac/a.smith --list "OFAC SDN" \\
        --category publicly_listed_person --community all --classification PUBLIC
    alidade import suspects.csv --as nl-politie/j.devries --set surname=lastName --yes

    Without --category, persons wait in quarantine until somebody says which kind of person they are.
    """
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        source = look_at(path)
        mapping = None
        if source.is_table:
            seen = preview(node, source)
            mapping = read_mapping(mapping_file) if mapping_file else seen.mapping
            mapping = correct(mapping, corrections, seen.header)
            if not as_json(context):
                _show_mapping(source, seen, show(mapping))
            if save_mapping:
                _save(save_mapping, mapping)
            if not (look or yes or mapping_file):
                _confirm(context)
        elif not as_json(context):
            say(source.sentence)
        if look:
            if as_json(context):
                emit({"format": source.format, "sentence": source.sentence, "mapping": mapping})
            return 0
        order = Order(
            handling=handling_from(actor.viewer.authority, options),
            source_list=source_list,
            mapping=mapping,
            whole=not part,
            accept_markings=accept_markings,
            rejects=rejects,
        )
        report = _with_progress(context, node, actor, source, order)
    _show_report(context, report)
    return REJECTED if report.rejected else 0


def _save(path: Path, mapping: Mapping) -> None:
    if path.exists():
        raise Conflict(f"{path.name} exists already.", remedy="Name another file.")
    write_mapping(path, mapping)


def _confirm(context: click.Context) -> None:
    if as_json(context):
        raise click.UsageError("A program says --yes or names a --mapping.")
    click.confirm("Read it so?", abort=True)


def _with_progress(context: click.Context, node: Node, actor: Actor, source: Source, order: Order) -> ImportReport:
    if as_json(context):
        return import_file(node, actor, source, order)
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed} rows read"), TimeElapsedColumn())
    with Progress(*columns, console=console()) as bar:
        task = bar.add_task("Importing", total=None)
        return import_file(node, actor, source, order, lambda rows: bar.update(task, completed=rows))


def _show_mapping(source: Source, seen: Preview, rows: Any) -> None:
    say(source.sentence)
    table(
        "It would be read so",
        ("column", "becomes", "particulars", "sure"),
        [
            (
                row.column,
                row.target,
                row.details,
                f"{seen.confidence[row.column]:.0%}" if row.column in seen.confidence else "",
            )
            for row in rows
        ],
    )
    if seen.unmapped:
        say(f"Not read: {', '.join(seen.unmapped)}. Correct with --set COLUMN=PROPERTY.")
    table("First rows", seen.header, seen.rows)


def _show_report(context: click.Context, report: ImportReport) -> None:
    if as_json(context):
        emit(report)
        return
    table(
        f"Import of {report.source_list}",
        ("read", "new", "altered", "unchanged", "delisted", "in quarantine", "rejected", "remarks", "statements"),
        [
            (
                report.read, report.new, report.altered, report.unchanged, report.delisted, report.quarantined,
                report.rejected, report.remarks, report.statements,
            )
        ],
    )  # fmt: skip
    if report.problems:
        table(
            "Problems (the first 20)",
            ("file", "row", "field", "what", ""),
            [
                (p.place.file, p.place.row, p.field, p.reason, "rejected" if p.fatal else "remark")
                for p in report.problems[:20]
            ],
        )
    if report.rejects is not None:
        say(f"Rows to mend: {report.rejects}. Mend them there and import that file again.")
    if report.quarantined:
        say("In quarantine: nobody finds these until somebody says which kind of person each is about.")
        say("See: alidade contribution quarantine.")


@click.group()
def contribution() -> None:
    """What we have given: withdraw it, or say the category of what waits in quarantine."""


@contribution.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """What we gave, newest first, each with its reference and state."""
    with node_of(context) as node:
        found = contributions(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit(found)
    elif not found:
        say("Your authority has given nothing yet that you may see.")
    else:
        table(
            "What we gave",
            ("contribution", "title", "given (UTC)", "records", "state"),
            [
                (one.reference, one.title, f"{one.given_at:%d %b %Y, %H:%M} UTC", one.records, one.state)
                for one in found
            ],
        )


@contribution.command("withdraw")
@click.argument("reference")
@click.option("--reason", required=True, help="See: alidade words withdrawal_reasons.")
@acting
@click.pass_context
def withdraw(context: click.Context, reference: str, reason: str, officer: str, purpose: str) -> None:
    """Withdraw a contribution of ours: nothing of it is found or shown from here on."""
    with node_of(context) as node:
        statements = use.withdraw(node, actor_of(node, officer, purpose), reference, reason)
    if as_json(context):
        emit({"contribution": reference, "statements": statements})
    else:
        say(f"Withdrawn: {statements} statements. They stay as evidence until they are erased.")


@contribution.command("quarantine")
@acting
@click.pass_context
def quarantine(context: click.Context, officer: str, purpose: str) -> None:
    """Records of ours that wait for a data-subject category."""
    with node_of(context) as node:
        waiting = use.waiting_for_category(node, actor_of(node, officer, purpose))
    if as_json(context):
        emit(waiting)
    elif not waiting:
        say("Nothing waits for a category.")
    else:
        table(
            "In quarantine",
            ("record", "thing", "key in its list"),
            [(w.record, w.thing, w.source_key) for w in waiting],
        )


@contribution.command("categorise")
@click.argument("records", nargs=-1, required=True)
@click.option("--category", required=True, help="See: alidade words subject_categories.")
@acting
@click.pass_context
def categorise(context: click.Context, records: tuple[str, ...], category: str, officer: str, purpose: str) -> None:
    """Say which kind of person quarantined records are about; they can be found from then on."""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        outcomes = {record: use.categorise(node, actor, record, category) for record in records}
    if as_json(context):
        emit(outcomes)
        return
    for record, outcome in outcomes.items():
        say(f"{record}: {outcome.statements} statements can be found now.")
        for problem in outcome.problems:
            say(f"  {problem.field}: {problem.reason}")


@click.group()
def erase() -> None:
    """Erase for good. Ids, salted hashes and the act remain; it cannot be undone."""


@erase.command("record")
@click.argument("record")
@click.option("--property", "only_property", help="Only the values of this property.")
@click.option("--reason", required=True, help="See: alidade words erasure_reasons.")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@acting
@click.pass_context
def erase_record(
    context: click.Context,
    record: str,
    only_property: str | None,
    reason: str,
    yes: bool,
    officer: str,
    purpose: str,
) -> None:
    """Erase a record of ours, or the values of one of its properties."""
    if not yes:
        click.confirm("Values, keys and rows of reject files are removed for good. Erase?", abort=True)
    with node_of(context) as node:
        done = use.erase_record(node, actor_of(node, officer, purpose), record, reason, only_property=only_property)
    if as_json(context):
        emit(done)
    else:
        say(f"Erased: {done.statements} statements, {done.reject_rows} rows of reject files. Erasure {done.erasure}.")
        say("Backups made before can no longer show the record. Make a new one: alidade backup.")


@erase.command("question")
@click.argument("check")
@click.option("--reason", required=True, help="See: alidade words erasure_reasons.")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@acting
@click.pass_context
def erase_question(context: click.Context, check: str, reason: str, yes: bool, officer: str, purpose: str) -> None:
    """Erase the question of a check of ours and the body of its ledger entry; their hashes stay."""
    if not yes:
        click.confirm("The question and the body of its ledger entry are removed for good. Erase?", abort=True)
    with node_of(context) as node:
        done = use.erase_question(node, actor_of(node, officer, purpose), check, reason)
    if as_json(context):
        emit(done)
    else:
        say(f"Erased. Erasure {done.erasure}.")
