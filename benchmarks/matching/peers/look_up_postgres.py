"""Look-up by pg_trgm (GIN, `%`), the hundred best scored anew. Run by the Python of the peers: ASKED TOLD.

Starts a server of its own in a folder of its own, reached through a socket there, and ends it.
"""

from __future__ import annotations

import importlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.matching.peers.asking import FETCHED, Answer, again, answer_all, asked, rows, tell

_THRESHOLD = 0.35
_FIND = "SELECT id FROM names WHERE name %% %s ORDER BY similarity(name, %s) DESC, id LIMIT %s"


def main() -> None:
    """Build, ask, tell."""
    given = asked()
    names = rows(given)
    programs = _programs()
    psycopg: Any = importlib.import_module("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = _user(folder)
    try:
        _run(
            [programs / "initdb", "-D", folder / "db", "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale"], user
        )
        options = f"-k {folder} -c listen_addresses= -c shared_buffers=512MB -c maintenance_work_mem=512MB"
        options += " -c fsync=off -c synchronous_commit=off -c max_parallel_workers_per_gather=0"
        log = folder / "log"
        _run([programs / "pg_ctl", "-D", folder / "db", "-l", log, "-w", "-o", options, "start"], user)
        with psycopg.connect(host=str(folder), user="bench", dbname="postgres", autocommit=True) as database:
            start = time.perf_counter()
            database.execute("CREATE EXTENSION pg_trgm")
            database.execute("CREATE TABLE names (id integer, name text)")
            with database.cursor().copy("COPY names FROM STDIN") as copy:
                for row, name in enumerate(names):
                    copy.write_row((row, name))
            database.execute("CREATE INDEX ON names USING gin (name gin_trgm_ops)")
            database.execute("ANALYZE names")
            build = time.perf_counter() - start
            database.execute(f"SET pg_trgm.similarity_threshold = {_THRESHOLD}")

            def search(query: str) -> Answer:
                found = [row for (row,) in database.execute(_FIND, (query, query, FETCHED)).fetchall()]
                return again(query, found, names)

            told = answer_all(given, search, build)
        tell(told)
    finally:
        if (folder / "db" / "postmaster.pid").exists():
            _run([programs / "pg_ctl", "-D", folder / "db", "-m", "immediate", "stop"], user)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit("no PostgreSQL server is installed here")
    return found[-1].parent


def _user(folder: Path) -> str | None:
    """Who runs the server: it refuses to run as root."""
    if os.getuid() != 0:
        return None
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError as error:
        raise SystemExit("PostgreSQL does not run as root, and there is no user postgres") from error
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return "postgres"


def _run(command: list[Any], user: str | None) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", check=False)
    if done.returncode != 0:
        raise SystemExit(f"{Path(words[0]).name} failed: {done.stderr.decode(errors='replace')[-150:]}")


if __name__ == "__main__":
    main()
