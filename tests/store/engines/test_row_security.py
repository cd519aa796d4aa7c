"""Row-level security on the server: what a query that forgot everything is told, and what nobody who works may do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "services"))  # the cast of the services serves here too

from django.db import DatabaseError, connections
from personas import DE, NL, VE, Office, SetClock, draft, opened, template, words

from alidade.model.errors import Damaged
from alidade.services.acting import log
from alidade.services.node import Node
from alidade.store import directory, models, rights
from alidade.store.engines import row_security
from alidade.store.engines.row_security import READABLE
from alidade.store.reading import reading
from alidade.store.threads.policies import CONDITIONS
from databases import ACTIVE, address_of

pytestmark = pytest.mark.postgresql_only

TABLES = sorted(model._meta.db_table for model in vars(models).values() if hasattr(model, "_meta"))
CONTENT = (
    "statement",
    "lookup",
    "judgement",
    "seen_ruling",
    "workpiece",
    "handling",
    "record",
    "contribution",
    "visible",
)


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(template(tmp_path_factory), tmp_path / "node", "row security") as found:
        found.give(draft("1", name="Jan Open"))
        for owner, name in ((NL, "Piet Dutch"), (DE, "Karl German")):
            found.give(draft("2", name=name), by=owner, handling=found.handling(owner, communities=(), hit="silent"))
        for who in (NL, DE, VE):
            found.ask(who, "Nobody")  # so that every viewer has his class
        yield found


@contextmanager
def _as(office: Office, role: str, classes: str | None = None) -> Iterator[Any]:
    """A raw connection of the node's own user in the role, past everything that Alidade does."""
    import psycopg

    address = address_of(office.store.folder)
    assert address is not None
    with psycopg.connect(address) as connection:
        connection.execute("select set_config('role', %s, true)", [role])
        if classes is not None:
            connection.execute("select set_config('alidade.viewer_classes', %s, true)", [classes])
        yield connection
        connection.rollback()


def _class(office: Office, who: str) -> int:
    viewer = office.officer(who).viewer
    with office.store.transaction() as tx:
        return rights.viewer_class(tx, viewer, "read", directory.world(tx))


def _columns(table: str) -> str:
    return READABLE[table] or "*"


# -- rows --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", CONTENT)
def test_a_query_that_forgot_the_viewer_is_answered_nothing(office: Office, table: str) -> None:
    import psycopg

    if table not in (
        "judgement",
        "seen_ruling",
        "workpiece",
    ):  # nobody has ruled or made anything, so no row asks who reads
        with _as(office, "alidade_reader") as connection, pytest.raises(psycopg.Error, match="viewer_classes"):
            connection.execute(f"select {_columns(table)} from {table}")
    with _as(office, "alidade_reader", "") as connection:
        assert connection.execute(f"select {_columns(table)} from {table}").fetchall() == []


def test_a_query_that_forgot_the_join_is_answered_the_viewers_rows(office: Office) -> None:
    for who, seen in ((NL, {"Jan Open", "Piet Dutch"}), (DE, {"Jan Open", "Karl German"}), (VE, set())):
        with _as(office, "alidade_reader", str(_class(office, who))) as connection:
            assert {row[0] for row in connection.execute("select value from statement")} == seen
            for table, column in (("record", "id"), ("contribution", "id"), ("handling", "id")):
                assert len(connection.execute(f"select {column} from {table}").fetchall()) == len(seen)
            keys = {row[0] for row in connection.execute("select key from lookup where kind = 'name'")}
            assert ("t:dutch" in keys, "t:german" in keys) == (who == NL, who == DE)
    with _as(office, "alidade_writer") as connection:
        assert len(connection.execute("select value from statement").fetchall()) == 3


def test_a_value_that_may_not_be_seen_does_not_come_out_in_an_error(office: Office) -> None:
    """A condition that fails on a hidden row would quote it: it is never asked of such a row."""
    with _as(office, "alidade_reader", str(_class(office, VE))) as connection:
        assert connection.execute("select 1 from statement where value::int = 0").fetchall() == []
        assert connection.execute("select 1 from record where source_key::date is null").fetchall() == []


def test_superseded_and_revoked_rows_are_gone_for_readers(office: Office) -> None:
    with office.store.transaction() as tx:
        models.Statement.objects.using(tx.alias).filter(value="Jan Open").update(current=False)
    with _as(office, "alidade_reader", str(_class(office, NL))) as connection:
        assert {row[0] for row in connection.execute("select value from statement")} == {"Piet Dutch"}


# -- what the roles may do ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
def test_the_reader_changes_no_table_and_looks_into_few(office: Office, table: str) -> None:
    import psycopg

    refused = psycopg.errors.InsufficientPrivilege
    for statement in (f"delete from {table}", f"truncate {table}", f"insert into {table} default values"):
        with _as(office, "alidade_reader", "1") as connection, pytest.raises(refused):
            connection.execute(statement)
    whole = f"select * from {table}"
    with _as(office, "alidade_reader", "1") as connection:
        if READABLE.get(table) == "":
            connection.execute(whole)
        else:
            with pytest.raises(refused):
                connection.execute(whole)


FORBIDDEN = {
    "disable the policies of a table": "alter table statement disable row level security",
    "free the owner of the policies": "alter table statement no force row level security",
    "drop a policy": "drop policy reader on statement",
    "add a policy": "create policy mine on statement to public using (true)",
    "make a table": "create table mine (a int)",
    "make a temporary table": "create temporary table mine (a int)",
    "make a function": "create function mine() returns int language sql as 'select 1'",
    "make a function for one session": "create function pg_temp.mine() returns int language sql as 'select 1'",
    "make a view": "create view mine as select 1",
    "make a schema": "create schema mine",
    "make a role": "create role mine",
    "bypass the policies": "alter role alidade_writer bypassrls",
    "empty a table": "truncate lookup",
    "drop a table": "drop table lookup",
    "read a file of the server": "select pg_read_file('PG_VERSION')",
    "run a program": "copy (select 1) to program 'true'",
    "carry on as the master": "set role postgres",
}


@pytest.mark.parametrize("role", ["alidade_reader", "alidade_writer"])
@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_nobody_who_works_may(office: Office, role: str, statement: str) -> None:
    import psycopg

    with (
        _as(office, role, "1") as connection,
        pytest.raises(psycopg.Error, match=r"permission denied|must be owner|must be able|No schema|no schema"),
    ):
        connection.execute(statement)


def test_turning_the_policies_off_gives_an_error_and_no_rows(office: Office) -> None:
    import psycopg

    with _as(office, "alidade_reader", "1") as connection:
        connection.execute("set local row_security = off")
        with pytest.raises(psycopg.Error, match="row-level security"):
            connection.execute("select value from statement")


def test_the_roles_are_no_masters_and_do_not_sign_in(office: Office) -> None:
    with _as(office, "alidade_reader") as connection:
        rows = connection.execute(
            "select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
            " where rolname in ('alidade_reader', 'alidade_writer')"
        ).fetchall()
        owners = connection.execute("select distinct tableowner from pg_tables where schemaname = 'public'").fetchall()
    assert rows == [(False,) * 5] * 2
    assert owners == [("alidade",)]


# -- the guard ---------------------------------------------------------------------------------------------------------


def _inside(office: Office, who: str, sql: str) -> list[tuple[Any, ...]]:
    actor = office.officer(who)
    with office.store.transaction() as tx:
        log(tx, actor, "record_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            return tx.rows(sql.format(seen=view._layers["read"].statements), [])


def test_inside_a_reading_the_reader_is_at_work(office: Office) -> None:
    assert _inside(office, VE, "select current_user::text") == [("alidade_reader",)]
    assert _inside(office, VE, "select value from statement") == []
    assert _inside(office, VE, "select (select max(value) from statement)") == [(None,)]
    assert len(_inside(office, NL, "select value from {seen}")) == 2
    for forbidden in ("select * from officer", "select body from ledger_entry", "update statement set value = ''"):
        with pytest.raises(DatabaseError, match="permission denied"):
            _inside(office, NL, forbidden)


def test_after_a_reading_the_writer_is_at_work_and_after_an_error_all_goes_on(office: Office) -> None:
    actor = office.officer(NL)
    with office.store.transaction() as tx:
        log(tx, actor, "record_read")
        with reading(tx, actor.viewer, directory.world(tx)):
            pass
        assert tx.rows("select current_user::text, current_setting('alidade.viewer_classes')", []) == [
            ("alidade_writer", "")
        ]
    with pytest.raises(DatabaseError):
        _inside(office, NL, "select nonsense")
    assert office.ask(NL, "Jan Open").kind == "hit"
    with connections[office.store.alias].cursor() as cursor:
        cursor.execute("select current_user::text, coalesce(current_setting('alidade.viewer_classes', true), '')")
        assert cursor.fetchone() == ("alidade", "")


def test_two_viewers_of_one_transaction_are_kept_apart(office: Office) -> None:
    with office.store.transaction() as tx:
        world = directory.world(tx)
        for who, seen in ((NL, 2), (VE, 0), (DE, 2)):
            actor = office.officer(who)
            with reading(tx, actor.viewer, world) as view:
                assert view.count() == seen
                assert len(tx.rows("select id from statement", [])) == seen
            log(tx, actor, "record_read")


# -- a server that was changed -----------------------------------------------------------------------------------------


CHANGES = {
    "policies off": "alter table lookup disable row level security",
    "owner unbound": "alter table statement no force row level security",
    "a policy for all": "create policy mine on statement to public using (true)",
    "a policy for the reader": "create policy mine on draft to alidade_reader using (true)",
    "more for the reader": "grant select on ledger_entry to alidade_reader",
    "whole tables for the reader": "grant select on record to alidade_reader",
    "writing for the reader": "grant insert on visible to alidade_reader",
    "making things": "grant create on schema public to alidade_writer",
    "temporary things": "grant temporary on database {database} to public",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_rights_that_were_changed_refuse_the_node_until_they_are_mended(office: Office, change: str) -> None:
    from alidade.services.keeping import upgrade

    folder = office.store.folder
    with ACTIVE[0].master(folder) as master:
        master.execute(change.format(database=ACTIVE[0].name(folder)))
    with pytest.raises(Damaged) as refused:
        Node.open(folder, clock=SetClock(), vocabulary=words())
    assert refused.value.code == "database_rights"
    if "mine" in change:
        with ACTIVE[0].master(folder) as master:
            master.execute(f"drop policy mine on {'draft' if 'draft' in change else 'statement'}")
    upgrade(folder, database=address_of(folder), clock=SetClock())
    Node.open(folder, clock=SetClock(), vocabulary=words()).close()


def test_what_a_later_version_adds_is_closed_to_readers_at_once(office: Office) -> None:
    with connections[office.store.alias].cursor() as cursor:
        cursor.execute("create table later (secret varchar(20) primary key)")
    office.store.engine.secure()
    office.store.engine.check_rights()
    with _as(office, "alidade_reader", "1") as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute("select * from later")
    with _as(office, "alidade_writer") as connection:
        connection.execute("insert into later values (repeat('x', 40))")
    assert set(row_security.READABLE) - {"authority"} - set(CONDITIONS) == set(CONTENT)
