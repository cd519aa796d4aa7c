"""Chart state: what makes a link chart: where it began, what was opened and hidden, where things stand, what was noted.

It names records, never what they say. What it shows is computed anew for each viewer; so it may be kept, shared and
handed back and forth between browser and server without carrying anything of anybody's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.errors import Invalid
from alidade.model.viewer import Viewer

MOST_STARTS: Final = 500
MOST_PLACES: Final = 5_000

Reference = Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]
Code = Annotated[str, Meta(min_length=1, max_length=80)]
Day = Annotated[str, Meta(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")]
Pixels = Annotated[float, Meta(ge=-1_000_000, le=1_000_000)]
Words = Annotated[str, Meta(min_length=1, max_length=1_000)]


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A record that is shown or hidden; an object of its own, so that it can be erased as a whole."""

    record: Reference


class Opened(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A thing whose ties were followed: those of the `kinds`, or of any."""

    record: Reference
    kinds: tuple[Code, ...] | None = None


class Placed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a thing stands; `by_hand` where a person put it there."""

    record: Reference
    x: Pixels
    y: Pixels
    by_hand: bool = False


class ThingNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Words on a thing: whoever sees the thing on this chart reads them."""

    record: Reference
    text: Words


class TieNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Words on a tie; `record` and `other` are its ends."""

    tie: Annotated[str, Meta(max_length=200)]
    record: Reference
    other: Reference
    text: Words


class FreeNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Words beside all things: whoever may open the chart reads them."""

    x: Pixels
    y: Pixels
    text: Words


class Filters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is left out of sight: empty tuples and texts leave nothing out.

    `things`, `kinds` and `owners` name what is hidden; `least` is the weakest strength that is shown ("strong",
    "good", "weak", or "" for all); `since` and `until` are days: ties that ended before or began after are hidden,
    and those without a date stay.
    """

    things: tuple[Code, ...] = ()
    kinds: tuple[Code, ...] = ()
    owners: tuple[Code, ...] = ()
    least: str = ""
    since: Day = ""
    until: Day = ""


class ChartState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One link chart: query, layout and annotations. `seen` and `viewer` say for what sight its places were made."""

    starts: Annotated[tuple[Named, ...], Meta(max_length=MOST_STARTS)] = ()
    depth: Annotated[int, Meta(ge=0, le=3)] = 1
    everything: bool = False
    question: Reference | None = None
    added: Annotated[tuple[Named, ...], Meta(max_length=MOST_PLACES)] = ()
    opened: Annotated[tuple[Opened, ...], Meta(max_length=MOST_STARTS)] = ()
    hidden: Annotated[tuple[Named, ...], Meta(max_length=MOST_PLACES)] = ()
    groups: Annotated[tuple[Reference, ...], Meta(max_length=MOST_STARTS)] = ()
    places: Annotated[tuple[Placed, ...], Meta(max_length=MOST_PLACES)] = ()
    notes: Annotated[tuple[ThingNote, ...], Meta(max_length=MOST_STARTS)] = ()
    tie_notes: Annotated[tuple[TieNote, ...], Meta(max_length=MOST_STARTS)] = ()
    free_notes: Annotated[tuple[FreeNote, ...], Meta(max_length=MOST_STARTS)] = ()
    filters: Filters = Filters()
    seen: Annotated[str, Meta(max_length=64)] = ""
    viewer: Annotated[str, Meta(max_length=64)] = ""

    def records(self) -> tuple[str, ...]:
        """Every record that it names, sorted."""
        found = {each.record for each in (*self.starts, *self.added, *self.hidden)} | set(self.groups)
        found |= {each.record for each in self.opened} | {each.record for each in self.places}
        found |= {each.record for each in self.notes}
        found |= {end for each in self.tie_notes for end in (each.record, each.other)}
        return tuple(sorted(found))

    def within(self, seen: Callable[[str], bool]) -> ChartState:
        """The same chart without all that names a record which the test refuses."""
        return msgspec.structs.replace(
            self,
            starts=tuple(each for each in self.starts if seen(each.record)),
            added=tuple(each for each in self.added if seen(each.record)),
            opened=tuple(each for each in self.opened if seen(each.record)),
            hidden=tuple(each for each in self.hidden if seen(each.record)),
            places=tuple(each for each in self.places if seen(each.record)),
            notes=tuple(each for each in self.notes if seen(each.record)),
            tie_notes=tuple(each for each in self.tie_notes if seen(each.record) and seen(each.other)),
            groups=tuple(each for each in self.groups if seen(each)),
        )

    def joined(self, other: ChartState) -> ChartState:
        """The same chart with all that the other one names besides."""
        return msgspec.structs.replace(
            self,
            starts=(*self.starts, *(each for each in other.starts if each not in self.starts)),
            added=(*self.added, *(each for each in other.added if each not in self.added)),
            opened=(*self.opened, *(each for each in other.opened if each not in self.opened)),
            hidden=(*self.hidden, *(each for each in other.hidden if each not in self.hidden)),
            places=(*self.places, *other.places),
            notes=(*self.notes, *other.notes),
            tie_notes=(*self.tie_notes, *other.tie_notes),
        )


def decode_state(content: bytes) -> ChartState:
    """The chart that these bytes say. Raises Invalid that names the field which cannot be read, never its value."""
    try:
        return msgspec.json.decode(content, type=ChartState)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        where = str(error).rpartition(" - at ")[2].strip("`") if " - at " in str(error) else "$"
        raise Invalid(
            f"The chart cannot be read at {where}.", remedy="Open it anew.", code="chart_unreadable"
        ) from None


def encode_state(state: ChartState) -> bytes:
    """The chart as it is kept."""
    return msgspec.json.encode(state)


def viewer_digest(viewer: Viewer) -> str:
    """By which it is known again that a chart was laid out for the same rights."""
    return sha256_hex(b"alidade chart viewer v1\x00" + canonical_bytes(msgspec.to_builtins(viewer)))
