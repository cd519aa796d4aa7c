"""Sights: map, timeline and matrix of countries as you may see them, and each as a file."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from alidade.api.shapes import Code, EvaluationShape, Given, Language, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.services.picture.mapping import draw_map
from alidade.services.picture.matrix import draw_matrix
from alidade.services.picture.places import Spot
from alidade.services.picture.sight_export import Sight, SightForm, export_sight
from alidade.services.picture.sights import Ask
from alidade.services.picture.timeline import draw_timeline
from alidade.services.tokens import spend

router = Router(tags=["Picture"])
Date = Annotated[str, Field(max_length=10, description="A day, a month or a year; empty: open.")]
GivenDate = Annotated[str, Field(description="As it was given: a year, a month or a day; empty: not known.")]


class AskGiven(Given):
    """What is to be in sight; each list that is empty leaves all in sight."""

    records: list[Reference] = Field(default=[], max_length=200, description="Around these, two ties outward.")
    kinds: list[Code] = Field(
        default=[],
        max_length=100,
        description="Map: place, seizure, event, movement, presence. Timeline: seizure, movement, event, contact,"
        " payment, span. Matrix: kinds of tie (types of link, names of properties).",
    )
    types: list[Code] = Field(default=[], max_length=100, description="Types of thing (list `things`).")
    since: Date = ""
    until: Date = ""
    least: Literal["", "strong", "good", "weak"] = Field(
        default="", description="At least this firm: A1, B2 or better, C3 or better."
    )

    def ask(self) -> Ask:
        """The same for the use cases."""
        return Ask(
            records=tuple(self.records), kinds=tuple(self.kinds), types=tuple(self.types), since=self.since,
            until=self.until, least=self.least,
        )  # fmt: skip


class SightExportGiven(AskGiven):
    """What is to be taken out, and in which form."""

    form: SightForm = Field(description="`geojson` for maps only.")
    language: Language = "en"


class SpotShape(Told):
    """A point, and how exact it is."""

    latitude: float
    longitude: float
    exactness: Literal["position", "port", "country"] = Field(description="country: a point that stands for all of it.")
    country: str = Field(description="Code of the country; empty where not known.")


class MarkShape(Told):
    """One thing at its place."""

    thing: str = Field(description="Smallest of the references of its records, as you may join them.")
    type: str = Field(description="Type of thing (list `things`).")
    group: str = Field(description="place, seizure or event.")
    caption: str = Field(description="What it is called; empty where not known.")
    spot: SpotShape
    begin: GivenDate
    end: GivenDate
    evaluation: EvaluationShape


class LegShape(Told):
    """All movements from one place to another."""

    source: SpotShape
    target: SpotShape
    source_name: str = Field(description="Name of the place; empty where only its country is known.")
    target_name: str
    count: int = Field(description="How many movements that you may see.")
    things: list[str] = Field(description="The movements, by their references.")
    evaluation: EvaluationShape = Field(description="The firmest of them.")
    first: GivenDate
    last: GivenDate


class WayOnMapShape(Told):
    """A chain of places that the same things went through in order."""

    places: list[str] = Field(description="Codes of ports, `country:XX`, or points.")
    count: int
    subjects: int = Field(description="How many different things took it.")
    expected: float = Field(description="Counted by the probability of their grades.")


class MapShape(Told):
    """A map as you see it: nothing tells of what is absent for you. Boundaries are indicative."""

    marks: list[MarkShape]
    legs: list[LegShape]
    ways: list[WayOnMapShape]
    unplaced: int = Field(description="Things of these kinds that you see and that have no place that anybody says.")
    cut: bool = Field(description="There is more: the latest events and the places with the most ties are here.")


class EntryShape(Told):
    """One entry of a timeline."""

    key: str
    lane: str = Field(description="seizure, movement, event, contact, payment or span.")
    kind: str = Field(description="Type of thing or link, or name of a property.")
    caption: str = Field(description="What it is called; empty where not known.")
    thing: str = Field(description="The thing that it is about.")
    begin: GivenDate
    end: GivenDate
    evaluation: EvaluationShape


class TimelineShape(Told):
    """A timeline as you see it, in the order of time."""

    entries: list[EntryShape]
    undated: int = Field(description="What is of these kinds and has no date.")
    cut: bool = Field(description="There is more: the latest are here.")


class CellShape(Told):
    """How many ties lead from the things of one country to those of another."""

    source: str
    target: str
    count: int


class MatrixShape(Told):
    """Countries by countries as you see them; a tie without direction counts both ways."""

    countries: list[str] = Field(description="Codes, the one with the most ties first.")
    cells: list[CellShape]
    placeless: int = Field(description="Ties that are not counted: one of their ends is of no known country.")
    cut: bool


@router.post("/picture/map", response=answers(MapShape, 403, body=True), operation_id="picture_map")
def map_(request: HttpRequest, given: AskGiven) -> MapShape:
    """What you may see that has a place. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = draw_map(node, actor, given.ask())
    return MapShape(
        marks=[MarkShape.model_validate(each) for each in found.marks],
        legs=[
            LegShape(
                source=_spot(leg.source), target=_spot(leg.target), source_name=leg.source_name,
                target_name=leg.target_name, count=len(leg.moves), things=[move.thing for move in leg.moves],
                evaluation=EvaluationShape.model_validate(leg.evaluation), first=leg.first, last=leg.last,
            )
            for leg in found.legs
        ],
        ways=[WayOnMapShape.model_validate(each) for each in found.ways],
        unplaced=found.unplaced,
        cut=found.cut,
    )  # fmt: skip


@router.post("/picture/timeline", response=answers(TimelineShape, 403, body=True), operation_id="picture_timeline")
def timeline(request: HttpRequest, given: AskGiven) -> TimelineShape:
    """What happened when, and what held from when to when. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = draw_timeline(node, actor, given.ask())
    return TimelineShape(
        entries=[EntryShape.model_validate(each) for each in found.entries], undated=found.undated, cut=found.cut
    )


@router.post("/picture/matrix", response=answers(MatrixShape, 403, body=True), operation_id="picture_matrix")
def matrix(request: HttpRequest, given: AskGiven) -> MatrixShape:
    """Which countries are tied to which. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = draw_matrix(node, actor, given.ask())
    return MatrixShape(
        countries=list(found.countries),
        cells=[CellShape(source=one, target=other, count=n) for (one, other), n in sorted(found.cells.items())],
        placeless=found.placeless,
        cut=found.cut,
    )  # fmt: skip


@router.post(
    "/picture/{sight}/export", response=answers(str, 403, body=True), operation_id="picture_export"
)  # fmt: skip
def export(request: HttpRequest, sight: Sight, given: SightExportGiven) -> HttpResponse:
    """A map, a timeline or a matrix as a file, under the handling of all that goes out, or refused with the reason.

    The header Repr-Digest (RFC 9530) has its SHA-256. Needs the act `export`; counts towards the allowance of exports.
    """
    node, actor = at_work(request)
    spend(node, actor, "exports")
    made = export_sight(node, actor, sight, given.ask(), given.form, language=given.language)
    digest = base64.b64encode(bytes.fromhex(made.sha256)).decode()
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Repr-Digest": f"sha-256=:{digest}:"}
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


def _spot(spot: Spot) -> SpotShape:
    return SpotShape.model_validate(spot)
