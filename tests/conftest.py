"""What every test shares: where the public data lies, the switch for the long forms, and the database beneath."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the importlib mode of pytest finds no module beside a test

import faces
from databases import ACTIVE, Databases, Server, ServerMissing, lay_stores_on

faces.set_up()

REPOSITORY = Path(__file__).resolve().parents[1]
_SOCKET, _MISSING = "SERVER_OF_THE_TESTS", "SERVER_OF_THE_TESTS_MISSING"
_server: list[Server] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the long forms as well")
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="where the stores of the tests lie: a file for each, or a database each on one server of the tests' own",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite_only(reason): about the file and its engine, skipped on a server")
    config.addinivalue_line("markers", "postgresql_only: about the server, skipped on files")
    if config.getoption("--database") != "postgresql" or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    try:
        _server.append(Server())
        os.environ[_SOCKET] = str(_server[0].folder)  # the processes that share the work inherit it
    except ServerMissing as missing:
        os.environ[_MISSING] = str(missing)


def pytest_unconfigure(config: pytest.Config) -> None:
    for databases in ACTIVE:
        databases.close()
    for server in _server:
        server.stop()
    _server.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    on_server = config.getoption("--database") == "postgresql"
    for item in items:
        if item.get_closest_marker("full") is not None and not config.getoption("--full"):
            item.add_marker(pytest.mark.skip(reason="long form: run with --full"))
        only = item.get_closest_marker("sqlite_only")
        if on_server and only is not None:
            item.add_marker(pytest.mark.skip(reason=f"files only: {only.args[0]}"))
        if not on_server and item.get_closest_marker("postgresql_only") is not None:
            item.add_marker(pytest.mark.skip(reason="server only: run with --database=postgresql"))


@pytest.fixture(scope="session", autouse=True)
def databases(request: pytest.FixtureRequest) -> Databases | None:
    """The databases of the server, where the tests run on one."""
    if request.config.getoption("--database") != "postgresql":
        return None
    if _SOCKET not in os.environ:
        pytest.skip(os.environ.get(_MISSING, "no server"))
    made = Databases(os.environ[_SOCKET], os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    lay_stores_on(made)
    return made


@pytest.fixture(autouse=True)
def _no_database_is_left(request: pytest.FixtureRequest, databases: Databases | None) -> Iterator[None]:
    if databases is None or "tmp_path" not in request.fixturenames:
        yield
        return
    folder = request.getfixturevalue("tmp_path")
    yield
    databases.drop_under(folder)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public test data beside the repository; skips where it is missing."""
    folder = Path(os.environ.get("ALIDADE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"public test data not found at {folder}; set ALIDADE_SHARED_DATA")
    return folder
