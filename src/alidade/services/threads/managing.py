"""Managing: procedures that a node offers beside those of the catalogue, and what an authority settles for its desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from alidade.clocks import load_clocks
from alidade.model.errors import Invalid, NotFound
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import Definition, in_language, read_definition
from alidade.procedures.checking import Finding, check_definition
from alidade.procedures.dry_run import Move, Rehearsal, dry_run
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.running import catalogue
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import definitions, desks

LARGEST: Final = 1024 * 1024  # bytes of a procedure's file
_UNIT: Final = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProcedure:
    """A file that was read: what it says, and everything that is wrong with it; errors bar it from being kept."""

    definition: Definition
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Whether it may be kept."""
        return not any(each.severity == "error" for each in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProcedure:
    """One version of a procedure that this node knows."""

    code: str
    version: int
    title: str
    source: str
    verified: bool
    from_catalogue: bool
    offered: bool
    kept_at: datetime | None
    kept_by: str
    published_by: str = ""


class DeskRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an authority has settled for its threads.

    approval       procedures ("*" for all, or "procedure:step") of which a second officer approves every step
    duty_unit      the unit whose duty desk it is
    duty_officers  who is on duty there
    desk_address   where the duty desk is told outside that something waits
    addresses      where single officers are told, by officer
    """

    approval: tuple[str, ...] = ()
    duty_unit: str = ""
    duty_officers: tuple[str, ...] = ()
    desk_address: str = ""
    addresses: dict[str, str] = {}


def procedures_known(node: Node, actor: Actor, *, language: str = "en") -> tuple[KnownProcedure, ...]:
    """Every version of every procedure here, from the catalogue and taken in, offered or not."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        own = {(each.code, each.version): each for each in definitions.definitions(tx)}
        found = []
        for definition in catalogue(tx).all_versions():
            kept = own.get((definition.code, definition.version))
            found.append(
                KnownProcedure(
                    code=definition.code,
                    version=definition.version,
                    title=in_language(definition.title, language),
                    source=definition.source,
                    verified=definition.verified,
                    from_catalogue=kept is None,
                    offered=kept is None or kept.offered,
                    kept_at=None if kept is None else kept.kept_at,
                    kept_by="" if kept is None else kept.officer,
                    published_by="" if kept is None else kept.published_by,
                )
            )
        log(tx, actor, "procedure_manage", results=len(found), details={"list": "procedures"})
    return tuple(found)


def check_procedure(node: Node, actor: Actor, content: bytes, file: str = "the file") -> CheckedProcedure:
    """Read a procedure's file and say everything that is wrong with it; nothing is kept. Raises Unreadable."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        found = checked(node, content, file)
        log(tx, actor, "procedure_manage", results=len(found.findings), details={"change": "checked"})
    return found


def rehearse_procedure(
    node: Node, actor: Actor, content: bytes, script: Sequence[Move], file: str = "the file"
) -> Rehearsal:
    """Play a procedure with invented parties; nothing is kept. Raises Unreadable, Invalid where it has errors."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        definition = require_usable(checked(node, content, file))
        rehearsal = dry_run(definition, script, node.vocabulary)
        log(tx, actor, "procedure_manage", results=len(script), details={"change": "rehearsed"})
    return rehearsal


def offer_procedure(node: Node, actor: Actor, code: str, version: int, *, offered: bool) -> None:
    """Offer a version that was taken in, or offer it no more; running threads go on. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        if not definitions.set_offered(tx, code, version, offered=offered):
            raise NotFound("No procedure of this code and version was taken in here.")
        details = {"change": "offered" if offered else "not offered", "procedure": f"{code} {version}"}
        log(tx, actor, "procedure_manage", results=1, details=details)


def desk_rules(node: Node, actor: Actor) -> DeskRules:
    """What one's own authority has settled for its threads."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        found = rules_of(tx, actor.viewer.authority)
        log(tx, actor, "procedure_manage", results=1, details={"list": "desk rules"})
    return found


def settle_desk_rules(node: Node, actor: Actor, rules: DeskRules) -> None:
    """Settle for one's own authority what needs a second officer, who is on duty, and who is told where.

    Raises NotFound for an officer who is not of the authority, Invalid for an address that is none, a unit that
    cannot be named so, and a procedure or step that nobody knows here.
    """
    for address in (*rules.addresses.values(), rules.desk_address):
        if address and not _is_address(address):
            raise Invalid("An address to be told at is not one.", remedy="Write it as name@domain.", code="address")
    if len(rules.duty_unit) > _UNIT or not rules.duty_unit.isprintable():
        raise Invalid("A unit is named in one line.", remedy=f"At most {_UNIT} characters.", code="unit")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "procedure_manage")
        officers = {str(person.id) for person in directory.officers(tx, actor.viewer.authority)}
        if not {*rules.duty_officers, *rules.addresses} <= officers:
            raise NotFound("Your authority has no such officer.")
        if not set(rules.approval) <= _approvable(tx):
            raise Invalid(
                "What is to be approved is no procedure or step that is known here.",
                remedy="Write PROCEDURE, PROCEDURE:STEP or * for all. See: alidade procedure list.",
                code="approval",
            )
        desks.set_desk_rule(tx, actor.viewer.authority, msgspec.to_builtins(rules))
        log(tx, actor, "procedure_manage", results=1, details={"change": "desk rules"})


def rules_of(tx: Transaction, authority: AuthorityId) -> DeskRules:
    """What an authority has settled for its threads, as a step of a use case."""
    return msgspec.convert(desks.desk_rule(tx, authority), DeskRules, strict=False)


def _is_address(text: str) -> bool:
    name, at, domain = text.partition("@")
    plain = text.isprintable() and not any(char in text for char in " ,;<>")
    return bool(name and at and domain) and plain and len(text) <= 200


def _approvable(tx: Transaction) -> set[str]:
    """What a rule of approval can name; steps of older versions too, since threads of them may still run."""
    named = {"*"}
    for each in catalogue(tx).all_versions():
        steps = ("open", *(one.code for one in each.transitions))
        named |= {each.code, *(f"{each.code}:{step}" for step in steps)}
    return named


def checked(node: Node, content: bytes, file: str) -> CheckedProcedure:
    """A file that was read, with its findings, as a step of a use case. Raises Unreadable."""
    definition = read_definition(_sized(content), file)
    return CheckedProcedure(
        definition=definition, findings=tuple(check_definition(definition, node.vocabulary, load_clocks()))
    )


def require_usable(found: CheckedProcedure) -> Definition:
    """What a file says. Raises Invalid where it has errors."""
    if not found.usable:
        raise Invalid("The procedure has errors.", remedy="Mend what the check names.", code="procedure_wrong")
    return found.definition


def _sized(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise Invalid("The file of a procedure may have at most 1 MiB.", code="too_large")
    return content
