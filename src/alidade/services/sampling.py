"""Sampling: which checks are drawn for a second look. Chance decides, and anybody can repeat what it decided."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Sequence


def choose(seed: bytes, population: Sequence[tuple[str, str]], size: int) -> list[str]:
    """Draw `size` references from (reference, officer), by officer, so that everybody can be drawn.

    First one check of each officer, then the rest of the sample from all that remain; in both, the order is that of
    SHA-256(seed || text), so that seed and population give the same draw whoever repeats it. With fewer places than
    officers, chance decides between them.
    """

    def rank(text: str) -> bytes:
        return hashlib.sha256(seed + text.encode()).digest()

    strata: dict[str, list[str]] = defaultdict(list)
    for reference, officer in population:
        strata[officer].append(reference)
    for references in strata.values():
        references.sort(key=rank)
    firsts = [strata[officer][0] for officer in sorted(strata, key=lambda officer: rank(f"officer/{officer}"))]
    rest = sorted((one for references in strata.values() for one in references[1:]), key=rank)
    return [*firsts, *rest][: max(size, 0)]


def size_of_share(share: float, population: Sequence[tuple[str, str]]) -> int:
    """How many checks a share (0..1) comes to: rounded up, and no fewer than there are officers."""
    return max(math.ceil(share * len(population)), len({officer for _, officer in population}))


def digest_of(population: Sequence[tuple[str, str]]) -> str:
    """SHA-256 over the sorted references and officers, 64 hex digits: what the draw was made from."""
    lines = sorted(f"{reference} {officer}\n" for reference, officer in population)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
