"""The application as the browser meets it: a folder made by rehearsed.py, with the clock of the rehearsal.

python served.py FOLDER PORT serves it until this process is told to stop. One thread answers: a node belongs to the
thread that opened it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rehearsed import DAY, set_up

_place = threading.local()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """One request; the node is opened at the first."""
    if not hasattr(_place, "answer"):
        _place.answer = _open()
    answer: Iterable[bytes] = _place.answer(environ, start)
    return answer


def _open() -> Callable[..., Iterable[bytes]]:
    folder = Path(os.environ["ALIDADE_HOME"])
    set_up(folder)
    from alidade.services import serving
    from alidade.services.node import Node
    from alidade.services.rehearsal import RehearsalClock
    from alidade.web.wsgi import application as pages

    if (folder / "alidade.db").exists():
        serving.serve(Node.open(folder, clock=RehearsalClock(DAY)))
    return pages


if __name__ == "__main__":
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ["ALIDADE_HOME"] = sys.argv[1]
    # The worker is a process of its own and must find this module.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    Server(
        target="served:application",
        address="127.0.0.1",
        port=int(sys.argv[2]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=1,
        websockets=False,
        log_enabled=False,
    ).serve()
