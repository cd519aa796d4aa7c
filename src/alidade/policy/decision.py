"""Decision: may this viewer do this with that, now? Deny overrides; what is unknown is a deny."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from alidade.model.viewer import Party, Viewer
from alidade.policy import rules
from alidade.policy.actions import Action
from alidade.policy.agreements import day_of
from alidade.policy.release import Release, is_released
from alidade.policy.rules import Ask, Rule
from alidade.policy.terms import Joined, Terms
from alidade.policy.world import World

UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule that refused, with the codes it was decided on; never anything of a statement.

    `rule` is a code of the list `policy_rules`; `parameters` fill the named places of its sentences.
    """

    rule: str
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether it is allowed; if not, every rule that refuses, in the order of the rules."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()


_ALLOWED: Final = Decision(allowed=True)


def may(
    action: Action,
    viewer: Viewer,
    terms: Terms | Joined,
    now: datetime,
    world: World,
    *,
    recipient: Party | None = None,
    releases: Sequence[Release] = (),
) -> Decision:
    """Whether the viewer may do this with what stands under these terms, and if not, why not.

    Pure. Days count in UTC. Forwarding needs a recipient. Something joined is allowed when every part is. An
    unknown action is refused. Raises Invalid for a `now` without time zone. Design, rule 1.
    """
    ask = asked(action, viewer, now, world, recipient)
    if isinstance(terms, Terms):
        reasons = _reasons(ask, terms, releases)
    else:
        parts = sorted(terms.parts, key=_order)
        reasons = tuple(reason for part in parts for reason in _reasons(ask, part, releases))
    return Decision(allowed=False, reasons=reasons) if reasons else _ALLOWED


def permitted(
    action: Action,
    viewer: Viewer,
    terms: Terms | Joined,
    now: datetime,
    world: World,
    *,
    recipient: Party | None = None,
    releases: Sequence[Release] = (),
) -> bool:
    """The same answer as may().allowed, without the reasons: it stops at the first rule that refuses."""
    return holds(asked(action, viewer, now, world, recipient), terms, releases)


def asked(action: str, viewer: Viewer, now: datetime, world: World, recipient: Party | None) -> Ask:
    """The question, prepared once for any number of terms."""
    return Ask(
        action,
        viewer,
        day_of(now),
        world,
        recipient,
        world.ranks.get(viewer.clearance),
        world.purposes.get(viewer.purpose) in rules.HIT_SEARCHES,
    )


def holds(ask: Ask, terms: Terms | Joined, releases: Sequence[Release]) -> bool:
    """Whether no rule refuses for any part."""
    if isinstance(terms, Terms):
        return next(_refusals(ask, terms, releases), None) is None
    return all(next(_refusals(ask, part, releases), None) is None for part in terms.parts)


def _refusals(ask: Ask, terms: Terms, releases: Sequence[Release]) -> Iterator[Rule]:
    reading = terms.reading
    if reading is None:
        yield rules.UNKNOWN_VERSION
    if not terms.verified:
        yield rules.UNVERIFIED_SIGNATURE
    if reading is None:
        return
    action = rules.true_action(ask, reading)
    table = rules.FOR_OWNER if ask.viewer.authority == reading.owner else rules.FOR_OTHERS
    for rule in table.get(action, (rules.UNKNOWN_ACTION,)):
        if rule.refuses(ask, reading) and not (
            rule.liftable and is_released(releases, action, ask.viewer, terms.id, reading, ask.day)
        ):
            yield rule


def _reasons(ask: Ask, terms: Terms, releases: Sequence[Release]) -> tuple[Reason, ...]:
    refusing = tuple(_refusals(ask, terms, releases))
    if not refusing:
        return ()
    about_viewer = about_recipient = _parameters(ask, terms, ask.viewer.party)
    if any(rule.on_recipient for rule in refusing):
        about_recipient = _parameters(ask, terms, ask.recipient)
    return tuple(
        [Reason(rule=rule.code, parameters=about_recipient if rule.on_recipient else about_viewer) for rule in refusing]
    )


def _parameters(ask: Ask, terms: Terms, about: Party | None) -> Mapping[str, str]:
    handling, viewer = terms.handling, ask.viewer
    found = {
        "action": ask.action,
        "handling": terms.id,
        "viewer": UNKNOWN if about is None else about.id,
        "recipient": UNKNOWN if about is None else about.id,
        "purpose": viewer.purpose,
        "clearance": viewer.clearance,
    }
    if handling is not None:
        found["owner"] = found["sender"] = handling.owner
        found["classification"] = handling.classification
        found["version"] = str(handling.version)
        found["date"] = handling.expires_on or UNKNOWN
    return MappingProxyType(found)


def _order(terms: Terms) -> tuple[str, bool, bool]:
    return (terms.id, terms.verified, terms.handling is None)
