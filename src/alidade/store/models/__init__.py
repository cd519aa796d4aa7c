"""The tables. Statements are never updated but for `current`; what is personal stands in `statement` and `lookup`."""

from alidade.store.models.allowance import Allowance, KeptRequest
from alidade.store.models.consent import Consent, Proposal
from alidade.store.models.desk import (
    AccessToken,
    Deputy,
    Draft,
    Job,
    KeptMapping,
    SecondLook,
    StandingCheck,
    StandingTold,
)
from alidade.store.models.directory import Agreement, Authority, AuthorityKey, Officer
from alidade.store.models.place import Place
from alidade.store.models.rights import Handling, PolicyEpoch, Release, ViewerClass, Visible
from alidade.store.models.statements import Contribution, ImportRun, Lookup, NameChange, Record, Statement
from alidade.store.models.trail import LedgerEntry, LedgerHead, LedgerNode
from alidade.store.models.work import Check, CheckHit, Erasure, Judgement, Notice, Verdict

__all__ = [
    "AccessToken",
    "Agreement",
    "Allowance",
    "Authority",
    "AuthorityKey",
    "Check",
    "CheckHit",
    "Consent",
    "Contribution",
    "Deputy",
    "Draft",
    "Erasure",
    "Handling",
    "ImportRun",
    "Job",
    "Judgement",
    "KeptMapping",
    "KeptRequest",
    "LedgerEntry",
    "LedgerHead",
    "LedgerNode",
    "Lookup",
    "NameChange",
    "Notice",
    "Officer",
    "Place",
    "PolicyEpoch",
    "Proposal",
    "Record",
    "Release",
    "SecondLook",
    "StandingCheck",
    "StandingTold",
    "Statement",
    "Verdict",
    "ViewerClass",
    "Visible",
]
