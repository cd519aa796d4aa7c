"""The tables. Statements are never updated but for `current`; what is personal stands in `statement` and `lookup`."""

from alidade.store.models.directory import Agreement, Authority, AuthorityKey, Officer
from alidade.store.models.rights import Handling, PolicyEpoch, Release, ViewerClass, Visible
from alidade.store.models.statements import Contribution, ImportRun, Lookup, Record, Statement
from alidade.store.models.trail import LedgerEntry, LedgerHead, LedgerNode
from alidade.store.models.work import Check, CheckHit, Erasure, Judgement, Notice, Verdict

__all__ = [
    "Agreement",
    "Authority",
    "AuthorityKey",
    "Check",
    "CheckHit",
    "Contribution",
    "Erasure",
    "Handling",
    "ImportRun",
    "Judgement",
    "LedgerEntry",
    "LedgerHead",
    "LedgerNode",
    "Lookup",
    "Notice",
    "Officer",
    "PolicyEpoch",
    "Record",
    "Release",
    "Statement",
    "Verdict",
    "ViewerClass",
    "Visible",
]
