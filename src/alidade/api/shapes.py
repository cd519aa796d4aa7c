"""Shapes: the forms that several addresses take or give, each field described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from alidade.api.problems import Problem
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId

REFERENCE = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
Reference = Annotated[
    str, Field(pattern="^[0-9a-f]{32}$", description="A random reference, 32 hex digits.", examples=[REFERENCE])
]
AuthorityCode = Annotated[
    str, Field(pattern="^[a-z0-9-]{1,64}$", description="Code of an authority.", examples=["nl-politie"])
]
Language = Annotated[
    Literal["en", "fr", "es", "pt", "pt_BR"], Field(description="Language of sentences in the answer.")
]
Action = Annotated[
    Literal["read", "match", "hit_notify", "merge", "forward", "court", "third_country", "export", "correct"],
    Field(description="What is done with a record.", examples=["court"]),
]
Ruling = Annotated[
    Literal["same", "not_the_same", "unsure"], Field(description="What a person ruled.", examples=["same"])
]
Day = Annotated[
    str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="A day, YYYY-MM-DD.", examples=["2027-06-30"])
]
Code = Annotated[str, Field(pattern="^[A-Za-z0-9_.:/() +-]{1,80}$")]
Text = Annotated[str, Field(min_length=1, max_length=512)]
Responses = Mapping[int, Any]


class Given(BaseModel):
    """What a program sends: only the fields described, each of its own type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """What a program is told."""

    model_config = ConfigDict(from_attributes=True)


def answers(told: Any, *statuses: int, body: bool = False, status: int = 200) -> dict[int, Any]:
    """The answers of an address: what it gives, and the problems that it may report."""
    common = (401, 422, 429, 500, 503) + ((400, 413, 415) if body else ())
    return {status: told} | dict.fromkeys(sorted({*common, *statuses}), Problem)


class HandlingShape(Told):
    """The conditions under which something was given."""

    owner: str = Field(description="Code of the authority that gave it.")
    codes: list[str] = Field(description="Handling codes H0 to H3 (list `handling`).")
    restriction: str = Field(description="Text of the restriction (H3), or empty.")
    conditions: list[str] = Field(description="Codes of the list `conditions`.")
    hit: str = Field(description="`visible`: others learn that there is something; `silent`: only the owner does.")
    classification: str = Field(description="Code of the list `classifications`.")
    purposes: list[str] = Field(description="Purposes it was given for (list `purposes`).")
    released_to: list[str] = Field(description="Authorities that may read it.")
    excluded: list[str] = Field(description="Authorities that may learn nothing of it.")
    communities: list[str] = Field(description="Communities that may read it.")
    case: str | None = Field(description="Only officers to whom this case is open may read it.")
    content: str = Field(description="`personal`, `non_personal` or `strategic`.")
    subject_category: str | None = Field(description="Data-subject category (list `subject_categories`).")
    crime_areas: list[str] = Field(description="Codes of the list `crime_areas`.")
    review_on: str | None = Field(description="Day on which the owner looks at it again.")
    expires_on: str | None = Field(description="After this day nothing is permitted any more.")
    version: int = Field(description="Version of the form of handlings.")


class HandlingGiven(Given):
    """The conditions under which you give something; you are its owner."""

    codes: list[Literal["H0", "H1", "H2", "H3"]] = Field(
        default=["H0"], max_length=4, description="Handling codes (list `handling`)."
    )
    restriction: str = Field(default="", max_length=2000, description="Text of the restriction; goes with H3.")
    conditions: list[Code] = Field(default=[], max_length=20, description="Codes of the list `conditions`.")
    hit: Literal["visible", "silent"] = Field(default="visible", description="What those learn who may not read it.")
    classification: Code = Field(default="BPL", description="Code of the list `classifications`.")
    purposes: list[Code] = Field(default=["18.2.a"], max_length=20, description="Codes of the list `purposes`.")
    released_to: list[AuthorityCode] = Field(default=[], max_length=200, description="Authorities that may read it.")
    excluded: list[AuthorityCode] = Field(default=[], max_length=200, description="Authorities that learn nothing.")
    communities: list[Code] = Field(
        default=[], max_length=50, description="Communities that may read it; `all` is everybody."
    )
    case: str | None = Field(default=None, max_length=200, description="Only for officers with this case.")
    content: Literal["personal", "non_personal", "strategic"] = Field(
        default="personal", description="Whether it tells of persons."
    )
    subject_category: Code | None = Field(
        default=None, description="Code of the list `subject_categories`; without it persons wait in quarantine."
    )
    crime_areas: list[Code] = Field(default=[], max_length=50, description="Codes of the list `crime_areas`.")
    review_on: Day | None = Field(default=None, description="Day on which you look at it again.")
    expires_on: Day | None = Field(default=None, description="Last day on which it permits anything.")

    def of(self, owner: AuthorityId) -> Handling:
        """The handling of its owner."""
        return Handling(
            owner=owner,
            codes=tuple(self.codes),
            restriction=self.restriction,
            conditions=tuple(self.conditions),
            hit=self.hit,
            classification=self.classification,
            purposes=tuple(self.purposes),
            released_to=tuple(AuthorityId(code) for code in self.released_to),
            excluded=tuple(AuthorityId(code) for code in self.excluded),
            communities=tuple(self.communities),
            case=self.case,
            content=self.content,
            subject_category=self.subject_category,
            crime_areas=tuple(self.crime_areas),
            review_on=self.review_on,
            expires_on=self.expires_on,
        )


class EvaluationShape(Told):
    """How reliable the source, how accurate the information."""

    source: str = Field(description="Grade of the source in 4x4: A, B, C or X.")
    information: str = Field(description="Grade of the information in 4x4: 1 to 4.")
    given: bool = Field(description="False where the provider gave none; then it stands as X4.")
    scheme: str = Field(description="Scheme in which the provider gave it.")
    original: str = Field(description="The grade as the provider wrote it.")


class StatementShape(Told):
    """One claim: who says it, how reliable it is, and under what conditions it was given."""

    statement: str = Field(description="Reference of the statement.")
    record: str = Field(description="Reference of the record.")
    thing: str = Field(description="Type of thing (list `things`).")
    owner: str = Field(description="Authority that gave it.")
    source_list: str = Field(description="List that it came with, or a reference.")
    source_key: str = Field(description="The owner's own number for the thing in that list.")
    contribution: str = Field(description="Reference of the contribution.")
    given_at: str = Field(description="When it was given (ISO 8601, UTC).")
    property: str = Field(description="What is said.")
    value: str = Field(description="The value in normal form.")
    original: str | None = Field(description="The value as it was written, where that differs.")
    language: str | None = Field(description="Language of the value.")
    evaluation: EvaluationShape
    handling: HandlingShape
    valid_from: str | None = Field(description="From when it is true (partial ISO 8601 date).")
    valid_to: str | None = Field(description="Until when it is true (partial ISO 8601 date).")
