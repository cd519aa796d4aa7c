"""Rehearsal of the exchange: invented threads in every state, through the real use cases, so that no inbox is empty.

Everything is laid out backwards from a moment: what is urgent is nearly due then, what is late is late then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from alidade.model.directory import Officer
from alidade.model.errors import Conflict
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.check import check
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.services.rehearsal import RehearsalClock
from alidade.services.threads.following import follow_hit
from alidade.services.threads.noting import add_note
from alidade.services.threads.offered import form_for
from alidade.services.threads.opening import open_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import Opening, StepOrder
from alidade.simulation import Scenario
from alidade.store import writing

PURPOSE: Final = "18.2.a"
CASE: Final = "INV-2026-0412"
NL, ES, PT, EU = (AuthorityId(code) for code in ("nl-police", "es-gendarmerie", "pt-judicial", "eu-centre"))
_NEIGHBOURS: Final = (ES, PT, EU, AuthorityId("be-customs"))

# What every request of the scenario says beside its own words.
_REQUEST: Final[Mapping[str, Any]] = {
    "offence": "drug_trafficking",
    "about_somebody": False,
    "urgent": False,
    "sent_by_spoc": True,
    "europol_copy": False,
    "europol_declined_because": "not_useful",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedThreads:
    """The references of the invented threads, by what each is there to show."""

    urgent: str
    overdue: str
    suspended: str
    answered: str
    translated: str
    waiting: str
    follow_up: str


def rehearse_threads(node: Node, clock: RehearsalClock, scenario: Scenario, now: datetime) -> RehearsedThreads:
    """Open invented threads between the authorities of the scenario, as they would stand at `now`.

    One urgent request nearly due, one overdue, one suspended for a clarification, one answered, one with a
    translation, one whose answer waits for a second officer, and the follow-up of a hit without content. When this
    begins, the clock must be 18 hours before `now` or earlier; it ends less than 7 hours before.
    """
    play = _Play(node=node, clock=clock, scenario=scenario, now=now)
    # In the order of time: the clock of a node never runs back.
    suspended = play.asked()
    translated = play.translated()
    answered = play.answered()
    play.suspend(suspended)
    overdue = play.overdue()
    waiting = play.waiting()
    follow_up = play.follow_up()
    return RehearsedThreads(
        overdue=overdue,
        suspended=suspended,
        translated=translated,
        answered=answered,
        waiting=waiting,
        follow_up=follow_up,
        urgent=play.urgent(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Play:
    node: Node
    clock: RehearsalClock
    scenario: Scenario
    now: datetime

    def overdue(self) -> str:
        """Portugal asked with urgency; the eight hours are over and nobody has answered."""
        self._at(hours=9, minutes=40)
        return self._request(
            PT,
            NL,
            "Warehouse near Rotterdam: who rents it?",
            asked="Who has rented the warehouse at the quay since March, and through which company?",
            facts="A container with a false wall was followed from Leixoes to this quay.",
            belief="The lease was notarised in the Netherlands.",
            urgent=True,
            urgency_grounds=("loss",),
            urgency_reasons="The lease ends this week.",
        )

    def asked(self) -> str:
        """The Centre asked about a list of numbers."""
        self._at(hours=18)
        return self._request(
            EU,
            NL,
            "Calls between two ports",
            asked="Which of the numbers of the list are known from cases at the port?",
            facts="The numbers come from a telephone that was seized at sea.",
            belief="Two of them have Dutch prefixes.",
        )

    def suspend(self, thread: str) -> None:
        """The Netherlands ask what is meant: the time stands still until the Centre says it."""
        self._at(hours=10)
        question = "Over which weeks? The list has no dates, and the numbers were given out anew in August."
        self._step(NL, thread, StepOrder(code="ask_clarification", values={"question": question}))
        note = "The port unit says it has the older numbers on paper only. Ask on Monday."
        add_note(self.node, self._officer(NL), thread, note)

    def translated(self) -> str:
        """Spain told something of its own accord, in Spanish; a translation stands beside it."""
        self._at(hours=17)
        told = "El buque cambió de nombre dos veces este año. El armador actual no figura en el registro."
        values = {
            "information": told,
            "reasons": "El buque se dirige a Rotterdam.",
            "offence": "drug_trafficking",
            "duty": "may",
            "urgent": False,
            "sent_by_spoc": True,
            "europol_copy": False,
            "europol_declined_because": "not_useful",
        }
        order = StepOrder(code="open", values=values, language="es")
        thread = self._open(ES, NL, "spontaneous_information", "Vessel under a third name", order)
        self._at(hours=16)
        words = "The vessel changed its name twice this year. The present owner does not stand in the register."
        order = StepOrder(code="message", note=words, language="en", translates=f"{ES}/1")
        self._step(NL, thread, order)
        return thread

    def answered(self) -> str:
        """The Netherlands asked; Spain answered within the time."""
        self._at(hours=15)
        thread = self._request(
            NL,
            ES,
            "Fishing boat seen off Galicia",
            asked="Was the boat controlled at sea or in port since June, and who was on board?",
            facts="It met a freighter twice without a stop at a port.",
            belief="It is registered at a Galician port.",
        )
        self._at(hours=11)
        words = "Controlled once, on 14 August. Three on board; a list of the crew is kept by the port unit."
        self._step(ES, thread, StepOrder(code="answer", values={"answer": words}))
        return thread

    def waiting(self) -> str:
        """Spain asks to restrict what it gave; the reply to keep it waits for a second officer."""
        self._at(hours=9, minutes=20)
        record = self._record_of(ES)
        values = {"records": (record,), "action": "restrict", "restriction_reason": "Its accuracy is contested.",
                  "tell_onward": False}  # fmt: skip
        order = StepOrder(code="open", values=values)
        thread = self._open(ES, NL, "correction_and_erasure", "Restrict what we gave on a vehicle", order)
        self._at(hours=8, minutes=30)
        year = self.now.year + 1
        keep = {"keep_explanation": "It is evidence in a trial that is under way.", "kept_until": f"{year}-06-30"}
        reason = self._reason("correction_and_erasure", "keep")
        order = StepOrder(code="keep", values=keep, reason=reason, note="Heard next month.")
        take_step(self.node, self._officer(NL, "front_line_officer"), thread, order)
        return thread

    def follow_up(self) -> str:
        """The analyst met something without content and asks its owner, where an agreement lets him."""
        self._at(hours=8)
        actor = self._officer(NL, "analyst")
        hit = self._closed_hit(actor)
        opening = follow_hit(self.node, actor, hit, title="What stands behind our hit?")
        until = f"{self.now.year + 1}-03-31"
        values = {
            **opening.order.values,
            "purpose": PURPOSE,
            "legal_ground": "criminal_investigation",
            "offence": "drug_trafficking",
            "justification": "It is linked to a freighter that is in our case.",
            "until": until,
            "court_use": False,
            "urgent": False,
        }
        order = StepOrder(code="open", values=values, quotes=(hit,))
        return open_thread(self.node, actor, replace(opening, order=order)).thread

    def urgent(self) -> str:
        """Spain asked with urgency almost eight hours ago."""
        self._at(hours=6, minutes=50)
        return self._request(
            ES,
            NL,
            "Lorry expected tonight at the ferry",
            asked="Is the lorry or its driver known, and is anybody waiting for it?",
            facts="It left Algeciras yesterday with a load that does not match its papers.",
            belief="It is booked on the ferry to Hoek van Holland.",
            urgent=True,
            urgency_grounds=("loss",),
            urgency_reasons="After the ferry the load is divided.",
        )

    # -- what all of them need ----

    def _at(self, **before: float) -> None:
        self.clock.set_to(self.now - timedelta(**before))

    def _request(self, by: AuthorityId, to: AuthorityId, title: str, **values: Any) -> str:
        known = {**_REQUEST, **values}
        return self._open(by, to, "information_request", title, StepOrder(code="open", values=known))

    def _open(self, by: AuthorityId, to: AuthorityId, procedure: str, title: str, order: StepOrder) -> str:
        role = {"information_request": "requested", "spontaneous_information": "receiver"}.get(procedure, "holder")
        opening = Opening(
            procedure=procedure,
            parties={to: role},
            title=title,
            case=CASE,
            order=order,
            handling=Handling(owner=by, purposes=(PURPOSE,), classification="BPL"),
        )
        return open_thread(self.node, self._officer(by), opening).thread

    def _step(self, by: AuthorityId, thread: str, order: StepOrder) -> None:
        take_step(self.node, self._officer(by), thread, order)

    def _officer(self, of: AuthorityId, role: str = "") -> Actor:
        people = [each for seed in self.scenario.authorities if seed.authority.id == of for each in seed.officers]
        chosen = next(each for each in people if (each.role == role if role else self._opens(each)))
        return act_as(
            self.node,
            OfficerId(chosen.id),
            purpose=PURPOSE,
            case=CASE,
            legal_ground="criminal_investigation",
            justification="invented: rehearsal of the exchange",
        )

    def _closed_hit(self, actor: Actor) -> str:
        """A hit without content, of an owner to whom personal data can be sent."""
        for asked in self.scenario.questions:
            answer = check(self.node, actor, Question(text=asked.text, kind=asked.kind))
            for closed in answer.without_content:
                if closed.owner in _NEIGHBOURS:
                    return closed.reference
        raise Conflict("The scenario has no hit without content that can be followed up.")

    def _record_of(self, owner: AuthorityId) -> str:
        """A record that this authority gave in the scenario."""
        seed = next(each for each in self.scenario.contributions if each.authority == owner)
        key = seed.drafts[0].key
        with self.node.store.transaction() as tx:
            return writing.records_of_list(tx, owner, seed.title[:80], [key])[key].id

    def _reason(self, procedure: str, code: str) -> str:
        reasons = form_for(self.node, self._officer(NL), procedure, code).reasons
        return reasons[0].code if reasons else ""

    def _opens(self, person: Officer) -> bool:
        acts = self.node.vocabulary.roles[person.role].acts
        return "thread_approve" in acts
