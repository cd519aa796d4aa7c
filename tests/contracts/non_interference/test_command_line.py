"""The same through the command line: what is printed, for people and for programs, tells nothing of what is hidden."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from laboratory import PAIRS, Laboratory, agree, fewer
from pieces import pieces_to_try
from worlds import Family, public_id

from alidade.cli import chart, checking, dossier, entity, judgements, picture, question, records, standing
from alidade.cli.main import cli
from alidade.model.viewer import Actor
from alidade.services.node import Node

FAMILIES = 20
GROUNDS = ("--ground", "criminal_investigation", "--case", "2026-1", "--why", "two runs")


@pytest.fixture
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = Laboratory(tmp_path_factory.mktemp("node"), monkeypatch)
        made.extra = lambda family: _commands(family, monkeypatch)
        yield made
        made.close()


def _commands(family: Family, monkeypatch: pytest.MonkeyPatch) -> Sequence[tuple[str, Callable[[Node, Actor], object]]]:
    """Every command that reads, with what is visible, what is hidden in one of the databases, and what is absent."""
    labels = list(dict.fromkeys(line.record for side in (family.visible, *family.sides) for line in side.lines))
    lines: list[tuple[str, ...]] = [("check", question.text, *GROUNDS) for question in family.questions[:3]]
    lines += [("standing", "keep", family.questions[0].text, "--until", "2026-12-31", *GROUNDS)]
    lines += [("standing", "look", "--all"), ("standing", "list")]
    lines += [("verdict",), ("notices",), ("record", "list", "--newest", str(family.newest))]
    lines += [("record", "suggest", prefix) for prefix in family.prefixes[:2]]
    lines += [("picture", sight) for sight in ("map", "timeline", "matrix")]
    lines += [("judgement", "list"), ("judgement", "suggest"), ("chart", "list"), ("question", "list")]
    lines += [("dossier", "list")]
    absent = [(kind, "absent") for kind in ("chart", "dossier")]
    for kind, label in [*((piece.kind, piece.label) for piece in pieces_to_try(family)), *absent]:
        kept = {"chart": ("chart", "show", "--kept"), "dossier": ("dossier", "show")}.get(kind)
        lines += [(*kept, public_id(label))] if kept else []
    for label in [*labels[:3], "absent"]:
        reference = public_id(label)
        lines += [("record", "show", reference), ("record", "why", reference, "--action", "court")]
        lines += [("chart", "show", reference), ("entity", "show", reference), ("judgement", "suggest", reference)]
    forms: tuple[tuple[str, ...], ...] = ((), ("--json",))
    return [(_name(line, form), _command(monkeypatch, (*form, *line))) for line in lines for form in forms]


def _name(line: tuple[str, ...], form: tuple[str, ...]) -> str:
    """What the read is called: by the word by which the library's own is."""
    word = line[1] if line[0] == "record" else line[0]
    return " ".join((word, *form, *line))


def _command(monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]) -> Callable[[Node, Actor], object]:
    def run(node: Node, actor: Actor) -> object:
        @contextlib.contextmanager
        def node_of(context: object, **options: object) -> Iterator[Node]:
            yield node

        def actor_of(node: Node, officer: str, purpose: str, **grounds: Any) -> Actor:
            return actor

        for module in (chart, checking, dossier, entity, judgements, picture, question, records, standing):
            monkeypatch.setattr(module, "node_of", node_of)
            monkeypatch.setattr(module, "actor_of", actor_of)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            cli.main([*arguments, "--as", actor.officer], standalone_mode=False)
        return printed.getvalue()

    return run


def test_agreeing_databases_print_the_same(laboratory: Laboratory) -> None:
    families = fewer(FAMILIES)
    assert agree(laboratory, range(700_000, 700_000 + families)) == families * PAIRS
