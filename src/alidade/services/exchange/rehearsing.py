"""Rehearsing an exchange: three invented authorities on three nodes, and the acts of their officers, one by one.

Everything is invented and marked so. Whoever directs the rehearsal starts and stops the nodes; here is what people do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec

from alidade.model.directory import Officer
from alidade.model.errors import NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.procedures import Value, load_catalogue
from alidade.procedures.dry_run import sample_values
from alidade.services.acting import act_as
from alidade.services.authorities import found_node
from alidade.services.check import check
from alidade.services.contribute import Giving, contribute
from alidade.services.exchange.own_keys import new_root, publish
from alidade.services.exchange.peers import NewPeer, add_peer, confirm_peer
from alidade.services.exchange.witnessing import Status, status, verify_heads
from alidade.services.finding import Question
from alidade.services.ledger import verify_ledger
from alidade.services.node import Node
from alidade.services.releasing import release
from alidade.services.threads.following import follow_hit
from alidade.services.threads.opening import open_thread
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import Opening, StepOrder
from alidade.simulation import Scenario
from alidade.simulation.scenario import AuthoritySeed
from alidade.vocabulary import Vocabulary

PURPOSE: Final = "18.2.a"
OTHER_PURPOSE: Final = "18.2.b"
_FIXED: Final = {"sent_by_spoc": True, "europol_copy": False, "urgent": False, "about_somebody": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One authority of the rehearsal on its own node; `officer` gives, asks and releases for it."""

    seed: AuthoritySeed
    folder: Path
    officer: OfficerId
    address: str

    @property
    def code(self) -> AuthorityId:
        """The authority."""
        return self.seed.authority.id

    @property
    def name(self) -> str:
        """What it is called."""
        return self.seed.authority.name

    @property
    def root(self) -> Path:
        """Where its operator keeps the root, away from the node."""
        return self.folder.parent / f"{self.code}.root"

    @property
    def manifest(self) -> Path:
        """The file that it hands to others."""
        return self.folder.parent / f"{self.code}.manifest"

    @contextmanager
    def node(self, vocabulary: Vocabulary) -> Iterator[Node]:
        """Its node, for one act."""
        node = Node.open(self.folder, vocabulary=vocabulary)
        try:
            yield node
        finally:
            node.close()

    def actor(self, node: Node, purpose: str = PURPOSE) -> Actor:
        """Its officer at work."""
        return act_as(
            node,
            self.officer,
            purpose=purpose,
            case="rehearsal",
            legal_ground="criminal_investigation",
            justification="rehearsal of an exchange",
        )


def parts_of(scenario: Scenario, codes: Sequence[str], folder: Path, addresses: Sequence[str]) -> tuple[Part, ...]:
    """Some authorities of a scenario, each with a folder and an address of its own."""
    seeds = {str(seed.authority.id): seed for seed in scenario.authorities}
    return tuple(
        Part(
            seed=seeds[code],
            folder=folder / code,
            officer=_officer_of(seeds[code]),
            address=address,
        )
        for code, address in zip(codes, addresses, strict=True)
    )


def _officer_of(seed: AuthoritySeed) -> OfficerId:
    fitting = [officer.id for officer in seed.officers if officer.role in ("case_officer", "liaison_officer")]
    return fitting[0]


def found(part: Part, scenario: Scenario, vocabulary: Vocabulary, most: int = 3) -> tuple[str, int]:
    """Begin the node: its authority with two administrators, some of what it gives in the scenario, root and manifest.

    The fingerprint of the root, and how many statements were given.
    """
    with part.node(vocabulary) as node:
        authority = dataclasses.replace(part.seed.authority, communities=("all",), invented=True)
        admins = [_administrator(part, name) for name in ("admin-1", "admin-2")]
        others = [each for each in part.seed.officers if each.role != "administrator"]
        found_node(node, authority, admins[0], [admins[1], *others])
        actor, statements = part.actor(node), 0
        for given in [each for each in scenario.contributions if each.authority == part.code][:most]:
            giving = Giving(
                title=given.title,
                drafts=given.drafts,
                handlings={name: _ours(handling) for name, handling in given.handlings.items()},
                scheme=given.scheme,
                source_list=given.title[:80],
            )
            statements += contribute(node, actor, giving).statements
        admin = act_as(node, admins[0].id, purpose=PURPOSE)
        fingerprint = new_root(node, admin, part.root)
        part.manifest.write_bytes(publish(node, admin, part.root, [part.address]).manifests)
    return fingerprint, statements


def _administrator(part: Part, name: str) -> Officer:
    return Officer(id=OfficerId(f"{part.code}/{name}"), authority=part.code, role="administrator")


def _ours(handling: Handling) -> Handling:
    """Audiences of the scenario whose members are not in this rehearsal are left out."""
    return msgspec.structs.replace(handling, communities=(), released_to=())


def meet(part: Part, other: Part, fingerprint: str, vocabulary: Vocabulary) -> None:
    """Two administrators enter another authority, each with the fingerprint that was read out."""
    told = other.seed.authority
    new = NewPeer(
        name=told.name, function=told.party.function, state=told.party.state, contact=told.contact, invented=True
    )
    with part.node(vocabulary) as node:
        add_peer(node, _admin(part, node, "admin-1"), other.manifest, fingerprint, new)
        confirm_peer(node, _admin(part, node, "admin-2"), other.code, fingerprint)


def _admin(part: Part, node: Node, name: str = "admin-1") -> Actor:
    return act_as(node, OfficerId(f"{part.code}/{name}"), purpose=PURPOSE)


def give_and_release(part: Part, to: Part, name: str, draft_of: Giving, vocabulary: Vocabulary) -> str:
    """Give one record and release it to another authority for one purpose; its reference."""
    with part.node(vocabulary) as node:
        actor = part.actor(node)
        record = contribute(node, actor, draft_of).records[name]
        release(node, actor, record, to.code, "read", (PURPOSE,))
    return str(record)


def ask(part: Part, text: str, vocabulary: Vocabulary, purpose: str = PURPOSE) -> tuple[str, str]:
    """Check a name: the kind of answer, and the reference of the first hit without content."""
    with part.node(vocabulary) as node:
        answer = check(node, part.actor(node, purpose), Question(text=text, kind="name"))
    closed = answer.without_content
    return answer.kind, closed[0].reference if closed else ""


def request(part: Part, to: Part, vocabulary: Vocabulary) -> str:
    """Open an information request to another authority; the reference of the thread."""
    definition = load_catalogue().newest("information_request")
    form = definition.form_of_step("open")
    asked = set() if form is None else {field.code for field in form.fields}
    fixed = {name: value for name, value in _FIXED.items() if name in asked}
    values = {} if form is None else sample_values(form, vocabulary, fixed)
    other = next(role.code for role in definition.roles if role.code != definition.opening.by[0])
    opening = Opening(
        procedure=definition.code,
        parties={to.code: other},
        title="Who uses this berth? (invented)",
        case="rehearsal",
        order=StepOrder(code="open", values=values),
        handling=_handling(part),
    )
    with part.node(vocabulary) as node:
        return open_thread(node, part.actor(node), opening).thread


def answer(part: Part, thread: str, text: str, vocabulary: Vocabulary) -> None:
    """Answer an information request."""
    with part.node(vocabulary) as node:
        take_step(node, part.actor(node), thread, StepOrder(code="answer", values={"answer": text}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A thread as one authority sees it: the codes of its steps, its state, and how its clock stands."""

    steps: tuple[str, ...]
    state: str
    clock: str
    met: bool | None
    left: timedelta | None


def see(part: Part, thread: str, vocabulary: Vocabulary) -> Seen | None:
    """The thread, or None where it has not arrived."""
    with part.node(vocabulary) as node:
        try:
            view = read_thread(node, part.actor(node), thread)
        except NotFound:
            return None
    clock = view.clocks[0] if view.clocks else None
    return Seen(
        steps=tuple(step.code for step in view.steps),
        state=view.state,
        clock="" if clock is None else clock.label,
        met=None if clock is None else clock.met,
        left=None if clock is None else clock.left,
    )


def follow(part: Part, hit: str, vocabulary: Vocabulary) -> str:
    """Ask the owner of a hit without content to release it; the reference of the thread."""
    form = load_catalogue().newest("hit_follow_up").form_of_step("open")
    with part.node(vocabulary) as node:
        actor = part.actor(node, OTHER_PURPOSE)
        opening = follow_hit(node, actor, hit)
        asked = set() if form is None else {field.code for field in form.fields}
        given: dict[str, Value] = {**_FIXED, "hit": hit, "purpose": OTHER_PURPOSE}
        fixed = {name: value for name, value in given.items() if name in asked}
        values = {} if form is None else sample_values(form, vocabulary, fixed)
        order = StepOrder(code="open", values=values, quotes=opening.order.quotes)
        return open_thread(node, actor, dataclasses.replace(opening, order=order)).thread


def grant(part: Part, thread: str, record: str, vocabulary: Vocabulary) -> None:
    """Release a record to who asked for it in a thread."""
    with part.node(vocabulary) as node:
        until = (node.store.clock.now() + timedelta(days=90)).date().isoformat()
        given = {"release_records": [record], "release_purpose": OTHER_PURPOSE, "release_until": until}
        take_step(node, part.actor(node), thread, StepOrder(code="grant", values=given))


def stand(part: Part, vocabulary: Vocabulary) -> Status:
    """How the exchange stands there."""
    with part.node(vocabulary) as node:
        return status(node, _admin(part, node))


def witnessed(part: Part, vocabulary: Vocabulary) -> tuple[bool, int, Mapping[str, int]]:
    """Whether the ledger verifies, how many entries it has, and up to where each peer has countersigned it."""
    with part.node(vocabulary) as node:
        report = verify_ledger(node)
        seen = verify_heads(node, _admin(part, node))
    return report.sound, report.entries, {each.peer: each.size for each in seen if each.holds}


def _handling(part: Part) -> Handling:
    return Handling(owner=part.code, purposes=(PURPOSE,), subject_category="suspect_or_convicted")
