"""Directory entries: how each authority is reached, who last confirmed that and when, and which entries have aged.

After the directory of competent national authorities of UNODC and HONLEA recommendation 4d: an entry that nobody has
confirmed for long is marked, and so is one that nobody ever confirmed.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from alidade.model.directory import Authority
from alidade.model.errors import Invalid, NotAllowed
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.exchange.posting import SentEntry, send_entry
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.vocabulary import DamagedVocabulary, DirectoryRule

Alarm = Literal["", "aged", "never_confirmed"]

_LIMITS: Final = {"contact": 200, "duty_line": 100, "channel": 200, "hours": 100}  # characters, as the table holds
_ITEMS, _ITEM = 50, 100  # how many articles or languages, and characters of each


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """One authority as all officers may look it up.

    `days`: since it was last confirmed, None where it never was; `limit`: the days after which it must be confirmed.
    """

    id: AuthorityId
    name: str
    function: str
    state: str
    articles: tuple[str, ...]
    languages: tuple[str, ...]
    channel: str
    contact: str
    duty_line: str
    hours: str
    confirmed_on: str
    confirmed_by: str
    days: int | None
    limit: int
    alarm: Alarm
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChanges:
    """How an authority is reached from now on. What decides over rights is not changed here."""

    contact: str
    duty_line: str = ""
    channel: str = ""
    hours: str = ""
    languages: tuple[str, ...] = ("en",)
    articles: tuple[str, ...] = ()


def directory_entries(
    node: Node, actor: Actor, *, function: str = "", state: str = "", language: str = ""
) -> tuple[DirectoryEntry, ...]:
    """The entries of the directory by State and name: those of this function, State and language, or all.

    Open to every officer whose access has not ended; it holds nothing that anybody gave, and no communities.
    """
    limit = confirm_within(node)
    with node.store.transaction() as tx:
        _require_active(tx, actor)
        found = (_entry(each, actor, tx.now.date(), limit) for each in directory.authorities(tx).values())
        chosen = [
            entry
            for entry in found
            if (not function or entry.function == function)
            and (not state or entry.state == state)
            and (not language or language in entry.languages)
        ]
    return tuple(sorted(chosen, key=lambda entry: (entry.state, entry.name, entry.id)))


def directory_entry(node: Node, actor: Actor, authority: AuthorityId) -> DirectoryEntry:
    """One entry of the directory. Raises NotFound; open like `directory_entries`."""
    limit = confirm_within(node)
    with node.store.transaction() as tx:
        _require_active(tx, actor)
        return _entry(directory.authority(tx, authority), actor, tx.now.date(), limit)


def edit_entry(node: Node, actor: Actor, changes: EntryChanges) -> DirectoryEntry:
    """Change how one's own authority is reached. It does not confirm the rest: that is said apart.

    Raises Invalid for an empty contact, an unknown language, or a text that is too long.
    """
    kept = _cleaned(node, changes)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "directory_confirm")
        before = directory.authority(tx, actor.viewer.authority)
        after = dataclasses.replace(
            before,
            contact=kept.contact,
            duty_line=kept.duty_line,
            channel=kept.channel,
            hours=kept.hours,
            languages=kept.languages,
            articles=kept.articles,
        )
        directory.set_entry(tx, after)
        _tell_peers(node, tx, after)
        changed = [
            field.name
            for field in dataclasses.fields(changes)
            if getattr(before, field.name) != getattr(kept, field.name)
        ]
        details = {"change": "entry", "fields": " ".join(changed) or "none"}
        log(tx, actor, "directory_confirm", objects=[after.id], details=details)
        return _entry(after, actor, tx.now.date(), confirm_within(node))


def confirm_entry(node: Node, actor: Actor) -> DirectoryEntry:
    """State that the whole entry of one's own authority is right today, in one's own name."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "directory_confirm")
        after = dataclasses.replace(
            directory.authority(tx, actor.viewer.authority),
            last_confirmed=tx.now.date().isoformat(),
            confirmed_by=actor.officer,
        )
        directory.set_entry(tx, after)
        _tell_peers(node, tx, after)
        log(tx, actor, "directory_confirm", objects=[after.id], details={"change": "confirmed"})
        return _entry(after, actor, tx.now.date(), confirm_within(node))


def _tell_peers(node: Node, tx: Transaction, entry: Authority) -> None:
    """Let the peers on other nodes know, in the transaction of the change; nobody where there are none."""
    # Who confirmed it stays here: others learn that its authority did, and when.
    told = SentEntry(
        contact=entry.contact,
        duty_line=entry.duty_line,
        channel=entry.channel,
        hours=entry.hours,
        languages=entry.languages,
        articles=entry.articles,
        confirmed_on=entry.last_confirmed,
    )
    send_entry(node, tx, entry.id, told)


def confirm_within(node: Node) -> int:
    """The days after which an entry must be confirmed again (list `directory_rules`)."""
    rule = node.vocabulary.codes("directory_rules").get("confirm_within")
    if not isinstance(rule, DirectoryRule):
        raise DamagedVocabulary("directory_rules.json", "entry 'confirm_within'", "is missing")
    return rule.days


def _require_active(tx: Transaction, actor: Actor) -> None:
    if not directory.officer(tx, actor.officer).active:
        raise NotAllowed(
            f"The access of {actor.officer} has ended.", remedy="Ask your administrator.", code="access_ended"
        )


def _entry(authority: Authority, actor: Actor, today: date, limit: int) -> DirectoryEntry:
    days = _days_since(authority.last_confirmed, today)
    alarm: Alarm = "never_confirmed" if days is None else "aged" if days > limit else ""
    return DirectoryEntry(
        id=authority.id,
        name=authority.name,
        function=authority.party.function,
        state=authority.party.state,
        articles=authority.articles,
        languages=authority.languages,
        channel=authority.channel,
        contact=authority.contact,
        duty_line=authority.duty_line,
        hours=authority.hours,
        confirmed_on=authority.last_confirmed if days is not None else "",
        confirmed_by=authority.confirmed_by,
        days=days,
        limit=limit,
        alarm=alarm,
        own=authority.id == actor.viewer.authority,
    )


def _days_since(day: str, today: date) -> int | None:
    """Days since a day; None for none, and for one that cannot be: it confirms nothing."""
    try:
        days = (today - date.fromisoformat(day)).days
    except ValueError:
        return None
    return days if days >= 0 else None


def _cleaned(node: Node, changes: EntryChanges) -> EntryChanges:
    kept = EntryChanges(
        contact=changes.contact.strip(),
        duty_line=changes.duty_line.strip(),
        channel=changes.channel.strip(),
        hours=changes.hours.strip(),
        languages=tuple(dict.fromkeys(changes.languages)),
        articles=tuple(dict.fromkeys(each.strip() for each in changes.articles if each.strip())),
    )
    if not kept.contact:
        raise Invalid("An authority needs a contact.", remedy="A hit tells others whom to ask.")
    for field, most in _LIMITS.items():
        if len(getattr(kept, field)) > most:
            raise Invalid(f"The field {field} is too long.", remedy=f"At most {most} characters.")
    if not kept.languages or set(kept.languages) - set(node.vocabulary.codes("languages")):
        raise Invalid("A language is not in the list, or none is named.", remedy="See: alidade words languages.")
    if len(kept.articles) > _ITEMS or any(len(each) > _ITEM for each in kept.articles):
        raise Invalid(
            "There are too many articles, or one is too long.", remedy=f"At most {_ITEMS} of {_ITEM} characters."
        )
    return kept
