"""Dossier revising: from what an officer wants a dossier to say to its next version."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from alidade.model.errors import Invalid, NotFound
from alidade.model.evaluation import read_evaluation
from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.services.picture.dossier_reading import LAYERS, own_dossier, seen_of
from alidade.services.picture.dossier_state import MOST_MEMBERS, Dossier, Member, decode_dossier, encode_dossier
from alidade.services.picture.dossier_terms import check_dossier
from alidade.store import directory, workpieces
from alidade.store.database import Transaction
from alidade.store.reading import ReaderView, reading

_LONGEST_REASON: Final = 300


def revised(node: Node, tx: Transaction, actor: Actor, piece: str, wanted: Dossier, version: int, reason: str) -> int:
    """Keep the next version of a dossier of one's own authority; its number.

    What the officer does not see of the version before stays in it. Raises NotFound, Invalid, Conflict.
    """
    kept = own_dossier(tx, actor, piece)
    whole = decode_dossier(kept.body)
    with reading(tx, actor.viewer, directory.world(tx), LAYERS) as view:
        before = seen_of(view, kept)
        require_seen(view, wanted, {each.record for each in before.members})
    wanted = replace(wanted, members=stamped(wanted, before, actor, tx.now.date().isoformat()))
    checked(node, wanted)
    said = joined(whole, before, wanted)
    return workpieces.change_piece(
        tx, actor.viewer.authority, piece, officer=actor.officer, title=said.name, body=encode_dossier(said),
        version=version, mentions=said.records(), reason=reason.strip()[:_LONGEST_REASON],
    )  # fmt: skip


def joined(whole: Dossier, before: Dossier, wanted: Dossier) -> Dossier:
    """What is wanted by somebody who saw `before`, with what he did not see of `whole`, and its products."""
    seen = {each.record for each in before.members}
    unseen = tuple(
        each for each in whole.members if each.record not in seen and wanted.member(each.record) is None
    )  # fmt: skip
    hidden = {
        (full.kind, full.day, full.text): tuple(other for other in full.others if other not in part.others)
        for full, part in zip(whole.life, before.life, strict=True)
    }
    life = tuple(
        replace(each, others=tuple(dict.fromkeys((*each.others, *hidden.get((each.kind, each.day, each.text), ())))))
        for each in wanted.life
    )
    return replace(wanted, members=(*wanted.members, *unseen), life=life, products=whole.products)


def checked(node: Node, dossier: Dossier) -> None:
    """Raises Invalid where a code is in no list, a grade is none, or there are too many members."""
    check_dossier(dossier, node.vocabulary)
    if len(dossier.members) > MOST_MEMBERS:
        raise Invalid("A dossier has at most 500 members.", code="members_too_many")
    for member in dossier.members:
        if member.certainty:
            read_evaluation(member.certainty, node.vocabulary)


def require_seen(view: ReaderView, dossier: Dossier, known: Collection[str]) -> None:
    """Raises NotFound where a member is named that the officer does not see: nobody keeps what he only guessed."""
    for record in dossier.records():
        if record not in known and not view.record(record):
            raise NotFound("There is no record with this reference that you may see.")


def stamped(wanted: Dossier, before: Dossier | None, actor: Actor, today: str) -> tuple[Member, ...]:
    """The members, each ruling with the officer who made it and the day; a candidate has neither."""
    found = []
    for member in wanted.members:
        earlier = before.member(member.record) if before is not None else None
        if member.standing == "candidate":
            member = replace(member, ruled_by="", ruled_on="")
        elif earlier is not None and (earlier.standing, earlier.role) == (member.standing, member.role):
            member = replace(member, ruled_by=earlier.ruled_by, ruled_on=earlier.ruled_on)
        else:
            member = replace(member, ruled_by=str(actor.officer), ruled_on=today)
        found.append(member)
    return tuple(found)
