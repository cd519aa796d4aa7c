"""Maps, timelines and matrices in the two runs: of all, around what is visible, hidden, absent, and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worlds import public_id

from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.picture.clustering import clustered
from alidade.services.picture.mapping import draw_map
from alidade.services.picture.matrix import draw_matrix
from alidade.services.picture.sight_export import FORMS_OF, export_sight
from alidade.services.picture.sights import Ask
from alidade.services.picture.timeline import draw_timeline

Read = tuple[str, Callable[[Node, Actor], object]]


def sight_reads(seen: Sequence[str], unseen: Sequence[str]) -> list[Read]:
    """Every read of a map, a timeline and a matrix."""
    asks = {
        "all": Ask(),
        "some of it": Ask(since="2025", least="weak"),
        "around": Ask(records=tuple(public_id(label) for label in (*seen[:2], *unseen[:2], "absent"))),
    }
    reads: list[Read] = []
    for name, ask in asks.items():
        reads += [
            (f"map of {name}", lambda node, actor, ask=ask: _map(node, actor, ask)),
            (f"timeline of {name}", lambda node, actor, ask=ask: _timeline(node, actor, ask)),
            (f"matrix of {name}", lambda node, actor, ask=ask: _matrix(node, actor, ask)),
        ]
    for sight, forms in FORMS_OF.items():
        for form in forms:
            reads.append((f"{sight} as {form}", lambda node, actor, s=sight, f=form: _file(node, actor, s, f)))
    return reads


def _map(node: Node, actor: Actor, ask: Ask) -> object:
    """What a face shows of it; the numbers of statements serve the library's own order."""
    found = draw_map(node, actor, ask)
    return [
        [[each.thing, each.caption, each.group, repr(each.spot), each.begin, each.end] for each in found.marks],
        [[each.key, [move.thing for move in each.moves], each.first, each.last] for each in found.legs],
        [[each.thing, each.place] for each in found.presences],
        [[each.places, each.count] for each in found.ways],
        [[len(each.marks) for each in clustered(found.marks, zoom)] for zoom in (1, 6, 12)],
        [found.unplaced, found.types, found.cut],
    ]


def _timeline(node: Node, actor: Actor, ask: Ask) -> object:
    found = draw_timeline(node, actor, ask)
    return [[[each.key, each.caption, each.begin, each.end] for each in found.entries], found.undated, found.cut]


def _matrix(node: Node, actor: Actor, ask: Ask) -> object:
    found = draw_matrix(node, actor, ask)
    cells = [[*pair, count] for pair, count in sorted(found.cells.items())]
    return [found.countries, cells, [each.key for each in found.crossings], found.placeless, found.cut]


def _file(node: Node, actor: Actor, sight: str, form: str) -> object:
    made = export_sight(node, actor, sight, Ask(), form)  # type: ignore[arg-type]
    return [made.content.decode(), made.sha256, made.things_left_out, made.ties_left_out]
