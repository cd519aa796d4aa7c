"""Notifying: an officer or a duty desk learns that something waits. Outside the application: that, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Literal, Protocol

from alidade.model.ids import AuthorityId
from alidade.procedures import Step
from alidade.services.node import Node
from alidade.services.threads.running import Running
from alidade.store.database import Transaction
from alidade.store.threads import desks, kept, notes

NewsKind = Literal["arrived", "step", "warning", "overdue", "silence", "to_approve", "returned", "approved", "assigned"]
MOST_AT_ONCE: Final = 200
TRIES: Final = 5
SUBJECT: Final = "Alidade"
NODE_OFFICER: Final = "node"  # who acts where the node itself does
WORDS: Final = "Something waits for you in Alidade."
URGENT_WORDS: Final = "Something urgent waits for you in Alidade."


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What leaves the application: to which address, and whether it is urgent. No name, no reference, no count."""

    address: str
    urgent: bool

    @property
    def words(self) -> str:
        """The whole of what it says."""
        return URGENT_WORDS if self.urgent else WORDS


class Messenger(Protocol):
    """Carries a notice to an address outside. Raises OSError where it could not."""

    def send(self, notice: Notice) -> None:
        """Send one notice."""
        ...


class MailFolder:
    """Puts each notice as a message (RFC 5322) into a folder, from which the organisation's own mail takes it."""

    def __init__(self, folder: Path, sender: str, new_name: Callable[[], str]) -> None:
        self._folder = folder
        self._sender = sender
        self._new_name = new_name

    def send(self, notice: Notice) -> None:
        """Write it whole or not at all."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, notice.address, SUBJECT
        message.set_content(notice.words)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = self._new_name()
        partial = self._folder / f".{name}.partial"
        handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
        os.replace(partial, self._folder / f"{name}.eml")


def tell(tx: Transaction, running: Running, authority: AuthorityId, kind: NewsKind, mark: str, officer: str) -> bool:
    """Note that something waits for an officer, or (empty) for the duty desk of his authority; once for each mark."""
    return notes.add_news(tx, running.thread.number, authority, officer, kind, mark)


def tell_arrived(tx: Transaction, running: Running, authority: AuthorityId) -> None:
    """A thread has come to an authority: its duty desk has it until somebody takes it."""
    rule = desks.desk_rule(tx, authority)
    desks.assign(
        tx,
        running.thread.number,
        authority,
        officer="",
        unit=str(rule.get("duty_unit", "")),
        how="duty_desk",
        by="",
    )
    tell(tx, running, authority, "arrived", "", "")


def tell_step(tx: Transaction, running: Running, step: Step) -> None:
    """Somebody wrote a step: every other authority of this node is told on the desk where the thread lies."""
    if step.code in ("open", "received", "read"):
        return
    for desk in kept.desks_of(tx, running.thread.number):
        if desk.authority != step.author:
            tell(tx, running, desk.authority, "step", f"{step.author}/{step.number}", desk.officer)


def send_notices(node: Node, messenger: Messenger) -> int:
    """Tell outside what nobody was told of yet, each address once; how many notices left.

    What cannot be sent is tried again at the next call, five times in all.
    """
    with node.store.transaction() as tx:
        waiting = notes.unsent_news(tx, MOST_AT_ONCE, TRIES)
        rules = {each.authority: desks.desk_rule(tx, each.authority) for each in waiting}
    rows: dict[str, list[int]] = {}
    urgent: set[str] = set()
    silent: list[int] = []
    for each in waiting:
        address = _address(rules[each.authority], each.officer)
        if not address:
            silent.append(each.row)
            continue
        rows.setdefault(address, []).append(each.row)
        if each.urgent:
            urgent.add(address)
    sent, failed = _send(messenger, rows, urgent)
    with node.store.transaction() as tx:
        notes.note_sent(tx, [*silent, *(row for address in sent for row in rows[address])])
        notes.note_tried(tx, [row for address in failed for row in rows[address]])
    return len(sent)


def _send(messenger: Messenger, rows: dict[str, list[int]], urgent: set[str]) -> tuple[list[str], list[str]]:
    sent: list[str] = []
    failed: list[str] = []
    for address in sorted(rows):
        try:
            messenger.send(Notice(address=address, urgent=address in urgent))
        except OSError:
            failed.append(address)
        else:
            sent.append(address)
    return sent, failed


def _address(rule: dict[str, object], officer: str) -> str:
    """Where an officer wants to be told, else where the duty desk of his authority is told, else nowhere."""
    named = rule.get("addresses")
    own = named.get(officer, "") if isinstance(named, dict) else ""
    return str(own or rule.get("desk_address", ""))
