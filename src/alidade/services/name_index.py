"""The index of names, for whoever keeps the node: how it stands, making it anew, keeping its file fresh."""

from __future__ import annotations

from dataclasses import dataclass

from alidade.services.keeping import log_keeping
from alidade.services.node import Node

__all__ = ["IndexStanding", "build_index", "index_standing", "refresh_index", "warm_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStanding:
    """How the index stands. `kept` names are in the file, 0 where there is none; `sound` whether its bytes are right.

    names    that can be found now, by whoever may see them
    size     of the file, in bytes
    version  of the index and of the tables that it rests on
    """

    names: int
    kept: int
    size: int
    sound: bool
    version: str
    place: str


def index_standing(node: Node) -> IndexStanding:
    """Look at the index: what is found, what is kept, whether every byte of the file is as it was written."""
    names = node.store.names
    with node.store.transaction() as tx:
        found = names.count(tx)
    head = names.head()
    return IndexStanding(
        names=found,
        kept=0 if head is None else head.names,
        size=0 if head is None else sum(size for size, _ in head.files.values()),
        sound=head is None or names.is_sound(),
        version=names.version,
        place=str(names.folder),
    )


def build_index(node: Node) -> IndexStanding:
    """Make the index anew from the names in force and keep it in its file, however small it is."""
    written = node.store.names.write()
    with node.store.transaction() as tx:
        log_keeping(tx, "index", {"names": str(written)})
    return index_standing(node)


def warm_up() -> None:
    """Let this machine make ready what a search for a name needs: the first one after an installation takes longest.

    What was made ready is kept beside the program or in the cache of the account.
    """
    from alidade.matching import NameIndex

    NameIndex.build(["Alidade"], ["other"], [1]).search("Alidade", allowed=frozenset({1}))


def refresh_index(node: Node) -> bool:
    """Write the file anew where it is worth it: for the worker, and after an import. Whether it was written."""
    return node.store.names.refresh()
