"""Consultations of a person: who looked at what one's own authority has of him, when and for what.

Source: Directive (EU) 2016/680 Art. 14(c), 25; judgment of the Court of Justice C-579/21: dates and purposes of
consultations are the person's to know, the names of those who looked only where they are indispensable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from alidade.matching.thresholds import threshold_for
from alidade.model.viewer import Actor
from alidade.services.person_search import Asked, Key, agrees, keys_of, number_keys
from alidade.services.queries import decoded
from alidade.store import directory, person, queries
from alidade.store.database import Transaction
from alidade.store.queries import Wanted

COMPARED = 200_000
"""So many of one's own authority's questions, the newest, are compared with the person."""
_SHOWN_BY: Final[Mapping[str, Literal["read", "export", "person_export"]]] = {
    "record_read": "read",
    "export": "export",
    "person_export": "person_export",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One look of one's own authority at the person: day and time (UTC), how, for which purpose.

    kind     check, read, export, person_export
    certain  whether it met a chosen record; else a check asked by a name or number like the person's, which may have
             been about somebody else: a person decides
    officer  empty unless the names were asked for
    """

    at: str
    authority: str
    kind: str
    purpose: str
    legal_ground: str
    check: str
    certain: bool
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Another authority that was shown something, and how often from when until when.

    authority  empty where it goes in by its function alone
    how        check (content in an answer), hit_without_content (only that there is something), read, export,
               release
    """

    authority: str
    function: str
    how: str
    purpose: str
    times: int
    first: str
    last: str


def consultations(
    tx: Transaction, actor: Actor, records: Sequence[str], asked: Asked | None, *, officers: bool
) -> list[Consultation]:
    """The looks of one's own authority, oldest first: at these records, and checks by the person's names or numbers."""
    authority = actor.viewer.authority
    found: list[Consultation] = []
    certain: set[str] = set()
    for met in person.checks_that_met(tx, authority, records):
        if met.asker == authority and met.check not in certain:
            certain.add(met.check)
            found.append(
                _own(met.asked_at.isoformat(), "check", actor, met.purpose, met.legal_ground, met.check, met.officer)
            )
    for entry, _ in person.shown_to(tx, tuple(_SHOWN_BY), records):
        if entry.authority == authority:
            purpose, ground = entry.purpose or "", entry.legal_ground or ""
            found.append(_own(entry.at.isoformat(), _SHOWN_BY[entry.act], actor, purpose, ground, "", entry.officer))
    if asked is not None:
        found.extend(_by_question(tx, authority, asked, certain))
    if not officers:
        found = [replace(one, officer="") for one in found]
    return sorted(found, key=lambda one: (one.at, one.kind, one.check))


def recipients(tx: Transaction, actor: Actor, records: Sequence[str], handlings: Sequence[str]) -> list[Recipient]:
    """Every other authority that was shown something of these records, or may use them by a release."""
    owner = actor.viewer.authority
    times: dict[tuple[str, str, str], list[str]] = {}
    for met in person.checks_that_met(tx, owner, records):
        how = "check" if met.content else "hit_without_content"
        times.setdefault((met.asker, how, met.purpose), []).append(met.asked_at.isoformat())
    for entry, _ in person.shown_to(tx, ("record_read", "export"), records):
        times.setdefault((entry.authority, _SHOWN_BY[entry.act], entry.purpose or ""), []).append(entry.at.isoformat())
    for release in person.releases_of(tx, owner, handlings):
        for purpose in release.purposes:
            times.setdefault((release.grantee, "release", purpose), []).append(release.given_at.isoformat())
    functions = {str(one.id): one.party.function for one in directory.authorities(tx).values()}
    return [
        Recipient(
            authority=who,
            function=functions.get(who, ""),
            how=how,
            purpose=purpose,
            times=len(at),
            first=min(at),
            last=max(at),
        )
        for (who, how, purpose), at in sorted(times.items())
        if who != owner
    ]


def recipients_for_person(shown: Sequence[Recipient], *, named: bool) -> tuple[Recipient, ...]:
    """The recipients as the person is told of them: by name, or by function with those of one function as one."""
    if named:
        return tuple(shown)
    merged: dict[tuple[str, str, str], Recipient] = {}
    for one in shown:
        place = (one.function, one.how, one.purpose)
        other = merged.get(place, replace(one, times=0))
        merged[place] = replace(
            one,
            authority="",
            times=one.times + other.times,
            first=min(one.first, other.first),
            last=max(one.last, other.last),
        )
    return tuple(merged[place] for place in sorted(merged))


def _own(
    at: str, kind: str, actor: Actor, purpose: str, ground: str, check: str, officer: str, *, certain: bool = True
) -> Consultation:
    return Consultation(
        at=at, authority=actor.viewer.authority, kind=kind, purpose=purpose, legal_ground=ground, check=check,
        certain=certain, officer=officer,
    )  # fmt: skip


def _by_question(tx: Transaction, authority: str, asked: Asked, met: set[str]) -> list[Consultation]:
    from alidade.matching.names import name_keys  # here: see services/finding.py

    keys = keys_of(asked)
    names = {key for kind, key in keys if kind == "name"}
    numbers = {_plain(number)[-_TAIL:] for number in asked.identifiers}
    found: list[Consultation] = []
    for check, sealed in queries.questions(tx, authority, Wanted(), COMPARED):
        if check.reference in met:
            continue
        question = decoded(sealed)
        of: set[Key] = set()
        # The dear comparisons only for the few questions that share a word, a sound or an end of a number.
        if names and question.kind in (None, "name") and not names.isdisjoint(name_keys(question.text, "person")):
            of.update(("name", key) for key in names)
        if any(_plain(question.text).endswith(tail) for tail in numbers if tail):
            of.update(number_keys(question.text))
        values = {"name": [question.text], "birthDate": [question.birth_date] if question.birth_date else []}
        if of and agrees(asked, keys, values, of) >= threshold_for("usual").threshold:
            found.append(
                Consultation(
                    at=check.asked_at.isoformat(),
                    authority=authority,
                    kind="check",
                    purpose=check.purpose,
                    legal_ground=check.legal_ground,
                    check=check.reference,
                    certain=False,
                    officer=check.officer,
                )
            )
    return found


_TAIL = 5


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
