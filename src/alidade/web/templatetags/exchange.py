"""Signs of the exchange for templates: clocks, sizes of files, pieces of code."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alidade.services.threads.clock_sign import ClockSign
from alidade.web.threads.clock_words import drawn_clock
from alidade.web.told import translated

register = template.Library()

# The steps that every procedure has, as they stand in a file and as buttons that take them.
_BUILT_IN = {
    "message": (gettext_lazy("Message"), gettext_lazy("Write a message")),
    "remind": (gettext_lazy("Reminder"), gettext_lazy("Send a reminder")),
    "reassure": (gettext_lazy("Still being worked on"), gettext_lazy("Say that it is being worked on")),
    "received": (gettext_lazy("Received"), gettext_lazy("Received")),
    "read": (gettext_lazy("Read"), gettext_lazy("Read")),
}


@register.inclusion_tag("web/threads/clock.html")
def clock(sign: ClockSign | None, owed_by: str = "") -> dict[str, Any]:
    """The remaining time with a bar that empties; nothing where no deadline runs."""
    return {"clock": None if sign is None else drawn_clock(sign), "owed_by": owed_by}


@register.filter
def size(count: int) -> str:
    """A number of bytes as people say it."""
    if count < 1024:
        return _("%(count)d bytes") % {"count": count}
    if count < 1024 * 1024:
        return _("%(count).0f kB") % {"count": count / 1024}
    return _("%(count).1f MB") % {"count": count / 1024 / 1024}


@register.filter
def called(code: str, names: dict[str, str]) -> str:
    """An authority by its name."""
    return names.get(code, code)


@register.filter
def key_cap(key: str) -> str:
    """The key that acts in a list: j, k and x move there, so that these letters are taken with Shift."""
    return f"⇧{key.upper()}" if key in ("j", "k", "x") else key.upper()


@register.filter
def step_name(step: Any) -> str:
    """What a step is called in the file: as its procedure says, or one of those that every procedure has."""
    return str(_BUILT_IN[step.code][0]) if step.code in _BUILT_IN else str(step.label)


@register.filter
def step_verb(step: Any) -> str:
    """What the button says that takes a step."""
    return str(_BUILT_IN[step.code][1]) if step.code in _BUILT_IN else str(step.label)


@register.filter
def in_words(sentence: str) -> str:
    """A sentence of a use case in the language in force."""
    return translated(sentence)
