"""Policy: may this viewer do this with that, now? Deny overrides; what is unknown is a deny."""

from __future__ import annotations

from alidade.policy.actions import ACTIONS, Action
from alidade.policy.agreements import Agreements, Flow
from alidade.policy.compiled import CompiledSet, compile_set
from alidade.policy.decision import Decision, Reason, may, permitted
from alidade.policy.explanation import explain
from alidade.policy.release import Release
from alidade.policy.terms import Joined, Terms, join
from alidade.policy.world import World
from alidade.vocabulary import Agreement

__all__ = [
    "ACTIONS",
    "Action",
    "Agreement",
    "Agreements",
    "CompiledSet",
    "Decision",
    "Flow",
    "Joined",
    "Reason",
    "Release",
    "Terms",
    "World",
    "compile_set",
    "explain",
    "join",
    "may",
    "permitted",
]
