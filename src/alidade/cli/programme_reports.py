"""Reports and calendar at the command line: a report is made, frozen, listed, shown, written to a file, compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from alidade.cli.programme_files import OUT, absent, write_new
from alidade.cli.programme_rounds import read_day
from alidade.cli.session import acting, actor_of, as_json, emit, language, node_of, say, table
from alidade.model.errors import Invalid
from alidade.programme.report.composing import TEMPLATES
from alidade.programme.report.content import Bars, Content, Heading, Paragraph, TableBlock
from alidade.services.programme.frozen import read_report, report_differences
from alidade.services.programme.reports import FORMS, ReportOrder, calendar_feed, drafted, freeze, reports, written

if TYPE_CHECKING:
    from alidade.services.programme.frozen import FactChange

__all__ = ["calendar", "report"]

_FORM = click.option("--form", "--format", "form", type=click.Choice(tuple(FORMS)), default="pdf", show_default=True,
                     help="In which form the file is written.")  # fmt: skip
_FILE = click.option("--out", "--output", "path", type=click.Path(path_type=Path), help="Write it to this file.")


@click.group()
def report() -> None:
    """Reports on papers, from what you may see: make, list, show."""


@report.command("make")
@click.argument("paper")
@click.option("--template", type=click.Choice(TEMPLATES), default="progress_report", show_default=True)
@click.option("--in", "--language", "tongue", type=click.Choice(("en", "fr", "es", "pt")),
              help="Language of the report; else that of the answer.")  # fmt: skip
@click.option("--state", default="", metavar="AAA", help="Which State a State report is about.")
@click.option("--meeting", default="", help="The meeting of a briefing.")
@click.option("--until", metavar="YYYY-MM-DD", help="What is due until this day (of a briefing).")
@click.option("--previous", default="", metavar="REPORT", help="Compare with this one; else with the newest alike.")
@click.option("--draft", is_flag=True, help="Freeze nothing: only write the file.")
@click.option("--untranslated", is_flag=True, help="Freeze it though a text exists in another language only.")
@_FORM
@_FILE
@acting
@click.pass_context
def make(
    context: click.Context,
    paper: str,
    template: str,
    tongue: str | None,
    state: str,
    meeting: str,
    until: str | None,
    previous: str,
    draft: bool,
    untranslated: bool,
    form: str,
    path: Path | None,
    officer: str,
    purpose: str,
) -> None:
    """Freeze a report on PAPER: it never changes again. No file is written over."""
    if path is not None:
        absent(path)
    elif draft:
        raise Invalid("A draft is kept nowhere.", remedy="Name a file: --out FILE.")
    order = ReportOrder(
        template=template, instrument=paper, language=tongue or language(context).partition("_")[0], state=state,
        meeting=meeting, until=read_day(until) if until else None, previous=previous,
    )  # fmt: skip
    kept, content = "", b""
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if draft:
            content = FORMS[form][1](drafted(node, actor, order))
        else:
            kept = freeze(node, actor, order, untranslated=untranslated)
            if path is not None:
                content = written(node, actor, kept, form)[1]
    _told(context, kept, path, content)


def _told(context: click.Context, kept: str, path: Path | None, content: bytes) -> None:
    if path is not None:
        write_new(path, content)
    if as_json(context):
        emit({"frozen": kept, "file": "" if path is None else str(path)})
        return
    said = [f"Frozen as {kept}." if kept else "A draft: nothing is kept."]
    if path is not None:
        said.append(f"Written to {path}.")
    say(" ".join(said))


@report.command("list")
@acting
@click.pass_context
def list_(context: click.Context, officer: str, purpose: str) -> None:
    """The frozen reports that you may see."""
    with node_of(context) as node:
        found = reports(node, actor_of(node, officer, purpose))
    rows = [
        {
            "reference": each.reference, "template": each.body.template, "title": each.body.content.title,
            "subtitle": each.body.content.subtitle, "language": each.body.content.language,
            "authority": each.authority, "made_at": each.made_at.isoformat(),
        }
        for each in found
    ]  # fmt: skip
    if as_json(context):
        emit({"reports": rows})
        return
    table(
        "Reports",
        ("title", "language", "frozen", "reference"),
        [
            (f"{row['title']}: {row['subtitle']}", row["language"], row["made_at"][:10], row["reference"])
            for row in rows
        ],
    )


@report.command("show")
@click.argument("reference")
@click.option("--against", metavar="REPORT", help="Show only what it tells otherwise than this earlier one.")
@_FORM
@_FILE
@acting
@click.pass_context
def show(
    context: click.Context,
    reference: str,
    against: str | None,
    form: str,
    path: Path | None,
    officer: str,
    purpose: str,
) -> None:
    """A frozen report: its text, or with --out as a file; no file is written over."""
    if path is not None:
        absent(path)
    with node_of(context) as node:
        actor = actor_of(node, officer, purpose)
        if against:
            _show_differences(context, report_differences(node, actor, reference, against))
            return
        if path is None:
            _show(context, reference, read_report(node, actor, reference).body.content)
            return
        content = written(node, actor, reference, form)[1]
    _write(context, path, content)


@click.command()
@OUT
@acting
@click.pass_context
def calendar(context: click.Context, path: Path, officer: str, purpose: str) -> None:
    """Meetings, deadlines of measures and rounds as an iCalendar file; no file is written over."""
    absent(path)
    with node_of(context) as node:
        content = calendar_feed(node, actor_of(node, officer, purpose), language(context), {})
    _write(context, path, content)


def _write(context: click.Context, path: Path, content: bytes) -> None:
    write_new(path, content)
    if as_json(context):
        emit({"file": str(path)})
    else:
        say(f"Written to {path}.")


def _show_differences(context: click.Context, found: list[FactChange]) -> None:
    if as_json(context):
        emit({"differences": found})
        return
    table("Told otherwise", ("fact", "before", "now"), [(each.key, each.before, each.now) for each in found])


def _show(context: click.Context, reference: str, content: Content) -> None:
    if as_json(context):
        emit({"reference": reference, "content": msgspec.to_builtins(content)})
        return
    say(f"{content.classification}\n{content.title}\n{content.subtitle}")
    for block in content.blocks:
        if isinstance(block, Heading):
            say(f"\n{block.text}")
        elif isinstance(block, Paragraph):
            say(f"{block.number}. {block.text}")
        elif isinstance(block, TableBlock):
            table(block.title, block.head, [(row.name, *row.cells) for row in block.rows])
        elif isinstance(block, Bars):
            table(block.title, ("", ""), block.bars)
