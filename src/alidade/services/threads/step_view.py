"""Step view: one step in words, as a party reads it: values with labels, files, records as far as they may be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import WHY, Field, PlacedStep, Step, Value, in_language
from alidade.services.node import Node
from alidade.services.threads.offered import BUILT_IN_LABELS, choices_of_reasons, vocabulary_label
from alidade.services.threads.running import Running
from alidade.services.threads.view import AttachmentView, EffectView, RecordView, StepView, ValueView
from alidade.services.threads.writing import NODE, officer_reference
from alidade.store import directory
from alidade.store.database import Transaction
from alidade.store.reading import SeenStatement, reading
from alidade.store.threads import attachments, desks, quoted
from alidade.store.threads.attachments import KeptAttachment
from alidade.store.threads.effects import KeptEffect, effects_of
from alidade.vocabulary import UnknownCode

_TRANSLATION = "translation/"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReader:
    """Everything looked up once that the steps of a thread need to be shown to one officer."""

    node: Node
    actor: Actor
    running: Running
    names: Mapping[AuthorityId, str]
    language: str
    files: Mapping[tuple[AuthorityId, str], KeptAttachment]
    effects: Mapping[int, tuple[KeptEffect, ...]]
    records: Mapping[str, tuple[SeenStatement, ...]]
    behind: Mapping[str, str]  # hit -> the own record that it met
    officers: Mapping[str, str]  # reference -> officer of one's own authority
    read_to: int
    translations: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls,
        node: Node,
        tx: Transaction,
        actor: Actor,
        running: Running,
        names: Mapping[AuthorityId, str],
        *,
        language: str,
    ) -> StepReader:
        """Look everything up, records through the view of the officer."""
        own, number = actor.viewer.authority, running.thread.number
        steps = [placed.step for placed in running.course.steps]
        done: dict[int, tuple[KeptEffect, ...]] = {}
        for effect in effects_of(tx, number):
            done[effect.step] = (*done.get(effect.step, ()), effect)
        hits = {name for step in steps for name in _hits(running, step)}
        behind = {hit: record for hit in hits if (record := quoted.record_for_owner(tx, own, hit)) is not None}
        return cls(
            node=node,
            actor=actor,
            running=running,
            names=names,
            language=language,
            files={(each.authority, each.sha256): each for each in attachments.of_thread(tx, own, number)},
            effects=done,
            records=_records(tx, actor, {*(r for step in steps for r in _named(running, step)), *behind.values()}),
            behind=behind,
            officers={
                officer_reference(node, own, str(person.id)): str(person.id) for person in directory.officers(tx, own)
            },
            read_to=desks.read_to(tx, own, str(actor.officer), [number]).get(number, 0),
            translations=_translations(steps),
        )

    def steps(self) -> tuple[StepView, ...]:
        """Every step, in the order of what caused what."""
        return tuple(self._step(placed) for placed in self.running.course.steps)

    def _step(self, placed: PlacedStep) -> StepView:
        step = placed.step
        kept = self.running.row_of(step.author, step.number)
        erased = kept is None or kept.content is None
        own = step.author == self.actor.viewer.authority
        name = f"{step.author}/{step.number}"
        return StepView(
            id=name,
            author=step.author,
            author_name=self.names.get(step.author, step.author),
            number=step.number,
            code=step.code,
            label=self._label(step.code),
            at=step.at,
            stored_at=self.running.thread.opened_at if kept is None else kept.stored_at,
            officer=self._officer(step.officer) if own and not erased else "",
            approved_by=self._officer(step.approved_by) if own and not erased and step.approved_by else "",
            standing=placed.status,
            why=WHY[placed.why] if placed.why else "",
            values=() if erased else tuple(self._values(step)),
            reason=step.reason or "",
            reason_label=self._reason(step),
            note="" if erased else step.note,
            language=step.language,
            attachments=tuple(self._files(step)),
            records=() if erased else tuple(self._record(record) for record in self._shown(step)),
            quotes=() if erased else tuple(each for each in step.quotes if not each.startswith(_TRANSLATION)),
            translates=_translated(step),
            translations=self.translations.get(name, ()),
            effects=tuple(
                EffectView(effect=e.effect, outcome=e.outcome, done_at=e.done_at, objects=len(e.objects))
                for e in self.effects.get(0 if kept is None else kept.row, ())
            ),
            new=kept is not None and kept.row > self.read_to and not own,
            erased=erased,
        )

    def _label(self, code: str) -> str:
        definition = self.running.definition
        if code == "open":
            return in_language(definition.opening.verb, self.language)
        transition = definition.transition(code)
        return BUILT_IN_LABELS.get(code, code) if transition is None else in_language(transition.verb, self.language)

    def _officer(self, reference: str) -> str:
        return reference if reference == NODE else self.officers.get(reference, reference)

    def _reason(self, step: Step) -> str:
        choices = choices_of_reasons(self.node, self.running.definition, step.code, self.language)
        return next((choice.label for choice in choices if choice.code == step.reason), step.reason or "")

    def _values(self, step: Step) -> Iterator[ValueView]:
        form = self.running.definition.form_of_step(step.code)
        for field in () if form is None else form.fields:
            value = step.values.get(field.code)
            if value is not None:
                yield ValueView(
                    field=field.code,
                    label=in_language(field.label, self.language),
                    kind=field.type,
                    value=value,
                    shown=self._shown_value(field, value),
                )

    def _shown_value(self, field: Field, value: Value) -> str:
        several = value if isinstance(value, tuple) else (value,)
        return ", ".join(self._word(field, each) for each in several)

    def _word(self, field: Field, value: str | bool | int) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        text = str(value)
        if field.type == "code":
            return next((in_language(c.label, self.language) for c in field.choices if c.code == text), text)
        if field.type == "authority":
            return self.names.get(AuthorityId(text), text)
        if field.type in ("code_list", "country"):
            try:
                codes = self.node.vocabulary.codes("countries" if field.type == "country" else field.list or "")
            except UnknownCode:
                return text
            return vocabulary_label(codes[text].label, self.language) if text in codes else text
        return text

    def _files(self, step: Step) -> Iterator[AttachmentView]:
        for ref in step.attachments:
            file = self.files.get((step.author, ref.sha256))
            erased = file is not None and file.state == "erased"
            yield AttachmentView(
                reference="" if file is None else file.id,
                name="" if erased else ref.name,
                size=ref.size,
                sha256=ref.sha256,
                media=ref.media,
                here=file is not None and file.state == "sent",
                erased=erased,
            )

    def _shown(self, step: Step) -> tuple[str, ...]:
        named = _named(self.running, step)
        met = [self.behind[hit] for hit in _hits(self.running, step) if hit in self.behind]
        return tuple(dict.fromkeys((*named, *met)))

    def _record(self, record: str) -> RecordView:
        statements = self.records.get(record, ())
        return RecordView(record=record, readable=bool(statements), statements=statements)


def _named(running: Running, step: Step) -> tuple[str, ...]:
    """The records that a step names: attached, or as an answer of its form."""
    return tuple(dict.fromkeys((*step.contributions, *_answers(running, step, "record"))))


def _hits(running: Running, step: Step) -> tuple[str, ...]:
    quoted_hits = (each.removeprefix("hit/") for each in step.quotes if each.startswith("hit/"))
    return tuple(dict.fromkeys((*_answers(running, step, "check_hit"), *quoted_hits)))


def _answers(running: Running, step: Step, kind: str) -> Iterator[str]:
    form = running.definition.form_of_step(step.code)
    for field in () if form is None else form.fields:
        value = step.values.get(field.code)
        if field.type == kind and value is not None:
            yield from value if isinstance(value, tuple) else (str(value),)


def _records(tx: Transaction, actor: Actor, records: set[str]) -> dict[str, tuple[SeenStatement, ...]]:
    if not records:
        return {}
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        return {record: tuple(view.record(record)) for record in sorted(records)}


def _translated(step: Step) -> str:
    return next((each.removeprefix(_TRANSLATION) for each in step.quotes if each.startswith(_TRANSLATION)), "")


def _translations(steps: list[Step]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for step in steps:
        if original := _translated(step):
            found[original] = (*found.get(original, ()), f"{step.author}/{step.number}")
    return found
