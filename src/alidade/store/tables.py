"""Tables: whether they are up to date, and how they are brought there; one line of versions for every engine."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from alidade.model.errors import Conflict
from alidade.store.engines import Engine

_APP = "store"


def pending(alias: str) -> list[str]:
    """The versions that the tables still lack, oldest first."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(_APP))  # the accounts of the pages lie elsewhere
    return [migration.name for migration, _ in plan]


def newest(alias: str) -> str:
    """The newest version that the tables have; empty where there are none."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return max((name for app, name in applied if app == _APP), default="")


def has_content(alias: str) -> bool:
    """Whether anything was ever done here."""
    connection = connections[alias]
    if "ledger_entry" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from ledger_entry), exists (select 1 from authority)")
        return any(cursor.fetchone())


def is_known(alias: str, version: str) -> bool:
    """Whether this program knows a version of the tables."""
    return (_APP, version) in MigrationExecutor(connections[alias]).loader.disk_migrations


def refuse_newer(alias: str) -> None:
    """Refuse tables that a later version of the program has made: this one would not keep what it does not know."""
    known = {name for app, name in MigrationExecutor(connections[alias]).loader.disk_migrations if app == _APP}
    applied = {name for app, name in MigrationRecorder(connections[alias]).applied_migrations() if app == _APP}
    if applied - known:
        raise Conflict(
            "A later version of Alidade has worked with this database.",
            remedy="Use that version, or restore a backup made before.",
            code="newer_tables",
        )


def bring_up_to_date(engine: Engine, alias: str, to: str | None = None) -> None:
    """Make or change the tables, up to a version or wholly, in one transaction; never two programs at once."""
    connection = connections[alias]
    # Only ours: in a program that has tables of its own, the framework knows of those as well.
    target = (_APP,) if to is None else (_APP, to)
    # In one transaction: a table made without the note that it was made would bar every later start.
    with connection.constraint_checks_disabled(), transaction.atomic(using=alias):
        engine.lock_tables()
        call_command("migrate", *target, database=alias, verbosity=0)
        engine.secure()
