"""Markings: what the sharing marks of other systems suggest as handling. A suggestion only: a person states it.

Readers put the name that `at_one_place` or `strictest` gives into `Draft.handling` and `Claim.handling`. The import
asks the person for a handling under each such name; a name without one is refused by the contribution.
Sources stand with each mark in data/markings.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Final, Literal

import msgspec

from alidade.model.handling import Handling, HitNotice
from alidade.model.ids import AuthorityId

JOINT: Final = " & "
UNRESOLVED: Final = "unresolved: "
LONGEST_UNKNOWN: Final = 120  # letters
_RANKS: Final = ("PUBLIC", "BPL", "RESTRICTED", "CONFIDENTIAL", "SECRET", "TOP-SECRET")

Ask = Literal["communities", "released_to", "classification"]


class Suggestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of a handling as a mark suggests them; what it says nothing of stands at its default."""

    codes: tuple[str, ...] = ("H0",)
    restriction: str = ""
    conditions: tuple[str, ...] = ()
    hit: HitNotice = "visible"
    classification: str | None = None
    communities: tuple[str, ...] = ()


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mark of one scheme. `verified` speaks of the meaning, not of the suggestion, which is ours."""

    code: str
    scheme: str
    rank: int
    aliases: tuple[str, ...]
    ids: tuple[str, ...]
    meaning: str
    source: str
    verified: bool
    suggestion: Suggestion | None
    ask: tuple[Ask, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    version: str
    source: str
    verified: bool
    note: str
    schemes: dict[str, str]
    marks: tuple[Mark, ...]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown to the importing person for one name of a marking.

    `suggestion` is None where none can be made: then nothing under this name is taken until a handling is stated.
    `ask` names the fields that the person must fill in either case; `meanings` what each mark says, with its source.
    `verified` is true only where every reading was checked by an authority.
    """

    name: str
    suggestion: Suggestion | None
    ask: tuple[Ask, ...]
    reason: str
    meanings: tuple[tuple[str, str, str], ...]
    verified: bool

    @property
    def must_state(self) -> bool:
        """Whether a handling has to be stated, there being no suggestion."""
        return self.suggestion is None

    def handling(self, owner: AuthorityId) -> Handling | None:
        """The suggestion as a handling to be corrected and confirmed; None where it must be stated."""
        found = self.suggestion
        if found is None:
            return None
        return Handling(
            owner=owner,
            codes=found.codes,
            restriction=found.restriction,
            conditions=found.conditions,
            hit=found.hit,
            classification=found.classification or "BPL",
            communities=found.communities,
        )


class Markings:
    """Knows the marks by code, by other spellings and by the identifiers of STIX."""

    def __init__(self, marks: Sequence[Mark], verified: bool = False) -> None:
        self._marks = {mark.code: mark for mark in marks}
        self._verified = verified
        self._codes: dict[str, str] = {}
        for mark in marks:
            for name in (mark.code, *mark.aliases, *mark.ids):
                self._codes[name.casefold()] = mark.code

    def code(self, text: str) -> str | None:
        """The code of a mark by any of its spellings or identifiers; None for one that is not known."""
        return self._codes.get("".join(text.split()).casefold())

    def at_one_place(self, marks: Iterable[str]) -> str | None:
        """The name under which the marks of one place are handled; None where there is none.

        Marks of different schemes hold together ("TLP:AMBER & MISP:1"). Two of one scheme contradict each other, and
        an unknown mark says nothing: the name then starts with "unresolved: " and no handling is suggested for it.
        """
        parts = dict.fromkeys(self.code(mark) or self._unknown(mark) for mark in marks)
        if not parts:
            return None
        known = [self._mark(part) for part in parts]
        schemes = [mark.scheme for mark in known if mark is not None]
        name = JOINT.join(sorted(parts))
        if None in known or len(set(schemes)) < len(schemes):
            return UNRESOLVED + name.replace(UNRESOLVED, "")
        return name

    def strictest(self, *places: str | None) -> str | None:
        """The name for something that lies in several marked places at once, such as a field of a marked object.

        The strictest of each scheme counts; what is unresolved in one place stays so.
        """
        names = [name for name in places if name]
        parts = [part for name in names for part in name.removeprefix(UNRESOLVED).split(JOINT)]
        if any(name.startswith(UNRESOLVED) for name in names) or None in map(self._mark, parts):
            return UNRESOLVED + JOINT.join(sorted(set(parts)))
        best: dict[str, list[str]] = {}
        for part in parts:
            mark = self._marks[_base(part)]
            held = best.setdefault(mark.scheme, [part])
            rank = self._marks[_base(held[0])].rank
            if mark.rank > rank:
                best[mark.scheme] = [part]
            elif mark.rank == rank and part not in held:
                held.append(part)  # two sharing groups: both must be satisfied
        return JOINT.join(sorted(part for held in best.values() for part in held)) or None

    def propose(self, name: str) -> Proposal:
        """What the marking of this name suggests; never raises."""
        parts = name.removeprefix(UNRESOLVED).split(JOINT)
        known = [mark for mark in map(self._mark, parts) if mark is not None]
        meanings = tuple((mark.code, mark.meaning, mark.source) for mark in known)
        ask: tuple[Ask, ...] = tuple(dict.fromkeys(field for mark in known for field in mark.ask))
        suggestions = [mark.suggestion for mark in known]
        suggestion: Suggestion | None = None
        if name.startswith(UNRESOLVED) or len(known) < len(parts):
            reason = "The marks are not known here or contradict each other; state a handling."
        elif any(each is None for each in suggestions):
            reason = "Only the sender knows who belongs to this audience; state a handling."
        else:
            suggestion = _join([each for each in suggestions if each is not None])
            reason = "A suggestion; look at it, correct it and confirm it."
        verified = self._verified and suggestion is not None and all(mark.verified for mark in known)
        return Proposal(name=name, suggestion=suggestion, ask=ask, reason=reason, meanings=meanings, verified=verified)

    def _mark(self, part: str) -> Mark | None:
        return self._marks.get(_base(part))

    @staticmethod
    def _unknown(mark: str) -> str:
        if mark.startswith("MISP:4:"):
            return mark
        return " ".join(mark.replace("&", "+").split())[:LONGEST_UNKNOWN] or "?"


def _base(part: str) -> str:
    return "MISP:4" if part.startswith("MISP:4:") else part


def _join(found: Sequence[Suggestion]) -> Suggestion:
    levels = [each.classification for each in found if each.classification is not None]
    audiences = [set(each.communities) for each in found if each.classification is not None]
    return Suggestion(
        codes=tuple(sorted({code for each in found for code in each.codes})),
        restriction=" ".join(dict.fromkeys(each.restriction for each in found if each.restriction)),
        conditions=tuple(sorted({condition for each in found for condition in each.conditions})),
        hit="silent" if any(each.hit == "silent" for each in found) else "visible",
        classification=max(levels, key=_RANKS.index, default=None),
        communities=tuple(sorted(set.intersection(*audiences))) if audiences else (),
    )


def load_markings() -> Markings:
    """The marks that come with Alidade."""
    raw = files("alidade.formats").joinpath("data", "markings.json").read_bytes()
    found = msgspec.json.decode(raw, type=_File)
    return Markings(found.marks, found.verified)
