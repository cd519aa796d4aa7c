"""The programme at the command line: read a paper and see what it says about measures, answers and commitments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from alidade.cli.session import as_json, emit, say, table
from alidade.model.errors import Invalid, Unreadable

if TYPE_CHECKING:
    from alidade.programme.reading import Reading

_LARGEST = 25 * 1024 * 1024


@click.group()
def programme() -> None:
    """Policy papers: measures, recommendations, what States answered."""


@programme.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "json_here", is_flag=True, help="Answer in JSON, for programs.")
@click.option(
    "--paper-language",
    type=click.Choice(["en", "fr", "es", "pt"]),
    help="Language of the paper; recognised where it is not given.",
)
@click.pass_context
def read(context: click.Context, file: Path, json_here: bool, paper_language: str | None) -> None:
    """Read a paper (text, DOCX, PDF, HTML; EN, FR, ES, PT) and show the proposals; nothing is kept."""
    if file.stat().st_size > _LARGEST:
        raise Invalid(f"{file.name} is larger than {_LARGEST} bytes.", remedy="Give a smaller file.")
    reading = _read_apart(file, paper_language)
    if json_here or as_json(context):
        emit(_plain(reading))
        return
    _show(reading)


def _read_apart(file: Path, language: str | None) -> Reading:
    """Read the paper in a process of its own, which has no files, no network, and little time and memory."""
    # Here and not above: what reads papers need not be loaded for the help.
    from alidade.formats.paper_apart import SECONDS, PaperErrand, PaperRead, PaperRefused

    errand = PaperErrand(ending=file.suffix.casefold()[:8], language=language, content=file.read_bytes())
    try:
        done = subprocess.run(  # our own interpreter and module
            [sys.executable, "-I", "-m", "alidade.formats.paper_apart"],
            input=msgspec.msgpack.encode(errand),
            capture_output=True,
            timeout=2 * SECONDS,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
        answer = msgspec.msgpack.decode(done.stdout, type=PaperRead | PaperRefused)
    except (subprocess.TimeoutExpired, msgspec.DecodeError, OSError) as error:
        raise Unreadable(
            f"{file.name} asks for more time or memory than a paper should; it was not read.",
            remedy="Give its text, or a part of it.",
            code="too_heavy",
        ) from error
    if isinstance(answer, PaperRefused):
        raise Unreadable(answer.message.replace("The file", file.name, 1), remedy=answer.remedy, code=answer.code)
    return answer.reading


def _plain(reading: Reading) -> Any:
    """The proposals as plain objects; `silent` by recommendation, a span instead of start and end."""
    found = msgspec.to_builtins(reading)
    found["silent"] = {number: list(states) for number, states in reading.silent}
    return _spans(found)


def _spans(value: Any) -> Any:
    if isinstance(value, dict):
        plain = {key: _spans(inner) for key, inner in value.items()}
        if "start" in plain and "end" in plain:
            plain["span"] = [plain.pop("start"), plain.pop("end")]
        return plain
    return [_spans(inner) for inner in value] if isinstance(value, list | tuple) else value


def _show(reading: Reading) -> None:
    paper = reading.instrument
    say(f"{paper.number or 'without number'}, {paper.date or 'without date'}, {paper.kind}, {paper.language}")
    say(paper.title)
    if len(reading.chain) > 1:
        say(f"Chain: {' -> '.join(reading.chain)}")
    for marking in paper.markings:
        say(f"Marked: {marking}")
    if reading.measures:
        table(
            f"{len(reading.measures)} measures or recommendations",
            ("no.", "title", "addressees", "deadline", "references", "paragraph"),
            [
                (
                    each.number,
                    each.title,
                    ", ".join(actor.label for actor in each.addressees),
                    each.deadline.value if each.deadline else each.deadline_finding,
                    ", ".join(reference.value for reference in each.references),
                    str(each.paragraph),
                )
                for each in reading.measures
            ],
        )
    if reading.answers:
        _show_answers(reading)
    if reading.commitments:
        table(
            f"{len(reading.commitments)} commitments",
            ("force", "text", "paragraph"),
            [(each.force, each.text, str(each.paragraph)) for each in reading.commitments],
        )
    for warning in reading.warnings:
        say(f"Look at this: {warning}")
    say("These are proposals. Nothing is kept before a person has accepted it.")


def _show_answers(reading: Reading) -> None:
    possible = len(reading.states) * len(reading.silent)
    rows = []
    for number, silent in reading.silent:
        own = [each for each in reading.answers if each.recommendation == number]
        kinds = {kind: sum(1 for each in own if each.kind == kind) for kind in dict.fromkeys(each.kind for each in own)}
        counted = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        rows.append((number, str(len(own)), counted, ", ".join(silent)))
    table(
        f"{len(reading.answers)} of {possible} answered, {len(reading.states)} States",
        ("recommendation", "answered", "kinds", "silent"),
        rows,
    )
