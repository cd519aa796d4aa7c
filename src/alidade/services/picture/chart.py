"""Chart: what a viewer sees of a link chart: its things and ties, where they stand, and what was noted on them.

Everything here is worked out from what this viewer may see: what is absent for him takes no place, has no count and
bends no line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.formats.chart_svg import strength
from alidade.model.canonical import sha256_hex
from alidade.model.errors import NotFound
from alidade.model.viewer import Actor, Viewer
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.picture.chart_groups import Bundle, DrawnGroup, Grouping, grouped
from alidade.services.picture.chart_state import ChartState, FreeNote, Named, Placed, viewer_digest
from alidade.services.picture.layouting import Place, lay_out
from alidade.services.picture.seeing import Picture, SeenThing, SeenTie, around, everything, ties_among
from alidade.store import directory
from alidade.store.reading import ReaderView, reading
from alidade.vocabulary import Vocabulary

MOST_DRAWN: Final = 1_500
MOST_SEEN: Final = 20_000
_FIRMNESS: Final = ("strong", "good", "weak", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart as one viewer sees it.

    `things` and `ties` are all of it, filtered and hidden ones left out; `places` has a place for each thing that is
    drawn singly and for each closed group. `member_of` names the group of a thing where the chart is grouped; ties
    into closed groups stand in `bundles`. `state` is the chart as this viewer may keep it, `hidden` what he has
    hidden. `cut`: there is more than can be shown; the nearest is shown.
    """

    state: ChartState
    things: Mapping[str, SeenThing]
    ties: tuple[SeenTie, ...]
    places: Mapping[str, Place]
    starts: tuple[str, ...]
    hidden: tuple[SeenThing, ...]
    by_hand: frozenset[str]
    notes: Mapping[str, tuple[str, ...]]
    tie_notes: Mapping[str, tuple[str, ...]]
    free_notes: tuple[FreeNote, ...]
    groups: tuple[DrawnGroup, ...]
    member_of: Mapping[str, str]
    bundles: tuple[Bundle, ...]
    cut: bool


def draw(node: Node, actor: Actor, state: ChartState) -> Drawn:
    """The chart of this state as this viewer sees it; things that he may not see are not in it.

    Raises NotFound where nothing of what it begins with is there for him.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            drawn = seen_chart(view, node.vocabulary, actor.viewer, state)
        objects = sorted({record for thing in drawn.things.values() for record in thing.records})
        log(tx, actor, "picture_read", objects=objects, results=len(drawn.things), details={"view": "chart"})
    if not drawn.things and (state.starts or state.added) and not state.everything:
        raise NotFound("There is no record with this reference that you may see.")
    return drawn


def seen_chart(view: ReaderView, vocabulary: Vocabulary, viewer: Viewer, state: ChartState) -> Drawn:
    """The same within a view that is open already."""
    whole, starts, cut = _gathered(view, vocabulary, state)
    of_record = {record: thing.id for thing in whole.things.values() for record in thing.records}
    mine = state.within(_Seen(view, of_record))
    hidden = {of_record[each.record] for each in mine.hidden if each.record in of_record}
    things = {key: thing for key, thing in whole.things.items() if key not in hidden}
    ties = tuple(tie for tie in whole.ties if tie.source in things and tie.target in things)
    sight, digest = _sight(whole), viewer_digest(viewer)
    same = digest == state.viewer or sight == state.seen
    given = _standing(mine, of_record, same)
    grouping = Grouping()
    if len(things) > MOST_DRAWN:
        things, ties = filtered(things, ties, mine, frozenset(starts))
        grouping = grouped(things, ties, mine.groups, MOST_DRAWN)
    nodes = grouping.nodes(things)
    drawn = set(nodes)
    places = lay_out(nodes, grouping.pairs(ties), {key: at for key, at in given.items() if key in drawn}, digest)
    by_hand = {of_record[each.record] for each in mine.places if each.by_hand and each.record in of_record}
    kept = tuple(
        Placed(record=key, x=x, y=y, by_hand=key in by_hand) for key, (x, y) in places.items() if key in things
    )
    return Drawn(
        state=msgspec.structs.replace(mine, places=kept, seen=sight, viewer=digest),
        things=things,
        ties=ties,
        places=places,
        starts=tuple(each for each in starts if each in things),
        hidden=tuple(whole.things[key] for key in sorted(hidden)),
        by_hand=frozenset(by_hand & set(places)),
        notes=_notes((of_record.get(each.record, ""), each.text) for each in mine.notes),
        tie_notes=_notes((each.tie, each.text) for each in mine.tie_notes),
        free_notes=mine.free_notes,
        groups=grouping.groups,
        member_of=grouping.member_of,
        bundles=grouping.bundles,
        cut=cut,
    )


def filtered(
    things: Mapping[str, SeenThing], ties: Iterable[SeenTie], state: ChartState, starts: frozenset[str]
) -> tuple[dict[str, SeenThing], tuple[SeenTie, ...]]:
    """What the filters of a chart leave in sight; a thing that hung on hidden ties alone goes with them."""
    wanted = state.filters
    stay = {
        key: thing
        for key, thing in things.items()
        if thing.thing not in wanted.things and not (thing.owners and set(thing.owners) <= set(wanted.owners))
    }
    every = list(ties)
    shown = tuple(
        tie
        for tie in every
        if tie.source in stay and tie.target in stay and tie.kind not in wanted.kinds
        and _firm(tie, wanted.least) and _in_time(tie, wanted.since, wanted.until)
        and not {each.owner for each in tie.statements} <= set(wanted.owners)
    )  # fmt: skip
    tied = {end for tie in every for end in (tie.source, tie.target)}
    still = {end for tie in shown for end in (tie.source, tie.target)}
    left = {key: thing for key, thing in stay.items() if key in still or key not in tied or key in starts}
    return left, shown


def _firm(tie: SeenTie, least: str) -> bool:
    if least not in _FIRMNESS:
        return True
    grade = tie.evaluation
    return _FIRMNESS.index(strength(grade.source, grade.information, grade.given)) <= _FIRMNESS.index(least)


def _in_time(tie: SeenTie, since: str, until: str) -> bool:
    ended = tie.valid_to or tie.valid_from or ""
    began = tie.valid_from or tie.valid_to or ""
    return not (ended and since and ended < since[: len(ended)]) and not (
        began and until and began[: len(until)] > until
    )


def _gathered(view: ReaderView, vocabulary: Vocabulary, state: ChartState) -> tuple[Picture, tuple[str, ...], bool]:
    """All that the chart leads to for this viewer, the things it begins with, and whether there is more."""
    if state.everything:
        whole = everything(view, vocabulary, most=MOST_SEEN)
        return whole, (), whole.cut
    pictures = []
    first = [each.record for each in state.starts]
    if first and state.depth:
        pictures.append(around(view, vocabulary, first, depth=state.depth, most=MOST_SEEN))
    for each in state.opened:
        kinds = None if each.kinds is None else frozenset(each.kinds)
        pictures.append(around(view, vocabulary, [each.record], kinds=kinds, depth=1, most=MOST_SEEN))
    things: dict[str, SeenThing] = {}
    for picture in pictures:
        things |= picture.things
    reached = {record: key for key, thing in things.items() for record in thing.records}
    single = [each.record for each in (*state.starts, *state.added) if each.record not in reached]
    if single:
        things |= around(view, vocabulary, single, depth=0, most=MOST_SEEN).things
        reached = {record: key for key, thing in things.items() for record in thing.records}
    ties = ties_among(view, vocabulary, things)
    starts = tuple(dict.fromkeys(reached[record] for record in first if record in reached))
    return Picture(things=things, ties=ties, cut=False), starts, any(picture.cut for picture in pictures)


class _Seen:
    """Whether a viewer may see a record: known from the chart itself, else asked once."""

    def __init__(self, view: ReaderView, of_record: Mapping[str, str]) -> None:
        self._view = view
        self._known: dict[str, bool] = dict.fromkeys(of_record, True)

    def __call__(self, record: str) -> bool:
        if record not in self._known:
            self._known[record] = bool(self._view.record(record))
        return self._known[record]


def _sight(whole: Picture) -> str:
    """By which two sights are known to be the same: their things and their ties."""
    lines = [*sorted(whole.things), *sorted(tie.id for tie in whole.ties)]
    return sha256_hex("\n".join(lines).encode())


def _standing(state: ChartState, of_record: Mapping[str, str], same: bool) -> dict[str, Place]:
    """The places that stay. Of a chart laid out for another sight only what a person placed: the rest could tell
    of things that are not there for this viewer."""
    places = (each for each in state.places if (same or each.by_hand) and each.record in of_record)
    return {of_record[each.record]: (each.x, each.y) for each in places}


def _notes(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, text in pairs:
        found[key] = (*found.get(key, ()), text)
    return found


def named(records: Iterable[str]) -> tuple[Named, ...]:
    """Records as the state of a chart names them, each once."""
    return tuple(Named(record=each) for each in dict.fromkeys(records))
