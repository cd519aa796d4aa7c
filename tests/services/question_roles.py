"""What the use cases of questions need: for each the act that a role must list, and a call of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alidade.model.viewer import Actor
from alidade.services.picture.chart_state import Named
from alidade.services.picture.question_keeping import (
    bring_back_question,
    keep_question,
    list_questions,
    open_question,
    share_question,
    withdraw_question,
)
from alidade.services.picture.question_terms import Group, PictureQuestion, Tied
from alidade.services.picture.questions import (
    ask_question,
    question_run,
    question_runs,
    run_question,
    stop_question,
    word_question,
)
from alidade.services.picture.standing_questions import (
    end_standing_question,
    look_at_standing_question,
    make_question_standing,
    standing_questions,
)

NONE = "0" * 32
_ASKED = PictureQuestion(things=("Vessel",))
_KEPT = b'{"question":{"things":["Vessel"]},"parts":0}'


def _naming(record: str) -> PictureQuestion:
    """A question that names a thing: what it is called is looked up, which is an act."""
    return PictureQuestion(where=Group(conditions=(Tied(named=(Named(record=record),)),)))


QUESTION_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    ask_question: ("picture_read", lambda s, a: ask_question(s.office.node, a, _ASKED)),
    word_question: ("picture_read", lambda s, a: word_question(s.office.node, a, _naming(s.record), "en")),
    question_runs: ("picture_read", lambda s, a: question_runs(s.office.node, a)),
    question_run: ("picture_read", lambda s, a: question_run(s.office.node, a, NONE)),
    stop_question: ("picture_read", lambda s, a: stop_question(s.office.node, a, NONE)),
    run_question: (
        "picture_read",
        lambda s, a: run_question(s.office.node, a, NONE, _KEPT, lambda done: None, lambda: False),
    ),
    list_questions: ("picture_read", lambda s, a: list_questions(s.office.node, a)),
    open_question: ("picture_read", lambda s, a: open_question(s.office.node, a, NONE)),
    keep_question: ("piece_keep", lambda s, a: keep_question(s.office.node, a, _ASKED, "Vessels")),
    share_question: ("piece_keep", lambda s, a: share_question(s.office.node, a, NONE, s.office.handling())),
    withdraw_question: ("piece_keep", lambda s, a: withdraw_question(s.office.node, a, NONE)),
    bring_back_question: ("piece_keep", lambda s, a: bring_back_question(s.office.node, a, NONE)),
    make_question_standing: ("piece_keep", lambda s, a: make_question_standing(s.office.node, a, NONE, "2026-12-31")),
    standing_questions: ("picture_read", lambda s, a: standing_questions(s.office.node, a)),
    look_at_standing_question: ("picture_read", lambda s, a: look_at_standing_question(s.office.node, a, NONE)),
    end_standing_question: ("piece_keep", lambda s, a: end_standing_question(s.office.node, a, NONE)),
}
