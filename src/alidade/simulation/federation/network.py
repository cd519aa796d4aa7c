"""The network between simulated nodes: it loses, doubles, delays and reorders, and sometimes is not there at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alidade.exchange.folder import file_name, letters
from alidade.exchange.verdict import Dispatch
from alidade.simulation.federation.plan import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from alidade.simulation.federation.party import Party
    from alidade.simulation.federation.world import World

LOSS: Final = 15
DOUBLED: Final = 10


class Network:
    """Carries envelopes. Says to the sender only what a transport can know: whether it was taken from him."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._apart: list[frozenset[str]] = []  # one node: cut off from all; two: from each other
        self._folders: dict[tuple[str, str], dict[str, Dispatch]] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self.healed = False

    def part(self, who: frozenset[str]) -> None:
        """Cut one node off, or two from each other."""
        self._apart.append(who)

    def join(self, who: frozenset[str]) -> None:
        """Undo one cut."""
        if who in self._apart:
            self._apart.remove(who)

    def heal(self) -> None:
        """From now on nothing is lost."""
        self._apart.clear()
        self.healed = True

    def joined(self, one: str, other: str) -> bool:
        """Whether two nodes can reach each other now."""
        pair = frozenset((one, other))
        return not any(cut <= pair for cut in self._apart)

    def send(self, party: Party, dispatch: Dispatch) -> bool:
        """Take one envelope; False when nobody took it, as far as the sender can tell."""
        here, there = party.node, self._world.parties[dispatch.recipient].node
        mode = self._world.plan.modes[frozenset((here, there))]
        chance = self._world.fate
        if mode == "folder":
            self._put(here, there, dispatch)
            return True
        if not self.joined(here, there) or there in self._world.plan.closed:
            return False
        if mode == "relay":
            if self.healed or not chance.percent(LOSS // 3):
                self._carry(dispatch, self._late())
            return True
        if not self._world.nodes[there].up:
            return False
        lost = not self.healed and chance.percent(LOSS)
        if lost and chance.percent(60):
            return False
        if lost and chance.percent(50):  # something on the way held it back, and gave up telling
            self._carry(dispatch, self._late())
            return False
        self._carry(dispatch, chance.between(10_000, 5 * SECOND))
        return not lost  # the answer was lost: it came, and the sender cannot know

    def pulled(self, party: Party, dispatch: Dispatch) -> bool:
        """Hand one envelope to the peer who asked; False when the answer broke off."""
        if not self.healed and self._world.fate.percent(LOSS):
            return False
        self._carry(dispatch, self._world.fate.between(10_000, 5 * SECOND))
        return True

    def _late(self) -> int:
        chance = self._world.fate
        if self.healed:
            return chance.between(SECOND, 10 * MINUTE)
        most = chance.one_of((MINUTE, MINUTE, MINUTE, HOUR, HOUR, 6 * HOUR, 2 * DAY))
        return chance.between(SECOND, most)

    def _carry(self, dispatch: Dispatch, delay: int) -> None:
        self._world.later(delay, "arrive", dispatch.recipient, dispatch.envelope)
        if not self.healed and self._world.fate.percent(DOUBLED):
            self._world.later(delay + self._late(), "arrive", dispatch.recipient, dispatch.envelope)

    # the folder ----------------------------------------------------------------------------------------------
    def _put(self, here: str, there: str, dispatch: Dispatch) -> None:
        folder = self._folders.setdefault((here, there), {})
        count = self._counts[here, there] = self._counts.get((here, there), 0) + 1
        folder[file_name(dispatch.envelope, count)] = dispatch
        if len(folder) == 1:
            chance = self._world.fate
            delay = HOUR if self.healed else chance.between(HOUR // 2, 6 * HOUR)
            self._world.later(delay, "carry", f"{here}>{there}")

    def carry(self, road: str) -> None:
        """Somebody carries a folder over; the reader takes the letters in order and deletes each after its commit."""
        here, _, there = road.partition(">")
        folder = self._folders.get((here, there), {})
        node = self._world.nodes[there]
        if not folder:
            return
        if node.up and self.joined(here, there):
            for letter in letters(folder):
                if not node.up:
                    break
                found = folder[letter.name]
                self._world.guard(node, lambda found=found: node.receive(found.recipient, found.envelope))  # type: ignore[misc]
                if node.up and (self.healed or not self._world.fate.percent(5)):
                    del folder[letter.name]
        if folder:
            self._world.later(HOUR if self.healed else 3 * HOUR, "carry", road)
