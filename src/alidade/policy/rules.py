"""Rules: each a small predicate that refuses, and one table that says which rules bind which action.

Source: Art. 18-20 of Regulation (EU) 2016/794; Art. 9, 35, 38 of Directive (EU) 2016/680; codes of SIENA.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from alidade.model.viewer import Party, Viewer
from alidade.policy.agreements import STRENGTH
from alidade.policy.terms import Reading
from alidade.policy.world import World

HIT_SEARCHES: Final = frozenset({"direct", "hit_only"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One question without the handling: who wants to do what, on which day, for whom."""

    action: str
    viewer: Viewer
    day: date
    world: World
    recipient: Party | None
    rank: int | None
    searching: bool
    # What the agreements come to, kept for this question: two rules ask for it, and so does every handling of an owner.
    strengths: dict[tuple[str, frozenset[str], bool, bool], int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by the code of the list `policy_rules`.

    `liftable` by a release of the owner; `on_recipient`: it looks at who receives, not at who asks.
    """

    code: str
    refuses: Callable[[Ask, Reading], bool]
    liftable: bool = False
    on_recipient: bool = False


def _always(ask: Ask, it: Reading) -> bool:
    return True


def _expired(ask: Ask, it: Reading) -> bool:
    return it.ends is not None and ask.day >= it.ends


def _classification(ask: Ask, it: Reading) -> bool:
    needed = ask.world.ranks.get(it.classification)
    return needed is None or ask.rank is None or ask.rank < needed


def _not_owner(ask: Ask, it: Reading) -> bool:
    return ask.viewer.authority != it.owner


def _category_missing(ask: Ask, it: Reading) -> bool:
    return it.category_missing


def _excluded(ask: Ask, it: Reading) -> bool:
    return ask.viewer.authority in it.excluded


def _not_in_audience(ask: Ask, it: Reading) -> bool:
    viewer = ask.viewer
    return not (it.everybody or viewer.authority in it.released_to or not it.communities.isdisjoint(viewer.communities))


def _purpose_not_covered(ask: Ask, it: Reading) -> bool:
    purpose = ask.viewer.purpose
    return purpose not in it.purposes or purpose not in ask.world.purposes


def _purpose_not_searchable(ask: Ask, it: Reading) -> bool:
    # Art. 20: what was given for operational analysis answers a cross-check with hit or no hit.
    searches = ask.world.purposes
    return _purpose_not_covered(ask, it) and not (
        ask.searching and any(searches.get(purpose) in HIT_SEARCHES for purpose in it.purposes)
    )


def _case(ask: Ask, it: Reading) -> bool:
    return it.case is not None and it.case not in ask.viewer.cases


def _strength(ask: Ask, it: Reading, receiver: Party | None, *, onward: bool = False) -> int:
    key = (it.owner, it.crime_areas, receiver is ask.recipient, onward)
    found = ask.strengths.get(key)
    if found is None:
        owner = ask.world.parties.get(it.owner)
        found = 0
        if owner is not None and receiver is not None:
            found = ask.world.agreements.strength(owner, receiver, ask.day, it.crime_areas, onward=onward)
        ask.strengths[key] = found
    return found


def _no_agreement(ask: Ask, it: Reading) -> bool:
    return _strength(ask, it, ask.viewer.party) == 0


def _too_little_agreed(ask: Ask, it: Reading) -> bool:
    return 0 < _strength(ask, it, ask.viewer.party) < STRENGTH[it.content]


def _no_agreement_with_recipient(ask: Ask, it: Reading) -> bool:
    return _strength(ask, it, ask.recipient) == 0


def _too_little_agreed_with_recipient(ask: Ask, it: Reading) -> bool:
    return 0 < _strength(ask, it, ask.recipient) < STRENGTH[it.content]


def _no_onward_agreed(ask: Ask, it: Reading) -> bool:
    return _strength(ask, it, ask.recipient, onward=True) < STRENGTH[it.content]


def _recipient_unknown(ask: Ask, it: Reading) -> bool:
    if ask.recipient is None:
        return True
    listed = ask.world.parties.get(ask.recipient.id)
    return listed is not ask.recipient and listed != ask.recipient


def _recipient_excluded(ask: Ask, it: Reading) -> bool:
    return ask.recipient is not None and ask.recipient.id in it.excluded


def _viewer_abroad(ask: Ask, it: Reading) -> bool:
    # To be read in a third country is to have gone there, whether or not somebody sent it.
    return "no_third_country" in it.conditions and _is_abroad(ask.world.parties.get(it.owner), ask.viewer.party)


def _hit_silent(ask: Ask, it: Reading) -> bool:
    return not it.hit_visible


def _code(code: str) -> Callable[[Ask, Reading], bool]:
    return lambda ask, it: code in it.codes


def _condition(condition: str) -> Callable[[Ask, Reading], bool]:
    return lambda ask, it: condition in it.conditions


# These stand before all others: what they find missing is what the others would read.
UNKNOWN_ACTION: Final = Rule("unknown_action", _always)
UNKNOWN_VERSION: Final = Rule("unknown_version", _always)
UNVERIFIED_SIGNATURE: Final = Rule("unverified_signature", _always)

EXPIRED: Final = Rule("expired", _expired)
CLASSIFICATION: Final = Rule("classification_above_clearance", _classification)
NOT_OWNER: Final = Rule("not_owner", _not_owner)
CATEGORY: Final = Rule("subject_category_missing", _category_missing)
EXCLUDED: Final = Rule("excluded", _excluded)
CASE: Final = Rule("case_not_held", _case)
AGREEMENT: Final = Rule("agreement_missing", _no_agreement)
STRATEGIC: Final = Rule("strategic_only", _too_little_agreed)

AUDIENCE: Final = Rule("not_in_audience", _not_in_audience, liftable=True)
PURPOSE: Final = Rule("purpose_not_covered", _purpose_not_covered, liftable=True)
SEARCH_PURPOSE: Final = Rule("purpose_not_covered", _purpose_not_searchable, liftable=True)
NO_MATCH: Final = Rule("no_automated_match", _condition("no_automated_match"), liftable=True)
HIT_SILENT: Final = Rule("hit_silent", _hit_silent, liftable=True)
H1: Final = Rule("h1_court", _code("H1"), liftable=True)
H2: Final = Rule("h2_onward", _code("H2"), liftable=True)
H3: Final = Rule("h3_ask_owner", _code("H3"), liftable=True)
NO_COURT: Final = Rule("no_court", _condition("no_court"), liftable=True)
NO_ONWARD: Final = Rule("no_onward", _condition("no_onward"), liftable=True)
VIEWER_ABROAD: Final = Rule("no_third_country", _viewer_abroad, liftable=True)
NO_THIRD_COUNTRY: Final = Rule("no_third_country", _condition("no_third_country"), liftable=True, on_recipient=True)

RECIPIENT_UNKNOWN: Final = Rule("recipient_unknown", _recipient_unknown, on_recipient=True)
RECIPIENT_EXCLUDED: Final = Rule("excluded", _recipient_excluded, on_recipient=True)
RECIPIENT_AGREEMENT: Final = Rule("agreement_missing", _no_agreement_with_recipient, on_recipient=True)
RECIPIENT_STRATEGIC: Final = Rule("strategic_only", _too_little_agreed_with_recipient, on_recipient=True)
# No release lifts this one: it is the agreement, not the owner, that keeps data from travelling on.
ONWARD_TRANSFER: Final = Rule("agreement_missing", _no_onward_agreed, on_recipient=True)

_OWN: Final = (EXPIRED, CLASSIFICATION)
_TO_RECIPIENT: Final = (RECIPIENT_UNKNOWN, RECIPIENT_EXCLUDED, RECIPIENT_AGREEMENT, RECIPIENT_STRATEGIC)
_BETWEEN: Final = (VIEWER_ABROAD, AGREEMENT, STRATEGIC)
_MATCH: Final = (EXPIRED, CATEGORY, EXCLUDED, NO_MATCH, SEARCH_PURPOSE, CLASSIFICATION, *_BETWEEN)
_READ: Final = (EXPIRED, CATEGORY, EXCLUDED, AUDIENCE, PURPOSE, CLASSIFICATION, CASE, *_BETWEEN)
_FORWARD: Final = (*_READ, *_TO_RECIPIENT, H2, H3, NO_ONWARD)

FOR_OTHERS: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "read": _READ,
        "match": _MATCH,
        "hit_notify": (*_MATCH, HIT_SILENT),
        "merge": _READ,
        "forward": _FORWARD,
        "court": (*_READ, H1, NO_COURT, H3),
        "third_country": (*_FORWARD, NO_THIRD_COUNTRY, ONWARD_TRANSFER),
        "export": _READ,
        "correct": (EXPIRED, NOT_OWNER),
    }
)

FOR_OWNER: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "read": _OWN,
        "match": _OWN,
        "hit_notify": _OWN,
        "merge": _OWN,
        "forward": (*_OWN, *_TO_RECIPIENT),
        "court": _OWN,
        "third_country": (*_OWN, *_TO_RECIPIENT),
        "export": _OWN,
        "correct": (CLASSIFICATION,),
    }
)


def true_action(ask: Ask, it: Reading) -> str:
    """The action by what it does: passing on abroad, seen from the owner, is `third_country` by any name."""
    if ask.recipient is None or ask.action not in ("forward", "third_country"):
        return ask.action
    return "third_country" if _is_abroad(ask.world.parties.get(it.owner), ask.recipient) else "forward"


def _is_abroad(owner: Party | None, recipient: Party) -> bool:
    if owner is None:
        return True
    same_state = bool(owner.state) and owner.state == recipient.state
    return not same_state and set(owner.areas).isdisjoint(recipient.areas)
