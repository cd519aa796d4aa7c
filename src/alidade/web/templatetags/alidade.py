"""Signs of the product for templates: handling, evaluation, answers; codes as words; dates and numbers as written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from babel.dates import format_date, format_time
from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alidade.model.evaluation import Evaluation
from alidade.model.handling import Handling
from alidade.vocabulary import Vocabulary, load_vocabulary
from alidade.web.language import vocabulary_language

register = template.Library()


@cache
def words() -> Vocabulary:
    """The vocabulary, read once."""
    return load_vocabulary()


def _locale() -> str:
    return {"pt-br": "pt_BR", "pt": "pt_PT", "pt-pt": "pt_PT", "en": "en_GB"}.get(
        get_language() or "en", get_language() or "en_GB"
    )


@register.filter
def word(code: str | None, list_name: str) -> str:
    """A code as its label; the code itself where the list does not have it."""
    if not code:
        return _("not known")
    return words().label(list_name, code, vocabulary_language()) if code in words().codes(list_name) else code


@register.filter
def thing(code: str) -> str:
    """The label of a kind of thing."""
    known = words().things.get(code)
    return known.label.in_(vocabulary_language()) if known else code


@register.filter
def property_of(name: str, thing_code: str) -> str:
    """The label of a property of a kind of thing."""
    known = words().properties_of(thing_code).get(name) if thing_code in words().things else None
    return known.label.in_(vocabulary_language()) if known else name


@register.filter
def day(value: date | str | None) -> str:
    """A date as 21 Nov 2026; what is not a whole date stays as it was given."""
    if not value:
        return _("not known")
    try:
        when = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return format_date(when, "d MMM y", locale=_locale())


@register.filter
def moment(value: datetime | str | None) -> str:
    """A moment as 21 Nov 2026, 14:03 UTC."""
    if not value:
        return _("not known")
    try:
        when = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
    except ValueError:
        return str(value)
    return (
        f"{format_date(when.date(), 'd MMM y', locale=_locale())}, {format_time(when, 'HH:mm', locale=_locale())} UTC"
    )


@register.filter
def number(value: int | float | None) -> str:
    """A number with thin spaces between thousands."""
    return _("not known") if value is None else f"{value:,}".replace(",", "\u202f")


@register.filter
def percent(value: float | None) -> str:
    """A share between 0 and 1 as per cent."""
    return _("not known") if value is None else f"{value * 100:.0f}\u202f%"


@register.inclusion_tag("web/signs/handling.html")
def handling(value: Handling) -> dict[str, Any]:
    """The tab at the left edge of a value: codes, and on focus the sentence with the owner."""
    language = vocabulary_language()
    codes = [code for code in value.codes if code != "H0"]
    return {
        "handling": value,
        "codes": codes,
        "sentences": [words().label("handling", code, language) for code in (value.codes or ("H0",))],
        "conditions": [words().label("conditions", code, language) for code in value.conditions],
        "classification": words().label("classifications", value.classification, language),
    }


@register.inclusion_tag("web/signs/evaluation.html")
def evaluation(value: Evaluation) -> dict[str, Any]:
    """The evaluation in a box of fixed width; four steps of fill say how strong it is."""
    code = value.code
    language = vocabulary_language()
    strength = {"1": 4, "2": 3, "3": 2, "4": 1}.get(code[1:], 0) if code[:1] in ("A", "B") else 1
    return {
        "code": code,
        "given": value.given,
        "strength": strength,
        "source": words().label("evaluation_source", code[:1], language),
        "information": words().label("evaluation_information", code[1:], language),
    }


@register.inclusion_tag("web/signs/answer.html")
def answer_sign(kind: str, size: str = "large") -> dict[str, Any]:
    """Crossed bearings for a hit, the same in outline for a hit without content, parallel lines for no hit."""
    return {"kind": kind, "size": size}


@register.simple_tag
def mask(identifier: str) -> str:
    """The first eight digits of a reference, by which people speak of it."""
    return identifier[:8]
