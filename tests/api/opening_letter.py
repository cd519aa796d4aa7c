"""A letter as a program sends it: what opens a request for information."""

from __future__ import annotations

from typing import Any

from thread_cases import answers, definition


def opening_given(to: str) -> dict[str, Any]:
    """A request for information, as a program sends it."""
    values = {name: list(value) if isinstance(value, tuple) else value
              for name, value in answers(definition("information_request"), "open").items()}  # fmt: skip
    return {
        "procedure": "information_request",
        "parties": {to: "requested"},
        "title": "Lorry seen at the border",
        "case": "case-7",
        "handling": {"subject_category": "suspect_or_convicted"},
        "step": {"code": "open", "values": values},
    }
