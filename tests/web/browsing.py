"""A browser with a passkey device that exists in it alone, and a node served for it by the real command."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")


def require_browser() -> None:
    """Skip where no browser is installed."""
    if CHROMIUM is None:
        pytest.skip("no browser: Debian's chromium was not found on the PATH")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(slots=True, kw_only=True)
class Served:
    """A node that `alidade serve` serves, and what it printed."""

    address: str
    code: str
    lines: list[str]
    process: subprocess.Popen[str]


@contextmanager
def served(home: Path, *options: str) -> Iterator[Served]:
    """Run `alidade serve` over a folder until the block ends; it must then end well."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALIDADE_")}
    command = [sys.executable, "-c", "import sys; from alidade.cli.main import main; sys.exit(main())"]
    process = subprocess.Popen(
        [*command, "--home", str(home), "serve", "--port", str(free_port()), "--workers", "1", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    errors: list[str] = []
    assert process.stdout is not None
    assert process.stderr is not None
    reader = threading.Thread(target=lambda pipe: errors.extend(pipe), args=(process.stderr,), daemon=True)
    reader.start()
    try:
        first = process.stdout.readline()
        found = re.search(r"http://localhost:\d+", first)
        assert found is not None, (first, errors)
        begins = "" if (home / "alidade.db").exists() else process.stdout.readline()
        code = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){2}", begins)
        yield Served(address=found.group(), code=code.group() if code else "", lines=errors, process=process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    finally:
        process.kill()
        process.wait()
        reader.join(5)
        process.stdout.close()
        process.stderr.close()


class Visitor:
    """Somebody in front of a browser, whose presses and letters are counted."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.clicks = 0
        self.keys = 0
        self.problems: list[str] = []
        # A page that asks first for purpose and case answers 403, of which the browser makes a line.
        page.on("console", lambda told: self.problems.append(told.text) if _is_problem(told.type, told.text) else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.device = page.context.new_cdp_session(page)
        self.device.send("WebAuthn.enable")

    def give_device(self) -> str:
        """A device for passkeys that always says yes; its id."""
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made: dict[str, Any] = self.device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(made["authenticatorId"])

    def open(self, path: str) -> None:
        """Open an address, as from a bookmark."""
        self.page.goto(self.address + path)

    def press(self, name: str, role: Any = "button") -> None:
        """Press a button or follow a link, and wait for the page that comes."""
        self.clicks += 1
        where = self.page.get_by_role(role, name=name, exact=True).first
        with self.page.expect_navigation():
            where.click()

    def type(self, label: str, text: str) -> None:
        """Click into a field and type."""
        self.clicks += 1
        self.keys += len(text)
        self.page.get_by_label(label).first.fill(text)

    def choose(self, label: str, value: str) -> None:
        """Choose from a list: a click into it and one on the entry."""
        self.clicks += 2
        self.page.get_by_label(label).first.select_option(value)

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.page.locator("h1").first.inner_text()


def _is_problem(kind: str, text: str) -> bool:
    return kind == "error" and "status of 403" not in text


@contextmanager
def visitor(address: str) -> Iterator[Visitor]:
    """A fresh browser with an empty profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(20_000)
        yield Visitor(page, address)
        browser.close()
