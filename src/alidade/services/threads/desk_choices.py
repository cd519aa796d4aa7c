"""Desk choices: what an authority can choose from when it settles its duty desk and who must approve what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alidade.model.directory import Officer
from alidade.model.viewer import Actor
from alidade.procedures import Definition, in_language
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.approving import approvers
from alidade.services.threads.managing import DeskRules, rules_of
from alidade.services.threads.running import catalogue
from alidade.services.threads.view import Choice
from alidade.store import directory


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalChoice:
    """A procedure whose steps a second officer can be asked to approve: all of them, or single ones."""

    code: str
    title: str
    steps: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskChoices:
    """What is settled, and what can be.

    officers   those of one's own authority who are at work, and those whom the rules name
    units      the units in which they work
    approvers  how many of those at work may approve what another wrote
    """

    rules: DeskRules
    officers: tuple[Officer, ...]
    units: tuple[str, ...]
    procedures: tuple[ApprovalChoice, ...]
    approvers: int


def desk_choices(node: Node, actor: Actor, *, language: str = "en") -> DeskChoices:
    """What one's own authority has settled for its threads, with everything that it can choose from."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        authority = actor.viewer.authority
        rules = rules_of(tx, authority)
        named = {*rules.duty_officers, *rules.addresses}
        officers = tuple(each for each in directory.officers(tx, authority) if each.active or each.id in named)
        found = DeskChoices(
            rules=rules,
            officers=officers,
            units=tuple(sorted({each.unit for each in officers if each.unit})),
            procedures=_procedures(catalogue(tx).all_versions(), language),
            approvers=len(approvers(node, tx, authority, unit="", but="")),
        )
        log(tx, actor, "procedure_manage", results=1, details={"list": "desk rules"})
    return found


def _procedures(versions: Iterable[Definition], language: str) -> tuple[ApprovalChoice, ...]:
    """By title; a step of an older version is listed too, since threads of it may still run."""
    titles: dict[str, str] = {}
    steps: dict[str, dict[str, str]] = {}
    for each in sorted(versions, key=lambda definition: definition.version):
        titles[each.code] = in_language(each.title, language)
        verbs = {"open": each.opening.verb} | {one.code: one.verb for one in each.transitions}
        steps.setdefault(each.code, {}).update({code: in_language(verb, language) for code, verb in verbs.items()})
    return tuple(
        ApprovalChoice(
            code=code,
            title=title,
            steps=tuple(Choice(code=step, label=label) for step, label in steps[code].items()),
        )
        for code, title in sorted(titles.items(), key=lambda each: (each[1], each[0]))
    )
