"""Roles: who works on the server. The owner makes the tables; all work is done by two roles that own nothing.

The names follow from the owner's, so that two nodes of one server that have different owners share no role.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError, connections, transaction
from psycopg import sql

from alidade.model.errors import Damaged

_LONGEST_NAME = 63 - len("_writer")
_MADE_MEANWHILE = frozenset({"42710", "23505", "XX000"})  # there already; the row was changed at the same moment
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Roles:
    """The owner of the tables, the role that writes, and the role that reads for a viewer."""

    owner: str

    @property
    def writer(self) -> str:
        """Reads and writes rows; makes nothing."""
        return f"{self.owner}_writer"

    @property
    def reader(self) -> str:
        """Reads the rows of the viewer classes that are set, and no others."""
        return f"{self.owner}_reader"

    @property
    def working(self) -> tuple[str, str]:
        """Both."""
        return self.writer, self.reader


def find_roles(alias: str) -> Roles:
    """The roles of the database: those of whoever owns the tables, or of the user where there are none yet."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select coalesce((select tableowner from pg_tables where schemaname = current_schema()"
            " and tablename = 'statement'), session_user)"
        )
        owner = str(cursor.fetchone()[0])
    if len(owner.encode()) > _LONGEST_NAME:
        raise Damaged("The name of the database user is too long.", remedy="Take one of at most 56 bytes.")
    return Roles(owner)


def refuse_masters(alias: str) -> None:
    """Refuse a database user whom no rights bind."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = session_user")
        if cursor.fetchone()[0]:
            raise Damaged(
                "The database user is a superuser or bypasses row-level security; no right would bind it.",
                remedy="Make an ordinary user who owns the database, and name that user in the address.",
                code="database_superuser",
            )


def ensure_roles(alias: str, roles: Roles) -> None:
    """Make the working roles where they are missing. Raises Damaged with what an administrator must run instead."""
    for _ in range(_TRIES):
        try:
            with transaction.atomic(using=alias):
                _make(alias, roles)
            return
        except DatabaseError as error:
            # Roles are of the whole server: another database of the same owner may be making them at this moment.
            if getattr(error.__cause__, "sqlstate", None) not in _MADE_MEANWHILE:
                break
    raise needs_administrator(alias, roles)


def _make(alias: str, roles: Roles) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("select rolname from pg_roles where rolname = any(%s)", [list(roles.working)])
        there = {row[0] for row in cursor.fetchall()}
        for role in roles.working:
            if role not in there:
                cursor.execute(_create(role))
        if not may_work(alias, roles):
            for role in roles.working:
                cursor.execute(_grant(role, roles.owner))


def may_work(alias: str, roles: Roles) -> bool:
    """Whether the database user may take on the working roles, which both are there."""
    connection = connections[alias]
    # Since version 16 whoever makes a role belongs to it, without the right to take it on.
    right = "set" if connection.pg_version >= 160000 else "member"  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_roles where rolname = any(%s) and pg_has_role(session_user, oid, %s)",
            [list(roles.working), right],
        )
        return bool(cursor.fetchone()[0] == len(roles.working))


def needs_administrator(alias: str, roles: Roles) -> Damaged:
    """The error that says exactly what an administrator of the server must run."""
    connection = connections[alias]
    connection.ensure_connection()
    database = sql.Identifier(connection.connection.info.dbname)
    statements = [
        *(_create(role) for role in roles.working),
        *(_grant(role, roles.owner) for role in roles.working),
        sql.SQL("revoke temporary on database {} from public").format(database),
        sql.SQL("revoke create on schema public from public"),
    ]
    text = "; ".join(each.as_string(connection.connection) for each in statements)
    return Damaged(
        "The database user may not make the two roles that all work is done by.",
        remedy=f"Have an administrator of the server run, in this database: {text};",
        code="database_roles",
    )


def _create(role: str) -> sql.Composed:
    return sql.SQL("create role {} nologin").format(sql.Identifier(role))


def _grant(role: str, to: str) -> sql.Composed:
    return sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(to))
