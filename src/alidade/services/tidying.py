"""Tidying: what was begun and left is removed in time, and an erasure reaches what has not been given yet."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from alidade.services.import_job import ImportErrand, rejects_file
from alidade.services.job_orders import JobOrder
from alidade.services.node import Node
from alidade.services.uploads import FOLDER, KIND, discard_file, quarantined_file
from alidade.store import drafts, jobs, mappings
from alidade.store.database import Transaction

UPLOADS_LAST: Final = timedelta(days=1)
DRAFTS_LAST: Final = timedelta(days=30)
REPORTS_LAST: Final = timedelta(days=30)
_SHORTEST: Final = 3  # a shorter value may be anybody's


def tidy(node: Node) -> int:
    """Remove uploads after a day, drafts and reports after thirty, and the drafts of officers who have left."""
    with node.store.transaction() as tx:
        old = [
            *drafts.outlived(tx, tx.now - UPLOADS_LAST, KIND),
            *drafts.outlived(tx, tx.now - DRAFTS_LAST),
            *drafts.drafts_of_leavers(tx),
        ]
        keys = drafts.drop_drafts(tx, [reference for reference, _ in old])
        ended = jobs.ended_before(tx, tx.now - REPORTS_LAST)
        keys += jobs.drop_jobs(tx, ended)
        wanted = {_upload_of(job) for job in jobs.open_jobs(tx)}
        before = (tx.now - UPLOADS_LAST).timestamp()
    for reference, kind in old:
        if kind == KIND:
            discard_file(quarantined_file(node, reference))
    for job in ended:
        discard_file(rejects_file(node, job))
    strays = _strays(node.store.folder / FOLDER, wanted, before)
    for path in strays:
        discard_file(path)
    if keys:
        node.store.keys.destroy_field_keys(keys)
    return len({reference for reference, _ in old}) + len(ended) + len(strays)


def _strays(folder: Path, wanted: set[str], before: float) -> list[Path]:
    """Files that nothing speaks of any more: what an upload left that was cut off."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return [Path(entry) for entry in entries if entry.name not in wanted and entry.stat().st_mtime < before]


def _upload_of(job: jobs.KeptJob) -> str:
    if job.kind != KIND or job.order is None:
        return ""
    order = msgspec.msgpack.decode(job.order, type=JobOrder)
    return msgspec.msgpack.decode(order.content, type=ImportErrand).upload


def forget_unsent(tx: Transaction, authority: str, values: Iterable[str]) -> tuple[list[str], list[str]]:
    """What an erasure finds in what an authority has not given yet: field keys to destroy, uploads to remove.

    Drafts that hold one of the values are deleted. A file in quarantine cannot be searched without being parsed, so
    every one that is not being read at this moment goes, with the work that waits for it; its officer gives it again.
    """
    wanted = [value.casefold() for value in values if len(value) >= _SHORTEST]
    gone: list[str] = []
    files: list[str] = []
    for reference, kind, content in drafts.every_draft(tx, authority):
        text = content.decode("utf-8", "replace").casefold()
        if kind == KIND:
            gone.append(reference)
            files.append(reference)
        elif any(value in text for value in wanted):
            gone.append(reference)
    for job in jobs.open_jobs(tx, authority):
        if job.state == "waiting" and (upload := _upload_of(job)):
            jobs.ask_to_stop(tx, job.id)
            files.append(upload)
    heads = [
        header
        for header, content in mappings.kept_mappings(tx, authority)
        if any(value in msgspec.json.encode(content).decode().casefold() for value in wanted)
    ]
    if heads:
        mappings.forget_mappings(tx, authority, heads)
    return drafts.drop_drafts(tx, gone), files
