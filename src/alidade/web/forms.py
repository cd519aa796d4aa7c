"""Forms: how the fields of every form are drawn, and choices taken from the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.forms.renderers import DjangoTemplates

from alidade.vocabulary import Vocabulary


class Renderer(DjangoTemplates):
    """Draws forms and fields with our own templates."""

    form_template_name = "web/form.html"
    field_template_name = "web/field.html"


def choices(
    vocabulary: Vocabulary, name: str, language: str, *, only: Iterable[str] | None = None, empty: str | None = None
) -> list[tuple[str, str]]:
    """The codes of a list with their labels, for a select field; `empty` is the label of leaving it open."""
    allowed = None if only is None else set(only)
    listed = [
        (code, vocabulary.label(name, code, language))
        for code in vocabulary.codes(name)
        if allowed is None or code in allowed
    ]
    return listed if empty is None else [("", empty), *listed]


class Form(forms.Form):
    """A form of ours: labels stand above fields, what is wrong stands at the field."""

    required_css_class = "required"
    error_css_class = "wrong"
    label_suffix = ""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
