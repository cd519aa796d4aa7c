"""Questions to the picture in the two runs: of what is visible, hidden and absent; worded, answered, kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worlds import public_id

from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.picture.chart_state import Named
from alidade.services.picture.question_keeping import list_questions
from alidade.services.picture.question_terms import Condition, Group, Near, PictureQuestion, Said, Seen, Tied
from alidade.services.picture.questions import QuestionAnswer, ask_question, word_question

Read = tuple[str, Callable[[Node, Actor], object]]


def question_reads(seen: Sequence[str], unseen: Sequence[str]) -> list[Read]:
    """Every read of a question."""
    named = tuple(Named(record=public_id(label)) for label in (*seen[:2], *unseen[:2], "absent"))
    asked: dict[str, Condition] = {
        "a known name": Said(property="name", how="known"),
        "no birth date": Said(property="birthDate", how="not_known"),
        "two ties": Tied(at_least=2),
        "a tie to these": Tied(named=named),
        "a tie to a named one": Tied(where=Group(conditions=(Said(property="name", how="known"),))),
        "seen anywhere": Seen(),
        "seen in these near an event": Seen(places=named, near=Near(things=("Event",))),
    }
    reads: list[Read] = [("kept questions", lambda node, actor: list_questions(node, actor))]
    for name, condition in asked.items():
        question = PictureQuestion(where=Group(conditions=(condition,)))
        reads.append((f"things with {name}", lambda node, actor, one=question: _answer(node, actor, one)))
        reads.append(
            (f"in words: {name}", lambda node, actor, one=question: word_question(node, actor, one, "en").text)
        )  # fmt: skip
    return reads


def _answer(node: Node, actor: Actor, question: PictureQuestion) -> object:
    """What a face shows of it."""
    found = ask_question(node, actor, question)
    if not isinstance(found, QuestionAnswer):
        return "long work"
    return [
        found.total,
        found.looked,
        [
            [each.thing.id, each.thing.caption, each.thing.records, [why.record for why in each.because]]
            for each in found.found
        ],
    ]
