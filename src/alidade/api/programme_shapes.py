"""Programme shapes: papers with their measures, and what is said of a measure, as programs send and are told them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from alidade.api.shapes import AuthorityCode, Code, Day, Given, Reference, Told
from alidade.model.errors import Invalid
from alidade.model.handling import EVERYBODY, Handling
from alidade.model.ids import AuthorityId
from alidade.services.node import Node
from alidade.services.programme.pieces import default_handling

Tongue = Literal["en", "fr", "es", "pt", "pt_BR", "ru"]
LongText = Annotated[str, Field(max_length=20_000)]
Texts = Annotated[dict[Tongue, LongText], Field(description="A text by the language in which it exists.")]
MeasureKey = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z.()_-]{1,20}$", description="Number of a measure in its paper.", examples=["2c"]),
]
State = Annotated[str, Field(pattern=r"^([A-Z]{3})?$", description="State (ISO 3166-1 alpha-3); empty: all.")]
Number = Annotated[str, Field(max_length=80)]
Version = Annotated[int, Field(ge=0, le=1_000_000, description="The version that you have read; 409 if it changed.")]
Reason = Annotated[str, Field(max_length=500, description="Why this version is made.")]
ListedCode = Annotated[str, Field(pattern="^[a-z_-]{0,40}$")]

_TOLD = ConfigDict(extra="ignore", strict=True)  # what is kept may say more than is told here
_Struct = TypeVar("_Struct", bound=msgspec.Struct)
_Model = TypeVar("_Model", bound=BaseModel)


class AudienceGiven(Given):
    """Who may see what you keep; policy work tells of no person and may be used for every purpose."""

    communities: list[Code] = Field(default=[EVERYBODY], max_length=50, description="Communities; `all` is everybody.")
    released_to: list[AuthorityCode] = Field(default=[], max_length=200, description="Authorities that may see it.")
    excluded: list[AuthorityCode] = Field(default=[], max_length=200, description="Authorities that learn nothing.")
    classification: Code = Field(default="BPL", description="Code of the list `classifications`.")


def handling_of(node: Node, owner: AuthorityId, given: AudienceGiven | None) -> Handling | None:
    """The handling that the audience says; None where none is said, and then the use case decides."""
    if given is None:
        return None
    return msgspec.structs.replace(
        default_handling(node, owner, given.communities),
        released_to=tuple(AuthorityId(code) for code in given.released_to),
        excluded=tuple(AuthorityId(code) for code in given.excluded),
        classification=given.classification,
    )


def as_struct(given: BaseModel, kind: type[_Struct], **more: object) -> _Struct:
    """What a program sent as the programme keeps it. Raises Invalid without the value."""
    try:
        return msgspec.convert(given.model_dump(exclude_none=True) | more, kind)
    except msgspec.ValidationError as error:
        raise Invalid("A day or a code is not as it must be.", remedy="Days are written YYYY-MM-DD.") from error


def as_shape(kept: msgspec.Struct, shape: type[_Model]) -> _Model:
    """What the programme keeps as programs are told it."""
    return shape.model_validate_json(msgspec.json.encode(kept))


class PaperDocumentShape(Given):
    """A paper that is referred to."""

    number: str = Field(min_length=1, max_length=80, description="Its number.", examples=["15571/25"])
    date: Day | None = Field(default=None, description="A day, YYYY-MM-DD, or null.")
    title: str = Field(default="", max_length=500, description="Its title, as far as known.")


class PaperSourceShape(Given):
    """Where a figure or a claim stands."""

    document: Number = Field(default="", description="Number of the paper.")
    paragraph: str = Field(default="", max_length=40, description="Its paragraph.")


class PaperFigureShape(Given):
    """A number with its unit and its source; a figure without a source is not kept."""

    value: Annotated[float, Field(ge=-1e15, le=1e15)] = Field(description="The number.")
    unit: str = Field(min_length=1, max_length=80, description="What is counted.", examples=["visits to ports"])
    unit_texts: Texts = Field(default={})
    of: str = Field(default="", max_length=200, description="Of what it is a part.")
    parts: list[Annotated[float, Field(ge=-1e15, le=1e15)]] = Field(
        default=[], description="What it is the sum of; must add up."
    )
    source: PaperSourceShape = Field(default=PaperSourceShape(), description="Where it stands.")


class CarriedShape(Given):
    """A measure of an earlier paper that this one carries on."""

    instrument: Reference
    measure: MeasureKey
    how: ListedCode = Field(description="Code of the list `carrying_ways`.")


class PaperMeasureShape(Given):
    """One measure or recommendation."""

    key: MeasureKey
    title: Texts
    text: Texts = Field(default={})
    paragraph: str = Field(default="", max_length=40, description="Where it stands.")
    theme: Texts = Field(default={})
    aim: Texts = Field(default={})
    addressees: list[str] = Field(default=[], description="States (alpha-3) or bodies by acronym.")
    owner: Number = Field(default="", description="Who leads.")
    forum: list[str] = Field(default=[], description="Where it is followed up.")
    deliverables: list[str] = Field(default=[], description="What is to come of it.")
    indicator: str = Field(default="", max_length=500, description="What is measured.")
    baseline: PaperFigureShape | None = Field(default=None, description="The figure at the beginning.")
    target: PaperFigureShape | None = Field(default=None, description="The figure to be reached; needs an indicator.")
    deadline: Day | None = Field(default=None, description="A day, YYYY-MM-DD, or null.")
    deadline_said: str = Field(default="", max_length=200, description="The deadline in the words of the paper.")
    funding: str = Field(default="", max_length=500, description="From what it is paid.")
    crime_areas: list[str] = Field(default=[], description="Codes of the list `crime_areas`.")
    references: list[PaperDocumentShape] = Field(default=[], description="Papers that it names.")
    carries: list[CarriedShape] = Field(default=[], description="What it carries on; see carry-over.")
    procedures: list[str] = Field(default=[], description="Codes of procedures that belong to it.")


class PaperBodyShape(Given):
    """A paper with its measures."""

    number: str = Field(min_length=1, max_length=80, description="Its number.", examples=["10270/24"])
    kind: ListedCode = Field(description="Code of the list `instrument_kinds`.", examples=["action_plan"])
    title: Texts
    body: str = Field(default="", max_length=200, description="Who issued it.")
    date: Day | None = Field(default=None, description="A day, YYYY-MM-DD, or null.")
    language: Tongue = Field(default="en", description="Language of the original.")
    markings: list[str] = Field(default=[], description="Markings printed on it.")
    predecessors: list[str] = Field(default=[], description="Numbers of papers that it follows.")
    successors: list[str] = Field(default=[], description="Numbers of papers that follow it.")
    documents: list[PaperDocumentShape] = Field(default=[], description="Papers that it refers to.")
    measures: Sequence[PaperMeasureShape] = Field(default=[], description="Its measures, in its order.")


class EntryBodyGiven(Given):
    """What your authority says of a measure."""

    kind: ListedCode = Field(description="Code of the list `entry_kinds`.", examples=["status"])
    text: Texts = Field(default={})
    day: Day | None = Field(default=None, description="A day, YYYY-MM-DD, or null.")
    status: ListedCode = Field(default="", description="Of a status: code of the list `measure_statuses`.")
    obstacle: ListedCode = Field(default="", description="Code of the list `obstacle_kinds`, or empty.")
    state: State = ""
    figure: PaperFigureShape | None = Field(default=None, description="A figure, with its source.")
    document: PaperDocumentShape | None = Field(default=None, description="Of a document: which.")
    source: PaperSourceShape = Field(default=PaperSourceShape(), description="Where it stands.")
    evidence_of: Annotated[str, Field(pattern="^([0-9a-f]{32})?$")] = Field(
        default="", description="Of evidence: the entry that it proves, or empty."
    )


class SourceToldShape(PaperSourceShape):
    """Where a figure or a claim stands, or what of this platform it was counted from."""

    model_config = _TOLD

    taken: str = Field(default="", description="What it was counted from here; empty: it was typed.")
    taken_at: str | None = Field(default=None, description="When it was counted.")


class FigureToldShape(PaperFigureShape):
    """A number with its unit and its source."""

    model_config = _TOLD

    source: SourceToldShape = SourceToldShape()


class MeasureToldShape(PaperMeasureShape):
    """One measure or recommendation as it is kept."""

    model_config = _TOLD

    baseline: FigureToldShape | None = None
    target: FigureToldShape | None = None


class PaperToldShape(PaperBodyShape):
    """A paper with its measures, as it is kept."""

    model_config = _TOLD

    measures: Sequence[MeasureToldShape] = []


class EntryToldShape(EntryBodyGiven):
    """What an authority says of a measure."""

    model_config = _TOLD

    instrument: Reference
    measure: MeasureKey
    figure: FigureToldShape | None = None
    source: SourceToldShape = SourceToldShape()
    evidence_of: str = Field(default="", description="The entry that it proves, or empty.")


class MeasureFindingShape(Told):
    """Something that somebody should look at."""

    code: str = Field(description="no_deadline, late, silent, unevidenced, unverified, contested, conflict,"
                                  " figures_differ.")  # fmt: skip
    about: list[str] = Field(description="References of the entries.")


class MeasureStandingShape(Told):
    """How a measure stands, from what you may see."""

    key: MeasureKey
    status: str | None = Field(description="Code of `measure_statuses`; null: not known, for nobody has said.")
    since: str | None
    said_by: str = Field(description="Authority that said so last; empty: nobody.")
    conflict: bool = Field(description="Authorities differ on the status.")
    verified: bool = Field(description="Confirmed by another authority, contested by none.")
    over: bool = Field(description="Done, stopped or carried over.")
    findings: list[MeasureFindingShape]


class CodeShape(Told):
    """One code of a list."""

    code: str
    label: str


class CodeListsShape(Told):
    """The code lists of the follow-up."""

    lists: dict[str, list[CodeShape]]
