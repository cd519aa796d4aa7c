"""The house of these tests: the scenario made once for a run, a copy of it served, and officers at their desks."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request
from rehearsed import MADE

HERE = Path(__file__).parent
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
# Told to the page before its own script runs; the strict policy lets nobody inside the page do this.
LISTEN = """
window.__violations = []
document.addEventListener('securitypolicyviolation',
  event => window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`))
"""


def found_browser() -> str | None:
    """Where Debian's chromium lies; None where there is none."""
    usual = Path("/usr/bin/chromium")
    return str(usual) if usual.exists() else shutil.which("chromium")


def launched(playwright: Playwright, browser: str) -> Browser:
    """The browser, which asks nothing of the network by itself."""
    flags = [*FLAGS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else list(FLAGS)
    return playwright.chromium.launch(executable_path=browser, args=flags)


def made_once(shared: Path, *, empty: bool = False) -> Path:
    """The folder of the scenario, made by whichever process of the test run comes first; the others wait for it."""
    name = "empty" if empty else "scenario"
    folder, lock = shared / name, shared / f"{name}.lock"
    try:
        lock.mkdir()
    except FileExistsError:
        end = time.monotonic() + 120
        while not (shared / f"{name}.done").exists():
            if time.monotonic() > end or (shared / f"{name}.failed").exists():
                raise RuntimeError("the scenario was not made by the process that began it") from None
            time.sleep(0.1)
        return folder
    arguments = [sys.executable, str(HERE / "rehearsed.py"), str(folder), *(["--empty"] if empty else [])]
    done = subprocess.run(arguments, capture_output=True, text=True, env=_environment(folder), check=False)
    if done.returncode:
        (shared / f"{name}.failed").touch()
        raise RuntimeError(f"the scenario could not be made:\n{done.stderr[-4000:]}")
    (shared / f"{name}.done").touch()
    return folder


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALIDADE_", "DJANGO_", "COV_"))}
    return kept | {"ALIDADE_HOME": str(folder)}


class House:
    """A copy of the scenario, served by a process of its own until `close`."""

    def __init__(self, source: Path, folder: Path) -> None:
        shutil.copytree(source, folder)
        self.made: dict[str, Any] = json.loads((folder / MADE).read_text())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        # By its name: passkeys belong to a name, and the pages of sign-in lead from the number to it.
        self.base = f"http://localhost:{self.port}"
        self._errors = (folder / "served.log").open("w+")
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "served.py"), str(folder), str(self.port)],
            stdout=self._errors,
            stderr=subprocess.STDOUT,
            env=_environment(folder),
        )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    # The first answer loads all rooms; no page of a test shall wait for that.
                    urllib.request.urlopen(f"{self.base}/health/live/", timeout=180).close()
                    return
            time.sleep(0.05)
        said = self.said()
        self.close()
        raise RuntimeError(f"the pages were not served:\n{said[-4000:]}")

    def said(self) -> str:
        """What the server wrote."""
        self._errors.flush()
        self._errors.seek(0)
        return self._errors.read()

    def close(self) -> None:
        """Stop the server."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)
        self._errors.close()


@dataclass
class Visit:
    """One officer in front of the pages, with everything that went wrong while he looked."""

    house: House
    context: BrowserContext
    page: Page
    wrongs: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, browser: Browser, house: House, officer: str | None = None, **context: Any) -> Visit:
        """A context of its own, signed in as the officer; all but `language` as playwright names it."""
        language = context.pop("language", "en")
        made = browser.new_context(**({"viewport": WIDE, "locale": "en-GB", "reduced_motion": "reduce"} | context))
        made.set_default_timeout(30_000)
        cookies = [{"name": "alidade-language", "value": language, "url": house.base}]
        if officer is not None:
            cookies.append({"name": "alidade", "value": house.made["cookies"][officer], "url": house.base})
        made.add_cookies(cookies)  # type: ignore[arg-type]  # the library's own type of a cookie is no plain dict
        if context.get("java_script_enabled", True):
            made.add_init_script(LISTEN)
        visit = cls(house=house, context=made, page=made.new_page())
        visit.page.on("console", visit._console)
        visit.page.on("pageerror", lambda error: visit.wrongs.append(f"script: {error}"))
        made.on("request", visit._request)
        return visit

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrongs.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.house.base + "/", "data:", "blob:", "about:")):
            self.wrongs.append(f"asked elsewhere: {request.url}")

    def go(self, address: str) -> int:
        """Open an address of the house; the status of its answer."""
        answer = self.page.goto(self.house.base + address)
        assert answer is not None
        return answer.status

    def refresh(self) -> None:
        """As it was at the beginning: wide, light, English, with nothing wrong yet."""
        self.page.goto("about:blank")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # the library's own type of a size is no plain dict
        self.page.emulate_media(color_scheme="light")
        self.speak("en")
        self.wrongs.clear()

    def speak(self, language: str) -> None:
        """Speak another language from the next page on."""
        cookie = {"name": "alidade-language", "value": language, "url": self.house.base}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def troubles(self) -> list[str]:
        """What went wrong since the last look: errors, violations of the policy, requests to elsewhere."""
        found, self.wrongs = self.wrongs, []
        return found + [f"policy: {each}" for each in self.page.evaluate("window.__violations ?? []")]

    def focused(self) -> str:
        """What the keyboard is on, as tag#id.class."""
        return str(
            self.page.evaluate(
                "(e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '')"
                " + [...e.classList].map(c => '.' + c).join(''))(document.activeElement)"
            )
        )

    def until(self, question: str, *, seconds: float = 5) -> Any:
        """Ask the page until the answer is true; the waiting of the library itself is stopped by the strict policy."""
        end = time.monotonic() + seconds
        while not (answer := self.page.evaluate(question)):
            assert time.monotonic() < end, f"never came true: {question}"
            self.page.wait_for_timeout(20)
        return answer

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))


Enter = Callable[..., Visit]  # who, and how his browser is set
