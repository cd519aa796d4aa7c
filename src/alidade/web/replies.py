"""Questions of a round as a page draws them, and what was typed into their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.register import said_in
from alidade.programme.reply_fields import FIELDS, fields_of, shown
from alidade.programme.rounds import LONGEST_TEXT, Cell, Part, Question, Round
from alidade.web.forms_of_programme import listed

__all__ = ["fields_shown", "given", "questions_shown"]


def given(sent: QueryDict, questions: Iterable[Question]) -> dict[str, dict[str, str]]:
    """What was typed, by question and field; a field that the page did not show is absent."""
    return {
        question.key: {
            name: sent.get(f"{name}-{question.key}", "") for name in FIELDS if f"{name}-{question.key}" in sent
        }
        for question in questions
    }


def questions_shown(
    questions: Iterable[Question],
    parts: Mapping[str, Part],
    language: str,
    *,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    last: Mapping[str, Cell] | None = None,
) -> list[dict[str, Any]]:
    """Each question with its words, the last answer, and its fields as they are or as they were typed."""
    kinds = answer_kinds()

    def one(question: Question) -> dict[str, Any]:
        fields = shown(parts.get(question.key), language) | dict((typed or {}).get(question.key, {}))
        before = (last or {}).get(question.key)
        asked = fields_of(question)
        return {
            "key": question.key,
            "text": said_in(question.text, language)[0],
            "fields": fields,
            "asks": dict.fromkeys(asked, True),
            "more": any(fields[name] for name in asked if name not in ("kind", "text")),
            "counted": "; ".join(f"{of}: {unit}" for of, unit in question.figures),
            "last": kinds[before.kind].label.in_(language) if before is not None and before.kind else "",
            "last_said": said_in(before.part.text, language)[0] if before is not None and before.part else "",
        }

    return [one(question) for question in questions]


def fields_shown(round_: Round, language: str) -> dict[str, Any]:
    """What every question of a page chooses from."""
    return {
        "kinds": [(code, each.label.in_(language)) for code, each in answer_kinds().items()],
        "obstacles": listed("obstacle_kinds", empty=_("none")),
        "keys": [question.key for question in round_.questions],
        "most": LONGEST_TEXT,
    }
