"""Definitions in the store: procedures that this node offers beside those of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alidade.model.errors import Conflict
from alidade.store import models
from alidade.store.database import Transaction

_PUBLISHED = "published procedures"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDefinition:
    """The file of a procedure as it was handed in; `published_by` is another officer than `officer`, or nobody yet."""

    code: str
    version: int
    content: bytes
    authority: str
    officer: str
    kept_at: datetime
    offered: bool
    published_by: str = ""


def add_proposal(tx: Transaction, *, code: str, version: int, content: bytes, authority: str, officer: str) -> None:
    """Keep a file that another officer has yet to publish. Raises Conflict where this version is kept already."""
    rows = models.ProcedureFile.objects.using(tx.alias)
    if rows.filter(code=code, version=version).exists():
        raise Conflict(
            "This version of the procedure is here already.", remedy="Give it the next number.", code="version_kept"
        )
    rows.create(
        code=code,
        version=version,
        content=content,
        authority=authority,
        officer=officer,
        kept_at=tx.now,
        offered=False,
        state="proposed",
    )


def publish_proposal(tx: Transaction, code: str, version: int, officer: str) -> None:
    """Threads may follow it from now on; it is never changed again."""
    rows = models.ProcedureFile.objects.using(tx.alias).filter(code=code, version=version, state="proposed")
    rows.update(state="published", offered=True, published_by=officer)
    tx.memo.pop(_PUBLISHED, None)


def drop_proposal(tx: Transaction, code: str, version: int) -> bool:
    """Forget a proposal; whether there was one."""
    rows = models.ProcedureFile.objects.using(tx.alias).filter(code=code, version=version, state="proposed")
    return bool(rows.delete()[0])


def definitions(tx: Transaction) -> list[KeptDefinition]:
    """Every file that was published, by code and version; looked up once in a transaction, unless that changes them."""
    found: list[KeptDefinition] | None = tx.memo.get(_PUBLISHED)
    if found is None:
        found = tx.memo[_PUBLISHED] = _kept(tx, "published")
    return found


def proposals(tx: Transaction) -> list[KeptDefinition]:
    """Every file that waits for another officer to publish it, by code and version."""
    return _kept(tx, "proposed")


def _kept(tx: Transaction, state: str) -> list[KeptDefinition]:
    rows = models.ProcedureFile.objects.using(tx.alias).filter(state=state)
    return [
        KeptDefinition(
            code=row.code,
            version=row.version,
            content=bytes(row.content),
            authority=row.authority,
            officer=row.officer,
            kept_at=row.kept_at,
            offered=row.offered,
            published_by=row.published_by,
        )
        for row in rows.order_by("code", "version")
    ]


def set_offered(tx: Transaction, code: str, version: int, *, offered: bool) -> bool:
    """Offer a version, or offer it no more; threads that follow it go on. Whether it is there."""
    rows = models.ProcedureFile.objects.using(tx.alias).filter(code=code, version=version, state="published")
    tx.memo.pop(_PUBLISHED, None)
    return bool(rows.update(offered=offered))
