"""Searching: one's own authority's threads by reference, case, title, procedure or the other party."""

from __future__ import annotations

from typing import Final

from alidade.matching.folding import fold
from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.finding import looker
from alidade.services.threads.inbox import head_of, inbox_lines
from alidade.services.threads.view import InboxLine
from alidade.store.threads import desks
from alidade.store.threads.desks import Line

SHORTEST: Final = 2
MOST: Final = 100
_LOOKED_AT: Final = 500
MOST_LOOKED_AT: Final = 20_000  # threads whose titles are opened for one search, newest first


def search_threads(
    node: Node,
    actor: Actor,
    text: str = "",
    *,
    procedure: str = "",
    authority: str = "",
    language: str = "en",
) -> tuple[InboxLine, ...]:
    """The threads of one's own authority whose reference, case or title holds the text, newest first, at most 100.

    Titles lie sealed and are opened one by one: those of the 20,000 newest threads that fit the rest of what is asked.
    `procedure` and `authority` narrow it. The text goes into no address and, as a hash, into no log. Raises Invalid
    where nothing is asked.
    """
    wanted = fold(text.strip())
    if len(wanted) < SHORTEST and not (procedure or authority):
        raise Invalid(f"Write at least {SHORTEST} characters, or choose a procedure or an authority.", code="too_short")
    found: list[Line] = []
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        who = looker(node, tx, actor)
        start = 0
        while len(found) < MOST and start < MOST_LOOKED_AT:
            lines = desks.all_of(tx, who, procedure=procedure, start=start, size=_LOOKED_AT)
            if not lines:
                break
            found.extend(
                line
                for line in lines
                if (not authority or authority in line.thread.parties) and (not wanted or _holds(line, wanted))
            )
            start += _LOOKED_AT
        shown = inbox_lines(tx, actor, found[:MOST], language=language)
        references = [each.reference for each in shown]
        log(tx, actor, "thread_read", objects=references, results=len(shown), details={"list": "search"})
    return shown


def _holds(line: Line, wanted: str) -> bool:
    head = head_of(line.thread.head)
    return line.thread.reference.startswith(wanted) or wanted in fold(head.case) or wanted in fold(head.title)
