"""The follow-up as two authorities do it over the API, every operation once, for the examples of the description."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from callers import Callers
from personas import DE, NL, Office
from programme_things import LETTER, filled_form, programme_things

PLAN: Final = {
    "number": "16293/24",
    "kind": "action_plan",
    "title": {"en": "Plan for ports", "fr": "Plan pour les ports"},
    "date": "2026-01-12",
    "measures": [
        {
            "key": "1",
            "title": {"en": "Visit ports together", "fr": "Visiter les ports ensemble"},
            "addressees": ["NLD", "DEU"],
            "deadline": "2026-06-30",
        },
        {"key": "2", "title": {"en": "Seal containers", "fr": "Sceller les conteneurs"}},
    ],
}
FIRST: Final = {"number": "10270/24", "kind": "roadmap", "title": {"en": "Roadmap"},
                "measures": [{"key": "A", "title": {"en": "Visit ports"}}]}  # fmt: skip
DONE: Final = {
    "kind": "result",
    "text": {"en": "Ports were visited together."},
    "day": "2026-05-20",
    "figure": {"value": 17, "unit": "visits to ports", "source": {"document": "16293/24", "paragraph": "12"}},
}
MEETING: Final = {
    "title": {"en": "Working group"}, "starts": "2026-07-01",
    "preparations": [{"text": {"en": "Progress report"}, "owner": "NL", "days_before": 14}],
}  # fmt: skip
FREE: Final = {"untranslated": True, "audience": {"communities": ["all"]}}


def exchange_programme(office: Office, callers: Callers, send: Callable[..., Any]) -> None:
    """Send every operation of the follow-up."""
    ours, theirs = callers(NL, "policy_officer"), callers(DE, "policy_officer")
    send(ours, "programme_words", "GET", "/programme/words")
    plan = send(ours, "programme_paper_keep", "POST", "/programme/papers", {"paper": PLAN})["reference"]
    first = theirs.post("/programme/papers", {"paper": FIRST})["reference"]
    steps = [{"measure": "A", "how": "continued", "into": "1"}]
    carried = {"earlier": first, "steps": steps, "version": 1}
    send(ours, "programme_carry_over", "POST", f"/programme/papers/{plan}/carry-over", carried)
    said = send(
        ours, "programme_entry_add", "POST", f"/programme/papers/{plan}/entries", {"measure": "1", "entry": DONE}
    )["reference"]
    corrected = {"entry": DONE | {"day": "2026-05-21"}, "version": 1, "reason": "The visit was a day later."}
    send(ours, "programme_entry_correct", "PUT", f"/programme/entries/{said}", corrected)
    send(theirs, "programme_verify", "POST", f"/programme/entries/{said}/verifications", {"ruling": "confirmed"})
    send(theirs, "programme_entries", "GET", f"/programme/papers/{plan}/entries")
    send(theirs, "programme_measure", "GET", f"/programme/papers/{plan}/measures/1")
    send(theirs, "programme_papers", "GET", "/programme/papers")
    send(theirs, "programme_paper", "GET", f"/programme/papers/{plan}")
    send(theirs, "programme_progress", "GET", "/programme/progress")
    changed = {"paper": PLAN | {"body": "Working group on ports"}, "version": 2, "reason": "Who issued it."}
    send(ours, "programme_paper_change", "PUT", f"/programme/papers/{plan}", changed)
    _readings(ours, send)
    _rounds(ours, theirs, plan, send)
    send(ours, "programme_analysis", "GET", f"/programme/analysis?paper={plan}")
    send(ours, "programme_table_export", "GET", f"/programme/analysis/tables/states?paper={plan}")
    kept = programme_things(office, NL)["evaluation"]
    send(ours, "programme_evaluations", "GET", "/programme/evaluations")
    send(ours, "programme_evaluation", "GET", f"/programme/evaluations/{kept}")
    _reports(ours, plan, said, send)
    send(ours, "programme_entry_withdraw", "DELETE", f"/programme/entries/{said}")


def _readings(ours: Any, send: Callable[..., Any]) -> None:
    waiting = send(ours, "programme_read", "POST", "/programme/readings?form=txt&language=en", LETTER)["reference"]
    send(ours, "programme_reading", "GET", f"/programme/readings/{waiting}")
    taken = {"measures": ["1"], "head": {"number": "14/26", "title": "Letter on containers"}}
    send(ours, "programme_accept", "POST", f"/programme/readings/{waiting}/accept", taken)


def _rounds(ours: Any, theirs: Any, plan: str, send: Callable[..., Any]) -> None:
    earlier = ours.post("/programme/rounds", {"round": _asked(plan, "Follow-up 2025")})["reference"]
    body = _asked(plan, "Follow-up 2026") | {"previous": earlier}
    held = send(ours, "programme_round_hold", "POST", "/programme/rounds", {"round": body})["reference"]
    address = f"/programme/rounds/{held}"
    send(theirs, "programme_rounds", "GET", "/programme/rounds")
    longer = {"round": body | {"cut_off": "2026-07-15"}, "version": 1, "reason": "Two weeks more."}
    send(ours, "programme_round_change", "PUT", address, longer)
    send(theirs, "programme_form", "GET", f"{address}/form")
    form = filled_form(held, "partly", "DEU")
    send(theirs, "programme_form_put", "PUT", f"{address}/form?version=0", form)
    send(theirs, "programme_answer", "GET", f"{address}/answer")
    text = {"en": "Two of four ports take part."}
    parts = [{"question": "1", "kind": "partly", "text": text}, {"question": "2", "kind": "none"}]
    answer = {"parts": parts, "publish": True, "submitted": True, "version": 1}
    send(theirs, "programme_answer_put", "PUT", f"{address}/answer", answer)
    send(ours, "programme_round", "GET", address)
    send(ours, "programme_comparison", "GET", f"{address}/comparison")
    send(ours, "programme_round_close", "POST", f"{address}/close", {"version": 2})


def _asked(plan: str, title: str) -> dict[str, Any]:
    return {"title": {"en": title}, "instrument": plan, "asked": [NL, DE], "opens": "2026-06-01",
            "cut_off": "2026-07-01"}  # fmt: skip


def _reports(ours: Any, plan: str, said: str, send: Callable[..., Any]) -> None:
    order = {"template": "progress_report", "instrument": plan}
    send(ours, "programme_report_draft", "POST", "/programme/reports/draft", order)
    first = send(ours, "programme_report_make", "POST", "/programme/reports", order | FREE)["reference"]
    ours.post(f"/programme/papers/{plan}/entries", {"measure": "2", "entry": {"kind": "status", "status": "done"}})
    second = ours.post("/programme/reports", order | FREE)["reference"]
    send(ours, "programme_reports", "GET", "/programme/reports")
    send(ours, "programme_report", "GET", f"/programme/reports/{second}")
    send(ours, "programme_report_file", "GET", f"/programme/reports/{second}/file?form=html")
    send(ours, "programme_report_differences", "GET", f"/programme/reports/{second}/differences?earlier={first}")
    meeting = send(ours, "programme_meeting_keep", "POST", "/programme/meetings", {"meeting": MEETING})["reference"]
    moved = {"meeting": MEETING | {"place": "Lisbon"}, "version": 1}
    send(ours, "programme_meeting_change", "PUT", f"/programme/meetings/{meeting}", moved)
    send(ours, "programme_calendar", "GET", "/programme/calendar")
    send(ours, "programme_feed", "GET", "/programme/calendar/feed")
    send(ours, "programme_meeting_withdraw", "DELETE", f"/programme/meetings/{meeting}")
