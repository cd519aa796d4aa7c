"""Wording: what an officer wrote becomes a step that can be signed, or a list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import (
    COPY,
    AttachmentRef,
    Course,
    Definition,
    Effect,
    Form,
    Opened,
    Transition,
    Value,
    holds,
    reason_known,
    validate_values,
    values_problems,
)
from alidade.services.node import Node
from alidade.services.threads.effects import RELEASING
from alidade.services.threads.forwarding import attached_records, foresee_parties
from alidade.services.threads.limits import limits
from alidade.services.threads.view import Foreseen, Preview, Problem, StepOrder
from alidade.services.threads.writing import Words
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.threads import attachments, quoted
from alidade.store.threads.attachments import KeptAttachment

_BUILT_IN = ("message", "remind", "reassure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A step as it would be sent, with what each recipient would get and everything that is wrong with it."""

    words: Words
    files: tuple[KeptAttachment, ...]
    recipients: tuple[Foreseen, ...]
    problems: tuple[Problem, ...]
    effects: tuple[str, ...]
    four_eyes: bool

    @property
    def releases(self) -> bool:
        """Whether sending it releases something of one's own."""
        return not RELEASING.isdisjoint(self.effects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """In which thread, or for which that is to be opened, a step is prepared."""

    node: Node
    tx: Transaction
    actor: Actor
    definition: Definition
    course: Course
    role: str
    parties: Mapping[AuthorityId, str]
    handling: Handling | None
    language: str = "en"

    def prepare(self, order: StepOrder, *, opened: Opened | None = None) -> Prepared:
        """The step with all its problems. Raises Conflict where the thread does not allow it now."""
        transition = self._transition(order.code)
        form = self.definition.form_of_step(order.code)
        values, problems = self._values(form, order)
        problems.extend(self._reasons(transition, order))
        records = [*order.records, *self._named(form, values, "record")]
        problems.extend(self._references(form, values))
        files, found = self._files(order)
        problems.extend(found)
        quotes, found = self._quotes(order)
        problems.extend(found)
        try:
            attached = attached_records(self.tx, self.actor, records)
        except NotFound as error:
            attached = []
            problems.append(Problem(field="records", code="not_found", sentence=error.message))
        parties = {**self.parties, **self._copies(transition, values)}
        return Prepared(
            words=Words(
                code=order.code,
                values=values,
                reason=order.reason or None,
                note=order.note,
                language=order.language,
                attachments=tuple(
                    AttachmentRef(sha256=each.sha256, size=each.size, name=each.name or "", media=each.media)
                    for each in files
                ),
                records=tuple(dict.fromkeys(order.records)),
                quotes=quotes,
                opened=opened,
            ),
            files=files,
            recipients=foresee_parties(
                self.node, self.tx, self.actor, parties, attached, self.handling, language=self.language
            ),
            problems=tuple(problems),
            effects=tuple(each.code for each in self._effects(transition) if self._happens(each, values)),
            four_eyes=self.definition.opening.four_eyes if order.code == "open" else _four_eyes(transition),
        )

    def _transition(self, code: str) -> Transition | None:
        if code == "open":
            if self.course.state is not None:
                raise Conflict("This thread is open already.", code="open_already")
            return None
        if code in _BUILT_IN:
            if code in self.course.allowed_built_in(self.role):
                return None
        elif (found := next((each for each in self.course.allowed(self.role) if each.code == code), None)) is not None:
            return found
        raise Conflict(
            "This cannot be done in the state in which the thread is now.",
            remedy="Read the thread again: somebody may have acted in the meantime.",
            code="not_now",
        )

    def _values(self, form: Form | None, order: StepOrder) -> tuple[dict[str, Value], list[Problem]]:
        given = {code: _value(value) for code, value in order.values.items()}
        if form is None:
            problems = [
                Problem(field=code, code="unknown", sentence="The form has no such field.", remedy="Leave it out.")
                for code in given
            ]
            return {}, problems
        facts, vocabulary = self.course.facts, self.node.vocabulary
        wrong = values_problems(form, given, vocabulary, facts=facts)
        if wrong:
            return {}, [
                Problem(field=each.field, code=each.code, sentence=each.message, remedy=each.remedy) for each in wrong
            ]
        return validate_values(form, given, vocabulary, facts=facts), []

    def _reasons(self, transition: Transition | None, order: StepOrder) -> Iterator[Problem]:
        if transition is not None:
            if transition.reason_required and not order.reason:
                yield Problem(field="reason", code="missing", sentence="A reason from the list is required.")
            if transition.note_required and not order.note.strip():
                yield Problem(field="note", code="missing", sentence="Words of explanation are required.")
        known = order.reason and reason_known(self.definition, order.code, order.reason, self.node.vocabulary)
        if order.reason and not known:
            yield Problem(field="reason", code="not_listed", sentence="The reason is not in the list.")
        if order.code == "message" and not (order.note.strip() or order.attachments or order.records):
            yield Problem(field="note", code="missing", sentence="A message needs words, a file or a record.")
        if order.language not in self.node.vocabulary.codes("languages"):
            yield Problem(field="language", code="not_listed", sentence="The language is not in the list.")

    def _named(self, form: Form | None, values: Mapping[str, Value], kind: str) -> Iterator[str]:
        for field in () if form is None else form.fields:
            value = values.get(field.code)
            if field.type == kind and value is not None:
                yield from value if isinstance(value, tuple) else (str(value),)

    def _references(self, form: Form | None, values: Mapping[str, Value]) -> Iterator[Problem]:
        known = directory.authorities(self.tx)
        for field in () if form is None else form.fields:
            value = values.get(field.code)
            named = value if isinstance(value, tuple) else (value,)
            if field.type == "authority" and value is not None and not set(named) <= set(known):
                yield Problem(field=field.code, code="not_found", sentence="This authority is not in the directory.")
            if field.type == "check_hit" and value is not None:
                own = self.actor.viewer.authority
                for each in named:
                    ours = quoted.owner_of_hit(self.tx, own, str(each)) is not None
                    if not ours and quoted.record_for_owner(self.tx, own, str(each)) is None:
                        yield Problem(field=field.code, code="not_found", sentence="There is no hit like this.")

    def _files(self, order: StepOrder) -> tuple[tuple[KeptAttachment, ...], list[Problem]]:
        files: list[KeptAttachment] = []
        problems: list[Problem] = []
        for reference in dict.fromkeys(order.attachments):
            found = attachments.own(self.tx, self.actor.viewer.authority, reference)
            if found is None or found.state != "checked":
                problems.append(
                    Problem(field="attachments", code="not_found", sentence="A file is not here, or not checked yet.")
                )
            else:
                files.append(found)
        if len(files) > limits().in_one_step.count:
            problems.append(Problem(field="attachments", code="too_many", sentence="There are too many files."))
        return tuple(files), problems

    def _quotes(self, order: StepOrder) -> tuple[tuple[str, ...], list[Problem]]:
        quotes: list[str] = []
        problems: list[Problem] = []
        own = self.actor.viewer.authority
        for reference in dict.fromkeys(order.quotes):
            if quoted.is_own_check(self.tx, own, reference):
                quotes.append(f"check/{reference}")
            elif quoted.owner_of_hit(self.tx, own, reference) is not None:
                quotes.append(f"hit/{reference}")
            else:
                problems.append(
                    Problem(field="quotes", code="not_found", sentence="Your authority made no check like this.")
                )
        if order.translates:
            placed = {f"{each.step.author}/{each.step.number}" for each in self.course.steps}
            if order.translates in placed:
                quotes.append(f"translation/{order.translates}")
            else:
                problems.append(
                    Problem(field="translates", code="not_found", sentence="The thread has no such step to translate.")
                )
        return tuple(quotes), problems

    def _copies(self, transition: Transition | None, values: Mapping[str, Value]) -> dict[AuthorityId, str]:
        copies = self.definition.opening.copies if self.course.state is None else ()
        if transition is not None:
            copies = transition.copies
        facts = {**self.course.facts, **values}
        found: dict[AuthorityId, str] = {}
        for copy in copies:
            named = facts.get(copy.field) if holds(copy.when, facts) else None
            for each in named if isinstance(named, tuple) else (named,):
                if isinstance(each, str) and each.strip() and AuthorityId(each) not in self.parties:
                    found[AuthorityId(each)] = COPY
        return found

    def _effects(self, transition: Transition | None) -> tuple[Effect, ...]:
        if transition is not None:
            return transition.effects
        return self.definition.opening.effects if self.course.state is None else ()

    def _happens(self, effect: Effect, values: Mapping[str, Value]) -> bool:
        return effect.code != "none" and holds(effect.when, {**self.course.facts, **values})


def require_ready(prepared: Prepared) -> None:
    """Raises Invalid, naming every field, where the step cannot be sent as it is."""
    preview = preview_of("", prepared, "")
    if preview.ready:
        return
    if prepared.problems:
        named = ", ".join(dict.fromkeys(each.field for each in prepared.problems))
        raise StepRefused(f"The step cannot be sent as it is. To mend: {named}.", preview)
    raise StepRefused("A handling forbids that this is passed on to one of the recipients.", preview)


class StepRefused(Invalid):
    """A step cannot be sent; `preview` says everything that is wrong, field by field and recipient by recipient."""

    code = "step_refused"

    def __init__(self, message: str, preview: Preview) -> None:
        super().__init__(message, remedy="Look at the preview, mend what it names, and send it again.")
        self.preview = preview


def preview_of(procedure: str, prepared: Prepared, approval: str) -> Preview:
    """What will happen if it is sent as it is."""
    return Preview(
        procedure=procedure,
        code=prepared.words.code,
        recipients=prepared.recipients,
        problems=prepared.problems,
        approval=approval,
        effects=prepared.effects,
    )


def with_opened(words: Words, opened: Opened) -> Words:
    """The first step of one thread of several that are opened at once."""
    return replace(words, opened=opened)


def _four_eyes(transition: Transition | None) -> bool:
    return transition is not None and transition.four_eyes


def _value(value: Any) -> Value:
    if isinstance(value, (list, tuple)):
        return tuple(str(each) for each in value)
    return value  # type: ignore[no-any-return]  # of what kind it is, the form says
