"""Mappings compared: what became of the networks of one round in the next, as one viewer sees both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alidade.model.errors import Invalid
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.dossier_reading import KIND, LAYERS, seen_of
from alidade.services.picture.dossier_state import Dossier
from alidade.services.picture.seeing import SeenThing, thing_of
from alidade.store import directory, workpieces
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, SeenPiece, reading

FEWEST = 2  # a network of fewer members cannot be followed from one round to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A network in one round: its dossier, what it was called then, and its members by the id of their things."""

    dossier: str
    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of networks: a kind of network.evolution (continue, split, merge, dissolve, born ...)."""

    kind: str
    before: tuple[Mapped, ...]
    after: tuple[Mapped, ...]
    shared: int
    overlap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingsCompared:
    """Two rounds: every network of either, and which members stayed, left and came. `too_small` were not followed."""

    earlier: str
    later: str
    before: tuple[Mapped, ...]
    after: tuple[Mapped, ...]
    fates: tuple[Fate, ...]
    stayed: tuple[SeenThing, ...]
    left: tuple[SeenThing, ...]
    come: tuple[SeenThing, ...]
    too_small: tuple[Mapped, ...]
    method: str
    parameters: Mapping[str, float]  # the same as numbers: how much of a network must go on in another


def rounds_of(node: Node, actor: Actor) -> tuple[str, ...]:
    """The rounds of the dossiers that this viewer may open."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            found = {name for piece in view.pieces(KIND) for name in seen_of(view, piece).rounds}
        log(tx, actor, "picture_read", results=len(found), details={"view": "rounds"})
    return tuple(sorted(found))


def compare_mappings(node: Node, actor: Actor, earlier: str, later: str) -> MappingsCompared:
    """What became of the networks of one round in another, from the members that this viewer may see.

    Of dossiers of one's own authority the newest version of each round is taken, of others the newest. Raises Invalid
    where both rounds are the same.
    """
    if earlier == later:
        raise Invalid("These are one and the same round.", remedy="Choose two.", code="rounds_same")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            pieces = view.pieces(KIND)
        former = {each.piece: _former(tx, actor, each) for each in pieces}
        things: dict[str, SeenThing] = {}
        with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
            rounds = {
                name: [
                    _mapped(node, view, piece, dossier, things)
                    for piece in pieces
                    if (dossier := _in_round(view, piece, former[piece.piece], name)) is not None
                ]
                for name in (earlier, later)
            }
        objects = sorted({each.dossier for found in rounds.values() for each in found} | set(things))
        log(tx, actor, "picture_read", objects=objects, results=len(things), details={"view": "mappings compared"})
    return _compared(earlier, later, rounds[earlier], rounds[later], things)


def _former(tx: Transaction, actor: Actor, piece: SeenPiece) -> list[bytes]:
    if piece.authority != actor.viewer.authority:
        return [piece.body]
    return [each.body for each in workpieces.versions_of(tx, actor.viewer.authority, piece.piece)]


def _in_round(view: ReaderView, piece: SeenPiece, bodies: Iterable[bytes], name: str) -> Dossier | None:
    """The newest version that was written for a round, without what is not seen."""
    for body in bodies:
        dossier = seen_of(view, piece, body)
        if name in dossier.rounds:
            return dossier
    return None


def _mapped(
    node: Node, view: ReaderView, piece: SeenPiece, dossier: Dossier, things: dict[str, SeenThing]
) -> Mapped:  # fmt: skip
    members = set()
    for member in dossier.belonging:
        thing = thing_of(view, node.vocabulary, member.record)
        if thing is not None:
            things[thing.id] = thing
            members.add(thing.id)
    return Mapped(dossier=piece.piece, name=dossier.name, members=frozenset(members))


def _compared(
    earlier: str, later: str, before: list[Mapped], after: list[Mapped], things: Mapping[str, SeenThing]
) -> MappingsCompared:
    from alidade.network import evolution  # numbers are loaded only where somebody compares

    small = [each for each in (*before, *after) if len(each.members) < FEWEST]
    periods = [[each for each in found if len(each.members) >= FEWEST] for found in (before, after)]
    found = evolution([[each.members for each in period] for period in periods])
    fates = tuple(
        Fate(
            kind=change.kind, before=tuple(periods[cell.period][cell.group] for cell in change.before),
            after=tuple(periods[cell.period][cell.group] for cell in change.after), shared=len(change.shared),
            overlap=change.overlap,
        )
        for change in found.changes
    )  # fmt: skip
    was: frozenset[str] = frozenset().union(*(each.members for each in before))
    now: frozenset[str] = frozenset().union(*(each.members for each in after))
    said = ", ".join(f"{name} {value:g}" for name, value in found.parameters.items())

    def of(ids: frozenset[str]) -> tuple[SeenThing, ...]:
        return tuple(things[each] for each in sorted(ids))

    return MappingsCompared(
        earlier=earlier, later=later, before=tuple(before), after=tuple(after), fates=fates, stayed=of(was & now),
        left=of(was - now), come=of(now - was), too_small=tuple(small), method=f"members in common ({said})",
        parameters=dict(found.parameters),
    )  # fmt: skip
