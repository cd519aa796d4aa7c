"""Sign-ins of the rehearsal: four officers of different rights, and what each of them may and may not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from alidade.model.ids import OfficerId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One officer of the invented scenario to look around as."""

    officer: OfficerId
    sees: str


SIGN_INS: Final = (
    SignIn(
        officer=OfficerId("nl-police/analyst"),
        sees="An analyst in the Union: checks names and lists, judges, exports. Reads what was released to his "
        "authority for operational analysis; of the rest he learns whom to ask, or nothing.",
    ),
    SignIn(
        officer=OfficerId("cv-judicial/harbour"),
        sees="A front-line officer in a State outside the Union: checks names and numbers one at a time, in port. "
        "Reads what an agreement between States lets through; no lists, no export.",
    ),
    SignIn(
        officer=OfficerId("ec-police/investigator"),
        sees="A case officer in another State outside the Union: also releases, withdraws and erases what his own "
        "authority gave. Often gets no hit where the analyst gets one: no agreement covers it.",
    ),
    SignIn(
        officer=OfficerId("nl-police/policy"),
        sees="A policy officer in the Union: follows up measures and recommendations, holds rounds of questions, "
        "writes reports. Sees nothing about persons.",
    ),
)
