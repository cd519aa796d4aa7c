"""Server: the processes that serve a node: the pages with the API, and the worker that does long and hourly work.

They are started by `alidade serve` as `python -m alidade.web`, each with the settings of alidade.web.settings, and
stop when told to or when whoever started them is gone.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alidade.model.errors import AlidadeError

PARENT: Final = "ALIDADE_PARENT"  # number of the process that starts these; it may be gone before they look
_HOUR: Final = 3600.0
_FRESHEN: Final = 300.0
_BEAT: Final = 20.0  # seconds between two signs of life


def set_up() -> None:
    """Make the framework ready with the settings of the pages; before anything of the store is loaded."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alidade.web.settings")
    import django

    django.setup()


def prepare(home: Path) -> dict[str, Any]:
    """Make the tables of accounts, see that the node opens, and make the set-up code where it has not begun.

    Raises what the node raises where it cannot be trusted or must be upgraded first.
    """
    from alidade.services import serving
    from alidade.services.health import has_node
    from alidade.web import setup_code
    from alidade.web.accounts import make_tables

    make_tables()
    begun = has_node(home) and serving.has_begun()
    if begun:
        setup_code.void(home)
        return {"begun": True}
    return {"begun": False, "code": setup_code.make(home)}


def serve_pages(address: str, port: int, workers: int, certificate: Path | None, key: Path | None) -> None:
    """Serve until told to stop. One thread in each process: a second one makes the slowest answers a second late."""
    from granian.constants import Interfaces
    from granian.server import Server

    pages = Server(
        target="alidade.web.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        websockets=False,
        log_enabled=False,  # its lines hold addresses; ours are written by alidade.web.log
        ssl_cert=certificate,
        ssl_key=key,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    )
    _end_with_parent(pages.signal_handler_interrupt)
    pages.serve()


def work(home: Path) -> None:
    """Do long work as it is ordered, and every hour what falls due, until told to stop."""
    from alidade.services import jobs, serving
    from alidade.services.health import beat
    from alidade.services.name_index import warm_up

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _end_with_parent(stop.set)
    _every(_BEAT, stop, lambda: beat(home))
    while not stop.is_set() and not _has_begun(home):
        stop.wait(1.0)
    if stop.is_set():
        return
    warm_up()  # while the first officer signs in; the processes of the pages find it ready
    _every(_FRESHEN, stop, _freshen)
    _every(_HOUR, stop, _hourly)
    jobs.work(serving.node(), stop)
    serving.stop()


def _has_begun(home: Path) -> bool:
    from alidade.services import serving
    from alidade.services.health import has_node

    try:
        return has_node(home) and serving.has_begun()
    except AlidadeError:
        return False


def _hourly() -> None:
    """What falls due; in a thread, and so with a node, of its own."""
    from alidade.services import serving, standing

    try:
        standing.run_due(serving.node())
    finally:
        serving.stop()


def _freshen() -> None:
    """After a large import, the file of the index of names is written anew, so that no check has to wait for that."""
    from alidade.services import serving
    from alidade.services.name_index import refresh_index

    try:
        refresh_index(serving.node())
    finally:
        serving.stop()


def _every(seconds: float, stop: threading.Event, act: Callable[[], object]) -> None:
    """Do something at once and then at intervals, in a thread of its own; an error is noted and it is tried again."""
    from alidade.web import log

    def run() -> None:
        while not stop.is_set():
            try:
                act()
            except Exception as error:  # the thread must go on, and the text of an error could hold a value
                log.write({"event": "recurring work failed", "error": type(error).__qualname__})
            stop.wait(seconds)

    threading.Thread(target=run, daemon=True).start()


def _end_with_parent(end: Callable[[], object]) -> None:
    """End this process when the one that started it is gone, however it went."""
    parent = int(os.environ.get(PARENT) or os.getppid())
    pause = threading.Event()

    def watch() -> None:
        while os.getppid() == parent:
            pause.wait(1.0)
        end()

    threading.Thread(target=watch, daemon=True).start()
