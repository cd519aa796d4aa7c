"""How a measure stands, for one viewer: from the entries that he may see, with history, and never from silence."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from alidade.programme.register import Carried, Entry, Instrument, Measure, Verification

__all__ = ["Finding", "KeptEntry", "KeptVerification", "Standing", "entry_day", "findings_of", "stand", "successors_of"]

_OVER = frozenset({"done", "stopped", "carried_over"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEntry:
    """An entry as it is kept: its reference, who said it, when it was said so, in which version."""

    reference: str
    authority: str
    said_at: dt.datetime
    entry: Entry
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVerification:
    """A verification as it is kept."""

    reference: str
    authority: str
    said_at: dt.datetime
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that somebody should look at. `code`: see `findings_of`; `about`: references of the entries."""

    code: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One measure as it stands: `status` is None where nobody has said anything ("not known").

    `statuses` are the newest ones of each authority and State; where they differ, `conflict` is true and `status` is
    the one said last. `verified`: confirmed by another authority, contested by none. `history` is oldest first.
    """

    measure: Measure
    status: str | None
    since: dt.date | None
    said_by: str
    conflict: bool
    verified: bool
    statuses: tuple[KeptEntry, ...]
    history: tuple[KeptEntry, ...]
    verifications: Mapping[str, tuple[KeptVerification, ...]]
    findings: tuple[Finding, ...]

    @property
    def over(self) -> bool:
        """Whether it is done, stopped or carried over."""
        return self.status in _OVER


def entry_day(kept: KeptEntry) -> dt.date:
    """The day an entry is about; the day it was said where it names none."""
    return kept.entry.day or kept.said_at.date()


def stand(
    instrument: Instrument, entries: Iterable[KeptEntry], verifications: Iterable[KeptVerification], today: dt.date
) -> dict[str, Standing]:
    """How each measure of the instrument stands today, by key, in the order of the paper."""
    of_measure: dict[str, list[KeptEntry]] = defaultdict(list)
    for kept in entries:
        of_measure[kept.entry.measure].append(kept)
    of_entry: dict[str, list[KeptVerification]] = defaultdict(list)
    for ruled in verifications:
        of_entry[ruled.verification.entry].append(ruled)
    return {measure.key: _stand(measure, of_measure[measure.key], of_entry, today) for measure in instrument.measures}


def _stand(
    measure: Measure, entries: list[KeptEntry], rulings: Mapping[str, list[KeptVerification]], today: dt.date
) -> Standing:
    history = sorted(entries, key=lambda kept: (entry_day(kept), kept.said_at, kept.reference))
    newest: dict[tuple[str, str], KeptEntry] = {}
    for kept in history:
        if kept.entry.status:
            newest[kept.authority, kept.entry.state] = kept
    statuses = sorted(newest.values(), key=lambda kept: (entry_day(kept), kept.said_at, kept.reference))
    last = statuses[-1] if statuses else None
    by_entry = {kept.reference: tuple(rulings.get(kept.reference, ())) for kept in history}
    last_rulings = _of_others(last, by_entry)
    standing = Standing(
        measure=measure,
        status=None if last is None else last.entry.status,
        since=None if last is None else entry_day(last),
        said_by="" if last is None else last.authority,
        conflict=len({kept.entry.status for kept in statuses}) > 1,
        verified=bool(last_rulings) and all(ruling == "confirmed" for ruling in last_rulings),
        statuses=tuple(statuses),
        history=tuple(history),
        verifications={reference: found for reference, found in by_entry.items() if found},
        findings=(),
    )
    return _with_findings(standing, today)


def _of_others(kept: KeptEntry | None, rulings: Mapping[str, Sequence[KeptVerification]]) -> list[str]:
    """The newest ruling of each other authority on an entry; what its own authority says of it counts for nothing.

    A ruling counts for the words that it was given on: what was corrected since waits for a new one.
    """
    if kept is None:
        return []
    newest: dict[str, KeptVerification] = {}
    for ruled in sorted(rulings.get(kept.reference, ()), key=lambda each: (each.said_at, each.reference)):
        if ruled.authority != kept.authority and ruled.said_at >= kept.said_at:
            newest[ruled.authority] = ruled
    return [ruled.verification.ruling for ruled in newest.values()]


def _with_findings(standing: Standing, today: dt.date) -> Standing:
    return replace(standing, findings=tuple(findings_of(standing, today)))


def findings_of(standing: Standing, today: dt.date) -> Iterable[Finding]:
    """What somebody should look at in a measure.

    `no_deadline`: none is set. `late`: the deadline is over and the measure is not. `silent`: nobody has said anything.
    `unevidenced`: done or partly done, without a result, document or evidence. `unverified`: done, and no other
    authority has confirmed it. `contested`: another authority contests an entry. `conflict`: authorities differ on the
    status. `figures_differ`: two figures of the same thing, unit and day are not equal.
    """
    measure = standing.measure
    if measure.deadline is None:
        yield Finding(code="no_deadline")
    elif measure.deadline < today and not standing.over:
        yield Finding(code="late")
    if not standing.history:
        yield Finding(code="silent")
    proof = [kept for kept in standing.history if kept.entry.kind in ("result", "document", "evidence")]
    done = [kept.reference for kept in standing.statuses if kept.entry.status in ("done", "partly_done")]
    if done and not proof:
        yield Finding(code="unevidenced", about=tuple(done))
    if standing.status == "done" and not standing.verified:
        yield Finding(code="unverified", about=(standing.statuses[-1].reference,))
    contested = [kept.reference for kept in standing.history if "contested" in _of_others(kept, standing.verifications)]
    if contested:
        yield Finding(code="contested", about=tuple(contested))
    if standing.conflict:
        yield Finding(code="conflict", about=tuple(kept.reference for kept in standing.statuses))
    yield from _differing(standing.history)


def _differing(history: Sequence[KeptEntry]) -> Iterable[Finding]:
    said: dict[tuple[str, str, str, dt.date | None], list[KeptEntry]] = defaultdict(list)
    for kept in history:
        figure = kept.entry.figure
        if figure is not None:
            said[figure.unit, figure.of, kept.entry.state, kept.entry.day].append(kept)
    for alike in said.values():
        if len({kept.entry.figure.value for kept in alike if kept.entry.figure is not None}) > 1:
            yield Finding(code="figures_differ", about=tuple(kept.reference for kept in alike))


def successors_of(instrument: str, key: str, later: Mapping[str, Instrument]) -> list[tuple[str, Measure, Carried]]:
    """Which measures of later instruments (by reference) carry a measure on, and how."""
    return [
        (reference, measure, carried)
        for reference, each in later.items()
        for measure in each.measures
        for carried in measure.carries
        if (carried.instrument, carried.measure) == (instrument, key)
    ]
