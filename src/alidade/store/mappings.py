"""Mappings in the store: how an authority read a kind of file last, found again by the digest of its header."""

from __future__ import annotations

from alidade.store import models
from alidade.store.database import Transaction


def kept_mapping(tx: Transaction, authority: str, header: str) -> tuple[str, object] | None:
    """Name and content of the mapping that the authority used last for files with this header."""
    row = models.KeptMapping.objects.using(tx.alias).filter(authority=authority, header=header).first()
    return None if row is None else (row.name, row.content)


def keep_mapping(tx: Transaction, *, authority: str, header: str, name: str, content: object, officer: str) -> None:
    """Keep a mapping, in the place of the one used before."""
    models.KeptMapping.objects.using(tx.alias).update_or_create(
        authority=authority,
        header=header,
        defaults={"name": name[:200], "content": content, "officer": officer, "kept_at": tx.now},
    )


def forget_mappings(tx: Transaction, authority: str, headers: list[str]) -> int:
    """Forget mappings by their headers; how many there were."""
    rows = models.KeptMapping.objects.using(tx.alias).filter(authority=authority, header__in=headers)
    return rows.delete()[0]


def kept_mappings(tx: Transaction, authority: str) -> list[tuple[str, object]]:
    """Header and content of every mapping of an authority."""
    rows = models.KeptMapping.objects.using(tx.alias).filter(authority=authority).order_by("header")
    return list(rows.values_list("header", "content"))
