"""Link charts in the two runs: drawn, opened, walked, kept, taken out; of what is visible, hidden, and absent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worlds import public_id

from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.picture.chart import Drawn, draw, named
from alidade.services.picture.chart_state import ChartState, Opened, ThingNote, encode_state
from alidade.services.picture.chart_walks import find_things, openings, shortest_ways
from alidade.services.picture.charts import keep_chart, list_charts, open_chart
from alidade.services.picture.exporting import export_chart, export_picture

Read = tuple[str, Callable[[Node, Actor], object]]


def chart_reads(seen: Sequence[str], unseen: Sequence[str], texts: Sequence[str]) -> list[Read]:
    """Every read of a chart."""
    labels = [*seen[:2], *unseen[:2], "absent"]
    references = [public_id(label) for label in labels]
    mixed = ChartState(
        starts=named(references),
        opened=tuple(Opened(record=each) for each in references),
        notes=tuple(ThingNote(record=each, text="noted") for each in references),
    )
    whole = ChartState(everything=True)
    reads: list[Read] = [
        ("charts", lambda node, actor: list_charts(node, actor)),
        ("chart of some", lambda node, actor: _shown(draw(node, actor, mixed))),
        ("chart of everything", lambda node, actor: _shown(draw(node, actor, whole))),
        ("keep and open a chart", lambda node, actor: _kept(node, actor, mixed)),
        ("picture of a chart", lambda node, actor: export_picture(node, actor, mixed)),
    ]
    for label, reference in zip(labels, references, strict=True):
        reads.append((f"openings of {label}", lambda node, actor, one=reference: openings(node, actor, one)))
        reads.append(
            (f"ways to {label}", lambda node, actor, one=reference: _ways(node, actor, references[0], one))
        )  # fmt: skip
    for form in ("svg", "csv", "graphml"):
        reads.append((f"chart as {form}", lambda node, actor, form=form: _file(node, actor, whole, form)))
    reads += [(f"things called {text}", lambda node, actor, text=text: _found(node, actor, text)) for text in texts[:1]]
    return reads


def _shown(drawn: Drawn) -> object:
    """What a face shows of it; the numbers of statements serve the library's own order."""
    return [
        [[each.id, each.caption, each.thing, each.records, each.owners] for each in drawn.things.values()],
        [[each.id, each.kind, each.source, each.target, each.evaluation.code] for each in drawn.ties],
        [[key, repr(place)] for key, place in drawn.places.items()],
        [[each.key, each.label, each.members] for each in drawn.groups],
        [drawn.starts, [each.id for each in drawn.hidden], list(drawn.notes.items()), drawn.cut],
        encode_state(drawn.state).decode(),
    ]


def _kept(node: Node, actor: Actor, state: ChartState) -> object:
    saved = keep_chart(node, actor, state, "kept")
    return [saved.version, _shown(open_chart(node, actor, saved.piece).drawn)]


def _ways(node: Node, actor: Actor, start: str, end: str) -> object:
    found = shortest_ways(node, actor, start, end)
    return [[[each.id for each in way.things] for way in found.ways], found.more, found.given_up]


def _file(node: Node, actor: Actor, state: ChartState, form: str) -> object:
    made = export_chart(node, actor, state, form)  # type: ignore[arg-type]
    return [made.content.decode(), made.sha256, made.things_left_out, made.ties_left_out]


def _found(node: Node, actor: Actor, text: str) -> object:
    return [[each.id, each.caption] for each in find_things(node, actor, text)]
