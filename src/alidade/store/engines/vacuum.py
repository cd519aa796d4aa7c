"""Vacuum: what an erasure leaves in the files of the server, removed from tables, indexes and samples."""

from __future__ import annotations

import re

from django.db import connections
from psycopg.errors import Diagnostic

_ERASED = ("statement", "lookup", "record", "check_made", "ledger_entry", "second_look", "standing_check")
_WRITTEN_ANEW = 256 * 1024 * 1024  # bytes; about a million statements, a few seconds
_TRIES = 30
_DEAD = re.compile(r"\d+")


def is_small(alias: str) -> bool:
    """Whether the tables are small enough to be written anew at once."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(pg_total_relation_size(name::regclass)), 0) from unnest(%s::text[]) name",
            [list(_ERASED)],
        )
        return bool(cursor.fetchone()[0] < _WRITTEN_ANEW)


def write_anew(alias: str) -> None:
    """Write the tables anew, again while the server still keeps dead rows for somebody who has begun before.

    Such a somebody need not look at these tables, nor even work in this database: one who is signing in is enough.
    """
    connection = connections[alias]
    left: list[int] = []

    def note(message: Diagnostic) -> None:
        # "DETAIL: N dead row versions cannot be removed yet", in whatever language the server speaks.
        found = _DEAD.search(message.message_detail or "")
        left.append(int(found[0]) if found else 0)

    with connection.cursor() as cursor:
        connection.connection.add_notice_handler(note)
        try:
            for _ in range(_TRIES):
                left.clear()
                cursor.execute(f"vacuum (full, analyze, verbose) {', '.join(_ERASED)}")  # sql: constant parts only
                if not any(left):
                    return
                cursor.execute("select pg_sleep(0.1)")
        finally:
            connection.connection.remove_notice_handler(note)


def remove_dead(alias: str) -> None:
    """Remove dead rows and what led to them, while others go on working."""
    with connections[alias].cursor() as cursor:
        # sql: constant parts only
        cursor.execute(f"vacuum (analyze, index_cleanup on, truncate off) {', '.join(_ERASED)}")
