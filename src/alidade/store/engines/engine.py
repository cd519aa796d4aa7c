"""Engine: what a store asks of the database beneath it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from alidade.model.ports import Randomness
from alidade.store.guard import ViewNames

SQLITE: Final = "django.db.backends.sqlite3"

# What the framework wants to find in the settings of a database that is registered while it runs.
PLAIN_SETTINGS: Final[dict[str, Any]] = {
    "ATOMIC_REQUESTS": False,
    "AUTOCOMMIT": True,
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": False,
    "TIME_ZONE": None,
    "USER": "",
    "PASSWORD": "",
    "HOST": "",
    "PORT": "",
    "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
}


class ReadGuard(Protocol):
    """Answers, while a viewer reads, from that viewer's rows and from no others."""

    @property
    def ordered_join(self) -> str:
        """The word for a join whose order is kept, where the engine has one."""
        ...

    @property
    def at_once(self) -> bool:
        """Whether one large query is better than many small ones: each has to travel."""
        ...

    def views(self, viewer_class: int) -> ViewNames:
        """What stands after `from` to read the rows of a viewer class."""
        ...

    def committed(self) -> None:
        """The transaction has ended and is there to stay."""
        ...

    def rolled_back(self) -> None:
        """The transaction has ended and was undone."""
        ...

    def as_party(self, authority: str) -> AbstractContextManager[None]:
        """Inside the block the tables of threads hold the rows of one party and no others."""
        ...

    def watching(self, *allowed: ViewNames) -> AbstractContextManager[None]:
        """Inside the block nothing else is answered."""
        ...


class Engine(Protocol):
    """One database under one alias of the framework."""

    @property
    def vendor(self) -> str:
        """`sqlite` or `postgresql`."""
        ...

    @property
    def place(self) -> str:
        """Where the data lies, for people: never with a secret."""
        ...

    def settle(self) -> None:
        """Read back what durability rests on. Raises Damaged where it does not hold or the server is not reached."""
        ...

    def secure(self) -> None:
        """Bring roles, rights and collations of the tables up to date, after a migration and within it."""
        ...

    def check_rights(self) -> None:
        """Read back what the separation of readers rests on. Raises Damaged where it does not hold."""
        ...

    def revive(self) -> None:
        """Before a transaction: make a connection that has died while nobody used it anew."""
        ...

    def begin(self) -> None:
        """Within a transaction that has just begun: wait until no other one writes, and take on the writing role."""
        ...

    def begin_snapshot(self) -> None:
        """The same for one long read of a single state; where the engine can, without keeping writers waiting."""
        ...

    def lock_tables(self) -> None:
        """Within a transaction: wait until nobody else brings the tables up to date."""
        ...

    def loading(self) -> AbstractContextManager[bool]:
        """Within a transaction on an empty database: whether rows may be poured in, past the policies."""
        ...

    def guard(self, randomness: Randomness) -> ReadGuard:
        """The guard of the read path."""
        ...

    def disk_failed(self, error: BaseException) -> bool:
        """Whether an error says that the disk, or a file on it, is no longer to be trusted."""
        ...

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that the connection is gone, so that nobody knows how the last act ended."""
        ...

    def purge(self) -> None:
        """After an erasure: remove what the engine itself still keeps of rows that are gone."""
        ...
