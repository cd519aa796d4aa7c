"""Rehearsal of mutual evaluations: one State in its follow-up, late with a reply, and one before its visit.

Everything in it is invented and says so; it goes through the real use cases.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.programme.evaluation_pieces import Comments, DraftReport, Expert
from alidade.programme.evaluation_stages import StageCode
from alidade.programme.evaluations import OTHER_STATES
from alidade.programme.register import DocumentRef, Entry, Texts, Verification
from alidade.programme.rounds import Answer, Part, Question, Recommendation, Round
from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.programme.evaluation_reports import (
    Adoption,
    FollowUpOrder,
    adopt_report,
    comment_on_draft,
    keep_draft,
    open_follow_up,
)
from alidade.services.programme.evaluations import (
    BeginOrder,
    Plan,
    PlannedVisit,
    begin_evaluations,
    change_plan,
    move_evaluation,
    read_evaluation,
)
from alidade.services.programme.register import add_entry, verify
from alidade.services.programme.rounds import answer_round, hold_round

NL, ES, PT, BE = ("nl-police", "es-gendarmerie", "pt-judicial", "be-customs")
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedEvaluations:
    """The references: the questionnaire, the evaluation in its follow-up, and the one before its visit."""

    questionnaire: str
    followed_up: str
    before_visit: str


def rehearse_evaluations(node: Node) -> RehearsedEvaluations:
    """Hold an invented round of evaluations in which two States are visited."""
    play = _Evaluating(node=node, today=node.store.clock.now().date())
    asked = play.ask()
    visits = (
        PlannedVisit(state="BEL", visit_from=play.day(700), visit_to=play.day(697)),
        PlannedVisit(state="PRT"),
    )
    order = BeginOrder(
        round=asked, title=_both("Drug trafficking (invented)", "Trafic de drogues (inventé)"), visits=visits
    )
    belgium, portugal = begin_evaluations(node, play.officer(NL), order)
    play.visited(belgium)
    play.planned(portugal)
    return RehearsedEvaluations(questionnaire=asked, followed_up=belgium, before_visit=portugal)


def _both(en: str, fr: str) -> Texts:
    return {"en": en, "fr": fr}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evaluating:
    node: Node
    today: dt.date

    def officer(self, authority: str) -> Actor:
        return act_as(self.node, OfficerId(f"{authority}/policy"), purpose="18.2.a")

    def day(self, ago: int) -> dt.date:
        return self.today - ago * _DAY

    def version(self, evaluation: str) -> int:
        return read_evaluation(self.node, self.officer(NL), evaluation).kept.version

    def move(self, evaluation: str, to: StageCode, reason: str) -> None:
        move_evaluation(self.node, self.officer(NL), evaluation, to, self.version(evaluation), reason)

    def ask(self) -> str:
        """The questionnaire, which both States have answered."""
        words = (
            ("Q1", "Which service leads investigations in ports?", "Quel service dirige les enquêtes dans les ports ?"),
            ("Q2", "How are findings shared with other States?", "Comment les constats sont-ils partagés ?"),
        )
        asked = Round(
            title=_both("Questionnaire of the evaluations (invented)", "Questionnaire des évaluations (inventé)"),
            questions=tuple(Question(key=key, text=_both(en, fr)) for key, en, fr in words),
            asked=(BE, PT),
            opens=self.day(800),
            cut_off=self.day(740),
            languages=("en", "fr"),
        )
        held = hold_round(self.node, self.officer(NL), asked)
        for who, state in ((BE, "BEL"), (PT, "PRT")):
            parts = tuple(
                Part(question=key, kind="reported", text={"en": "Described in the annex."}) for key, *_ in words
            )
            answer = Answer(round=held, state=state, parts=parts, publish=True, submitted=True)
            answer_round(self.node, self.officer(who), answer)
        return held

    def planned(self, evaluation: str) -> None:
        """Portugal: the team is named, the visit is in three weeks."""
        plan = Plan(
            visit_from=self.today + 21 * _DAY,
            visit_to=self.today + 24 * _DAY,
            experts=(
                Expert(state="BEL", authority=BE, field="customs"),
                Expert(state="ESP", authority=ES, field="police"),
                Expert(state="ITA", field="prosecution"),
            ),
            observers=("European Commission", "Europol"),
            draft_by=self.today + 80 * _DAY,
            comments_by=self.today + 110 * _DAY,
            adoption_by=self.today + 150 * _DAY,
        )
        self.move(evaluation, "answered", "The answers have come in.")
        change_plan(self.node, self.officer(NL), evaluation, plan, self.version(evaluation), "Agreed with the State")
        self.move(evaluation, "visit", "Visit and team are agreed.")

    def visited(self, evaluation: str) -> None:
        """Belgium: adopted nineteen months ago, asked again, and late with one reply."""
        node, holder = self.node, self.officer(NL)
        plan = Plan(
            visit_from=self.day(700),
            visit_to=self.day(697),
            experts=(
                Expert(state="ESP", authority=ES, field="police"),
                Expert(state="PRT", authority=PT, field="prosecution"),
            ),
            observers=("European Commission",),
            draft_by=self.day(640),
            comments_by=self.day(600),
            adoption_by=self.day(565),
        )
        self.move(evaluation, "answered", "The answers have come in.")
        change_plan(node, holder, evaluation, plan, self.version(evaluation), "Agreed with the State")
        self.move(evaluation, "visit", "Visit and team are agreed.")
        keep_draft(node, holder, _draft(evaluation), 0)
        self.move(evaluation, "draft", "The team has agreed on the draft.")
        on = {"3": {"en": "A law is needed for this."}}
        said = Comments(evaluation=evaluation, state="BEL", text={"en": "We agree with the findings."}, on=on)
        comment_on_draft(node, self.officer(BE), said)
        adoption = Adoption(
            day=self.day(560), document=DocumentRef(number="INV 300/25"), body="Rehearsal working party"
        )
        paper = adopt_report(node, holder, evaluation, adoption, self.version(evaluation), "Adopted without debate")
        self.follow_up(evaluation, paper)

    def follow_up(self, evaluation: str, paper: str) -> None:
        """The round on the recommendations, a reply that lacks one of them, and what stands in the register."""
        order = FollowUpOrder(
            title=_both("Follow-up of INV 300/25 (invented)", "Suivi de INV 300/25 (inventé)"),
            opens=self.day(60),
            cut_off=self.day(12),
        )
        reason = "The eighteen months are nearly over."
        held = open_follow_up(self.node, self.officer(NL), evaluation, order, self.version(evaluation), reason)
        parts: list[Any] = [
            Part(question="1", kind="done", text={"en": "One contact point since spring."}),
            Part(question="2", kind="partly", text={"en": "Two of three services take part."}, obstacle="resources"),
        ]
        answer = Answer(round=held, state="BEL", parts=tuple(parts), publish=True, submitted=True)
        answer_round(self.node, self.officer(BE), answer)
        done = Entry(instrument=paper, measure="1", kind="status", status="done", day=self.day(90), state="BEL")
        said = add_entry(self.node, self.officer(BE), done)
        verify(self.node, self.officer(ES), Verification(entry=said, ruling="confirmed"))
        way = Entry(instrument=paper, measure="2", kind="status", status="partly_done", day=self.day(30), state="BEL")
        add_entry(self.node, self.officer(BE), way)


def _draft(evaluation: str) -> DraftReport:
    def to(number: str, addressee: str, en: str, fr: str) -> Recommendation:
        return Recommendation(number=number, addressee=addressee, text=_both(en, fr))

    return DraftReport(
        evaluation=evaluation,
        document=DocumentRef(number="INV 290/25"),
        findings=(
            _both("Ports and police keep separate lists.", "Les ports et la police tiennent des listes séparées."),
            _both("Prosecutors are involved late.", "Les procureurs sont associés tardivement."),
        ),
        good_practices=(_both("Joint training of port staff.", "Formation commune du personnel portuaire."),),
        recommendations=(
            to(
                "1", "BEL", "Name one contact point for all ports.", "Désigner un point de contact pour tous les ports."
            ),
            to("2", "BEL", "Keep one list for all services.", "Tenir une seule liste pour tous les services."),
            to("3", "BEL", "Involve prosecutors from the start.", "Associer les procureurs dès le début."),
            to("4", OTHER_STATES, "Send liaison officers to large ports.", "Envoyer des officiers de liaison."),
            to("5", "Europol", "Offer a template for joint lists.", "Proposer un modèle de liste commune."),
        ),
    )
