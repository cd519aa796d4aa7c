"""Given records: what of a record goes to a peer, as bytes: statements, each with the proof that its owner gave it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from alidade.model.contribution import Contribution
from alidade.model.errors import Invalid
from alidade.model.evaluation import Evaluation
from alidade.model.ids import AuthorityId, ContributionId, HandlingId, RecordId, StatementId
from alidade.model.merkle import inclusion_proof
from alidade.model.statement import Statement
from alidade.policy.actions import Action
from alidade.policy.release import Release
from alidade.store import rights, writing
from alidade.store.database import Transaction
from alidade.store.exchange import disclosures
from alidade.store.rights import Signed
from alidade.store.writing import KeptStatement

AT_ONCE: Final = 200  # statements in one item
_LARGEST: Final = 600_000  # bytes of one item, well within an envelope

_HEX32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
_HEX64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class GivenHead(_Part, frozen=True, kw_only=True):
    """The head of a contribution as its owner signed it."""

    id: _HEX32
    given_at: str
    title: str
    size: Annotated[int, Meta(ge=1, le=2**31)]
    root: _HEX64
    key_id: str
    signature: bytes

    def contribution(self, owner: AuthorityId) -> Contribution:
        """The same as the model has it."""
        return Contribution(
            id=ContributionId(self.id),
            owner=owner,
            given_at=self.given_at,
            title=self.title,
            size=self.size,
            root=self.root,
            key_id=self.key_id,
            signature=self.signature,
        )


class GivenHandling(_Part, frozen=True, kw_only=True):
    """A handling as its owner signed it."""

    content: bytes
    key_id: str
    signature: bytes


class GivenStatement(_Part, frozen=True, kw_only=True):
    """One statement: in which head, at which place, by which path; and what it says."""

    head: Annotated[int, Meta(ge=0, le=100_000)]
    index: Annotated[int, Meta(ge=0, le=2**31)]
    path: Annotated[tuple[Annotated[bytes, Meta(min_length=32, max_length=32)], ...], Meta(max_length=64)]
    id: _HEX32
    property: str
    value: str
    evaluation: tuple[str, str, bool, str, str]
    handling: _HEX64
    salt: Annotated[bytes, Meta(min_length=16, max_length=16)]
    original: str | None
    language: str | None
    valid_from: str | None
    valid_to: str | None
    supersedes: str | None

    def statement(self, record: str, thing: str) -> Statement:
        """The same as the model has it."""
        source, information, given, scheme, original = self.evaluation
        return Statement(
            id=StatementId(self.id),
            record=RecordId(record),
            thing=thing,
            property=self.property,
            value=self.value,
            evaluation=Evaluation(
                source=source, information=information, given=given, scheme=scheme, original=original
            ),
            handling=HandlingId(self.handling),
            salt=self.salt,
            original=self.original,
            language=self.language,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            supersedes=None if self.supersedes is None else StatementId(self.supersedes),
        )


class GivenRecord(_Part, frozen=True, kw_only=True):
    """What is given of one record. `retired`: statements that its owner no longer stands by."""

    version: int = 1
    record: _HEX32
    thing: str
    heads: tuple[GivenHead, ...] = ()
    handlings: tuple[GivenHandling, ...] = ()
    statements: tuple[GivenStatement, ...] = ()
    retired: tuple[_HEX32, ...] = ()
    withdrawn: bool = False


class GivenRelease(_Part, frozen=True, kw_only=True):
    """A release with the handling that it widens."""

    version: int = 1
    id: _HEX32
    handling: GivenHandling
    digest: _HEX64
    grantee: str
    action: str
    purposes: tuple[str, ...]
    until: str | None
    key_id: str
    signature: bytes

    def release(self, owner: AuthorityId, action: Action) -> Release:
        """The same as the rules read it, verified by whoever keeps it."""
        return Release(
            handling=HandlingId(self.digest),
            owner=owner,
            grantee=AuthorityId(self.grantee),
            action=action,
            purposes=self.purposes,
            until=self.until,
            verified=True,
        )


def portions_of(
    tx: Transaction, record: str, thing: str, kept: Sequence[KeptStatement], retired: Sequence[str] = ()
) -> Iterator[bytes]:
    """The statements in portions that fit an envelope; what was retired goes with the last one."""
    parts = [kept[start : start + AT_ONCE] for start in range(0, len(kept), AT_ONCE)] or [()]
    for number, part in enumerate(parts, start=1):
        last = number == len(parts)
        yield from _fitting(tx, record, thing, part, tuple(retired) if last else ())


def _fitting(
    tx: Transaction, record: str, thing: str, part: Sequence[KeptStatement], retired: tuple[str, ...]
) -> Iterator[bytes]:
    made = msgspec.json.encode(_given(tx, record, thing, part, retired), order="sorted")
    if len(made) <= _LARGEST or len(part) <= 1:
        yield made
        return
    middle = len(part) // 2
    yield from _fitting(tx, record, thing, part[:middle], ())
    yield from _fitting(tx, record, thing, part[middle:], retired)


def _given(
    tx: Transaction, record: str, thing: str, part: Sequence[KeptStatement], retired: tuple[str, ...]
) -> GivenRecord:
    contributions = sorted({one.contribution for one in part})
    leaves = {number: writing.leaves_of(tx, number) for number in contributions}
    places = {number: place for place, number in enumerate(contributions)}
    statements = []
    for one in part:
        s, e = one.statement, one.statement.evaluation
        index = disclosures.position_of(tx, one.number)
        statements.append(
            GivenStatement(
                head=places[one.contribution],
                index=index,
                path=inclusion_proof(leaves[one.contribution], index),
                id=s.id,
                property=s.property,
                value=s.value,
                evaluation=(e.source, e.information, e.given, e.scheme, e.original),
                handling=s.handling,
                salt=s.salt,
                original=s.original,
                language=s.language,
                valid_from=s.valid_from,
                valid_to=s.valid_to,
                supersedes=s.supersedes,
            )
        )
    return GivenRecord(
        record=record,
        thing=thing,
        heads=tuple(_head(disclosures.head_of(tx, number)) for number in contributions),
        handlings=tuple(given_handling(tx, digest) for digest in sorted({s.handling for s in statements})),
        statements=tuple(statements),
        retired=retired,
    )


def given_handling(tx: Transaction, digest: str) -> GivenHandling:
    """A handling of ours as it travels."""
    signed = rights.signed_handling(tx, digest)
    if signed is None:
        raise Invalid("A statement stands under a handling that is not here.")
    return GivenHandling(content=signed.content, key_id=signed.key_id, signature=signed.signature)


def given_release(tx: Transaction, release_id: str) -> bytes:
    """A release of ours as it travels."""
    release, signed = rights.signed_release(tx, release_id)
    made = GivenRelease(
        id=release_id,
        handling=given_handling(tx, release.handling),
        digest=release.handling,
        grantee=release.grantee,
        action=release.action,
        purposes=release.purposes,
        until=release.until,
        key_id=signed.key_id,
        signature=signed.signature,
    )
    return msgspec.json.encode(made, order="sorted")


def signed_of(given: GivenHandling) -> Signed:
    """The handling as the store takes it."""
    return Signed(content=given.content, key_id=given.key_id, signature=given.signature)


def _head(head: Contribution) -> GivenHead:
    return GivenHead(
        id=head.id,
        given_at=head.given_at,
        title=head.title,
        size=head.size,
        root=head.root,
        key_id=head.key_id,
        signature=head.signature,
    )
