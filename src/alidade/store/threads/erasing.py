"""Erasing in threads: the words of a step, a file, a note or a draft are gone with the key that sealed them.

What stays: that the step was taken, its hash and signature, and its frame, so that the course of the thread is what
it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.threads import attachments, kept, notes, steps
from alidade.store.threads import drafts as step_drafts

_BATCH = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What an erasure met in threads: the field keys to destroy, and how many pieces."""

    field_keys: tuple[str, ...]
    steps: tuple[str, ...]
    files: int
    notes: int
    drafts: int


def erase_step(tx: Transaction, row: int) -> list[str]:
    """Remove the words of a step and the files that it brought; the field keys that sealed them."""
    step = models.ThreadStep.objects.using(tx.alias).get(id=row)
    thread = kept.thread_with_number(tx, step.thread_id)
    keys = [step.field_key]
    content = next((one.content for one in steps.steps_of(tx, thread) if one.row == row), None)
    if step.code == "open":
        keys.extend(_erase_head(tx, step.thread_id))
    models.ThreadStep.objects.using(tx.alias).filter(id=row).update(content=None)
    for file in models.ThreadAttachment.objects.using(tx.alias).filter(
        thread_id=step.thread_id, authority=step.author, state="sent"
    ):
        if content is not None and file.sha256.encode() in content:
            keys.append(erase_attachment(tx, file.id))
    return keys


def erase_attachment(tx: Transaction, attachment: str) -> str:
    """Remove the pieces and the name of a file; the field key that sealed them."""
    models.ThreadChunk.objects.using(tx.alias).filter(attachment_id=attachment).delete()
    rows = models.ThreadAttachment.objects.using(tx.alias).filter(id=attachment)
    rows.update(label=None, state="erased")
    return rows.values_list("field_key", flat=True).get()


def _erase_head(tx: Transaction, thread: int) -> list[str]:
    rows = models.Thread.objects.using(tx.alias).filter(id=thread)
    rows.update(head=None)
    return list(rows.values_list("field_key", flat=True))


def reach(
    tx: Transaction,
    authority: AuthorityId,
    mentions: Callable[[str], bool],
    searched: Callable[[bytes], bool] | None = None,
) -> Reached:
    """Erase whatever of one's own in threads says what is being erased: steps, files by name, notes and drafts.

    `mentions` is asked of each text. What others wrote is theirs: they are told, and erase it themselves. Files whose
    content can be searched as text are looked into (`searched`).
    """
    keys: list[str] = []
    met: list[str] = []
    own = models.ThreadStep.objects.using(tx.alias).filter(author=authority, content__isnull=False)
    for thread_number in list(own.order_by("thread_id").values_list("thread_id", flat=True).distinct()):
        thread = kept.thread_with_number(tx, thread_number)
        for step in steps.steps_of(tx, thread):
            if step.author == authority and step.content is not None and mentions(_text(step.content)):
                keys.extend(erase_step(tx, step.row))
                met.append(f"{thread.reference}/{step.author}/{step.number}")
    files = _reach_files(tx, authority, mentions, searched)
    reached_notes = _reach_notes(tx, authority, mentions)
    gone = [
        draft.id
        for draft in step_drafts.drafts_of(tx, authority, tx.store.vocabulary.classifications)
        if mentions(_text(draft.content))
    ]
    draft_keys = step_drafts.drop_drafts(tx, gone)
    return Reached(
        field_keys=(*keys, *files, *reached_notes, *draft_keys),
        steps=tuple(met),
        files=len(files),
        notes=len(reached_notes),
        drafts=len(draft_keys),
    )


def _reach_files(
    tx: Transaction,
    authority: AuthorityId,
    mentions: Callable[[str], bool],
    searched: Callable[[bytes], bool] | None,
) -> list[str]:
    keys: list[str] = []
    for row in models.ThreadAttachment.objects.using(tx.alias).filter(authority=authority).exclude(state="erased"):
        file = attachments.own(tx, authority, row.id)
        if file is None:
            continue
        named = file.name is not None and mentions(file.name)
        said = (
            searched is not None
            and file.media.startswith("text/")
            and searched(b"".join(attachments.pieces(tx, row.id)))
        )
        if named or said:
            keys.append(erase_attachment(tx, row.id) if row.state == "sent" else _drop_file(tx, row.id))
    return keys


def _drop_file(tx: Transaction, attachment: str) -> str:
    (key,) = attachments.drop(tx, [attachment])
    return key


def _reach_notes(tx: Transaction, authority: AuthorityId, mentions: Callable[[str], bool]) -> list[str]:
    keys: list[str] = []
    rows = models.ThreadNote.objects.using(tx.alias).filter(authority=authority)
    for thread in list(rows.order_by("thread_id").values_list("thread_id", flat=True).distinct()):
        gone = [note.id for note in notes.notes_of(tx, thread, authority) if mentions(note.text)]
        keys.extend(rows.filter(id__in=gone).values_list("field_key", flat=True))
        rows.filter(id__in=gone).delete()
    return keys


def erase_again(tx: Transaction, field_keys: Iterable[str]) -> None:
    """Carry out once more what was erased since a backup that has been restored; the keys are gone already."""
    wanted: Sequence[str] = list(field_keys)
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        models.Thread.objects.using(tx.alias).filter(field_key__in=part).update(head=None)
        models.ThreadStep.objects.using(tx.alias).filter(field_key__in=part).update(content=None)
        models.ThreadNote.objects.using(tx.alias).filter(field_key__in=part).delete()
        models.ThreadDraft.objects.using(tx.alias).filter(field_key__in=part).delete()
        models.ThreadChunk.objects.using(tx.alias).filter(field_key__in=part).delete()
        rows = models.ThreadAttachment.objects.using(tx.alias).filter(field_key__in=part)
        rows.exclude(state="sent").delete()
        rows.filter(state="sent").update(label=None, state="erased")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").casefold()
