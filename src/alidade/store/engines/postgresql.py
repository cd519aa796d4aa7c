"""PostgreSQL: a server, for a node that outgrows one file. The same promises, kept by other means (decision 0010)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connections
from django.db import OperationalError as OperationalFault
from psycopg import Error as DriverError
from psycopg import InterfaceError, OperationalError

from alidade.model.errors import Damaged
from alidade.model.ports import Randomness
from alidade.store.engines import vacuum
from alidade.store.engines.address import place_of, settings_of
from alidade.store.engines.engine import ReadGuard
from alidade.store.engines.roles import (
    Roles,
    ensure_roles,
    find_roles,
    may_work,
    needs_administrator,
    refuse_masters,
)
from alidade.store.engines.row_guard import RowGuard
from alidade.store.engines.row_security import bind_owner, check_security, secure_tables

_OLDEST = 150000
_SETTINGS = (
    ("fsync", ("on",)),
    ("full_page_writes", ("on",)),
    ("synchronous_commit", ("on", "local", "remote_write", "remote_apply")),
    ("data_checksums", ("on",)),
    ("server_encoding", ("UTF8",)),
)
# Two numbers of ours among the locks that programs give a meaning to: the one writer, and who changes the tables.
_WRITING, _CHANGING = 0x616C6964, 0x61646521
# https://www.postgresql.org/docs/current/errcodes-appendix.html: no room, the disk fails, a file is gone or damaged,
# or the server takes no writes.
_DISK_STATES = frozenset({"53100", "58030", "58P01", "58P02", "XX001", "XX002", "25006"})
_NOT_GIVEN = "55P03"  # a lock that somebody else holds
_GONE_STATES = frozenset({"57P01", "57P02", "57P03", "08000", "08003", "08006"})


class Postgresql:
    """The database on a server."""

    vendor = "postgresql"

    def __init__(self, alias: str, address: str) -> None:
        """Register the server under `alias`. Raises Invalid for an address that cannot be used."""
        self.alias = alias
        self.place = place_of(address)
        self._roles: Roles | None = None
        connections.databases[alias] = settings_of(address)

    @property
    def roles(self) -> Roles:
        """The owner and the two roles that work; found once."""
        if self._roles is None:
            self._roles = find_roles(self.alias)
        return self._roles

    def settle(self) -> None:
        """Read back what the server promises, and refuse one that promises less than a file on this disk would."""
        try:
            connections[self.alias].ensure_connection()
        except Error as error:
            raise Damaged(
                f"The database cannot be reached: {_reason(error)}.",
                remedy="Check the address, the server, and the pass file or certificate.",
                code="database_unreachable",
            ) from None
        with connections[self.alias].cursor() as cursor:
            cursor.execute("select current_setting('server_version_num')::int")
            if cursor.fetchone()[0] < _OLDEST:
                raise Damaged("The database server is older than PostgreSQL 15.", remedy="Use a newer server.")
            for name, accepted in _SETTINGS:
                cursor.execute("select current_setting(%s)", [name])
                value = cursor.fetchone()[0]
                if value not in accepted:
                    raise Damaged(
                        f"The database server has {name} = {value}.",
                        remedy=f"Have it set to {accepted[0]}: otherwise what was acknowledged may be lost or spoilt.",
                        code="database_settings",
                    )
        refuse_masters(self.alias)

    def secure(self) -> None:
        """Make the roles, and give every table its rights and policies."""
        self._roles = None  # with the first tables there is an owner
        ensure_roles(self.alias, self.roles)
        secure_tables(self.alias, self.roles)

    def check_rights(self) -> None:
        """Refuse a database in which the separation of readers does not hold."""
        check_security(self.alias, self.roles)
        if not may_work(self.alias, self.roles):
            raise needs_administrator(self.alias, self.roles)

    def revive(self) -> None:
        """Ask the server one thing; an act that has not begun need not fail because the server was started anew."""
        connection = connections[self.alias]
        if connection.connection is not None and not connection.in_atomic_block and not connection.is_usable():
            connection.close()

    def begin(self) -> None:
        """Wait for the one writer before us, then work as the role that writes.

        One lock for all acts and not one for each row: every act ends with the next entry of one ledger, and decides
        before by what it has read. Under READ COMMITTED each query after the lock sees all that was committed before.
        """
        with connections[self.alias].cursor() as cursor:
            cursor.execute(
                "select pg_advisory_xact_lock(%s), set_config('role', %s, true)", [_WRITING, self.roles.writer]
            )

    def begin_snapshot(self) -> None:
        """One state of everything, read by the role that writes; nobody has to wait."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read read only")
            cursor.execute("select set_config('role', %s, true)", [self.roles.writer])

    def lock_tables(self) -> None:
        """Wait for whoever else brings the tables up to date, and for whoever writes."""
        with connections[self.alias].cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s), pg_advisory_xact_lock(%s)", [_CHANGING, _WRITING])

    @contextmanager
    def loading(self) -> Iterator[bool]:
        """Only for the owner of the tables, who is freed of the policies for the block; no other transaction sees that.

        The server copies rows in ten times as fast as it takes them one by one, but not under policies.
        """
        with connections[self.alias].cursor() as cursor:
            cursor.execute("select session_user = %s", [self.roles.owner])
            if not cursor.fetchone()[0]:
                yield False
                return
            cursor.execute("set local role none")
            bind_owner(self.alias, bound=False)
            yield True
            cursor.execute("set constraints all immediate")  # a table with checks still to come cannot be altered
            bind_owner(self.alias, bound=True)
            cursor.execute("select set_config('role', %s, true)", [self.roles.writer])

    def guard(self, randomness: Randomness) -> ReadGuard:
        """The reading role, and inner selects."""
        return RowGuard(self.alias, self.roles)

    def disk_failed(self, error: BaseException) -> bool:
        """By the server's code."""
        return _state(error) in _DISK_STATES

    def lost(self, error: BaseException) -> bool:
        """Whether the server has gone, or ended the connection."""
        driver = _driver_error(error)
        if isinstance(driver, (OperationalError, InterfaceError)) and driver.sqlstate is None:
            connection = connections[self.alias].connection
            return connection is None or bool(connection.broken or connection.closed)
        return _state(error) in _GONE_STATES

    def purge(self) -> None:
        """Remove dead rows, what led to them from every index, and samples of them; only the owner of the tables may.

        Small tables are written anew, so that nothing is left in the files. In large ones, which that would keep from
        everybody for minutes, and while somebody reads for long, remains lie in free space until it is used again
        (decision 0010).
        """
        connection = connections[self.alias]
        if connection.in_atomic_block:
            return
        with connection.cursor() as cursor:
            cursor.execute("select session_user = %s", [self.roles.owner])
            if not cursor.fetchone()[0]:
                return
            if vacuum.is_small(self.alias):
                try:
                    cursor.execute("set lock_timeout = '5s'")
                    vacuum.write_anew(self.alias)
                    return
                except OperationalFault as error:
                    if _state(error) != _NOT_GIVEN:
                        raise
                finally:
                    cursor.execute("set lock_timeout = '20s'")
            vacuum.remove_dead(self.alias)


def _driver_error(error: BaseException) -> DriverError | None:
    found: BaseException | None = error
    while found is not None and not isinstance(found, DriverError):
        found = found.__cause__
    return found


def _state(error: BaseException) -> str | None:
    driver = _driver_error(error)
    return None if driver is None else driver.sqlstate


def _reason(error: BaseException) -> str:
    """The driver's reason in one line; it names server, user and database, never a password."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(". ")
