"""Deputies in the store: who stands in for whom until when; and what lies open on an officer's desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from alidade.model.ids import OfficerId
from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDeputy:
    """One naming of a deputy, from its first to its last day (YYYY-MM-DD, both included)."""

    number: int
    officer: str
    deputy: str
    since: str
    until: str
    ended: bool


def keep_deputy(tx: Transaction, officer: str, deputy: str, since: str, until: str) -> None:
    """Name a deputy."""
    models.Deputy.objects.using(tx.alias).create(officer=officer, deputy=deputy, since=since, until=until)


def deputies_of(tx: Transaction, officer: str) -> list[KeptDeputy]:
    """Whom an officer has named, newest first."""
    rows = models.Deputy.objects.using(tx.alias).filter(officer=officer)
    return [_kept(row) for row in rows.order_by("-id")]


def stood_in_for(tx: Transaction, deputy: str) -> list[str]:
    """The officers for whom somebody stands in today."""
    today = tx.now.date().isoformat()
    rows = models.Deputy.objects.using(tx.alias).filter(
        deputy=deputy, ended_at__isnull=True, since__lte=today, until__gte=today
    )
    return sorted(set(rows.values_list("officer", flat=True)))


def end_deputy(tx: Transaction, officer: str, deputy: str) -> int:
    """End what an officer has named this deputy for; how many namings."""
    today = tx.now.date().isoformat()
    rows = models.Deputy.objects.using(tx.alias).filter(
        officer=officer, deputy=deputy, ended_at__isnull=True, until__gte=today
    )
    return rows.update(ended_at=tx.now)


def unit_of(tx: Transaction, officer: OfficerId) -> list[str]:
    """The officers of an officer's unit, himself included; himself alone where no unit is stated."""
    rows = models.Officer.objects.using(tx.alias)
    row = rows.filter(id=officer).first()
    if row is None or not row.unit:
        return [officer]
    return list(rows.filter(authority_id=row.authority_id, unit=row.unit).order_by("id").values_list("id", flat=True))


def give_drafts(tx: Transaction, officer: str, colleague: str) -> int:
    """Hand an officer's drafts to another; how many."""
    return models.Draft.objects.using(tx.alias).filter(officer=officer).update(officer=colleague)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """How much lies on the desks of some officers, and waits for an authority's administrator."""

    drafts: int
    jobs: int
    proposals: int


def open_work(tx: Transaction, officers: Iterable[str], authority: str) -> OpenWork:
    """Drafts and jobs of these officers; proposals to which this authority has said nothing yet."""
    names = list(officers)
    proposals = models.Proposal.objects.using(tx.alias).filter(state="open")
    said = Q(consent__authority=authority)
    return OpenWork(
        drafts=models.Draft.objects.using(tx.alias).filter(officer__in=names).count(),
        jobs=models.Job.objects.using(tx.alias).filter(officer__in=names, state__in=("waiting", "running")).count(),
        proposals=proposals.exclude(said).count(),
    )


def _kept(row: models.Deputy) -> KeptDeputy:
    return KeptDeputy(
        number=row.id,
        officer=row.officer,
        deputy=row.deputy,
        since=row.since,
        until=row.until,
        ended=row.ended_at is not None,
    )
