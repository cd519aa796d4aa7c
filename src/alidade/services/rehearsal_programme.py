"""Rehearsal of the follow-up: an invented plan with its successor, entries, a round, meetings and a frozen report.

Everything in it is invented and says so; it goes through the real use cases, so that no page of the room is empty.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.programme.agenda import Meeting, Preparation
from alidade.programme.carrying import Step
from alidade.programme.register import DocumentRef, Entry, Figure, Instrument, Measure, Source, Verification
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.programme.register import add_entry, carry_over, keep_paper, verify
from alidade.services.programme.reports import ReportOrder, freeze, keep_meeting
from alidade.services.programme.rounds import answer_round, hold_round
from alidade.services.rehearsal_analysis import rehearse_analysis
from alidade.services.rehearsal_evaluations import RehearsedEvaluations, rehearse_evaluations
from alidade.services.rehearsal_rounds import RehearsedRounds, rehearse_rounds

NL, ES, PT, BE = ("nl-police", "es-gendarmerie", "pt-judicial", "be-customs")
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedProgramme:
    """The references of what was kept: the plan, its successor, the round on it, the frozen report, evaluations."""

    plan: str
    successor: str
    round: str
    report: str
    evaluations: RehearsedEvaluations
    rounds: RehearsedRounds


def rehearse_programme(node: Node) -> RehearsedProgramme:
    """Keep an invented plan and what four authorities of the cocaine route say of it."""
    today = node.store.clock.now().date()
    play = _Play(node=node, today=today)
    plan = keep_paper(node, play.officer(NL), _plan(today))
    play.say(plan)
    successor = keep_paper(node, play.officer(NL), _successor(today))
    steps = [
        Step(measure="1", how="continued", into="1"),
        Step(measure="2", how="merged", into="1"),
        Step(measure="4", how="narrowed", into="2"),
    ]
    carry_over(node, play.officer(NL), plan, successor, steps, 1)
    held = play.ask(plan)
    play.meet()
    rehearse_analysis(node, plan, held)
    report = freeze(
        node,
        play.officer(NL),
        ReportOrder(template="progress_report", instrument=plan, language="en"),
        untranslated=True,
    )
    return RehearsedProgramme(
        plan=plan,
        successor=successor,
        round=held,
        report=report,
        evaluations=rehearse_evaluations(node),
        rounds=rehearse_rounds(node, held),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Play:
    node: Node
    today: dt.date

    def officer(self, authority: str) -> Actor:
        return act_as(self.node, OfficerId(f"{authority}/policy"), purpose="18.2.a")

    def day(self, ago: int) -> dt.date:
        return self.today - ago * _DAY

    def say(self, plan: str) -> None:
        """What was said of the measures; one status is confirmed by another authority, one is contested."""

        def said(by: str, measure: str, kind: str, ago: int, en: str = "", fr: str = "", **more: Any) -> str:
            texts = {tag: text for tag, text in (("en", en), ("fr", fr)) if text}
            entry = Entry(instrument=plan, measure=measure, kind=kind, day=self.day(ago), text=texts, **more)
            return add_entry(self.node, self.officer(by), entry)

        paper = Source(document="INV 101/26", paragraph="12")
        said(NL, "1", "status", 200, status="under_way")
        done = said(NL, "1", "status", 20, status="done", source=paper)
        said(NL, "1", "document", 20, document=DocumentRef(number="INV 101/26", date=self.day(20)))
        french = {"fr": "visites de ports"}
        visits = Figure(value=17, unit="visits to ports", unit_texts=french, parts=(9, 5, 3), source=paper)
        said(BE, "1", "result", 40, "Ports were visited together.", "Des ports ont été visités.", figure=visits)
        verify(self.node, self.officer(ES), Verification(entry=done, ruling="confirmed"))
        running = said(ES, "2", "status", 90, status="under_way")
        verify(
            self.node,
            self.officer(PT),
            Verification(entry=running, ruling="contested", reason="The second phase was not agreed."),
        )
        said(
            PT, "2", "obstacle", 60, "No budget for the scanners.", "Pas de budget pour les scanners.",
            obstacle="resources",
        )  # fmt: skip
        said(PT, "3", "status", 150, status="partly_done")
        said(
            BE, "3", "good_practice", 30, "One contact point for all terminals.",
            "Un point de contact unique pour tous les terminaux.",
        )  # fmt: skip
        said(
            BE, "3", "training_need", 30, "Reading of container reference codes.",
            "Lecture des codes de référence des conteneurs.",
        )  # fmt: skip
        said(NL, "4", "next_step", 5, "Proposal to the next meeting.", "Proposition à la prochaine réunion.")

    def ask(self, plan: str) -> str:
        """A round that closes in a week: two States have answered, one has begun, one is silent."""
        keys = ("1", "2", "3", "4")
        questions = tuple(
            Question(
                key=key,
                measure=key,
                text={"en": f"What was done about measure {key}?", "fr": f"Qu’a-t-on fait sur la mesure {key} ?"},
            )
            for key in keys
        )
        asked = Round(
            title={"en": "Follow-up of the port plan (invented)", "fr": "Suivi du plan pour les ports (inventé)"},
            instrument=plan,
            questions=questions,
            asked=(NL, ES, PT, BE),
            opens=self.day(40),
            cut_off=self.today + 7 * _DAY,
            languages=("en", "fr"),
        )
        held = hold_round(self.node, self.officer(NL), asked)

        def part(key: str, kind: str, en: str = "", **more: Any) -> Part:
            return Part(question=key, kind=kind, text={"en": en} if en else {}, **more)

        belgium = (
            part("1", "done", "Joint visits are standing practice since spring."),
            part("2", "planned", obstacle="law"),
            part("3", "cross-reference", see="1"),
            part("4", "not-competent", competent="Federal prosecution service"),
        )
        spain = (
            part("1", "partly", "Two of four ports take part."),
            part("2", "reported", "A working group meets every month.", joint_with=("PRT",)),
            part("3", "no-information"),
        )
        said = ((BE, "BEL", belgium, True), (ES, "ESP", spain, True), (NL, "NLD", spain[:1], False))
        for who, state, parts, submitted in said:
            answer = Answer(round=held, state=state, parts=parts, publish=True, submitted=submitted)
            answer_round(self.node, self.officer(who), answer)
        return held

    def meet(self) -> None:
        """A meeting in two weeks with what must be ready for it, and the presidency in which it falls."""
        report = Preparation(text={"en": "Progress report", "fr": "Rapport d’avancement"}, days_before=7, owner=NL)
        figures = Preparation(text={"en": "Figures of the ports", "fr": "Chiffres des ports"}, days_before=14, owner=BE)
        keep_meeting(
            self.node,
            self.officer(NL),
            Meeting(
                title={"en": "Meeting of officials (invented)", "fr": "Réunion de fonctionnaires (inventée)"},
                forum="PORTS",
                starts=self.today + 14 * _DAY,
                ends=self.today + 15 * _DAY,
                place="Rotterdam",
                preparations=(report, figures),
            ),
        )
        keep_meeting(
            self.node,
            self.officer(NL),
            Meeting(
                title={"en": "Presidency (invented)", "fr": "Présidence (inventée)"},
                kind="presidency",
                starts=self.day(120),
                ends=self.today + 60 * _DAY,
            ),
        )


def _plan(today: dt.date) -> Instrument:
    def measure(key: str, en: str, fr: str, **more: Any) -> Measure:
        return Measure(key=key, title={"en": en, "fr": fr}, **more)

    return Instrument(
        number="INV 100/25",
        kind="action_plan",
        title={"en": "Plan for safer ports (invented)", "fr": "Plan pour des ports plus sûrs (inventé)"},
        body="Rehearsal presidency",
        date=today - 400 * _DAY,
        documents=(DocumentRef(number="INV 101/26", title="Report on visits (invented)"),),
        measures=(
            measure(
                "1", "Visit ports together", "Visiter les ports ensemble", addressees=("BEL", "NLD", "ESP", "PRT"),
                deadline=today - 10 * _DAY, forum=("PORTS",), indicator="ports visited",
            ),
            measure("2", "Scan more containers", "Contrôler davantage de conteneurs", deadline=today - 30 * _DAY),
            measure("3", "Work with terminals", "Travailler avec les terminaux", deadline=today + 100 * _DAY),
            measure("4", "Share lists of suspicious consignments", "Partager les listes d’envois suspects"),
            measure("5", "Train port staff", "Former le personnel portuaire", deadline_said="as soon as possible"),
        ),
    )  # fmt: skip


def _successor(today: dt.date) -> Instrument:
    return Instrument(
        number="INV 200/26",
        kind="action_plan",
        title={
            "en": "Second plan for safer ports (invented)",
            "fr": "Deuxième plan pour les ports (inventé)",
        },
        body="Rehearsal presidency",
        date=today - 15 * _DAY,
        measures=(
            Measure(key="1", title={"en": "Joint control of ports", "fr": "Contrôle conjoint des ports"}),
            Measure(key="2", title={"en": "One list of suspicious consignments", "fr": "Une liste d’envois suspects"}),
        ),
    )
