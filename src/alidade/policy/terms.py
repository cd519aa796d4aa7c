"""Terms: the conditions of one thing as the rules read them, and the join that everything derived carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from alidade.model.errors import Invalid
from alidade.model.handling import EVERYBODY, VERSION, Handling
from alidade.model.ids import AuthorityId, HandlingId

CODES: Final = frozenset({"H0", "H1", "H2", "H3"})
CONDITIONS: Final = frozenset({"no_automated_match", "no_court", "no_onward", "no_third_country"})
CONTENTS: Final = frozenset({"strategic", "non_personal", "personal"})
HIT_NOTICES: Final = frozenset({"visible", "silent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A handling prepared once for many decisions: sets instead of lists, days instead of texts."""

    owner: AuthorityId
    codes: frozenset[str]
    conditions: frozenset[str]
    hit_visible: bool
    classification: str
    purposes: frozenset[str]
    released_to: frozenset[AuthorityId]
    excluded: frozenset[AuthorityId]
    communities: frozenset[str]
    everybody: bool
    case: str | None
    content: str
    category_missing: bool
    crime_areas: frozenset[str]
    ends: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One handling as it reached us: what it says, and whether its owner's signature held.

    `handling` is None where its bytes could not be decoded; then nothing is permitted. `id` is taken as
    given: who builds Terms has checked that it is the hash of the signed bytes.
    """

    id: HandlingId
    handling: Handling | None
    verified: bool
    reading: Reading | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reading", _read(self.handling))


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What something derived carries: every handling that went into it. It permits what each of them permits.

    Raises Invalid without any part, because nothing would then forbid anything.
    """

    parts: frozenset[Terms]

    def __post_init__(self) -> None:
        if not self.parts:
            raise Invalid("Something derived must carry the handling of what it was derived from.")


def join(*inputs: Terms | Joined) -> Joined:
    """The strictest of all inputs: whoever may not do it with one of them may not do it with the whole.

    Associative, commutative and idempotent. Raises Invalid without inputs. Design, rule 4.
    """
    return Joined(parts=frozenset(part for each in inputs for part in parts_of(each)))


def parts_of(terms: Terms | Joined) -> frozenset[Terms]:
    """The single handlings in it, in no order."""
    return terms.parts if isinstance(terms, Joined) else frozenset((terms,))


def day_after(day: date) -> date | None:
    """The next day, or None where the calendar ends."""
    return day + timedelta(days=1) if day < date.max else None


def parse_day(text: str) -> date | None:
    """The day written as YYYY-MM-DD, or None where the text says no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _read(handling: Handling | None) -> Reading | None:
    """The handling in prepared form; None where any of it has no meaning here, so that it is refused."""
    if handling is None or handling.version != VERSION:
        return None
    # A code without a rule would be a restriction that nobody enforces.
    if not (CODES.issuperset(handling.codes) and CONDITIONS.issuperset(handling.conditions)):
        return None
    if handling.content not in CONTENTS or handling.hit not in HIT_NOTICES:
        return None
    ends: date | None = None
    if handling.expires_on is not None:
        last = parse_day(handling.expires_on)
        if last is None:
            return None
        ends = day_after(last)
    codes = frozenset(handling.codes)
    return Reading(
        owner=handling.owner,
        codes=codes | {"H3"} if handling.restriction else codes,
        conditions=frozenset(handling.conditions),
        hit_visible=handling.hit == "visible",
        classification=handling.classification,
        purposes=frozenset(handling.purposes),
        released_to=frozenset(handling.released_to),
        excluded=frozenset(handling.excluded),
        communities=frozenset(handling.communities),
        everybody=EVERYBODY in handling.communities,
        case=handling.case,
        content=handling.content,
        category_missing=handling.content == "personal" and handling.subject_category is None,
        crime_areas=frozenset(handling.crime_areas),
        ends=ends,
    )
