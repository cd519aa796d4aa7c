"""A node that really listens, on a port of this machine, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections
from personas import Dice, Office, words

from alidade.services import serving
from alidade.services.node import Node

Application = Callable[..., Any]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing of requests."""


@contextmanager
def listening(
    office: Office, wrap: Callable[[Application], Application] = lambda application: application
) -> Iterator[str]:
    """The address at which the node of the office answers, from a thread with a node of its own on the same files."""
    server: WSGIServer = make_server("127.0.0.1", 0, wrap(get_wsgi_application()), handler_class=_Quiet)

    def serve() -> None:
        node = Node.open(office.store.folder, clock=office.clock, randomness=Dice("server"), vocabulary=words())
        serving.serve(node)
        try:
            server.serve_forever(poll_interval=0.01)
        finally:
            serving.serve(None)
            node.close()
            connections.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
