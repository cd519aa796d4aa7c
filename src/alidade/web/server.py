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
from typing import TYPE_CHECKING, Any, Final

from alidade.model.errors import AlidadeError

if TYPE_CHECKING:
    from alidade.services.threads.notifying import MailFolder

PARENT: Final = "ALIDADE_PARENT"  # number of the process that starts these; it may be gone before they look
LISTEN: Final = "ALIDADE_EXCHANGE_LISTEN"  # address:port at which other nodes reach this one
MAIL_FOLDER: Final = "ALIDADE_MAIL_FOLDER"  # from which the organisation's own mail takes notices
MAIL_FROM: Final = "ALIDADE_MAIL_FROM"
_HOUR: Final = 3600.0
_MINUTE: Final = 60.0
_ENDS: Final = 15.0  # seconds that the exchange has to end in order
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
    _every(_MINUTE, stop, _tick)
    exchange = threading.Thread(target=_exchange, args=(home, stop), daemon=True)
    exchange.start()
    jobs.work(serving.node(), stop)
    serving.stop()
    exchange.join(_ENDS)


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
    from alidade.services.picture.standing_questions import run_due_questions
    from alidade.services.programme.reminding import remind_due
    from alidade.services.threads.attachments import tidy_attachments

    try:
        standing.run_due(serving.node())
        run_due_questions(serving.node())
        tidy_attachments(serving.node())
        remind_due(serving.node(), _mail())
    finally:
        serving.stop()


def _tick() -> None:
    """What the clocks of threads bring about, and word of it outside where a folder for mail is named."""
    from alidade.services import serving
    from alidade.services.threads.ticking import tick

    try:
        tick(serving.node(), _mail())
    finally:
        serving.stop()


def _mail() -> MailFolder | None:
    """The folder for mail that is named; None where none is."""
    from alidade.model.ids import new_id
    from alidade.services import serving
    from alidade.services.threads.notifying import MailFolder

    folder, node = os.environ.get(MAIL_FOLDER), serving.node()
    sender = os.environ.get(MAIL_FROM) or "alidade@localhost"
    return MailFolder(Path(folder), sender, lambda: new_id(node.store.randomness)) if folder else None


def _exchange(home: Path, stop: threading.Event) -> None:
    """The exchange with other nodes, in a thread and with nodes of its own."""
    from alidade.services.exchange.worker import exchange_beside, listening_at
    from alidade.web import log

    def failed(error: BaseException) -> None:
        log.write({"event": "exchange ended", "error": type(error).__qualname__})

    exchange_beside(home, listening_at(os.environ.get(LISTEN, "")), stop, failed=failed)


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
