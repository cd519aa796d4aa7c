"""Programme entries: what authorities say of a measure, put right or taken back, and what others rule on it."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from alidade.api.checks import RequestKey
from alidade.api.programme import standing_shape
from alidade.api.programme_shapes import (
    AudienceGiven,
    EntryBodyGiven,
    EntryToldShape,
    ListedCode,
    MeasureKey,
    MeasureStandingShape,
    MeasureToldShape,
    Reason,
    Version,
    as_shape,
    as_struct,
    handling_of,
)
from alidade.api.shapes import Given, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.model.errors import NotFound
from alidade.programme.register import Entry, Verification
from alidade.programme.standing import KeptEntry, KeptVerification, Standing
from alidade.services.programme.entries import correct_entry
from alidade.services.programme.once import keep_once
from alidade.services.programme.register import add_entry, read_paper, take_back, verify

router = Router(tags=["Programme"])


class VerificationShape(Told):
    """What another authority ruled on an entry."""

    reference: str
    authority: str
    said_at: str
    ruling: str = Field(description="Code of the list `verification_rulings`.")
    reason: str
    counts: bool = Field(description="False where the entry was corrected since.")


class MeasureEntryShape(Told):
    """What an authority says of a measure."""

    reference: str
    authority: str
    said_at: str
    version: int
    ours: bool = Field(description="Your authority said it, and may correct it or take it back.")
    entry: EntryToldShape
    verifications: list[VerificationShape]


class MeasureEntriesShape(Told):
    """What was said of the measures of a paper, the measures in its order, the oldest entry first."""

    entries: list[MeasureEntryShape]


class MeasureShape(Told):
    """One measure with all that you may see of it."""

    measure: MeasureToldShape
    standing: MeasureStandingShape
    entries: list[MeasureEntryShape] = Field(description="Its history, the oldest first.")


class EntryGiven(Given):
    """What your authority says of a measure, and who may see it."""

    measure: MeasureKey
    entry: EntryBodyGiven
    audience: AudienceGiven | None = Field(default=None, description="Who may see it; null: as the paper.")


class EntryCorrectionGiven(Given):
    """What your authority says instead."""

    entry: EntryBodyGiven
    version: Version
    reason: Reason = ""


class EntryKept(Told):
    """Where it was kept, and its version."""

    reference: str
    version: int


class VerificationGiven(Given):
    """What your authority rules on an entry of another."""

    ruling: ListedCode = Field(description="Code of the list `verification_rulings`.", examples=["confirmed"])
    reason: str = Field(default="", max_length=4_000, description="Why; needed unless it is confirmed.")
    audience: AudienceGiven | None = Field(default=None, description="Who may see it; null: as the entry.")


@router.get(
    "/programme/papers/{reference}/entries",
    response=answers(MeasureEntriesShape, 403, 404),
    operation_id="programme_entries",
)
def entries(request: HttpRequest, reference: Reference) -> MeasureEntriesShape:
    """Everything that you may see of what was said of the measures of a paper. Needs the act `programme_read`."""
    node, actor = at_work(request)
    found = read_paper(node, actor, reference).standings.values()
    return MeasureEntriesShape(entries=[one for each in found for one in _history(each, actor.viewer.authority)])


@router.get(
    "/programme/papers/{reference}/measures/{measure}",
    response=answers(MeasureShape, 403, 404),
    operation_id="programme_measure",
)
def one_measure(request: HttpRequest, reference: Reference, measure: MeasureKey) -> MeasureShape:
    """One measure: how it stands, and its history with what others ruled. Needs the act `programme_read`."""
    node, actor = at_work(request)
    found = read_paper(node, actor, reference).standings.get(measure)
    if found is None:
        raise NotFound("There is nothing with this reference that you may see.")
    return MeasureShape(
        measure=as_shape(found.measure, MeasureToldShape),
        standing=standing_shape(measure, found),
        entries=_history(found, actor.viewer.authority),
    )


@router.post(
    "/programme/papers/{reference}/entries",
    response=answers(EntryKept, 403, 404, 409, body=True),
    operation_id="programme_entry_add",
)
def add(request: HttpRequest, reference: Reference, given: EntryGiven, key: RequestKey = None) -> EntryKept:
    """Say something of a measure, in the name of your authority. Needs the act `programme_write`."""
    node, actor = at_work(request)
    how = handling_of(node, actor.viewer.authority, given.audience)
    entry = as_struct(given.entry, Entry, instrument=reference, measure=given.measure)
    asked = f"entry {reference} {given.model_dump_json()}".encode()
    kept = keep_once(node, actor, key, asked, lambda: add_entry(node, actor, entry, how))
    return EntryKept(reference=kept, version=1)


@router.put(
    "/programme/entries/{reference}",
    response=answers(EntryKept, 403, 404, 409, body=True),
    operation_id="programme_entry_correct",
)
def correct(request: HttpRequest, reference: Reference, given: EntryCorrectionGiven) -> EntryKept:
    """Put right what your authority said; every version is kept, and what others ruled on it counts no longer.

    It stays with its measure. Needs the act `programme_write`.
    """
    node, actor = at_work(request)
    # The use case puts the paper and the measure in their place, whatever stands here.
    entry = as_struct(given.entry, Entry, instrument=reference, measure="0")
    version = correct_entry(node, actor, reference, entry, given.version, given.reason)
    return EntryKept(reference=reference, version=version)


@router.delete(
    "/programme/entries/{reference}",
    response=answers(None, 403, 404, status=204),
    operation_id="programme_entry_withdraw",
)
def withdraw_(request: HttpRequest, reference: Reference) -> Status[None]:
    """Take back an entry or a verification of your authority. Needs the act `programme_write`."""
    node, actor = at_work(request)
    take_back(node, actor, reference)
    return Status(204, None)


@router.post(
    "/programme/entries/{reference}/verifications",
    response=answers(EntryKept, 403, 404, 409, body=True),
    operation_id="programme_verify",
)
def rule_on(request: HttpRequest, reference: Reference, given: VerificationGiven, key: RequestKey = None) -> EntryKept:
    """Confirm or contest what another authority says. 409 for an entry of your own. Needs `programme_verify`."""
    node, actor = at_work(request)
    how = handling_of(node, actor.viewer.authority, given.audience)
    said = Verification(entry=reference, ruling=given.ruling, reason=given.reason)
    asked = f"verification {reference} {given.model_dump_json()}".encode()
    kept = keep_once(node, actor, key, asked, lambda: verify(node, actor, said, how))
    return EntryKept(reference=kept, version=1)


def _history(found: Standing, authority: str) -> list[MeasureEntryShape]:
    return [_entry(each, found.verifications.get(each.reference, ()), authority) for each in found.history]


def _entry(kept: KeptEntry, ruled: tuple[KeptVerification, ...], authority: str) -> MeasureEntryShape:
    return MeasureEntryShape(
        reference=kept.reference, authority=kept.authority, said_at=kept.said_at.isoformat(), version=kept.version,
        ours=kept.authority == authority, entry=as_shape(kept.entry, EntryToldShape),
        verifications=[
            VerificationShape(
                reference=each.reference, authority=each.authority, said_at=each.said_at.isoformat(),
                ruling=each.verification.ruling, reason=each.verification.reason,
                counts=each.said_at >= kept.said_at,
            )
            for each in ruled
        ],
    )  # fmt: skip
