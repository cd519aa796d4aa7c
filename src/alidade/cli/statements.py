"""How a statement is shown: value, who says so, how reliable, under what handling, since when."""

from __future__ import annotations

from collections.abc import Iterable

from alidade.cli.session import table
from alidade.services.records import SeenJudgement, SeenStatement


def show_statements(title: str, statements: Iterable[SeenStatement]) -> None:
    """A table of statements, each with its evaluation and handling."""
    table(
        title,
        ("property", "value", "from", "evaluation", "handling", "given"),
        [(s.property, _value(s), s.owner, _evaluation(s), _handling(s), s.given_at[:10]) for s in statements],
    )


def _value(s: SeenStatement) -> str:
    return f"{s.value}  (as given: {s.original})" if s.original and s.original != s.value else s.value


def _evaluation(s: SeenStatement) -> str:
    if not s.evaluation.given:
        return f"{s.evaluation.code} not given"
    if s.evaluation.scheme != "4x4":
        return f"{s.evaluation.code} ({s.evaluation.scheme}: {s.evaluation.original})"
    return s.evaluation.code


def _handling(s: SeenStatement) -> str:
    parts = [" ".join(s.handling.codes), s.handling.restriction, " ".join(s.handling.conditions)]
    if s.handling.classification not in ("PUBLIC", "BPL"):
        parts.append(s.handling.classification)
    return " ".join(part for part in parts if part)


def statement_for_programs(s: SeenStatement) -> dict[str, object]:
    """A statement for JSON. Its number in the store stays inside: it would tell how much lies between."""
    return {
        "statement": s.statement,
        "record": s.record,
        "thing": s.thing,
        "owner": s.owner,
        "source_list": s.source_list,
        "source_key": s.source_key,
        "contribution": s.contribution,
        "given_at": s.given_at,
        "property": s.property,
        "value": s.value,
        "original": s.original,
        "language": s.language,
        "evaluation": s.evaluation,
        "handling": s.handling,
        "valid_from": s.valid_from,
        "valid_to": s.valid_to,
    }


def judgement_for_programs(ruling: SeenJudgement) -> dict[str, object]:
    """A ruling between two records as `--json` shows it."""
    return {
        "judgement": ruling.judgement,
        "left": ruling.left,
        "right": ruling.right,
        "ruling": ruling.ruling,
        "reason": ruling.reason,
        "authority": ruling.authority,
        "ruled_at": ruling.ruled_at,
    }
