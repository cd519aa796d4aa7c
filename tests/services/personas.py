"""The cast of these tests: three authorities of the Union, one State without agreement, and a node for each test."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # what all folders of tests share

from alidade.ledger.entry import Entry, decode
from alidade.model.directory import Authority, Officer
from alidade.model.draft import Claim, Draft
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.authorities import first_administrator, found_node, party
from alidade.services.check import Answer, check
from alidade.services.consent import consent, proposals_of, propose_membership
from alidade.services.contribute import Giving, Outcome, contribute
from alidade.services.finding import Question
from alidade.services.ledger import entries_of_authority, newest_head
from alidade.services.node import Node
from alidade.services.officers import add_officer, sees_content
from alidade.store.database import Store
from alidade.store.trail import entries_of
from alidade.vocabulary import Vocabulary, load_vocabulary
from databases import bytes_of, copy_node

START = datetime(2026, 6, 16, 9, tzinfo=UTC)
NL, DE, FR, VE = (AuthorityId(code) for code in ("nl-politie", "de-bka", "fr-douane", "ve-cicpc"))
STATES = {NL: ("police", "NL"), DE: ("police", "DE"), FR: ("customs", "FR"), VE: ("police", "VE")}
ROLES = (
    "front_line_officer",
    "analyst",
    "liaison_officer",
    "case_officer",
    "policy_officer",
    "data_protection_officer",
    "administrator",
)
CASE = "case-1"


@cache
def words() -> Vocabulary:
    """The vocabulary, read once."""
    return load_vocabulary()


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        """The moment at which it stands."""
        return self._now

    def move(self, **by: float) -> None:
        """Go forward, by days or by hours."""
        self._now += timedelta(**by)


class Dice:
    """Randomness that comes out the same for the same seed. Good for tests alone."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes."""
        return self._random.randbytes(count)


def draft(key: str, thing: str = "Person", /, **values: Any) -> Draft:
    """A draft: each keyword a property with a value, a list of values, or a claim."""
    claims: list[Claim] = []
    for name, given in values.items():
        for value in given if isinstance(given, list) else [given]:
            claims.append(value if isinstance(value, Claim) else Claim(property=name, value=value))
    return Draft(key=key, thing=thing, claims=tuple(claims))


class Office:
    """One node with the whole cast, and short words for what a test does there."""

    def __init__(self, node: Node, clock: SetClock) -> None:
        self.node = node
        self.clock = clock
        self.vocabulary = words()

    @property
    def store(self) -> Store:
        """The store of the node."""
        return self.node.store

    def officer(self, authority: str, role: str = "case_officer", **more: Any) -> Actor:
        """An officer of an authority at work, the grounds of a check stated."""
        grounds = {
            "purpose": "18.2.a",
            "case": CASE,
            "legal_ground": "criminal_investigation",
            "justification": "seen on the spot",
        } | more
        return act_as(self.node, OfficerId(f"{authority}/{role}"), **grounds)

    def handling(self, owner: str = NL, **changes: Any) -> Handling:
        """Conditions under which everybody of the federation may read; a suspect."""
        fields = {"communities": ("all",), "subject_category": "suspect_or_convicted"} | changes
        if fields.get("content", "personal") != "personal":
            fields["subject_category"] = None
        return Handling(owner=AuthorityId(owner), **fields)

    def give(
        self,
        *drafts: Draft,
        by: str = NL,
        handling: Handling | Mapping[str, Handling] | None = None,
        scheme: str = "4x4",
        source_list: str = "",
    ) -> Outcome:
        """Contribute drafts under a handling of the giver."""
        handlings = handling if isinstance(handling, Mapping) else {"own": handling or self.handling(by)}
        giving = Giving(title="given", drafts=drafts, handlings=handlings, scheme=scheme, source_list=source_list)
        return contribute(self.node, self.officer(by), giving)

    def ask(self, who: str | Actor, text: str, **about: Any) -> Answer:
        """Check one question."""
        actor = who if isinstance(who, Actor) else self.officer(who)
        return check(self.node, actor, Question(text=text, **about))

    def answers(self, text: str, *, of: tuple[str, ...] = (NL, DE, FR, VE), **about: Any) -> dict[str, str]:
        """Who gets which kind of answer."""
        return {who: self.ask(who, text, **about).kind for who in of}

    def entries(self, authority: str) -> list[Entry]:
        """The ledger of an authority, newest first, without the entry of this look."""
        reader = self.officer(authority, "data_protection_officer")
        return [entry for entry in entries_of_authority(self.node, reader, newest=500) if entry is not None]

    def ledger_size(self) -> int:
        """How many entries the ledger has."""
        head = newest_head(self.node)
        return 0 if head is None else head.size

    def newest_entry(self, authority: str = NL) -> tuple[str, str]:
        """Act and decision of an authority's newest ledger entry, read past the use cases."""
        (body,) = entries_of(self.store.alias, self.store.keys, authority, 1)
        assert body is not None
        entry = decode(body)
        return entry.act, entry.decision

    def join(self, authority: str, community: str) -> str:
        """Let an authority join a community, everybody concerned consenting; the reference of the proposal."""
        reference = propose_membership(self.node, self.officer(authority, "administrator"), community).reference
        return self.agree(reference)

    def agree(self, reference: str) -> str:
        """Let everybody concerned consent to a proposal; its reference."""
        for code in STATES:
            admin = self.officer(code, "administrator")
            if any(each.reference == reference and each.waits_for_you for each in proposals_of(self.node, admin)):
                consent(self.node, admin, reference)
        return reference

    def files(self) -> bytes:
        """The raw bytes of the database."""
        return bytes_of(self.store.folder)


def changed(handling: Handling, **changes: Any) -> Handling:
    """The handling with some conditions changed."""
    return msgspec.structs.replace(handling, **changes)


def template(factory: pytest.TempPathFactory) -> Path:
    """The folder of a node with the cast in it, made once in a test session."""
    folder = factory.getbasetemp() / "node_with_cast"
    if not folder.exists():
        making = factory.getbasetemp() / "node_with_cast.making"
        node = Node.open(making, clock=SetClock(), randomness=Dice("template"), vocabulary=words())
        _enter_cast(node)
        node.close()
        copy_node(making, folder)
    return folder


def _enter_cast(node: Node) -> None:
    authorities = [
        Authority(
            party=party(node, code, function, state),
            name=f"Authority {code}",
            contact=f"desk@{code}.example",
            invented=True,
        )
        for code, (function, state) in STATES.items()
    ]
    first, *others = authorities
    found_node(node, first, first_administrator(first), others=others)
    for code in STATES:
        admin = act_as(node, OfficerId(f"{code}/admin"), purpose="18.2.a")
        for role in ROLES:
            cases = (CASE,) if sees_content(node, role) else ()
            add_officer(node, admin, Officer(id=OfficerId(f"{code}/{role}"), authority=code, role=role, cases=cases))


@contextmanager
def opened(source: Path, folder: Path, seed: int | str) -> Iterator[Office]:
    """A copy of the node of the cast in a folder of its own, open."""
    copy_node(source, folder)
    clock = SetClock()
    node = Node.open(folder, clock=clock, randomness=Dice(seed), vocabulary=words())
    try:
        yield Office(node, clock)
    finally:
        node.close()


class OfficeFactory:
    """Opens as many nodes of the cast as a test needs."""

    def __init__(self, source: Path, folder: Path, seed: str) -> None:
        self._source = source
        self._folder = folder
        self._seed = seed
        self._count = 0

    def __call__(self) -> AbstractContextManager[Office]:
        """A fresh node, as a context manager."""
        self._count += 1
        return opened(self._source, self._folder / f"node{self._count}", f"{self._seed} {self._count}")
