"""What rounds want of an officer's authority, for the day: who was reminded, what was given to it, what waits."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from alidade.services.programme.reminding import rounds_waiting
from alidade.services.programme.translating import translations_waiting
from alidade.web.place import Desk

__all__ = ["round_piles"]


def round_piles(desk: Desk) -> list[dict[str, Any]]:
    """The piles of the day that rounds make; none where nothing waits, or the role has nothing to do with them."""
    if not desk.may("round_answer"):
        return []
    found = rounds_waiting(desk.node, desk.administrator)
    late = found.days_left is not None and found.days_left < 0
    piles = (
        (found.reminded, gettext_lazy("rounds of questions remind us: no answer yet"), "rounds", late),
        (found.tasks, gettext_lazy("parts of rounds given to us to answer"), "rounds", False),
        (
            len(translations_waiting(desk.node, desk.administrator)),
            gettext_lazy("translations waiting for our approval"),
            "round.translations",
            False,
        ),
    )
    return [
        {"count": count, "title": title, "address": reverse(name), "late": overdue}
        for count, title, name, overdue in piles
        if count
    ]
