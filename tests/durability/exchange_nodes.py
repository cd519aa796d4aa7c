"""Real nodes in network namespaces of their own: processes, addresses and links that can be cut."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_COMMAND = "from alidade.cli.main import main; main()"


class NoNamespaces(Exception):
    """This machine or account cannot make network namespaces."""


class Net:
    """A switch, and a namespace for each node that hangs on it by one link."""

    def __init__(self, names: Sequence[str]) -> None:
        self._mark = f"al{os.getpid()}x{secrets.token_hex(2)}"
        self._made: list[str] = []
        self._numbers = {name: number for number, name in enumerate(names, start=1)}
        try:
            self._make("hub")
            self._in("hub", "ip", "link", "add", "sw", "type", "bridge")
            self._in("hub", "ip", "link", "set", "sw", "up")
            for name, number in self._numbers.items():
                self._make(name)
                self._in("hub", "ip", "link", "add", f"p{number}", "type", "veth", "peer", "name", "eth0", "netns",
                         self.namespace(name))  # fmt: skip
                self._in("hub", "ip", "link", "set", f"p{number}", "master", "sw", "up")
                self._in(name, "ip", "addr", "add", f"{self.address(name)}/24", "dev", "eth0")
                self._in(name, "ip", "link", "set", "eth0", "up")
                self._in(name, "ip", "link", "set", "lo", "up")
        except (OSError, subprocess.CalledProcessError) as error:
            self.close()
            raise NoNamespaces(f"network namespaces cannot be made here ({type(error).__name__})") from error

    def namespace(self, name: str) -> str:
        return f"{self._mark}-{name}"

    def address(self, name: str) -> str:
        return f"10.77.0.{self._numbers[name]}"

    def cut(self, name: str) -> None:
        """Take the link of a node away."""
        self._in("hub", "ip", "link", "set", f"p{self._numbers[name]}", "down")

    def join(self, name: str) -> None:
        """Give it back."""
        self._in("hub", "ip", "link", "set", f"p{self._numbers[name]}", "up")

    def close(self) -> None:
        for namespace in reversed(self._made):
            subprocess.run(["ip", "netns", "del", namespace], check=False, capture_output=True)
        self._made.clear()

    def _make(self, name: str) -> None:
        subprocess.run(["ip", "netns", "add", self.namespace(name)], check=True, capture_output=True)
        self._made.append(self.namespace(name))

    def _in(self, name: str, *command: str) -> None:
        subprocess.run(["ip", "netns", "exec", self.namespace(name), *command], check=True, capture_output=True)

    @contextmanager
    def running(self, name: str, home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
        """The exchange of a node, in its namespace."""
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace(name), sys.executable, "-c", _COMMAND, "--home", str(home),
             "exchange", "run", "--listen", f"{self.address(name)}:{port}", "--pull-every", "10"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={key: value for key, value in os.environ.items() if not key.startswith("ALIDADE_")},
            start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(look: Callable[[], bool], seconds: float) -> float | None:
    """After how many seconds it was so; None where it was not so in time."""
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        if look():
            return time.monotonic() - begun
        time.sleep(0.25)
    return None
