"""The ledger as people use it: verify it, carry its head elsewhere, read the entries of one's own authority."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from alidade.ledger.bundle import entry_line, top_line
from alidade.ledger.entry import Entry, decode
from alidade.ledger.head import Head, from_json
from alidade.ledger.verify import Report, StoredEntry, verify_log
from alidade.model.errors import Conflict, Damaged, Invalid, NotFound
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.queries import LARGEST_PAGE, Wanted, require_sensible
from alidade.store import entries, trail
from alidade.store.database import Transaction
from alidade.store.entries import Clear

Progress = Callable[[int, int], None]
"""Told how many entries are done, and of how many."""
LOOKED_THROUGH: Final = 20_000
"""So many entries are opened for one page, where it is filtered by what only their sealed text says."""
_STEP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted; nothing left out means all. Days are of UTC, both included."""

    act: str | None = None
    officer: str | None = None
    purpose: str | None = None
    decision: str | None = None
    since: str | None = None
    until: str | None = None

    @property
    def opens(self) -> bool:
        """Whether entries have to be opened to know."""
        return (self.officer, self.purpose, self.decision) != (None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEntry:
    """One entry of one's own authority; `entry` is None where its body was erased."""

    at: datetime
    act: str
    entry: Entry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """Entries, newest first. `before` continues; None at the end. `looked_through` of those that fit by act and day."""

    entries: tuple[LoggedEntry, ...]
    before: int | None
    looked_through: int
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What was written for a reviewer, and under which head."""

    entries: int
    head: Head


def verify_ledger(node: Node, remembered: Head | None = None, progress: Progress | None = None) -> Report:
    """Recompute every leaf and root and verify every signature.

    Against the head that is kept apart with the keys, or against `remembered`, one that was carried elsewhere. Needs
    no right: it shows nothing but whether the ledger is whole.
    """
    store = node.store
    if remembered is None:
        kept = store.keys.remembered_head(trail.LEDGER)
        remembered = None if kept is None else from_json(kept)
    newest = trail.last_head(store.alias)
    stored = trail.stored_entries(store.alias, store.keys)
    return verify_log(
        stored if progress is None else _told(stored, 0 if newest is None else newest.size, progress),
        trail.stored_heads(store.alias),
        store.keys.public_keys(trail.LEDGER),
        remembered,
    )


def newest_head(node: Node) -> Head | None:
    """The signed head to be carried elsewhere, as a witness of the ledger's length and content."""
    return trail.last_head(node.store.alias)


def entries_of_authority(node: Node, actor: Actor, *, newest: int = 50) -> list[Entry | None]:
    """The newest entries of one's own authority, newest first; None where the body was erased.

    Without their numbers in the ledger, which would tell how much others do.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        bodies = trail.entries_of(tx.alias, node.store.keys, actor.viewer.authority, newest)
        log(tx, actor, "ledger_read", results=len(bodies))
    return [None if body is None else decode(body) for body in bodies]


def verify_as(
    node: Node, actor: Actor, remembered: Head | None = None, progress: Progress | None = None
) -> tuple[Report, Head | None]:
    """Verify the ledger as an officer, and leave an entry of it and of the outcome; with the head that was verified.

    A ledger that is damaged may take no further entry: the report is given all the same.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_verify")
    head = newest_head(node)
    report = verify_ledger(node, remembered, progress)
    outcome = {"sound": "yes" if report.sound else "no", "against": "kept" if remembered is None else "given"}
    try:
        with node.store.transaction() as tx:
            log(tx, actor, "ledger_verify", results=len(report.problems), details=outcome)
    except Damaged:
        if report.sound:
            raise
    return report, head


def head_as(node: Node, actor: Actor) -> Head:
    """The newest signed head, for an officer to carry elsewhere. Raises NotFound before the first entry."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_verify")
        head = newest_head(node)
        if head is None:
            raise NotFound("The ledger has no entry yet.")
        log(tx, actor, "ledger_verify", details={"view": "head"})
    return head


def entries_page(
    node: Node, actor: Actor, wanted: EntryFilter, *, before: int | None = None, size: int = 50
) -> EntryPage:
    """A page of the entries of one's own authority, newest first; this very look is an entry, of the next page asked.

    `before` is what the last page gave. An erased entry fits no filter but those by act and day.
    """
    require_sensible(Wanted(since=wanted.since, until=wanted.until), 0, size)
    if wanted.decision not in (None, "allowed", "refused"):
        raise Invalid("A decision is allowed or refused.")
    if before is not None and before < 0:
        raise Invalid(f"A page has between 1 and {LARGEST_PAGE} lines.")
    clear = Clear(acts=(wanted.act,) if wanted.act else (), since=wanted.since, until=wanted.until)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        authority = actor.viewer.authority
        total = entries.count_entries(tx, authority, clear)
        start = total if before is None else min(before, total)
        found, end = _page(tx, authority, clear, wanted, start, size)
        acts = tuple(entries.acts_of(tx, authority))
        details = {
            name: value
            for name in ("act", "officer", "purpose", "decision", "since", "until")
            if (value := getattr(wanted, name))
        }
        log(tx, actor, "ledger_read", results=len(found), details={"view": "entries", **details})
    return EntryPage(entries=tuple(found), before=end if end > 0 else None, looked_through=start - end, acts=acts)


def _page(
    tx: Transaction, authority: str, clear: Clear, wanted: EntryFilter, start: int, size: int
) -> tuple[list[LoggedEntry], int]:
    """The entries of a page, and the number from which the next one goes on downwards."""
    found: list[LoggedEntry] = []
    end = start
    step = _STEP if wanted.opens else size
    while end > 0 and start - end < LOOKED_THROUGH:
        part = entries.own_entries(tx, authority, clear, end - step, end)
        for stored in reversed(part):
            end -= 1
            entry = None if stored.body is None else decode(stored.body)
            if _fits(entry, wanted):
                found.append(LoggedEntry(at=stored.at, act=stored.act, entry=entry))
                if len(found) == size:
                    return found, end
    return found, end


def _fits(entry: Entry | None, wanted: EntryFilter) -> bool:
    if entry is None:
        return not wanted.opens
    asked = (wanted.officer, wanted.purpose, wanted.decision)
    return all(
        one in (None, said) for one, said in zip(asked, (entry.officer, entry.purpose, entry.decision), strict=True)
    )


def export_entries(
    node: Node,
    actor: Actor,
    out: BinaryIO,
    *,
    since: str | None = None,
    until: str | None = None,
    carried: Head | None = None,
    progress: Progress | None = None,
) -> Bundle:
    """Write the entries of one's own authority with their proofs, for a reviewer without access to this node.

    `alidade ledger verify-file` verifies it. With a head that was carried away earlier, the proof that the ledger
    only grew since is written too. A proof says at which place of the ledger an entry stands, so a reviewer learns
    how long the whole ledger is. Raises Conflict where the head given is not of this ledger.
    """
    require_sensible(Wanted(since=since, until=until), 0, 1)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "ledger_read")
        head = trail.last_head(tx.alias)
        if head is None:
            raise NotFound("The ledger has no entry yet.")
        tree = trail.tree_of(tx.alias, head.size)
        if carried is not None and (carried.size > head.size or tree.root(carried.size) != carried.root):
            raise Conflict("The head given is not of this ledger.", remedy="Run: alidade ledger verify.")
        authority = actor.viewer.authority
        clear = Clear(since=since, until=until)
        keys = node.store.keys.public_keys(trail.LEDGER)
        growth = () if carried is None else tree.consistency_proof(carried.size)
        out.write(top_line(authority, head, keys, carried, growth))
        total = entries.count_entries(tx, authority, clear)
        written = 0
        for stored in entries.every_own_entry(tx, authority, clear, head.size):
            out.write(entry_line(stored, tree.inclusion_proof(stored.sequence)))
            written += 1
            if progress is not None and written % _STEP == 0:
                progress(written, total)
        log(tx, actor, "ledger_read", results=written, details={"view": "bundle", "head": str(head.size)})
    return Bundle(entries=written, head=head)


def _told(stored: Iterable[StoredEntry], total: int, progress: Progress) -> Iterator[StoredEntry]:
    for number, one in enumerate(stored, start=1):
        yield one
        if number % _STEP == 0 or number == total:
            progress(number, total)
