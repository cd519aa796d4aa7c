"""What an officer leaves open in the store, by kind and reference; nothing of what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alidade.model.ids import OfficerId
from alidade.store import models
from alidade.store.database import Transaction

OpenKind = Literal["standing_check", "access_token", "draft", "job", "proposal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThing:
    """One thing that an officer has begun: its kind, its reference, since when and, where it has one, until when."""

    kind: OpenKind
    reference: str
    since: datetime
    until: str = ""


def ending_with(tx: Transaction, officer: OfficerId) -> tuple[OpenThing, ...]:
    """The standing checks and access tokens that act in the officer's name and have not ended."""
    standing = models.StandingCheck.objects.using(tx.alias).filter(officer=officer, ended_at=None, origin="standing")
    standing = standing.order_by("made_at")
    tokens = models.AccessToken.objects.using(tx.alias).filter(officer=officer, ended_at=None).order_by("made_at")
    return (
        *(
            OpenThing(kind="standing_check", reference=row.reference, since=row.made_at, until=row.until)
            for row in standing
        ),
        *(
            OpenThing(kind="access_token", reference=row.id, since=row.made_at, until=row.expires_at.date().isoformat())
            for row in tokens
        ),
    )


def end_of_officer(tx: Transaction, officer: OfficerId) -> None:
    """End what acts in the officer's name, and cancel his long work that still waits or runs."""
    models.StandingCheck.objects.using(tx.alias).filter(officer=officer, ended_at=None).update(ended_at=tx.now)
    models.AccessToken.objects.using(tx.alias).filter(officer=officer, ended_at=None).update(
        ended_at=tx.now, case="", justification=""
    )
    models.Job.objects.using(tx.alias).filter(officer=officer, state__in=("waiting", "running")).update(cancel=True)


def left_open(tx: Transaction, officer: OfficerId) -> tuple[OpenThing, ...]:
    """Drafts, long work and proposals of the officer; hits that wait for a ruling wait for the whole authority."""
    drafts = models.Draft.objects.using(tx.alias).filter(officer=officer).order_by("saved_at")
    jobs = models.Job.objects.using(tx.alias).filter(officer=officer, state__in=("waiting", "running"))
    proposed = models.Proposal.objects.using(tx.alias).filter(officer=officer, state="open")
    return (
        *(OpenThing(kind="draft", reference=row.id, since=row.saved_at) for row in drafts),
        *(OpenThing(kind="job", reference=row.id, since=row.made_at) for row in jobs.order_by("made_at")),
        *(OpenThing(kind="proposal", reference=row.id, since=row.proposed_at) for row in proposed),
    )
