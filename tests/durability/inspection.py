"""Opens a store after an accident and says everything that is not as it was promised."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from acts import OWNER, Receipt, open_node
from django.db import connections

from alidade.ledger.entry import Entry, decode
from alidade.model.contribution import Contribution, StatementProof, verify_contribution
from alidade.model.ids import AuthorityId, ContributionId
from alidade.model.merkle import inclusion_proof, root_of, verify_inclusion
from alidade.model.statement import statement_leaf
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.store import directory, models, trail, writing

_ERASED = ""


def inspect(folder: Path, receipts: Iterable[Receipt]) -> list[str]:
    """Problems of the store in `folder`, given what was acknowledged; none where every promise was kept."""
    node = open_node(folder)
    try:
        return [*_files(folder), *_ledger(node), *_acts(node, list(receipts))]
    finally:
        node.close()


def _files(folder: Path) -> Iterator[str]:
    for name in ("alidade.db", "keys.db"):
        connection = sqlite3.connect(folder / name)
        try:
            for pragma in ("integrity_check", "foreign_key_check"):
                rows = connection.execute(f"pragma {pragma}").fetchall()
                if rows not in ([("ok",)], []):
                    yield f"{name}: {pragma} {rows[:3]}"
        finally:
            connection.close()


def _ledger(node: Node) -> Iterator[str]:
    for problem in verify_ledger(node).problems:
        yield f"ledger: {problem.code} {problem.message}"


def _acts(node: Node, receipts: list[Receipt]) -> Iterator[str]:
    with node.store.transaction() as tx:
        alias = tx.alias
        public_keys = directory.public_keys(tx, OWNER)
        bodies = [stored.body for stored in trail.stored_entries(alias, node.store.keys)]
        entries = [decode(body) for body in bodies if body is not None]
        acts = Counter(models.LedgerEntry.objects.using(alias).values_list("act", flat=True))
        contributions = {row.public_id: row for row in models.Contribution.objects.using(alias)}
        checks = {row.reference: row for row in models.Check.objects.using(alias)}
        erasures = {row.id: row for row in models.Erasure.objects.using(alias)}
        for row in contributions.values():
            yield from _contribution(row, writing.statements_of_contribution(tx, row.id), public_keys, tx)
        yield from _whole(
            "contribution", {o for e in entries if e.act == "contribute" for o in e.objects}, contributions
        )
        asked = {reference: row for reference, row in checks.items() if row.question is not None}
        yield from _whole("check", _named(entries), asked)
        for act, number in (("check", len(checks)), ("erase", len(erasures))):
            if acts[act] != number:
                yield f"{act}: {number} rows, {acts[act]} entries"
        for erasure in erasures.values():
            if not erasure.keys_destroyed or any(node.store.keys.field_key(key) for key in erasure.field_keys):
                yield f"erasure {erasure.id}: its keys are still there"
        withdrawn = {reference for reference, row in contributions.items() if row.state == "withdrawn"}
        refused = {str(number) for number in range(1, 1 + sum(e.decision == "refused" for e in entries))}
        there: dict[str, set[str]] = {
            "contribution": set(contributions),
            "withdrawal": withdrawn,
            "check": set(checks),
            "erasure": set(erasures),
            "refusal": refused,
        }
        for receipt in receipts:
            if receipt.reference not in there[receipt.kind]:
                yield f"acknowledged {receipt.kind} {receipt.reference} is lost"
            elif receipt.kind == "erasure" and _still_there(alias, receipt.gone):
                yield f"what the acknowledged erasure {receipt.reference} erased is there again"


def _contribution(
    row: models.Contribution,
    kept: list[writing.KeptStatement],
    public_keys: dict[str, bytes],
    tx: object,
) -> Iterator[str]:
    head = Contribution(
        id=ContributionId(row.public_id),
        owner=AuthorityId(row.owner),
        given_at=row.given_at,
        title=row.title,
        size=row.size,
        root=row.root,
        key_id=row.key_id,
        signature=bytes(row.signature),
    )
    if len(kept) != row.size:
        yield f"contribution {head.id}: {len(kept)} statements, {row.size} given"
        return
    if not verify_contribution(head, public_keys.get(row.key_id, b"")):
        yield f"contribution {head.id}: the signature does not hold"
    leaves = _leaves(row)
    if root_of(leaves).hex() != head.root:
        yield f"contribution {head.id}: its statements are not those that were signed"
    for index, one in enumerate(kept):
        proof = StatementProof(contribution=head, index=index, path=inclusion_proof(leaves, index))
        if one.statement.value == _ERASED:
            continue
        leaf = statement_leaf(one.statement)
        if not verify_inclusion(bytes.fromhex(head.root), head.size, index, leaf, proof.path):
            yield f"contribution {head.id}: statement {index} cannot be proved"


def _leaves(row: models.Contribution) -> list[bytes]:
    rows = models.Statement.objects.using(row._state.db).filter(contribution_id=row.id).order_by("position")
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]


def _named(entries: list[Entry]) -> set[str]:
    return {dict(entry.details)["check"] for entry in entries if entry.act == "check"}


def _whole(kind: str, logged: set[str], rows: Iterable[str]) -> Iterator[str]:
    for reference in logged ^ set(rows):
        fault = "logged but not there" if reference in logged else "there but not logged"
        yield f"{kind} {reference}: {fault}"


def _still_there(alias: str, gone: str) -> bool:
    if models.Check.objects.using(alias).filter(reference=gone, question__isnull=False).exists():
        return True
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select count(*) from statement s join record r on r.id = s.record_id"
            " where r.public_id = %s and (s.value is not null or s.salt is not null)",
            [gone],
        )
        row = cursor.fetchone()
        return bool(row[0])
