"""Figures taken, as the page of a measure shows them: what was counted, when, by whom, and what it would be now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alidade.programme.register import said_in
from alidade.programme.standing import KeptEntry
from alidade.services.programme.taking import Recount, recounted
from alidade.web.place import Desk


def figures_again(desk: Desk, history: Sequence[KeptEntry]) -> Mapping[str, Recount]:
    """What the figures that our authority took would be now, by entry; nothing for a role that takes none."""
    asked = [
        (kept.reference, kept.entry.figure.source.counting)
        for kept in history
        if kept.entry.figure is not None
        and kept.entry.figure.source.counting is not None
        and kept.authority == desk.authority.id
    ]
    if not asked or not desk.may("figure_take"):
        return {}
    return recounted(desk.node, desk.administrator, [(each, counting) for each, counting in asked if counting])


def taken_shown(desk: Desk, kept: KeptEntry, again: Mapping[str, Recount]) -> dict[str, Any] | None:
    """What is told of a figure that was taken; None for one that was typed."""
    source = None if kept.entry.figure is None else kept.entry.figure.source
    if source is None or source.counting is None:
        return None
    now = again.get(kept.reference)
    return {
        "what": said_in(source.taken_texts, desk.language)[0] or source.taken,
        "at": source.taken_at,
        "by": source.taken_by,
        "since": source.counting.since,
        "until": source.counting.until,
        "counted": now is not None and now.value is not None,
        "refused": now is not None and now.value is None,
        "now": None if now is None else now.value,
        "same": now is not None and kept.entry.figure is not None and now.value == kept.entry.figure.value,
    }
