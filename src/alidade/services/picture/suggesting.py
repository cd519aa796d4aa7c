"""Suggesting: which records might be the same, each with what speaks for and against; people rule on them.

Candidates are the rows that the viewer may join and that a machine may compare (the condition "no automated match" is
obeyed), and no others: neither a suggestion nor its order or score depends on anything else. No pair is kept as truth:
what a look through a large desk proposed lies sealed with its officer's work, and is shown under his rights of then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from alidade.matching.identifiers import IDENTIFIER_KINDS
from alidade.model.errors import Conflict, NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.job_orders import SuggestedPair, SuggestionResult, order_job
from alidade.services.node import Node
from alidade.services.picture.joining import Joined, joined
from alidade.services.picture.judging import cleared_judgements
from alidade.services.picture.sides import Side, side_of
from alidade.store import directory, jobs
from alidade.store.database import Transaction
from alidade.store.jobs import OPEN
from alidade.store.reading import ReaderView, reading
from alidade.store.rights import Layer, epoch, viewer_class
from alidade.store.writing import record_number
from alidade.vocabulary import Vocabulary

if TYPE_CHECKING:
    from alidade.matching.suggest_rows import Joinable

KIND: Final = "suggest"
Order = Literal["doubt", "certainty"]
MOST_AT_ONCE: Final = 60_000  # statements; a larger desk is looked through as long work
MOST_KEPT: Final = 50_000  # suggestions of one look, the surest
_LAYERS: Final[tuple[Layer, ...]] = ("read", "merge", "suggest")
_COMPARED: Final = (
    "name", "alias", "previousName", "birthDate", "incorporationDate", "nationality", "jurisdiction", "flag",
    "citizenship", "country", "address", "gender", "full", "city", "make", "model", "colour", "registrationCountry",
    "bankName", "sizeType", "refrigerated",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Two records that may be one thing: the chance of that (0..1), and what speaks for and against, in bits.

    The bits add up to the logarithm of the odds: score = 1 / (1 + 2 ** -sum). Nought is an even chance.
    """

    left: str
    right: str
    thing: str
    score: float
    explanation: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionPage:
    """A part of the list, how many there are in all, where the next part begins ("" at the end).

    `look` is the look through the whole desk that it comes from, "" where it was made now; `sides` are the records of
    this part as one sees them.
    """

    suggestions: tuple[Suggestion, ...]
    total: int
    following: str
    look: str = ""
    sides: tuple[Side, ...] = ()


def suggest_all(
    view: ReaderView,
    vocabulary: Vocabulary,
    *,
    least: float | None = None,
    judged: Callable[[str, str], bool] = lambda left, right: False,
) -> Iterator[Suggestion]:
    """What might be the same among everything that the viewer may join, best first.

    The view needs the layer "suggest". `least` is the least score (the table's where it is not said); `judged` says
    which pairs to leave out. A hundred thousand records take well under a minute.
    """
    rows = [row for owner in view.owners() for row in rows_of(view, vocabulary, owner)]
    yield from suggested_among(rows, least=least, judged=judged)


def rows_of(view: ReaderView, vocabulary: Vocabulary, owner: str) -> list[Joinable]:
    """What one owner's records say that may be compared; nothing is compared yet."""
    from alidade.matching.suggest_rows import Joinable

    heads: dict[str, str] = {}
    values: dict[str, dict[str, list[str]]] = {}
    for record, thing, name, value in view.described("suggest", _properties(vocabulary), owner):
        heads[record] = thing
        values.setdefault(record, {}).setdefault(name, []).append(value)
    numbers = {record_number(record): record for record in heads}
    keys: dict[str, list[tuple[str, str]]] = {}
    for kind in IDENTIFIER_KINDS:
        for number, key in view.numbers("suggest", kind, owner):
            if number in numbers:
                keys.setdefault(numbers[number], []).append((kind, key))
    return [
        Joinable(record=record, thing=thing, owner=owner, values=values[record], keys=tuple(keys.get(record, ())))
        for record, thing in heads.items()
        if thing in vocabulary.things and vocabulary.things[thing].link is None
    ]


def _properties(vocabulary: Vocabulary) -> list[str]:
    numbers = {each.name for thing in vocabulary.things.values() for each in thing.properties if each.identifier_kind}
    return sorted({*_COMPARED, *numbers})


def suggested_among(
    rows: Iterable[Joinable],
    *,
    least: float | None = None,
    judged: Callable[[str, str], bool] = lambda left, right: False,
) -> Iterator[Suggestion]:
    """What might be the same among these rows, best first; the order of the rows makes no difference."""
    from alidade.matching.suggest import explanation, suggested_pairs  # here: what it needs takes long to load

    ordered = sorted(rows, key=lambda row: row.record)
    for row in suggested_pairs(ordered, least=least).iter_rows(named=True):
        left, right = ordered[row["left"]], ordered[row["right"]]
        if not judged(left.record, right.record):
            yield Suggestion(
                left=left.record, right=right.record, thing=left.thing, score=row["score"],
                explanation=explanation(row),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """What needs no suggestion any more: pairs on which one's own authority has ruled, and records joined already."""

    pairs: frozenset[tuple[str, str]]
    groups: Joined

    def __call__(self, left: str, right: str) -> bool:
        return (min(left, right), max(left, right)) in self.pairs or right in self.groups.of(left)


def settled(tx: Transaction, actor: Actor, view: ReaderView) -> Settled:
    """The same for one officer; judgements that wait for a second officer count as ruled."""
    rulings = view.judgements(said=False)
    authority = actor.viewer.authority
    own = {(each.left, each.right) for each in rulings if each.authority == authority}
    ends = {end for each in rulings for end in (each.left, each.right)}
    return Settled(pairs=frozenset((min(pair), max(pair)) for pair in own), groups=joined(ends, rulings, authority))


def suggestions(
    node: Node,
    actor: Actor,
    *,
    order: Order = "doubt",
    after: str = "",
    size: int = 20,
    look: str = "",
) -> SuggestionPage:
    """What might be the same on one's desk, a page at a time: nearest to an even chance first, or surest first.

    What one's own authority has ruled on, and what is joined already, is left out. `after` is the `following` of the
    page before; `look` an ended look through the whole desk (`order_suggestions`). Raises Conflict where the desk is
    too large to be looked through while somebody waits, NotFound for a look that is not one's own.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        waiting = {
            (min(each.left, each.right), max(each.left, each.right))
            for each in cleared_judgements(tx, actor, "waiting")
        }
        kept = _look(tx, actor, look) if look else None
        with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
            if kept is None and view.count() > MOST_AT_ONCE:
                found = None
            else:
                done = settled(tx, actor, view)
                rest = suggest_all(view, node.vocabulary) if kept is None else _still(view, kept)
                found = [
                    each
                    for each in rest
                    if (min(each.left, each.right), max(each.left, each.right)) not in waiting
                    and not done(each.left, each.right)
                ]
            page = _page(found or [], order, after, size, look)
            shown = sorted({end for each in page.suggestions for end in (each.left, each.right)})
            seen = view.statements_of([(record, None) for record in shown])
        page = replace(page, sides=tuple(side_of(each, seen.get(each, ()), node.vocabulary) for each in shown))
        log(tx, actor, "judge", objects=shown, results=len(page.suggestions), details={"view": "suggestions"})
    if found is None:
        raise Conflict(
            "There is too much on your desk to look it through while you wait.",
            remedy="Have it looked through as long work.",
            code="look_through",
        )
    return page


def _still(view: ReaderView, kept: SuggestionResult) -> list[Suggestion]:
    """Those of an earlier look of which both records may still be joined."""
    mergeable = view.mergeable([end for pair in kept.pairs for end in (pair.left, pair.right)])
    return [
        Suggestion(
            left=pair.left, right=pair.right, thing=pair.thing, score=pair.score, explanation=pair.explanation
        )
        for pair in kept.pairs
        if pair.left in mergeable and pair.right in mergeable
    ]  # fmt: skip


def _page(found: Sequence[Suggestion], order: Order, after: str, size: int, look: str) -> SuggestionPage:
    def place(each: Suggestion) -> tuple[float, str]:
        weight = sum(bits for _, bits in each.explanation)
        return (round(abs(weight) if order == "doubt" else -weight, 3), each.left + each.right)

    places = sorted((place(each), number) for number, each in enumerate(found))
    start = 0
    if after:
        weight, _, pair = after.partition("~")
        try:
            last = (float(weight), pair)
        except ValueError:
            last = (float("-inf"), "")
        start = next((at for at, (here, _) in enumerate(places) if here > last), len(places))
    chosen = places[start : start + size]
    following = ""
    if chosen and start + size < len(places):
        following = f"{chosen[-1][0][0]}~{chosen[-1][0][1]}"
    return SuggestionPage(
        suggestions=tuple(found[number] for _, number in chosen), total=len(found), following=following, look=look
    )


# -- the whole desk as long work ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look through the whole desk: how many records are read, how many suggestions came of it."""

    reference: str
    state: str
    done: int
    total: int | None
    found: int
    ended: bool


def order_suggestions(node: Node, actor: Actor) -> str:
    """Have the whole desk looked through while one does something else; the reference of the work."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
            total = len(view.owners())
        reference = order_job(tx, actor, KIND, b"", total=total)
        log(tx, actor, "judge", objects=[reference], details={"step": "look through ordered"})
    return reference


def looks(node: Node, actor: Actor) -> list[Look]:
    """One's own looks through the desk, newest first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        mine = jobs.jobs_of(tx, actor.viewer.authority, actor.officer)
        found = [
            Look(
                reference=each.id,
                state=each.state,
                done=each.done,
                total=each.total,
                found=0 if each.result is None else _count(each.result),
                ended=each.state not in OPEN,
            )
            for each in mine
            if each.kind == KIND
        ]
        log(tx, actor, "judge", results=len(found), details={"view": "looks"})
    return found


def stop_look(node: Node, actor: Actor, reference: str) -> None:
    """Ask for the end of a look; what it has found so far is not kept. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        found = jobs.job_of(tx, actor.viewer.authority, actor.officer, reference)
        if found is None or found.kind != KIND:
            raise NotFound("You have no work under this reference.")
        if found.state in OPEN:
            jobs.ask_to_stop(tx, reference)
        log(tx, actor, "judge", objects=[reference], details={"step": "stop asked for"})


def _count(result: bytes) -> int:
    kept = _result(result)
    return 0 if kept is None else len(kept.pairs)


def _result(content: bytes) -> SuggestionResult | None:
    try:
        return msgspec.msgpack.decode(content, type=SuggestionResult)
    except msgspec.DecodeError:
        return None  # it failed


def _look(tx: Transaction, actor: Actor, reference: str) -> SuggestionResult:
    found = jobs.job_of(tx, actor.viewer.authority, actor.officer, reference)
    kept = None if found is None or found.kind != KIND or found.result is None else _result(found.result)
    if kept is None or kept.rights != _rights(tx, actor):
        raise NotFound(
            "You have no finished look under this reference that was made under your rights of today.",
            remedy="Have the desk looked through again.",
        )
    return kept


def _rights(tx: Transaction, actor: Actor) -> str:
    """What may be seen now, in short: it changes with every right, and is another for every purpose."""
    number = viewer_class(tx, actor.viewer, "suggest", directory.world(tx))
    return f"{number}/{epoch(tx)}"


def run_suggestions(
    node: Node, actor: Actor, job: str, content: bytes, progress: Callable[[int], None], stop: Callable[[], bool]
) -> SuggestionResult:
    """Look through the whole desk, owner by owner, with the rights that the actor has now; compare outside of any act.

    Everybody else can work meanwhile: no transaction is open while pairs are weighed.
    """
    del content
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "judge")
        rights = _rights(tx, actor)
        with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
            owners = view.owners()
        log(tx, actor, "judge", objects=[job], details={"step": "look through begun"})
    rows: list[Joinable] = []
    for done, owner in enumerate(owners, start=1):
        with node.store.transaction() as tx:
            require_right(node, tx, actor, "judge")
            with reading(tx, actor.viewer, directory.world(tx), _LAYERS) as view:
                read = rows_of(view, node.vocabulary, owner)
            log(tx, actor, "judge", objects=[job], results=len(read), details={"step": "look through"})
        rows += read
        progress(done)
        if stop():
            return SuggestionResult(records=len(rows), rights=rights, pairs=(), stopped=True, cut=False)
    pairs: list[SuggestedPair] = []
    cut = False
    for each in suggested_among(rows):
        if len(pairs) == MOST_KEPT:
            cut = True
            break
        pairs.append(
            SuggestedPair(
                left=each.left, right=each.right, thing=each.thing, score=each.score, explanation=each.explanation
            )
        )
    return SuggestionResult(records=len(rows), rights=rights, pairs=tuple(pairs), stopped=stop(), cut=cut)
