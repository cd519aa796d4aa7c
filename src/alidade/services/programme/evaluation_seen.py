"""What a viewer sees of a mutual evaluation: the course, and beside it what he may of draft, comments and replies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.errors import Conflict, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.programme.evaluation_pieces import Comments, Course, DraftReport, FollowUp
from alidade.programme.evaluation_stages import Allowed, Need, stages
from alidade.programme.evaluations import Facts, NextDue, Passage, lacking, next_due, passages
from alidade.programme.register import Instrument
from alidade.programme.rounds import Cell, KeptAnswer, Round, matrix
from alidade.programme.standing import Standing, stand
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import Kept, default_handling
from alidade.services.programme.register import INSTRUMENT, entries_of, verifications_of
from alidade.services.programme.rounds import ROUND, answers_of
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading

__all__ = ["COMMENTS", "DRAFT", "EVALUATION", "Evaluated", "FollowUpSeen", "Surroundings", "audience_of_draft"]
__all__ += ["evaluation_title", "require_stage", "seen_of", "state_of", "to_change"]

EVALUATION: Final = "evaluation"
DRAFT: Final = "evaluation_draft"
COMMENTS: Final = "evaluation_comments"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpSeen:
    """A round on the recommendations, with the replies that the viewer may see; None where he may not see it."""

    follow_up: FollowUp
    kept: Kept[Round] | None
    cells: Mapping[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """An evaluation as its viewer reads it.

    `draft` and `comments` are there for those who may see them. `standings` are of the recommendations in the
    register, by number. `own`: his authority holds it; `of_state`: it is one of the State visited that is asked.
    """

    kept: Kept[Course]
    facts: Facts
    due: NextDue | None
    passages: Sequence[Passage]
    lacking: Sequence[Need]
    draft: Kept[DraftReport] | None
    comments: Sequence[Kept[Comments]]
    standings: Mapping[str, Standing]
    follow_ups: Sequence[FollowUpSeen]
    questionnaire: Kept[Round] | None
    own: bool
    of_state: bool


def seen_of(view: ReaderView, reference: str, actor: Actor, today: dt.date) -> Evaluated:
    """An evaluation as far as the viewer may see it. Raises NotFound."""
    kept = pieces.one(view, EVALUATION, reference, Course)
    around = Surroundings(view)
    facts, course = around.of(kept), kept.body
    paper = view.piece(course.instrument) if course.instrument else None
    standings: Mapping[str, Standing] = {}
    if paper is not None and paper.kind == INSTRUMENT:
        measures = pieces.one(view, INSTRUMENT, course.instrument, Instrument).body
        standings = stand(measures, entries_of(view, course.instrument), verifications_of(view), today)
    return Evaluated(
        kept=kept,
        facts=facts,
        due=next_due(course, facts, today),
        passages=passages(course),
        lacking=lacking(course, facts, today),
        draft=around.draft_of(kept),
        comments=around.comments_on(kept),
        standings=standings,
        follow_ups=[around.follow_up(each) for each in course.follow_ups],
        questionnaire=around.rounds.get(course.round),
        own=kept.authority == actor.viewer.authority,
        of_state=actor.viewer.authority in course.asked,
    )


def to_change(tx: Transaction, actor: Actor, reference: str, allowed: Allowed | None = None) -> Evaluated:
    """An evaluation that one's own authority holds, and that is at a stage which allows this.

    Raises NotFound for one of another, Conflict where the stage does not allow it.
    """
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        seen = seen_of(view, reference, actor, tx.now.date())
    if not seen.own:
        raise NotFound("There is nothing with this reference that you may see.")
    require_stage(seen.kept.body, allowed)
    return seen


def require_stage(course: Course, allowed: Allowed | None) -> None:
    """Raises Conflict where the stage of the evaluation does not allow this any more, or not yet."""
    if allowed is not None and allowed not in stages()[course.stage].allows:
        raise Conflict(
            "The evaluation is not at a stage at which this can be done.",
            remedy="See on its page where it stands.",
            code="evaluation_stage",
        )


class Surroundings:
    """Rounds, answers, drafts and comments that a viewer may see, read once for all evaluations."""

    def __init__(self, view: ReaderView) -> None:
        self.rounds = {kept.reference: kept for kept in pieces.every(view, ROUND, Round)}
        self.drafts = pieces.every(view, DRAFT, DraftReport)
        self.comments = pieces.every(view, COMMENTS, Comments)
        self.answers: list[KeptAnswer] = answers_of(view)

    def draft_of(self, kept: Kept[Course]) -> Kept[DraftReport] | None:
        """The draft, which is the holder's."""
        return next(
            (d for d in self.drafts if d.body.evaluation == kept.reference and d.authority == kept.authority), None
        )

    def comments_on(self, kept: Kept[Course]) -> list[Kept[Comments]]:
        """The comments of those of the State visited who are asked."""
        return [c for c in self.comments if c.body.evaluation == kept.reference and c.authority in kept.body.asked]

    def follow_up(self, follow_up: FollowUp) -> FollowUpSeen:
        """A round on the recommendations with its replies."""
        kept = self.rounds.get(follow_up.round)
        cells = {} if kept is None else matrix(kept.body, self._answers_to(follow_up.round))
        return FollowUpSeen(follow_up=follow_up, kept=kept, cells=cells)

    def of(self, kept: Kept[Course]) -> Facts:
        """What is seen beside a course."""
        course = kept.body
        draft = self.draft_of(kept)
        asked = self.rounds.get(course.round)
        spoken = {} if asked is None else matrix(asked.body, self._answers_to(course.round))
        cells = [
            cell
            for each in course.follow_ups
            if each.to == "visited"
            for cell in self.follow_up(each).cells.values()
            if cell.state == course.state and cell.kind is not None
        ]
        return Facts(
            answered=any(state == course.state and cell.kind is not None for (state, _), cell in spoken.items()),
            commented=bool(self.comments_on(kept)),
            draft=None if draft is None else draft.body,
            replied=frozenset(cell.question for cell in cells),
        )

    def _answers_to(self, reference: str) -> list[KeptAnswer]:
        return [each for each in self.answers if each.answer.round == reference]


def audience_of_draft(node: Node, holder: AuthorityId, course: Course, how: Handling) -> Handling:
    """Who sees the draft: the team, and from the stage "draft" the State visited; as secret as the evaluation."""
    heard = course.asked if course.stage not in ("questionnaire", "answered", "visit") else ()
    readers = {AuthorityId(each) for each in (*course.team, *heard)} - {holder}
    own = default_handling(node, holder, communities=())
    return msgspec.structs.replace(own, released_to=tuple(sorted(readers)), classification=how.classification)


def state_of(node: Node, tx: Transaction, authority: AuthorityId) -> str:
    """The State of an authority (alpha-3), empty for a body of no State. Raises NotFound."""
    country = node.vocabulary.countries.get(directory.authority(tx, authority).party.state or "")
    return "" if country is None else country.alpha3


def evaluation_title(course: Course) -> str:
    """What an evaluation is kept under."""
    return f"{course.state} {next(text for text in course.title.values() if text.strip())}"[:200]
