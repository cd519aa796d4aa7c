"""Definitions in the store: procedures that this node offers beside those of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alidade.model.errors import Conflict
from alidade.store import models
from alidade.store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDefinition:
    """The file of a procedure as it was taken in."""

    code: str
    version: int
    content: bytes
    authority: str
    officer: str
    kept_at: datetime
    offered: bool


def add_definition(tx: Transaction, *, code: str, version: int, content: bytes, authority: str, officer: str) -> None:
    """Keep a file. Raises Conflict where this version is kept already: what threads follow does not change."""
    rows = models.ProcedureFile.objects.using(tx.alias)
    if rows.filter(code=code, version=version).exists():
        raise Conflict(
            "This version of the procedure is here already.", remedy="Give it the next number.", code="version_kept"
        )
    rows.create(code=code, version=version, content=content, authority=authority, officer=officer, kept_at=tx.now)


def definitions(tx: Transaction) -> list[KeptDefinition]:
    """Every file that was taken in, by code and version."""
    return [
        KeptDefinition(
            code=row.code,
            version=row.version,
            content=bytes(row.content),
            authority=row.authority,
            officer=row.officer,
            kept_at=row.kept_at,
            offered=row.offered,
        )
        for row in models.ProcedureFile.objects.using(tx.alias).order_by("code", "version")
    ]


def set_offered(tx: Transaction, code: str, version: int, *, offered: bool) -> bool:
    """Offer a version, or offer it no more; threads that follow it go on. Whether it is there."""
    rows = models.ProcedureFile.objects.using(tx.alias).filter(code=code, version=version)
    return bool(rows.update(offered=offered))
