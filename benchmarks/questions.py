"""Questions: how long is the answer to "vessels seen in two of these ports within 30 days of a seizure"?

Why: a question that takes minutes is not asked. One million statements, all of which the viewer may read (the worst
case: rights leave nothing out), 2,000 handlings of forty authorities. Target: 5 seconds of the long work, from its
first reading to the kept answer; the answer is then shown by one more look.
"""

from __future__ import annotations

import shutil

from alidade.services.acting import log
from alidade.services.node import Node
from alidade.services.picture.chart_state import Named
from alidade.services.picture.question_terms import Group, Near, PictureQuestion, Said, Seen, Tied, encode_question
from alidade.services.picture.questions import run_question, shown
from alidade.store import directory
from alidade.store.reading import reading
from benchmarks import places, port_store, staging
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.timing import Sample, milliseconds

_LIMIT = 5_000.0


def questions_on(size: int) -> dict[str, PictureQuestion]:
    """The questions that are measured, by what they are called in the report."""
    ports = tuple(Named(record=each) for each in port_store.ids(size, "Port")[:5])
    substance = Tied(ties=("seized",), things=("Substance",),
                     where=Group(conditions=(Said(property="name", value="Substance 3"),)))  # fmt: skip

    def seen(near: Near | None) -> PictureQuestion:
        return PictureQuestion(
            things=("Vessel",), where=Group(conditions=(Seen(places=ports, at_least=2, near=near),))
        )  # fmt: skip

    return {
        "seen in two of five ports within 30 days of a seizure": seen(Near(days=30)),
        "of a seizure of one substance in one of the ports": seen(
            Near(days=30, at="these", where=Group(conditions=(substance,)))
        ),
        "persons by a part of a name": PictureQuestion(
            things=("Person",), where=Group(conditions=(Said(property="name", how="contains", value="123"),))
        ),
    }  # fmt: skip


def measure(options: Options) -> Result:
    """Each question as long work, and the look at its answer."""
    size = 100_000 if options.quick else 1_000_000
    turns = 2 if options.quick else 3
    figures: list[Figure] = []
    with places.passing() as folder:
        home = folder / "home"
        shutil.copytree(port_store.store(size), home)
        node = Node.open(home)
        try:
            actor = staging.actor(node)
            for name, question in questions_on(size).items():
                content, work, look = encode_question(question), Sample(), Sample()
                run_question(node, actor, "0" * 32, content, lambda done: None, lambda: False)
                for _ in range(turns):
                    with work.once():
                        result = run_question(node, actor, "0" * 32, content, lambda done: None, lambda: False)
                    with look.once(), node.store.transaction() as tx:
                        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
                            answer = shown(view, node.vocabulary, result.found, result.total, result.looked)
                        log(tx, actor, "picture_read", results=len(answer.found))
                wall, cpu = milliseconds(work.of(0.5))
                figures += [
                    at_most(name, wall, "ms", _LIMIT, cpu=cpu),
                    plain(f"{name}: look at the answer", milliseconds(look.of(0.5))[0], "ms"),
                    plain(f"{name}: things found", answer.total, ""),
                ]
        finally:
            node.close()
    return Result(figures=(*figures, plain("statements in the store, all visible", size, "")))
