"""The ledger in the store: entries go in with the act itself, the head is signed before the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from django.db import connections

from alidade.ledger.entry import Entry, canonical
from alidade.ledger.head import Head, from_json, sign_head
from alidade.ledger.tree import Tree
from alidade.ledger.verify import StoredEntry
from alidade.model.errors import Damaged
from alidade.model.merkle import leaf_hash
from alidade.model.ports import Clock, Randomness
from alidade.store.keystore import KeyStore, SigningKey
from alidade.store.models import LedgerEntry, LedgerHead

LEDGER = "ledger"  # holder of the key that signs heads

# Every transaction writes these, so that they are not composed anew each time.
_ADD_NODE: Final = "insert into ledger_node (level, position, hash) values (%s, %s, %s)"
_ADD_ENTRY: Final = (
    "insert into ledger_entry (sequence, leaf, salt, body, field_key, at, act, authority)"
    " values (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_ADD_HEAD: Final = "insert into ledger_head (size, root, at, key_id, signature) values (%s, %s, %s, %s, %s)"


class _Nodes:
    """Nodes of the tree in their table, those of the running transaction kept at hand."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._new: dict[tuple[int, int], bytes] = {}
        self._made: list[tuple[int, int]] = []

    def get(self, level: int, index: int) -> bytes:
        found = self._new.get((level, index))
        if found is None:
            with connections[self._alias].cursor() as cursor:
                cursor.execute("select hash from ledger_node where level = %s and position = %s", [level, index])
                row = cursor.fetchone()
            if row is None:
                raise Damaged("A node of the ledger is missing.", remedy="Run: alidade ledger verify.")
            found = self._new[level, index] = bytes(row[0])
        return found

    def put(self, level: int, index: int, value: bytes) -> None:
        self._new[level, index] = value
        self._made.append((level, index))

    def write(self) -> None:
        with connections[self._alias].cursor() as cursor:
            cursor.executemany(_ADD_NODE, [(*at, self._new[at]) for at in self._made])


class Trail:
    """What one transaction adds to the ledger."""

    def __init__(self, alias: str, keys: KeyStore, signing: SigningKey, clock: Clock, randomness: Randomness) -> None:
        self._alias = alias
        self._keys = keys
        self._signing = signing
        self._clock = clock
        self._randomness = randomness
        self._entries: list[Entry] = []
        self._told: list[Callable[[int, bytes], None] | None] = []

    @property
    def logged(self) -> bool:
        """Whether the transaction has left an entry."""
        return bool(self._entries)

    def add(self, entry: Entry, told: Callable[[int, bytes], None] | None = None) -> None:
        """Take one entry; it is written just before the commit, and `told` then learns its number and leaf."""
        self._entries.append(entry)
        self._told.append(told)

    def replace(self, entry: Entry) -> None:
        """Take this entry in place of all others: those of an act that was undone."""
        self._entries = [entry]
        self._told = [None]

    def write(self) -> Head | None:
        """Write entries, nodes and the signed head; the head, or None where there was nothing to write."""
        if not self._entries:
            return None
        last = LedgerHead.objects.using(self._alias).order_by("-size").first()
        self._check_remembered()
        size = last.size if last is not None else 0
        # A clock that was set back must not make the ledger look tampered with.
        at = max(self._clock.now(), datetime.fromisoformat(last.at)) if last is not None else self._clock.now()
        nodes = _Nodes(self._alias)
        tree = Tree(nodes, size)
        rows = []
        field_keys = self._keys.new_field_keys(len(self._entries))
        for sequence, (entry, (key_id, key)) in enumerate(zip(self._entries, field_keys, strict=True), start=size):
            body = canonical(entry)
            salt = self._randomness.token_bytes(16)
            leaf = leaf_hash(salt, body)
            tree.append(leaf)
            sealed = self._keys.seal(body, key, f"ledger/{sequence}")
            rows.append((sequence, leaf, salt, sealed, key_id, entry.at.isoformat(), entry.act, str(entry.authority)))
        head = sign_head(origin=LEDGER, size=tree.size, root=tree.root(), at=at, signer=self._signing)
        with connections[self._alias].cursor() as cursor:
            cursor.executemany(_ADD_ENTRY, rows)
            cursor.execute(_ADD_HEAD, [head.size, head.root, head.at.isoformat(), head.key_id, head.signature])
        nodes.write()
        for (sequence, leaf, *_rest), told in zip(rows, self._told, strict=True):
            if told is not None:
                told(sequence, leaf)
        return head

    def _check_remembered(self) -> None:
        """Refuse to grow a ledger that does not lead on from the head kept apart: the next head would hide it."""
        kept = self._keys.remembered_head(LEDGER)
        if kept is None:
            return
        head = from_json(kept)
        row = LedgerHead.objects.using(self._alias).filter(size=head.size).first()
        if row is None or bytes(row.root) != head.root:
            raise Damaged(
                "The ledger is not the one that this node remembers: it was set back or replaced.",
                remedy="Run: alidade ledger verify.",
                code="ledger_set_back",
            )


def stored_entries(alias: str, keys: KeyStore) -> Iterator[StoredEntry]:
    """Every entry in order, its body unsealed where its key still exists."""
    rows = LedgerEntry.objects.using(alias).order_by("sequence").iterator(chunk_size=2000)
    for row in rows:
        body = None
        if row.body is not None:
            try:
                body = keys.unseal(bytes(row.body), row.field_key, f"ledger/{row.sequence}")
            except Damaged:
                body = bytes(row.body)  # which fits no leaf: reported as this line's, and the others are still read
        yield StoredEntry(
            sequence=row.sequence,
            leaf=bytes(row.leaf),
            salt=None if row.salt is None else bytes(row.salt),
            body=body,
            at=datetime.fromisoformat(row.at),
            act=row.act,
            authority=row.authority,
        )


def stored_heads(alias: str) -> Iterator[Head]:
    """Every signed head, oldest first."""
    for row in LedgerHead.objects.using(alias).order_by("size").iterator(chunk_size=2000):
        yield _head(row)


def last_head(alias: str) -> Head | None:
    """The newest signed head, or None before the first entry."""
    row = LedgerHead.objects.using(alias).order_by("-size").first()
    return None if row is None else _head(row)


def head_of_size(alias: str, size: int) -> Head | None:
    """The signed head over so many entries, where one was signed at exactly that length."""
    row = LedgerHead.objects.using(alias).filter(size=size).first()
    return None if row is None else _head(row)


def _head(row: LedgerHead) -> Head:
    return Head(
        origin=LEDGER,
        size=row.size,
        root=bytes(row.root),
        at=datetime.fromisoformat(row.at),
        signature=bytes(row.signature),
        key_id=row.key_id,
    )


def entries_of(alias: str, keys: KeyStore, authority: str, newest: int) -> list[bytes | None]:
    """The bodies of the newest entries of one authority; None where one was erased."""
    rows = LedgerEntry.objects.using(alias).filter(authority=authority).order_by("-sequence")[:newest]
    return [
        None if row.body is None else keys.unseal(bytes(row.body), row.field_key, f"ledger/{row.sequence}")
        for row in rows
    ]


def tree_of(alias: str, size: int) -> Tree:
    """The tree over the first `size` entries, for proofs."""
    return Tree(_Nodes(alias), size)
