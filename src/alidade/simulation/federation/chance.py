"""Chance by name: each use has its own stream, so that adding one does not shift all the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of numbers drawn from SHA-256 over names and a counter: the same everywhere. Not for secrets."""

    __slots__ = ("_count", "_seed")

    def __init__(self, *names: object) -> None:
        self._seed = "/".join(map(str, names)).encode()
        self._count = 0

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes that come again in the next run."""
        self._count += 1
        stream = hashlib.sha256(self._seed + b"#%d" % self._count).digest()
        while len(stream) < count:
            stream += hashlib.sha256(stream).digest()
        return stream[:count]

    def below(self, limit: int) -> int:
        """A whole number from 0 up to but not including `limit`."""
        return int.from_bytes(self.token_bytes(8), "big") % limit

    def between(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included."""
        return least + self.below(most - least + 1)

    def percent(self, chance: int) -> bool:
        """True in so many of a hundred cases."""
        return self.below(100) < chance

    def one_of(self, values: Sequence[T]) -> T:
        """One of the values, each as likely."""
        return values[self.below(len(values))]

    def some_of(self, values: Sequence[T], count: int) -> list[T]:
        """`count` different ones of the values, in the order in which they were drawn."""
        left, drawn = list(values), list[T]()
        for _ in range(min(count, len(left))):
            drawn.append(left.pop(self.below(len(left))))
        return drawn
