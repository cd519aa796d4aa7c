"""Offered: which procedures one may open a thread of, and the form of each step, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from alidade.model.errors import NotFound
from alidade.model.viewer import Actor
from alidade.procedures import Choice as GivenChoice
from alidade.procedures import Definition, Field, Text, in_language
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.threads.running import catalogue
from alidade.services.threads.view import Choice, Form, FormField, OfferedProcedure
from alidade.store.threads import definitions
from alidade.vocabulary import Label, UnknownCode

BUILT_IN_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "open": "Opened",
        "message": "Message",
        "received": "Received",
        "read": "Read",
        "remind": "Reminder",
        "reassure": "Still being worked on",
    }
)


def procedures_offered(node: Node, actor: Actor, *, language: str = "en") -> tuple[OfferedProcedure, ...]:
    """The procedures of which one may open a thread, by title; a version that is offered no more is left out."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        own = {(each.code, each.version): each for each in definitions.definitions(tx)}
        known = catalogue(tx)
        found = []
        for code in known.codes():
            offered = [
                version for version in known.versions(code) if (code, version) not in own or own[code, version].offered
            ]
            if offered:
                definition = known.get(code, offered[-1])
                found.append(
                    OfferedProcedure(
                        code=code,
                        version=definition.version,
                        title=in_language(definition.title, language),
                        purpose=in_language(definition.purpose, language),
                        source=definition.source,
                        verified=definition.verified,
                        from_catalogue=(code, definition.version) not in own,
                    )
                )
        log(tx, actor, "thread_read", results=len(found), details={"list": "procedures"})
    return tuple(sorted(found, key=lambda each: (each.title, each.code)))


def form_for(
    node: Node, actor: Actor, procedure: str, code: str = "open", *, version: int = 0, language: str = "en"
) -> Form:
    """The form of one step of a procedure: of the opening, of a transition, or (empty) of a message.

    Raises NotFound for a procedure or step that is not known.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_read")
        known = catalogue(tx)
        definition = known.get(procedure, version) if version else known.newest(procedure)
        found = form_of(node, definition, code, language=language)
        log(tx, actor, "thread_read", details={"view": "form", "procedure": procedure})
    return found


def form_of(node: Node, definition: Definition, code: str, *, language: str) -> Form:
    """The same for a definition at hand."""
    transition = definition.transition(code)
    if code != "open" and transition is None and code not in BUILT_IN_LABELS:
        raise NotFound("The procedure has no such step.")
    form = definition.form_of_step(code)
    if code == "open":
        label = in_language(definition.opening.verb, language)
    else:
        label = BUILT_IN_LABELS.get(code, code) if transition is None else in_language(transition.verb, language)
    own_roles = definition.opening.by if code == "open" else ()
    return Form(
        procedure=definition.code,
        version=definition.version,
        code=code,
        label=label,
        fields=() if form is None else tuple(_field(node, each, language) for each in form.fields),
        reasons=choices_of_reasons(node, definition, code, language),
        reason_required=transition is not None and transition.reason_required,
        note_required=code == "message" or (transition is not None and transition.note_required),
        four_eyes=definition.opening.four_eyes if code == "open" else transition is not None and transition.four_eyes,
        sections=()
        if form is None
        else tuple(
            Choice(code=each.code, label=in_language(each.title, language), help=_text(each.help, language))
            for each in form.sections
        ),
        roles=tuple(
            Choice(code=each.code, label=in_language(each.label, language), help=_text(each.help, language))
            for each in definition.roles
            if code == "open"
        ),
        own_roles=tuple(
            Choice(code=each.code, label=in_language(each.label, language))
            for each in definition.roles
            if each.code in own_roles
        ),
    )


def choices_of_reasons(node: Node, definition: Definition, code: str, language: str) -> tuple[Choice, ...]:
    """The closed list of reasons of a step, from the procedure's file or from the vocabulary."""
    given = definition.reasons_of(code)
    if given is not None:
        return tuple(_choice(each, language) for each in given)
    transition = definition.transition(code)
    if transition is None or transition.reasons is None:
        return ()
    return listed(node, transition.reasons, language)


def listed(node: Node, list_name: str, language: str) -> tuple[Choice, ...]:
    """A list of the vocabulary as choices; empty where there is none of this name."""
    try:
        codes = node.vocabulary.codes(list_name)
    except UnknownCode:
        return ()
    return tuple(Choice(code=code, label=vocabulary_label(each.label, language)) for code, each in codes.items())


def vocabulary_label(label: Label, language: str) -> str:
    """A label of the vocabulary in a language, else in English."""
    try:
        return label.in_(language)
    except UnknownCode:
        return label.en


def _field(node: Node, field: Field, language: str) -> FormField:
    choices: tuple[Choice, ...] = ()
    if field.type == "code":
        choices = tuple(_choice(each, language) for each in field.choices)
    elif field.type == "code_list":
        choices = listed(node, field.list or "", language)
    elif field.type == "country":
        choices = listed(node, "countries", language)
    elif field.type == "boolean":
        choices = ()
    return FormField(
        code=field.code,
        kind=field.type,
        label=in_language(field.label, language),
        help=_text(field.help, language),
        required=field.required,
        required_if=field.required_if,
        shown_if=field.shown_if,
        section=field.section or "",
        choices=choices,
        code_list=field.list or "",
        things=field.things,
        many=field.many,
        max_words=field.max_words,
    )


def _choice(given: GivenChoice, language: str) -> Choice:
    return Choice(code=given.code, label=in_language(given.label, language), help=_text(given.help, language))


def _text(text: Text | None, language: str) -> str:
    return "" if text is None else in_language(text, language)
