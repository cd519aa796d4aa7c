"""Question terms: what a question to the picture says, as it is built by clicking, kept and handed on.

A question names types, properties, ties, places and times. What lies in it of anybody (a value, a named place or thing)
stands in an object of its own within a list, so that an erasure takes that object and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from alidade.model.errors import Conflict, Invalid
from alidade.services.picture.chart_state import Code, Day, Named
from alidade.vocabulary import Vocabulary

MOST_CONDITIONS: Final = 40
DEEPEST: Final = 4  # groups within groups, ties within ties
HOWS: Final = (
    "is", "is_not", "contains", "begins", "before", "after", "between", "known", "not_known",
)  # fmt: skip
How = Literal["is", "is_not", "contains", "begins", "before", "after", "between", "known", "not_known"]
Side = Literal["either", "before", "after"]
Where = Literal["anywhere", "these", "there"]
Value = Annotated[str, Meta(max_length=200)]
Count = Annotated[int, Meta(ge=1, le=1_000)]
Days = Annotated[int, Meta(ge=0, le=3_660)]


class Said(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="said",
    tag_field="kind",
):  # fmt: skip
    """What somebody says of a property. `to` is the other end of "between"; both ends count.

    "is_not" needs that something is said, and that nobody says this; "not_known" that nobody says anything.
    """

    property: Code
    how: How = "is"
    value: Value = ""
    to: Value = ""


class Group(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="group",
    tag_field="kind",
):  # fmt: skip
    """Conditions of which all, or any, must hold; of none, nothing is asked."""

    match: Literal["all", "any"] = "all"
    conditions: tuple[Said | Tied | Seen | Group, ...] = ()


class Tied(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="tied",
    tag_field="kind",
):  # fmt: skip
    """At least so many ties, of one of the kinds (or any), each to a thing of one of the types that fulfils `where`.

    `ties` are types of links and names of properties. With `named` only ties to these things count. With `since` or
    `until` only ties that were in force in that time, as far as somebody says when.
    """

    ties: tuple[Code, ...] = ()
    things: tuple[Code, ...] = ()
    named: Annotated[tuple[Named, ...], Meta(max_length=50)] = ()
    where: Group = Group()
    at_least: Count = 1
    since: Day = ""
    until: Day = ""


class Near(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Not more than so many days before or after one and the same event.

    `side`: "before" where it must not be later than the event, "after" where not earlier. `at`: the event may be
    anywhere, must be at one of the places of the sighting ("these"), or at the very place ("there": then each sighting
    has an event of its own).
    """

    things: Annotated[tuple[Code, ...], Meta(min_length=1)] = ("Seizure",)
    where: Group = Group()
    days: Days = 30
    side: Side = "either"
    at: Where = "anywhere"


class Seen(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag="seen",
    tag_field="kind",
):  # fmt: skip
    """Seen in at least so many of the places (of none: of any places), perhaps near an event."""

    places: Annotated[tuple[Named, ...], Meta(max_length=200)] = ()
    at_least: Count = 1
    near: Near | None = None
    since: Day = ""
    until: Day = ""


Condition = Said | Tied | Seen | Group


class PictureQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which things fulfil the conditions. `things` are types, with all special ones; none: of any type.

    `least` is the weakest evaluation that counts, in the 4x4 scheme ("B2": source at least B and information at least
    2; what is not evaluated does not count then); `providers` are authorities whose word alone counts; `since` and
    `until` hold for every tie and sighting.
    """

    things: tuple[Code, ...] = ()
    where: Group = Group()
    least: Annotated[str, Meta(pattern="^([ABC][123])?$")] = ""
    providers: tuple[Code, ...] = ()
    since: Day = ""
    until: Day = ""

    def conditions(self) -> Iterator[Condition]:
        """Every condition, outermost first."""
        yield from _within(self.where)

    def named(self) -> tuple[str, ...]:
        """Every record that it names, once, in order."""
        found = (
            each.record
            for one in self.conditions()
            if not isinstance(one, Said | Group)
            for each in (one.places if isinstance(one, Seen) else one.named)
        )
        return tuple(dict.fromkeys(found))


class KeptQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question as it is kept; `parts` is how many parts it had, by which it is seen that one was erased."""

    question: PictureQuestion
    parts: int


def encode_question(question: PictureQuestion) -> bytes:
    """The question as it is kept."""
    return msgspec.json.encode(KeptQuestion(question=question, parts=_parts(question)))


def decode_question(content: bytes) -> PictureQuestion:
    """A kept question. Raises Conflict where a part of it was erased: what is left would ask for something else."""
    try:
        kept = msgspec.json.decode(content, type=KeptQuestion)
    except (msgspec.ValidationError, msgspec.DecodeError):
        kept = None
    if kept is None or kept.parts != _parts(kept.question):
        raise Conflict(
            "A part of this question was erased, and what is left would ask for something else.",
            remedy="Build it anew.",
            code="question_erased",
        )
    return kept.question


def read_question(content: bytes) -> PictureQuestion:
    """A question that somebody wrote. Raises Invalid that names the field which cannot be read, never its value."""
    try:
        question = msgspec.json.decode(content, type=PictureQuestion)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        where = str(error).rpartition(" - at ")[2].strip("`") if " - at " in str(error) else "$"
        raise Invalid(f"The question cannot be read at {where}.", code="question_unreadable") from None
    return question


def checked(question: PictureQuestion, vocabulary: Vocabulary) -> PictureQuestion:
    """The question, if it can be asked. Raises Invalid that says what is missing, or names a type that there is not."""
    if len(list(question.conditions())) > MOST_CONDITIONS or _depth(question.where) > DEEPEST:
        raise Invalid(
            "The question has too many conditions, or they lie too deep within each other.",
            remedy="Ask it in two questions.",
            code="question_too_large",
        )
    for each in question.conditions():
        if isinstance(each, Said) and not _complete(each):
            raise Invalid("A condition on a property lacks its value.", code="value_missing")
        if isinstance(each, Seen) and each.places and each.at_least > len(each.places):
            raise Invalid("A condition asks for more places than it names.", code="places_missing")
    if not question.things and not question.where.conditions:
        raise Invalid("Say what is asked for: a type of thing, or a condition.", code="question_empty")
    if any(each not in vocabulary.things for each in _types(question)):
        raise Invalid(
            "The question asks for a type of thing that there is not.",
            remedy="Take one of: alidade words things.",
            code="type_unknown",
        )
    return question


def _types(question: PictureQuestion) -> Iterator[str]:
    """Every type of thing that the question names, within its conditions too."""
    yield from question.things
    for each in question.conditions():
        if isinstance(each, Tied):
            yield from each.things
        if isinstance(each, Seen) and each.near is not None:
            yield from each.near.things


def _complete(said: Said) -> bool:
    if said.how in ("known", "not_known"):
        return True
    return bool(said.value.strip()) and (said.how != "between" or bool(said.to.strip()))


def inner(condition: Condition) -> tuple[Group, ...]:
    """The groups that lie within a condition."""
    if isinstance(condition, Group):
        return (condition,)
    if isinstance(condition, Tied):
        return (condition.where,)
    if isinstance(condition, Seen) and condition.near is not None:
        return (condition.near.where,)
    return ()


def _within(group: Group) -> Iterator[Condition]:
    for each in group.conditions:
        yield each
        for one in inner(each):
            yield from _within(one)


def _depth(group: Group) -> int:
    return 1 + max((_depth(one) for each in group.conditions for one in inner(each)), default=0)


def _parts(question: PictureQuestion) -> int:
    conditions = list(question.conditions())
    named = [len(each.places) if isinstance(each, Seen) else len(each.named) for each in conditions
             if isinstance(each, Seen | Tied)]  # fmt: skip
    return len(conditions) + sum(named)
