"""A round, and a second authority in the State of the Dutch police, for what happens inside one State."""

from __future__ import annotations

import datetime as dt
from typing import Any

from personas import DE, FR, NL, Office

from alidade.model.directory import Authority, Officer
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.acting import act_as
from alidade.services.authorities import enter_authority, party
from alidade.services.officers import add_officer

CUSTOMS = AuthorityId("nl-douane")


def with_customs(office: Office) -> None:
    """Enter Dutch customs with a policy officer and an administrator."""
    node = office.node
    whole = Authority(
        party=party(node, CUSTOMS, "customs", "NL"),
        name="Dutch customs",
        contact="desk@customs.example",
        invented=True,
    )
    with node.store.transaction() as tx:
        enter_authority(node, tx, whole)
    admin = act_as(node, OfficerId(f"{CUSTOMS}/admin"), purpose="18.2.a")
    role = "policy_officer"
    add_officer(node, admin, Officer(id=OfficerId(f"{CUSTOMS}/{role}"), authority=CUSTOMS, role=role))


def policy(office: Office, who: str = NL) -> Actor:
    """The policy officer of an authority."""
    return office.officer(who, "policy_officer")


def asked(**more: Any) -> Round:
    """A round of two questions to two authorities, open for a month."""
    fields: dict[str, Any] = {
        "title": {"en": "Follow-up"},
        "questions": tuple(Question(key=key, text={"en": f"Recommendation {key}"}) for key in ("1a", "1b")),
        "asked": (DE, FR),
        "opens": dt.date(2026, 6, 1),
        "cut_off": dt.date(2026, 7, 1),
    }
    return Round(**(fields | more))


def reply(reference: str, state: str = "DEU", kind: str = "done", **more: Any) -> Answer:
    """The answer of a State to the first question, submitted."""
    parts = (Part(question="1a", kind=kind),)
    return Answer(round=reference, state=state, parts=parts, **({"submitted": True, "publish": True} | more))
