"""Rehearsal of the networks: an invented dossier in two mappings, a product, and a round of nominations.

Everything in it is invented and says so; it goes through the real use cases, so that no page of the room is empty.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from alidade.model.handling import EVERYBODY, Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.node import Node
from alidade.services.picture.dossier_state import Dossier, Gap, LifeEvent, Member, Trait
from alidade.services.picture.dossiers import make_dossier, open_dossier, revise_dossier, rule_on_member
from alidade.services.picture.nominations import hold_matching, nominate
from alidade.services.picture.products import issue_product
from alidade.services.records import overview

_KEEPER: Final = "nl-police"
_MOST: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedDossiers:
    """The references of what was kept: the network, the one it split from, the product, the round."""

    network: str
    former: str
    product: str
    round: str


def rehearse_dossiers(node: Node) -> RehearsedDossiers:
    """Keep two invented networks of persons and companies of the cocaine route, as one authority sees them."""
    actor = act_as(node, OfficerId(f"{_KEEPER}/analyst"), purpose="18.2.a")
    today = node.store.clock.now().date()
    members = _members(node, actor)
    shared = _everybody(content="personal", category="suspect_or_convicted")
    former = make_dossier(node, actor, _former(members), shared)
    network = make_dossier(node, actor, _network(members[: _MOST - 4], former, today), shared)
    for member, role in zip(members[:2], ("coordinator", "transporter"), strict=False):
        rule_on_member(node, actor, network, member.record, "confirmed", role=role, evidence=["invented"])
    found = open_dossier(node, actor, network)
    later = replace(
        found.dossier, life=(*found.dossier.life, LifeEvent(kind="active", day=today.isoformat())), rounds=("2026",)
    )
    revise_dossier(node, actor, network, later, version=found.kept.version, reason="Second mapping (invented)")
    version = open_dossier(node, actor, network).kept.version
    product = issue_product(
        node, actor, network, title="Fruit as cover: what to look for (invented)",
        above="Invented. Containers of fruit are opened at sea and closed with copied seals. Look for seals that were"
        " changed between loading and discharge.",
        below="Invented. The seals are copied by a member of the network who works at the terminal.",
        handling=_everybody(content="strategic"), version=version,
    )  # fmt: skip
    closes = (today + dt.timedelta(days=30)).isoformat()
    held = hold_matching(node, actor, "Invented mapping of networks", closes, _everybody(content="non_personal"))
    numbers = ("+31 20 555 0101", "+31 20 555 0102", "+31 20 555 0103", "IMO 9074729")
    nominate(node, actor, held, "analysis@nl-police.example", identifiers=numbers)
    return RehearsedDossiers(network=network, former=former, product=product, round=held)


def _members(node: Node, actor: Actor) -> list[Member]:
    found: dict[str, Member] = {}
    kinds: dict[str, str] = {}
    for each in overview(node, actor, newest=500).newest:
        if each.thing in ("Person", "Company", "Vessel") and each.property == "name":
            found.setdefault(each.record, Member(record=each.record, certainty="B2"))
            kinds[each.record] = each.thing
    persons_first = sorted(found.values(), key=lambda member: kinds[member.record] != "Person")
    return persons_first[:_MOST]


def _former(members: list[Member]) -> Dossier:
    return Dossier(
        names=("Southern route (invented)",), rounds=("2024",), crime_areas=("drug_trafficking",),
        countries=("NL", "ES", "PT"), members=tuple(members), structures=("loose",),
        life=(LifeEvent(kind="active", day="2023"), LifeEvent(kind="split", day="2025-10")),
        summary=("An invented network, as it stood in an invented mapping.",),
    )  # fmt: skip


def _network(members: list[Member], former: str, today: dt.date) -> Dossier:
    return Dossier(
        names=("Harbour ring (invented)", "Fruiterers"), rounds=("2026",), structures=("core_group",),
        crime_areas=("drug_trafficking", "money_laundering"), countries=("NL", "BE", "PT"), members=tuple(members),
        traits=(Trait(trait="legal_business", level="high"), Trait(trait="corruption", level="medium")),
        life=(
            LifeEvent(kind="proposed", day="2025-10", others=(former,), text="Came out of the southern route."),
        ),
        summary=("An invented network that brings cocaine in containers of fruit.",),
        gaps=(
            Gap(question="Who copies the seals?", who="be-customs", asked_on=today.isoformat()),
            Gap(question="Which company pays the drivers?", who="es-gendarmerie", asked_on=today.isoformat()),
        ),
    )  # fmt: skip


def _everybody(*, content: str, category: str | None = None) -> Handling:
    return Handling(
        owner=AuthorityId(_KEEPER), communities=(EVERYBODY,), purposes=("18.2.a",),
        content=content, subject_category=category,  # type: ignore[arg-type]
    )  # fmt: skip
