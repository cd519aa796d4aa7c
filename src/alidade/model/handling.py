"""Handling: the conditions under which something was given. Immutable, and known by the hash of its content.

Source: handling codes H0-H3 of SIENA; purposes and restrictions of Art. 18(2) and 19 of Regulation (EU) 2016/794.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId, HandlingId
from alidade.vocabulary import Vocabulary

VERSION = 1
EVERYBODY = "all"  # the community of all authorities of the federation

HitNotice = Literal["visible", "silent"]
Content = Literal["personal", "non_personal", "strategic"]


class Handling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may learn and do what with the statements given under it.

    Lists are sorted and without repetition, so that equal conditions have equal bytes. Dates are ISO 8601 days;
    the handling no longer permits anything after `expires_on`. `communities` and `released_to` name the audience
    that may read; all others learn at most that there is a hit (`hit` visible) or nothing (`hit` silent).
    """

    owner: AuthorityId
    codes: tuple[str, ...] = ("H0",)
    restriction: str = ""
    conditions: tuple[str, ...] = ()
    hit: HitNotice = "visible"
    classification: str = "BPL"
    purposes: tuple[str, ...] = ("18.2.a",)
    released_to: tuple[AuthorityId, ...] = ()
    excluded: tuple[AuthorityId, ...] = ()
    communities: tuple[str, ...] = ()
    case: str | None = None
    content: Content = "personal"
    subject_category: str | None = None
    crime_areas: tuple[str, ...] = ()
    review_on: str | None = None
    expires_on: str | None = None
    version: int = VERSION


def handling_bytes(handling: Handling) -> bytes:
    """The canonical bytes that the owner signs."""
    return canonical_bytes(handling)


def handling_id(handling: Handling) -> HandlingId:
    """The id by which equal handlings are one (interned)."""
    return HandlingId(sha256_hex(handling_bytes(handling)))


def decode_handling(content: bytes) -> Handling:
    """The handling that these bytes say. Raises Invalid for an unknown field, a wrong type or a broken text."""
    try:
        return msgspec.json.decode(content, type=Handling)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise Invalid(
            f"The handling cannot be read: {error}.",
            remedy="Ask its owner to send it again.",
            code="handling_unreadable",
        ) from error


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value.strip() for value in values if value.strip()}))


def make_handling(handling: Handling, vocabulary: Vocabulary) -> Handling:
    """The handling in its normal form: sorted lists, H0 always on, every code known to the vocabulary.

    Raises Invalid that names the first field that does not hold, so that nothing is stored under a condition that
    the platform cannot compute.
    """
    normal = msgspec.structs.replace(
        handling,
        codes=_sorted({*handling.codes, "H0"}),
        conditions=_sorted(handling.conditions),
        purposes=_sorted(handling.purposes),
        released_to=tuple(AuthorityId(value) for value in _sorted(handling.released_to)),
        excluded=tuple(AuthorityId(value) for value in _sorted(handling.excluded)),
        communities=_sorted(handling.communities),
        crime_areas=_sorted(handling.crime_areas),
        restriction=handling.restriction.strip(),
    )
    for problem in _problems(normal, vocabulary):
        raise Invalid(f"Handling: {problem}.", remedy="Correct the handling and give it again.", code="handling_wrong")
    return normal


def _problems(handling: Handling, vocabulary: Vocabulary) -> Iterable[str]:
    lists = (
        ("codes", handling.codes, "handling"),
        ("conditions", handling.conditions, "conditions"),
        ("purposes", handling.purposes, "purposes"),
        ("crime_areas", handling.crime_areas, "crime_areas"),
        ("classification", (handling.classification,), "classifications"),
        ("subject_category", (handling.subject_category or "",), "subject_categories"),
    )
    for field, values, list_name in lists:
        known = vocabulary.codes(list_name)
        if any(value and value not in known for value in values):
            yield f"{field} has a code that is not in the list {list_name}"
    yield from _contradictions(handling)
    for field, value in (("review_on", handling.review_on), ("expires_on", handling.expires_on)):
        if value is not None and not _is_day(value):
            yield f"{field} is no day written as YYYY-MM-DD"


def _contradictions(handling: Handling) -> Iterable[str]:
    if handling.version != VERSION:
        yield "version is not known here"
    if not handling.owner:
        yield "owner is missing"
    if not handling.purposes:
        yield "purposes is empty; name at least one purpose of Art. 18(2)"
    if "H3" in handling.codes and not handling.restriction:
        yield "H3 needs the text of the restriction"
    if handling.restriction and "H3" not in handling.codes:
        yield "a restriction in words needs the code H3"
    if handling.content != "personal" and handling.subject_category is not None:
        yield "a data-subject category goes with personal content only"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
