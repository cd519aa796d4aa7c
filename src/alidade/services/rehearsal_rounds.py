"""Rehearsal of rounds: questions shared inside a State, a reminder, translations, and a second round to compare with.

Everything in it is invented and says so; it goes through the real use cases, so that no page of the room is empty.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from alidade.model.directory import Authority, Officer
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.programme.translation import digest
from alidade.services.acting import act_as
from alidade.services.authorities import enter_authority, party
from alidade.services.node import Node
from alidade.services.officers import add_officer
from alidade.services.programme.delegating import delegate, fill_share
from alidade.services.programme.reminding import remind
from alidade.services.programme.rounds import answer_round, hold_round, read_round
from alidade.services.programme.translating import rule_on_translation, translate

NL, ES, BE = ("nl-police", "es-gendarmerie", "be-customs")
CUSTOMS: Final = AuthorityId("nl-customs")
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedRounds:
    """The references of what was kept: the second round, and the questions given to the police in it."""

    second: str
    task: str


def rehearse_rounds(node: Node, first: str) -> RehearsedRounds:
    """Share, remind and translate in the round `first`; hold a second one after it."""
    _enter_customs(node)
    police, customs, belgium = (_officer(node, each) for each in (NL, CUSTOMS, BE))
    shared = delegate(node, police, first, CUSTOMS, ("2", "3"), note="What did the scanners bring?", due=None)
    handed_in = (
        Part(question="2", kind="partly", text={"en": "Two of five scanners work."}, obstacle="resources"),
        Part(question="3", kind="planned", text={"en": "Talks with the terminals begin in spring."}),
    )
    fill_share(node, customs, shared, handed_in, handed_in=True, version=0)
    remind(node, police, first)
    answer = next(each for each in read_round(node, police, first).answers if each.authority == BE)
    french = "Les visites conjointes sont une pratique établie depuis le printemps."
    kept = translate(
        node, belgium, answer.reference, question="1", field="text", language="fr", text=french, made="person"
    )
    rule_on_translation(node, belgium, kept, approve=True, of=digest(french))
    translate(
        node, police, answer.reference, question="1", field="text", language="es", made="machine",
        text="Las visitas conjuntas son práctica habitual desde la primavera.",
    )  # fmt: skip
    second = _second(node, first)
    task = delegate(
        node, customs, second, NL, ("2",), note="Only the police know the cases.", due=_today(node) + 10 * _DAY
    )
    return RehearsedRounds(second=second, task=task)


def _second(node: Node, first: str) -> str:
    """A round of Belgian customs on the same questions, a State of which has answered otherwise than before."""
    today = _today(node)
    asked = Round(
        title={"en": "Second follow-up of the port plan (invented)", "fr": "Deuxième suivi des ports (inventé)"},
        questions=tuple(
            Question(
                key=key,
                measure=key,
                text={"en": f"What has changed on measure {key}?", "fr": f"Qu’est-ce qui a changé (mesure {key}) ?"},
            )
            for key in ("1", "2")
        ),
        asked=(str(CUSTOMS), ES, BE),
        opens=today,
        cut_off=today + 60 * _DAY,
        languages=("en", "fr"),
        previous=first,
    )
    second = hold_round(node, _officer(node, BE), asked)
    said = Answer(
        round=second,
        state="ESP",
        parts=(Part(question="1", kind="done", text={"en": "All four ports take part."}),),
        publish=True,
        submitted=True,
    )
    answer_round(node, _officer(node, ES), said)
    return second


def _enter_customs(node: Node) -> None:
    whole = Authority(
        party=party(node, CUSTOMS, "customs", "NL"), name="Customs of the rehearsal (NL)",
        contact="desk@nl-customs.example", invented=True,
    )  # fmt: skip
    with node.store.transaction() as tx:
        enter_authority(node, tx, whole)
    admin = act_as(node, OfficerId(f"{CUSTOMS}/admin"), purpose="18.2.a")
    add_officer(node, admin, Officer(id=OfficerId(f"{CUSTOMS}/policy"), authority=CUSTOMS, role="policy_officer"))


def _officer(node: Node, authority: str) -> Actor:
    return act_as(node, OfficerId(f"{authority}/policy"), purpose="18.2.a")


def _today(node: Node) -> dt.date:
    return node.store.clock.now().date()
