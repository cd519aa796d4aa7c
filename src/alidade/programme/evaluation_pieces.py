"""The pieces of a mutual evaluation: its course, the draft report, and the comments of the State visited.

No person is named: an expert is the State (or authority) that sends one, and the field he knows.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta

from alidade.model.errors import Invalid
from alidade.programme.evaluation_stages import StageCode
from alidade.programme.register import DocumentRef, Record, Texts
from alidade.programme.rounds import Recommendation

__all__ = ["Comments", "Course", "DraftReport", "Expert", "FollowUp", "Move", "check_adoption", "check_comments"]
__all__ += ["check_course", "check_draft", "checked"]

_NUMBER: Final = re.compile(r"[0-9A-Za-z.()_-]{1,20}")
_Reference = Annotated[str, Meta(min_length=32, max_length=32)]
_Alpha3 = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]
_Reason = Annotated[str, Meta(max_length=500)]
Body = TypeVar("Body", bound=Record)


class Expert(Record, frozen=True, kw_only=True):
    """An expert of the team: from which State, of which authority here as far as known, for which field. No name."""

    state: _Alpha3
    authority: Annotated[str, Meta(max_length=80)] = ""
    field: Annotated[str, Meta(max_length=120)] = ""


class Move(Record, frozen=True, kw_only=True):
    """One step of the course: to which stage, on which day, and why."""

    stage: StageCode
    day: dt.date
    reason: _Reason = ""


class FollowUp(Record, frozen=True, kw_only=True):
    """A round (reference) on the recommendations that went to the State visited, or on those to other States."""

    round: _Reference
    to: Literal["visited", "others"] = "visited"


class Course(Record, frozen=True, kw_only=True):
    """An evaluation of one State in a round of them, with all that is decided.

    `round` is the questionnaire (reference), `asked` the authorities of the State visited that answer and comment.
    `draft_by`, `comments_by` and `adoption_by` are days that the holder has set; None is "none set". `report` to
    `recommendations` are filled on adoption, `instrument` is the paper in the register that holds the
    recommendations, `follow_ups` are the rounds on them. `moves` is the history, oldest first.
    """

    title: Texts
    state: _Alpha3
    round: _Reference
    asked: tuple[str, ...]
    answers_by: dt.date
    stage: StageCode = "questionnaire"
    visit_from: dt.date | None = None
    visit_to: dt.date | None = None
    experts: tuple[Expert, ...] = ()
    observers: tuple[Annotated[str, Meta(max_length=80)], ...] = ()
    draft_by: dt.date | None = None
    comments_by: dt.date | None = None
    adoption_by: dt.date | None = None
    adopted_on: dt.date | None = None
    report: DocumentRef | None = None
    findings: tuple[Texts, ...] = ()
    good_practices: tuple[Texts, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    instrument: Annotated[str, Meta(max_length=32)] = ""
    follow_ups: tuple[FollowUp, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def team(self) -> tuple[str, ...]:
        """The authorities here that send experts."""
        return tuple(dict.fromkeys(expert.authority for expert in self.experts if expert.authority))


class DraftReport(Record, frozen=True, kw_only=True):
    """What the team found, before it is adopted; shown to the team, and from the stage "draft" to the State visited."""

    evaluation: _Reference
    document: DocumentRef | None = None
    findings: tuple[Texts, ...] = ()
    good_practices: tuple[Texts, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()


class Comments(Record, frozen=True, kw_only=True):
    """What the State visited says of the draft: on the whole, and on single recommendations by their number."""

    evaluation: _Reference
    state: _Alpha3
    text: Texts = msgspec.field(default_factory=dict)
    on: dict[Annotated[str, Meta(max_length=20)], Texts] = msgspec.field(default_factory=dict)
    none: bool = False


def checked(record: Body) -> Body:
    """The record, strictly read as it will be from the store. Raises Invalid where it could not be read again."""
    try:
        return msgspec.json.decode(msgspec.json.encode(record), type=type(record))
    except msgspec.DecodeError as error:
        where = str(error).rpartition("`$.")[2].rstrip("`") or "whole"
        raise Invalid(f"The evaluation cannot be kept: {where} is not as it must be.") from error


def check_course(course: Course) -> None:
    """Raises Invalid for a visit that ends before it begins, and an expert of the State visited or named twice."""
    if not any(text.strip() for text in course.title.values()):
        raise Invalid("The evaluation has no title.", remedy="Give its title in one language at least.")
    if (course.visit_from is None) != (course.visit_to is None):
        raise Invalid("A visit has a first and a last day.", remedy="Give both, or neither.")
    if course.visit_from is not None and course.visit_to is not None and course.visit_to < course.visit_from:
        raise Invalid("The visit ends before it begins.", remedy="Correct one of the two days.")
    if any(expert.state == course.state for expert in course.experts):
        raise Invalid("An expert may not be of the State that is visited.", remedy="Name one of another State.")
    if len(set(course.experts)) < len(course.experts):
        raise Invalid("An expert stands there twice.", remedy="Name each once; say the field where there are two.")
    planned = [each for each in (course.visit_to, course.draft_by, course.comments_by, course.adoption_by) if each]
    if planned != sorted(planned):
        raise Invalid("The days do not follow each other.", remedy="Order them: visit, draft, comments, adoption.")
    checked(course)


def check_draft(draft: DraftReport, course: Course) -> None:
    """Raises Invalid for an empty finding, or a recommendation without words, addressee or a number of its own."""
    for texts in (*draft.findings, *draft.good_practices):
        if not any(text.strip() for text in texts.values()):
            raise Invalid("A finding or good practice says nothing.", remedy="Write it, or take it out.")
    seen: set[str] = set()
    for each in draft.recommendations:
        if not _NUMBER.fullmatch(each.number):
            raise Invalid(
                f"{each.number!r} is no number of a recommendation.",
                remedy="Use digits and letters, such as 4 or 2c.",
            )
        if each.number in seen:
            raise Invalid(f"Recommendation {each.number} stands there twice.", remedy="Give each a number of its own.")
        seen.add(each.number)
        if not any(text.strip() for text in each.text.values()):
            raise Invalid(f"Recommendation {each.number} has no words.", remedy="Write it in one language at least.")
        if not each.addressee.strip():
            raise Invalid(
                f"Recommendation {each.number} is addressed to nobody.",
                remedy="Address it to a State or a body of the Union.",
            )
    checked(draft)


def check_comments(comments: Comments, course: Course, draft: DraftReport) -> None:
    """Raises Invalid for comments of another State, on no recommendation of the draft, or with nothing in them."""
    if comments.state != course.state:
        raise Invalid("Only the State that is visited comments on the draft.")
    unknown = sorted(set(comments.on) - {each.number for each in draft.recommendations})
    if unknown:
        raise Invalid(f"The draft has no recommendation {unknown[0]}.", remedy="Comment on one of its recommendations.")
    said = any(text.strip() for texts in (comments.text, *comments.on.values()) for text in texts.values())
    if said == comments.none:
        raise Invalid(
            "Either there are comments, or the State has none.", remedy="Write them, or say that it has none."
        )
    checked(comments)


def check_adoption(course: Course, day: dt.date, document: DocumentRef, today: dt.date) -> None:
    """Raises Invalid for an adoption in time to come or before the visit was over, and for one without a document."""
    if not document.number.strip():
        raise Invalid("The adopted report has no number.", remedy="Give the number of the document.")
    if day > today:
        raise Invalid("The day of the adoption lies ahead.", remedy="Enter it once the report is adopted.")
    if course.visit_to is not None and day <= course.visit_to:
        raise Invalid("The report cannot be adopted before the visit is over.", remedy="Correct the day.")
