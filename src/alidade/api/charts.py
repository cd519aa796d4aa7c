"""Charts: what is tied to a thing, the ways between two, charts kept and shared, and charts as files."""

from __future__ import annotations

import base64
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from alidade.api.shapes import (
    Code,
    EvaluationShape,
    Given,
    HandlingGiven,
    HandlingShape,
    Language,
    Reference,
    Told,
    answers,
)
from alidade.api.sign_in import at_work
from alidade.services.picture.chart import Drawn, draw, filtered, named
from alidade.services.picture.chart_state import ChartState, Opened
from alidade.services.picture.chart_walks import shortest_ways
from alidade.services.picture.charts import keep_chart, list_charts, open_chart
from alidade.services.picture.exporting import Form, export_chart
from alidade.services.tokens import spend

router = Router(tags=["Charts"])
ThingId = Annotated[str, Field(description="Smallest of the references of its records, as you may join them.")]


class ChartThingShape(Told):
    """One thing on a chart."""

    id: ThingId
    records: list[str] = Field(description="References of its records, joined for you.")
    thing: str = Field(description="Type of thing (list `things`).")
    caption: str = Field(description="What it is called; empty where not known.")
    owners: list[str] = Field(description="Authorities that say something of it.")
    x: float | None = Field(description="Place in pixels, from the left; null within a closed group.")
    y: float | None = Field(description="Place in pixels, downwards.")
    group: str = Field(description="Its group, where the chart is too large to be drawn thing by thing; or empty.")


class ChartTieShape(Told):
    """One tie on a chart."""

    id: str = Field(description="Reference of the link record, or record:property:target.")
    kind: str = Field(description="Type of the link (list `things`), or name of the property.")
    source: ThingId
    target: ThingId
    directed: bool = Field(description="Whether its direction means something.")
    evaluation: EvaluationShape = Field(description="The firmest of its statements.")
    valid_from: str | None = Field(description="Since when, as far as anybody says.")
    valid_to: str | None = Field(description="Until when, as far as anybody says.")


class ChartShape(Told):
    """A chart as you see it: nothing tells of what is absent for you."""

    things: list[ChartThingShape]
    ties: list[ChartTieShape]
    cut: bool = Field(description="There is more than can be shown; the nearest is here.")


class KeptChartShape(Told):
    """A kept chart that you may open."""

    piece: str = Field(description="Its reference.")
    title: str
    authority: str = Field(description="Authority that made it.")
    version: int
    changed_at: str
    handling: HandlingShape = Field(description="Who may open it.")
    ours: bool = Field(description="Your authority made it, and may change it.")


class KeptChartsShape(Told):
    """The kept charts, the one changed last first."""

    charts: list[KeptChartShape]


class OpenedGiven(Given):
    """A thing whose ties are followed."""

    record: Reference
    kinds: list[Code] | None = Field(default=None, max_length=100, description="Only these kinds of tie; null: any.")


class ChartGiven(Given):
    """What a chart begins with and what is opened on it."""

    records: list[Reference] = Field(min_length=1, max_length=500, description="What it begins with.")
    depth: int = Field(default=1, ge=0, le=3, description="How many ties outward at first.")
    opened: list[OpenedGiven] = Field(default=[], max_length=500, description="What is opened besides.")

    def state(self) -> ChartState:
        """The state that it says."""
        return ChartState(
            starts=named(self.records),
            depth=self.depth,
            opened=tuple(
                Opened(record=each.record, kinds=None if each.kinds is None else tuple(each.kinds))
                for each in self.opened
            ),
        )


class ChartKeptGiven(ChartGiven):
    """A chart to be kept."""

    title: str = Field(min_length=1, max_length=120, description="Read by everybody who may open it.")
    handling: HandlingGiven = Field(description="Who may open it; each sees on it what he may see.")


class ChartSaved(Told):
    """Where it was kept."""

    piece: str = Field(description="Its reference.")
    version: int


class WaysGiven(Given):
    """Two things."""

    start: Reference
    end: Reference


class WayShape(Told):
    """One way: the things on it in their order, and the ties between them."""

    things: list[str]
    ties: list[str]


class WaysShape(Told):
    """The shortest ways over ties that you may see, at most six ties long."""

    ways: list[WayShape]
    more: bool = Field(description="There are more of this length.")
    given_up: bool = Field(description="There was too much to look through all of it.")


class ChartExportGiven(Given):
    """In which form a kept chart is taken out."""

    form: Form = Field(description="`png` is drawn by browsers only.")
    language: Language = "en"


@router.post("/charts/draw", response=answers(ChartShape, 403, 404, body=True), operation_id="chart_draw")
def draw_chart(request: HttpRequest, given: ChartGiven) -> ChartShape:
    """What is tied to some things, drawn. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return _shape(draw(node, actor, given.state()))


@router.post("/charts/ways", response=answers(WaysShape, 403, 404, body=True), operation_id="chart_ways")
def ways(request: HttpRequest, given: WaysGiven) -> WaysShape:
    """The shortest ways between two things; no way, and one that you may not see, look alike. Act `picture_read`."""
    node, actor = at_work(request)
    found = shortest_ways(node, actor, given.start, given.end)
    return WaysShape(
        ways=[
            WayShape(things=[each.id for each in way.things], ties=[each.id for each in way.ties])
            for way in found.ways
        ],
        more=found.more,
        given_up=found.given_up,
    )  # fmt: skip


@router.get("/charts", response=answers(KeptChartsShape, 403), operation_id="charts")
def charts(request: HttpRequest) -> KeptChartsShape:
    """The kept charts that you may open. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return KeptChartsShape(charts=[KeptChartShape.model_validate(each) for each in list_charts(node, actor)])


@router.post("/charts", response=answers(ChartSaved, 403, 404, body=True), operation_id="chart_keep")
def keep(request: HttpRequest, given: ChartKeptGiven) -> ChartSaved:
    """Keep a chart under a handling of your authority. Needs the act `piece_keep`."""
    node, actor = at_work(request)
    saved = keep_chart(
        node, actor, given.state(), given.title, handling=given.handling.of(actor.viewer.authority)
    )  # fmt: skip
    return ChartSaved(piece=saved.piece, version=saved.version)


@router.get("/charts/{reference}", response=answers(ChartShape, 403, 404), operation_id="chart")
def chart(request: HttpRequest, reference: Reference) -> ChartShape:
    """A kept chart, drawn from what you may see. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return _shape(open_chart(node, actor, reference).drawn)


@router.post(
    "/charts/{reference}/export", response=answers(str, 403, 404, body=True), operation_id="chart_export"
)  # fmt: skip
def export(request: HttpRequest, reference: Reference, given: ChartExportGiven) -> HttpResponse:
    """A kept chart as a file, under the handling of all that goes out, or refused with the reason.

    The header Repr-Digest (RFC 9530) has its SHA-256. Needs the acts `picture_read` and `export`; counts towards the
    allowance of exports.
    """
    node, actor = at_work(request)
    spend(node, actor, "exports")
    found = open_chart(node, actor, reference)
    made = export_chart(node, actor, found.drawn.state, given.form, title=found.kept.title, language=given.language)
    digest = base64.b64encode(bytes.fromhex(made.sha256)).decode()
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Repr-Digest": f"sha-256=:{digest}:"}
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


def _shape(drawn: Drawn) -> ChartShape:
    things, ties = filtered(drawn.things, drawn.ties, drawn.state, frozenset(drawn.starts))
    nowhere = (None, None)
    return ChartShape(
        things=[
            ChartThingShape(
                id=each.id, records=list(each.records), thing=each.thing, caption=each.caption,
                owners=list(each.owners), x=drawn.places.get(each.id, nowhere)[0],
                y=drawn.places.get(each.id, nowhere)[1], group=drawn.member_of.get(each.id, ""),
            )
            for each in things.values()
        ],
        ties=[ChartTieShape.model_validate(each) for each in ties],
        cut=drawn.cut,
    )  # fmt: skip
