"""Row-level security: the second net under the read path (decision 0010).

The reader may look at few columns of few tables, and there only at rows under handlings that one of the viewer classes
of the transaction may see. Where the transaction names none, no row is answered. Everything here may be run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connections
from psycopg import sql

from alidade.model.errors import Damaged
from alidade.store.engines.roles import Roles
from alidade.store.threads.policies import CONDITIONS, condition

SETTING: Final = "alidade.viewer_classes"
PARTY_SETTING: Final = "alidade.party"
_PARTY: Final = f"(select current_setting('{PARTY_SETTING}', true))"

# The reader's columns. What is not named here he cannot read at all, whatever the rows.
READABLE: Final = {
    "authority": "",
    "visible": "",
    "statement": "id, public_id, record_id, contribution_id, property, value, original, language, grade, grade_given,"
    " grade_scheme, grade_original, valid_from, valid_to, handling_id, current",
    "lookup": "kind, key, handling_id, record_id, statement_id",
    "judgement": "id, left_id, right_id, ruling, reason, content, field_key, authority, handling_id, ruled_at,"
    " statements_to, waiting, revoked",
    "seen_ruling": "",
    "workpiece": "id, public_id, kind, authority, officer, handling_id, version, content, field_key, made_at,"
    " changed_at, withdrawn",
    "handling": "id, content",
    "record": "id, public_id, owner, thing, source_list, source_key",
    "contribution": "id, public_id, given_at",
    **dict.fromkeys(CONDITIONS, ""),  # of threads: what is personal there lies sealed
}

# The reader's rows. The setting is read once for a query, not once for a row: hence the inner select. Equality of whole
# numbers gives nothing away, so the planner may use the indexes beneath these conditions.
_OF_CLASSES: Final = (
    f"viewer_class_id = any ((select string_to_array(current_setting('{SETTING}'), ',')::int[])::int[])"
)
_ROWS: Final = {
    "visible": _OF_CLASSES,
    "seen_ruling": _OF_CLASSES,
    "statement": "current and exists (select 1 from visible v where v.handling_id = statement.handling_id)",
    "lookup": "exists (select 1 from visible v where v.handling_id = lookup.handling_id)",
    "judgement": "not revoked and not waiting and exists"
    " (select 1 from visible v where v.handling_id = judgement.handling_id)",
    "workpiece": "not withdrawn and exists (select 1 from visible v where v.handling_id = workpiece.handling_id)",
    "handling": "exists (select 1 from visible v where v.handling_id = handling.id)",
    # Records and contributions have no handling of their own: who sees a statement of one sees that there is one.
    "record": "exists (select 1 from statement s where s.record_id = record.id)",
    "contribution": "exists (select 1 from statement s where s.contribution_id = contribution.id)",
    **{table: condition(table, party=_PARTY) for table in CONDITIONS},
}
_OPEN: Final = frozenset({"authority"})
# Columns of which the server takes no samples: those would outlive an erasure, and nobody searches by these columns.
_NOT_SAMPLED: Final = {"statement": ("value", "original"), "record": ("source_key", "fingerprint")}


def secure_tables(alias: str, roles: Roles) -> None:
    """Give every table its rights, policies and collation; those that a later version adds as well."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace"
        )
        tables = sorted(row[0] for row in cursor.fetchall())
    readable = _readable(alias, tables)
    _take_away(alias, roles)
    writer, reader = sql.Identifier(roles.writer), sql.Identifier(roles.reader)
    _run(alias, "grant usage on schema public to {}, {}", writer, reader)
    _run(alias, "grant select, insert, update, delete on all tables in schema public to {}", writer)
    _run(alias, "grant usage, select, update on all sequences in schema public to {}", writer)
    for table in tables:
        _level_texts(alias, table)  # of all tables before any policy: a column that one names cannot be altered
    for table in tables:
        _protect(alias, table, roles, readable=table in readable)
        for column in _NOT_SAMPLED.get(table, ()):
            names = sql.Identifier(table), sql.Identifier(column)
            _run(alias, "alter table {} alter column {} set statistics 0", *names)
    for table in sorted(readable):
        columns = READABLE[table]
        which = sql.SQL(f"({columns})" if columns else "")  # sql: constant parts only
        _run(alias, "grant select {} on {} to {}", which, sql.Identifier(table), reader)


def _readable(alias: str, tables: Sequence[str]) -> set[str]:
    """The tables that a reader may look at: all of those, unless an older version lacks one, or a column of it.

    What an older version lacks nobody reads before it is upgraded; the upgrade secures the tables again.
    """
    found = set()
    for table in READABLE.keys() & set(tables):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped",
                [f'"{table}"'],
            )
            there = {row[0] for row in cursor.fetchall()}
        if {column.strip() for column in READABLE[table].split(",") if column.strip()} <= there:
            found.add(table)
    return found


def _take_away(alias: str, roles: Roles) -> None:
    """What the server lets everybody do, and what an earlier version let the working roles do."""
    writer, reader = sql.Identifier(roles.writer), sql.Identifier(roles.reader)
    _run(alias, "revoke all on all tables in schema public from {}, {}", writer, reader)
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select current_database(), pg_has_role(d.datdba, 'member'), pg_has_role(n.nspowner, 'member')"
            " from pg_database d, pg_namespace n where d.datname = current_database() and n.nspname = 'public'"
        )
        name, owns_database, owns_schema = cursor.fetchone()
    if owns_database:
        _run(alias, "revoke create, temporary on database {} from public, {}, {}", sql.Identifier(name), writer, reader)
    if owns_schema:
        _run(alias, "revoke create on schema public from public, {}, {}", writer, reader)


def _protect(alias: str, table: str, roles: Roles, *, readable: bool) -> None:
    name = sql.Identifier(table)
    if table in _OPEN:
        return
    # FORCE, because the owner of a table is otherwise bound by none of its policies.
    _run(alias, "alter table {} enable row level security", name)
    _run(alias, "alter table {} force row level security", name)
    for policy, whom in (("owner", roles.owner), ("writer", roles.writer)):
        _run(alias, "drop policy if exists {} on {}", sql.Identifier(policy), name)
        _run(
            alias,
            "create policy {} on {} to {} using (true) with check (true)",
            sql.Identifier(policy),
            name,
            sql.Identifier(whom),
        )
    _run(alias, "drop policy if exists reader on {}", name)
    if table in _ROWS and readable:
        rows = sql.SQL(_ROWS[table])
        _run(alias, "create policy reader on {} for select to {} using ({})", name, sql.Identifier(roles.reader), rows)


def bind_owner(alias: str, *, bound: bool) -> None:
    """Let the policies hold for the owner of the tables too, or not; within one transaction that does both."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace"
            " and relrowsecurity"
        )
        tables = [row[0] for row in cursor.fetchall()]
    for table in tables:
        how = sql.SQL("force") if bound else sql.SQL("no force")
        _run(alias, "alter table {} {} row level security", sql.Identifier(table), how)


def _level_texts(alias: str, table: str) -> None:
    """Compare and order texts by their bytes, and of any length: both as the file does, whatever the server's locale.

    The framework's second index for `like` on each text, which nothing here asks for, goes with it.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select a.attname from pg_attribute a join pg_collation c on c.oid = a.attcollation"
            " where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped"
            " and (c.collname <> 'C' or a.atttypid <> 'text'::regtype)",
            [f'"{table}"'],
        )
        columns = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "select indexname from pg_indexes where schemaname = current_schema() and tablename = %s"
            " and indexdef like %s",
            [table, "%pattern_ops%"],
        )
        doubled = [row[0] for row in cursor.fetchall()]
    for index in doubled:
        _run(alias, "drop index {}", sql.Identifier(index))
    for column in columns:
        change = "alter table {} alter column {} type text collate {}"
        _run(alias, change, sql.Identifier(table), sql.Identifier(column), sql.Identifier("C"))


def _run(alias: str, statement: str, *parts: sql.Composable) -> None:
    with connections[alias].cursor() as cursor:
        # sql: constant parts only (names are quoted)
        cursor.execute(sql.SQL(statement).format(*parts))


_FAULTS = """
select 'the role ' || r.rolname || ' has rights of its own'
from pg_roles r
where r.rolname in (%(writer)s, %(reader)s)
and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or pg_has_role(r.oid, %(owner)s, 'member')
     or (r.rolname = %(reader)s and pg_has_role(r.oid, %(writer)s, 'member'))
     or has_schema_privilege(r.oid, current_schema(), 'create')
     or has_database_privilege(r.oid, current_database(), 'create, temporary'))
union all
select 'the table ' || c.relname || ' has no row-level security in force'
from pg_class c
where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relname <> all (%(open)s)
and not (c.relrowsecurity and c.relforcerowsecurity)
union all
select 'the reader may look into or change ' || c.relname
from pg_class c
where c.relkind in ('r', 'v', 'm', 'p') and c.relnamespace = current_schema()::regnamespace
and (has_any_column_privilege(%(reader)s, c.oid, 'insert, update, references')
     or has_table_privilege(%(reader)s, c.oid, 'delete, truncate, trigger')
     or (c.relname <> all (%(readable)s) and has_any_column_privilege(%(reader)s, c.oid, 'select'))
     or (c.relname <> all (%(whole)s) and has_table_privilege(%(reader)s, c.oid, 'select')))
union all
select 'the policies of ' || p.tablename || ' were changed'
from pg_policies p
where p.schemaname = current_schema() and p.permissive = 'PERMISSIVE'
and not (p.policyname = 'owner' and p.roles = array[%(owner)s]::name[]
         or p.policyname = 'writer' and p.roles = array[%(writer)s]::name[]
         or p.policyname = 'reader' and p.roles = array[%(reader)s]::name[] and p.cmd = 'SELECT'
            and p.tablename = any (%(rows)s))
limit 1
"""


def check_security(alias: str, roles: Roles) -> None:
    """Refuse a database in which the reader could reach more than his rows."""
    whole = [table for table, columns in READABLE.items() if not columns]
    with connections[alias].cursor() as cursor:
        cursor.execute("select count(*) from pg_roles where rolname in (%s, %s)", [roles.writer, roles.reader])
        found = cursor.fetchone()[0] == len(roles.working)
        fault = "the roles are missing"
        if found:
            cursor.execute(
                _FAULTS,
                {
                    "owner": roles.owner,
                    "writer": roles.writer,
                    "reader": roles.reader,
                    "open": sorted(_OPEN),
                    "readable": sorted(READABLE),
                    "whole": whole,
                    "rows": sorted(_ROWS),
                },
            )
            row = cursor.fetchone()
            if row is None:
                return
            fault = str(row[0])
    raise Damaged(
        f"The rights in the database are not as they were made: {fault}.",
        remedy="Find out who changed them, then run: alidade upgrade.",
        code="database_rights",
    )
