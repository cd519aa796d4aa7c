"""The command that serves: what it refuses, what it prints, how it stops; and the files of deploy/."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import ADMIN, ANALYST, Desk

from alidade.cli.serve import Service, environment, serve

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = {option for parameter in serve.params for option in parameter.opts}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(home: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-c", "import sys; from alidade.cli.main import main; sys.exit(main())"]
    options = ["--json", "--home", str(home), "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        said = ""
        for line in process.stdout:
            said += line
            if line == "}\n":
                break
        yield process, said
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--address", "0.0.0.0"), "Without TLS the pages are served to this machine alone."),
        (("--address", "192.0.2.1"), "Without TLS the pages are served to this machine alone."),
        (("--address", "alidade.example"), "Without TLS the pages are served to this machine alone."),
        (("--certificate", "c.pem"), "TLS needs both"),
        (("--key", "k.pem"), "TLS needs both"),
        (("--certificate", "none.pem", "--key", "none.key"), "is not there"),
        (("--certificate", "c", "--key", "k", "--behind-proxy"), "not both"),
        (("--behind-proxy",), "Under which name"),
        (("--address", "0.0.0.0", "--behind-proxy"), "Under which name"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_would_be_unsafe_is_refused(tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    refused = Desk(home=tmp_path / "home", folder=tmp_path).run("serve", *options)

    assert refused.code == 2
    assert sentence in refused.err
    assert not (tmp_path / "home").exists()


def test_the_processes_are_told_no_secret(tmp_path: Path) -> None:
    plain = environment(Service(home=tmp_path))
    proxied = environment(Service(home=tmp_path, behind_proxy=True, names=("alidade.example",)))

    assert (plain["ALIDADE_PLAIN_HTTP"], plain["ALIDADE_PROXY"]) == ("1", "0")
    assert (proxied["ALIDADE_PLAIN_HTTP"], proxied["ALIDADE_PROXY"]) == ("0", "1")
    assert proxied["ALIDADE_HOSTS"] == "127.0.0.1,alidade.example,localhost"


def test_it_serves_until_stopped(tmp_path: Path) -> None:
    """A folder with nothing in it: the code is printed, the pages answer, the port is taken, and it ends well."""
    port = free_port()
    home = tmp_path / "home"
    with running(home, port) as (process, said):
        told = json.loads(said)
        assert told["begun"] is False
        assert told["code"] == (home / "setup.code").read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live/") as answer:
            assert json.load(answer) == {"ok": True}
        second = Desk(home=tmp_path / "other", folder=tmp_path).run("serve", "--port", str(port))
        assert second.code == 5
        assert "Something else listens" in second.err
        children = _children(process.pid)
        assert len(children) >= 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
        assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_nothing_is_left_when_it_is_killed(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "home", port) as (process, _):
        children = _children(process.pid)
        process.kill()
        process.wait()
        for child in children:
            _wait_for_end(child)


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        if int(text.rpartition(")")[2].split()[1]) == parent:
            found.append(int(path.parent.name))
    return found


def _wait_for_end(process: int) -> None:
    import time

    for _ in range(400):
        if not Path(f"/proc/{process}").exists() or "State:\tZ" in Path(f"/proc/{process}/status").read_text():
            return
        time.sleep(0.1)
    os.kill(process, signal.SIGKILL)
    pytest.fail("a process of the server went on without the one that started it")


def test_a_locked_out_officer_is_let_in_at_the_machine(desk: Desk) -> None:
    opened = desk.run("--json", "account", "open", ANALYST)
    unknown = desk.run("account", "open", "nl-politie/nobody")
    desk.run("authority", "officer", ANALYST, "--end", "--as", ADMIN)
    ended = desk.run("account", "open", ANALYST)

    assert opened.code == 0, opened.err
    assert re.fullmatch(r"[a-z0-9]{5}(-[a-z0-9]{5}){3}", opened.answer["password"])
    assert (unknown.code, ended.code) == (4, 3)
    entries = desk.run("--json", "ledger", "list", "--as", "nl-politie/dpo").out
    assert "account opened at the machine" in entries


def test_without_a_node_nobody_is_let_in(tmp_path: Path) -> None:
    refused = Desk(home=tmp_path / "none", folder=tmp_path).run("account", "open", ANALYST)

    assert refused.code == 4
    assert not (tmp_path / "none").exists()


def unit() -> dict[str, list[str]]:
    """The lines of the systemd unit by their names."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / "alidade.service").read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_is_closed_and_starts_what_there_is() -> None:
    lines = unit()
    words = shlex.split(lines["ExecStart"][0])

    assert words[1:2] == ["serve"]
    assert {word for word in words if word.startswith("--")} <= OPTIONS
    assert lines["NoNewPrivileges"] == lines["PrivateTmp"] == ["yes"]
    assert lines["ProtectSystem"] == ["strict"]
    assert "alidade" in lines["User"]
    assert lines["LoadCredential"]
    assert lines["RestartPreventExitStatus"] == ["2 6"]


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    text = (ROOT / "deploy" / "alidade.service").read_text(encoding="utf-8")
    copy = tmp_path / "alidade.service"
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "alidade.service" in line]

    assert told == []


def test_the_image_runs_as_nobody_in_particular_and_starts_what_there_is() -> None:
    lines = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    command = json.loads(re.findall(r"^CMD (\[.*\])$", lines, re.MULTILINE)[-1])

    assert command[0] == "serve"
    assert {word for word in command if word.startswith("--")} <= OPTIONS
    assert re.search(r"^USER \d+", lines, re.MULTILINE)
    assert "--require-hashes" in lines


def test_the_compose_file_keeps_the_image_closed() -> None:
    """Read without a YAML library: names, and what must stand under the service."""
    text = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    command = json.loads(re.findall(r"^\s+command: (\[.*\])$", text, re.MULTILINE)[0])

    assert "\t" not in text
    assert {word for word in command if word.startswith("--")} <= OPTIONS
    for line in ("read_only: true", "no-new-privileges:true", "cap_drop: [ALL]", "profiles: [postgresql]"):
        assert line in text
    assert (
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"] == ">=3.11"
    )
