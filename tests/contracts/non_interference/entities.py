"""Pages of things in the two runs: seen, on a past day, with the exchanges that quote them, taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from worlds import public_id

from alidade.model.viewer import Actor
from alidade.services.acting import log
from alidade.services.node import Node
from alidade.services.picture.entity import EntityPage, entity
from alidade.services.picture.entity_asked import quoting_threads
from alidade.services.picture.entity_export import EntityForm, export_entity
from alidade.store import directory
from alidade.store.reading import reading

_DAY = "2026-03-01"
Read = tuple[str, Callable[[Node, Actor], object]]


def entity_reads(seen: Sequence[str], unseen: Sequence[str]) -> list[Read]:
    """Every read of a thing: of what is visible, hidden in one of the databases, and absent."""
    reads: list[Read] = []
    for label in [*seen[:4], *unseen[:2], "absent"]:
        one = public_id(label)
        reads += [
            (f"entity {label}", lambda node, actor, one=one: _shown(entity(node, actor, one))),
            (f"entity {label} on a day", lambda node, actor, one=one: _shown(entity(node, actor, one, at=_DAY))),
            (f"entity {label} as csv", lambda node, actor, one=one: _file(node, actor, one, "csv")),
        ]
    reads.append(("exchanges about a thing", lambda node, actor: quoting_threads(node, actor, public_id(seen[0]))))
    reads.append(("entity as ftm", lambda node, actor: _file(node, actor, public_id(seen[0]), "ftm")))
    reads.append(("references", lambda node, actor: _references(node, actor, [public_id(each) for each in seen])))
    return reads


def _shown(page: EntityPage) -> object:
    """What a face shows of it; the names of authorities are those of the directory."""
    return [
        [page.thing.id, page.thing.records, page.thing.thing, page.thing.caption, page.thing.owners, page.cut],
        [[fact.property, fact.conflict, [each.statement for each in fact.statements]] for fact in page.facts],
        [[each.kind, each.value, each.valid_from, each.valid_to, each.said.statement] for each in page.history],
        [
            [
                group.kind,
                group.outward,
                [[each.tie.id, each.other.id, each.other.caption] for each in group.connections],
            ]
            for group in page.groups
        ],
        [[each.tie.id, each.other.id] for each in page.documents],
        [each.judgement for each in (*page.rulings.followed, *page.rulings.passed_over)],
        [[each.apart.judgement, each.joined] for each in page.rulings.contradictions],
        [[each.kind, each.who, each.purpose] for each in page.asked],
        [page.out.allowed, page.out.reasons, page.out.free, page.out.held_back, page.out.terms],
        [page.ours, list(page.names), [each.statement for each in page.statements]],
    ]


def _file(node: Node, actor: Actor, record: str, form: EntityForm) -> object:
    made = export_entity(node, actor, record, form, part=True)
    return [made.content.decode(), made.rows, made.left_out]


def _references(node: Node, actor: Actor, records: Sequence[str]) -> object:
    with node.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            found = view.references(records)
            bare = view.all_references()
            every = view.records()
        log(tx, actor, "record_read")
    return [[[each.to, each.record, each.property] for each in found], [each.to for each in bare], every]
