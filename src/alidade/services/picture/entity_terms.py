"""Entity terms: whether all that is shown of a thing may be taken out together, and if not, whose rule forbids it.

The strictest wins: what goes out as one carries the join of all handlings that went in, and goes out only where each
of them lets it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alidade.model.handling import Handling, handling_id
from alidade.model.viewer import Actor
from alidade.policy.decision import may, permitted
from alidade.policy.explanation import explain
from alidade.policy.terms import Terms, join
from alidade.services.node import Node
from alidade.services.picture.chart_terms import classification_of, terms_of
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.reading import SeenStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfHere:
    """Whether everything may be taken out as one; `reasons` say which rules forbid it, whose, and what would lift them.

    `held_back` counts the statements that may not, `free` those that may. `heading` is the highest classification,
    `terms` the joined handling in lines.
    """

    allowed: bool
    reasons: tuple[str, ...]
    free: int
    held_back: int
    heading: str
    terms: tuple[str, ...]


def out_of_here(
    node: Node, tx: Transaction, actor: Actor, statements: Iterable[SeenStatement], language: str
) -> OutOfHere:
    """The decision for all these statements together, in words of the language."""
    every = list({each.statement: each for each in statements}.values())
    handlings = terms_by_id(tx, every)
    free = exportable(tx, actor, every, handlings)
    reasons: tuple[str, ...] = ()
    if len(free) < len(every):
        world, releases = directory.world(tx), rights.releases_for(tx, actor.viewer.authority)
        decision = may("export", actor.viewer, join(*handlings.values()), tx.now, world, releases=releases)
        names = {key: each.name for key, each in directory.authorities(tx).items()}
        reasons = explain(decision, node.vocabulary, language, names)
    return OutOfHere(
        allowed=len(free) == len(every),
        reasons=reasons,
        free=len(free),
        held_back=len(every) - len(free),
        heading=classification_of(every, node.vocabulary, language),
        terms=terms_of(every, node.vocabulary, language),
    )


def terms_by_id(tx: Transaction, statements: Iterable[SeenStatement]) -> dict[str, Terms]:
    """The terms under which statements stand, as they are kept, by the id of the handling."""
    found: dict[str, Terms] = {}
    for digest in sorted({str(handling_id(each.handling)) for each in _one_each(statements)}):
        known = rights.handling_by_digest(tx, digest)
        if known is not None:
            found[digest] = known[1]
    return found


def _one_each(statements: Iterable[SeenStatement]) -> list[SeenStatement]:
    # Statements of one view share the object of their handling: to work out an id takes longer than to look.
    return list({id(each.handling): each for each in statements}.values())


def exportable(
    tx: Transaction, actor: Actor, statements: Iterable[SeenStatement], handlings: dict[str, Terms]
) -> list[SeenStatement]:
    """Those of the statements that the viewer may take out."""
    every = list(statements)
    world, releases = directory.world(tx), rights.releases_for(tx, actor.viewer.authority)
    free: dict[int, bool] = {}
    for each in _one_each(every):
        terms = handlings.get(str(handling_id(each.handling)))
        free[id(each.handling)] = terms is not None and permitted(
            "export", actor.viewer, terms, tx.now, world, releases=releases
        )
    return [each for each in every if free[id(each.handling)]]


def one_handling(statements: Iterable[SeenStatement]) -> Handling | None:
    """The one handling of all the statements; None where they stand under several."""
    found = {str(handling_id(each.handling)): each.handling for each in _one_each(statements)}
    return next(iter(found.values())) if len(found) == 1 else None
