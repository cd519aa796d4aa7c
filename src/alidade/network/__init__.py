"""Network: graphs of people and things, and what can be said of them.

Measures, disruption, key players, groups, roles, hidden links, evolution, routes. It knows arrays only, no store. Every
result says in `method` how it was computed.
"""

from __future__ import annotations

from alidade.network.betweenness import betweenness
from alidade.network.components import Components, components
from alidade.network.dismantling import dismantle
from alidade.network.disruption import STRATEGIES, TIES, Curve, disruption_curve
from alidade.network.evolution import Cell, Change, Evolution, evolution
from alidade.network.graph import Graph
from alidade.network.groups import Groups, groups
from alidade.network.hidden_links import Candidate, HiddenLinks, hidden_links
from alidade.network.key_players import KeyPlayers, key_players
from alidade.network.measures import (
    closeness,
    collective_influence,
    constraint,
    core_numbers,
    degree,
    effective_size,
    eigenvector,
    katz,
    pagerank,
)
from alidade.network.movements import Movement
from alidade.network.next_links import NextLinks, next_links
from alidade.network.recovery import MECHANISMS, Recovery, disruption_with_recovery
from alidade.network.roles import POSITION_ONLY, CandidateRole, Roles, acts_of, role_table, roles
from alidade.network.routes import Routes, routes
from alidade.network.scores import Method, Scores
from alidade.network.uncertainty import (
    GradeTable,
    Stability,
    Worlds,
    calibrated,
    grade_table,
    sample_worlds,
    stability,
)

__all__ = [
    "MECHANISMS",
    "POSITION_ONLY",
    "STRATEGIES",
    "TIES",
    "Candidate",
    "CandidateRole",
    "Cell",
    "Change",
    "Components",
    "Curve",
    "Evolution",
    "GradeTable",
    "Graph",
    "Groups",
    "HiddenLinks",
    "KeyPlayers",
    "Method",
    "Movement",
    "NextLinks",
    "Recovery",
    "Roles",
    "Routes",
    "Scores",
    "Stability",
    "Worlds",
    "acts_of",
    "betweenness",
    "calibrated",
    "closeness",
    "collective_influence",
    "components",
    "constraint",
    "core_numbers",
    "degree",
    "dismantle",
    "disruption_curve",
    "disruption_with_recovery",
    "effective_size",
    "eigenvector",
    "evolution",
    "grade_table",
    "groups",
    "hidden_links",
    "katz",
    "key_players",
    "next_links",
    "pagerank",
    "role_table",
    "roles",
    "routes",
    "sample_worlds",
    "stability",
]
