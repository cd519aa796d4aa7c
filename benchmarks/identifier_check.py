"""Identifier check: is this phone number known, in a store of a million, asked by a viewer with few rights?

Why: an officer at a barrier waits for the answer; and the work is done for every handling the viewer may learn of,
whether or not the number stands anywhere, so that the time tells nothing.
Target: 95 of 100 answers within 5 ms without the durable write of the log. "Finding" is the view of the viewer, the
search in both layers and the content of what was hit; "before the commit" adds the kept question and its hits; the
whole adds ledger entry, signed head and a commit that waits for the disk. Half of the numbers asked are in the store.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import re
import time
from collections.abc import Callable
from random import Random

from alidade.model.viewer import Actor
from alidade.services.acting import require_right
from alidade.services.check import Answer, ask, check
from alidade.services.finding import Question, find, understand
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.reading import reading
from benchmarks import phone_store, staging
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.many_statements import leave_entry
from benchmarks.timing import Sample, milliseconds

_LIMIT = 5.0


def measure(options: Options) -> Result:
    """Finding alone, the act before its commit, and the whole; with the kind said, and with the kind to be guessed."""
    size = 100_000 if options.quick else 1_000_000
    node = Node.open(phone_store.store(size))
    try:
        actor = staging.actor(node)
        random = Random(7)
        turns = 60 if options.quick else 300
        texts = [phone_store.number(random.randrange(2 * size)) for _ in range(turns)]
        said = [Question(text=text, kind="phone") for text in texts]
        guessed = [Question(text=text) for text in texts[: turns // 3]]
        for question in said[:5]:
            check(node, actor, question)
        finding = Sample()
        for question in said:
            _find(node, actor, question, finding)
        before, whole, answers = _ask(node, actor, said)
        figures: list[Figure] = []
        figures += _shares("finding", finding)
        wall, cpu = milliseconds(before.of(0.95))
        figures += _shares("before the commit", before)[:1]
        figures.append(at_most("before the commit, 95 of 100 within", wall, "ms", _LIMIT, cpu=cpu))
        figures += _shares("whole check", whole)
        figures += _shares("log and commit alone", whole.minus(before))
        before, whole, _ = _ask(node, actor, guessed)
        figures += _shares("kind not said: before the commit", before)
        figures += _shares("kind not said: whole check", whole)
        figures += [
            plain("records in the store", size, ""),
            plain("answers: hit", _count(answers, "hit"), ""),
            plain("answers: hit without content", _count(answers, "hit_without_content"), ""),
            plain("answers: no hit", _count(answers, "no_hit"), ""),
        ]
        return Result(figures=tuple(figures), text=_profile(lambda: _ask(node, actor, said[:100])))
    finally:
        node.close()


def _find(node: Node, actor: Actor, question: Question, finding: Sample) -> None:
    with node.store.transaction() as tx:
        with finding.once():
            readings = understand(question)
            with reading(tx, actor.viewer, directory.world(tx), ("read", "hit_only")) as view:
                found = find(view, "read", question, readings, node.vocabulary)
                find(view, "hit_only", question, readings, node.vocabulary)
                for each in found:
                    view.record_by_number(each.candidate.record_number, each.candidate.owner)
        leave_entry(tx, actor, len(found))


def _ask(node: Node, actor: Actor, questions: list[Question]) -> tuple[Sample, Sample, list[Answer]]:
    """The very steps of services.check.check, with a clock before the commit."""
    before, whole, answers = Sample(), Sample(), []
    for question in questions:
        with whole.once(), node.store.transaction() as tx, before.once():
            require_right(node, tx, actor, "check")
            answers.append(ask(node, tx, actor, question, language="en"))
    return before, whole, answers


def _shares(name: str, sample: Sample) -> list[Figure]:
    half, most = milliseconds(sample.of(0.5)), milliseconds(sample.of(0.95))
    return [
        plain(f"{name}, median", half[0], "ms", cpu=half[1]),
        plain(f"{name}, 95 of 100 within", most[0], "ms", cpu=most[1]),
    ]


def _count(answers: list[Answer], kind: str) -> int:
    return sum(answer.kind == kind for answer in answers)


def _profile(action: Callable[[], object]) -> str:
    """Where the time of a hundred whole checks goes; the profiler itself makes calls dearer than they are."""
    profiler = cProfile.Profile(time.process_time)
    profiler.runcall(action)
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).strip_dirs().sort_stats("cumulative").print_stats(
        r"^(reading|check|checks|finding|directory|rights|guard|database|trail|keystore|head|acting|consistency)\.py"
    )
    lines = [line.rstrip() for line in text.getvalue().splitlines() if re.match(r" +[\d/]+ +[\d.]+ ", line)]
    return "Profile of 100 checks in CPU time (calls, own s, per call, with callees s, per call, where)\n" + "\n".join(
        lines[:28]
    )
