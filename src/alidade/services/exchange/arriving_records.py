"""Arriving records: what another node's authority gives is kept as its own, each statement proven by its signature.

Nothing is believed because of who sent it: heads, handlings and releases must carry the signature of their owner, and
every statement its path to such a head. What cannot be kept is refused whole, and the message is parked for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from alidade.exchange.content import Item
from alidade.model.canonical import sha256_hex
from alidade.model.contribution import Contribution, verify_contribution
from alidade.model.draft import Claim
from alidade.model.errors import Invalid
from alidade.model.handling import decode_handling
from alidade.model.ids import AuthorityId, OfficerId, RecordId
from alidade.model.merkle import verify_inclusion
from alidade.model.statement import Statement, statement_leaf
from alidade.policy.actions import ACTIONS
from alidade.services.exchange.ends import memory_of
from alidade.services.exchange.given_records import GivenRecord, GivenRelease, GivenStatement, signed_of
from alidade.services.node import Node
from alidade.services.preparing import lookup_keys
from alidade.store import directory, rights, writing
from alidade.store.database import Transaction
from alidade.store.exchange import KeptExchange, disclosures
from alidade.store.writing import NewRecord, NewStatement

_GIVEN: Final = msgspec.json.Decoder(GivenRecord)
_RELEASE: Final = msgspec.json.Decoder(GivenRelease)
_ELSEWHERE: Final = "node"


def keep_record(node: Node, tx: Transaction, own: AuthorityId, item: Item) -> int:
    """Keep what an item gives of a record; how many statements are new. Raises Invalid, and keeps nothing then."""
    owner = AuthorityId(item.owner)
    if owner in _hosted(tx):
        raise Invalid("What an authority of this node gave cannot come from elsewhere.", code="own_item")
    try:
        given = _GIVEN.decode(item.body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid("What is given of a record cannot be read.", code="record_unreadable") from error
    if given.version != 1 or given.thing not in node.vocabulary.things:
        raise Invalid("What is given of a record is not known here.", code="record_unknown")
    work = _Keeping(node, tx, own, owner, given)
    return work.keep()


def keep_release(node: Node, tx: Transaction, own: AuthorityId, item: Item) -> None:
    """Keep a release of another node's authority. Raises Invalid where it is not its owner's."""
    owner = AuthorityId(item.owner)
    try:
        given = _RELEASE.decode(item.body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid("A release cannot be read.", code="release_unreadable") from error
    action = next((each for each in ACTIONS if each == given.action), None)
    if given.version != 1 or action is None or item.id != given.id:
        raise Invalid("A release is not known here.", code="release_unknown")
    keys = trusted_keys(node, tx, own, owner)
    rights.keep_handling(tx, owner, signed_of(given.handling), _key(keys, given.handling.key_id))
    signed = rights.Signed(content=b"", key_id=given.key_id, signature=given.signature)
    rights.keep_release(tx, given.id, given.release(owner, action), signed, _key(keys, given.key_id))


def trusted_keys(node: Node, tx: Transaction, own: AuthorityId, owner: AuthorityId) -> Mapping[str, bytes]:
    """The signing keys by which an authority of another node is believed: all it published but those it lost."""
    kept = KeptExchange(tx, own)
    peer = kept.peer(owner)
    if peer is None:
        raise Invalid("The owner was not introduced to this exchange.", code="owner_unknown")
    book = memory_of(node, own).book(kept, owner, peer.number)
    return {name: key.raw for name, key in book.signing.items() if not key.distrusted}


def _hosted(tx: Transaction) -> frozenset[AuthorityId]:
    """The authorities of this node, looked up once for all that arrives in one transaction."""
    found: frozenset[AuthorityId] | None = tx.memo.get("hosted when records arrive")
    if found is None:
        found = tx.memo["hosted when records arrive"] = directory.hosted(tx)
    return found


class _Keeping:
    """Verifies one item and keeps it."""

    def __init__(self, node: Node, tx: Transaction, own: AuthorityId, owner: AuthorityId, given: GivenRecord) -> None:
        self._node = node
        self._tx = tx
        self._own = own
        self._owner = owner
        self._given = given
        self._keys = trusted_keys(node, tx, own, owner)
        self._held: Mapping[str, tuple[int, bool]] = {}
        self._is_new = False

    def keep(self) -> int:
        """Verify everything first; then keep what is not here yet, and retire what no longer holds."""
        given, tx = self._given, self._tx
        self._refuse_taken()
        heads = [self._head(head.contribution(self._owner)) for head in given.heads]
        handlings = self._handlings()
        new = self._unknown(given.statements)
        for each in new:
            self._prove(each, heads)
            if each.handling not in handlings:
                raise Invalid("A statement came without its handling.", code="handling_missing")
        quarantined = any(self._lacks_category(handlings[each.handling][1]) for each in new)
        self._make_record(quarantined)
        for place, head in enumerate(heads):
            self._insert(head, [each for each in new if each.head == place], handlings, current=not quarantined)
        gone = {*given.retired, *(each.supersedes for each in new if each.supersedes)}
        held = disclosures.held_statements(tx, given.record) if gone else {}
        writing.retire_statements(tx, [held[each][0] for each in gone if each in held and held[each][1]])
        return len(new)

    def _refuse_taken(self) -> None:
        taken = disclosures.owner_of_record(self._tx, self._given.record)
        self._is_new = taken is None
        if not self._is_new:
            self._held = disclosures.held_statements(self._tx, self._given.record)
        if taken is not None and taken != self._owner:
            raise Invalid("A record of this id is another authority's.", code="record_taken")

    def _head(self, head: Contribution) -> Contribution:
        held = disclosures.held_contribution(self._tx, head.id)
        if held is not None and held.head != head:
            raise Invalid("Two heads stand under the id of one contribution.", code="head_contradicts")
        if held is None and not verify_contribution(head, _key(self._keys, head.key_id)):
            raise Invalid("The head of a contribution is not signed by its owner.", code="head_forged")
        return head

    def _handlings(self) -> dict[str, tuple[int, bytes]]:
        found: dict[str, tuple[int, bytes]] = {}
        for each in self._given.handlings:
            number = rights.keep_handling(self._tx, self._owner, signed_of(each), _key(self._keys, each.key_id))
            found[sha256_hex(each.content)] = number, each.content
        return found

    def _unknown(self, statements: Sequence[GivenStatement]) -> list[GivenStatement]:
        """Those that are not here yet and were not erased by their owner meanwhile."""
        tx, record = self._tx, self._given.record
        held = self._held
        kept = KeptExchange(tx, self._own)
        if kept.tombstone(f"{self._owner}/record/{record}") is not None:
            return []
        return [
            each
            for each in statements
            if each.id not in held and kept.tombstone(f"{self._owner}/statement/{record}/{each.id}") is None
        ]

    def _prove(self, each: GivenStatement, heads: Sequence[Contribution]) -> None:
        if each.head >= len(heads):
            raise Invalid("A statement belongs to no head.", code="statement_unproven")
        head = heads[each.head]
        leaf = statement_leaf(each.statement(self._given.record, self._given.thing))
        if each.index >= head.size or not verify_inclusion(
            bytes.fromhex(head.root), head.size, each.index, leaf, each.path
        ):
            raise Invalid("A statement is not proven to be its owner's.", code="statement_unproven")

    def _lacks_category(self, content: bytes) -> bool:
        handling = decode_handling(content)
        return handling.content == "personal" and handling.subject_category is None

    def _make_record(self, quarantined: bool) -> None:
        if not self._is_new:
            return
        record = NewRecord(
            id=RecordId(self._given.record),
            owner=self._owner,
            thing=self._given.thing,
            source_list="",
            source_key=f"{self._owner}/{self._given.record}",
            state="quarantined" if quarantined else "active",
            fingerprint="",
        )
        writing.insert_records(self._tx, [record])

    def _insert(
        self,
        head: Contribution,
        part: Sequence[GivenStatement],
        handlings: Mapping[str, tuple[int, bytes]],
        *,
        current: bool,
    ) -> None:
        if not part:
            return
        held = disclosures.held_contribution(self._tx, head.id)
        number = writing.insert_contribution(self._tx, head, OfficerId(_ELSEWHERE)) if held is None else held.number
        retired = set(self._given.retired)
        new = []
        for each in part:
            statement = each.statement(self._given.record, self._given.thing)
            new.append(
                NewStatement(
                    statement=statement,
                    leaf=statement_leaf(statement),
                    handling=handlings[each.handling][0],
                    current=current and each.id not in retired,
                    lookups=self._lookups(statement) if current else (),
                )
            )
        numbers = writing.insert_statements(self._tx, number, new, [each.index for each in part])
        disclosures.keep_paths(self._tx, [(row, each.path) for row, each in zip(numbers, part, strict=True)])

    def _lookups(self, statement: Statement) -> tuple[tuple[str, str], ...]:
        definition = self._node.vocabulary.properties_of(statement.thing).get(statement.property)
        if definition is None:
            return ()
        claim = Claim(property=statement.property, value=statement.value, refers=definition.kind == "entity")
        return tuple(lookup_keys(definition, statement.thing, claim, self._node.vocabulary))


def _key(keys: Mapping[str, bytes], key_id: str) -> bytes:
    """The public key of this name. Raises Invalid where the owner has not published it."""
    found = keys.get(key_id)
    if found is None:
        raise Invalid("The owner has published no key of this name.", code="key_unknown")
    return found
