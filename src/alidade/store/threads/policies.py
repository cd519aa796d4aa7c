"""Which rows of threads a party may read, once for both engines: the second net under the queries for one authority."""

from __future__ import annotations

from typing import Final

_OF_PARTY: Final = (
    "exists (select 1 from {main}thread_party own where own.thread_id = {table}.thread_id and own.authority = {party})"
)
_OWN: Final = "{table}.authority = {party}"

# What others did with a thread on their own desks is nobody else's business: rows of one's own authority only.
CONDITIONS: Final = {
    "thread_party": _OWN,
    "thread": (
        "exists (select 1 from {main}thread_party own where own.thread_id = thread.id and own.authority = {party})"
    ),
    "thread_step": _OF_PARTY,
    "thread_clock": _OF_PARTY,
    "thread_draft": _OWN,
    "thread_assignment": _OWN,
    "thread_reading": _OWN,
    "thread_note": _OWN,
    "thread_attachment": f"({_OWN} or (thread_attachment.state in ('sent', 'erased') and {_OF_PARTY}))",
    "thread_chunk": (
        "exists (select 1 from {main}thread_attachment held where held.id = thread_chunk.attachment_id"
        " and (held.authority = {party} or (held.state = 'sent' and exists (select 1 from {main}thread_party own"
        " where own.thread_id = held.thread_id and own.authority = {party}))))"
    ),
    "thread_effect": (
        "exists (select 1 from {main}thread_step taken join {main}thread_party own"
        " on own.thread_id = taken.thread_id where taken.id = thread_effect.step_id and own.authority = {party})"
    ),
    "thread_news": _OWN,
}


def condition(table: str, *, party: str, main: str = "") -> str:
    """The rows of a table that a party may read; `party` is the engine's expression for who that is."""
    return CONDITIONS[table].format(table=table, party=party, main=main)
