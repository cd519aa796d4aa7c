"""Guard on the server: while a viewer reads, the role that reads for viewers is at work, bound to his classes.

What the views of SQLite are, are inner selects here, with the same joins; the planner of the server orders them. The
role has no right to anything else, and row-level security stands behind the joins (decision 0010).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from psycopg.pq import TransactionStatus

from alidade.store.engines.roles import Roles
from alidade.store.engines.row_security import PARTY_SETTING, SETTING
from alidade.store.guard import DEFINITIONS, NEWEST, ViewNames

_NEWEST = """
select v.handling_id as handling_id, last.number as number
from visible v
cross join lateral (
    select s.id as number from statement s where s.handling_id = v.handling_id and s.current order by s.id desc limit 1
) last
where v.viewer_class_id = {viewer_class}
"""


class RowGuard:
    """Takes on the reading role for one viewer."""

    ordered_join = "join"
    at_once = True

    def __init__(self, alias: str, roles: Roles) -> None:
        self._alias = alias
        self._roles = roles
        self._classes: dict[ViewNames, int] = {}
        self._views: dict[int, ViewNames] = {}

    def views(self, viewer_class: int) -> ViewNames:
        """The inner selects of a viewer class."""
        found = self._views.get(viewer_class)
        if found is None:
            texts = (_NEWEST if each is NEWEST else each.replace("cross join", "join") for each in DEFINITIONS)
            found = ViewNames(*(f"({text.format(viewer_class=int(viewer_class))}) as seen" for text in texts))
            self._views[viewer_class] = found
            self._classes[found] = viewer_class
        return found

    def committed(self) -> None:
        """Nothing was made."""

    def rolled_back(self) -> None:
        """Nothing was made."""

    @contextmanager
    def watching(self, *allowed: ViewNames) -> Iterator[None]:
        """Read as the reader, with the classes of the views given, until the end of the block."""
        classes = ",".join(str(self._classes[views]) for views in allowed)
        self._become(self._roles.reader, classes)
        try:
            yield
        finally:
            connection = connections[self._alias].connection
            # After an error the server takes nothing but the roll-back, and that puts the role back too.
            if connection is not None and connection.info.transaction_status == TransactionStatus.INTRANS:
                self._become(self._roles.writer, "")

    @contextmanager
    def as_party(self, authority: str) -> Iterator[None]:
        """Read as the reader, bound to one party, until the end of the block."""
        self._become(self._roles.reader, "", authority)
        try:
            yield
        finally:
            connection = connections[self._alias].connection
            if connection is not None and connection.info.transaction_status == TransactionStatus.INTRANS:
                self._become(self._roles.writer, "")

    def _become(self, role: str, classes: str, party: str = "") -> None:
        with connections[self._alias].cursor() as cursor:
            cursor.execute(
                "select set_config('role', %s, true), set_config(%s, %s, true), set_config(%s, %s, true)",
                [role, SETTING, classes, PARTY_SETTING, party],
            )
