"""Decisions: how fast the rules are asked one by one, compiled for all handlings, and applied to rows by a join.

Why: every answer of the platform goes through them; if they were slow, somebody would go round them.
Targets: 100,000 decisions a second, one by one; 1,000,000 rows a second through a compiled set. The mix is 70 % read,
20 % hit notice, 10 % passing on, over 240 handlings of forty authorities, one half permitted; two releases are in play.
The rows are counted through the view of a viewer in the store of a million statements (see many_statements).
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle, islice

from alidade.model.handling import handling_id
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Party, Viewer
from alidade.policy import Action, Release, Terms, World, compile_set, may, permitted
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.reading import reading
from alidade.vocabulary import load_vocabulary
from benchmarks import many_statements, staging, statement_store
from benchmarks.figures import Figure, Options, Result, at_least, plain
from benchmarks.timing import Sample, milliseconds, rate, repeat

_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_ACTIONS: tuple[Action, ...] = ("read",) * 7 + ("hit_notify",) * 2 + ("forward",)
_COMPILED = 20_000


def measure(options: Options) -> Result:
    """All three, in this order."""
    return Result(figures=(*_alone(options), *_compiled(options), *_rows(options)))


def _party(code: str) -> Party:
    state, function = code.split("-", 1)
    return Party(id=AuthorityId(code), function=function, state=state.upper(), areas=("EU", "SCHENGEN"))


def _terms(count: int) -> list[Terms]:
    owners = staging.owners()
    found = []
    for number in range(count):
        sight: staging.Sight = "read" if number % 2 else ("hit", "silent")[number // 2 % 2]
        handling = staging.handling(number, owners[number % len(owners)], sight)
        found.append(Terms(id=handling_id(handling), handling=handling, verified=True))
    return found


def _world() -> tuple[World, Viewer]:
    parties = [_party(owner) for owner in (*staging.owners(), staging.VIEWER)]
    viewer = Viewer(
        party=parties[-1], clearance="RESTRICTED", purpose="18.2.a", communities=("all",), cases=("c1", "c2")
    )
    return World.build(parties, load_vocabulary()), viewer


def _alone(options: Options) -> list[Figure]:
    world, viewer = _world()
    terms = _terms(240)
    recipient = world.parties[AuthorityId("fr-customs")]
    releases = [
        Release(
            handling=each.id,
            owner=each.handling.owner,
            grantee=viewer.authority,
            action="read",
            purposes=("18.2.a",),
            until=None,
            verified=True,
        )
        for each in terms[:4:2]
        if each.handling is not None
    ]
    count = 20_000 if options.quick else 100_000
    mix = list(islice(zip(cycle(_ACTIONS), cycle(terms), strict=False), count))

    def ask_may() -> int:
        return sum(may(a, viewer, t, _NOW, world, recipient=recipient, releases=releases).allowed for a, t in mix)

    def ask_permitted() -> int:
        return sum(permitted(a, viewer, t, _NOW, world, recipient=recipient, releases=releases) for a, t in mix)

    allowed = ask_permitted() / count
    permitting = rate(count, repeat(ask_permitted, 5).of(0.5))
    deciding = rate(count, repeat(ask_may, 5).of(0.5))
    return [
        at_least("permitted(): yes or no", permitting[0], "decisions/s", 100_000, cpu=permitting[1]),
        at_least("may(): with all reasons", deciding[0], "decisions/s", 100_000, cpu=deciding[1]),
        plain("share of the mix that is permitted", 100 * allowed, "%"),
    ]


def _compiled(options: Options) -> list[Figure]:
    world, viewer = _world()
    numbered = list(enumerate(_terms(_COMPILED)))
    sample = repeat(lambda: compile_set("read", viewer, numbered, _NOW, world), 3 if options.quick else 9)
    wall, cpu = milliseconds(sample.of(0.5))
    each = rate(_COMPILED, sample.of(0.5))
    return [
        plain("compile_set() of 20,000 handlings", wall, "ms", cpu=cpu),
        plain("compile_set(), handlings", each[0], "decisions/s", cpu=each[1]),
    ]


def _rows(options: Options) -> list[Figure]:
    node = Node.open(statement_store.store(1_000_000))
    sample = Sample()
    try:
        actor = staging.actor(node)
        for _ in range(7 if options.quick else 31):
            with node.store.transaction() as tx:
                with reading(tx, actor.viewer, directory.world(tx)) as view:
                    counted = view.count()
                    with sample.once():
                        view.count()
                many_statements.leave_entry(tx, actor, counted)
    finally:
        node.close()
    wall, cpu = rate(counted, sample.of(0.5))
    return [
        at_least("rows through the view of a viewer", wall, "visible rows/s", 1_000_000, cpu=cpu),
        plain("rows counted each time, of 1,000,000", counted, "rows"),
    ]
