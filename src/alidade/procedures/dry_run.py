"""Dry run: a procedure tried out with invented parties, before any real thread is opened with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.procedures.conditions import holds
from alidade.procedures.course import WHY, Course, course_of
from alidade.procedures.definition import Definition, Field, Form
from alidade.procedures.forms import FieldProblem, asked, values_problems
from alidade.procedures.steps import Opened, Step, Value, moment_text
from alidade.vocabulary import Vocabulary

__all__ = ["BEGIN", "Move", "Rehearsal", "Rehearsed", "covering_walks", "dry_run", "party", "sample_values"]

BEGIN: Final = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # a Monday morning
THREAD: Final = "0" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of a script: who does what, how long after the line before it."""

    role: str
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    reason: str | None = None
    note: str = ""
    approved: bool = False
    after: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What came of one move: why it had no effect (empty: it had), the state after it, what the form lacks, and what
    each role may do next."""

    move: Move
    why: str
    sentence: str
    state: str | None
    problems: tuple[FieldProblem, ...]
    allowed: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A whole script played: its moves, and the course that they gave."""

    moves: tuple[Rehearsed, ...]
    course: Course
    ends_at: datetime

    @property
    def clean(self) -> bool:
        """Whether every move took effect with a form that could have been sent."""
        return all(each.why == "" and not each.problems for each in self.moves)


def party(role: str) -> AuthorityId:
    """The invented authority that plays a role in dry runs."""
    return AuthorityId(f"xx-{role.replace('_', '-')}")


def dry_run(
    definition: Definition, script: Sequence[Move], vocabulary: Vocabulary, *, begin: datetime = BEGIN
) -> Rehearsal:
    """Plays a script in which everybody has seen everything before he acts. The first move opens the thread.

    Raises Invalid where the definition names a state that it does not have: see `check_definition` first.
    """
    known = {state.code for state in definition.states}
    for named in (definition.opening.to_state, *(each.to_state for each in definition.transitions)):
        if named is not None and named not in known:
            raise Invalid(f"The procedure has no state {named}.", remedy="Mend what the check of the file found.")
    steps: list[Step] = []
    moves: list[Rehearsed] = []
    course = course_of(definition, steps)
    at = begin
    for move in script:
        at += move.after if steps else timedelta(0)
        form = definition.form_of_step(move.code)
        problems = () if form is None else values_problems(form, move.values, vocabulary, facts=course.facts)
        steps.append(_step(definition, course, move, at))
        course = course_of(definition, steps)
        placed = next(each for each in course.steps if each.step == steps[-1])
        moves.append(
            Rehearsed(
                move=move,
                why=placed.why,
                sentence=WHY[placed.why],
                state=placed.state,
                problems=problems,
                allowed={role.code: _codes_allowed(course, role.code) for role in definition.roles},
            )
        )
    return Rehearsal(moves=tuple(moves), course=course, ends_at=at)


def _codes_allowed(course: Course, role: str) -> tuple[str, ...]:
    return tuple(each.code for each in course.allowed(role))


def _step(definition: Definition, course: Course, move: Move, at: datetime) -> Step:
    author = party(move.role)
    opened = None
    if move.code == "open":
        opened = Opened(
            procedure=definition.code,
            version=definition.version,
            parties={party(role.code): role.code for role in definition.roles},
            title=definition.title.en,
        )
    return Step(
        thread=THREAD,
        author=author,
        number=course.next_number(author),
        seen=course.seen_by(author),
        code=move.code,
        at=moment_text(at),
        officer="first",
        approved_by="second" if move.approved else None,
        values=move.values,
        reason=move.reason,
        note=move.note,
        opened=opened,
    )


def covering_walks(definition: Definition, vocabulary: Vocabulary) -> tuple[tuple[Move, ...], ...]:
    """Scripts that together take every step that can be taken at all, each from the opening on, for every role that
    may take it in every state.

    Forms are filled in with invented values. A step that no walk takes cannot be reached.
    """
    opening = definition.opening
    first = _move(definition, vocabulary, opening.by[0], "open", {})
    owing = [Move(role=role.code, code="received") for role in definition.roles if role.code != opening.by[0]]
    ways: dict[str, tuple[Move, ...]] = {opening.to_state: (first, *owing)}
    todo = [opening.to_state]
    walks: list[tuple[Move, ...]] = []
    while todo:
        way = ways[state := todo.pop(0)]
        facts = {code: value for move in way for code, value in move.values.items()}
        for each in definition.transitions:
            if state not in each.from_states:
                continue
            here = [(*way, _move(definition, vocabulary, role, each.code, facts)) for role in each.by]
            walks.extend(here)
            if (target := each.to_state or state) not in ways:
                ways[target] = here[0]
                todo.append(target)
    return tuple(walks)


def _move(definition: Definition, vocabulary: Vocabulary, role: str, code: str, facts: Mapping[str, Value]) -> Move:
    transition = definition.transition(code)
    form = definition.form_of_step(code)
    reason = None
    if transition is not None and transition.reasons is not None:
        choices = definition.reasons_of(code)
        codes = [each.code for each in choices] if choices else sorted(vocabulary.codes(transition.reasons))
        reason = codes[0]
    return Move(
        role=role,
        code=code,
        values={} if form is None else sample_values(form, vocabulary, facts=facts),
        reason=reason,
        note="An explanation.",
        approved=True,
    )


def sample_values(
    form: Form,
    vocabulary: Vocabulary,
    given: Mapping[str, Value] | None = None,
    *,
    facts: Mapping[str, Value] | None = None,
) -> dict[str, Value]:
    """Invented values with which a form can be sent: those given, and an answer wherever one is required."""
    values: dict[str, Value] = dict(given or {})
    for _ in form.fields:  # an answer may bring up further questions; in each round at least one is settled
        for each in asked(form, values, facts):
            together = {**(facts or {}), **values}
            needed = each.required or (each.required_if is not None and holds(each.required_if, together))
            if each.code not in values and needed:
                values[each.code] = _sample(each, vocabulary)
    shown = {each.code for each in asked(form, values, facts)}
    return {code: value for code, value in values.items() if code in shown}


_SAMPLES: Final[Mapping[str, Value]] = {
    "text": "An invented answer",
    "long_text": "An invented answer in several words.",
    "date": "2026-12-31",
    "moment": "2026-01-31T12:00:00Z",
    "country": "BE",
    "authority": "xx-third",
    "record": "0" * 32,
    "check_hit": "0" * 32,
    "contribution": "0" * 32,
}


def _sample(field: Field, vocabulary: Vocabulary) -> Value:
    value: Value
    if field.must_be:
        value = field.must_be[0]
    elif field.type == "boolean":
        value = True
    elif field.type == "number":
        value = max(field.min or 0, min(1, field.max if field.max is not None else 1))
    elif field.type == "code":
        value = field.choices[0].code
    elif field.type == "code_list":
        value = next(iter(sorted(vocabulary.codes(field.list or ""))))
    elif field.type == "thing":
        value = field.things[0] if field.things else "Person"
    else:
        value = _SAMPLES[field.type]
    return (value,) if field.many and isinstance(value, str) else value
