"""Serve: the pages in the browser and the programming interface, with the worker for long jobs, until stopped."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click
import msgspec

from alidade.cli.session import as_json, emit, home, say
from alidade.model.errors import AlidadeError, Conflict, Invalid

_STARTS: Final = 120.0  # seconds within which the pages must answer
_STOPS: Final = 20.0  # seconds after which a process that does not end is made to
PORT: Final = 8420


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where and how a node is served."""

    home: Path
    address: str = "127.0.0.1"
    port: int = PORT
    workers: int = 2
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False
    names: tuple[str, ...] = ()
    quiet: bool = False
    exchange: str = ""  # address:port at which other nodes reach this one; empty where it only calls
    mail_folder: Path | None = None
    mail_from: str = ""
    invented: bool = False  # a demonstration: its data lies in its own folder, whatever server the environment names

    @property
    def plain(self) -> bool:
        """Whether it is served without TLS on this machine alone."""
        return self.certificate is None and not self.behind_proxy

    @property
    def place(self) -> str:
        """The address to open in a browser."""
        if self.behind_proxy:
            return f"https://{self.names[0]}/"
        name = "localhost" if self.plain else self.names[0]
        return f"{'http' if self.plain else 'https'}://{name}:{self.port}/"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Port to listen at.")
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes for pages.")
@click.option("--certificate", type=click.Path(path_type=Path), help="TLS certificate with its chain (PEM).")
@click.option("--key", type=click.Path(path_type=Path), help="Key of the certificate (PEM, PKCS#8).")
@click.option("--behind-proxy", is_flag=True, help="One proxy stands in front, ends TLS and names the browser.")
@click.option("--host", "names", multiple=True, envvar="ALIDADE_HOSTS", help="Name to open it under; may be repeated.")
@click.option("--exchange-listen", metavar="ADDRESS:PORT", default="", help="Where other nodes reach this one.")
@click.option("--mail-folder", type=click.Path(path_type=Path), help="Folder for notices, which your mail empties.")
@click.option("--mail-from", metavar="ADDRESS", default="", help="From whom these notices are.")
@click.pass_context
def serve(
    context: click.Context,
    port: int,
    address: str,
    workers: int,
    certificate: Path | None,
    key: Path | None,
    behind_proxy: bool,
    names: tuple[str, ...],
    exchange_listen: str,
    mail_folder: Path | None,
    mail_from: str,
) -> int:
    """Serve the pages and the API until stopped (Ctrl-C). Before the node has begun, the set-up code is printed.

    Where keys are published and a peer is confirmed, the exchange with other nodes runs beside them.

    Without TLS it is served to this machine alone. Any other address needs --certificate and --key, or a proxy.
    """
    service = Service(
        home=home(context),
        address=address,
        port=port,
        workers=workers,
        certificate=certificate,
        key=key,
        behind_proxy=behind_proxy,
        names=tuple(part for name in names for part in name.replace(",", " ").split()),
        exchange=exchange_listen,
        mail_folder=mail_folder,
        mail_from=mail_from,
    )
    refuse_unsafe(service)
    prepared = ask_web(service, "prepare")
    with serving(service) as processes:
        announce(context, service, prepared)
        return wait(processes)


def announce(context: click.Context, service: Service, prepared: dict[str, Any]) -> None:
    """Say where the pages are, and before the node has begun the code that lets one begin it."""
    if as_json(context):
        emit({"address": service.place, **prepared})
        return
    say(f"Alidade is at {service.place} (stop with Ctrl-C).")
    if not prepared["begun"]:
        say(f"This node has not begun. Open the address and give the set-up code: {prepared['code']}")


def refuse_unsafe(service: Service) -> None:
    """Raise Invalid for what would send passwords and personal data over a network unprotected."""
    if (service.certificate is None) != (service.key is None):
        raise Invalid("TLS needs both --certificate and --key.")
    if service.certificate is not None and service.behind_proxy:
        raise Invalid("Either the proxy ends TLS or the node does, not both.")
    if service.exchange:
        _require_place(service.exchange)
    for path in (service.certificate, service.key):
        if path is not None and not path.is_file():
            raise Invalid("The file of the certificate or of its key is not there.")
    if service.plain and not _is_loopback(service.address):
        raise Invalid(
            "Without TLS the pages are served to this machine alone.",
            remedy="Give --certificate and --key, or --behind-proxy where a proxy ends TLS.",
        )
    if not service.plain and not service.names:
        raise Invalid(
            "Under which name is the node opened? Passkeys belong to that name.", remedy="Give --host alidade.example."
        )


def _require_place(text: str) -> None:
    from alidade.services.exchange.worker import listening_at

    listening_at(text)


def _is_loopback(address: str) -> bool:
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def environment(service: Service) -> dict[str, str]:
    """The environment of the processes: settings of the pages, nothing secret."""
    names = {*service.names, "localhost", "127.0.0.1"}
    changed = {
        "ALIDADE_HOME": str(service.home),
        "ALIDADE_HOSTS": ",".join(sorted(names)),
        "ALIDADE_PLAIN_HTTP": "1" if service.plain else "0",
        "ALIDADE_PROXY": "1" if service.behind_proxy else "0",
        "DJANGO_SETTINGS_MODULE": "alidade.web.settings",
        "ALIDADE_EXCHANGE_LISTEN": service.exchange or os.environ.get("ALIDADE_EXCHANGE_LISTEN", ""),
        "ALIDADE_MAIL_FOLDER": str(service.mail_folder or os.environ.get("ALIDADE_MAIL_FOLDER", "")),
        "ALIDADE_MAIL_FROM": service.mail_from or os.environ.get("ALIDADE_MAIL_FROM", ""),
    }
    kept = {name: value for name, value in os.environ.items() if not (service.invented and name == "ALIDADE_DATABASE")}
    return {**kept, **changed, **({"ALIDADE_LOG": "0"} if service.quiet else {})}


def ask_web(service: Service, *arguments: str) -> dict[str, Any]:
    """Let a process with the settings of the pages do something, and read its answer.

    Raises what it met, with the exit code that belongs to it.
    """
    done = subprocess.run(  # noqa: S603  # ourselves, and no shell
        [sys.executable, "-m", "alidade.web", *arguments], env=environment(service), capture_output=True, check=False
    )
    try:
        answer = msgspec.json.decode(done.stdout, type=dict[str, Any])
    except msgspec.DecodeError:
        kind = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [""]
        raise AlidadeError(f"The pages could not be prepared ({kind[0].split(':')[0]}).") from None
    if "error" in answer:
        error = AlidadeError(answer["error"], remedy=answer["remedy"], code=answer["code"])
        error.exit_code = answer["exit"]
        raise error
    return answer


@contextmanager
def serving(service: Service) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """The running processes of a node, ended one after the other when it is over. Returns when the pages answer."""
    if _answers(service):
        raise Conflict(
            f"Something else listens at port {service.port} already.", remedy="Stop it, or give --port.", code="port"
        )
    tls = [] if service.certificate is None else ["--certificate", service.certificate, "--key", service.key]
    where = ["--address", service.address, "--port", str(service.port), "--workers", str(service.workers)]
    processes = [_start(service, "serve", *where, *map(str, tls))]
    try:
        _await(service, processes[0])
        processes.append(_start(service, "work"))
        yield processes
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(_STOPS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start(service: Service, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # ourselves, and no shell
        [sys.executable, "-m", "alidade.web", *arguments],
        env={**environment(service), "ALIDADE_PARENT": str(os.getpid())},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches this process alone, which ends the others in order
    )


def _await(service: Service, pages: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _STARTS
    while not _answers(service):
        if pages.poll() is not None or time.monotonic() > end:
            raise AlidadeError("The pages did not start.", remedy="Look at the lines above, if there are any.")
        time.sleep(0.05)


def _answers(service: Service) -> bool:
    address = "127.0.0.1" if service.address in ("0.0.0.0", "localhost") else service.address  # noqa: S104
    try:
        with socket.create_connection((address, service.port), timeout=1):
            return True
    except OSError:
        return False


def wait(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until told to stop, or until a process ends by itself: then its exit code, 1 at least."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not stop.wait(0.3):
            for process in processes:
                if process.poll() is not None:
                    return process.returncode if 0 < process.returncode < 8 else 1
        return 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
