"""The keeper of truth: sees everything that was committed anywhere, and says which promise is broken, at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from alidade.exchange.content import KINDS, Content, Erasure, items_of, read_order
from alidade.exchange.rows import OutboxRow
from alidade.exchange.verdict import Alarm, Dispatch, Event, KeysChanged, Settled, Verdict
from alidade.exchange.witness import place
from alidade.model.ids import AuthorityId
from alidade.simulation.federation.disk import Applied
from alidade.simulation.federation.ending import check_end
from alidade.simulation.federation.party import QUOTA_BURST, QUOTA_MINUTE, STALE_DAYS, Party
from alidade.simulation.federation.plan import DAY, MINUTE

if TYPE_CHECKING:
    from alidade.simulation.federation.node import Node
    from alidade.simulation.federation.world import World

GIVEN: Final = frozenset({"contribution", "release", "directory"})
_LOG_ALARMS: Final = frozenset({"log_forked", "log_rolled_back", "promise_broken"})
#: Why an honest message may be set aside: its key was revoked, or destroyed, while it waited.
_HONEST_REASONS: Final = frozenset({"owner_distrusted", "key_gone"})
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 3600.0


class Broken(Exception):
    """A promise was not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One message that was really put into an outbox."""

    message_id: str
    sender: str
    recipient: str
    kind: str
    thread: str
    sequence: int
    items: tuple[str, ...]
    content: Content
    poison: bool
    at: int

    @property
    def is_given(self) -> bool:
        """Whether it carries things that can be erased."""
        return self.kind in GIVEN


@dataclass(slots=True)
class Seen:
    """What one authority has applied so far, as committed."""

    count: int = 0
    ids: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)


class Truth:
    """Knows what was posted, by whom, what became of it, and who did wrong."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.posts: dict[str, Post] = {}
        self.forged: dict[str, tuple[str, str]] = {}  # message id to whose name and which stolen key
        self.orders: dict[str, tuple[str, ...]] = {}  # order to erase to names
        self.skipped: set[str] = set()
        self.gone: set[tuple[str, str]] = set()  # authority, destroyed key
        self.alarms: list[tuple[int, str, str, str]] = []  # when, who, about whom, which
        self.past_changed: dict[str, int] = {}  # node to when its log was rewritten
        self.contradicted: list[tuple[int, str, str]] = []  # since when, who knew better, about whom
        self.put_back: set[str] = set()  # authorities restored from a backup
        self._pending: list[Post] = []
        self._places: dict[tuple[str, str, str, int], Post] = {}
        self._by_sender: dict[str, list[Post]] = {}
        self._seen: dict[str, Seen] = {}
        self._seals: dict[tuple[str, str], list[tuple[int, bytes]]] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._published: dict[tuple[str, int], int] = {}
        # From whom to whom; then message to how often and when last, by its sender's clock.
        self._sent: dict[tuple[str, str], dict[str, tuple[int, datetime]]] = {}
        self._wire: dict[tuple[str, str], bytes] = {}
        self._sealed_to: dict[str, list[bytes]] = {}
        self._taken: dict[tuple[str, str], list[int]] = {}
        self._stolen_in: dict[tuple[str, str], set[str]] = {}

    # what is so ----------------------------------------------------------------------------------------------
    def posts_of(self, party: Party) -> Sequence[Post]:
        """Everything that this authority posted, oldest first."""
        return tuple(self._by_sender.get(party.id, ()))

    def is_erased(self, names: Iterable[str]) -> bool:
        """Whether all of these were erased by their owner."""
        erased = {name for targets in self.orders.values() for name in targets}
        return all(name in erased for name in names)

    def is_poison(self, message_id: str) -> bool:
        """Whether this message never made sense."""
        post = self.posts.get(message_id)
        return post is not None and post.poison

    def queued(self, party: Party) -> list[OutboxRow]:
        """What still waits for a receipt."""
        rows = (party.disk.store.outbox(AuthorityId(each.recipient), each.message_id) for each in self.posts_of(party))
        return [row for row in rows if row is not None and row.state == "queued"]

    def on_the_wire(self, sender: str, recipient: str) -> list[bytes]:
        """The last envelope that went from one to the other, if any."""
        raw = self._wire.get((sender, recipient))
        return [] if raw is None else [raw]

    def all_arrived(self) -> bool:
        """Whether every message that was posted and not taken back is at its recipient's."""
        return all(self.arrived(post) for post in self.posts.values())

    def arrived(self, post: Post) -> bool:
        """Whether a message is where it belongs, or was rightly given up."""
        parties = self.world.parties
        sender, store = parties[post.sender], parties[post.recipient].disk.store
        row = sender.disk.store.outbox(AuthorityId(post.recipient), post.message_id)
        passed = not post.sequence or store.cursor(sender.id, post.thread) > post.sequence
        if row is not None and row.state == "voided":
            return passed
        kept = store.inbox(sender.id, post.message_id)
        if kept is None or not passed:
            return False
        gave_up = post.message_id in self.skipped or self.is_erased(post.items)
        return kept.state == "applied" or (kept.state == "void" and gave_up)

    # posting -------------------------------------------------------------------------------------------------
    def announce(self, party: Party, row: OutboxRow, content: Content, kind: str, *, poison: bool) -> None:
        """Something is put into an outbox; it counts once it is committed."""
        self._pending.append(
            Post(
                message_id=row.message_id,
                sender=party.id,
                recipient=row.recipient,
                kind=kind,
                thread=row.thread,
                sequence=row.sequence,
                items=items_of(content),
                content=content,
                poison=poison,
                at=self.world.now,
            )
        )

    def forget(self) -> None:
        """The transaction was rolled back."""
        self._pending.clear()

    def committed(self, party: Party) -> None:
        """A transaction of this authority was committed: look at what is new."""
        for post in self._pending:
            self.posts[post.message_id] = post
            self._by_sender.setdefault(post.sender, []).append(post)
            if post.sequence:
                self._places[post.sender, post.recipient, post.thread, post.sequence] = post
            self.world.say("post", post.sender, post.recipient, post.kind, post.thread, post.sequence)
            if isinstance(post.content, Erasure):
                for item in post.content.items:
                    self.orders[item.name] = tuple(f"{item.owner}/{each}" for each in read_order(item).targets)
        self._pending.clear()
        seen, applied = self._seen.setdefault(party.id, Seen()), party.disk.room.applied
        for each in applied[seen.count :]:
            self._applied(party, seen, each)
        seen.count = len(applied)

    def _applied(self, party: Party, seen: Seen, new: Applied) -> None:
        who = f"{party.id}: {new.kind} {new.sequence} of {new.thread or 'no thread'} from {new.sender}"
        self.world.say("applied", who)
        post = self.posts.get(new.message_id)
        if new.message_id in seen.ids or seen.items.intersection(new.items):
            raise Broken(f"applied twice, {who}")
        if post is None and new.kind != "void" and new.message_id not in self.forged:
            raise Broken(f"applied what nobody sent, {who}")
        seen.ids.add(new.message_id)
        seen.items.update(new.items)
        if new.sequence:
            self._in_order(party, seen, new, who)
        if new.kind == "erasure":
            for order in new.items:
                seen.erased.update(self.orders.get(order, ()))
        room = party.disk.room
        for name in (*new.items, *seen.erased):
            if name in seen.erased and name in room.things and name not in room.kept:
                raise Broken(f"kept what was to be erased, {who}")

    def _in_order(self, party: Party, seen: Seen, new: Applied, who: str) -> None:
        last = seen.last.get((new.sender, new.thread), 0)
        if new.sequence <= last:
            raise Broken(f"out of order: {new.sequence} after {last}, {who}")
        for missed in range(last + 1, new.sequence):
            post = self._places.get((new.sender, party.id, new.thread, missed))
            if post is None or not (post.message_id in self.skipped or self.is_erased(post.items)):
                raise Broken(f"out of order: {new.sequence} without {missed}, {who}")
        seen.last[new.sender, new.thread] = new.sequence

    # sending -------------------------------------------------------------------------------------------------
    def sent(self, party: Party, due: Sequence[Dispatch], *, pulled: bool = False) -> None:
        """Envelopes go out: not too often, and nothing for peers whose keys we may not know any more."""
        now = self.world.now_at(party.node)
        for each in due:
            sent = self._sent.setdefault((party.id, each.recipient), {})
            count, last = sent.get(each.message_id, (0, now))
            pause = min(_FIRST_PAUSE * 2 ** min(count - 1, 20), _LONGEST_PAUSE) / 2 if count else 0.0
            if not pulled and (now - last).total_seconds() < pause:
                raise Broken(f"sent too often, {party.id}: {each.kind} to {each.recipient}, time {count + 1}")
            sent[each.message_id] = count + 1, now
            self._wire[party.id, each.recipient] = each.envelope
            to = self.world.parties[each.recipient]
            row = party.disk.store.outbox(each.recipient, each.message_id)
            kept = self._sealed_to.setdefault("" if row is None else row.sealing_key, [])
            if len(kept) < 3:
                kept.append(each.envelope)
            if not KINDS[each.kind].control:
                self._not_stale(party, to)

    def _not_stale(self, party: Party, to: Party) -> None:
        peer = party.disk.store.peer(to.id)
        known = 0 if peer is None else peer.number
        since = self._published.get((to.id, known + 1))
        if since is not None and self.world.now - since > (STALE_DAYS + 1) * DAY:
            raise Broken(f"sent to outdated keys, {party.id} to {to.id}")

    def published(self, party: Party) -> None:
        """An authority has a new paper."""
        self._published[party.id, len(party.papers)] = self.world.now

    def destroyed(self, party: Party, key_id: str) -> None:
        """An authority destroyed a key: whoever takes its machine may not open old letters."""
        self.gone.add((party.id, key_id))
        for raw in self._sealed_to.get(key_id, ()):
            if self.world.opens(party, raw):
                raise Broken(f"a destroyed key still opens, {party.id}")

    # receiving -----------------------------------------------------------------------------------------------
    def ruled(self, party: Party, raw: bytes, verdict: Verdict) -> None:
        """An envelope was ruled upon, and that was committed."""
        self.world.say("ruled", party.id, verdict.sender, verdict.kind, verdict.ruling, verdict.reason)
        sender = verdict.sender
        if sender is None or sender not in self.world.parties:
            return
        if verdict.ruling != "refused":
            self._not_too_many(party, sender)
        if verdict.ruling != "refused" and verdict.message_id in self.forged:
            self._believed(party, verdict.message_id)
        for message_id, reason in verdict.parked.items():
            if not self.is_poison(message_id) and reason not in _HONEST_REASONS and message_id not in self.forged:
                raise Broken(f"parked without need, {party.id}: {verdict.kind} from {sender}: {reason}")
        if verdict.kind == "gap_request" and verdict.ruling == "accepted":
            self._sent.pop((party.id, sender), None)  # what is missed may be sent at once
        self._keys_go_forward(party, sender)
        self._past_is_kept(party, sender)
        self.told(party, verdict.events)

    def _not_too_many(self, party: Party, sender: str) -> None:
        times = self._taken.setdefault((party.id, sender), [])
        times[:] = [at for at in times if at > self.world.now - MINUTE]
        times.append(self.world.now)
        if len(times) > QUOTA_BURST + QUOTA_MINUTE:
            raise Broken(f"took too much at once, {party.id} from {sender}")

    def restarted(self, node: Node) -> None:
        """A process lost its memory of how much came in."""
        for key in [key for key in self._taken if key[0] in node.parties]:
            del self._taken[key]

    def _believed(self, party: Party, message_id: str) -> None:
        owner, key_id = self.forged[message_id]
        peer = party.disk.store.peer(AuthorityId(owner))
        papers = self.world.parties[owner].papers[: 0 if peer is None else peer.number]
        if any(entry.key_id == key_id for paper in papers for entry in paper.manifest.distrust):
            raise Broken(f"believed a revoked key, {party.id} about {owner}")
        self._stolen_in.setdefault((party.id, owner), set()).add(message_id)

    def _keys_go_forward(self, party: Party, sender: AuthorityId) -> None:
        peer = party.disk.store.peer(sender)
        number = 0 if peer is None else peer.number
        if number < self._numbers.get((party.id, sender), 0):
            raise Broken(f"went back to old keys, {party.id} about {sender}")
        self._numbers[party.id, sender] = number

    def _past_is_kept(self, party: Party, sender: AuthorityId) -> None:
        log = self.world.nodes[self.world.parties[sender].node].log
        head = party.disk.store.peer_head(place(sender, log.origin))
        seals = self._seals.setdefault((party.id, sender), [])
        if head is None or (head.size, head.root) in seals:
            return
        seals.append((head.size, head.root))
        if not log.agrees(seals):
            raise Broken(f"countersigned two pasts, {party.id} about {sender}")

    def told(self, party: Party, events: Iterable[Event]) -> None:
        """What the exchange reports to its node, after the commit."""
        for event in events:
            if isinstance(event, Settled):
                self._settled(party, event)
            elif isinstance(event, Alarm):
                self._alarm(party, event)
            elif isinstance(event, KeysChanged) and event.distrusted:
                left = self._stolen_in.get((party.id, event.authority), set()) - set(event.quarantine)
                if left:
                    raise Broken(f"forged messages not set aside, {party.id} about {event.authority}")

    def _settled(self, party: Party, event: Settled) -> None:
        self.world.say("settled", party.id, event.recipient, event.kind, event.thread, event.sequence)
        to = self.world.parties[event.recipient]
        if to.id not in self.put_back and to.disk.store.inbox(party.id, event.message_id) is None:
            raise Broken(f"acknowledged and not there, {to.id}: {event.kind} from {party.id}")

    def _alarm(self, party: Party, event: Alarm) -> None:
        self.world.say("alarm", party.id, event.peer, event.kind)
        self.alarms.append((self.world.now, party.id, event.peer, event.kind))
        node = self.world.parties[event.peer].node
        guilty = {
            "receipt_contradicts": event.peer in self.put_back,
            "log_silent": True,
        }.get(event.kind, event.kind in _LOG_ALARMS and node in self.past_changed)
        if not guilty:
            raise Broken(f"false alarm, {party.id} about {event.peer}: {event.kind}")

    # wrongs --------------------------------------------------------------------------------------------------
    def rewritten(self, node: Node) -> None:
        """A log has another past now: note who knows better."""
        self.past_changed[node.name] = self.world.now
        for name in node.parties:
            for other in self.world.parties.values():
                seal = other.disk.store.peer_head(place(AuthorityId(name), node.log.origin))
                if seal is None:
                    continue
                known = seal.size <= len(node.log.leaves) and node.log.root(seal.size) == seal.root
                if not known:
                    self.contradicted.append((self.world.now, other.id, name))

    def restored(self, party: Party) -> None:
        """A store was put back: what counts is what it holds now."""
        self.put_back.add(party.id)
        seen = Seen()
        for each in party.disk.room.applied:
            seen.ids.add(each.message_id)
            seen.items.update(each.items)
            if each.sequence:
                seen.last[each.sender, each.thread] = each.sequence
        seen.count = len(party.disk.room.applied)
        self._seen[party.id] = seen
        for name in self.world.parties:
            self._seals.pop((party.id, name), None)
            self._numbers.pop((party.id, name), None)
            self._sent.pop((party.id, name), None)

    def at_the_end(self) -> None:
        """After the healing everything must have come right."""
        wrong = check_end(self)
        if wrong:
            raise Broken(wrong)
