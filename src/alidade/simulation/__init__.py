"""Rehearsals: invented scenarios with the truth known, as pure data, to play with and to measure against."""

from __future__ import annotations

from alidade.simulation.cocaine_route import cocaine_route
from alidade.simulation.scenario import (
    Answer,
    Asker,
    AuthoritySeed,
    Community,
    ContributionSeed,
    Entity,
    EntityId,
    Question,
    Scenario,
)

__all__ = [
    "Answer",
    "Asker",
    "AuthoritySeed",
    "Community",
    "ContributionSeed",
    "Entity",
    "EntityId",
    "Question",
    "Scenario",
    "cocaine_route",
]
