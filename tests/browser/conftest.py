"""The pages in Debian's chromium, over the invented scenario; skipped with the reason where there is no browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the importlib mode of pytest finds no module beside a test

from house import Enter, House, Visit, found_browser, launched, made_once
from playwright.sync_api import Browser, Error, sync_playwright


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """These tests keep their node in a file, wherever the others have theirs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sqlite_only("the pages are the same on a server"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this run."""
    place = found_browser()
    if place is None:
        pytest.skip("no browser: Debian's chromium is not installed (apt-get install chromium)")
    with sync_playwright() as running:
        try:
            opened = launched(running, place)
        except Error as error:
            pytest.skip(f"the browser does not start: {str(error).splitlines()[0]}")
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that the processes which share the work have in common."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "browser"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def house(browser: Browser, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The scenario, served."""
    made = House(made_once(shared), tmp_path_factory.mktemp("house") / "home")
    yield made
    made.close()


@pytest.fixture(scope="session")
def empty_house(browser: Browser, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A node that has not begun, served."""
    made = House(made_once(shared, empty=True), tmp_path_factory.mktemp("empty") / "home")
    yield made
    made.close()


@pytest.fixture
def enter(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """`enter(officer)` is that officer in front of the pages, in a context of his own."""
    visits: list[Visit] = []

    def begin(officer: str | None = None, *, at: str = "house", **context: Any) -> Visit:
        visits.append(Visit.begin(browser, request.getfixturevalue(at), officer, **context))
        return visits[-1]

    yield begin
    for visit in visits:
        visit.context.close()


@pytest.fixture(scope="session")
def seats(browser: Browser) -> Iterator[dict[tuple[str, str], Visit]]:
    """The contexts that stay open from one test to the next."""
    kept: dict[tuple[str, str], Visit] = {}
    yield kept
    for visit in kept.values():
        visit.context.close()


@pytest.fixture
def sit(browser: Browser, seats: dict[tuple[str, str], Visit], request: pytest.FixtureRequest) -> Enter:
    """As `enter`, in a context that stays open: starting one for each page takes longer than the page."""

    def begin(officer: str | None = None, *, at: str = "house") -> Visit:
        seat = (at, officer or "")
        if seat not in seats:
            seats[seat] = Visit.begin(browser, request.getfixturevalue(at), officer)
        seats[seat].refresh()
        return seats[seat]

    return begin
