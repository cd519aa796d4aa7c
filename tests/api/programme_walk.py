"""The walk through the follow-up: for each of its addresses the act that it needs, and one good request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from programme_things import LETTER, filled_form

PAPER: Final = {
    "number": "12/26",
    "kind": "action_plan",
    "title": {"en": "Ports"},
    "measures": [{"key": "1", "title": {"en": "Measure 1"}}],
}
ROUND: Final = {
    "title": {"en": "Follow-up"},
    "questions": [{"key": "1", "text": {"en": "What was done?"}}],
    "asked": ["nl-politie"],
    "opens": "2026-06-01",
    "cut_off": "2026-07-01",
}
MEETING: Final = {"title": {"en": "Working group"}, "starts": "2026-07-01"}
STATUS: Final = {"kind": "status", "status": "under_way"}
DONE: Final = {"parts": [{"question": "1", "kind": "done"}], "version": 0}


def _no_body(_: Any) -> None:
    return None


def _with(thing: str, before: str, after: str = "") -> Callable[[Any], str]:
    """The address with the reference of a thing in its middle."""
    return lambda t: f"/programme/{before}/{getattr(t, thing)}{after}"


# operation: (act that it needs, or None; method; address; body), in an order in which each can be done
PROGRAMME_WALK: Final[dict[str, tuple[str | None, str, Callable[[Any], str], Callable[[Any], Any]]]] = {
    "programme_words": (None, "GET", lambda t: "/programme/words", _no_body),
    "programme_papers": ("programme_read", "GET", lambda t: "/programme/papers", _no_body),
    "programme_progress": ("programme_read", "GET", lambda t: "/programme/progress?late=true", _no_body),
    "programme_paper_keep": ("programme_write", "POST", lambda t: "/programme/papers", lambda t: {"paper": PAPER}),
    "programme_paper": ("programme_read", "GET", _with("paper", "papers"), _no_body),
    "programme_entries": ("programme_read", "GET", _with("paper", "papers", "/entries"), _no_body),
    "programme_measure": ("programme_read", "GET", _with("paper", "papers", "/measures/1"), _no_body),
    "programme_carry_over": (
        "programme_write",
        "POST",
        _with("paper", "papers", "/carry-over"),
        lambda t: {"earlier": t.earlier, "steps": [{"measure": "1", "how": "continued", "into": "1"}], "version": 1},
    ),
    "programme_paper_change": (
        "programme_write",
        "PUT",
        _with("paper", "papers"),
        lambda t: {"paper": PAPER | {"number": "10/26"}, "version": 2},
    ),
    "programme_entry_add": (
        "programme_write",
        "POST",
        _with("paper", "papers", "/entries"),
        lambda t: {"measure": "1", "entry": STATUS},
    ),
    "programme_entry_correct": (
        "programme_write",
        "PUT",
        _with("said", "entries"),
        lambda t: {"entry": STATUS, "version": 1},
    ),
    "programme_verify": (
        "programme_verify",
        "POST",
        _with("to_verify", "entries", "/verifications"),
        lambda t: {"ruling": "confirmed"},
    ),
    "programme_read": ("programme_write", "POST", lambda t: "/programme/readings?form=txt", lambda t: LETTER),
    "programme_reading": ("programme_write", "GET", _with("proposals", "readings"), _no_body),
    "programme_accept": (
        "programme_write",
        "POST",
        _with("proposals", "readings", "/accept"),
        lambda t: {"measures": ["1"], "head": {"number": "14/26", "title": "Letter"}},
    ),
    "programme_rounds": ("programme_read", "GET", lambda t: "/programme/rounds", _no_body),
    "programme_round_hold": (
        "round_manage",
        "POST",
        lambda t: "/programme/rounds",
        lambda t: {"round": ROUND | {"instrument": t.paper}},
    ),
    "programme_round": ("programme_read", "GET", _with("asked", "rounds"), _no_body),
    "programme_comparison": ("programme_read", "GET", _with("asked", "rounds", "/comparison"), _no_body),
    "programme_round_change": (
        "round_manage",
        "PUT",
        _with("asked", "rounds"),
        lambda t: {"round": ROUND, "version": 1},
    ),
    "programme_form": ("programme_read", "GET", _with("asked", "rounds", "/form"), _no_body),
    "programme_answer": ("programme_read", "GET", _with("asked", "rounds", "/answer"), _no_body),
    "programme_answer_put": ("round_answer", "PUT", _with("asked", "rounds", "/answer"), lambda t: DONE),
    "programme_form_put": (
        "round_answer",
        "PUT",
        _with("asked", "rounds", "/form?version=1"),
        lambda t: filled_form(t.asked),
    ),
    "programme_round_close": (
        "round_manage",
        "POST",
        _with("asked", "rounds", "/close"),
        lambda t: {"version": 2},
    ),
    "programme_reports": ("programme_read", "GET", lambda t: "/programme/reports", _no_body),
    "programme_report_draft": (
        "report_write",
        "POST",
        lambda t: "/programme/reports/draft",
        lambda t: {"template": "progress_report", "instrument": t.paper},
    ),
    "programme_report_make": (
        "report_write",
        "POST",
        lambda t: "/programme/reports",
        lambda t: {"template": "progress_report", "instrument": t.paper},
    ),
    "programme_report": ("programme_read", "GET", _with("report", "reports"), _no_body),
    "programme_report_file": ("programme_read", "GET", _with("report", "reports", "/file?form=html"), _no_body),
    "programme_report_differences": (
        "programme_read",
        "GET",
        lambda t: f"/programme/reports/{t.report}/differences?earlier={t.report}",
        _no_body,
    ),
    "programme_analysis": ("programme_read", "GET", lambda t: f"/programme/analysis?paper={t.paper}", _no_body),
    "programme_table_export": (
        "programme_read",
        "GET",
        lambda t: f"/programme/analysis/tables/states?paper={t.paper}",
        _no_body,
    ),
    "programme_evaluations": ("programme_read", "GET", lambda t: "/programme/evaluations", _no_body),
    "programme_evaluation": ("programme_read", "GET", _with("evaluation", "evaluations"), _no_body),
    "programme_calendar": ("programme_read", "GET", lambda t: "/programme/calendar", _no_body),
    "programme_feed": ("programme_read", "GET", lambda t: "/programme/calendar/feed", _no_body),
    "programme_meeting_keep": (
        "programme_write",
        "POST",
        lambda t: "/programme/meetings",
        lambda t: {"meeting": MEETING},
    ),
    "programme_meeting_change": (
        "programme_write",
        "PUT",
        _with("meeting", "meetings"),
        lambda t: {"meeting": MEETING, "version": 1},
    ),
    "programme_meeting_withdraw": ("programme_write", "DELETE", _with("meeting", "meetings"), _no_body),
    "programme_entry_withdraw": ("programme_write", "DELETE", _with("said", "entries"), _no_body),
}
PROGRAMME_WITH_REFERENCE: Final = (
    "programme_paper", "programme_entries", "programme_measure", "programme_carry_over", "programme_paper_change",
    "programme_entry_add", "programme_entry_correct", "programme_entry_withdraw", "programme_verify",
    "programme_reading", "programme_accept", "programme_round_hold", "programme_round", "programme_comparison",
    "programme_round_change", "programme_form", "programme_answer", "programme_answer_put", "programme_form_put",
    "programme_round_close", "programme_report_draft", "programme_report_make", "programme_report",
    "programme_report_file", "programme_report_differences", "programme_meeting_change", "programme_meeting_withdraw",
    "programme_analysis", "programme_table_export", "programme_evaluation",
)  # fmt: skip
