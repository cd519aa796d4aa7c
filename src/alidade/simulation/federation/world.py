"""The simulated world: virtual time, an agenda, and everything in it; the same seed gives the same run."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from alidade.exchange.delivery import Exchange
from alidade.exchange.envelope import open_slip, parse
from alidade.exchange.memory import MemoryKeyring, MemoryStore
from alidade.exchange.reasons import Refused
from alidade.procedures import Course, Definition, Step, course_of, moment_text
from alidade.simulation.federation.acting import perform
from alidade.simulation.federation.chance import Chance
from alidade.simulation.federation.closing import close, settled
from alidade.simulation.federation.disk import Image
from alidade.simulation.federation.introducing import introduce
from alidade.simulation.federation.network import Network
from alidade.simulation.federation.node import Crashed, Node
from alidade.simulation.federation.party import Crypto, Party
from alidade.simulation.federation.plan import DAY, HOUR, START, Plan
from alidade.simulation.federation.truth import Broken, Truth

#: How long after the healing everything must be settled.
PATIENCE: Final = 3 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the world is made of; a test puts something broken in the place of one part."""

    exchange: Callable[..., Exchange] = Exchange
    store: type[MemoryStore] = MemoryStore
    keys: type[MemoryKeyring] = MemoryKeyring
    node: type[Node] = Node
    fold: Callable[[Definition, Iterable[Step]], Course] = course_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run. `broken`: the promise that was not kept, empty when all were. `digest`: of the trace."""

    seed: int
    broken: str
    digest: str
    events: int
    lines: tuple[str, ...]
    lasted: timedelta


class WorldClock:
    """The clock of one node, which may be wrong."""

    __slots__ = ("_name", "_world")

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    def now(self) -> datetime:
        """What this node believes the time to be."""
        return self._world.now_at(self._name)


class World:
    """Runs a plan: takes one event after the other from the agenda until all is settled, or a promise is broken."""

    def __init__(self, plan: Plan, parts: Parts | None = None, *, keep_trace: bool = False) -> None:
        self.plan = plan
        self.parts = Parts() if parts is None else parts
        self.crypto = Crypto(plan.real)
        self.now = 0
        self.chance = Chance("tokens", plan.seed)
        self.fate = Chance("network", plan.seed)
        self.skews = dict(plan.skews)
        self.truth = Truth(self)
        self.network = Network(self)
        self.nodes = {name: self.parts.node(name, self) for name in plan.nodes}
        self.clocks = {name: WorldClock(self, name) for name in plan.nodes}
        self.parties: dict[str, Party] = {}
        self.backups: dict[str, tuple[dict[str, Image], int]] = {}
        self.closed = False
        self.events = 0
        self._agenda: list[tuple[int, int, str, str, Any]] = []
        self._serial = 0
        self._digest = hashlib.sha256()
        self.lines: list[str] | None = [] if keep_trace else None
        self._settle_in()

    def _settle_in(self) -> None:
        images = introduced(tuple(sorted(self.plan.hosts.items())), self.crypto)
        for name, node in sorted(self.plan.hosts.items()):
            party = Party(name, node, self.crypto, self.parts.store(), self.parts.keys)
            party.disk.store.restore(images[name])
            self.parties[name] = self.nodes[node].parties[name] = party
        for act in self.plan.acts:
            self.later(act.at, "act", act.who, act)
        for name in self.nodes:
            self.later(self.fate.below(3 * HOUR), "tick", name)
        self.later(self.plan.heals_at, "heal", "all")

    # time ----------------------------------------------------------------------------------------------------
    def now_at(self, node: str) -> datetime:
        """What a node believes the time to be."""
        return START + timedelta(microseconds=self.now + self.skews[node])

    def step_time(self, party: Party) -> str:
        """That time as a step states it."""
        return moment_text(self.now_at(party.node))

    def later(self, delay: int, what: str, who: str, about: Any = None) -> None:
        """Put something on the agenda."""
        self._serial += 1
        heapq.heappush(self._agenda, (self.now + delay, self._serial, what, who, about))

    def say(self, *words: object) -> None:
        """One line of the trace."""
        line = f"{self.now / HOUR:10.4f} " + " ".join(map(str, words))
        self._digest.update(line.encode() + b"\n")
        if self.lines is not None:
            self.lines.append(line)

    # running -------------------------------------------------------------------------------------------------
    def run(self) -> Outcome:
        """Everything, to the end."""
        broken = ""
        try:
            self._work()
            self.truth.at_the_end()
        except Broken as found:
            broken = str(found)
            self.say("BROKEN", broken)
        except Exception as error:  # what should never be raised is a finding too, and the next seed shall run
            broken = f"raised {type(error).__name__}: {error}"
            self.say("RAISED", broken)
        return Outcome(
            seed=self.plan.seed,
            broken=broken,
            digest=self._digest.hexdigest(),
            events=self.events,
            lines=tuple(self.lines or ()),
            lasted=timedelta(microseconds=self.now),
        )

    def _work(self) -> None:
        end = self.plan.heals_at + PATIENCE
        while self._agenda and self._agenda[0][0] <= end:
            self.now, _, what, who, about = heapq.heappop(self._agenda)
            self.events += 1
            self._take(what, who, about)
            if self.network.healed and what == "tick" and settled(self):
                return
        self.now = max(self.now, end)

    def _take(self, what: str, who: str, about: Any) -> None:
        match what:
            case "arrive":
                self._on(self.plan.hosts[who], lambda node: node.receive(who, about))
            case "pump":
                self._on(who, lambda node: node.pump())
            case "tick":
                self._on(who, lambda node: node.tend())
                self.later(self.fate.between(HOUR, 3 * HOUR if self.network.healed else 7 * HOUR), "tick", who)
            case "act":
                perform(self, about)
            case "carry":
                self.network.carry(who)
            case "join":
                self.network.join(about)
            case "rise":
                self._rise(self.nodes[who])
            case _:
                self._heal(what)

    def _on(self, name: str, work: Callable[[Node], None]) -> None:
        node = self.nodes[name]
        if node.up:
            self.guard(node, lambda: work(node))

    def _rise(self, node: Node) -> None:
        node.up = True
        self.say("up", node.name)
        node.stir()

    def _heal(self, what: str) -> None:
        if what == "heal":
            self.network.heal()
            for node in self.nodes.values():
                node.armed = None
                if not node.up:
                    self._rise(node)
            self.say("healed")
        close(self)
        if self.now < self.plan.heals_at + PATIENCE - DAY:
            self.later(8 * HOUR, "close", "all")

    def opens(self, party: Party, raw: bytes) -> bool:
        """Whether whoever has this authority's keys can open an envelope now."""
        try:
            open_slip(parse(raw, self.crypto.suites), party.keys)
        except Refused:
            return False
        return True

    def guard(self, node: Node, work: Callable[[], None]) -> None:
        """Do something on a node; where its process ends meanwhile, it falls."""
        try:
            work()
        except Crashed:
            node.fall()


@lru_cache(maxsize=64)
def introduced(hosts: tuple[tuple[str, str], ...], crypto: Crypto) -> dict[str, Any]:
    """The rows of every authority after all were introduced to each other, two days before the start."""
    return introduce(hosts, crypto)
