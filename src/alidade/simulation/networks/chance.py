"""Chance: numbers that fall the same way for the same seed on every machine, fast enough for many records.

The stream is SplitMix64 (Steele, Lea, Flood 2014). Not for secrets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")

_MASK: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15


class Chance:
    """A stream of numbers; streams of different keys have nothing to do with one another."""

    __slots__ = ("_state",)

    def __init__(self, *key: str | int) -> None:
        """`key` is the seed and what the stream is for."""
        text = "/".join(map(str, key)).encode()
        self._state = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")

    def _next(self) -> int:
        self._state = state = (self._state + _STEP) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        return state ^ (state >> 31)

    def below(self, limit: int) -> int:
        """A whole number from 0 up to but not including `limit`, which is at least 1."""
        return (self._next() * limit) >> 64

    def between(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`, both included."""
        return least + self.below(most - least + 1)

    def part(self) -> float:
        """A number from 0 up to but not including 1."""
        return self._next() / 2**64

    def happens(self, share: float) -> bool:
        """Whether something happens that happens in this share of all cases."""
        return self.part() < share

    def one_of(self, values: Sequence[T]) -> T:
        """One of the values, each as likely."""
        return values[self.below(len(values))]

    def head_of(self, values: Sequence[T]) -> T:
        """One of the values, the first ones far more often, as with names that many people bear."""
        return values[int(len(values) * self.part() ** 2)]

    def some_of(self, values: Sequence[T], count: int) -> list[T]:
        """`count` different values, or all where there are fewer, in the order in which they were drawn."""
        pool = list(values)
        drawn: list[T] = []
        while pool and len(drawn) < count:
            place = self.below(len(pool))
            drawn.append(pool[place])
            pool[place] = pool[-1]
            pool.pop()
        return drawn
