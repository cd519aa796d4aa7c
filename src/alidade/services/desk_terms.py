"""Terms of the desk: how long a question is asked again, a deputy stands in, and how early a review is announced."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec

from alidade.model.errors import Invalid
from alidade.policy.terms import parse_day


class DeskTerm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number of days, why it is that many, and who says so."""

    days: int
    reason: str
    source: str
    verified: bool


class DeskTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `data/desk_terms.json`."""

    name: str
    version: str
    date: str
    licence: str
    standing_check_days: DeskTerm
    deputy_days: DeskTerm
    review_notice_days: DeskTerm


@cache
def desk_terms() -> DeskTerms:
    """The terms that come with Alidade, read once."""
    return msgspec.json.decode((Path(__file__).parent / "data" / "desk_terms.json").read_bytes(), type=DeskTerms)


def last_day(text: str, now: datetime, term: DeskTerm, what: str) -> date:
    """The last day of something that begins today, written as YYYY-MM-DD.

    Raises Invalid where it cannot be read, has passed, or lies further away than the term allows.
    """
    day = parse_day(text)
    if day is None:
        raise Invalid(f"The last day of {what} is written as YYYY-MM-DD.", remedy="For example: 2027-01-31.")
    if day < now.date():
        raise Invalid(f"The last day of {what} has passed.", remedy="Name today or a later day.")
    if day > now.date() + timedelta(days=term.days):
        raise Invalid(
            f"The last day of {what} lies more than {term.days} days away.", remedy=term.reason, code="too_long"
        )
    return day
