"""Serving: the node of this process, which the faces that answer over the network share.

A node belongs to the thread that opened it (its connections do), so each thread of a server has one of its own over
the same files.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from alidade.model.errors import NotFound
from alidade.services.node import Node, database_setting, has_node
from alidade.store.directory import store_is_empty

HOME = "ALIDADE_HOME"
_DEFAULT_HOME = "~/.alidade"


class _Place(threading.local):
    """What one thread serves, and whether it opened that itself."""

    node: Node | None = None
    given: bool = False
    begun: bool = False


_place = _Place()  # per thread, set once: a server has no other place to keep an open file between two requests


def home() -> Path:
    """The folder of the node: ALIDADE_HOME, or ~/.alidade. Its data lies there too, unless ALIDADE_DATABASE names
    a server.
    """
    return Path(os.environ.get(HOME) or _DEFAULT_HOME).expanduser()


def node() -> Node:
    """The node that this thread serves, opened at the first request and kept open.

    Raises NotFound where the folder holds none yet, Damaged where it cannot be trusted. Where ALIDADE_HOME names
    another folder than before, that one is opened; a node set with `serve` stays.
    """
    if _place.given and _place.node is not None:
        return _place.node
    folder = home()
    if _place.node is not None:
        if _place.node.store.folder == folder:
            return _place.node
        _place.node.close()
        _place.node = None
    database = database_setting()
    if not has_node(folder, database):
        raise NotFound("There is no node in the folder that ALIDADE_HOME names.", remedy="Begin with: alidade init.")
    _place.node = Node.open(folder, database=database)
    return _place.node


def begin() -> Node:
    """The node that this thread serves, made where the folder holds none yet."""
    if _place.node is None:
        _place.node = Node.open(home(), database=database_setting())
    return node()


def has_begun() -> bool:
    """Whether the node has its first authority; asked of the store only until it has."""
    here = node()
    if not _place.begun:
        _place.begun = not store_is_empty(here.store)
    return _place.begun


def serve(node: Node | None) -> None:
    """Let this thread serve a node that is open already (for tests and demonstrations); None: no longer.

    Whoever opened the node closes it.
    """
    if not _place.given and _place.node is not None:
        _place.node.close()
    _place.node = node
    _place.begun = False
    _place.given = node is not None


def stop() -> None:
    """Close the node that this thread opened, at the end of a server."""
    serve(None)
