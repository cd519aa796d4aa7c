"""Nominations: several authorities nominate networks and learn whose overlap with theirs, never by which members.

Answers are given once, after the round has closed, so that nobody tries one list after another. Both owners read the
same: that they have enough members in common, and with whom to talk. Nothing tells of the nominations of others
besides: not how many there are, nor whose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.own import own_record
from alidade.services.picture.dossier_reading import LAYERS, own_dossier, seen_of
from alidade.services.picture.nomination_state import (
    Nomination,
    Nominee,
    Round,
    Stated,
    Terms,
    common_members,
    decode_nomination,
    decode_round,
    fingerprints,
    identities_of,
    identities_typed,
    rules,
)
from alidade.services.picture.seeing import thing_of
from alidade.store import directory, nominations, workpieces
from alidade.store.database import Transaction
from alidade.store.reading import SeenPiece, reading

ROUND: Final = "matching_round"
_LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What both owners are told: the two authorities in the order of their codes, and with whom to talk."""

    authorities: tuple[str, str]
    contacts: tuple[str, str]
    at_least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNomination:
    """A nomination of one's own authority; `overlaps` only once the round is over."""

    piece: str
    dossier: str
    members: int
    contact: str
    excluded: tuple[str, ...]
    overlaps: tuple[Overlap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRound:
    """A round in which this viewer's authority may nominate, with its own nominations."""

    piece: str
    title: str
    authority: str
    closes: str
    at_least: int
    over: bool
    handling: Handling
    ours: bool
    nominations: tuple[OwnNomination, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominated:
    """Where a nomination was kept: how many members take part, and how many do not, for want of anything to know by."""

    piece: str
    members: int
    left_out: int


def hold_matching(
    node: Node, actor: Actor, title: str, closes: str, handling: Handling, at_least: int | None = None
) -> str:
    """Open a round of nominations to whoever may see `handling`, until the end of the day `closes`; its reference.

    `at_least`: how many members two nominations must have in common (None: the usual number). Raises Invalid.
    """
    wanted = rules().usual_common if at_least is None else at_least
    if not title.strip() or len(title) > _LONGEST_TITLE:
        raise Invalid("A round needs a title of at most 120 letters.", code="title_missing")
    if wanted < rules().least_common:
        raise Invalid(f"A round asks for at least {rules().least_common} members in common.", code="too_few_in_common")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        if len(closes) != 10 or closes < tx.now.date().isoformat():
            raise Invalid("The day on which a round closes is no day to come.", remedy="Write 2026-12-31.")
        body = msgspec.json.encode(Round(terms=Terms(closes=closes, at_least=wanted)))
        interned = intern_all(node, tx, actor.viewer.authority, {ROUND: handling})[ROUND]
        piece = workpieces.keep_piece(
            tx, kind=ROUND, authority=actor.viewer.authority, officer=actor.officer, title=title.strip(), body=body,
            handling_number=interned.number,
        )  # fmt: skip
        log(tx, actor, "dossier_manage", objects=[piece], details={"change": "round opened"})
    return piece


def close_matching(node: Node, actor: Actor, round_: str) -> None:
    """Close a round of one's own authority before its day; it cannot be opened again. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        kept = _round(tx, actor, round_)
        held = decode_round(kept.body)
        if not held.over(tx.now.date().isoformat()):
            closed = replace(held, terms=replace(held.terms, closed_on=tx.now.date().isoformat()))
            workpieces.change_piece(
                tx, actor.viewer.authority, round_, officer=actor.officer, title=kept.title,
                body=msgspec.json.encode(closed), version=kept.version,
            )  # fmt: skip
        log(tx, actor, "dossier_manage", objects=[round_], details={"change": "round closed"})


def list_matchings(node: Node, actor: Actor) -> tuple[SeenRound, ...]:
    """The rounds that this viewer may see, the newest first, with his authority's nominations and their answers."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            rounds = view.pieces(ROUND)
        everybody = [(each, decode_nomination(each.body)) for each in nominations.all_nominations(tx)]
        today = tx.now.date().isoformat()
        found = tuple(_seen_round(actor, piece, everybody, today) for piece in rounds)
        own = [each.piece for one in found for each in one.nominations]
        log(tx, actor, "dossier_manage", objects=[*(each.piece for each in found), *own], results=len(own),
            details={"view": "rounds"})  # fmt: skip
    return found


def nominate(
    node: Node,
    actor: Actor,
    round_: str,
    contact: str,
    *,
    dossier: str = "",
    records: Sequence[str] = (),
    identifiers: Sequence[str] = (),
    excluded: Sequence[str] = (),
) -> Nominated:
    """Nominate a network: the members of an own dossier, own records, or identifiers one in a line.

    Only what one's own authority has given takes part. `contact`: with whom others may talk; `excluded`: authorities
    that are never told. Raises NotFound, Invalid for too few or too many members, Conflict once the round is over or
    too many networks are nominated.
    """
    if not contact.strip() or len(contact) > 200:
        raise Invalid("Say with whom others may talk, in at most 200 letters.", code="contact_missing")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        held = _open_round(tx, actor, round_)
        key = nominations.round_key(tx, held.piece)
        groups = _dossier_records(node, tx, actor, dossier) if dossier else []
        groups += [[record] for record in records]
        nominees = _nominees(node, tx, actor, key, groups, identifiers)
        body = Nomination(
            stated=Stated(
                round=round_, dossier=dossier, contact=contact.strip(), excluded=tuple(sorted({*excluded}))
            ),
            nominees=tuple(nominees),
        )  # fmt: skip
        members = common_members(body.members(), body.members())  # one who is named twice is one
        _require_bounds(members)
        own = Handling(owner=actor.viewer.authority, purposes=(actor.viewer.purpose,))
        interned = intern_all(node, tx, actor.viewer.authority, {nominations.KIND: own})[nominations.KIND]
        piece = workpieces.keep_piece(
            tx, kind=nominations.KIND, authority=actor.viewer.authority, officer=actor.officer, title="",
            body=msgspec.json.encode(body), handling_number=interned.number,
            mentions=[each.record for each in nominees if each.record],
        )  # fmt: skip
        log(tx, actor, "dossier_manage", objects=[piece, round_], results=members, details={"change": "nominated"})
    return Nominated(piece=piece, members=members, left_out=len(groups) + len(identifiers) - members)


def take_back_nomination(node: Node, actor: Actor, piece: str) -> None:
    """Take back a nomination of one's own authority; it still counts among those it may make. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "dossier_manage")
        own = {each.piece for each in nominations.made_by(tx, actor.viewer.authority)}
        workpieces.withdraw_piece(tx, actor.viewer.authority, piece if piece in own else "")
        log(tx, actor, "dossier_manage", objects=[piece], details={"change": "nomination taken back"})


def _round(tx: Transaction, actor: Actor, round_: str) -> SeenPiece:
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        found = view.piece(round_)
    if found is None or found.kind != ROUND:
        raise NotFound("There is no round with this reference in which you may nominate.")
    return found


def _open_round(tx: Transaction, actor: Actor, round_: str) -> SeenPiece:
    kept = _round(tx, actor, round_)
    if decode_round(kept.body).over(tx.now.date().isoformat()):
        raise Conflict("This round is over.", remedy="Nominate in the next one.", code="round_over")
    bodies = [decode_nomination(each.body) for each in nominations.made_by(tx, actor.viewer.authority)]
    if sum(each.stated is not None and each.stated.round == round_ for each in bodies) >= rules().most_nominations:
        raise Conflict("Your authority has nominated as many networks as it may.", code="nominations_too_many")
    return kept


def _require_bounds(members: int) -> None:
    if not rules().least_members <= members <= rules().most_members:
        raise Invalid(
            f"A nomination takes {rules().least_members} to {rules().most_members} members that can be recognised.",
            remedy="Give identifiers, or names with a full date of birth, in your own records.",
            code="nomination_size",
        )


def _dossier_records(node: Node, tx: Transaction, actor: Actor, dossier: str) -> list[list[str]]:
    """The own records of each member of an own dossier, as this officer may join them."""
    kept = own_dossier(tx, actor, dossier)
    found = []
    with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
        for member in seen_of(view, kept).belonging:
            thing = thing_of(view, node.vocabulary, member.record)
            said = thing.statements if thing is not None else ()
            found.append(sorted({each.record for each in said if each.owner == actor.viewer.authority}))
    return found


def _nominees(
    node: Node, tx: Transaction, actor: Actor, key: bytes, groups: Sequence[Sequence[str]], typed: Sequence[str]
) -> list[Nominee]:
    most = rules().most_identifiers
    found = []
    for number, records in enumerate(groups):
        for record in records:
            _, kept = own_record(tx, actor, record)
            current = [each.statement for each in kept if each.current]
            properties = dict(node.vocabulary.properties_of(current[0].thing)) if current else {}
            identities = identities_of([(each.property, each.value) for each in current], properties)[:most]
            if identities:
                found.append(Nominee(member=number, record=record, prints=fingerprints(key, identities)))
    for number, text in enumerate(typed, start=len(groups)):
        identities = identities_typed(text)[:most]
        if identities:
            found.append(Nominee(member=number, prints=fingerprints(key, identities)))
    return found


_Known = Sequence[tuple[nominations.KeptNomination, Nomination]]


def _seen_round(actor: Actor, piece: SeenPiece, everybody: _Known, today: str) -> SeenRound:
    held = decode_round(piece.body)
    ours = actor.viewer.authority
    inside = [pair for pair in everybody if pair[1].stated is not None and pair[1].stated.round == piece.piece]
    others = [pair for pair in inside if pair[0].authority != ours]
    return SeenRound(
        piece=piece.piece, title=piece.title, authority=piece.authority, closes=held.terms.closes,
        at_least=held.terms.at_least, over=held.over(today), handling=piece.handling, ours=piece.authority == ours,
        nominations=tuple(_own(pair, others, held, today) for pair in inside if pair[0].authority == ours),
    )  # fmt: skip


def _own(pair: tuple[nominations.KeptNomination, Nomination], others: _Known, held: Round, today: str) -> OwnNomination:
    kept, body = pair
    stated = body.stated
    if stated is None:
        raise AssertionError
    members = body.members()
    found = []
    for other, said in others:  # every one is compared in full, whatever comes of it
        enough = common_members(members, said.members()) >= max(held.terms.at_least, rules().least_common)
        if (
            enough
            and held.over(today)
            and said.stated is not None
            and not _kept_apart(kept, stated, other, said.stated)
        ):
            found.append(_overlap((kept.authority, stated.contact), (other.authority, said.stated.contact), held))
    return OwnNomination(
        piece=kept.piece, dossier=stated.dossier, members=common_members(members, members), contact=stated.contact,
        excluded=stated.excluded, overlaps=tuple(sorted(found, key=lambda each: (each.authorities, each.contacts))),
    )  # fmt: skip


def _kept_apart(
    one: nominations.KeptNomination, stated: Stated, other: nominations.KeptNomination, said: Stated
) -> bool:  # fmt: skip
    return other.authority in stated.excluded or one.authority in said.excluded


def _overlap(one: tuple[str, str], other: tuple[str, str], held: Round) -> Overlap:
    first, second = sorted((one, other))
    return Overlap(
        authorities=(first[0], second[0]), contacts=(first[1], second[1]), at_least=held.terms.at_least
    )  # fmt: skip
