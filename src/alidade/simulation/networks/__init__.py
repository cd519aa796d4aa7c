"""Networks: rehearsals of any size with known truth, of which each authority sees a part; and the scorer for them."""

from __future__ import annotations

from alidade.simulation.networks.scenario import NetworkScenario, Reported, generate, parameters
from alidade.simulation.networks.truth import Network, Thing, Tie

__all__ = ["Network", "NetworkScenario", "Reported", "Thing", "Tie", "generate", "parameters"]
