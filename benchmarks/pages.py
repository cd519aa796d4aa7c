"""Pages: how long does an officer wait for a page, in a store of a million statements, asked of a real server?

Why: what is slow is not used. Target: 95 of 100 within 300 ms for every page.
The server is granian with one worker of one thread, as `alidade serve` starts each of its workers; the officer is
signed in, with purpose and case. The time is that of the whole request over the loopback, with the durable write of
the ledger; half of the numbers that are checked are in the store.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from benchmarks import phone_store, places, staging
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.timing import Sample, milliseconds

_LIMIT = 300.0
_HOST = "127.0.0.1"
_SIGN_IN = """
import sys
import django
django.setup()
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from alidade.web.accounts import make_tables
from alidade.web.place import GROUNDS
make_tables()
user, _ = User.objects.get_or_create(username=sys.argv[1])
client = Client()
client.force_login(user)
session = client.session
session[GROUNDS] = {"purpose": "18.2.a", "case": "c1", "legal_ground": "criminal_investigation", "justification": "b"}
session.save()
print(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


class Visitor:
    """An officer at a browser: keeps the connection and the cookies, sends forms as the pages want them."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection(_HOST, port, timeout=60)
        self._cookies = {cookie.split()[0]: cookie.split()[1]}
        self.get("/check/")

    def get(self, address: str) -> tuple[int, bytes, str]:
        """Ask for a page: status, body, where it leads."""
        return self._send("GET", address, None)

    def post(self, address: str, fields: dict[str, str]) -> tuple[int, bytes, str]:
        """Send a form."""
        token = next(value for name, value in self._cookies.items() if name.endswith("csrf"))
        return self._send("POST", address, urlencode({**fields, "csrfmiddlewaretoken": token}))

    def _send(self, method: str, address: str, body: str | None) -> tuple[int, bytes, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        return answer.status, content, answer.getheader("Location") or ""

    @property
    def origin(self) -> str:
        """Where this visitor is."""
        return f"http://{self._connection.host}:{self._connection.port}"


def measure(options: Options) -> Result:
    """Each page many times over, as one officer."""
    size = 100_000 if options.quick else 1_000_000
    turns = 20 if options.quick else 100
    with places.passing() as folder:
        home = folder / "home"
        shutil.copytree(phone_store.store(size), home)
        with server(home) as (port, cookie):
            visitor = Visitor(port, cookie)
            figures = [figure for name, visit in _visits(visitor, size) for figure in _time(name, visit, turns)]
    return Result(figures=(*figures, plain("statements in the store", size, "")))


def _visits(visitor: Visitor, size: int) -> Iterator[tuple[str, Callable[[], object]]]:
    random = Random(11)

    def check() -> tuple[int, bytes, str]:
        text = phone_store.number(random.randrange(2 * size))
        return good(visitor.post("/check/", {"text": text}))

    def check_and_read() -> tuple[int, bytes, str]:
        status, content, leads = check()
        return good(visitor.get(leads)) if leads else (status, content, leads)

    def check_name() -> tuple[int, bytes, str]:
        return good(visitor.post("/check/", {"text": "Ivan Petrovich Sidorov"}))

    for name, address in (
        ("my day", "/my-day/"),
        ("check, empty", "/check/"),
        ("hits to judge", "/hits/"),
        ("standing checks", "/standing/"),
        ("who asked about ours", "/notices/"),
        ("records", "/records/"),
        ("contribute", "/contribute/"),
        ("what we gave", "/contributions/"),
        ("feedback", "/feedback/"),
        ("directory", "/directory/"),
    ):
        yield name, lambda address=address: good(visitor.get(address))
    yield "check of a number", check
    yield "check of a number, and its answer read", check_and_read
    yield "check of a name that nobody knows", check_name
    for _ in range(12):
        _, _, leads = check()
        _, content, _ = visitor.get(leads) if leads else (0, b"", "")
        if shown := re.search(rb"/records/([0-9a-f]{32})/", content):
            reference = shown[1].decode()
            yield "a record", lambda address=f"/records/{reference}/": good(visitor.get(address))
            break


def good(answer: tuple[int, bytes, str]) -> tuple[int, bytes, str]:
    if answer[0] not in (200, 302):
        raise AssertionError(f"the server answered {answer[0]}")
    return answer


def _time(name: str, visit: Callable[[], object], turns: int) -> list[Figure]:
    sample = Sample()
    visit()
    for _ in range(turns):
        with sample.once():
            visit()
    return [
        plain(f"{name}, median", milliseconds(sample.of(0.5))[0], "ms"),
        at_most(f"{name}, 95 of 100 within", milliseconds(sample.of(0.95))[0], "ms", _LIMIT),
    ]


@contextmanager
def server(home: Path) -> Iterator[tuple[int, str]]:
    with closing(socket.socket()) as probe:
        probe.bind((_HOST, 0))
        port = probe.getsockname()[1]
    settings = {
        "ALIDADE_HOME": str(home),
        "ALIDADE_PLAIN_HTTP": "1",
        "ALIDADE_HOSTS": _HOST,
        "ALIDADE_LOG": "0",
        "DJANGO_SETTINGS_MODULE": "alidade.web.settings",
    }
    environment = {**os.environ, **settings}
    officer = f"{staging.VIEWER}/case"
    signed_in = subprocess.run(
        [sys.executable, "-c", _SIGN_IN, officer], env=environment, capture_output=True, text=True, check=True
    )
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", _HOST, "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "1", "--no-log", "alidade.web.wsgi:application"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port, signed_in.stdout.strip().splitlines()[-1]
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(1_200):
        with closing(socket.socket()) as probe:
            if probe.connect_ex((_HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not come up")
