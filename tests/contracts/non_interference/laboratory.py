"""Laboratory: one node, filled with a world, looked at, and put back as it was, many times a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cast import Fill, bring_people, keep_at_hand
from django.db import connections, transaction
from filling import VOCABULARY, fill
from observer import OWN, Meter, Read, Renamer, Seen, given_ids, observe, owner_reads_of, reads_of
from palette import Palette, make_palette
from worlds import Family, Part, make_family

from alidade.model.handling import decode_handling
from alidade.services import check as checking
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.store.database import Transaction
from alidade.store.engines.engine import ReadGuard
from alidade.store.trail import LEDGER
from databases import ACTIVE

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)
SIDES = 5  # databases in each family that is tested
PAIRS = 10  # of them
ALL_KINDS = frozenset({"text", "work", "ids"})
_VIEWER_CLASSES = 24  # more than one world ever needs
Run = tuple[list[Seen], Renamer]


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


class Dice:
    """Chance that can be foreseen, and set anew for each database."""

    def __init__(self) -> None:
        self._random = Random(0)

    def seed(self, text: str) -> None:
        self._random.seed(text)

    def token_bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first thing in which two databases can be told apart."""

    read: str
    kind: str
    left: str
    right: str


class Laboratory:
    """The node, its viewers and handlings, and the meter."""

    def __init__(self, folder: Path, monkeypatch: Any, *, plain: bool = False) -> None:
        """`plain` leaves every part of the library as it is; otherwise what hangs on no content is kept at hand."""
        self.dice = Dice()
        self.dice.seed(str(folder))  # the connection is named by chance, and two of one name are one
        self._worlds = 0
        self.fill: Fill = fill
        self.node = Node.open(folder, clock=FixedClock(), randomness=self.dice, vocabulary=VOCABULARY)
        self.alias = self.node.store.alias
        # The files lie in a temporary folder and are thrown away: nothing is gained by waiting for the disk.
        self.node.store.keys._connection.execute("pragma synchronous=off")
        if connections[self.alias].vendor == "sqlite":
            with connections[self.alias].cursor() as cursor:
                cursor.execute("pragma synchronous=off")
        profiles, self.askers = bring_people(self.node)
        self.palette: Palette = make_palette(self.node, profiles)
        self.use_guard(self.node.store.guard)
        self.extra: Callable[[Family], Sequence[Read]] = lambda family: ()
        if not plain:
            self.fill = keep_at_hand(self.node, monkeypatch)
        self.meter = Meter(monkeypatch)

    def use_guard(self, guard: ReadGuard) -> None:
        """Read through this guard; its views are made before any world, because a roll-back takes them along."""
        self.node.store.guard = guard
        for number in range(1, _VIEWER_CLASSES + 1):
            guard.views(number)

    def close(self) -> None:
        self.node.close()

    def family(self, seed: int, sides: int) -> Family:
        """The family of a seed."""
        return make_family(seed, self.palette, sides)

    def run(self, family: Family, side: Part, name: str) -> Run:
        """All that the viewer can obtain from the database with this hidden part."""
        renamer = Renamer(given_ids(family.visible))
        with self.world(family, side, name):
            reads = [*reads_of(family), *self.extra(family)]
            if self._owner_knows_the_same(family):
                reads += owner_reads_of(family)
            seen = observe(self.node, family.profile.actor, reads, self.meter, renamer)
        return seen, renamer

    def _owner_knows_the_same(self, family: Family) -> bool:
        """Whether nothing in which the sides differ is the viewer's own authority's to manage, within his clearance."""
        ranks = VOCABULARY.classifications
        own = ranks[family.profile.actor.viewer.clearance].rank
        return not any(
            line.owner == OWN
            and ranks[decode_handling(self.palette.rows[line.handling].content).classification].rank <= own
            for side in family.sides
            for line in side.lines
        )

    @contextmanager
    def world(self, family: Family, side: Part, name: str) -> Iterator[None]:
        """The database with this hidden part, for the time of the block."""
        with transaction.atomic(using=self.alias):
            self._worlds += 1  # keys lie in a file of their own, which is not put back: none may come twice
            self.node.store.keys.forget_head(LEDGER)  # of the world before, which was undone
            self.node.store.names.forget()  # so were the names of that world, and their numbers come again
            self.dice.seed(f"{family.seed} {name} {self._worlds}")
            self.fill(Transaction(self.node.store), self.palette, family, side)
            for asked in sorted((*family.visible.asked, *side.asked), key=lambda asked: asked.at):
                checking.check(self.node, self.askers[0], Question(text=asked.text))
            yield
            transaction.set_rollback(True, using=self.alias)

    def pairs(self, family: Family, kinds: frozenset[str] = ALL_KINDS) -> Iterator[tuple[Family, Difference | None]]:
        """Every pair of the family's databases, with the first difference of these kinds between them."""

        @cache
        def run(number: int) -> Run:
            return self.run(family, family.sides[number], str(number))

        for right in range(len(family.sides)):
            for left in range(right):
                pair = replace(family, sides=(family.sides[left], family.sides[right]))
                yield pair, compare(pair, run(left), run(right), kinds)

    def difference(self, pair: Family) -> Difference | None:
        """The first difference of a pair."""
        return next(found for _, found in self.pairs(pair))

    def shrink(self, pair: Family) -> Family:
        """The smallest pair near this one that can still be told apart."""
        smaller = True
        while smaller:
            smaller = False
            for less in _smaller(pair):
                if self.difference(less) is not None:
                    pair, smaller = less, True
                    break
        return pair


def compare(pair: Family, left: Run, right: Run, kinds: frozenset[str] = ALL_KINDS) -> Difference | None:
    """The first read whose text or work differs, or an id that was not left to chance."""
    for one, other in zip(left[0], right[0], strict=True):
        if one.text != other.text and "text" in kinds:
            return Difference(read=one.read, kind="text", left=one.text, right=other.text)
        if one.work != other.work and "work" in kinds and not _loaded(pair, one.read):
            return Difference(read=one.read, kind="work", left=str(one.work), right=str(other.work))
    if "ids" not in kinds:
        return None
    shared = left[1].made & right[1].made
    if shared:
        return Difference(read="all", kind="ids not left to chance", left=str(sorted(shared)), right="the same")
    hidden = frozenset().union(*(given_ids(side) for side in pair.sides)) - given_ids(pair.visible)
    for run in (left, right):
        if run[1].made & hidden:
            return Difference(read="all", kind="hidden id shown", left=str(run[1].made & hidden), right="")
    return None


def _loaded(pair: Family, read: str) -> bool:
    """A channel of load that is left open, and known: a notice is made when its owner looks, from every question asked.

    The text is compared all the same.
    """
    one, other = pair.sides
    return read.startswith(("notices", "feedback", "my day")) and one.asked != other.asked


def _smaller(pair: Family) -> Iterator[Family]:
    one, other = pair.sides
    for less in one.without():
        yield replace(pair, sides=(less, other))
    for less in other.without():
        yield replace(pair, sides=(one, less))
    for visible in pair.visible.without():
        records = {line.record for line in visible.lines}
        kept = all(r.left in records and r.right in records for r in (*visible.rulings, *one.rulings, *other.rulings))
        beside = {line.record for line in pair.visible.lines} - records
        if visible.lines and kept and not any(line.record in beside for line in (*one.lines, *other.lines)):
            yield replace(pair, visible=visible)


def fewer(families: int) -> int:
    """How many of so many families are tested: on a server, which is slower at this, one in eight."""
    return max(families // 8, 1) if ACTIVE else families


def agree(laboratory: Laboratory, seeds: range) -> int:
    """How many pairs of these families agree; fails with the smallest pair that does not."""
    count = 0
    for seed in seeds:
        for pair, difference in laboratory.pairs(laboratory.family(seed, SIDES)):
            if difference is not None:
                pytest.fail(report(laboratory, pair, difference))
            count += 1
    return count


def report(laboratory: Laboratory, pair: Family, found: Difference) -> str:
    if laboratory.difference(pair) is None:
        return f"seed {pair.seed}: {found}; it hangs on chance and does not come again"
    small = laboratory.shrink(pair)
    difference = laboratory.difference(small)
    assert difference is not None
    return "\n".join(
        (
            f"seed {pair.seed}, viewer {pair.profile.name}: {difference.read}: the {difference.kind} differs",
            f"  in the one:   {difference.left}",
            f"  in the other: {difference.right}",
            f"  visible: {small.visible}",
            f"  hidden in the one:   {small.sides[0]}",
            f"  hidden in the other: {small.sides[1]}",
        )
    )
