"""Tokens in the store: keys for programs, of which only a digest is kept, and what they have used up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alidade.model.errors import NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptToken:
    """A token as it was made, without its secret. After its end it no longer says for what."""

    id: str
    name: str
    authority: AuthorityId
    officer: OfficerId
    purpose: str
    case: str
    legal_ground: str
    justification: str
    acts: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    used_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether it has neither been ended nor run out."""
        return self.ended_at is None and now < self.expires_at


def keep_token(tx: Transaction, token: KeptToken, digest: str) -> None:
    """Keep a new token under the SHA-256 of its secret; those of its officer that have run out forget their grounds."""
    forget_run_out(tx, token.officer)
    models.AccessToken.objects.using(tx.alias).create(
        id=token.id,
        digest=digest,
        name=token.name,
        authority=token.authority,
        officer=token.officer,
        purpose=token.purpose,
        case=token.case,
        legal_ground=token.legal_ground,
        justification=token.justification,
        acts=list(token.acts),
        made_at=token.made_at,
        expires_at=token.expires_at,
    )


def token_with_digest(tx: Transaction, digest: str) -> KeptToken | None:
    """The token whose secret has this digest, in force or not."""
    row = models.AccessToken.objects.using(tx.alias).filter(digest=digest).first()
    return None if row is None else _token(row)


def tokens_of(tx: Transaction, officer: str) -> list[KeptToken]:
    """The tokens of an officer, newest first."""
    forget_run_out(tx, officer)
    rows = models.AccessToken.objects.using(tx.alias).filter(officer=officer)
    return [_token(row) for row in rows.order_by("-made_at", "id")]


def end_token(tx: Transaction, officer: str, token: str) -> None:
    """End a token of this officer for good and forget its grounds, which may name somebody. Raises NotFound."""
    rows = models.AccessToken.objects.using(tx.alias).filter(id=token, officer=officer, ended_at__isnull=True)
    if not rows.update(ended_at=tx.now, case="", justification=""):
        raise NotFound("You have no token in force with this reference.", remedy="See: alidade token list.")


def forget_run_out(tx: Transaction, officer: str) -> None:
    """Let tokens that have run out no longer say for what they were, which may name somebody."""
    models.AccessToken.objects.using(tx.alias).filter(officer=officer, expires_at__lte=tx.now).update(
        case="", justification=""
    )


def note_use(tx: Transaction, token: str) -> None:
    """Keep when a token was used last, so that its officer finds those that nobody needs."""
    models.AccessToken.objects.using(tx.alias).filter(id=token).update(used_at=tx.now)


def spend(tx: Transaction, holder: str, kind: str, *, often: int, seconds: int, cost: int) -> int:
    """Take `cost` from what a holder may do `often` times in `seconds`; 0, or how many seconds it has to wait.

    What was used becomes free again evenly (generic cell rate algorithm, ITU-T I.371): one row for each holder,
    no queue of moments. Where it has to wait, nothing is taken.
    """
    rows = models.Allowance.objects.using(tx.alias)
    row, _ = rows.select_for_update().get_or_create(holder=holder, kind=kind, defaults={"used_until": tx.now})
    period = timedelta(seconds=seconds)
    used_until = max(row.used_until, tx.now) + period * cost / often
    excess = used_until - tx.now - period
    if excess > timedelta(0):
        return -int(-excess.total_seconds() // 1)  # rounded up: a second too early would be refused again
    row.used_until = used_until
    row.save(using=tx.alias, update_fields=["used_until"])
    return 0


def _token(row: models.AccessToken) -> KeptToken:
    acts: Sequence[str] = row.acts
    return KeptToken(
        id=row.id,
        name=row.name,
        authority=AuthorityId(row.authority),
        officer=OfficerId(row.officer),
        purpose=row.purpose,
        case=row.case,
        legal_ground=row.legal_ground,
        justification=row.justification,
        acts=tuple(acts),
        made_at=row.made_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        used_at=row.used_at,
    )
